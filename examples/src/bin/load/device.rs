//! Raw devices: a socket and prepared frames each.

use std::{
    net::{Ipv4Addr, SocketAddrV4, UdpSocket},
    time::{Duration, Instant},
};

use bytes::BytesMut;
use lwm2m_core::{
    Code,
    coap::{Message, MessageId, MessageType, OptionNumber, Options, Token},
};

use crate::{Outcome, child::Child, session::Session};

/// How many devices wait for an answer at a time: enough to keep the server busy, few enough for socket buffers.
const WINDOW: usize = 100;
const PATIENCE: Duration = Duration::from_millis(500);
const LINKS: &str =
    "</>;rt=\"oma.lwm2m\";ct=\"60 110 112 11542\",</1/0>,</3/0>,</3303/0>,</3303/1>,</3311/0>";
const PORTS_PER_ADDRESS: usize = 20_000;

/// One device.
pub(crate) struct Device {
    socket: UdpSocket,
    /// `None`: without protection.
    session: Option<Session>,
    name: String,
    location: Vec<String>,
    id: u16,
    observed_by: Option<Token>,
    sequence: u32,
}

/// How a notification is sent.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Non,
    Con,
}

/// How many of `count` sockets the process may open, after raising its own limit as far as it goes.
pub(crate) fn sockets(count: usize) -> Outcome<usize> {
    const OTHER_FILES: usize = 64;
    let limit = rlimit::increase_nofile_limit((count + OTHER_FILES) as u64)?;
    Ok(count.min(usize::try_from(limit)?.saturating_sub(OTHER_FILES)))
}

/// Opens devices towards a port of this host.
pub(crate) fn open(count: usize, port: u16, dtls: bool) -> Outcome<Vec<Device>> {
    let reach = sockets(count)?;
    if reach < count {
        return Err(format!("{count} devices need more files than allowed; {reach} can be opened").into());
    }
    (0..count).map(|number| Device::open(number, number, port, dtls)).collect()
}

/// The same, each registered soon: a server keeps only so many peers that never register.
pub(crate) fn open_registered(count: usize, port: u16, dtls: bool) -> Outcome<Vec<Device>> {
    let mut devices = Vec::with_capacity(count);
    while devices.len() < count {
        let first = devices.len();
        for number in first..count.min(first + 500) {
            devices.push(Device::open(number, number, port, dtls)?);
        }
        register(devices.get_mut(first..).unwrap_or_default())?;
    }
    Ok(devices)
}

impl Device {
    fn open(number: usize, place: usize, port: u16, dtls: bool) -> Outcome<Self> {
        let host = u8::try_from(1 + place / PORTS_PER_ADDRESS)?;
        let socket = UdpSocket::bind(SocketAddrV4::new(Ipv4Addr::new(127, 0, 0, host), 0))?;
        socket.connect((Ipv4Addr::LOCALHOST, port))?;
        socket.set_read_timeout(Some(PATIENCE))?;
        let name = format!("urn:dev:ops:32473-load-{number:06}");
        let session = if dtls { Some(Session::with(&socket, &name)?) } else { None };
        Ok(Self { socket, session, name, location: Vec::new(), id: 0, observed_by: None, sequence: 1 })
    }

    /// Registers devices one after the other, closing each socket: more than there are file descriptors.
    pub(crate) fn register_in_passing(count: usize, port: u16, dtls: bool) -> Outcome<usize> {
        let mut registered = 0;
        for number in 0..count {
            // Apart from those that are open already.
            let mut device = Self::open(1_000_000 + number, number, port, dtls)?;
            device.send_register()?;
            registered += usize::from(device.take_register_answer()?);
        }
        Ok(registered)
    }

    fn send(
        &mut self,
        kind: MessageType,
        code: Code,
        token: Token,
        options: &Options,
        payload: &[u8],
    ) -> Outcome<()> {
        self.id = self.id.wrapping_add(1);
        let mut frame = BytesMut::with_capacity(256);
        let message = Message { kind, code, id: MessageId(self.id), token, options: options.view(), payload };
        message.encode(&mut frame);
        self.put(&frame)
    }

    fn put(&mut self, frame: &[u8]) -> Outcome<()> {
        match &mut self.session {
            Some(session) => session.send(&self.socket, frame),
            None => Ok(self.socket.send(frame).map(drop)?),
        }
    }

    fn send_register(&mut self) -> Outcome<()> {
        let options = Options::new()
            .with_path(["rd"])
            .with_uint(OptionNumber::CONTENT_FORMAT, 40)
            .with_query(&format!("ep={}", self.name))
            .with_query("lt=86400")
            .with_query("lwm2m=1.1")
            .with_query("b=U");
        self.send(MessageType::Confirmable, Code::POST, Token::default(), &options, LINKS.as_bytes())
    }

    fn take_register_answer(&mut self) -> Outcome<bool> {
        let mut buffer = [0; 1500];
        let Some(message) = self.receive(&mut buffer)? else { return Ok(false) };
        if message.code != Code::CREATED {
            return Err(format!("registration refused: {}", message.code).into());
        }
        let location = message.options.iter().filter(|(number, _)| *number == OptionNumber::LOCATION_PATH);
        self.location = location.map(|(_, value)| String::from_utf8_lossy(value).into_owned()).collect();
        Ok(true)
    }

    fn receive<'b>(&mut self, buffer: &'b mut [u8]) -> Outcome<Option<Message<'b>>> {
        let Ok(length) = self.socket.recv(buffer) else { return Ok(None) };
        let length = match &mut self.session {
            Some(session) => session.open(buffer, length),
            None => length,
        };
        if length == 0 {
            return Ok(None);
        }
        let frame = buffer.get(..length).unwrap_or_default();
        Message::parse(frame).map(Some).map_err(|_| "the answer is malformed".into())
    }

    fn reply(&mut self, request: &Message<'_>, code: Code, options: &Options, payload: &[u8]) -> Outcome<()> {
        let mut frame = BytesMut::with_capacity(128);
        let kind = MessageType::Acknowledgement;
        let (id, token) = (request.id, request.token);
        Message { kind, code, id, token, options: options.view(), payload }.encode(&mut frame);
        self.put(&frame)
    }

    fn notify(&mut self, kind: MessageType) -> Outcome<bool> {
        let Some(token) = self.observed_by else { return Ok(false) };
        self.sequence = (self.sequence + 1) & 0xff_ffff;
        let options = Options::new()
            .with_uint(OptionNumber::OBSERVE, u64::from(self.sequence))
            .with_uint(OptionNumber::CONTENT_FORMAT, 0);
        self.send(kind, Code::CONTENT, token, &options, b"21.5")?;
        Ok(true)
    }
}

/// Sends on a window of devices, then takes the answers of that window; over and over for `time`.
fn in_windows(
    devices: &mut [Device],
    time: Option<Duration>,
    mut send: impl FnMut(&mut Device) -> Outcome<()>,
    mut take: impl FnMut(&mut Device) -> Outcome<bool>,
) -> Outcome<u64> {
    let begin = Instant::now();
    let mut answered = 0;
    loop {
        for window in devices.chunks_mut(WINDOW) {
            for device in window.iter_mut() {
                send(device)?;
            }
            for device in window.iter_mut() {
                answered += u64::from(take(device)?);
            }
            if time.is_some_and(|time| begin.elapsed() > time) {
                return Ok(answered);
            }
        }
        if time.is_none() {
            return Ok(answered);
        }
    }
}

/// 60 bytes there and back.
pub(crate) fn echo(devices: &mut [Device], time: Duration) -> Outcome<u64> {
    let mut buffer = [0; 1500];
    in_windows(
        devices,
        Some(time),
        |device| Ok(device.socket.send(&[0x55; 60]).map(drop)?),
        |device| Ok(device.socket.recv(&mut buffer).is_ok()),
    )
}

/// One Register each.
pub(crate) fn register(devices: &mut [Device]) -> Outcome<u64> {
    in_windows(devices, None, Device::send_register, Device::take_register_answer)
}

/// Updates without parameters.
pub(crate) fn update(devices: &mut [Device], time: Duration) -> Outcome<u64> {
    let mut buffer = [0; 1500];
    in_windows(
        devices,
        Some(time),
        |device| {
            let options = Options::new().with_path(device.location.iter().map(String::as_str));
            device.send(MessageType::Confirmable, Code::POST, Token::default(), &options, &[])
        },
        |device| match device.receive(&mut buffer)? {
            Some(message) if message.code == Code::CHANGED => Ok(true),
            Some(message) => Err(format!("update refused: {}", message.code).into()),
            None => Ok(false),
        },
    )
}

/// The server reads each device in turn; every device answers.
pub(crate) fn answer_reads(devices: &mut [Device], server: &mut Child, time: Duration) -> Outcome<u64> {
    server.say(&format!("read {}", time.as_millis()))?;
    answer_requests(devices, time + Duration::from_secs(1))?;
    server.answer()?.trim().parse().map_err(Into::into)
}

/// The server observes every device.
pub(crate) fn accept_observations(devices: &mut [Device], server: &mut Child) -> Outcome<()> {
    server.say("observe")?;
    answer_requests(devices, Duration::from_secs(2 + devices.len() as u64 / 2000))?;
    let observing: usize = server.answer()?.trim().parse()?;
    if observing == devices.len() { Ok(()) } else { Err(format!("only {observing} are observed").into()) }
}

/// Answers whatever comes, until nothing has come for a while.
fn answer_requests(devices: &mut [Device], time: Duration) -> Outcome<()> {
    let end = Instant::now() + time;
    devices.iter().try_for_each(|device| device.socket.set_nonblocking(true))?;
    let mut buffer = [0; 1500];
    while Instant::now() < end {
        for device in devices.iter_mut() {
            let Some(request) = device.receive(&mut buffer)? else { continue };
            if !request.code.is_request() {
                continue;
            }
            let observe = request.options.iter().any(|(number, _)| number == OptionNumber::OBSERVE);
            let mut options = Options::new();
            if observe {
                options = options.with_uint(OptionNumber::OBSERVE, 1);
                device.observed_by = Some(request.token);
            }
            let options = options.with_uint(OptionNumber::CONTENT_FORMAT, 0);
            device.reply(&request, Code::CONTENT, &options, b"21.5")?;
        }
    }
    for device in devices.iter() {
        device.socket.set_nonblocking(false)?;
    }
    Ok(())
}

/// Notifications of all devices; gives how many the server took.
pub(crate) fn notify(devices: &mut [Device], server: &mut Child, time: Duration, kind: Kind) -> Outcome<u64> {
    let before = server.ask("notifications")?;
    let mut buffer = [0; 1500];
    let message = if kind == Kind::Con { MessageType::Confirmable } else { MessageType::NonConfirmable };
    in_windows(
        devices,
        Some(time),
        |device| device.notify(message).map(drop),
        |device| if kind == Kind::Con { Ok(device.receive(&mut buffer)?.is_some()) } else { Ok(true) },
    )?;
    std::thread::sleep(Duration::from_millis(200));
    Ok(server.ask("notifications")? - before)
}

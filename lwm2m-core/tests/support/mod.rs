//! A machine that sends every frame back, and what tests want of it.
// Each test file uses its share.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "each test file uses its part")]

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use lwm2m_core::{
    BoxFuture, Bytes, CallId, Mono, Now, Output, Route,
    machine::{Answer, Call, Machine, Perform},
    transport::{ShardId, Target, TransportEvent},
};

/// What a test tells the machine.
#[derive(Debug)]
pub enum Command {
    Connect(String),
    Dial(Target),
    Send(Route, Bytes),
    Disconnect(Route),
    Ask(Question),
    Abandon(CallId),
    /// Sends the frame again and again, this often, once every so long.
    Repeat(Route, Bytes, u32, Duration),
}

/// What it asks the outside.
#[derive(Debug)]
pub enum Question {
    Ready,
    Never,
    Panic,
    Late(Arc<tokio::sync::Notify>),
}

/// What it tells the test.
#[derive(Debug)]
pub enum Event {
    Link(TransportEvent),
    Frame(Route, Bytes),
    Answered(CallId, Answer<u32>),
}

type Out = Output<Call<Question>, Event>;

/// Sends frames back unless `quiet`. A frame that begins with `shard` and a digit belongs to that shard.
#[derive(Default)]
pub struct Echo {
    pub quiet: bool,
    pub shard: Option<u8>,
    out: VecDeque<Out>,
    calls: u64,
    repeat: Option<(Route, Bytes, u32, Duration, Mono)>,
}

impl Echo {
    pub fn quiet() -> Self {
        Self { quiet: true, ..Self::default() }
    }

    pub fn of_shard(shard: u8) -> Self {
        Self { shard: Some(shard), ..Self::default() }
    }

    fn call(&mut self, what: Call<Question>) -> CallId {
        self.calls += 1;
        let id = CallId(self.calls);
        self.out.push_back(Output::Call { id, what });
        id
    }
}

impl Machine for Echo {
    type Command = Command;
    type Call = Question;
    type Answer = u32;
    type Event = Event;

    fn handle_link(&mut self, _now: Now, transport: u8, event: TransportEvent) {
        let TransportEvent::Frame { link, frame } = event else {
            return self.out.push_back(Output::Event(Event::Link(event)));
        };
        let route = Route { transport, link };
        if let (Some(own), Some(&[digit])) =
            (self.shard, frame.strip_prefix(b"shard").and_then(|f| f.get(..1)))
        {
            let shard = digit - b'0';
            if shard != own {
                self.call(Call::Redirect { route, shard: ShardId(shard), frame });
                return;
            }
        }
        if !self.quiet {
            let frame = match self.shard {
                Some(shard) => Bytes::from([b"from ", &[b'0' + shard][..]].concat()),
                None => frame.clone(),
            };
            self.out.push_back(Output::Transmit { route, frame });
        }
        self.out.push_back(Output::Event(Event::Frame(route, frame)));
    }

    fn handle_timeout(&mut self, now: Now) {
        if let Some((route, frame, left, each, at)) = self.repeat.take()
            && at <= now.mono
        {
            self.out.push_back(Output::Transmit { route, frame: frame.clone() });
            if left > 1 {
                self.repeat = Some((route, frame, left - 1, each, now.mono.after(each)));
            }
        }
    }

    fn handle_result(&mut self, _now: Now, id: CallId, answer: Answer<u32>) {
        self.out.push_back(Output::Event(Event::Answered(id, answer)));
    }

    fn handle_command(&mut self, now: Now, command: Command) {
        match command {
            Command::Connect(uri) => {
                self.call(Call::Connect { transport: 0, target: Target::new(uri) });
            }
            Command::Dial(target) => {
                self.call(Call::Connect { transport: 0, target });
            }
            Command::Send(route, frame) => self.out.push_back(Output::Transmit { route, frame }),
            Command::Disconnect(route) => {
                self.call(Call::Disconnect(route));
            }
            Command::Ask(question) => {
                self.call(Call::Role(question));
            }
            Command::Abandon(id) => {
                self.call(Call::Abandon(id));
            }
            Command::Repeat(route, frame, times, each) => {
                self.repeat = Some((route, frame, times, each, now.mono));
            }
        }
    }

    fn poll_output(&mut self, _now: Now) -> Out {
        let wake = self.repeat.as_ref().map(|(.., at)| *at);
        self.out.pop_front().unwrap_or(Output::Timeout(wake))
    }
}

/// Answers questions; keeps events.
#[derive(Clone)]
pub struct Reader {
    events: Arc<Mutex<VecDeque<Event>>>,
    more: Arc<tokio::sync::Notify>,
}

impl Reader {
    pub fn new() -> Self {
        Self { events: Arc::default(), more: Arc::default() }
    }

    /// The next event; waits for it.
    pub async fn next(&self) -> Event {
        loop {
            if let Some(event) = self.events.lock().unwrap().pop_front() {
                return event;
            }
            self.more.notified().await;
        }
    }

    /// Events so far.
    pub fn take(&self) -> Vec<Event> {
        self.events.lock().unwrap().drain(..).collect()
    }

    /// The route of the connection that has just been asked for, once it is up.
    pub async fn up(&self) -> Route {
        let mut route = None;
        loop {
            match self.next().await {
                Event::Answered(_, Answer::Link(Ok(connected))) => route = Some(connected),
                Event::Link(TransportEvent::Up { link, .. }) if route.is_some_and(|r| r.link == link) => {
                    return route.unwrap();
                }
                _ => {}
            }
        }
    }

    /// The next frame.
    pub async fn frame(&self) -> (Route, Bytes) {
        loop {
            if let Event::Frame(route, frame) = self.next().await {
                return (route, frame);
            }
        }
    }

    /// The next answer.
    pub async fn answer(&self) -> (CallId, Answer<u32>) {
        loop {
            if let Event::Answered(id, answer) = self.next().await {
                return (id, answer);
            }
        }
    }
}

impl Perform<Echo> for Reader {
    fn perform(&mut self, question: Question) -> BoxFuture<'static, u32> {
        match question {
            Question::Ready => Box::pin(async { 1 }),
            Question::Never => Box::pin(std::future::pending()),
            Question::Panic => Box::pin(async { panic!("as asked") }),
            Question::Late(notify) => Box::pin(async move {
                notify.notified().await;
                2
            }),
        }
    }

    fn publish(&mut self, event: Event) {
        self.events.lock().unwrap().push_back(event);
        self.more.notify_one();
    }
}

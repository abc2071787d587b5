//! A server and three devices in one process, over real UDP sockets and DTLS: the life of a device as a readable story.
//!
//! Every step is checked. The program ends with 0 if all is as it should be, else with 1 and a line that says which
//! step went wrong, and how.

use std::{
    error::Error,
    fmt::{Debug, Display},
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::Parser;
use lwm2m_client::{Client, ClientBuilder, ServerAccount, transport::Target};
use lwm2m_examples::{
    cli::{self, Common},
    keys::{hex, random},
    relay::Relay,
    show,
};
use lwm2m_objects::{Device, LightControl, Registry, Temperature};
use lwm2m_server::{
    Address, AsPath, Code, Events, Executable, Node, Registration, RequestError, Server, ServerEvent,
    security::{Credential, MemoryKeys},
    transport::Listen,
};

/// LwM2M in one minute: a server and three devices on this machine register, are read, written, executed, observed.
#[derive(Debug, Parser)]
#[command(version, styles = cli::STYLES)]
struct Args {
    /// Without DTLS: everybody on the path could read and change what is said
    #[arg(long)]
    insecure: bool,
    /// Have every datagram pass a relay, and write them to this file, one a line, in hexadecimal
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
}

type Failure = Box<dyn Error + Send + Sync>;

/// How long everything together may take.
const PATIENCE: Duration = Duration::from_secs(30);
const LIFETIME: Duration = Duration::from_secs(300);

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    args.common.start_logging();
    let over = if args.insecure { "plain UDP" } else { "DTLS" };
    println!("LwM2M quickstart: a server and three devices, over {over} on this machine\n");
    #[expect(clippy::disallowed_methods, reason = "a program")]
    let began = Instant::now();
    let mut story = Story::default();
    let outcome = match tokio::time::timeout(PATIENCE, tell(&mut story, &args)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(format!("nothing happened for too long ({} s)", PATIENCE.as_secs()).into()),
    };
    if outcome.is_ok() {
        println!("\nAll as it should be, in {} ms.", began.elapsed().as_millis());
    }
    cli::exit(outcome.map_err(|error| format!("step {} ({}): {error}", story.number, story.title)))
}

/// Numbers the steps.
#[derive(Default)]
struct Story {
    number: u32,
    title: &'static str,
    told: bool,
}

impl Story {
    fn step(&mut self, title: &'static str) {
        self.number += 1;
        self.title = title;
        self.told = false;
    }

    /// A line of this step; the first one carries its number and title.
    fn line(&mut self, text: impl Display) {
        if self.told {
            println!("{:15}{text}", "");
        } else {
            println!("{:2} {:12}{text}", self.number, self.title);
        }
        self.told = true;
    }
}

/// What is not as it should be.
fn check<T: PartialEq + Debug>(what: &str, found: &T, expected: &T) -> Result<(), Failure> {
    if found == expected {
        Ok(())
    } else {
        Err(format!("{what} should be {expected:?}, but is {found:?}").into())
    }
}

async fn tell(story: &mut Story, args: &Args) -> Result<(), Failure> {
    story.step("listen");
    let place = Place::open(args).await?;
    let server = &place.server;
    story.line(format!("the server is at {}", place.uri));

    story.step("register");
    let mut events = server.events();
    let devices = Devices::start(&place).await?;
    for _ in 0..3 {
        let registration = registered(&mut events).await?;
        check("the lifetime", &registration.lifetime, &LIFETIME)?;
        check("whether it has proved who it is", &registration.identity.is_secure(), &!args.insecure)?;
        story.line(show::registration_line(&registration));
    }

    discover(story, server).await?;
    read(story, server).await?;
    write(story, server, &devices).await?;
    execute(story, server, &devices).await?;
    observe(story, server, &devices).await?;
    update(story, &mut events, &devices).await?;

    story.step("de-register");
    for client in [devices.hall, devices.cellar, devices.lamp] {
        client.shutdown().await?;
        story.line(format!("{} has left", deregistered(&mut events).await?.endpoint));
    }
    check("what is registered", &server.registrations(None, 10).await?.len(), &0)?;
    place.close(args).await
}

/// The server, and how devices reach it.
struct Place {
    server: Server,
    uri: String,
    /// `None`: without protection.
    keys: Option<MemoryKeys>,
    relay: Option<Relay>,
}

impl Place {
    async fn open(args: &Args) -> Result<Self, Failure> {
        let keys = (!args.insecure).then(MemoryKeys::default);
        let builder = Server::builder().shards(1);
        let server = match &keys {
            Some(keys) => builder.listen(Listen::dtls("127.0.0.1:0")).credentials(keys.clone()),
            None => builder.listen(Listen::udp("127.0.0.1:0")),
        };
        let server = server.start().await?;
        let Some(Address::Ip(mut address)) = server.addresses().first().cloned() else {
            return Err("the server listens nowhere".into());
        };
        let relay = match &args.record {
            Some(_) => Some(Relay::to(address).await?),
            None => None,
        };
        address = relay.as_ref().map_or(address, Relay::address);
        let scheme = if args.insecure { "coap" } else { "coaps" };
        Ok(Self { server, uri: format!("{scheme}://{address}"), keys, relay })
    }

    /// The account of a device, with a new key. What names the key does not tell whose it is: it is sent in the clear.
    fn account(&self, endpoint: &str) -> Result<ServerAccount, Failure> {
        let Some(keys) = &self.keys else {
            return Ok(ServerAccount::new(1, Target::new(self.uri.as_str())));
        };
        let (identity, key) = (hex(&random::<8>()?), random::<16>()?);
        keys.put(Credential::psk(identity.clone(), key).endpoint(endpoint))?;
        Ok(ServerAccount::psk(1, self.uri.as_str(), identity, key))
    }

    async fn close(self, args: &Args) -> Result<(), Failure> {
        self.server.shutdown().await;
        if let (Some(path), Some(relay)) = (&args.record, self.relay) {
            let lines: String = relay.datagrams().iter().map(|datagram| hex(datagram) + "\n").collect();
            std::fs::write(path, lines)?;
        }
        Ok(())
    }
}

/// Two thermometers and a lamp.
struct Devices {
    hall: Client,
    cellar: Client,
    lamp: Client,
}

impl Devices {
    async fn start(place: &Place) -> Result<Self, Failure> {
        let device = |name: &str| -> Result<_, Failure> {
            let account = place.account(name)?.lifetime(LIFETIME);
            Ok(Client::builder(name).server(account).device(Device {
                manufacturer: Some("Example".to_owned()),
                model_number: Some("quickstart".to_owned()),
                battery_level: Some(95),
                ..Device::default()
            }))
        };
        let (hall, cellar, lamp) = (device("thermo-hall")?, device("thermo-cellar")?, device("lamp")?);
        thermometer(&hall, 21.5)?;
        thermometer(&cellar, 12.0)?;
        lamp.objects().add(
            0,
            LightControl {
                dimmer: Some(100),
                application_type: Some("stairs".to_owned()),
                ..LightControl::default()
            },
        )?;
        Ok(Self { hall: hall.start().await?, cellar: cellar.start().await?, lamp: lamp.start().await? })
    }
}

fn thermometer(builder: &ClientBuilder, celsius: f64) -> Result<(), Failure> {
    let mut sensor = Temperature { sensor_units: Some("Cel".to_owned()), ..Temperature::default() };
    sensor.measured(celsius - 3.0);
    sensor.measured(celsius + 3.0);
    sensor.measured(celsius);
    builder.objects().add(0, sensor)?;
    Ok(())
}

/// Discover: what a device has.
async fn discover(story: &mut Story, server: &Server) -> Result<(), Failure> {
    story.step("discover");
    let links = server.client("lamp").discover("/3311").await?;
    let paths: Vec<_> = links.iter().map(|link| link.path.to_string()).collect();
    check(
        "what the lamp has",
        &paths,
        &["/3311", "/3311/0", "/3311/0/5750", "/3311/0/5850", "/3311/0/5851"].map(String::from).into(),
    )?;
    links.iter().for_each(|link| story.line(format!("lamp has {}", show::link(&Registry, link))));
    Ok(())
}

/// Read: one value by its key, a whole object instance as a struct, or whatever is there.
async fn read(story: &mut Story, server: &Server) -> Result<(), Failure> {
    story.step("read");
    for (endpoint, expected) in [("thermo-hall", 21.5), ("thermo-cellar", 12.0)] {
        let celsius = server.client(endpoint).read(Temperature::SENSOR_VALUE.at(0)).await?;
        check("the temperature", &celsius, &expected)?;
        story.line(format!("{endpoint} measures {celsius} °C"));
    }
    let sensor: Temperature = server.client("thermo-hall").read(Temperature::instance(0)).await?;
    let extremes = (sensor.min_measured_value, sensor.max_measured_value);
    check("the extremes", &extremes, &(Some(18.5), Some(24.5)))?;
    story.line("thermo-hall has measured 18.5 to 24.5 °C");
    let sensor: Node = server.client("thermo-hall").read("/3303/0").await?;
    let lines = show::named(&Registry, "/3303/0".as_path()?, &sensor);
    let measured = "Temperature/0/Sensor Value = 21.5 Cel".to_owned();
    check("what is measured, by name and unit", &lines.contains(&measured), &true)?;
    story.line(format!("thermo-hall {measured}"));
    let device: Node = server.client("lamp").read("/3/0").await?;
    let lines = show::values(&Registry, "/3/0".as_path()?, &device);
    check(
        "the first value of the lamp",
        &lines.first().map(String::as_str),
        &Some("/3/0/0 Manufacturer = \"Example\""),
    )?;
    lines.iter().for_each(|line| story.line(format!("lamp {line}")));
    Ok(())
}

/// Write, and a write that is refused.
async fn write(story: &mut Story, server: &Server, devices: &Devices) -> Result<(), Failure> {
    story.step("write");
    let lamp = server.client("lamp");
    lamp.write(LightControl::ON_OFF.at(0), true).await?;
    lamp.write(LightControl::DIMMER.at(0), 42).await?;
    lamp.write(LightControl::APPLICATION_TYPE.at(0), "landing1".to_owned()).await?;
    let light = devices.lamp.objects().instance::<LightControl>(0).ok_or("the lamp has no light")?.get();
    check("its place", &light.application_type.as_deref(), &Some("landing1"))?;
    check("the light", &(light.on_off, light.dimmer), &(true, Some(42)))?;
    story.line("lamp is switched on, at 42 percent");
    for (what, refused, code) in [
        ("more than 100 percent", lamp.write("/3311/0/5851", 101_i64).await, Code::BAD_REQUEST),
        (
            "what is read only",
            server.client("thermo-hall").write("/3303/0/5700", 99.0).await,
            Code::METHOD_NOT_ALLOWED,
        ),
    ] {
        match refused {
            Err(RequestError::Refused(rejection)) if rejection.code == code => {
                story.line(format!("to write {what} is refused: {rejection}"));
            }
            other => {
                return Err(format!("to write {what} should be refused with {code}, but: {other:?}").into());
            }
        }
    }
    Ok(())
}

/// Execute: the thermometer forgets its extremes.
async fn execute(story: &mut Story, server: &Server, devices: &Devices) -> Result<(), Failure> {
    story.step("execute");
    let reset: lwm2m_server::Typed<Executable> = Temperature::RESET.at(0);
    server.client("thermo-hall").execute(reset).await?;
    let sensor = devices.hall.objects().instance::<Temperature>(0).ok_or("there is no thermometer")?.get();
    check(
        "the extremes",
        &(sensor.min_measured_value, sensor.max_measured_value),
        &(Some(21.5), Some(21.5)),
    )?;
    story.line("thermo-hall has forgotten its extremes");
    Ok(())
}

/// Observe: the device tells what changes.
async fn observe(story: &mut Story, server: &Server, devices: &Devices) -> Result<(), Failure> {
    story.step("observe");
    let sensor = devices.hall.objects().instance::<Temperature>(0).ok_or("there is no thermometer")?;
    let mut observation = server.client("thermo-hall").observe(Temperature::SENSOR_VALUE.at(0)).await?;
    for celsius in [21.5, 22.0, 22.5, 23.0] {
        sensor.update(|sensor| sensor.measured(celsius));
        let notification = observation.next().await.ok_or("the observation has ended")??;
        check("the temperature", &notification.value, &celsius)?;
        story.line(format!("thermo-hall tells {} °C", notification.value));
    }
    observation.cancel().await?;
    story.line("the observation is cancelled");
    Ok(())
}

/// Update: the device has something new.
async fn update(story: &mut Story, events: &mut Events, devices: &Devices) -> Result<(), Failure> {
    story.step("update");
    devices.lamp.objects().add(1, LightControl::default())?;
    let (before, after) = loop {
        match events.next().await {
            Some(ServerEvent::Updated(updated)) => break (updated.before, updated.after),
            Some(_) => {}
            None => return Err("the server has ended".into()),
        }
    };
    let changes = show::changes(&before, &after);
    check("what is new", &changes, &vec!["+/3311/1".to_owned()])?;
    story.line(format!("{} has a second light: {}", after.endpoint, changes.join(" ")));
    Ok(())
}

type Found = std::sync::Arc<Registration>;

async fn registered(events: &mut Events) -> Result<Found, Failure> {
    match events.next().await {
        Some(ServerEvent::Registered { registration, replaced: None }) => Ok(registration),
        other => Err(format!("a device should register, but: {other:?}").into()),
    }
}

async fn deregistered(events: &mut Events) -> Result<Found, Failure> {
    match events.next().await {
        Some(ServerEvent::Deregistered(registration)) => Ok(registration),
        other => Err(format!("a device should de-register, but: {other:?}").into()),
    }
}

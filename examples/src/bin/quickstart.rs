//! A bootstrap server, a server and three devices in one process, over real UDP sockets and DTLS: the life of a device as
//! a readable story. It begins with devices that know nothing but their bootstrap server.
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
use lwm2m_bootstrap::{Account, BootstrapEvent, BootstrapServer, EndpointName, Plan, Session, StoreError};
use lwm2m_client::{BootstrapAccount, Client, ClientBuilder, transport::Target};
use lwm2m_examples::{
    cli::{self, Common},
    keys::{hex, random},
    relay::Relay,
    say, show,
};
use lwm2m_objects::{Device, LightControl, Registry, Security, Temperature};
use lwm2m_server::{
    Address, AsPath, Code, Events, Executable, Identity, Node, Registration, RequestError, Server,
    ServerEvent,
    security::{Credential, CredentialId, MemoryKeys},
    transport::Listen,
};

/// LwM2M in one minute: three devices on this machine are bootstrapped, register, are read, written, executed, observed.
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
/// What the bootstrap server writes beside the account of the server.
const LIFETIME: Duration = Duration::from_secs(300);
const TIMEZONE: &str = "Europe/Berlin";

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    args.common.start_logging();
    let over = if args.insecure { "plain UDP" } else { "DTLS" };
    say!("LwM2M quickstart: two servers and three devices, over {over} on this machine\n");
    #[expect(clippy::disallowed_methods, reason = "a program")]
    let began = Instant::now();
    let mut story = Story::default();
    let outcome = match tokio::time::timeout(PATIENCE, tell(&mut story, &args)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(format!("nothing happened for too long ({} s)", PATIENCE.as_secs()).into()),
    };
    if outcome.is_ok() {
        say!("\nAll as it should be, in {} ms.", began.elapsed().as_millis());
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
            say!("{:15}{text}", "");
        } else {
            say!("{:2} {:12}{text}", self.number, self.title);
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
    story.line(format!("the bootstrap server is at {}", place.bootstrap_uri));
    story.line(format!("the server is at {}", place.server_uri));

    let mut events = server.events();
    let devices = bootstrap(story, &place).await?;

    story.step("register");
    for _ in 0..3 {
        let registration = registered(&mut events).await?;
        check("the lifetime", &registration.lifetime, &LIFETIME)?;
        check("whether it has proved who it is", &registration.identity.is_secure(), &!args.insecure)?;
        if let (Some(keys), Identity::Psk(identity)) = (&place.keys, &registration.identity) {
            let given = keys.server.of_endpoint(&registration.endpoint);
            check("the key that it has been given", &given, &vec![CredentialId::Psk(identity.clone())])?;
        }
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

/// The two servers, and how devices reach them.
struct Place {
    bootstrap: BootstrapServer,
    server: Server,
    bootstrap_uri: String,
    server_uri: String,
    /// `None`: without protection.
    keys: Option<Keys>,
    relays: Vec<Relay>,
}

/// The keys of the connection to the bootstrap server are made with the device; those of the connection to the server
/// are what it is given.
#[derive(Default)]
struct Keys {
    bootstrap: MemoryKeys,
    server: MemoryKeys,
}

impl Place {
    async fn open(args: &Args) -> Result<Self, Failure> {
        let keys = (!args.insecure).then(Keys::default);
        let listen = || match args.insecure {
            true => Listen::udp("127.0.0.1:0"),
            false => Listen::dtls("127.0.0.1:0"),
        };
        let mut relays = Vec::new();

        let server = Server::builder().shards(1).listen(listen());
        let server = match &keys {
            Some(keys) => server.credentials(keys.server.clone()),
            None => server,
        };
        let server = server.start().await?;
        let server_uri = uri(args, server.addresses(), &mut relays).await?;

        let (uri_given, keys_given) = (server_uri.clone(), keys.as_ref().map(|keys| keys.server.clone()));
        let bootstrap = BootstrapServer::builder()
            .listen(listen())
            .plans(move |device: &Session| plan(device, &uri_given, keys_given.as_ref()));
        let bootstrap = match &keys {
            Some(keys) => bootstrap.credentials(keys.bootstrap.clone()),
            None => bootstrap,
        };
        let bootstrap = bootstrap.start().await?;
        let bootstrap_uri = uri(args, bootstrap.addresses(), &mut relays).await?;
        Ok(Self { bootstrap, server, bootstrap_uri, server_uri, keys, relays })
    }

    /// All that a device comes with: where its bootstrap server is, and a new key. What names the key does not tell whose
    /// it is: it is sent in the clear.
    fn account(&self, endpoint: &str) -> Result<BootstrapAccount, Failure> {
        let uri = self.bootstrap_uri.as_str();
        let Some(keys) = &self.keys else { return Ok(BootstrapAccount::new(Target::new(uri))) };
        let (identity, key) = (hex(&random::<8>()?), random::<16>()?);
        keys.bootstrap.put(Credential::psk(identity.clone(), key).endpoint(endpoint))?;
        Ok(BootstrapAccount::new(Target::psk(uri, identity, key)))
    }

    async fn close(self, args: &Args) -> Result<(), Failure> {
        self.bootstrap.shutdown().await;
        self.server.shutdown().await;
        if let Some(path) = &args.record {
            let datagrams = self.relays.iter().flat_map(Relay::datagrams);
            let lines: String = datagrams.map(|datagram| hex(&datagram) + "\n").collect();
            std::fs::write(path, lines)?;
        }
        Ok(())
    }
}

/// Where a server is reached: through a relay, if all is to be recorded.
async fn uri(args: &Args, listening: &[Address], relays: &mut Vec<Relay>) -> Result<String, Failure> {
    let Some(Address::Ip(mut address)) = listening.first().cloned() else {
        return Err("the server listens nowhere".into());
    };
    if args.record.is_some() {
        let relay = Relay::to(address).await?;
        address = relay.address();
        relays.push(relay);
    }
    Ok(format!("{}://{address}", if args.insecure { "coap" } else { "coaps" }))
}

/// What is to become of a device: it knows the server, with a key that is made for the two, and its time zone.
fn plan(device: &Session, uri: &str, keys: Option<&MemoryKeys>) -> Result<Option<Plan>, StoreError> {
    let account = match keys {
        None => Account::no_sec(1, uri),
        Some(keys) => {
            let (identity, key) =
                (hex(&random::<8>().map_err(StoreError::new)?), random::<16>().map_err(StoreError::new)?);
            let credential = Credential::psk(identity.clone(), key).endpoint(device.endpoint.clone());
            keys.put(credential).map_err(StoreError::new)?;
            Account::psk(1, uri, identity, key)
        }
    };
    Ok(Some(Plan::new().account(account.lifetime(LIFETIME)).write("/3/0/15", TIMEZONE)))
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
            Ok(Client::builder(name).bootstrap(place.account(name)?).device(Device {
                manufacturer: Some("Example".to_owned()),
                model_number: Some("quickstart".to_owned()),
                battery_level: Some(95),
                timezone: Some("UTC".to_owned()),
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

/// Bootstrap: devices that know nobody else are told by the bootstrap server who their server is.
async fn bootstrap(story: &mut Story, place: &Place) -> Result<Devices, Failure> {
    story.step("bootstrap");
    let mut events = place.bootstrap.events();
    let devices = Devices::start(place).await?;
    for _ in 0..3 {
        let (endpoint, operations) = bootstrapped(&mut events).await?;
        story.line(format!("{endpoint} came without a server and has one, after {operations} operations"));
    }
    for client in [&devices.hall, &devices.cellar, &devices.lamp] {
        let accounts = client.objects().instances::<Security>();
        let accounts: Vec<_> = accounts.iter().map(|account| account.get()).collect();
        let known: Vec<_> = accounts.iter().map(|account| account.server_uri.as_str()).collect();
        check("who it knows", &known, &vec![place.bootstrap_uri.as_str(), place.server_uri.as_str()])?;
        let keys: Vec<_> = accounts.iter().map(|account| account.secret_key.expose()).collect();
        check("whether the keys are separate", &(keys.first() != keys.last()), &place.keys.is_some())?;
        let device = client.objects().instance::<Device>(0).ok_or("there is no device")?.get();
        check("its time zone", &device.timezone.as_deref(), &Some(TIMEZONE))?;
    }
    Ok(devices)
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
    let lines = show::values(&Registry, "/3303/0".as_path()?, &sensor);
    let measured = "/3303/0/5700 Temperature/0/Sensor Value = 21.5 Cel".to_owned();
    check("what is measured, by name and unit", &lines.contains(&measured), &true)?;
    story.line(format!("thermo-hall {measured}"));
    let device: Node = server.client("lamp").read("/3/0").await?;
    let lines = show::values(&Registry, "/3/0".as_path()?, &device);
    check(
        "the first value of the lamp",
        &lines.first().map(String::as_str),
        &Some("/3/0/0 Device/0/Manufacturer = \"Example\""),
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

/// The next device that has what its plan says, and how many operations it took.
async fn bootstrapped(events: &mut lwm2m_bootstrap::Events) -> Result<(EndpointName, u32), Failure> {
    loop {
        match events.next().await {
            Some(BootstrapEvent::Started { .. }) => {}
            Some(BootstrapEvent::Finished { endpoint, operations, .. }) => return Ok((endpoint, operations)),
            other => return Err(format!("a device should be bootstrapped, but: {other:?}").into()),
        }
    }
}

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

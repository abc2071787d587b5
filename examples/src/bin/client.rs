//! A simulated device as a stand-alone LwM2M client.

use std::{
    collections::BTreeMap,
    fmt::Display,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use clap::Parser;
use lwm2m_client::{
    Attempt, BootstrapAccount, Client, ClientEvent, Events, Factory, FileState, Objects, Retry, Unreachable,
    codec::ContentFormat,
    objects::{LightControl, Security},
    smartcard::image::CardDirectory,
    transport::TransportError,
};
use lwm2m_examples::{
    cli::{self, Common, Versions},
    console::{self, Input, Screen},
    device::{self, Simulated},
    secure::ClientKeys,
    signals,
};

const EXAMPLES: &str = "\
Examples:
  client                                                   a device for the server on this machine
  client --server coaps://localhost --endpoint thermo-1 --psk thermo-1:000102030405060708090a0b0c0d0e0f
  client --server coaps://lwm2m.example --endpoint meter-1 --key keys/meter-1.key.pem --server-key keys/server.pub.pem
  client --server coaps://lwm2m.example --endpoint thermo-1 --key keys/thermo-1.key.pem \\
         --certificate keys/thermo-1.pem --authority keys/Example_CA.pem
  client --server coap://lwm2m.example --endpoint thermo-1 --lifetime 5m
  client --server coap://10.0.0.1 --server coap://10.0.0.2 two servers, with short server IDs 1 and 2
  client --bootstrap coap://localhost:5783 --state device.state
                                                           servers that the bootstrap server gives, kept over restarts
  client --factory examples/factory.json                   servers from a file, as a factory writes it into the device
  client --smartcard card                                  servers of a smartcard, whose files are in a directory; the
                                                           program `keys smartcard` makes one
  client --lwm2m 1.0 --every 10s                           an old device, that measures now and then
  client --state thermo-1.state                            what servers write is still there after a restart

The device has a Server object (1) a server, Device (3), a thermometer (3303) that changes by itself and a lamp (3311)
that changes when it is written. Servers may create further lamps. The program prints what happens, one line each:
  registered with URI ..                   the server has accepted us
  updated at URI                           the server knows what is new
  written PATH NAME = VALUE                a server has written
  executed PATH ARGUMENTS                  a server has executed
  created PATH | deleted PATH              a server has made or removed a lamp
  deregistered from URI                    the server has let us go
  cannot reach URI (WHY), next ..          the server does not answer; what is tried next, and when
  registration with URI has run out        no Update was answered in time
  asleep, as URI knows | awake, as URI knows   with --queue-mode: nothing was said for its time, or now is
  disabled by URI for .. s                 a server wants to hear nothing of us for a time
  bootstrapped: URI, ..                    the bootstrap server, or the smartcard, has given us these servers
  no bootstrap (WHY), again in ..          it could not be reached, or refuses
  nothing is taken from the smartcard: WHY it is missing, or wrong
  reset to the state of delivery           a server has executed /3/0/5
A server that cannot be reached, or refuses, is tried again after 1, 2, 4 s and so on, at last once a minute.
A line `send PATH..` on standard input sends the values of these places to the servers: `sent`, or why not.
ctrl-c, or `quit` on standard input, de-registers and ends.";

/// Whoever starts a program and its server by hand does not want to wait; the default is made for fleets.
const RETRY: Retry = Retry {
    count: u32::MAX,
    timer: Duration::from_secs(1),
    sequence_delay: Duration::from_secs(60),
    sequences: 1,
};

/// LwM2M client: a simulated device with a thermometer and a lamp.
#[derive(Debug, Parser)]
#[command(version, styles = cli::STYLES, after_help = EXAMPLES)]
struct Args {
    /// The server; may be given several times [default: coap://localhost:5683, unless the device has it from elsewhere]
    #[arg(long, value_name = "URI")]
    server: Vec<String>,
    /// The bootstrap server, that gives the device its servers
    #[arg(long, value_name = "URI")]
    bootstrap: Option<String>,
    /// A file with accounts from the factory, instead of --server and --bootstrap: instances of objects 0 and 1 in SenML
    #[arg(long, value_name = "FILE", conflicts_with_all = ["server", "bootstrap"])]
    factory: Option<PathBuf>,
    /// A directory with the files of a smartcard, which may bring servers and the bootstrap server
    #[arg(long, value_name = "DIR")]
    smartcard: Option<PathBuf>,
    /// The endpoint client name [default: device-PID]
    #[arg(long, value_name = "NAME")]
    endpoint: Option<String>,
    /// How long the registration is good without an Update; 0 for ever
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = cli::seconds)]
    lifetime: Duration,
    /// The LwM2M versions to speak, the newest first
    #[arg(long, value_name = "RANGE", default_value = "1.0..1.2")]
    lwm2m: Versions,
    /// How often the thermometer measures
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = cli::seconds)]
    every: Duration,
    /// Keep what servers write in this file, and find it there again
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Sleep: listen for so long after each message (93s is what servers expect), then only speak
    #[arg(long, value_name = "TIME", value_parser = cli::seconds)]
    queue_mode: Option<Duration>,
    /// Have every notification confirmed by the server
    #[arg(long)]
    confirmable: bool,
    #[command(flatten)]
    keys: ClientKeys,
    #[command(flatten)]
    common: Common,
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    args.common.start_logging();
    cli::exit(run(args).await)
}

async fn run(args: Args) -> Result<(), Box<dyn std::error::Error>> {
    let (input, screen) = console::plain()?;
    let endpoint = args.endpoint.unwrap_or_else(|| format!("device-{}", std::process::id()));
    let mut servers = args.server;
    if servers.is_empty() && args.bootstrap.is_none() && args.smartcard.is_none() && args.factory.is_none() {
        servers.push("coap://localhost:5683".to_owned());
    }
    args.keys.check(args.bootstrap.iter().chain(&servers).map(String::as_str))?;
    let mut builder = Client::builder(endpoint.as_str());
    if let Some(uri) = &args.bootstrap {
        let account = args.keys.account(1, uri)?;
        let version = args.lwm2m.greatest;
        builder = builder.bootstrap(BootstrapAccount::new(account.target().clone()).version(version));
    }
    for (id, uri) in (1..).zip(&servers) {
        let account = args
            .keys
            .account(id, uri)?
            .lifetime(args.lifetime)
            .retry(RETRY)
            .allow_send()
            .versions(args.lwm2m.least, args.lwm2m.greatest);
        let account = match args.queue_mode {
            Some(window) => account.queue_mode().awake(window),
            None => account,
        };
        builder = builder.server(if args.confirmable { account.confirmable() } else { account });
    }
    if let Some(file) = &args.factory {
        builder = builder.factory(factory(file)?);
    }
    if let Some(directory) = &args.smartcard {
        if !directory.is_dir() {
            return Err(
                format!("{}: no such directory; `keys smartcard` makes one", directory.display()).into()
            );
        }
        builder = builder.smartcard(CardDirectory::new(directory));
    }
    if let Some(file) = &args.state {
        builder = builder.state(FileState::open(file)?);
    }
    let device = Simulated::add_to(builder.objects(), &endpoint)?;
    let events = builder.events();
    let objects = builder.objects().clone();
    let client = builder.start().await?;
    let card = args.smartcard.map(|_| "the servers of the smartcard");
    let file = args.factory.map(|_| "the servers of the factory");
    let uris = args.bootstrap.iter().chain(&servers).map(String::as_str);
    let all: Vec<_> = uris.chain(card).chain(file).collect();
    screen.line(format!("{endpoint} for {}", all.join(", ")));
    device::watch_all(&objects, &screen);
    tokio::select! {
        () = live(device, args.every) => {}
        () = tell(events, &objects, &screen) => {}
        () = obey(input, &client, &screen) => {}
        () = signals::stopped() => {}
    }
    let events = client.events();
    let goodbye = tell(events, &objects, &screen);
    let (outcome, ()) = tokio::join!(client.shutdown(), goodbye);
    outcome?;
    Ok(())
}

/// JSON begins with a bracket, a list in CBOR does not.
fn factory(file: &Path) -> Result<Factory, String> {
    let named = |error: &dyn Display| format!("{}: {error}", file.display());
    let octets = std::fs::read(file).map_err(|error| named(&error))?;
    let is_json = octets.trim_ascii_start().first() == Some(&b'[');
    let format = if is_json { ContentFormat::SENML_JSON } else { ContentFormat::SENML_CBOR };
    Factory::read(format, &octets).map_err(|error| named(&error))
}

/// The thermometer measures, for ever.
async fn live(mut device: Simulated, every: Duration) {
    let mut ticks = tokio::time::interval(every.max(Duration::from_millis(1)));
    loop {
        ticks.tick().await;
        device.step();
    }
}

/// Until `quit`; the end of the input is no reason to stop.
async fn obey(mut input: Input, client: &Client, screen: &Screen) {
    while let Some(line) = input.line().await {
        let mut words = line.split_whitespace();
        match words.next() {
            Some("quit" | "exit") => return,
            Some("send") => match client.send(words).await {
                Ok(()) => screen.line("sent"),
                Err(error) => screen.line(format!("error: {error}")),
            },
            Some(other) => {
                screen.line(format!("error: `{other}` is no command; there are send PATH.. and quit"));
            }
            None => {}
        }
    }
    std::future::pending::<()>().await;
}

/// Prints what happens between the client and its servers, until the client ends.
async fn tell(mut events: Events, objects: &Objects, screen: &Screen) {
    let mut known = Uris::default();
    let mut uri = |server: u16| known.of(server, objects);
    while let Some(event) = events.next().await {
        screen.line(match event {
            ClientEvent::Registered { server } => format!("registered with {}", uri(server)),
            ClientEvent::Updated { server } => format!("updated at {}", uri(server)),
            ClientEvent::Deregistered { server } => format!("deregistered from {}", uri(server)),
            ClientEvent::Refused { server, rejection, retry_in } => {
                format!("refused by {}: {rejection}; {}", uri(server), again(retry_in))
            }
            ClientEvent::Unreachable { server, error, next, retry_in } => {
                format!("cannot reach {} ({}), next {}", uri(server), words(&error), attempt(next, retry_in))
            }
            ClientEvent::Asleep { server } => format!("asleep, as {} knows", uri(server)),
            ClientEvent::Awake { server } => format!("awake, as {} knows", uri(server)),
            ClientEvent::Disabled { server, duration } => {
                format!("disabled by {} for {} s", uri(server), duration.as_secs())
            }
            ClientEvent::StateUnavailable { error, retry_in } => {
                format!("the state cannot be read: {error}; {}", again(Some(retry_in)))
            }
            ClientEvent::Bootstrapped { servers } => {
                let uris: Vec<_> = servers.into_iter().map(&mut uri).collect();
                format!("bootstrapped: {}", uris.join(", "))
            }
            ClientEvent::BootstrapFailed { error, retry_in } => {
                format!("no bootstrap ({error}), {}", again(Some(retry_in)))
            }
            ClientEvent::SmartcardRefused { error } => {
                format!("nothing is taken from the smartcard: {error}")
            }
            ClientEvent::FactoryReset => "reset to the state of delivery".to_owned(),
            ClientEvent::Lapsed { server } => format!("registration with {} has run out", uri(server)),
            ClientEvent::Observed { path, .. } => format!("observed {path}"),
            ClientEvent::Unobserved { path, .. } => format!("no longer observed {path}"),
            ClientEvent::Created { path, .. } => {
                let lamp = path.instance_id().and_then(|id| objects.instance::<LightControl>(id.0));
                lamp.into_iter().for_each(|lamp| device::watch(lamp, screen));
                format!("created {path}")
            }
            ClientEvent::Deleted { path, .. } => format!("deleted {path}"),
            ClientEvent::Undelivered { path, .. } => format!("a notification of {path} was not delivered"),
            ClientEvent::Missed(count) => format!("missed {count} events: the program was too slow"),
            _ => continue,
        });
    }
}

/// The URIs of servers, also of those that bootstrap has taken away.
#[derive(Default)]
struct Uris(BTreeMap<u16, String>);

impl Uris {
    fn of(&mut self, server: u16, objects: &Objects) -> String {
        for account in objects.instances::<Security>() {
            let account = account.get();
            if let Some(id) = account.short_server_id.and_then(|id| u16::try_from(id).ok()) {
                self.0.insert(id, account.server_uri);
            }
        }
        self.0.get(&server).map_or("?", String::as_str).to_owned()
    }
}

fn again(retry_in: Option<Duration>) -> String {
    retry_in.map_or_else(|| "not tried again".to_owned(), |wait| format!("again in {} s", wait.as_secs()))
}

/// What the operating system says, without its number.
fn words(error: &Unreachable) -> String {
    match error {
        Unreachable::Transport(TransportError::Io(io)) => {
            let text = io.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_lowercase()
        }
        other => other.to_string(),
    }
}

fn attempt(next: Attempt, retry_in: Option<Duration>) -> String {
    let what = match next {
        Attempt::Update => "Update",
        Attempt::Deregister => "De-register",
        _ => "Register",
    };
    match retry_in.map(|wait| wait.as_secs_f32().round()) {
        None => format!("{what} when asked to"),
        Some(0.0) => format!("{what} now"),
        Some(seconds) => format!("{what} in {seconds} s"),
    }
}

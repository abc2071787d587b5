//! A stand-alone LwM2M server with a console.

use std::{
    collections::{HashMap, HashSet},
    process::ExitCode,
    time::Duration,
};

use clap::Parser;
#[cfg(feature = "prometheus")]
use lwm2m_examples::metrics;
use lwm2m_examples::{
    cli::{self, Common},
    console::{self, Input, Screen},
    manage::{self, Manager, Outcome},
    secure::{Doors, Held},
    show::{self, Units},
    signals,
};
use lwm2m_objects::Registry;
use lwm2m_server::{
    ClientHandle, EndpointName, Events, Node, OpenError, Path, Server, ServerError, ServerEvent,
    security::FileKeys,
};

const EXAMPLES: &str = "\
Examples:
  server                                       all addresses of this machine, port 5683
  server --listen coap://127.0.0.1:0           this machine only, a port that the system chooses
  server --listen coap://10.0.0.1 --listen coap://[2001:db8::1]:15683
  server --psk thermo-1:000102030405060708090a0b0c0d0e0f
                                               port 5684, protected: a device with that key, and nobody else
  server --credentials keys.txt                the same with keys and certificates that `keys` made
  server --credentials keys.txt --listen coaps://[::]:5684 --listen coap://127.0.0.1
  printf 'wait thermo-1\\nread thermo-1 /3303/0/5700\\n' | server
                                               runs the commands of a script, then ends

The console takes commands from a terminal or a pipe; `help` lists them. It prints, one line each:
  listening on URI                             ready
  registered | updated | deregistered | expired ENDPOINT ..
  active | asleep | disabled | offline ENDPOINT  a client woke up, fell asleep, was disabled, did not come back
  session of ENDPOINT ended: WHY               it is registered, but must prove again who it is
  PATH NAME = VALUE [UNIT]                     a value that was read, such as
                                               /3303/0/5700 Temperature/0/Sensor Value = 21.5 Cel
  notification ENDPOINT PATH NAME = VALUE ..   a value that is observed has changed
  sent ENDPOINT PATH NAME = VALUE ..           a client has sent a value unasked
  ok ..                                        done
  error: ..                                    refused or failed, with the code of the client if it answered

SIGHUP makes it read the file of credentials again.
At the end of a script the server ends, with status 1 if a line has failed; without any input (such as </dev/null) and with --keep-running it goes on.";

/// LwM2M server: clients register here and are managed from its console.
#[derive(Debug, Parser)]
#[command(version, styles = cli::STYLES, after_help = EXAMPLES)]
struct Args {
    #[command(flatten)]
    doors: Doors<5683, 5684>,
    /// How many shards share the clients, each with a socket and a task [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..))]
    shards: Option<u8>,
    /// How long a client may take to answer a command
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = cli::seconds)]
    timeout: Duration,
    /// How long a command waits for a client that sleeps; without it, it fails at once
    #[arg(long, value_name = "TIME", value_parser = cli::seconds)]
    queue: Option<Duration>,
    /// How long a client in queue mode is taken to listen after a message [default: what its link says, 93s]
    #[arg(long, value_name = "TIME", value_parser = cli::seconds)]
    awake: Option<Duration>,
    /// Where Prometheus reads metrics, such as 127.0.0.1:9100
    #[cfg(feature = "prometheus")]
    #[arg(long, value_name = "ADDR")]
    metrics: Option<std::net::SocketAddr>,
    /// Go on after the end of a script
    #[arg(long)]
    keep_running: bool,
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
    let (input, screen) = console::open("lwm2m> ")?;
    let places = args.doors.places()?;
    let (mut builder, file) = match args.doors.keys()? {
        Held::Nowhere => (Server::builder(), None),
        Held::Memory(keys) => (Server::builder().credentials(keys), None),
        Held::File(keys) => (Server::builder().credentials(keys.clone()), Some(keys)),
    };
    for place in &places {
        builder = builder.listen(place.listen.clone());
    }
    if let Some(shards) = args.shards {
        builder = builder.shards(shards);
    }
    if let Some(queue) = args.queue {
        builder = builder.queue(queue);
    }
    if let Some(awake) = args.awake {
        builder = builder.awake(awake);
    }
    let server = builder.start().await.map_err(|error| match error {
        ServerError::Open(OpenError::Listen { error, .. }) => format!("cannot listen on {error}"),
        error => error.to_string(),
    })?;
    let events = server.events();
    for (address, place) in server.addresses().iter().zip(&places) {
        screen.line(format!("listening on {}://{address}", place.scheme.name()));
    }
    #[cfg(feature = "prometheus")]
    if let Some(at) = args.metrics {
        metrics::open(at).map_err(|error| format!("metrics at {at}: {error}"))?;
        screen.line(format!("metrics at http://{at}/metrics"));
        let server = server.clone();
        #[allow(clippy::disallowed_methods, reason = "it runs beside the console, and ends with the server")]
        tokio::spawn(async move { metrics::keep_up(&server).await });
    }
    if input.is_terminal() {
        screen.line("help lists the commands");
    }
    let manager = Manager::new(server.clone(), screen.clone(), &Registry, args.timeout);
    let outcome = tokio::select! {
        outcome = obey(input, manager, args.keep_running) => outcome,
        () = tell(&server, events, screen.clone()) => Ok(()),
        () = reload(file, screen) => Ok(()),
        () = signals::stopped() => Ok(()),
    };
    server.shutdown().await;
    Ok(outcome?)
}

/// Reads the file of credentials again whenever the program is told to (SIGHUP): sessions of keys that are gone end.
async fn reload(file: Option<FileKeys>, screen: Screen) {
    let Some(file) = file else { return std::future::pending().await };
    loop {
        signals::reload().await;
        screen.line(match file.reload() {
            Ok(()) => format!("ok {} credentials", file.ids().len()),
            Err(error) => format!("error: {error}"),
        });
    }
}

/// Carries out commands until `quit` or the end of a script. `Err` tells where a script has failed first; it goes on to
/// its end all the same.
async fn obey(mut input: Input, mut manager: Manager, keep_running: bool) -> Result<(), String> {
    let (mut number, mut outcome) = (0_u32, Ok(()));
    while let Some(line) = input.line().await {
        number = number.saturating_add(1);
        match manager.line(&line).await {
            Outcome::Done => {}
            Outcome::Failed if outcome.is_ok() && !input.is_terminal() => {
                outcome = Err(format!("line {number} of the script has failed: {}", line.trim()));
            }
            Outcome::Failed => {}
            Outcome::Quit => return outcome,
        }
    }
    if (keep_running || number == 0) && !input.is_terminal() {
        std::future::pending::<()>().await;
    }
    outcome
}

/// Prints what happens to registrations.
async fn tell(server: &Server, mut events: Events, screen: Screen) {
    let mut known = HashMap::<EndpointName, Known>::new();
    while let Some(event) = events.next().await {
        screen.line(match event {
            ServerEvent::Registered { registration, .. } => {
                known.remove(&registration.endpoint);
                format!("registered {}", show::registration_line(&registration))
            }
            ServerEvent::Updated(updated) => {
                let changes = show::changes(&updated.before, &updated.after).join(", ");
                format!("updated {} {changes}", updated.after.endpoint).trim_end().to_owned()
            }
            ServerEvent::Presence(change) => {
                format!("{} {}", change.after.presence, change.after.endpoint)
            }
            ServerEvent::Deregistered(registration) => {
                known.remove(&registration.endpoint);
                format!("deregistered {}", registration.endpoint)
            }
            ServerEvent::Expired(registration) => {
                known.remove(&registration.endpoint);
                format!("expired {}", registration.endpoint)
            }
            ServerEvent::SessionEnded { registration, error } => {
                format!("session of {} ended: {error}", registration.endpoint)
            }
            ServerEvent::Sent(sent) => {
                let endpoint = &sent.registration.endpoint;
                let known = known.entry(endpoint.clone()).or_default();
                for value in &*sent.values {
                    let at = value.at.map_or_else(String::new, show::stamp);
                    known.ask(&server.client(endpoint), value.path, &value.node).await;
                    for line in show::values_in(&Registry, &known.units, value.path, &value.node) {
                        screen.line(format!("sent {endpoint} {line}{at}"));
                    }
                }
                continue;
            }
            ServerEvent::Missed(count) => format!("missed {count} events: the console was too slow"),
            _ => continue,
        });
    }
}

/// The units of a client that sends values without them.
#[derive(Default)]
struct Known {
    units: Units,
    asked: HashSet<Path>,
}

impl Known {
    /// Instances whose unit is asked for; a client may send values of as many as it likes.
    const MOST: usize = 256;
    /// How long all that one message lacks may take.
    const WITHIN: Duration = Duration::from_secs(5);

    /// Asks for what is missing, once.
    async fn ask(&mut self, client: &ClientHandle, at: Path, node: &Node) {
        let mut missing = Units::missing(&Registry, at, node);
        missing.retain(|instance| self.asked.len() < Self::MOST && self.asked.insert(*instance));
        if !missing.is_empty() {
            // Others wait to be shown: who is slow is shown without.
            if let Ok(told) = tokio::time::timeout(Self::WITHIN, manage::units(client, missing)).await {
                self.units = std::mem::take(&mut self.units).and(&told);
            }
        }
    }
}

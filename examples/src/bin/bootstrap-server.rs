//! A stand-alone LwM2M bootstrap server, whose plans are in a file, or in a database.

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
#[cfg(feature = "redb")]
use lwm2m_bootstrap::DatabasePlans;
use lwm2m_bootstrap::{BootstrapEvent, BootstrapServer, Events, FilePlans, OpenError, StartError};
use lwm2m_examples::{
    cli::{self, Common},
    console::{self, Screen},
    secure::{Doors, Held},
    signals,
};

const EXAMPLES: &str = "\
Examples:
  bootstrap-server --config examples/bootstrap.toml
                                               all addresses of this machine, port 5783
  bootstrap-server --config plans.json --credentials keys.txt
                                               port 5784, over DTLS, with the keys of the devices for this server, which
                                               the program `keys` makes; those for other servers are in the plans
  bootstrap-server --config plans.json --psk factory-1:000102030405060708090a0b0c0d0e0f
  client --bootstrap coap://localhost:5783     a device for it

With a database (the program is built with `--features redb`), lines on standard input change it, also while devices come:
  put ENDPOINT PLAN                            the plan, in JSON, of an endpoint name, or of its beginning and *
  remove ENDPOINT | import FILE                takes a plan away; takes over the plans of a file
  list                                         the names that have plans
Each is answered with `ok`, or `error: WHY`, which is about the plan alone and changes nothing.

The sample examples/bootstrap.toml says what plans look like. The program prints what happens, one line each:
  listening on URI                             ready
  started ENDPOINT (IDENTITY)                  a device has come, and there is a plan for it
  refused by ENDPOINT: STEP: WHY               a device does not do a step, and the plan goes on
  finished ENDPOINT, N operations              a device has what the plan says
  given to ENDPOINT as a pack                  likewise, in one answer
  failed ENDPOINT: STEP: WHY                   a device goes back to what it was
ctrl-c ends it.";

/// LwM2M bootstrap server: gives devices the servers they are to register with.
#[derive(Debug, Parser)]
#[command(version, styles = cli::STYLES, after_help = EXAMPLES)]
struct Args {
    /// The plans, in TOML or JSON; with --database, they are taken over into it
    #[arg(long, value_name = "FILE")]
    #[cfg_attr(feature = "redb", arg(required_unless_present = "database"))]
    #[cfg_attr(not(feature = "redb"), arg(required = true))]
    config: Option<PathBuf>,
    /// The plans, in a database, which is made if there is none
    #[cfg(feature = "redb")]
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,
    #[command(flatten)]
    doors: Doors<5783, 5784>,
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
    #[cfg(feature = "redb")]
    let database = args.database.as_ref().map(DatabasePlans::open).transpose()?;
    #[cfg(not(feature = "redb"))]
    let database = None::<std::convert::Infallible>;
    let builder = BootstrapServer::builder();
    let mut builder = match (&database, args.config) {
        #[cfg(feature = "redb")]
        (Some(database), config) => {
            config.map(|config| database.import(config)).transpose()?;
            builder.plans(database.clone())
        }
        (_, config) => builder.plans(FilePlans::open(config.unwrap_or_default())?),
    };
    let places = args.doors.places()?;
    for place in &places {
        builder = builder.listen(place.listen.clone());
    }
    builder = match args.doors.keys()? {
        Held::Nowhere => builder,
        Held::Memory(keys) => builder.credentials(keys),
        Held::File(keys) => builder.credentials(keys),
    };
    let server = builder.start().await.map_err(|error| match error {
        StartError::Open(OpenError::Listen { error, .. }) => format!("cannot listen on {error}"),
        error => error.to_string(),
    })?;
    let events = server.events();
    for (address, place) in server.addresses().iter().zip(&places) {
        screen.line(format!("listening on {}://{address}", place.scheme.name()));
    }
    tokio::select! {
        () = tell(events, &screen) => {}
        () = obey(input, database, &screen) => {}
        () = signals::stopped() => {}
    }
    server.shutdown().await;
    Ok(())
}

/// Changes the database as lines on standard input say, for ever.
#[cfg(feature = "redb")]
async fn obey(mut input: console::Input, database: Option<DatabasePlans>, screen: &Screen) {
    if let Some(database) = database {
        while let Some(line) = input.line().await {
            match change(&database, line.trim()) {
                Ok(said) => said.iter().for_each(|line| screen.line(line)),
                Err(error) => screen.line(format!("error: {error}")),
            }
        }
    }
    std::future::pending::<()>().await;
}

#[cfg(not(feature = "redb"))]
async fn obey(_: console::Input, _: Option<std::convert::Infallible>, _: &Screen) {
    std::future::pending::<()>().await;
}

#[cfg(feature = "redb")]
fn change(database: &DatabasePlans, line: &str) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    /// Names that are read at a time.
    const PAGE: usize = 1000;
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    let mut said = Vec::new();
    match (verb, rest.trim()) {
        ("", _) => return Ok(said),
        ("put", rest) => {
            let (endpoint, plan) = rest.split_once(' ').ok_or("put ENDPOINT PLAN is expected")?;
            database.put(endpoint, plan)?;
        }
        ("import", file) => {
            database.import(file)?;
        }
        ("remove", endpoint) if !database.remove(endpoint)? => {
            return Err(format!("{endpoint} has no plan").into());
        }
        ("remove", _) => {}
        ("list", _) => loop {
            let names = database.endpoints(said.last().map(String::as_str), PAGE)?;
            if names.is_empty() {
                break;
            }
            said.extend(names);
        },
        _ => return Err("put, remove, import and list are known here".into()),
    }
    said.push("ok".to_owned());
    Ok(said)
}

/// Prints what happens to devices.
async fn tell(mut events: Events, screen: &Screen) {
    while let Some(event) = events.next().await {
        screen.line(match event {
            BootstrapEvent::Started { endpoint, identity } => format!("started {endpoint} ({identity})"),
            BootstrapEvent::StepRefused { endpoint, step, error, .. } => {
                format!("refused by {endpoint}: {step}: {error}")
            }
            BootstrapEvent::Finished { endpoint, operations, .. } => {
                format!("finished {endpoint}, {operations} operations")
            }
            BootstrapEvent::PackGiven { endpoint } => format!("given to {endpoint} as a pack"),
            BootstrapEvent::Failed { endpoint, step: Some(step), error } => {
                format!("failed {endpoint}: {step}: {error}")
            }
            BootstrapEvent::Failed { endpoint, error, .. } => format!("failed {endpoint}: {error}"),
            BootstrapEvent::Refused { endpoint, rejection } => {
                let name = endpoint.map_or_else(|| "a device".to_owned(), |name| name.to_string());
                format!("{name} is told {rejection}")
            }
            BootstrapEvent::Missed(count) => format!("missed {count} events: the program was too slow"),
            _ => continue,
        });
    }
}

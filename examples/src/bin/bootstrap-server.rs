//! A stand-alone LwM2M bootstrap server, whose plans are in a file.

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use lwm2m_bootstrap::{
    BootstrapEvent, BootstrapServer, Events, FilePlans, OpenError, StartError, security::FileKeys,
    transport::Listen,
};
use lwm2m_examples::{
    cli::{self, Common},
    console::{self, Screen},
    signals,
};

const EXAMPLES: &str = "\
Examples:
  bootstrap-server --config examples/bootstrap.toml
                                               all addresses of this machine, port 5783
  bootstrap-server --config plans.json --listen coaps://[::]:5784 --keys devices.keys
                                               over DTLS, with the keys of the devices (see the program `keys`)
  client --bootstrap coap://localhost:5783     a device for it

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
    /// The plans, in TOML or JSON
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Where to listen; may be given several times
    #[arg(long, value_name = "URI", default_value = "coap://[::]:5783")]
    listen: Vec<Listen>,
    /// The keys of the devices for the connection to this server, for coaps://
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
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
    let (_, screen) = console::plain()?;
    let mut builder = BootstrapServer::builder().plans(FilePlans::open(&args.config)?);
    for listen in args.listen {
        builder = builder.listen(listen);
    }
    if let Some(keys) = args.keys {
        builder = builder.credentials(FileKeys::open(keys)?);
    }
    let server = builder.start().await.map_err(|error| match error {
        StartError::Open(OpenError::Listen { error, .. }) => format!("cannot listen on {error}"),
        error => error.to_string(),
    })?;
    let events = server.events();
    for address in server.addresses() {
        screen.line(format!("listening on {address}"));
    }
    tokio::select! {
        () = tell(events, &screen) => {}
        () = signals::stopped() => {}
    }
    server.shutdown().await;
    Ok(())
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

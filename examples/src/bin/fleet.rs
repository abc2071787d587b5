//! Thousands of simulated devices in one process: a load source, and a test of servers.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::Parser;
use lwm2m_examples::{
    cli::{self, Common},
    fleet::{self, Plan},
};

const EXAMPLES: &str = "\
Examples:
  fleet --devices 100                          against the server of this machine, until ctrl-c
  fleet --devices 10000 --duration 60s         for a minute; then de-registers and prints the table
  fleet --devices 10000 --update-every 30s     an Update of each device every half minute
  fleet --server coap://10.0.0.1:5683 --rate 500
  fleet --server coaps://127.0.0.1 --credentials keys.txt
                                               over DTLS; `keys psk fleet- --count 100 --credentials keys.txt` makes
                                               the file for both, `server --credentials keys.txt` takes it
  fleet --simulated --devices 100000 --lifetime 1h --loss 0.05

Every device is a whole client with a socket of its own: objects 0, 1, 3 and 3303. It ends with 0 if every device was
registered and none was refused or lost, else with 1.";

/// LwM2M fleet: registers many simulated devices with a server, keeps them alive and measures.
#[derive(Debug, Parser)]
#[command(version, styles = cli::STYLES, after_help = EXAMPLES)]
struct Args {
    /// How many devices
    #[arg(long, value_name = "N", default_value = "100", value_parser = clap::value_parser!(u32).range(1..))]
    devices: u32,
    /// URI of the server; coaps:// needs --credentials
    #[arg(long, value_name = "URI", default_value = "coap://127.0.0.1:5683")]
    server: String,
    /// File with the pre-shared key of each device, the same as the server's: for a server at coaps://
    #[arg(long, value_name = "FILE")]
    credentials: Option<PathBuf>,
    /// Lifetime of the registrations
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = cli::seconds)]
    lifetime: Duration,
    /// Send an Update so often, besides those that keep the registration alive
    #[arg(long, value_name = "TIME", value_parser = cli::seconds)]
    update_every: Option<Duration>,
    /// Change the temperature so often; a server that observes it is notified
    #[arg(long, value_name = "TIME", value_parser = cli::seconds)]
    notify_every: Option<Duration>,
    /// How long to run, after every device has been started [default: until ctrl-c]
    #[arg(long, value_name = "TIME", value_parser = cli::seconds)]
    duration: Option<Duration>,
    /// How many devices start a second
    #[arg(long, value_name = "N", default_value = "2000", value_parser = clap::value_parser!(u32).range(1..))]
    rate: u32,
    /// How many tasks poll them [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    tasks: Option<u16>,
    /// Endpoint names begin so
    #[arg(long, value_name = "TEXT", default_value = "fleet-")]
    prefix: String,
    /// Simulate the network too, with a server of our own, in virtual time: for numbers that no machine has sockets for
    #[arg(long, conflicts_with_all = ["server", "credentials", "tasks", "update_every", "notify_every"])]
    simulated: bool,
    /// Share of the simulated frames that are lost, from 0 to 1
    #[arg(long, value_name = "SHARE", default_value = "0", value_parser = cli::share, requires = "simulated")]
    loss: f64,
    #[command(flatten)]
    common: Common,
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    args.common.start_logging();
    let plan = Plan {
        devices: args.devices,
        server: if args.server.contains("://") { args.server } else { format!("coap://{}", args.server) },
        lifetime: args.lifetime,
        update_every: args.update_every,
        notify_every: args.notify_every,
        duration: args.duration,
        rate: args.rate,
        tasks: args.tasks.map_or_else(cores, usize::from),
        prefix: args.prefix,
        credentials: args.credentials,
    };
    if args.simulated {
        return cli::exit(fleet::simulate(&plan, args.loss));
    }
    cli::exit(fleet::run(plan).await)
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

//! Measures what one server process spends per message, and what it holds per device.
//!
//! The server under test is a child process; this process is a raw generator that speaks prepared frames, so that
//! its own cost does not matter. An echo of datagrams is measured in the same run, for comparison.

#![expect(clippy::disallowed_methods, reason = "a program: it owns its sockets, threads and clock")]

mod child;
mod device;
mod measure;
mod serve;
mod session;

use std::time::Duration;

use clap::{Parser, Subcommand};
use lwm2m_examples::{cli, say};

use crate::{child::Child, device::Device, measure::Report};

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What one server process spends per message, and what it holds per device.
///
/// Without a subcommand: starts a server as a child process, drives it to saturation over loopback, and prints a
/// table of server CPU time per message. Numbers are only worth comparing within one run.
///
///     load
///     load --devices 500 --seconds 1
///     load --dtls
///     load memory --devices 100000
#[derive(Parser)]
#[command(version, verbatim_doc_comment)]
struct Args {
    #[command(subcommand)]
    mode: Option<Mode>,
    /// How many devices take part.
    #[arg(long, value_name = "N", default_value = "2000", value_parser = devices, global = true)]
    devices: usize,
    /// How long each phase lasts.
    #[arg(long, value_name = "S", default_value = "3", value_parser = seconds)]
    seconds: Duration,
    /// Shards of the server under test.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..), global = true)]
    shards: u8,
    /// The same over DTLS, too (with `memory`: instead), with pre-shared keys and AES-128-CCM_8.
    #[arg(long, global = true)]
    dtls: bool,
}

#[derive(Subcommand)]
enum Mode {
    /// Resident memory per registered device and per observation.
    Memory,
    /// The server under test.
    #[command(hide = true)]
    Serve,
    /// The echo under test.
    #[command(hide = true)]
    Echo,
}

fn devices(text: &str) -> Result<usize, &'static str> {
    text.parse().ok().filter(|number| *number > 0).ok_or("a whole number from 1 is expected")
}

/// Also parts of a second.
fn seconds(text: &str) -> Result<Duration, &'static str> {
    let number = text.parse().ok().and_then(|number| Duration::try_from_secs_f64(number).ok());
    number.filter(|time| !time.is_zero()).ok_or("a number of seconds above 0 is expected")
}

fn main() -> Outcome<()> {
    let args = Args::parse();
    match args.mode {
        Some(Mode::Serve) => serve::serve(args.shards, args.dtls),
        Some(Mode::Echo) => serve::echo(),
        Some(Mode::Memory) => memory(&args),
        None => speed(&args),
    }
}

fn speed(args: &Args) -> Outcome<()> {
    let time = args.seconds;
    let mut report = Report::default();
    let mut echo = Child::start(&["echo"])?;
    let mut devices = device::open(args.devices, echo.port, false)?;
    report.phase("echo of 60 bytes", &mut echo, |_| device::echo(&mut devices, time))?;
    drop((echo, devices));

    phases(args, &mut report, &NAMES, false)?;
    if args.dtls {
        phases(args, &mut report, &NAMES_OF_DTLS, true)?;
    }
    cli::print(&report);
    if args.dtls {
        let names = NAMES.iter().zip(NAMES_OF_DTLS).skip(1);
        for (name, over_dtls) in names {
            say!("{over_dtls}: {:.2} times {name}", report.ratio(over_dtls, name));
        }
    }
    Ok(())
}

const NAMES: [&str; 5] =
    ["registration", "update", "read", "non-confirmable notification", "confirmable notification"];
const NAMES_OF_DTLS: [&str; 5] = [
    "registration over DTLS",
    "update over DTLS",
    "read over DTLS",
    "non-confirmable notification over DTLS",
    "confirmable notification over DTLS",
];

fn serve(args: &Args, dtls: bool) -> Outcome<Child> {
    let shards = args.shards.to_string();
    let mode = ["serve", "--shards", &shards, "--dtls"];
    Child::start(mode.get(..if dtls { 4 } else { 3 }).unwrap_or_default())
}

fn phases(args: &Args, report: &mut Report, names: &[&'static str; 5], dtls: bool) -> Outcome<()> {
    let time = args.seconds;
    let [register, update, read, non_confirmable, confirmable] = *names;
    let mut server = serve(args, dtls)?;
    let mut devices = Vec::new();
    if dtls {
        report.phase("handshake with a pre-shared key", &mut server, |server| {
            devices = device::open(args.devices, server.port, true)?;
            Ok(devices.len() as u64)
        })?;
    } else {
        devices = device::open(args.devices, server.port, false)?;
    }
    report.phase(register, &mut server, |_| device::register(&mut devices))?;
    report.phase(update, &mut server, |_| device::update(&mut devices, time))?;
    report.phase(read, &mut server, |server| device::answer_reads(&mut devices, server, time))?;
    device::accept_observations(&mut devices, &mut server)?;
    report.phase(non_confirmable, &mut server, |server| {
        device::notify(&mut devices, server, time, device::Kind::Non)
    })?;
    report.phase(confirmable, &mut server, |server| {
        device::notify(&mut devices, server, time, device::Kind::Con)
    })
}

fn memory(args: &Args) -> Outcome<()> {
    let server = serve(args, args.dtls)?;
    // Buffers and code that any number of devices needs are in place before the first reading.
    let mut first = device::open(64, server.port, args.dtls)?;
    device::register(&mut first)?;
    let before = server.resident()?;
    let devices = Device::register_in_passing(args.devices, server.port, args.dtls)?;
    let after = server.resident()?;
    say!("| what | devices | bytes each |\n|---|--:|--:|");
    say!("| registration | {devices} | {} |", after.saturating_sub(before) / devices.max(1));
    drop(first);
    drop(server);

    // Observed devices must answer: each keeps its socket.
    let observed = args.devices.min(device::sockets(args.devices)?);
    let mut server = serve(args, args.dtls)?;
    let mut devices = device::open_registered(observed, server.port, args.dtls)?;
    // The child lists all devices before it observes them; what the allocator keeps of that is no observation.
    server.ask("devices")?;
    let before = server.resident()?;
    device::accept_observations(&mut devices, &mut server)?;
    let after = server.resident()?;
    say!("| observation | {observed} | {} |", after.saturating_sub(before) / observed.max(1));
    Ok(())
}

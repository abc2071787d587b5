//! Measures what one server process spends per message, and what it holds per device.
//!
//! The server under test is a child process; this process is a raw generator that speaks prepared frames, so that
//! its own cost does not matter. An echo of datagrams is measured in the same run, for comparison.

#![expect(clippy::disallowed_methods, reason = "a program: it owns its sockets, threads and clock")]

mod child;
mod device;
mod measure;
mod serve;

use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::{child::Child, device::Device, measure::Report};

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What one server process spends per message, and what it holds per device.
///
/// Without a subcommand: starts a server as a child process, drives it to saturation over loopback, and prints a
/// table of server CPU time per message. Numbers are only worth comparing within one run.
///
///     load
///     load --devices 500 --seconds 1
///     load memory --devices 100000
#[derive(Parser)]
#[command(verbatim_doc_comment)]
struct Args {
    #[command(subcommand)]
    mode: Option<Mode>,
    /// How many devices take part.
    #[arg(long, default_value_t = 2000, global = true)]
    devices: usize,
    /// How long each phase lasts, in seconds.
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// Shards of the server under test.
    #[arg(long, default_value_t = 1, global = true)]
    shards: u8,
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

fn main() -> Outcome<()> {
    let args = Args::parse();
    match args.mode {
        Some(Mode::Serve) => serve::serve(args.shards),
        Some(Mode::Echo) => serve::echo(),
        Some(Mode::Memory) => memory(&args),
        None => speed(&args),
    }
}

fn speed(args: &Args) -> Outcome<()> {
    let time = Duration::from_secs_f64(args.seconds);
    let mut report = Report::default();
    let mut echo = Child::start(&["echo"])?;
    let mut devices = device::open(args.devices, echo.port)?;
    report.phase("echo of 60 bytes", &mut echo, |_| device::echo(&mut devices, time))?;
    drop((echo, devices));

    let mut server = Child::start(&["serve", "--shards", &args.shards.to_string()])?;
    let mut devices = device::open(args.devices, server.port)?;
    report.phase("registration", &mut server, |_| device::register(&mut devices))?;
    report.phase("update", &mut server, |_| device::update(&mut devices, time))?;
    report.phase("read", &mut server, |server| device::answer_reads(&mut devices, server, time))?;
    device::accept_observations(&mut devices, &mut server)?;
    report.phase("non-confirmable notification", &mut server, |server| {
        device::notify(&mut devices, server, time, device::Kind::Non)
    })?;
    report.phase("confirmable notification", &mut server, |server| {
        device::notify(&mut devices, server, time, device::Kind::Con)
    })?;
    print!("{report}");
    Ok(())
}

fn memory(args: &Args) -> Outcome<()> {
    let server = Child::start(&["serve", "--shards", &args.shards.to_string()])?;
    // Buffers and code that any number of devices needs are in place before the first reading.
    let mut first = device::open(64, server.port)?;
    device::register(&mut first)?;
    let before = server.resident()?;
    let devices = Device::register_in_passing(args.devices, server.port)?;
    let after = server.resident()?;
    println!("| what | devices | bytes each |\n|---|--:|--:|");
    println!("| registration | {devices} | {} |", after.saturating_sub(before) / devices.max(1));
    drop(first);
    drop(server);

    // Observed devices must answer: each keeps its socket.
    let observed = args.devices.min(device::sockets(args.devices)?);
    let mut server = Child::start(&["serve", "--shards", &args.shards.to_string()])?;
    let mut devices = device::open(observed, server.port)?;
    device::register(&mut devices)?;
    // The child lists all devices before it observes them; what the allocator keeps of that is no observation.
    server.ask("devices")?;
    let before = server.resident()?;
    device::accept_observations(&mut devices, &mut server)?;
    let after = server.resident()?;
    println!("| observation | {observed} | {} |", after.saturating_sub(before) / observed.max(1));
    Ok(())
}

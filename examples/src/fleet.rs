//! A fleet of simulated devices: each a whole client with a socket of its own, polled by few tasks.

mod device;
mod keys;
mod report;
mod room;
mod simulated;
mod stats;

use std::{fmt::Display, path::PathBuf, sync::Arc, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use lwm2m_core::coap;
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

pub use self::simulated::simulate;
use self::{keys::Keys, room::Room, stats::Stats};
use crate::{say, signals};

/// How long devices may take to leave.
const LEAVING: Duration = Duration::from_secs(20);

/// What a fleet is to do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many devices.
    pub devices: u32,
    /// URI of the server.
    pub server: String,
    /// Lifetime of the registrations.
    pub lifetime: Duration,
    /// How often each device sends an Update, besides those that keep it registered.
    pub update_every: Option<Duration>,
    /// How often each changes its temperature.
    pub notify_every: Option<Duration>,
    /// How long to run after every device has been started; `None`: until a signal.
    pub duration: Option<Duration>,
    /// How many start a second.
    pub rate: u32,
    /// How many tasks poll them.
    pub tasks: usize,
    /// Beginning of the endpoint names.
    pub prefix: String,
    /// File with the keys of the devices.
    pub credentials: Option<PathBuf>,
}

/// What a device can know of the fleet.
struct Fleet {
    plan: Plan,
    room: Room,
    keys: Keys,
    stats: Stats,
    began: Instant,
    /// Shared by all devices.
    coap: Arc<coap::Config>,
    /// True: de-register and end.
    leave: watch::Receiver<bool>,
}

/// Runs a fleet to its end and prints what was measured.
///
/// # Errors
/// It does not fit this machine, or not every device was registered and stayed so.
pub async fn run(plan: Plan) -> Result<(), String> {
    let keys = Keys::of(&plan)?;
    let room = Room::of(&plan).await?;
    let (leave, leaving) = watch::channel(false);
    let fleet = Arc::new(Fleet {
        stats: Stats::new(plan.tasks),
        room,
        keys,
        began: now(),
        coap: Arc::default(),
        leave: leaving,
        plan,
    });
    say!("{} devices against {} from {}", fleet.plan.devices, fleet.plan.server, fleet.room);
    let groups: Vec<_> = (0..fleet.plan.tasks).map(|group| spawn(group, Arc::clone(&fleet))).collect();
    let bar = report::bar(&fleet);
    tokio::select! {
        () = watch_over(&fleet, &bar) => {}
        () = signals::stopped() => bar.println("stopping"),
    }
    let measured = fleet.began.elapsed();
    let resident = report::resident();
    leave.send_replace(true);
    let ended = tokio::time::timeout(LEAVING, async {
        for group in groups {
            group.await.ok();
        }
    });
    let left_in_time = ended.await.is_ok();
    bar.finish_and_clear();
    report::print(&fleet, measured, resident);
    verdict(&fleet, left_in_time)
}

/// Until the time is over.
async fn watch_over(fleet: &Fleet, bar: &indicatif::ProgressBar) {
    let start_up = Duration::from_secs_f64(f64::from(fleet.plan.devices) / f64::from(fleet.plan.rate));
    let end = fleet.plan.duration.map(|duration| fleet.began + start_up + duration);
    let mut tick = tokio::time::interval(Duration::from_millis(200));
    while end.is_none_or(|end| now() < end) {
        tick.tick().await;
        report::show(fleet, bar);
    }
}

/// One task for its share of the devices: those whose number leaves this remainder.
#[allow(clippy::disallowed_methods, reason = "a program")]
fn spawn(group: usize, fleet: Arc<Fleet>) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut running = FuturesUnordered::new();
        let mine = (0..fleet.plan.devices).skip(group).step_by(fleet.plan.tasks);
        for number in mine {
            let start = fleet.began + Duration::from_secs_f64(f64::from(number) / f64::from(fleet.plan.rate));
            loop {
                tokio::select! {
                    () = sleep_until(start) => break,
                    Some(()) = running.next() => {}
                    else => {}
                }
            }
            if *fleet.leave.borrow() {
                break;
            }
            running.push(device::run(number, group, Arc::clone(&fleet)));
        }
        while running.next().await.is_some() {}
    })
}

fn verdict(fleet: &Fleet, left_in_time: bool) -> Result<(), String> {
    let problems = fleet.stats.problems();
    let registered = fleet.stats.ever_registered();
    let wrong = |what: &dyn Display| Err(what.to_string());
    if registered < u64::from(fleet.plan.devices) {
        return wrong(&format_args!("{registered} of {} devices were registered", fleet.plan.devices));
    }
    if problems > 0 {
        return wrong(&format_args!("{problems} times a device was refused, lost or failed"));
    }
    if !left_in_time {
        return wrong(&"not every device could leave in time");
    }
    Ok(())
}

#[allow(clippy::disallowed_methods, reason = "a program")]
fn now() -> Instant {
    Instant::now()
}

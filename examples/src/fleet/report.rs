//! What a fleet shows: a line while it runs, a table at the end.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Fleet, stats::Kind};
use crate::say;

/// The line; invisible where standard error is no terminal.
pub(super) fn bar(fleet: &Fleet) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(
        Some(u64::from(fleet.plan.devices)),
        ProgressDrawTarget::stderr_with_hz(5),
    );
    if let Ok(style) =
        ProgressStyle::with_template("{elapsed_precise} [{bar:30}] {pos}/{len} registered {msg}")
    {
        bar.set_style(style.progress_chars("=> "));
    }
    bar
}

pub(super) fn show(fleet: &Fleet, bar: &ProgressBar) {
    let stats = &fleet.stats;
    bar.set_position(stats.ever_registered());
    let mut text = format!("{} updates", stats.updates.get());
    if stats.observed.get() > 0 {
        text += &format!(", {} observed, {} changes", stats.observed.get(), stats.changes.get());
    }
    if stats.problems() > 0 {
        text += &format!(", {} problems", stats.problems());
    }
    bar.set_message(text);
}

pub(super) fn print(fleet: &Fleet, measured: Duration, resident: Option<u64>) {
    let stats = &fleet.stats;
    let per_second = |count: u64| count as f64 / measured.as_secs_f64().max(0.001);
    say!(
        "{:<14}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}",
        "",
        "count",
        "per s",
        "p50 ms",
        "p90 ms",
        "p99 ms",
        "p99.9 ms",
        "max ms"
    );
    for kind in Kind::ALL {
        let count = if kind == Kind::Registration { stats.registered.get() } else { stats.updates.get() };
        let row = format!("{:<14}{count:>10}{:>10.1}", kind.name(), per_second(count));
        let times = stats.times(kind);
        if times.is_empty() {
            say!("{row}");
            continue;
        }
        let at = |quantile| times.value_at_quantile(quantile) as f64 / 1000.0;
        let values = [at(0.5), at(0.9), at(0.99), at(0.999), times.max() as f64 / 1000.0];
        say!("{row}{}", values.map(|value| format!("{value:>10.2}")).concat());
    }
    say!("value changes {}, observations {}", stats.changes.get(), stats.observed.get());
    say!(
        "refused {}, unreachable {}, notifications undelivered {}, failed {}",
        stats.refused.get(),
        stats.unreachable.get(),
        stats.undelivered.get(),
        stats.failed.get()
    );
    if let Some(resident) = resident {
        let each = resident as f64 / 1024.0 / f64::from(fleet.plan.devices.max(1));
        say!("resident memory {:.1} MiB, {each:.1} KiB a device", resident as f64 / 1_048_576.0);
    }
}

/// Octets of memory in use.
pub(super) fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib * 1024)
}

/// Time that the first thread of this process has computed.
pub(super) fn computed() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    stat.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

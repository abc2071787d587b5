//! CPU time per message, phase by phase.

use std::{
    fmt,
    time::{Duration, Instant},
};

use crate::{Outcome, child::Child};

struct Phase {
    name: &'static str,
    messages: u64,
    cpu: Duration,
    wall: Duration,
}

/// The table.
#[derive(Default)]
pub(crate) struct Report(Vec<Phase>);

impl Report {
    /// Runs one phase; `work` gives the number of messages that the child handled.
    pub(crate) fn phase(
        &mut self,
        name: &'static str,
        child: &mut Child,
        work: impl FnOnce(&mut Child) -> Outcome<u64>,
    ) -> Outcome<()> {
        let (cpu, wall) = (child.cpu()?, Instant::now());
        let messages = work(child)?;
        let wall = wall.elapsed();
        self.0.push(Phase { name, messages, cpu: child.cpu()?.saturating_sub(cpu), wall });
        Ok(())
    }
}

impl Report {
    /// How many times the CPU time of one phase another one takes, each message.
    pub(crate) fn ratio(&self, of: &str, to: &str) -> f64 {
        let each = |name| {
            let phase = self.0.iter().find(|phase| phase.name == name);
            phase.map_or(f64::NAN, |phase| phase.cpu.as_secs_f64() / phase.messages.max(1) as f64)
        };
        each(of) / each(to)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each = |phase: &Phase| phase.cpu.as_secs_f64() * 1e6 / phase.messages.max(1) as f64;
        let echo = self.0.first().map_or(1.0, each);
        writeln!(f, "| phase | messages | a second | server CPU each, µs | to one echo |")?;
        writeln!(f, "|---|--:|--:|--:|--:|")?;
        for phase in &self.0 {
            let (name, messages, cpu) = (phase.name, phase.messages, each(phase));
            let rate = messages as f64 / phase.wall.as_secs_f64();
            writeln!(f, "| {name} | {messages} | {rate:.0} | {cpu:.2} | {:.2} |", cpu / echo)?;
        }
        Ok(())
    }
}

//! Flags that several programs share, and how they look.

use std::{
    fmt::Display,
    io::{self, IsTerminal as _, Write as _},
    process::ExitCode,
    str::FromStr,
    time::Duration,
};

use clap::builder::styling::{AnsiColor, Styles};
use lwm2m_core::Version;
use tracing_subscriber::{
    Layer as _,
    filter::{LevelFilter, Targets},
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

/// How `--help` looks.
pub const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Yellow.on_default().bold())
    .usage(AnsiColor::Yellow.on_default().bold())
    .literal(AnsiColor::Green.on_default())
    .placeholder(AnsiColor::Cyan.on_default());

/// Flags of every program.
#[derive(clap::Args, Clone, Copy, Debug)]
pub struct Common {
    /// Write every message that comes and goes to standard error, without payloads. RUST_LOG says more
    #[arg(long)]
    pub trace: bool,
}

impl Common {
    /// Starts logging, as the flags and `RUST_LOG` say. Call it once.
    pub fn start_logging(self) {
        let mut filter = match std::env::var("RUST_LOG").ok().as_deref().map(str::parse) {
            Some(Ok(filter)) => filter,
            Some(Err(error)) => {
                eprintln!("RUST_LOG is left out: {error}");
                Targets::new().with_default(LevelFilter::WARN)
            }
            None => Targets::new().with_default(LevelFilter::WARN),
        };
        if self.trace {
            filter = filter.with_target("lwm2m::frame", LevelFilter::TRACE);
        }
        let colours = io::stderr().is_terminal();
        let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_ansi(colours);
        tracing_subscriber::registry().with(lines.with_filter(filter)).init();
    }
}

/// Ends a program: 0 after `Ok`, else 1 and `error: ..` on standard error.
pub fn exit(outcome: Result<(), impl Display>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints text to standard output. Who reads it may have enough (`| head`): then the program ends without a word.
pub fn print(text: impl Display) {
    let mut out = io::stdout().lock();
    if let Err(error) = write!(out, "{text}").and_then(|()| out.flush()) {
        if error.kind() != io::ErrorKind::BrokenPipe {
            eprintln!("error: {error}");
        }
        std::process::exit(1);
    }
}

/// Prints a line to standard output, as [`print()`] does.
#[macro_export]
macro_rules! say {
    ($($text:tt)+) => {
        $crate::cli::print(format_args!("{}\n", format_args!($($text)+)))
    };
}

/// LwM2M versions from the least to the greatest that a client speaks: `1.1`, or `1.0..1.2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions {
    /// The lowest.
    pub least: Version,
    /// The highest; it is tried first.
    pub greatest: Version,
}

impl FromStr for Versions {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let version = |text: &str| text.parse::<Version>().map_err(|_| "a version is 1.0, 1.1 or 1.2");
        let (least, greatest) = text.split_once("..").unwrap_or((text, text));
        let (least, greatest) = (version(least)?, version(greatest)?);
        if least > greatest {
            Err("the lower version comes first: 1.0..1.2")
        } else {
            Ok(Self { least, greatest })
        }
    }
}

/// A duration: `300` or `300s`, `5m`, `2h`, `1d`.
///
/// # Errors
/// It is no such text, or too long a time.
pub fn seconds(text: &str) -> Result<Duration, &'static str> {
    let (digits, unit) = match text.char_indices().last() {
        Some((at, 's')) => (text.get(..at), 1),
        Some((at, 'm')) => (text.get(..at), 60),
        Some((at, 'h')) => (text.get(..at), 3600),
        Some((at, 'd')) => (text.get(..at), 86_400),
        _ => (Some(text), 1),
    };
    let number: u32 = digits
        .and_then(|digits| digits.parse().ok())
        .ok_or("a time is a number of seconds, or 5m, 2h, 1d")?;
    number.checked_mul(unit).map(|seconds| Duration::from_secs(u64::from(seconds))).ok_or("that is too long")
}

/// A share, from 0 to 1.
///
/// # Errors
/// It is no such number.
pub fn share(text: &str) -> Result<f64, &'static str> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or("a share is a number from 0 to 1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        for (text, seconds_) in
            [("0", 0), ("300", 300), ("30s", 30), ("5m", 300), ("2h", 7200), ("1d", 86_400)]
        {
            assert_eq!(seconds(text), Ok(Duration::from_secs(seconds_)), "{text}");
        }
        for wrong in ["", "s", "-5", "5 m", "1.5", "5w", "99999d", "4294967296"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn version_ranges_have_a_lower_and_an_upper_end() {
        let range = |least, greatest| Ok(Versions { least, greatest });
        assert_eq!("1.1".parse(), range(Version::V1_1, Version::V1_1));
        assert_eq!("1.0..1.2".parse(), range(Version::V1_0, Version::V1_2));
        for wrong in ["", "1", "1.3", "1.2..1.0", "1.0..", "1.0-1.2"] {
            assert!(wrong.parse::<Versions>().is_err(), "{wrong}");
        }
    }
}

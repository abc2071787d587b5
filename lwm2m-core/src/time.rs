//! Points in time, as plain numbers: nothing in this crate below the driver can read a clock.

use std::time::Duration;

/// Microseconds since the driver began. Never decreases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mono(pub u64);

impl Mono {
    /// This moment plus `wait`, at most the greatest representable moment.
    #[must_use]
    pub const fn after(self, wait: Duration) -> Self {
        Self(self.0.saturating_add(micros(wait)))
    }

    /// How long ago `earlier` was; zero if it is still to come.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }
}

/// Microseconds since 1970-01-01 UTC: exact for the decimal and `f64` times of SenML.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct UnixTime(pub i64);

impl UnixTime {
    /// Whole seconds since 1970.
    #[must_use]
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// Whole seconds since 1970, rounded down.
    #[must_use]
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// This moment plus `wait`, at most the greatest representable moment.
    #[must_use]
    pub const fn after(self, wait: Duration) -> Self {
        let wait = micros(wait);
        Self(self.0.saturating_add(if wait > i64::MAX as u64 { i64::MAX } else { wait as i64 }))
    }

    /// How long after `earlier` this is; zero if it is before.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        let passed = self.0.saturating_sub(earlier.0);
        Duration::from_micros(if passed < 0 { 0 } else { passed as u64 })
    }
}

/// Both readings, taken together by the driver.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// For every wait and time-out that does not outlive the process.
    pub mono: Mono,
    /// For what outlives the process. `None` on a device that does not know the time of day; it may jump.
    pub wall: Option<UnixTime>,
}

const fn micros(wait: Duration) -> u64 {
    let micros = wait.as_micros();
    if micros > u64::MAX as u128 { u64::MAX } else { micros as u64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_saturate_instead_of_wrapping() {
        assert_eq!(Mono(u64::MAX).after(Duration::from_secs(1)), Mono(u64::MAX));
        assert_eq!(Mono(0).after(Duration::MAX), Mono(u64::MAX));
        assert_eq!(UnixTime(i64::MAX).after(Duration::from_secs(1)), UnixTime(i64::MAX));
        assert_eq!(Mono(1).since(Mono(5)), Duration::ZERO);
        assert_eq!(UnixTime(1).since(UnixTime(5)), Duration::ZERO);
    }

    #[test]
    fn seconds_round_down_before_1970_too() {
        assert_eq!(UnixTime(-1).as_secs(), -1);
        assert_eq!(UnixTime::from_secs(5).as_secs(), 5);
    }
}

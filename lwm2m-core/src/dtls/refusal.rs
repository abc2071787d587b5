//! Why something of the peer was refused, and with which alert.

use std::fmt;

use super::message::AlertDescription;

/// What is wrong with something that the peer sent, and the alert that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// For the fatal alert.
    pub alert: AlertDescription,
    /// Names the place.
    pub what: &'static str,
}

impl Refusal {
    /// A refusal.
    #[must_use]
    pub const fn new(alert: AlertDescription, what: &'static str) -> Self {
        Self { alert, what }
    }

    /// `decode_error`: the syntax is wrong.
    #[must_use]
    pub const fn decode(what: &'static str) -> Self {
        Self::new(AlertDescription::DECODE_ERROR, what)
    }

    /// `illegal_parameter`: the syntax is right, the value is not.
    #[must_use]
    pub const fn illegal(what: &'static str) -> Self {
        Self::new(AlertDescription::ILLEGAL_PARAMETER, what)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.alert, self.what)
    }
}

impl std::error::Error for Refusal {}

//! Location (6), version 1.0. [Core 1.2 §E.7]

use lwm2m_core::{Bytes, Object, Time};

/// Location (6): where the device is.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 6, version = "1.0", serde)]
pub struct Location {
    /// Degrees north, WGS 84.
    #[resource(id = 0, ops = "r", mandatory, unit = "lat")]
    pub latitude: f64,
    /// Degrees east, WGS 84.
    #[resource(id = 1, ops = "r", mandatory, unit = "lon")]
    pub longitude: f64,
    /// Above sea level.
    #[resource(id = 2, ops = "r", unit = "m")]
    pub altitude: Option<f64>,
    /// Of the circle around the position that the device is in.
    #[resource(id = 3, ops = "r", unit = "m")]
    pub radius: Option<f64>,
    /// Encoded as 3GPP TS 23.032 has it.
    #[resource(id = 4, ops = "r")]
    pub velocity: Option<Bytes>,
    /// When it was measured.
    #[resource(id = 5, ops = "r", mandatory)]
    pub timestamp: Time,
    /// Without direction.
    #[resource(id = 6, ops = "r", unit = "m/s")]
    pub speed: Option<f64>,
}

impl Location {
    /// A measured position in degrees.
    #[must_use]
    pub fn at(latitude: f64, longitude: f64, timestamp: Time) -> Self {
        Self { latitude, longitude, timestamp, ..Self::default() }
    }
}

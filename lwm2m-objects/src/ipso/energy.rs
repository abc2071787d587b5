//! Energy (3331), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Executable, Object, Time};

/// Energy (3331).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3331, version = "1.1", name = "Energy", multiple, serde)]
pub struct Energy {
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
    /// Sensor Value.
    #[resource(id = 5700, ops = "r", mandatory)]
    pub sensor_value: f64,
    /// Sensor Units.
    #[resource(id = 5701, ops = "r")]
    pub sensor_units: Option<String>,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
    /// Reset Cumulative energy.
    #[resource(id = 5822, execute, name = "Reset Cumulative energy")]
    pub reset_cumulative_energy: Option<Executable>,
    /// Measurement Quality Indicator.
    #[resource(id = 6042, ops = "r", range(0, 23))]
    pub measurement_quality_indicator: Option<i64>,
    /// Measurement Quality Level.
    #[resource(id = 6049, ops = "r", range(0, 100))]
    pub measurement_quality_level: Option<i64>,
    /// Fractional Timestamp, in s.
    #[resource(id = 6050, ops = "r", range(0, 1), unit = "s")]
    pub fractional_timestamp: Option<f64>,
}

//! Gas meter (3423), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Executable, Object, Time};

/// Gas meter (3423).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3423, version = "1.1", name = "Gas meter", multiple, serde)]
pub struct GasMeter {
    /// Cumulated gas volume, in m3.
    #[resource(id = 1, ops = "r", name = "Cumulated gas volume", mandatory, unit = "m3")]
    pub cumulated_gas_volume: f64,
    /// Cumulated gas meter value reset.
    #[resource(id = 2, execute, name = "Cumulated gas meter value reset")]
    pub cumulated_gas_meter_value_reset: Option<Executable>,
    /// Type of meter.
    #[resource(id = 3, ops = "rw", name = "Type of meter")]
    pub type_of_meter: Option<String>,
    /// Cumulated pulse value.
    #[resource(id = 4, ops = "r", name = "Cumulated pulse value")]
    pub cumulated_pulse_value: Option<i64>,
    /// Cumulated pulse value reset.
    #[resource(id = 5, execute, name = "Cumulated pulse value reset")]
    pub cumulated_pulse_value_reset: Option<Executable>,
    /// Pulse ratio.
    #[resource(id = 6, ops = "rw", name = "Pulse ratio")]
    pub pulse_ratio: Option<i64>,
    /// Minimum flow rate, in m3/s.
    #[resource(id = 7, ops = "r", name = "Minimum flow rate", unit = "m3/s")]
    pub minimum_flow_rate: Option<f64>,
    /// Maximum flow rate, in m3/s.
    #[resource(id = 8, ops = "r", name = "Maximum flow rate", unit = "m3/s")]
    pub maximum_flow_rate: Option<f64>,
    /// Leak suspected.
    #[resource(id = 9, ops = "r", name = "Leak suspected")]
    pub leak_suspected: Option<bool>,
    /// Leak detected.
    #[resource(id = 10, ops = "r", name = "Leak detected")]
    pub leak_detected: Option<bool>,
    /// High temperature.
    #[resource(id = 11, ops = "r", name = "High temperature")]
    pub high_temperature: Option<bool>,
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
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

//! Water meter (3424), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Executable, Object, Time};

/// Water meter (3424).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3424, version = "1.1", name = "Water meter", multiple, serde)]
pub struct WaterMeter {
    /// Cumulated water volume, in m3.
    #[resource(id = 1, ops = "r", name = "Cumulated water volume", mandatory, unit = "m3")]
    pub cumulated_water_volume: f64,
    /// Cumulated water meter value reset.
    #[resource(id = 2, execute, name = "Cumulated water meter value reset")]
    pub cumulated_water_meter_value_reset: Option<Executable>,
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
    /// Back flow detected.
    #[resource(id = 11, ops = "r", name = "Back flow detected")]
    pub back_flow_detected: Option<bool>,
    /// Blocked meter.
    #[resource(id = 12, ops = "r", name = "Blocked meter")]
    pub blocked_meter: Option<bool>,
    /// Fraud detected.
    #[resource(id = 13, ops = "r", name = "Fraud detected")]
    pub fraud_detected: Option<bool>,
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

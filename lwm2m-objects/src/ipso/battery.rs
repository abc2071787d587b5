//! Battery (3411), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Executable, Object, Time};

/// Battery (3411).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3411, version = "1.1", name = "Battery", multiple, serde)]
pub struct Battery {
    /// Battery level, in /100.
    #[resource(id = 1, ops = "r", name = "Battery level", mandatory, unit = "/100")]
    pub battery_level: i64,
    /// Battery capacity, in Ah.
    #[resource(id = 2, ops = "r", name = "Battery capacity", unit = "Ah")]
    pub battery_capacity: Option<f64>,
    /// Battery voltage, in V.
    #[resource(id = 3, ops = "r", name = "Battery voltage", unit = "V")]
    pub battery_voltage: Option<f64>,
    /// Type of battery.
    #[resource(id = 4, ops = "rw", name = "Type of battery")]
    pub type_of_battery: Option<String>,
    /// Low battery threshold, in /100.
    #[resource(id = 5, ops = "rw", name = "Low battery threshold", unit = "/100")]
    pub low_battery_threshold: Option<i64>,
    /// Battery level too low.
    #[resource(id = 6, ops = "r", name = "Battery level too low")]
    pub battery_level_too_low: Option<bool>,
    /// Battery shutdown.
    #[resource(id = 7, ops = "rw", name = "Battery shutdown")]
    pub battery_shutdown: Option<bool>,
    /// Number of cycles.
    #[resource(id = 8, ops = "r", name = "Number of cycles")]
    pub number_of_cycles: Option<i64>,
    /// Supply loss.
    #[resource(id = 9, ops = "r", name = "Supply loss")]
    pub supply_loss: Option<bool>,
    /// Supply loss counter.
    #[resource(id = 10, ops = "r", name = "Supply loss counter")]
    pub supply_loss_counter: Option<i64>,
    /// Supply loss counter reset.
    #[resource(id = 11, execute, name = "Supply loss counter reset")]
    pub supply_loss_counter_reset: Option<Executable>,
    /// Supply loss reason.
    #[resource(id = 12, ops = "r", name = "Supply loss reason")]
    pub supply_loss_reason: Option<String>,
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

//! Filling level (3435), version 2.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Executable, Object, Time};

/// Filling level (3435).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3435, version = "2.0", name = "Filling level", multiple, serde)]
pub struct FillingLevel {
    /// Container height, in cm.
    #[resource(id = 1, ops = "rw", name = "Container height", unit = "cm")]
    pub container_height: Option<i64>,
    /// Actual filling percentage, in /100.
    #[resource(id = 2, ops = "r", name = "Actual filling percentage", mandatory, unit = "/100")]
    pub actual_filling_percentage: f64,
    /// Actual filling level, in cm.
    #[resource(id = 3, ops = "r", name = "Actual filling level", unit = "cm")]
    pub actual_filling_level: Option<i64>,
    /// High threshold, in /100.
    #[resource(id = 4, ops = "rw", name = "High threshold", unit = "/100")]
    pub high_threshold: Option<f64>,
    /// Container full.
    #[resource(id = 5, ops = "r", name = "Container full", mandatory)]
    pub container_full: bool,
    /// Low threshold, in /100.
    #[resource(id = 6, ops = "rw", name = "Low threshold", unit = "/100")]
    pub low_threshold: Option<f64>,
    /// Container empty.
    #[resource(id = 7, ops = "r", name = "Container empty", mandatory)]
    pub container_empty: bool,
    /// Average filling speed, in /100.
    #[resource(id = 8, ops = "r", name = "Average filling speed", unit = "/100")]
    pub average_filling_speed: Option<f64>,
    /// Average filling speed reset.
    #[resource(id = 9, execute, name = "Average filling speed reset")]
    pub average_filling_speed_reset: Option<Executable>,
    /// Forecast full date.
    #[resource(id = 10, ops = "r", name = "Forecast full date")]
    pub forecast_full_date: Option<Time>,
    /// Forecast empty date.
    #[resource(id = 11, ops = "r", name = "Forecast empty date")]
    pub forecast_empty_date: Option<Time>,
    /// Container out of location.
    #[resource(id = 12, ops = "r", name = "Container out of location")]
    pub container_out_of_location: Option<bool>,
    /// Container out of position.
    #[resource(id = 13, ops = "r", name = "Container out of position")]
    pub container_out_of_position: Option<bool>,
    /// Container width, in cm.
    #[resource(id = 14, ops = "rw", name = "Container width", unit = "cm")]
    pub container_width: Option<i64>,
    /// Container installation type, in cm.
    #[resource(id = 15, ops = "rw", name = "Container installation type", unit = "cm")]
    pub container_installation_type: Option<String>,
    /// Container volume max, in m3.
    #[resource(id = 16, ops = "rw", name = "Container volume max", unit = "m3")]
    pub container_volume_max: Option<f64>,
    /// Filling sensor position.
    #[resource(id = 17, ops = "rw", name = "Filling sensor position")]
    pub filling_sensor_position: Option<String>,
    /// Type of materials.
    #[resource(id = 18, ops = "rw", name = "Type of materials")]
    pub type_of_materials: Option<String>,
    /// Filling operations counter.
    #[resource(id = 19, ops = "r", name = "Filling operations counter")]
    pub filling_operations_counter: Option<i64>,
    /// Reset filling operations counter.
    #[resource(id = 20, execute, name = "Reset filling operations counter")]
    pub reset_filling_operations_counter: Option<Executable>,
    /// Cover open.
    #[resource(id = 21, ops = "r", name = "Cover open")]
    pub cover_open: Option<bool>,
    /// Temperature alarm.
    #[resource(id = 22, ops = "r", name = "Temperature alarm")]
    pub temperature_alarm: Option<bool>,
    /// Water infiltration alarm.
    #[resource(id = 23, ops = "r", name = "Water infiltration alarm")]
    pub water_infiltration_alarm: Option<bool>,
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

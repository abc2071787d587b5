//! Power Measurement (3305), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Executable, Object, Time};

/// Power Measurement (3305).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3305, version = "1.1", name = "Power Measurement", multiple, serde)]
pub struct PowerMeasurement {
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
    /// Reset Min and Max Measured Values.
    #[resource(id = 5605, execute, name = "Reset Min and Max Measured Values")]
    pub reset_min_and_max_measured_values: Option<Executable>,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
    /// Instantaneous active power, in W.
    #[resource(id = 5800, ops = "r", name = "Instantaneous active power", mandatory, unit = "W")]
    pub instantaneous_active_power: f64,
    /// Min Measured active power, in W.
    #[resource(id = 5801, ops = "r", name = "Min Measured active power", unit = "W")]
    pub min_measured_active_power: Option<f64>,
    /// Max Measured active power, in W.
    #[resource(id = 5802, ops = "r", name = "Max Measured active power", unit = "W")]
    pub max_measured_active_power: Option<f64>,
    /// Min Range active power, in W.
    #[resource(id = 5803, ops = "r", name = "Min Range active power", unit = "W")]
    pub min_range_active_power: Option<f64>,
    /// Max Range active power, in W.
    #[resource(id = 5804, ops = "r", name = "Max Range active power", unit = "W")]
    pub max_range_active_power: Option<f64>,
    /// Cumulative active power, in Wh.
    #[resource(id = 5805, ops = "r", name = "Cumulative active power", unit = "Wh")]
    pub cumulative_active_power: Option<f64>,
    /// Active Power Calibration, in W.
    #[resource(id = 5806, ops = "w", unit = "W")]
    pub active_power_calibration: Option<f64>,
    /// Instantaneous reactive power, in var.
    #[resource(id = 5810, ops = "r", name = "Instantaneous reactive power", unit = "var")]
    pub instantaneous_reactive_power: Option<f64>,
    /// Min Measured reactive power, in var.
    #[resource(id = 5811, ops = "r", name = "Min Measured reactive power", unit = "var")]
    pub min_measured_reactive_power: Option<f64>,
    /// Max Measured reactive power, in var.
    #[resource(id = 5812, ops = "r", name = "Max Measured reactive power", unit = "var")]
    pub max_measured_reactive_power: Option<f64>,
    /// Min Range reactive power, in var.
    #[resource(id = 5813, ops = "r", name = "Min Range reactive power", unit = "var")]
    pub min_range_reactive_power: Option<f64>,
    /// Max Range reactive power, in var.
    #[resource(id = 5814, ops = "r", name = "Max Range reactive power", unit = "var")]
    pub max_range_reactive_power: Option<f64>,
    /// Cumulative reactive power, in varh.
    #[resource(id = 5815, ops = "r", name = "Cumulative reactive power", unit = "varh")]
    pub cumulative_reactive_power: Option<f64>,
    /// Reactive Power Calibration, in var.
    #[resource(id = 5816, ops = "w", unit = "var")]
    pub reactive_power_calibration: Option<f64>,
    /// Power factor.
    #[resource(id = 5820, ops = "r", name = "Power factor")]
    pub power_factor: Option<f64>,
    /// Current Calibration.
    #[resource(id = 5821, ops = "rw")]
    pub current_calibration: Option<f64>,
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

//! Electrical monitor (3418), version 2.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use std::collections::BTreeMap;

use lwm2m_core::{Executable, Object, Time};

/// Electrical monitor (3418).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3418, version = "2.0", name = "Electrical monitor", multiple, serde)]
pub struct ElectricalMonitor {
    /// Supply voltage, in V.
    #[resource(id = 1, ops = "r", name = "Supply voltage", unit = "V")]
    pub supply_voltage: Option<f64>,
    /// Supply current, in A.
    #[resource(id = 2, ops = "r", name = "Supply current", unit = "A")]
    pub supply_current: Option<f64>,
    /// Frequency, in Hz.
    #[resource(id = 3, ops = "r", unit = "Hz")]
    pub frequency: Option<f64>,
    /// Active power, in W.
    #[resource(id = 4, ops = "r", name = "Active power", unit = "W")]
    pub active_power: Option<f64>,
    /// Power factor.
    #[resource(id = 5, ops = "r", name = "Power factor", range(-1, 1))]
    pub power_factor: Option<f64>,
    /// Cumulated active energy, in Wh.
    #[resource(id = 6, ops = "r", name = "Cumulated active energy", unit = "Wh")]
    pub cumulated_active_energy: Option<f64>,
    /// Energy reset.
    #[resource(id = 7, execute, name = "Energy reset")]
    pub energy_reset: Option<Executable>,
    /// Low power factor threshold.
    #[resource(id = 8, ops = "rw", name = "Low power factor threshold")]
    pub low_power_factor_threshold: Option<f64>,
    /// Low power factor.
    #[resource(id = 9, ops = "r", name = "Low power factor")]
    pub low_power_factor: Option<bool>,
    /// Low power threshold, in W.
    #[resource(id = 10, ops = "rw", name = "Low power threshold", unit = "W")]
    pub low_power_threshold: Option<f64>,
    /// Low power threshold at low dim level, in W.
    #[resource(id = 11, ops = "rw", name = "Low power threshold at low dim level", unit = "W")]
    pub low_power_threshold_at_low_dim_level: Option<f64>,
    /// Low power.
    #[resource(id = 12, ops = "r", name = "Low power")]
    pub low_power: Option<bool>,
    /// High power threshold, in W.
    #[resource(id = 13, ops = "rw", name = "High power threshold", unit = "W")]
    pub high_power_threshold: Option<f64>,
    /// High power threshold at low dim level, in W.
    #[resource(id = 14, ops = "rw", name = "High power threshold at low dim level", unit = "W")]
    pub high_power_threshold_at_low_dim_level: Option<f64>,
    /// High power.
    #[resource(id = 15, ops = "r", name = "High power")]
    pub high_power: Option<bool>,
    /// Low current threshold, in A.
    #[resource(id = 16, ops = "rw", name = "Low current threshold", unit = "A")]
    pub low_current_threshold: Option<f64>,
    /// Low current.
    #[resource(id = 17, ops = "r", name = "Low current")]
    pub low_current: Option<bool>,
    /// High current threshold, in A.
    #[resource(id = 18, ops = "rw", name = "High current threshold", unit = "A")]
    pub high_current_threshold: Option<f64>,
    /// High current.
    #[resource(id = 19, ops = "r", name = "High current")]
    pub high_current: Option<bool>,
    /// Low voltage threshold, in V.
    #[resource(id = 20, ops = "rw", name = "Low voltage threshold", unit = "V")]
    pub low_voltage_threshold: Option<f64>,
    /// Low voltage.
    #[resource(id = 21, ops = "r", name = "Low voltage")]
    pub low_voltage: Option<bool>,
    /// High voltage threshold, in V.
    #[resource(id = 22, ops = "rw", name = "High voltage threshold", unit = "V")]
    pub high_voltage_threshold: Option<f64>,
    /// High voltage.
    #[resource(id = 23, ops = "r", name = "High voltage")]
    pub high_voltage: Option<bool>,
    /// Critical inrush threshold, in A.
    #[resource(id = 24, ops = "rw", name = "Critical inrush threshold", unit = "A")]
    pub critical_inrush_threshold: Option<f64>,
    /// Critical inrush current.
    #[resource(id = 25, ops = "r", name = "Critical inrush current")]
    pub critical_inrush_current: Option<bool>,
    /// Minimum inrush Current, in A.
    #[resource(id = 26, ops = "r", name = "Minimum inrush Current", unit = "A")]
    pub minimum_inrush_current: Option<f64>,
    /// Maximum inrush Current, in A.
    #[resource(id = 27, ops = "r", name = "Maximum inrush Current", unit = "A")]
    pub maximum_inrush_current: Option<f64>,
    /// Latest inrush Current, in A.
    #[resource(id = 28, ops = "r", name = "Latest inrush Current", unit = "A")]
    pub latest_inrush_current: Option<f64>,
    /// Reactive power, in var.
    #[resource(id = 29, ops = "r", name = "Reactive power", unit = "var")]
    pub reactive_power: Option<f64>,
    /// Reactive energy, in varh.
    #[resource(id = 30, ops = "r", name = "Reactive energy", unit = "varh")]
    pub reactive_energy: Option<f64>,
    /// Low power threshold at custom dim level, in W.
    #[resource(id = 31, ops = "rw", name = "Low power threshold at custom dim level", unit = "W")]
    pub low_power_threshold_at_custom_dim_level: BTreeMap<u16, f64>,
    /// High power threshold at custom dim level, in W.
    #[resource(id = 32, ops = "rw", name = "High power threshold at custom dim level", unit = "W")]
    pub high_power_threshold_at_custom_dim_level: BTreeMap<u16, f64>,
    /// Custom dim level min range, in /100.
    #[resource(id = 33, ops = "rw", name = "Custom dim level min range", unit = "/100")]
    pub custom_dim_level_min_range: BTreeMap<u16, i64>,
    /// Custom dim level max range, in /100.
    #[resource(id = 34, ops = "rw", name = "Custom dim level max range", unit = "/100")]
    pub custom_dim_level_max_range: BTreeMap<u16, i64>,
    /// Dimming level, in /100.
    #[resource(id = 35, ops = "r", name = "Dimming level", unit = "/100")]
    pub dimming_level: Option<i64>,
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

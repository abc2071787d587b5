//! Three-phase electrical meter complement (3422), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Object, Time};

/// Three-phase electrical meter complement (3422).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3422, name = "Three-phase electrical meter complement", multiple, serde)]
pub struct ThreePhaseElectricalMeterComplement {
    /// L1-L2 Voltage, in V.
    #[resource(id = 1, ops = "r", name = "L1-L2 Voltage", unit = "V")]
    pub l1_l2_voltage: Option<f64>,
    /// L2-L3 Voltage, in V.
    #[resource(id = 2, ops = "r", name = "L2-L3 Voltage", unit = "V")]
    pub l2_l3_voltage: Option<f64>,
    /// L3-L1 Voltage, in V.
    #[resource(id = 3, ops = "r", name = "L3-L1 Voltage", unit = "V")]
    pub l3_l1_voltage: Option<f64>,
    /// Total Current of all three phases, in A.
    #[resource(id = 4, ops = "r", name = "Total Current of all three phases", mandatory, unit = "A")]
    pub total_current_of_all_three_phases: f64,
    /// Instantaneous Power Factor overall.
    #[resource(id = 5, ops = "r", name = "Instantaneous Power Factor overall")]
    pub instantaneous_power_factor_overall: Option<f64>,
    /// Last Average Power Factor.
    #[resource(id = 6, ops = "r")]
    pub last_average_power_factor: Option<f64>,
    /// Minimum Power Factor.
    #[resource(id = 7, ops = "r")]
    pub minimum_power_factor: Option<f64>,
    /// Total active power import on the 3 lines, in W.
    #[resource(id = 8, ops = "r", name = "Total active power import on the 3 lines", mandatory, unit = "W")]
    pub total_active_power_import_on_the_3_lines: f64,
    /// Total active power export on the 3 lines, in W.
    #[resource(id = 9, ops = "r", name = "Total active power export on the 3 lines", unit = "W")]
    pub total_active_power_export_on_the_3_lines: Option<f64>,
    /// Total reactive power import on the 3 lines, in var.
    #[resource(
        id = 10,
        ops = "r",
        name = "Total reactive power import on the 3 lines",
        mandatory,
        unit = "var"
    )]
    pub total_reactive_power_import_on_the_3_lines: f64,
    /// Total reactive power export on the 3 lines, in var.
    #[resource(id = 11, ops = "r", name = "Total reactive power export on the 3 lines", unit = "var")]
    pub total_reactive_power_export_on_the_3_lines: Option<f64>,
    /// Instantaneous Apparent Power import, in VA.
    #[resource(id = 12, ops = "r", name = "Instantaneous Apparent Power import", range(-1, 1), unit = "VA")]
    pub instantaneous_apparent_power_import: Option<f64>,
    /// Instantaneous Apparent Power export, in VA.
    #[resource(id = 13, ops = "r", name = "Instantaneous Apparent Power export", unit = "VA")]
    pub instantaneous_apparent_power_export: Option<f64>,
    /// Instantaneous Active Power, in W.
    #[resource(id = 14, ops = "r", unit = "W")]
    pub instantaneous_active_power: Option<f64>,
    /// Instantaneous Net Active Power, in W.
    #[resource(id = 15, ops = "r", unit = "W")]
    pub instantaneous_net_active_power: Option<f64>,
    /// Measurement period of Instantaneous value, in s.
    #[resource(id = 16, ops = "r", name = "Measurement period of Instantaneous value", unit = "s")]
    pub measurement_period_of_instantaneous_value: Option<f64>,
    /// Active energy import Un, in Wh.
    #[resource(id = 17, ops = "r", name = "Active energy import Un", mandatory, unit = "Wh")]
    pub active_energy_import_un: f64,
    /// Active energy export Un, in Wh.
    #[resource(id = 18, ops = "r", name = "Active energy export Un", unit = "Wh")]
    pub active_energy_export_un: Option<f64>,
    /// Active energy Combined total (+export), in Wh.
    #[resource(id = 19, ops = "r", name = "Active energy Combined total (+export)", unit = "Wh")]
    pub active_energy_combined_total_export_19: Option<f64>,
    /// Active energy Combined total (-export), in Wh.
    #[resource(id = 20, ops = "r", name = "Active energy Combined total (-export)", unit = "Wh")]
    pub active_energy_combined_total_export_20: Option<f64>,
    /// Reactive energy import Un, in varh.
    #[resource(id = 21, ops = "r", name = "Reactive energy import Un", mandatory, unit = "varh")]
    pub reactive_energy_import_un: f64,
    /// Reactive energy export Un, in varh.
    #[resource(id = 22, ops = "r", name = "Reactive energy export Un", unit = "varh")]
    pub reactive_energy_export_un: Option<f64>,
    /// Reactive energy QI Un, in varh.
    #[resource(id = 23, ops = "r", name = "Reactive energy QI Un", unit = "varh")]
    pub reactive_energy_qi_un: Option<f64>,
    /// Reactive energy QII Un, in varh.
    #[resource(id = 24, ops = "r", name = "Reactive energy QII Un", unit = "varh")]
    pub reactive_energy_qii_un: Option<f64>,
    /// Reactive energy QIII Un, in varh.
    #[resource(id = 25, ops = "r", name = "Reactive energy QIII Un", unit = "varh")]
    pub reactive_energy_qiii_un: Option<f64>,
    /// Reactive energy QIV Un, in varh.
    #[resource(id = 26, ops = "r", name = "Reactive energy QIV Un", unit = "varh")]
    pub reactive_energy_qiv_un: Option<f64>,
    /// Apparent energy import Un, in VAh.
    #[resource(id = 27, ops = "r", name = "Apparent energy import Un", unit = "VAh")]
    pub apparent_energy_import_un: Option<f64>,
    /// Apparent energy export Un, in VAh.
    #[resource(id = 28, ops = "r", name = "Apparent energy export Un", unit = "VAh")]
    pub apparent_energy_export_un: Option<f64>,
    /// Number of power failures in any phase.
    #[resource(id = 29, ops = "r", name = "Number of power failures in any phase")]
    pub number_of_power_failures_in_any_phase: Option<i64>,
    /// Number of long power failures in any phase.
    #[resource(id = 30, ops = "r", name = "Number of long power failures in any phase")]
    pub number_of_long_power_failures_in_any_phase: Option<i64>,
    /// Time threshold for long power failure, in s.
    #[resource(id = 31, ops = "rw", name = "Time threshold for long power failure", unit = "s")]
    pub time_threshold_for_long_power_failure: Option<f64>,
    /// Duration of last long power failure in any phase, in s.
    #[resource(id = 32, ops = "r", name = "Duration of last long power failure in any phase", unit = "s")]
    pub duration_of_last_long_power_failure_in_any_phase: Option<f64>,
    /// Threshold for missing voltage (voltage cut), in V.
    #[resource(id = 33, ops = "rw", name = "Threshold for missing voltage (voltage cut)", unit = "V")]
    pub threshold_for_missing_voltage_voltage_cut: Option<f64>,
    /// Time threshold for voltage cut, in s.
    #[resource(id = 34, ops = "rw", name = "Time threshold for voltage cut", unit = "s")]
    pub time_threshold_for_voltage_cut: Option<f64>,
    /// Voltage cut.
    #[resource(id = 35, ops = "r", name = "Voltage cut")]
    pub voltage_cut: Option<bool>,
    /// L1 Meter Instance.
    #[resource(id = 36, ops = "r")]
    pub l1_meter_instance: Option<i64>,
    /// L2 Meter Instance.
    #[resource(id = 37, ops = "r")]
    pub l2_meter_instance: Option<i64>,
    /// L3 Meter Instance.
    #[resource(id = 38, ops = "r")]
    pub l3_meter_instance: Option<i64>,
    /// Low power factor threshold.
    #[resource(id = 39, ops = "rw", name = "Low power factor threshold")]
    pub low_power_factor_threshold: Option<f64>,
    /// Low power factor.
    #[resource(id = 40, ops = "r", name = "Low power factor")]
    pub low_power_factor: Option<bool>,
    /// Excessive load.
    #[resource(id = 41, ops = "r", name = "Excessive load")]
    pub excessive_load: Option<bool>,
    /// Unexpected load.
    #[resource(id = 42, ops = "r", name = "Unexpected load")]
    pub unexpected_load: Option<bool>,
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

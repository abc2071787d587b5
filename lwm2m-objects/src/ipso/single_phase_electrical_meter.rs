//! Single-phase electrical meter (3421), version 2.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Object, Time};

/// Single-phase electrical meter (3421).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3421, version = "2.0", name = "Single-phase electrical meter", multiple, serde)]
pub struct SinglePhaseElectricalMeter {
    /// Voltage, in V.
    #[resource(id = 1, ops = "r", mandatory, unit = "V")]
    pub voltage: f64,
    /// Low voltage threshold, in V.
    #[resource(id = 2, ops = "r", name = "Low voltage threshold", unit = "V")]
    pub low_voltage_threshold: Option<f64>,
    /// Low voltage.
    #[resource(id = 3, ops = "r", name = "Low voltage")]
    pub low_voltage: Option<bool>,
    /// High voltage threshold, in V.
    #[resource(id = 4, ops = "r", name = "High voltage threshold", unit = "V")]
    pub high_voltage_threshold: Option<f64>,
    /// High voltage.
    #[resource(id = 5, ops = "r", name = "High voltage")]
    pub high_voltage: Option<bool>,
    /// Current, in A.
    #[resource(id = 6, ops = "r", mandatory, unit = "A")]
    pub current: f64,
    /// Low current threshold, in A.
    #[resource(id = 7, ops = "r", name = "Low current threshold", unit = "A")]
    pub low_current_threshold: Option<f64>,
    /// Low current.
    #[resource(id = 8, ops = "r", name = "Low current")]
    pub low_current: Option<bool>,
    /// High current threshold, in V.
    #[resource(id = 9, ops = "r", name = "High current threshold", unit = "V")]
    pub high_current_threshold: Option<f64>,
    /// High current.
    #[resource(id = 10, ops = "r", name = "High current")]
    pub high_current: Option<bool>,
    /// Frequency, in Hz.
    #[resource(id = 11, ops = "r", unit = "Hz")]
    pub frequency: Option<f64>,
    /// Angle of I-U, in deg.
    #[resource(id = 12, ops = "r", name = "Angle of I-U", unit = "deg")]
    pub angle_of_i_u: Option<f64>,
    /// Instantaneous Power Factor.
    #[resource(id = 13, ops = "r", mandatory)]
    pub instantaneous_power_factor: f64,
    /// Low power factor threshold.
    #[resource(id = 14, ops = "r", name = "Low power factor threshold")]
    pub low_power_factor_threshold: Option<f64>,
    /// Low power factor.
    #[resource(id = 15, ops = "r", name = "Low power factor")]
    pub low_power_factor: Option<bool>,
    /// Active power+ (QI+QIV), in W.
    #[resource(id = 16, ops = "r", name = "Active power+ (QI+QIV)", mandatory, unit = "W")]
    pub active_power_qi_qiv: f64,
    /// Active power- (QII+QIII), in W.
    #[resource(id = 17, ops = "r", name = "Active power- (QII+QIII)", unit = "W")]
    pub active_power_qii_qiii: Option<f64>,
    /// Reactive power+ (QI+QII), in var.
    #[resource(id = 18, ops = "r", name = "Reactive power+ (QI+QII)", unit = "var")]
    pub reactive_power_qi_qii: Option<f64>,
    /// Reactive power- (QIII+QIV), in var.
    #[resource(id = 19, ops = "r", name = "Reactive power- (QIII+QIV)", unit = "var")]
    pub reactive_power_qiii_qiv: Option<f64>,
    /// Instantaneous Apparent Power import (+VA), in VA.
    #[resource(id = 20, ops = "r", name = "Instantaneous Apparent Power import (+VA)", unit = "VA")]
    pub instantaneous_apparent_power_import_va: Option<f64>,
    /// Instantaneous Apparent Power export (-VA), in VA.
    #[resource(id = 21, ops = "r", name = "Instantaneous Apparent Power export (-VA)", unit = "VA")]
    pub instantaneous_apparent_power_export_va: Option<f64>,
    /// Instantaneous Active Power (|+A|+|-A|), in W.
    #[resource(id = 22, ops = "r", name = "Instantaneous Active Power (|+A|+|-A|)", unit = "W")]
    pub instantaneous_active_power_a_a: Option<f64>,
    /// Instantaneous Net Active Power (|+A|-|-A|), in W.
    #[resource(id = 23, ops = "r", name = "Instantaneous Net Active Power (|+A|-|-A|)", unit = "W")]
    pub instantaneous_net_active_power_a_a: Option<f64>,
    /// Measurement period of Instantaneous value, in s.
    #[resource(id = 24, ops = "r", name = "Measurement period of Instantaneous value", unit = "s")]
    pub measurement_period_of_instantaneous_value: Option<f64>,
    /// Active energy import (+A) Un, in Wh.
    #[resource(id = 25, ops = "r", name = "Active energy import (+A) Un", mandatory, unit = "Wh")]
    pub active_energy_import_a_un: f64,
    /// Active energy export (-A) Un, in Wh.
    #[resource(id = 26, ops = "r", name = "Active energy export (-A) Un", unit = "Wh")]
    pub active_energy_export_a_un: Option<f64>,
    /// Active energy (|+A|+|-A|) Combined total, in Wh.
    #[resource(id = 27, ops = "r", name = "Active energy (|+A|+|-A|) Combined total", unit = "Wh")]
    pub active_energy_a_a_combined_total_27: Option<f64>,
    /// Active energy (|+A|-|-A|) Combined total, in Wh.
    #[resource(id = 28, ops = "r", name = "Active energy (|+A|-|-A|) Combined total", unit = "Wh")]
    pub active_energy_a_a_combined_total_28: Option<f64>,
    /// Reactive energy import (+R) Un, in varh.
    #[resource(id = 29, ops = "r", name = "Reactive energy import (+R) Un", unit = "varh")]
    pub reactive_energy_import_r_un: Option<f64>,
    /// Reactive energy export (-R) Un, in varh.
    #[resource(id = 30, ops = "r", name = "Reactive energy export (-R) Un", unit = "varh")]
    pub reactive_energy_export_r_un: Option<f64>,
    /// Reactive energy QI (+Ri) Un, in varh.
    #[resource(id = 31, ops = "r", name = "Reactive energy QI (+Ri) Un", unit = "varh")]
    pub reactive_energy_qi_ri_un: Option<f64>,
    /// Reactive energy QII (+Rc) Un, in varh.
    #[resource(id = 32, ops = "r", name = "Reactive energy QII (+Rc) Un", unit = "varh")]
    pub reactive_energy_qii_rc_un: Option<f64>,
    /// Reactive energy QIII (-Ri) Un, in varh.
    #[resource(id = 33, ops = "r", name = "Reactive energy QIII (-Ri) Un", unit = "varh")]
    pub reactive_energy_qiii_ri_un: Option<f64>,
    /// Reactive energy QIV (-Rc) Un, in varh.
    #[resource(id = 34, ops = "r", name = "Reactive energy QIV (-Rc) Un", unit = "varh")]
    pub reactive_energy_qiv_rc_un: Option<f64>,
    /// Apparent energy import Un, in VAh.
    #[resource(id = 35, ops = "r", name = "Apparent energy import Un", unit = "VAh")]
    pub apparent_energy_import_un: Option<f64>,
    /// Apparent energy export Un, in VAh.
    #[resource(id = 36, ops = "r", name = "Apparent energy export Un", unit = "VAh")]
    pub apparent_energy_export_un: Option<f64>,
    /// Number of power failures.
    #[resource(id = 37, ops = "r", name = "Number of power failures")]
    pub number_of_power_failures: Option<f64>,
    /// Number of long power failures.
    #[resource(id = 38, ops = "r", name = "Number of long power failures")]
    pub number_of_long_power_failures: Option<f64>,
    /// Time threshold for long power failure, in s.
    #[resource(id = 39, ops = "rw", name = "Time threshold for long power failure", unit = "s")]
    pub time_threshold_for_long_power_failure: Option<f64>,
    /// Duration of last long power failure, in s.
    #[resource(id = 40, ops = "r", name = "Duration of last long power failure", unit = "s")]
    pub duration_of_last_long_power_failure: Option<f64>,
    /// Threshold for voltage sag, in V.
    #[resource(id = 41, ops = "rw", name = "Threshold for voltage sag", unit = "V")]
    pub threshold_for_voltage_sag: Option<f64>,
    /// Time threshold for voltage sag, in s.
    #[resource(id = 42, ops = "rw", name = "Time threshold for voltage sag", unit = "s")]
    pub time_threshold_for_voltage_sag: Option<f64>,
    /// Number of voltage sags.
    #[resource(id = 43, ops = "r", name = "Number of voltage sags")]
    pub number_of_voltage_sags: Option<f64>,
    /// Duration of last voltage sag, in s.
    #[resource(id = 44, ops = "r", name = "Duration of last voltage sag", unit = "s")]
    pub duration_of_last_voltage_sag: Option<f64>,
    /// Magnitude of last voltage sag, in V.
    #[resource(id = 45, ops = "r", name = "Magnitude of last voltage sag", unit = "V")]
    pub magnitude_of_last_voltage_sag: Option<f64>,
    /// Threshold for voltage swell, in V.
    #[resource(id = 46, ops = "rw", name = "Threshold for voltage swell", unit = "V")]
    pub threshold_for_voltage_swell: Option<f64>,
    /// Time threshold for voltage swell, in s.
    #[resource(id = 47, ops = "rw", name = "Time threshold for voltage swell", unit = "s")]
    pub time_threshold_for_voltage_swell: Option<f64>,
    /// Number of voltage swells.
    #[resource(id = 48, ops = "r", name = "Number of voltage swells")]
    pub number_of_voltage_swells: Option<f64>,
    /// Duration of last voltage swell, in s.
    #[resource(id = 49, ops = "r", name = "Duration of last voltage swell", unit = "s")]
    pub duration_of_last_voltage_swell: Option<f64>,
    /// Magnitude of last voltage swell, in V.
    #[resource(id = 50, ops = "r", name = "Magnitude of last voltage swell", unit = "V")]
    pub magnitude_of_last_voltage_swell: Option<f64>,
    /// Threshold for missing voltage (voltage cut), in V.
    #[resource(id = 51, ops = "rw", name = "Threshold for missing voltage (voltage cut)", unit = "V")]
    pub threshold_for_missing_voltage_voltage_cut: Option<f64>,
    /// Time threshold for voltage cut, in s.
    #[resource(id = 52, ops = "rw", name = "Time threshold for voltage cut", unit = "s")]
    pub time_threshold_for_voltage_cut: Option<f64>,
    /// Voltage cut.
    #[resource(id = 53, ops = "r", name = "Voltage cut")]
    pub voltage_cut: Option<bool>,
    /// CT Numerator Parameter.
    #[resource(id = 54, ops = "rw", name = "CT Numerator Parameter")]
    pub ct_numerator_parameter: Option<f64>,
    /// CT Denominator Parameter.
    #[resource(id = 55, ops = "rw", name = "CT Denominator Parameter")]
    pub ct_denominator_parameter: Option<f64>,
    /// VT Numerator Parameter.
    #[resource(id = 56, ops = "rw", name = "VT Numerator Parameter")]
    pub vt_numerator_parameter: Option<f64>,
    /// VT Denominator Parameter.
    #[resource(id = 57, ops = "rw", name = "VT Denominator Parameter")]
    pub vt_denominator_parameter: Option<f64>,
    /// Unexpected load.
    #[resource(id = 58, ops = "r", name = "Unexpected load")]
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

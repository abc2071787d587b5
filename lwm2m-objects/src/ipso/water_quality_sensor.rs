//! Water quality sensor (3426), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Object, Time};

/// Water quality sensor (3426).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3426, version = "1.1", name = "Water quality sensor", multiple, serde)]
pub struct WaterQualitySensor {
    /// pH.
    #[resource(id = 1, ops = "r", name = "pH")]
    pub p_h: Option<f64>,
    /// Chlorine, in ppm.
    #[resource(id = 2, ops = "r", unit = "ppm")]
    pub chlorine: Option<f64>,
    /// Redox or ORP, in V.
    #[resource(id = 3, ops = "r", name = "Redox or ORP", unit = "V")]
    pub redox_or_orp: Option<f64>,
    /// Total dissolved gas or TDG, in ppm.
    #[resource(id = 4, ops = "r", name = "Total dissolved gas or TDG", unit = "ppm")]
    pub total_dissolved_gas_or_tdg: Option<f64>,
    /// Dissolved oxygen, in ppm.
    #[resource(id = 5, ops = "r", name = "Dissolved oxygen", unit = "ppm")]
    pub dissolved_oxygen: Option<f64>,
    /// Turbidity, in NTU.
    #[resource(id = 6, ops = "r", unit = "NTU")]
    pub turbidity: Option<f64>,
    /// Conductivity, in S/m.
    #[resource(id = 7, ops = "r", unit = "S/m")]
    pub conductivity: Option<f64>,
    /// Conductance, in S/m.
    #[resource(id = 8, ops = "r", unit = "S/m")]
    pub conductance: Option<f64>,
    /// Total suspended solids, in mg/l.
    #[resource(id = 9, ops = "r", name = "Total suspended solids", unit = "mg/l")]
    pub total_suspended_solids: Option<f64>,
    /// Total dissolved solids, in mg/l.
    #[resource(id = 10, ops = "r", name = "Total dissolved solids", unit = "mg/l")]
    pub total_dissolved_solids: Option<f64>,
    /// Salinity, in ppt.
    #[resource(id = 11, ops = "r", unit = "ppt")]
    pub salinity: Option<f64>,
    /// NO3, in mg/l.
    #[resource(id = 12, ops = "r", name = "NO3", unit = "mg/l")]
    pub no3: Option<f64>,
    /// NH3, in mg/l.
    #[resource(id = 13, ops = "r", name = "NH3", unit = "mg/l")]
    pub nh3: Option<f64>,
    /// NH4, in mg/l.
    #[resource(id = 14, ops = "r", name = "NH4", unit = "mg/l")]
    pub nh4: Option<f64>,
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

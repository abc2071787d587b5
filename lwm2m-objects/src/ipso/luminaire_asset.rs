//! Luminaire asset (3417), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// Luminaire asset (3417).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3417, name = "Luminaire asset", multiple, serde)]
pub struct LuminaireAsset {
    /// Asset GTIN.
    #[resource(id = 1, ops = "r", name = "Asset GTIN", mandatory)]
    pub asset_gtin: String,
    /// Year of manufacture.
    #[resource(id = 2, ops = "rw", name = "Year of manufacture")]
    pub year_of_manufacture: Option<i64>,
    /// Week of manufacture.
    #[resource(id = 3, ops = "rw", name = "Week of manufacture")]
    pub week_of_manufacture: Option<i64>,
    /// Nominal light output, in lm.
    #[resource(id = 4, ops = "rw", name = "Nominal light output", unit = "lm")]
    pub nominal_light_output: Option<i64>,
    /// Light distribution type.
    #[resource(id = 5, ops = "rw", name = "Light distribution type")]
    pub light_distribution_type: Option<i64>,
    /// Luminaire color.
    #[resource(id = 6, ops = "rw", name = "Luminaire color")]
    pub luminaire_color: Option<String>,
    /// Nominal input power, in W.
    #[resource(id = 7, ops = "r", name = "Nominal input power", unit = "W")]
    pub nominal_input_power: Option<f64>,
    /// Power at minimum dim level, in W.
    #[resource(id = 8, ops = "r", name = "Power at minimum dim level", unit = "W")]
    pub power_at_minimum_dim_level: Option<f64>,
    /// Nominal max AC mains voltage, in V.
    #[resource(id = 9, ops = "r", name = "Nominal max AC mains voltage", unit = "V")]
    pub nominal_max_ac_mains_voltage: Option<i64>,
    /// Nominal min AC mains voltage, in V.
    #[resource(id = 10, ops = "r", name = "Nominal min AC mains voltage", unit = "V")]
    pub nominal_min_ac_mains_voltage: Option<i64>,
    /// CRI.
    #[resource(id = 11, ops = "r", name = "CRI", range(0, 100))]
    pub cri: Option<i64>,
    /// CCT value, in K.
    #[resource(id = 12, ops = "r", name = "CCT value", unit = "K")]
    pub cct_value: Option<i64>,
    /// Luminaire identification.
    #[resource(id = 13, ops = "r", name = "Luminaire identification")]
    pub luminaire_identification: Option<String>,
    /// Luminaire identification number.
    #[resource(id = 14, ops = "r", name = "Luminaire identification number")]
    pub luminaire_identification_number: Option<String>,
}

//! Light Control (3311), version 1.0.

use lwm2m_core::Object;

/// Light Control (3311): a lamp that can be switched and perhaps dimmed.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3311, version = "1.0", multiple, serde)]
pub struct LightControl {
    /// On/Off.
    #[resource(id = 5850, ops = "rw", name = "On/Off", mandatory)]
    pub on_off: bool,
    /// Dimmer.
    #[resource(id = 5851, ops = "rw", range(0, 100), unit = "/100")]
    pub dimmer: Option<i64>,
    /// How long the light has been on; writing 0 starts anew.
    #[resource(id = 5852, ops = "rw", name = "On time", unit = "s")]
    pub on_time: Option<i64>,
    /// Cumulative active power.
    #[resource(id = 5805, ops = "r", name = "Cumulative active power", unit = "Wh")]
    pub cumulative_active_power: Option<f64>,
    /// Power factor.
    #[resource(id = 5820, ops = "r", name = "Power factor")]
    pub power_factor: Option<f64>,
    /// Colour.
    #[resource(id = 5706, ops = "rw")]
    pub colour: Option<String>,
    /// Sensor Units.
    #[resource(id = 5701, ops = "r")]
    pub sensor_units: Option<String>,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
}

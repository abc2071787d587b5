//! Smoke Alarm (3407), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// Smoke Alarm (3407).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3407, name = "Smoke Alarm", multiple, serde)]
pub struct SmokeAlarm {
    /// Battery Percentage.
    #[resource(id = 6044, ops = "r", range(0, 100))]
    pub battery_percentage: Option<f64>,
    /// RSSI, in dBW.
    #[resource(id = 6045, ops = "r", name = "RSSI", unit = "dBW")]
    pub rssi: Option<f64>,
    /// Smoke Sensor State.
    #[resource(id = 6046, ops = "r", mandatory)]
    pub smoke_sensor_state: bool,
    /// Detected CO2 percentage, in /100.
    #[resource(id = 6047, ops = "r", name = "Detected CO2 percentage", range(0, 100), unit = "/100")]
    pub detected_co2_percentage: Option<f64>,
    /// Alarm loudness, in dB.
    #[resource(id = 6048, ops = "r", name = "Alarm loudness", unit = "dB")]
    pub alarm_loudness: Option<f64>,
}

//! uCIFI data bridge (3414), version 2.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Bytes, Object, Time};

/// uCIFI data bridge (3414).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3414, version = "2.0", name = "uCIFI data bridge", multiple, serde)]
pub struct UcifiDataBridge {
    /// Payload.
    #[resource(id = 1, ops = "rw", mandatory)]
    pub payload: Bytes,
    /// Hash.
    #[resource(id = 2, ops = "rw")]
    pub hash: Option<String>,
    /// Cumulated daily data volume up, in B.
    #[resource(id = 3, ops = "r", name = "Cumulated daily data volume up", unit = "B")]
    pub cumulated_daily_data_volume_up: Option<i64>,
    /// Cumulated daily data volume down, in B.
    #[resource(id = 4, ops = "r", name = "Cumulated daily data volume down", unit = "B")]
    pub cumulated_daily_data_volume_down: Option<i64>,
    /// Cumulated daily data volume total, in B.
    #[resource(id = 5, ops = "r", name = "Cumulated daily data volume total", unit = "B")]
    pub cumulated_daily_data_volume_total: Option<i64>,
    /// Communication error.
    #[resource(id = 6, ops = "r", name = "Communication error")]
    pub communication_error: Option<bool>,
    /// Data Priority.
    #[resource(id = 7, ops = "rw")]
    pub data_priority: Option<i64>,
    /// Data Creation Time.
    #[resource(id = 8, ops = "rw")]
    pub data_creation_time: Option<Time>,
    /// Data Description.
    #[resource(id = 9, ops = "rw")]
    pub data_description: Option<String>,
    /// Data Format.
    #[resource(id = 10, ops = "rw")]
    pub data_format: Option<String>,
    /// App ID.
    #[resource(id = 11, ops = "rw", name = "App ID")]
    pub app_id: Option<i64>,
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

//! Air quality (3428), version 2.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Object, Time};

/// Air quality (3428).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3428, version = "2.0", name = "Air quality", multiple, serde)]
pub struct AirQuality {
    /// PM10, in ug/m3.
    #[resource(id = 1, ops = "r", name = "PM10", unit = "ug/m3")]
    pub pm10: Option<f64>,
    /// PM10 24 hour average, in ug/m3.
    #[resource(id = 2, ops = "r", name = "PM10 24 hour average", unit = "ug/m3")]
    pub pm10_24_hour_average: Option<f64>,
    /// PM2.5, in ug/m3.
    #[resource(id = 3, ops = "r", name = "PM2.5", unit = "ug/m3")]
    pub pm2_5: Option<f64>,
    /// PM2.5 24 hour average, in ug/m3.
    #[resource(id = 4, ops = "r", name = "PM2.5 24 hour average", unit = "ug/m3")]
    pub pm2_5_24_hour_average: Option<f64>,
    /// PM1, in ug/m3.
    #[resource(id = 5, ops = "r", name = "PM1", unit = "ug/m3")]
    pub pm1: Option<f64>,
    /// PM1 24 hour average, in ug/m3.
    #[resource(id = 6, ops = "r", name = "PM1 24 hour average", unit = "ug/m3")]
    pub pm1_24_hour_average: Option<f64>,
    /// CO, in ppm.
    #[resource(id = 7, ops = "r", name = "CO", unit = "ppm")]
    pub co: Option<f64>,
    /// CO 8 hour average, in ppm.
    #[resource(id = 8, ops = "r", name = "CO 8 hour average", unit = "ppm")]
    pub co_8_hour_average: Option<f64>,
    /// SO2, in ppm.
    #[resource(id = 9, ops = "r", name = "SO2", unit = "ppm")]
    pub so2: Option<f64>,
    /// SO2 1 hour average, in ppm.
    #[resource(id = 10, ops = "r", name = "SO2 1 hour average", unit = "ppm")]
    pub so2_1_hour_average: Option<f64>,
    /// SO2 24 hour average, in ppm.
    #[resource(id = 11, ops = "r", name = "SO2 24 hour average", unit = "ppm")]
    pub so2_24_hour_average: Option<f64>,
    /// O3, in ppm.
    #[resource(id = 12, ops = "r", unit = "ppm")]
    pub o3: Option<f64>,
    /// O3 1 hour average, in ppm.
    #[resource(id = 13, ops = "r", name = "O3 1 hour average", unit = "ppm")]
    pub o3_1_hour_average: Option<f64>,
    /// O3 8 hour average, in ppm.
    #[resource(id = 14, ops = "r", name = "O3 8 hour average", unit = "ppm")]
    pub o3_8_hour_average: Option<f64>,
    /// NO2, in ppm.
    #[resource(id = 15, ops = "r", name = "NO2", unit = "ppm")]
    pub no2: Option<f64>,
    /// NO2 1 hour average, in ppm.
    #[resource(id = 16, ops = "r", name = "NO2 1 hour average", unit = "ppm")]
    pub no2_1_hour_average: Option<f64>,
    /// CO2, in ppm.
    #[resource(id = 17, ops = "r", name = "CO2", unit = "ppm")]
    pub co2: Option<f64>,
    /// CO2 1 hour average, in ppm.
    #[resource(id = 18, ops = "r", name = "CO2 1 hour average", unit = "ppm")]
    pub co2_1_hour_average: Option<f64>,
    /// NO, in ppm.
    #[resource(id = 19, ops = "r", name = "NO", unit = "ppm")]
    pub no: Option<f64>,
    /// NO 1 hour average, in ppm.
    #[resource(id = 20, ops = "r", name = "NO 1 hour average", unit = "ppm")]
    pub no_1_hour_average: Option<f64>,
    /// H2S, in ppm.
    #[resource(id = 21, ops = "r", name = "H2S", unit = "ppm")]
    pub h2_s: Option<f64>,
    /// H2S 1 hour average, in ppm.
    #[resource(id = 22, ops = "r", name = "H2S 1 hour average", unit = "ppm")]
    pub h2_s_1_hour_average: Option<f64>,
    /// VOC, in ppm.
    #[resource(id = 23, ops = "r", name = "VOC", unit = "ppm")]
    pub voc: Option<f64>,
    /// VOC 1 hour average, in ppm.
    #[resource(id = 24, ops = "r", name = "VOC 1 hour average", unit = "ppm")]
    pub voc_1_hour_average: Option<f64>,
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

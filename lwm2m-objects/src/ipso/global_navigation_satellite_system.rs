//! Global Navigation Satellite System (3430), version 2.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use std::collections::BTreeMap;

use lwm2m_core::{Object, Time};

/// Global Navigation Satellite System (3430).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3430, version = "2.0", name = "Global Navigation Satellite System", serde)]
pub struct GlobalNavigationSatelliteSystem {
    /// Fix timestamp, in s.
    #[resource(id = 0, ops = "r", name = "Fix timestamp", mandatory, unit = "s")]
    pub fix_timestamp: Time,
    /// Latitude, in lat.
    #[resource(id = 1, ops = "r", mandatory, unit = "lat")]
    pub latitude: f64,
    /// Longitude, in lon.
    #[resource(id = 2, ops = "r", mandatory, unit = "lon")]
    pub longitude: f64,
    /// Altitude, in m.
    #[resource(id = 3, ops = "r", unit = "m")]
    pub altitude: Option<f64>,
    /// Speed, in m/s.
    #[resource(id = 4, ops = "r", unit = "m/s")]
    pub speed: Option<i64>,
    /// Heading, in deg.
    #[resource(id = 5, ops = "r", unit = "deg")]
    pub heading: Option<f64>,
    /// Radius, in m.
    #[resource(id = 6, ops = "r", unit = "m")]
    pub radius: Option<f64>,
    /// HDOP.
    #[resource(id = 7, ops = "r", name = "HDOP")]
    pub hdop: Option<f64>,
    /// VDOP.
    #[resource(id = 8, ops = "r", name = "VDOP")]
    pub vdop: Option<f64>,
    /// Estimated horizontal accuracy, in m.
    #[resource(id = 9, ops = "r", name = "Estimated horizontal accuracy", unit = "m")]
    pub estimated_horizontal_accuracy: Option<f64>,
    /// Estimated vertical accuracy, in m.
    #[resource(id = 10, ops = "r", name = "Estimated vertical accuracy", unit = "m")]
    pub estimated_vertical_accuracy: Option<f64>,
    /// Estimated speed accuracy, in m/s.
    #[resource(id = 11, ops = "r", name = "Estimated speed accuracy", unit = "m/s")]
    pub estimated_speed_accuracy: Option<f64>,
    /// Estimated heading accuracy, in deg.
    #[resource(id = 12, ops = "r", name = "Estimated heading accuracy", unit = "deg")]
    pub estimated_heading_accuracy: Option<f64>,
    /// Fix type.
    #[resource(id = 13, ops = "r", name = "Fix type")]
    pub fix_type: Option<i64>,
    /// Fix dimension.
    #[resource(id = 14, ops = "r", name = "Fix dimension")]
    pub fix_dimension: Option<i64>,
    /// Used satellites.
    #[resource(id = 15, ops = "r", name = "Used satellites")]
    pub used_satellites: Option<i64>,
    /// Visible satellites.
    #[resource(id = 16, ops = "r", name = "Visible satellites")]
    pub visible_satellites: Option<i64>,
    /// Satellite identifiers.
    #[resource(id = 17, ops = "r", name = "Satellite identifiers")]
    pub satellite_identifiers_17: BTreeMap<u16, String>,
    /// Satellite identifiers, in deg.
    #[resource(id = 18, ops = "r", name = "Satellite identifiers", unit = "deg")]
    pub satellite_identifiers_18: BTreeMap<u16, f64>,
    /// Satellite azimuth, in deg.
    #[resource(id = 19, ops = "r", name = "Satellite azimuth", unit = "deg")]
    pub satellite_azimuth: BTreeMap<u16, f64>,
    /// Almanac.
    #[resource(id = 20, ops = "r")]
    pub almanac: Option<bool>,
    /// Ephemeris.
    #[resource(id = 21, ops = "r")]
    pub ephemeris: BTreeMap<u16, bool>,
    /// Signal-to-noise ratio, in dB.
    #[resource(id = 22, ops = "r", name = "Signal-to-noise ratio", unit = "dB")]
    pub signal_to_noise_ratio: BTreeMap<u16, f64>,
    /// GNSS.
    #[resource(id = 23, ops = "r", name = "GNSS")]
    pub gnss: BTreeMap<u16, i64>,
    /// Hardware RTC, in s.
    #[resource(id = 24, ops = "r", name = "Hardware RTC", unit = "s")]
    pub hardware_rtc: Option<Time>,
    /// Assisted GPS.
    #[resource(id = 25, ops = "rw", name = "Assisted GPS")]
    pub assisted_gps: Option<bool>,
    /// Power command.
    #[resource(id = 26, ops = "rw", name = "Power command")]
    pub power_command: Option<bool>,
    /// PDOP.
    #[resource(id = 27, ops = "r", name = "PDOP")]
    pub pdop: Option<f64>,
    /// Status.
    #[resource(id = 28, ops = "r", mandatory)]
    pub status: String,
    /// Expected latitude, in lat.
    #[resource(id = 29, ops = "rw", name = "Expected latitude", unit = "lat")]
    pub expected_latitude: Option<f64>,
    /// Expected longitude, in lon.
    #[resource(id = 30, ops = "rw", name = "Expected longitude", unit = "lon")]
    pub expected_longitude: Option<f64>,
    /// Expected altitude, in m.
    #[resource(id = 31, ops = "rw", name = "Expected altitude", unit = "m")]
    pub expected_altitude: Option<f64>,
    /// Expected location threshold, in m.
    #[resource(id = 32, ops = "rw", name = "Expected location threshold", unit = "m")]
    pub expected_location_threshold: Option<f64>,
    /// Out of position.
    #[resource(id = 33, ops = "r", name = "Out of position")]
    pub out_of_position: Option<bool>,
    /// Assisted latitude, in lat.
    #[resource(id = 34, ops = "rw", name = "Assisted latitude", unit = "lat")]
    pub assisted_latitude: Option<f64>,
    /// Assisted longitude, in lon.
    #[resource(id = 35, ops = "rw", name = "Assisted longitude", unit = "lon")]
    pub assisted_longitude: Option<f64>,
    /// Assisted altitude, in m.
    #[resource(id = 36, ops = "rw", name = "Assisted altitude", unit = "m")]
    pub assisted_altitude: Option<f64>,
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

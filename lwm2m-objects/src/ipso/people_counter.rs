//! People counter (3434), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Executable, Object, Time};

/// People counter (3434).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3434, version = "1.1", name = "People counter", multiple, serde)]
pub struct PeopleCounter {
    /// Actual number of persons.
    #[resource(id = 1, ops = "r", name = "Actual number of persons", mandatory)]
    pub actual_number_of_persons: i64,
    /// Daily number of persons.
    #[resource(id = 2, ops = "r", name = "Daily number of persons")]
    pub daily_number_of_persons: Option<i64>,
    /// Cumulated number of persons.
    #[resource(id = 3, ops = "r", name = "Cumulated number of persons")]
    pub cumulated_number_of_persons: Option<i64>,
    /// Reset of cumulated number.
    #[resource(id = 4, execute, name = "Reset of cumulated number")]
    pub reset_of_cumulated_number: Option<Executable>,
    /// Daily number of passages.
    #[resource(id = 5, ops = "r", name = "Daily number of passages")]
    pub daily_number_of_passages: Option<i64>,
    /// Cumulated number of passages.
    #[resource(id = 6, ops = "r", name = "Cumulated number of passages")]
    pub cumulated_number_of_passages: Option<i64>,
    /// Reset of cumulated number of passages.
    #[resource(id = 7, execute, name = "Reset of cumulated number of passages")]
    pub reset_of_cumulated_number_of_passages: Option<Executable>,
    /// Type of sensor.
    #[resource(id = 8, ops = "rw", name = "Type of sensor")]
    pub type_of_sensor: Option<String>,
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

//! Traffic Counter (3432), version 2.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use std::collections::BTreeMap;

use lwm2m_core::{Executable, Object, Time};

/// Traffic Counter (3432).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3432, version = "2.0", name = "Traffic Counter", multiple, serde)]
pub struct TrafficCounter {
    /// Vehicle type.
    #[resource(id = 0, ops = "r", name = "Vehicle type")]
    pub vehicle_type: BTreeMap<u16, i64>,
    /// Cumulated number.
    #[resource(id = 1, ops = "r", name = "Cumulated number")]
    pub cumulated_number: BTreeMap<u16, i64>,
    /// Reset cumulated number.
    #[resource(id = 2, execute, name = "Reset cumulated number")]
    pub reset_cumulated_number: Option<Executable>,
    /// Cumulated number today.
    #[resource(id = 3, ops = "r", name = "Cumulated number today", mandatory)]
    pub cumulated_number_today: BTreeMap<u16, i64>,
    /// Measuring period 1, in s.
    #[resource(id = 4, ops = "rw", name = "Measuring period 1", unit = "s")]
    pub measuring_period_1: BTreeMap<u16, i64>,
    /// Measuring period 2, in s.
    #[resource(id = 5, ops = "rw", name = "Measuring period 2", unit = "s")]
    pub measuring_period_2: BTreeMap<u16, i64>,
    /// Measuring period 3, in s.
    #[resource(id = 6, ops = "rw", name = "Measuring period 3", unit = "s")]
    pub measuring_period_3: BTreeMap<u16, i64>,
    /// Cumulated number during last period 1.
    #[resource(id = 7, ops = "r", name = "Cumulated number during last period 1")]
    pub cumulated_number_during_last_period_1: BTreeMap<u16, i64>,
    /// Cumulated number during last period 2.
    #[resource(id = 8, ops = "r", name = "Cumulated number during last period 2")]
    pub cumulated_number_during_last_period_2: BTreeMap<u16, i64>,
    /// Cumulated number during last period 3.
    #[resource(id = 9, ops = "r", name = "Cumulated number during last period 3")]
    pub cumulated_number_during_last_period_3: BTreeMap<u16, i64>,
    /// Average speed during last period 1.
    #[resource(id = 10, ops = "r", name = "Average speed during last period 1")]
    pub average_speed_during_last_period_1: BTreeMap<u16, i64>,
    /// Average speed during last period 2.
    #[resource(id = 11, ops = "r", name = "Average speed during last period 2")]
    pub average_speed_during_last_period_2: BTreeMap<u16, i64>,
    /// Average speed during last period 3.
    #[resource(id = 12, ops = "r", name = "Average speed during last period 3")]
    pub average_speed_during_last_period_3: BTreeMap<u16, i64>,
    /// Average distance during last period 1.
    #[resource(id = 13, ops = "r", name = "Average distance during last period 1")]
    pub average_distance_during_last_period_1: BTreeMap<u16, i64>,
    /// Average distance during last period 2.
    #[resource(id = 14, ops = "r", name = "Average distance during last period 2")]
    pub average_distance_during_last_period_2: BTreeMap<u16, i64>,
    /// Average distance during last period 3.
    #[resource(id = 15, ops = "r", name = "Average distance during last period 3")]
    pub average_distance_during_last_period_3: BTreeMap<u16, i64>,
    /// Speed limit threshold.
    #[resource(id = 16, ops = "rw", name = "Speed limit threshold")]
    pub speed_limit_threshold: BTreeMap<u16, i64>,
    /// Percentage above speed limit.
    #[resource(id = 17, ops = "r", name = "Percentage above speed limit")]
    pub percentage_above_speed_limit: BTreeMap<u16, i64>,
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

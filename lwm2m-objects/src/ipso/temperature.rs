//! Temperature (3303), version 1.1.

use lwm2m_core::{Arguments, Done, Executable, Object, Rejection, Time};

/// Temperature (3303): a thermometer.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3303, version = "1.1", multiple, serde)]
pub struct Temperature {
    /// Degrees Celsius unless [`sensor_units`](Self::sensor_units) says otherwise.
    #[resource(id = 5700, ops = "r", mandatory)]
    pub sensor_value: f64,
    /// Min Measured Value.
    #[resource(id = 5601, ops = "r")]
    pub min_measured_value: Option<f64>,
    /// Max Measured Value.
    #[resource(id = 5602, ops = "r")]
    pub max_measured_value: Option<f64>,
    /// Min Range Value.
    #[resource(id = 5603, ops = "r")]
    pub min_range_value: Option<f64>,
    /// Max Range Value.
    #[resource(id = 5604, ops = "r")]
    pub max_range_value: Option<f64>,
    /// Sensor Units.
    #[resource(id = 5701, ops = "r")]
    pub sensor_units: Option<String>,
    /// Makes both measured extremes the value of now.
    #[resource(id = 5605, execute = Self::reset_min_max, name = "Reset Min and Max Measured Values")]
    pub reset: Executable,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
    /// Fractional Timestamp.
    #[resource(id = 6050, ops = "r", range(0, 1), unit = "s")]
    pub fractional_timestamp: Option<f64>,
    /// Measurement Quality Indicator.
    #[resource(id = 6042, ops = "r", range(0, 23))]
    pub measurement_quality_indicator: Option<i64>,
    /// Measurement Quality Level.
    #[resource(id = 6049, ops = "r", range(0, 100))]
    pub measurement_quality_level: Option<i64>,
}

impl Temperature {
    /// A new measurement: the value and both measured extremes follow.
    pub fn measured(&mut self, value: f64) {
        self.sensor_value = value;
        self.min_measured_value = Some(self.min_measured_value.map_or(value, |least| least.min(value)));
        self.max_measured_value = Some(self.max_measured_value.map_or(value, |greatest| greatest.max(value)));
    }

    fn reset_min_max(&mut self, _arguments: &Arguments) -> Result<Done, Rejection> {
        self.min_measured_value = Some(self.sensor_value);
        self.max_measured_value = Some(self.sensor_value);
        Ok(Done::DONE)
    }
}

#[cfg(test)]
mod tests {
    use lwm2m_core::ObjectType as _;

    use super::*;

    #[test]
    fn extremes_follow_measurements_until_reset() {
        let mut sensor = Temperature::default();
        let extremes = |sensor: &Temperature| (sensor.min_measured_value, sensor.max_measured_value);
        for value in [20.0, 22.0, 18.5, 19.0] {
            sensor.measured(value);
        }
        assert_eq!(extremes(&sensor), (Some(18.5), Some(22.0)));
        assert!(sensor.execute(Temperature::RESET.id(), &Arguments::NONE).is_ok());
        assert_eq!(extremes(&sensor), (Some(19.0), Some(19.0)));
    }
}

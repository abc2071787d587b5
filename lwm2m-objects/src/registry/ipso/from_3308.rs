//! Objects 3308 to 3319.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        3308,
        "Set Point",
        const {
            &[
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5701, "Sensor Units", String, Ops::R),
                R::new(5706, "Colour", String, Ops::RW),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5900, "Set Point Value", Float, Ops::RW).mandatory(),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3310,
        "Load Control",
        const {
            &[
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5823, "Event Identifier", String, Ops::RW).mandatory(),
                R::new(5824, "Start Time", Time, Ops::RW).mandatory(),
                R::new(5825, "Duration In Min", Integer, Ops::RW).mandatory().unit("min"),
                R::new(5826, "Criticality Level", Integer, Ops::RW).range(0, 3),
                R::new(5827, "Avg Load AdjPct", Integer, Ops::RW).range(0, 100).unit("/100"),
                R::new(5828, "Duty Cycle", Integer, Ops::RW).range(0, 100).unit("/100"),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3311,
        "Light Control",
        const {
            &[
                R::new(5701, "Sensor Units", String, Ops::R),
                R::new(5706, "Colour", String, Ops::RW),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5805, "Cumulative active power", Float, Ops::R).unit("Wh"),
                R::new(5820, "Power factor", Float, Ops::R),
                R::new(5850, "On/Off", Boolean, Ops::RW).mandatory(),
                R::new(5851, "Dimmer", Integer, Ops::RW).range(0, 100).unit("/100"),
                R::new(5852, "On time", Integer, Ops::RW).unit("s"),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3312,
        "Power Control",
        const {
            &[
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5805, "Cumulative active power", Float, Ops::R).unit("Wh"),
                R::new(5820, "Power factor", Float, Ops::R),
                R::new(5850, "On/Off", Boolean, Ops::RW).mandatory(),
                R::new(5851, "Dimmer", Integer, Ops::RW).range(0, 100).unit("/100"),
                R::new(5852, "On time", Integer, Ops::RW).unit("s"),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3313,
        "Accelerometer",
        const {
            &[
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5603, "Min Range Value", Float, Ops::R),
                R::new(5604, "Max Range Value", Float, Ops::R),
                R::new(5701, "Sensor Units", String, Ops::R),
                R::new(5702, "X Value", Float, Ops::R).mandatory(),
                R::new(5703, "Y Value", Float, Ops::R),
                R::new(5704, "Z Value", Float, Ops::R),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3314,
        "Magnetometer",
        const {
            &[
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5701, "Sensor Units", String, Ops::R),
                R::new(5702, "X Value", Float, Ops::R).mandatory(),
                R::new(5703, "Y Value", Float, Ops::R),
                R::new(5704, "Z Value", Float, Ops::R),
                R::new(5705, "Compass Direction", Float, Ops::R).float_range(0.0, 360.0).unit("deg"),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3315,
        "Barometer",
        const {
            &[
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5601, "Min Measured Value", Float, Ops::R),
                R::new(5602, "Max Measured Value", Float, Ops::R),
                R::new(5603, "Min Range Value", Float, Ops::R),
                R::new(5604, "Max Range Value", Float, Ops::R),
                R::new(5605, "Reset Min and Max Measured Values", Executable, Ops::E),
                R::new(5700, "Sensor Value", Float, Ops::R).mandatory(),
                R::new(5701, "Sensor Units", String, Ops::R),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3316,
        "Voltage",
        const {
            &[
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5601, "Min Measured Value", Float, Ops::R),
                R::new(5602, "Max Measured Value", Float, Ops::R),
                R::new(5603, "Min Range Value", Float, Ops::R),
                R::new(5604, "Max Range Value", Float, Ops::R),
                R::new(5605, "Reset Min and Max Measured Values", Executable, Ops::E),
                R::new(5700, "Sensor Value", Float, Ops::R).mandatory(),
                R::new(5701, "Sensor Units", String, Ops::R),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5821, "Current Calibration", Float, Ops::RW),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3317,
        "Current",
        const {
            &[
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5601, "Min Measured Value", Float, Ops::R),
                R::new(5602, "Max Measured Value", Float, Ops::R),
                R::new(5603, "Min Range Value", Float, Ops::R),
                R::new(5604, "Max Range Value", Float, Ops::R),
                R::new(5605, "Reset Min and Max Measured Values", Executable, Ops::E),
                R::new(5700, "Sensor Value", Float, Ops::R).mandatory(),
                R::new(5701, "Sensor Units", String, Ops::R),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5821, "Current Calibration", Float, Ops::RW),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3318,
        "Frequency",
        const {
            &[
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5601, "Min Measured Value", Float, Ops::R),
                R::new(5602, "Max Measured Value", Float, Ops::R),
                R::new(5603, "Min Range Value", Float, Ops::R),
                R::new(5604, "Max Range Value", Float, Ops::R),
                R::new(5605, "Reset Min and Max Measured Values", Executable, Ops::E),
                R::new(5700, "Sensor Value", Float, Ops::R).mandatory(),
                R::new(5701, "Sensor Units", String, Ops::R),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5821, "Current Calibration", Float, Ops::RW),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3319,
        "Depth",
        const {
            &[
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5601, "Min Measured Value", Float, Ops::R),
                R::new(5602, "Max Measured Value", Float, Ops::R),
                R::new(5603, "Min Range Value", Float, Ops::R),
                R::new(5604, "Max Range Value", Float, Ops::R),
                R::new(5605, "Reset Min and Max Measured Values", Executable, Ops::E),
                R::new(5700, "Sensor Value", Float, Ops::R).mandatory(),
                R::new(5701, "Sensor Units", String, Ops::R),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5821, "Current Calibration", Float, Ops::RW),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
];

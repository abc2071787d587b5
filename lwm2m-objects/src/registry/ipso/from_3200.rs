//! Objects 3200 to 3306.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        3200,
        "Digital Input",
        const {
            &[
                R::new(5500, "Digital Input State", Boolean, Ops::R).mandatory(),
                R::new(5501, "Digital Input Counter", Integer, Ops::R),
                R::new(5502, "Digital Input Polarity", Boolean, Ops::RW),
                R::new(5503, "Digital Input Debounce", Integer, Ops::RW).unit("ms"),
                R::new(5504, "Digital Input Edge Selection", Integer, Ops::RW).range(1, 3),
                R::new(5505, "Digital Input Counter Reset", Executable, Ops::E),
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5751, "Sensor Type", String, Ops::R),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3201,
        "Digital Output",
        const {
            &[
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5550, "Digital Output State", Boolean, Ops::RW).mandatory(),
                R::new(5551, "Digital Output Polarity", Boolean, Ops::RW),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3202,
        "Analog Input",
        const {
            &[
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5600, "Analog Input Current Value", Float, Ops::R).mandatory(),
                R::new(5601, "Min Measured Value", Float, Ops::R),
                R::new(5602, "Max Measured Value", Float, Ops::R),
                R::new(5603, "Min Range Value", Float, Ops::R),
                R::new(5604, "Max Range Value", Float, Ops::R),
                R::new(5605, "Reset Min and Max Measured Values", Executable, Ops::E),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5751, "Sensor Type", String, Ops::R),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3203,
        "Analog Output",
        const {
            &[
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5603, "Min Range Value", Float, Ops::R),
                R::new(5604, "Max Range Value", Float, Ops::R),
                R::new(5650, "Analog Output Current Value", Float, Ops::RW).mandatory().float_range(0.0, 1.0),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3300,
        "Generic Sensor",
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
                R::new(5751, "Sensor Type", String, Ops::R),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3301,
        "Illuminance",
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
        3302,
        "Presence",
        const {
            &[
                R::new(5500, "Digital Input State", Boolean, Ops::R).mandatory(),
                R::new(5501, "Digital Input Counter", Integer, Ops::R),
                R::new(5505, "Digital Input Counter Reset", Executable, Ops::E),
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5751, "Sensor Type", String, Ops::R),
                R::new(5903, "Busy to Clear delay", Integer, Ops::RW).unit("ms"),
                R::new(5904, "Clear to Busy delay", Integer, Ops::RW).unit("ms"),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3303,
        "Temperature",
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
        3304,
        "Humidity",
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
        3305,
        "Power Measurement",
        const {
            &[
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5605, "Reset Min and Max Measured Values", Executable, Ops::E),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5800, "Instantaneous active power", Float, Ops::R).mandatory().unit("W"),
                R::new(5801, "Min Measured active power", Float, Ops::R).unit("W"),
                R::new(5802, "Max Measured active power", Float, Ops::R).unit("W"),
                R::new(5803, "Min Range active power", Float, Ops::R).unit("W"),
                R::new(5804, "Max Range active power", Float, Ops::R).unit("W"),
                R::new(5805, "Cumulative active power", Float, Ops::R).unit("Wh"),
                R::new(5806, "Active Power Calibration", Float, Ops::W).unit("W"),
                R::new(5810, "Instantaneous reactive power", Float, Ops::R).unit("var"),
                R::new(5811, "Min Measured reactive power", Float, Ops::R).unit("var"),
                R::new(5812, "Max Measured reactive power", Float, Ops::R).unit("var"),
                R::new(5813, "Min Range reactive power", Float, Ops::R).unit("var"),
                R::new(5814, "Max Range reactive power", Float, Ops::R).unit("var"),
                R::new(5815, "Cumulative reactive power", Float, Ops::R).unit("varh"),
                R::new(5816, "Reactive Power Calibration", Float, Ops::W).unit("var"),
                R::new(5820, "Power factor", Float, Ops::R),
                R::new(5821, "Current Calibration", Float, Ops::RW),
                R::new(5822, "Reset Cumulative energy", Executable, Ops::E),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3306,
        "Actuation",
        const {
            &[
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5850, "On/Off", Boolean, Ops::RW).mandatory(),
                R::new(5851, "Dimmer", Integer, Ops::RW).range(0, 100).unit("/100"),
                R::new(5852, "On time", Integer, Ops::RW).unit("s"),
                R::new(5853, "Multi-state Output", String, Ops::RW),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
];

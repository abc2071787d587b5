//! Objects 3342 to 3350.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        3342,
        "On/Off switch",
        const {
            &[
                R::new(5500, "Digital Input State", Boolean, Ops::R).mandatory(),
                R::new(5501, "Digital Input Counter", Integer, Ops::R),
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5852, "On time", Integer, Ops::RW).unit("s"),
                R::new(5854, "Off Time", Integer, Ops::RW).unit("s"),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3343,
        "Dimmer",
        const {
            &[
                R::new(5548, "Level", Float, Ops::RW).mandatory().float_range(0.0, 100.0).unit("/100"),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5852, "On time", Integer, Ops::RW).unit("s"),
                R::new(5854, "Off Time", Integer, Ops::RW).unit("s"),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3344,
        "Up/Down Control",
        const {
            &[
                R::new(5532, "Increase Input State", Boolean, Ops::R).mandatory(),
                R::new(5533, "Decrease Input State", Boolean, Ops::R).mandatory(),
                R::new(5541, "Up Counter", Integer, Ops::RW),
                R::new(5542, "Down Counter", Integer, Ops::RW),
                R::new(5750, "Application Type", String, Ops::RW),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3345,
        "Multiple Axis Joystick",
        const {
            &[
                R::new(5500, "Digital Input State", Boolean, Ops::R),
                R::new(5501, "Digital Input Counter", Integer, Ops::R),
                R::new(5702, "X Value", Float, Ops::R),
                R::new(5703, "Y Value", Float, Ops::R),
                R::new(5704, "Z Value", Float, Ops::R),
                R::new(5750, "Application Type", String, Ops::RW),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3346,
        "Rate",
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
        3347,
        "Push button",
        const {
            &[
                R::new(5500, "Digital Input State", Boolean, Ops::R).mandatory(),
                R::new(5501, "Digital Input Counter", Integer, Ops::R),
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3348,
        "Multi-state Selector",
        const {
            &[
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5547, "Multi-state Input", Integer, Ops::R).mandatory(),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3349,
        "Bitmap",
        const {
            &[
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5910, "Bitmap Input", Integer, Ops::R).mandatory(),
                R::new(5911, "Bitmap Input Reset", Executable, Ops::E),
                R::new(5912, "Element Description", String, Ops::RW).multiple(),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3350,
        "Stopwatch",
        const {
            &[
                R::new(5501, "Digital Input Counter", Integer, Ops::R),
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5544, "Cumulative Time", Float, Ops::RW).mandatory().unit("s"),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5850, "On/Off", Boolean, Ops::RW),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
];

//! Objects 3330 to 3341.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        3330,
        "Distance",
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
        3331,
        "Energy",
        const {
            &[
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5700, "Sensor Value", Float, Ops::R).mandatory(),
                R::new(5701, "Sensor Units", String, Ops::R),
                R::new(5750, "Application Type", String, Ops::RW),
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
        3332,
        "Direction",
        const {
            &[
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5601, "Min Measured Value", Float, Ops::R),
                R::new(5602, "Max Measured Value", Float, Ops::R),
                R::new(5605, "Reset Min and Max Measured Values", Executable, Ops::E),
                R::new(5705, "Compass Direction", Float, Ops::R)
                    .mandatory()
                    .float_range(0.0, 360.0)
                    .unit("deg"),
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
        3333,
        "Time",
        const {
            &[
                R::new(5506, "Current Time", Time, Ops::RW).mandatory(),
                R::new(5507, "Fractional Time", Float, Ops::RW).float_range(0.0, 1.0).unit("s"),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3334,
        "Gyrometer",
        const {
            &[
                R::new(5508, "Min X Value", Float, Ops::R),
                R::new(5509, "Max X Value", Float, Ops::R),
                R::new(5510, "Min Y Value", Float, Ops::R),
                R::new(5511, "Max Y Value", Float, Ops::R),
                R::new(5512, "Min Z Value", Float, Ops::R),
                R::new(5513, "Max Z Value", Float, Ops::R),
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5603, "Min Range Value", Float, Ops::R),
                R::new(5604, "Max Range Value", Float, Ops::R),
                R::new(5605, "Reset Min and Max Measured Values", Executable, Ops::E),
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
        3335,
        "Colour",
        const {
            &[
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5701, "Sensor Units", String, Ops::R),
                R::new(5706, "Colour", String, Ops::RW).mandatory(),
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
        3336,
        "Location",
        const {
            &[
                R::new(5517, "Velocity", Opaque, Ops::R),
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5705, "Compass Direction", Float, Ops::R).float_range(0.0, 360.0).unit("deg"),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
                R::new(6051, "Numeric Latitude", Float, Ops::R).mandatory().unit("lat"),
                R::new(6052, "Numeric Longitude", Float, Ops::R).mandatory().unit("lon"),
                R::new(6053, "Numeric Uncertainty", Float, Ops::R).unit("m"),
            ]
        },
    )
    .version(2, 0)
    .multiple(),
    ObjectDef::new(
        3337,
        "Positioner",
        const {
            &[
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5519, "Min Limit", Float, Ops::R),
                R::new(5520, "Max Limit", Float, Ops::R),
                R::new(5536, "Current Position", Float, Ops::RW)
                    .mandatory()
                    .float_range(0.0, 100.0)
                    .unit("/100"),
                R::new(5537, "Transition Time", Float, Ops::RW).unit("s"),
                R::new(5538, "Remaining Time", Float, Ops::R).unit("s"),
                R::new(5601, "Min Measured Value", Float, Ops::R),
                R::new(5602, "Max Measured Value", Float, Ops::R),
                R::new(5605, "Reset Min and Max Measured Values", Executable, Ops::E),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3338,
        "Buzzer",
        const {
            &[
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5521, "Delay Duration", Float, Ops::RW).unit("s"),
                R::new(5525, "Minimum Off-time", Float, Ops::RW).mandatory().unit("s"),
                R::new(5548, "Level", Float, Ops::RW).float_range(0.0, 100.0).unit("/100"),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5850, "On/Off", Boolean, Ops::RW).mandatory(),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3339,
        "Audio Clip",
        const {
            &[
                R::new(5522, "Clip", Opaque, Ops::RW).mandatory(),
                R::new(5523, "Trigger", Executable, Ops::E),
                R::new(5524, "Duration", Float, Ops::RW).unit("s"),
                R::new(5548, "Level", Float, Ops::RW).float_range(0.0, 100.0).unit("/100"),
                R::new(5750, "Application Type", String, Ops::RW),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3340,
        "Timer",
        const {
            &[
                R::new(5501, "Digital Input Counter", Integer, Ops::R),
                R::new(5521, "Delay Duration", Float, Ops::RW).mandatory().unit("s"),
                R::new(5523, "Trigger", Executable, Ops::E),
                R::new(5525, "Minimum Off-time", Float, Ops::RW).unit("s"),
                R::new(5526, "Timer Mode", Integer, Ops::RW).range(0, 4),
                R::new(5534, "Counter", Integer, Ops::RW),
                R::new(5538, "Remaining Time", Float, Ops::R).unit("s"),
                R::new(5543, "Digital State", Boolean, Ops::R),
                R::new(5544, "Cumulative Time", Float, Ops::RW).unit("s"),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5850, "On/Off", Boolean, Ops::RW),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3341,
        "Addressable Text Display",
        const {
            &[
                R::new(5527, "Text", String, Ops::RW).mandatory(),
                R::new(5528, "X Coordinate", Integer, Ops::RW),
                R::new(5529, "Y Coordinate", Integer, Ops::RW),
                R::new(5530, "Clear Display", Executable, Ops::E),
                R::new(5531, "Contrast", Float, Ops::RW).float_range(0.0, 100.0).unit("/100"),
                R::new(5545, "Max X Coordinate", Integer, Ops::R),
                R::new(5546, "Max Y Coordinate", Integer, Ops::R),
                R::new(5548, "Level", Float, Ops::RW).float_range(0.0, 100.0).unit("/100"),
                R::new(5750, "Application Type", String, Ops::RW),
            ]
        },
    )
    .multiple(),
];

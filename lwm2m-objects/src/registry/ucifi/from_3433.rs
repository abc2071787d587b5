//! Objects 3433 to 3439.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        3433,
        "Noise sensor",
        const {
            &[
                R::new(1, "Gunshot detected", Boolean, Ops::R),
                R::new(2, "Abnormal noise detected", Boolean, Ops::R),
                R::new(3, "Sensor Value", Float, Ops::R).mandatory(),
                R::new(4, "Minimum measured value", Float, Ops::R).unit("dB"),
                R::new(5, "Maximum measured value", Float, Ops::R).unit("dB"),
                R::new(6, "Minimum range value", Float, Ops::R).unit("dB"),
                R::new(7, "Maximum range value", Float, Ops::R).unit("dB"),
                R::new(8, "Reset min and max values", Executable, Ops::E),
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3434,
        "People counter",
        const {
            &[
                R::new(1, "Actual number of persons", Integer, Ops::R).mandatory(),
                R::new(2, "Daily number of persons", Integer, Ops::R),
                R::new(3, "Cumulated number of persons", Integer, Ops::R),
                R::new(4, "Reset of cumulated number", Executable, Ops::E),
                R::new(5, "Daily number of passages", Integer, Ops::R),
                R::new(6, "Cumulated number of passages", Integer, Ops::R),
                R::new(7, "Reset of cumulated number of passages", Executable, Ops::E),
                R::new(8, "Type of sensor", String, Ops::RW),
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3435,
        "Filling level",
        const {
            &[
                R::new(1, "Container height", Integer, Ops::RW).unit("cm"),
                R::new(2, "Actual filling percentage", Float, Ops::R).mandatory().unit("/100"),
                R::new(3, "Actual filling level", Integer, Ops::R).unit("cm"),
                R::new(4, "High threshold", Float, Ops::RW).unit("/100"),
                R::new(5, "Container full", Boolean, Ops::R).mandatory(),
                R::new(6, "Low threshold", Float, Ops::RW).unit("/100"),
                R::new(7, "Container empty", Boolean, Ops::R).mandatory(),
                R::new(8, "Average filling speed", Float, Ops::R).unit("/100"),
                R::new(9, "Average filling speed reset", Executable, Ops::E),
                R::new(10, "Forecast full date", Time, Ops::R),
                R::new(11, "Forecast empty date", Time, Ops::R),
                R::new(12, "Container out of location", Boolean, Ops::R),
                R::new(13, "Container out of position", Boolean, Ops::R),
                R::new(14, "Container width", Integer, Ops::RW).unit("cm"),
                R::new(15, "Container installation type", String, Ops::RW).unit("cm"),
                R::new(16, "Container volume max", Float, Ops::RW).unit("m3"),
                R::new(17, "Filling sensor position", String, Ops::RW),
                R::new(18, "Type of materials", String, Ops::RW),
                R::new(19, "Filling operations counter", Integer, Ops::R),
                R::new(20, "Reset filling operations counter", Executable, Ops::E),
                R::new(21, "Cover open", Boolean, Ops::R),
                R::new(22, "Temperature alarm", Boolean, Ops::R),
                R::new(23, "Water infiltration alarm", Boolean, Ops::R),
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(2, 0)
    .multiple(),
    ObjectDef::new(
        3436,
        "Edge computing manager",
        const {
            &[
                R::new(1, "Max number of scripts", Integer, Ops::R),
                R::new(2, "Number of free slots for scripts", Integer, Ops::R),
                R::new(3, "Max number of conditions", Integer, Ops::R),
                R::new(4, "Number of free slots for conditions", Integer, Ops::R),
                R::new(5, "Edge-computing capabilities", String, Ops::R),
            ]
        },
    ),
    ObjectDef::new(
        3437,
        "Edge computing script",
        const {
            &[
                R::new(1, "Name", String, Ops::RW),
                R::new(2, "Signature", String, Ops::RW),
                R::new(3, "Version", String, Ops::RW),
                R::new(4, "Script", Opaque, Ops::RW).mandatory(),
                R::new(5, "Script format", String, Ops::RW),
                R::new(6, "Non supported script", Boolean, Ops::R),
                R::new(7, "Non authorized script", Boolean, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3438,
        "Edge computing time condition",
        const {
            &[
                R::new(1, "Execution time/day", String, Ops::RW).mandatory(),
                R::new(2, "Script identifier", String, Ops::RW).multiple().mandatory(),
                R::new(3, "Non supported time condition", Boolean, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3439,
        "Edge computing generic condition",
        const {
            &[
                R::new(1, "Vendor condition", Opaque, Ops::RW),
                R::new(2, "Script identifier", String, Ops::RW).multiple().mandatory(),
                R::new(3, "Non supported time condition", Boolean, Ops::R),
            ]
        },
    )
    .multiple(),
];

//! Objects 3395 to 3405.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Interval, Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        3395,
        "oA Logical Push-Button Sensor",
        const {
            &[
                R::new(202, "Push-Button Event Value", Unsigned, Ops::R).mandatory().any_of(&[
                    Interval::Unsigned(0, 0),
                    Interval::Unsigned(1, 1),
                    Interval::Unsigned(2, 2),
                    Interval::Unsigned(3, 3),
                    Interval::Unsigned(255, 255),
                ]),
                R::new(203, "Single Click Time", Unsigned, Ops::RW).mandatory().range(100, 60000).unit("ms"),
                R::new(204, "Hold Repeat Time", Unsigned, Ops::RW).range(300, 60000).unit("ms"),
                R::new(901, "Documentary Description", String, Ops::RW).range(0, 256),
                R::new(903, "Application Group ID", Unsigned, Ops::RW).mandatory().range(0, 65535),
                R::new(904, "Status Resend Time", Unsigned, Ops::RW).mandatory().range(1, 600).unit("s"),
                R::new(905, "Debug Mode Enabled", Boolean, Ops::RW),
                R::new(906, "Inject Test Event", Integer, Ops::W).range(0, 65535),
                R::new(909, "Executing Object", Corelnk, Ops::RW).mandatory(),
                R::new(919, "Status Report Structure ID", Unsigned, Ops::RW).mandatory().range(0, 255),
                R::new(924, "Object Enabled", Boolean, Ops::RW),
                R::new(934, "Object Enabled", Executable, Ops::E),
                R::new(4001, "ObjectVersion", String, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3396,
        "oA Physical Colour Light-Point Actuator",
        const {
            &[
                R::new(100, "Current Intensity", Float, Ops::R).mandatory().float_range(0.0, 1.0),
                R::new(102, "Remaining Transition Time", Unsigned, Ops::R)
                    .mandatory()
                    .range(0, 65535)
                    .unit("ms"),
                R::new(103, "Physical Minimum Intensity", Float, Ops::R).float_range(1e-6, 1.0),
                R::new(104, "Minimum Intensity", Float, Ops::RW).mandatory().float_range(1e-6, 1.0),
                R::new(105, "Maximum Intensity", Float, Ops::RW).mandatory().float_range(1e-6, 1.0),
                R::new(110, "Power On Behaviour", Unsigned, Ops::RW).any_of(&[
                    Interval::Unsigned(0, 0),
                    Interval::Unsigned(1, 1),
                    Interval::Unsigned(2, 2),
                ]),
                R::new(111, "Power On Intensity", Float, Ops::RW).float_range(1e-6, 1.0),
                R::new(114, "Stored Intensity", Float, Ops::R).float_range(1e-6, 1.0),
                R::new(115, "System Failure Intensity", Float, Ops::RW).float_range(1e-6, 1.0),
                R::new(122, "Current Colour Y", Unsigned, Ops::R).mandatory().range(0, 10000).unit("K"),
                R::new(123, "Current Colour X", Unsigned, Ops::R).mandatory().range(0, 10000).unit("K"),
                R::new(124, "Remaining Colour Transition Time", Unsigned, Ops::R)
                    .mandatory()
                    .range(0, 65535)
                    .unit("ms"),
                R::new(901, "Documentary Description", String, Ops::RW).range(0, 256),
                R::new(907, "Error Status", Opaque, Ops::R).mandatory(),
                R::new(908, "Mounting Location", String, Ops::RW).mandatory().range(1, 64).unit("B"),
                R::new(910, "Total Energy Usage", Unsigned, Ops::R)
                    .mandatory()
                    .unsigned_range(0, 18446744073709551615)
                    .unit("Ws"),
                R::new(911, "Actual Power Usage", Unsigned, Ops::R)
                    .mandatory()
                    .range(0, 4294967295)
                    .unit("W"),
                R::new(912, "Accuracy Class", String, Ops::R).range(0, 64),
                R::new(930, "Operating Hours", Unsigned, Ops::R).mandatory().range(0, 4294967295).unit("h"),
                R::new(931, "Adjusted Operating Hours", Unsigned, Ops::R).mandatory().range(0, 4294967295),
                R::new(4001, "ObjectVersion", String, Ops::R),
                R::new(5850, "On/Off", Boolean, Ops::RW).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3397,
        "oA Physical Colour Temperature Light-Point Actuator",
        const {
            &[
                R::new(100, "Current Intensity", Float, Ops::R).mandatory().float_range(0.0, 1.0),
                R::new(102, "Remaining Transition Time", Unsigned, Ops::R)
                    .mandatory()
                    .range(0, 65535)
                    .unit("ms"),
                R::new(103, "Physical Minimum Intensity", Float, Ops::R).float_range(1e-6, 1.0),
                R::new(104, "Minimum Intensity", Float, Ops::RW).mandatory().float_range(1e-6, 1.0),
                R::new(105, "Maximum Intensity", Float, Ops::RW).mandatory().float_range(1e-6, 1.0),
                R::new(110, "Power On Behaviour", Unsigned, Ops::RW).any_of(&[
                    Interval::Unsigned(0, 0),
                    Interval::Unsigned(1, 1),
                    Interval::Unsigned(2, 2),
                ]),
                R::new(111, "Power On Intensity", Float, Ops::RW).float_range(1e-6, 1.0),
                R::new(114, "Stored Intensity", Float, Ops::R).float_range(1e-6, 1.0),
                R::new(115, "System Failure Intensity", Float, Ops::RW).float_range(1e-6, 1.0),
                R::new(137, "Current Colour Temperature", Unsigned, Ops::R)
                    .mandatory()
                    .range(0, 65535)
                    .unit("K"),
                R::new(138, "Remaining Colour Temperature Transition Time", Unsigned, Ops::R)
                    .mandatory()
                    .range(0, 65535)
                    .unit("ms"),
                R::new(155, "Physical Minimum Colour Temperature", Unsigned, Ops::R)
                    .range(0, 65535)
                    .unit("K"),
                R::new(156, "Physical Maximum Colour Temperature", Unsigned, Ops::R)
                    .range(0, 65535)
                    .unit("K"),
                R::new(157, "Minimum Colour Temperature", Unsigned, Ops::R).range(0, 65535).unit("K"),
                R::new(158, "Maximum Colour Temperature", Unsigned, Ops::R).range(0, 65535).unit("K"),
                R::new(901, "Documentary Description", String, Ops::RW).range(0, 256),
                R::new(907, "Error Status", Unsigned, Ops::R).mandatory().range(0, 255),
                R::new(908, "Mounting Location", String, Ops::RW).mandatory().range(1, 64),
                R::new(910, "Total Energy Usage", Unsigned, Ops::R)
                    .mandatory()
                    .unsigned_range(0, 18446744073709551615)
                    .unit("Ws"),
                R::new(911, "Actual Power Usage", Integer, Ops::R).mandatory().range(0, 4294967295).unit("W"),
                R::new(912, "Accuracy Class", String, Ops::R).range(0, 64),
                R::new(930, "Operating Hours", Unsigned, Ops::R).mandatory().range(0, 4294967295).unit("h"),
                R::new(931, "Adjusted Operating Hours", Unsigned, Ops::R).mandatory().range(0, 4294967295),
                R::new(4001, "ObjectVersion", String, Ops::R),
                R::new(5850, "On/Off", Boolean, Ops::RW).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3398,
        "oA Physical Illuminance Sensor",
        const {
            &[
                R::new(407, "Min Range Value", Unsigned, Ops::R).range(0, 65535).unit("lx"),
                R::new(408, "Max Range Value", Unsigned, Ops::R).range(0, 65535).unit("lx"),
                R::new(901, "Documentary Description", String, Ops::RW).range(0, 256),
                R::new(907, "Error Status", Unsigned, Ops::R).mandatory().range(0, 255),
                R::new(908, "Mounting Location", String, Ops::RW).mandatory().range(1, 64),
                R::new(4001, "ObjectVersion", String, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3399,
        "oA Physical Light-Point Actuator",
        const {
            &[
                R::new(100, "Current Intensity", Float, Ops::R).mandatory().float_range(0.0, 1.0),
                R::new(102, "Remaining Transition Time", Unsigned, Ops::R)
                    .mandatory()
                    .range(0, 65535)
                    .unit("ms"),
                R::new(103, "Physical Minimum Intensity", Float, Ops::R).float_range(1e-6, 1.0),
                R::new(104, "Minimum Intensity", Float, Ops::RW).mandatory().float_range(1e-6, 1.0),
                R::new(105, "Maximum Intensity", Float, Ops::RW).mandatory().float_range(1e-6, 1.0),
                R::new(110, "Power On Behaviour", Unsigned, Ops::RW).any_of(&[
                    Interval::Unsigned(0, 0),
                    Interval::Unsigned(1, 1),
                    Interval::Unsigned(2, 2),
                ]),
                R::new(111, "Power On Intensity", Float, Ops::RW).float_range(1e-6, 1.0),
                R::new(114, "Stored Intensity", Float, Ops::R).float_range(1e-6, 1.0),
                R::new(115, "System Failure Intensity", Float, Ops::RW).float_range(1e-6, 1.0),
                R::new(901, "Documentary Description", String, Ops::RW).range(0, 256),
                R::new(907, "Error Status", Unsigned, Ops::R).mandatory().range(0, 255),
                R::new(908, "Mounting Location", String, Ops::RW).mandatory().range(1, 64),
                R::new(910, "Total Energy Usage", Unsigned, Ops::R)
                    .mandatory()
                    .unsigned_range(0, 18446744073709551615)
                    .unit("Ws"),
                R::new(911, "Actual Power Usage", Unsigned, Ops::R)
                    .mandatory()
                    .range(0, 4294967295)
                    .unit("W"),
                R::new(912, "Accuracy Class", String, Ops::R).range(0, 64),
                R::new(930, "Operating Hours", Unsigned, Ops::R).mandatory().range(0, 4294967295).unit("h"),
                R::new(931, "Adjusted Operating Hours", Unsigned, Ops::R).mandatory().range(0, 4294967295),
                R::new(4001, "ObjectVersion", String, Ops::R),
                R::new(5850, "On/Off", Boolean, Ops::RW).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3400,
        "oA Physical Presence Sensor",
        const {
            &[
                R::new(901, "Documentary Description", String, Ops::RW).range(0, 256),
                R::new(907, "Error Status", Unsigned, Ops::R).mandatory().range(0, 255),
                R::new(908, "Mounting Location", String, Ops::RW).mandatory().range(1, 64),
                R::new(4001, "ObjectVersion", String, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3401,
        "oA Physical Push-Button Sensor",
        const {
            &[
                R::new(201, "Push-Button Status Value", Unsigned, Ops::R).mandatory().any_of(&[
                    Interval::Unsigned(0, 0),
                    Interval::Unsigned(1, 1),
                    Interval::Unsigned(2, 2),
                ]),
                R::new(901, "Documentary Description", String, Ops::RW).range(0, 256),
                R::new(907, "Error Status", Unsigned, Ops::R).mandatory().range(0, 255),
                R::new(908, "Mounting Location", String, Ops::RW).mandatory().range(1, 64),
                R::new(4001, "ObjectVersion", String, Ops::R),
                R::new(5502, "Digital Input Polarity", Boolean, Ops::RW).mandatory(),
                R::new(5503, "Digital Input Debounce", Integer, Ops::RW).mandatory().unit("ms"),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3402,
        "oA Receiving Object",
        const {
            &[
                R::new(901, "Documentary Description", String, Ops::RW).range(0, 256),
                R::new(909, "Executing Object", Corelnk, Ops::RW).mandatory(),
                R::new(923, "Status Report", Opaque, Ops::W).mandatory(),
                R::new(4001, "ObjectVersion", String, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3403,
        "oA Reporting Object",
        const {
            &[
                R::new(901, "Documentary Description", String, Ops::RW).range(0, 256),
                R::new(903, "Application Group ID", Unsigned, Ops::RW).mandatory().range(0, 65535).unit("s"),
                R::new(904, "Status Resend Time", Unsigned, Ops::RW).mandatory().range(1, 600).unit("s"),
                R::new(919, "Status Report Structure ID", Unsigned, Ops::RW)
                    .mandatory()
                    .range(1, 600)
                    .unit("s"),
                R::new(932, "Reporting Object Instances", Corelnk, Ops::RW).multiple().mandatory(),
                R::new(933, "Target Resource", Corelnk, Ops::RW).mandatory(),
                R::new(4001, "ObjectVersion", String, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3404,
        "oA Scene",
        const {
            &[
                R::new(650, "Scene ID", Unsigned, Ops::RW).mandatory().range(0, 65535),
                R::new(651, "Application Group ID", Unsigned, Ops::RW).mandatory().range(0, 65535),
                R::new(652, "Transition Time", Unsigned, Ops::RW).mandatory().range(0, 60000).unit("ms"),
                R::new(653, "Scene Configuration", Opaque, Ops::RW).multiple().mandatory(),
                R::new(655, "Changeable by User API", Boolean, Ops::RW).mandatory(),
                R::new(901, "Documentary Description", String, Ops::RW).range(0, 256),
                R::new(4001, "ObjectVersion", String, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3405,
        "oA OGC-Security",
        const {
            &[
                R::new(0, "OGC Security ID", Unsigned, Ops::RW).mandatory().range(0, 65535),
                R::new(3, "Accepted Senders", Opaque, Ops::RW).multiple().mandatory(),
                R::new(5, "Secret Group Key", Opaque, Ops::W).mandatory(),
                R::new(901, "Documentary Description", String, Ops::RW).range(0, 256),
                R::new(4001, "ObjectVersion", String, Ops::R),
            ]
        },
    )
    .multiple(),
];

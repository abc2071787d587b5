//! Objects 3387 to 3394.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Interval, Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        3387,
        "oA Basic Control",
        const {
            &[
                R::new(800, "Control Function Status", Integer, Ops::R).mandatory().any_of(&[
                    Interval::Integer(0, 0),
                    Interval::Integer(1, 1),
                    Interval::Integer(2, 2),
                    Interval::Integer(3, 3),
                    Interval::Integer(255, 255),
                ]),
                R::new(801, "Control Object Mode", Integer, Ops::RW).mandatory().any_of(&[
                    Interval::Integer(1, 1),
                    Interval::Integer(2, 2),
                    Interval::Integer(3, 3),
                ]),
                R::new(802, "Ghost Configuration", Boolean, Ops::RW),
                R::new(803, "Controlled Application Group ID", Integer, Ops::RW).mandatory().range(0, 65535),
                R::new(805, "Supersede Heartbeat", Unsigned, Ops::W).range(0, 65535).unit("s"),
                R::new(806, "Push-Button Event Configuration", Unsigned, Ops::RW).mandatory().range(0, 255),
                R::new(807, "Presence Sensor Event Configuration", Unsigned, Ops::RW)
                    .mandatory()
                    .range(0, 255),
                R::new(811, "Active-Controller-List", Opaque, Ops::R).multiple(),
                R::new(812, "Ghost Status", Boolean, Ops::R).mandatory(),
                R::new(813, "Supersede Heartbeat Time", Integer, Ops::RW).mandatory().unit("s"),
                R::new(901, "Documentary Description", String, Ops::RW).range(0, 256),
                R::new(905, "Debug Mode Enabled", Boolean, Ops::RW),
                R::new(906, "Inject Test Event", Unsigned, Ops::RW).range(0, 65535),
                R::new(909, "Executing Object", Corelnk, Ops::RW).mandatory(),
                R::new(924, "Object Enabled", Boolean, Ops::RW),
                R::new(934, "Execute Inject", Executable, Ops::E),
                R::new(4001, "ObjectVersion", String, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3388,
        "oA Device",
        const {
            &[
                R::new(500, "OEM ID", String, Ops::R).range(0, 64),
                R::new(501, "OEM String", String, Ops::R).range(0, 64),
                R::new(503, "CPU Temperature", Integer, Ops::R).mandatory().range(-128, 127).unit("C"),
                R::new(504, "Executing Objects", Corelnk, Ops::R).multiple().mandatory(),
                R::new(505, "System Failure Time", Unsigned, Ops::RW).range(0, 65535).unit("ms"),
                R::new(901, "Documentary Description", String, Ops::RW).range(0, 256),
                R::new(907, "Error Status", Unsigned, Ops::R).mandatory().range(0, 65535),
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
                R::new(929, "BMS ID", Unsigned, Ops::RW).range(0, 65535),
                R::new(4001, "ObjectVersion", String, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3389,
        "oA Group",
        const {
            &[
                R::new(600, "Application Group ID", Unsigned, Ops::RW).mandatory().range(0, 65535),
                R::new(601, "Security Group ID", Unsigned, Ops::RW).mandatory().range(0, 65535),
                R::new(602, "IP Addresses", Opaque, Ops::RW).multiple().mandatory(),
                R::new(603, "Members", Corelnk, Ops::RW).multiple().mandatory(),
                R::new(901, "Documentary Description", String, Ops::RW).range(0, 256),
                R::new(4001, "ObjectVersion", String, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3390,
        "oA Logical Colour Light-Point Actuator",
        const {
            &[
                R::new(125, "Target Colour X", Unsigned, Ops::R).mandatory().range(0, 65535),
                R::new(126, "Target Colour Y", Unsigned, Ops::R).mandatory().range(0, 65535),
                R::new(127, "Colour Changing Time", Unsigned, Ops::RW).mandatory().range(0, 65535).unit("ms"),
                R::new(128, "Colour Transition Time", Unsigned, Ops::RW)
                    .mandatory()
                    .range(0, 65535)
                    .unit("ms"),
                R::new(129, "Hue Step Size", Unsigned, Ops::RW).mandatory().range(0, 65535),
                R::new(130, "Saturation Step Size", Unsigned, Ops::RW).mandatory().range(0, 65535),
                R::new(131, "Set Colour", Opaque, Ops::W).mandatory(),
                R::new(132, "Relative Change Hue", Boolean, Ops::W).mandatory(),
                R::new(133, "Step Hue", Opaque, Ops::W).mandatory(),
                R::new(134, "Relative Change Saturation", Boolean, Ops::W).mandatory(),
                R::new(135, "Step Saturation", Opaque, Ops::W).mandatory(),
                R::new(136, "Stop Transition", Executable, Ops::E).mandatory(),
                R::new(901, "Documentary Description", String, Ops::RW).range(0, 256),
                R::new(902, "Recall Scene", Unsigned, Ops::RW).mandatory().range(0, 65535),
                R::new(903, "Application Group ID", Unsigned, Ops::RW).mandatory().range(0, 65535),
                R::new(904, "Status Resend Time", Unsigned, Ops::RW).mandatory().range(1, 600).unit("s"),
                R::new(905, "Debug Mode Enabled", Boolean, Ops::RW),
                R::new(906, "Inject Test Event", Unsigned, Ops::RW).range(0, 65535),
                R::new(909, "Executing Object", Corelnk, Ops::RW).mandatory(),
                R::new(919, "Status Report Structure ID", Unsigned, Ops::RW).mandatory().range(0, 255),
                R::new(921, "Priority", Unsigned, Ops::RW).mandatory().range(0, 5),
                R::new(922, "Scene Cache", Opaque, Ops::RW).multiple(),
                R::new(924, "Object Enabled", Boolean, Ops::RW),
                R::new(934, "Execute Inject", Executable, Ops::E),
                R::new(4001, "ObjectVersion", String, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3391,
        "oA Logical Colour Temperature Light-Point Actuator",
        const {
            &[
                R::new(139, "Colour Temperature Changing Time", Unsigned, Ops::RW)
                    .mandatory()
                    .range(0, 65535)
                    .unit("ms"),
                R::new(140, "Colour Temperature Transition Time", Unsigned, Ops::RW)
                    .mandatory()
                    .range(0, 65535)
                    .unit("ms"),
                R::new(141, "Colour Temperature Step Size", Unsigned, Ops::RW)
                    .mandatory()
                    .range(0, 65535)
                    .unit("K"),
                R::new(142, "Set Colour Temperature", Opaque, Ops::W).mandatory(),
                R::new(143, "Relative Change Colour Temperature", Boolean, Ops::W).mandatory(),
                R::new(144, "Stop Transition", Executable, Ops::E).mandatory(),
                R::new(145, "Step Colour Temperature", Opaque, Ops::W).mandatory(),
                R::new(146, "Target Colour Temperature", Unsigned, Ops::R)
                    .mandatory()
                    .range(0, 65535)
                    .unit("K"),
                R::new(901, "Documentary Description", String, Ops::RW).range(0, 256),
                R::new(902, "Recall Scene", Unsigned, Ops::W).mandatory().range(0, 65535),
                R::new(903, "Application Group ID", Unsigned, Ops::RW).mandatory().range(0, 65535),
                R::new(904, "Status Resend Time", Unsigned, Ops::RW).mandatory().range(1, 600).unit("s"),
                R::new(905, "Debug Mode Enabled", Boolean, Ops::RW),
                R::new(906, "Inject Test Event", Unsigned, Ops::W).range(0, 65535),
                R::new(909, "Executing Object", Corelnk, Ops::RW).mandatory(),
                R::new(919, "Status Report Structure ID", Unsigned, Ops::RW).mandatory().range(0, 255),
                R::new(921, "Priority", Unsigned, Ops::RW).mandatory().range(0, 5),
                R::new(922, "Scene Cache", Opaque, Ops::RW).multiple(),
                R::new(924, "Object Enabled", Boolean, Ops::RW),
                R::new(934, "Execute Test Injection", Executable, Ops::E),
                R::new(4001, "ObjectVersion", String, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3392,
        "oA Logical Illuminance Sensor",
        const {
            &[
                R::new(400, "Less Than", Unsigned, Ops::RW).range(0, 65535).unit("lx"),
                R::new(401, "Greater Than", Unsigned, Ops::RW).range(0, 65535).unit("lx"),
                R::new(402, "Step", Unsigned, Ops::RW).range(0, 65535).unit("lx"),
                R::new(403, "Minimum Update Interval", Unsigned, Ops::RW)
                    .mandatory()
                    .range(0, 65535)
                    .unit("s"),
                R::new(404, "Sensor Value", Unsigned, Ops::R).mandatory().range(0, 65535).unit("lx"),
                R::new(901, "Documentary Description", String, Ops::RW).range(0, 256),
                R::new(903, "Application Group ID", Unsigned, Ops::RW).mandatory().range(0, 65535),
                R::new(904, "Status Resend Time", Unsigned, Ops::RW).mandatory().range(1, 600).unit("s"),
                R::new(905, "Debug Mode Enabled", Boolean, Ops::RW),
                R::new(906, "Inject Test Event", Unsigned, Ops::W).range(0, 65535),
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
        3393,
        "oA Logical Light-Point Actuator",
        const {
            &[
                R::new(100, "Target OnOff", Boolean, Ops::R).mandatory(),
                R::new(101, "Target Intensity", Float, Ops::R).mandatory().float_range(0.0, 1.0),
                R::new(106, "Dimming Time", Unsigned, Ops::RW).mandatory().range(0, 65535).unit("ms"),
                R::new(108, "Transition Time", Unsigned, Ops::RW).mandatory().range(0, 65535).unit("ms"),
                R::new(109, "Step Size", Float, Ops::RW).mandatory().float_range(1e-6, 1.0),
                R::new(117, "Switch", Opaque, Ops::W).mandatory(),
                R::new(118, "Dim", Boolean, Ops::W).mandatory(),
                R::new(119, "Stop Transition", Executable, Ops::E).mandatory(),
                R::new(120, "Step", Opaque, Ops::W).mandatory(),
                R::new(901, "Documentary Description", String, Ops::RW).range(0, 256),
                R::new(902, "Recall Scene", Unsigned, Ops::RW).mandatory().range(0, 65535),
                R::new(903, "Application Group ID", Unsigned, Ops::RW).mandatory().range(0, 65535),
                R::new(904, "Status Resend Time", Unsigned, Ops::RW).mandatory().range(1, 600).unit("s"),
                R::new(905, "Debug Mode Enabled", Boolean, Ops::RW),
                R::new(906, "Inject Test Event", Unsigned, Ops::W).range(0, 65535),
                R::new(909, "Executing Object", Corelnk, Ops::RW).mandatory(),
                R::new(919, "Status Report Structure ID", Unsigned, Ops::RW).mandatory().range(0, 255),
                R::new(921, "Priority", Unsigned, Ops::RW).mandatory().range(0, 5),
                R::new(922, "Scene Cache", Opaque, Ops::RW).multiple(),
                R::new(924, "Object Enabled", Boolean, Ops::RW),
                R::new(934, "Object Enabled", Executable, Ops::E),
                R::new(4001, "ObjectVersion", String, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3394,
        "oA Logical Presence Sensor",
        const {
            &[
                R::new(901, "Documentary Description", String, Ops::RW).range(0, 256),
                R::new(903, "Application Group ID", Unsigned, Ops::RW).mandatory().range(0, 65535),
                R::new(904, "Status Resend Time", Unsigned, Ops::RW).mandatory().range(1, 600).unit("s"),
                R::new(905, "Debug Mode Enabled", Boolean, Ops::RW),
                R::new(906, "Inject Test Event", Boolean, Ops::W),
                R::new(909, "Executing Object", Corelnk, Ops::RW).mandatory(),
                R::new(919, "Status Report Structure ID", Unsigned, Ops::RW).mandatory().range(0, 255),
                R::new(924, "Object Enabled", Boolean, Ops::RW),
                R::new(934, "Object Enabled", Executable, Ops::E),
                R::new(4001, "ObjectVersion", String, Ops::R),
                R::new(5500, "Digital Input State", Boolean, Ops::R).mandatory(),
                R::new(5903, "Busy to Clear delay", Integer, Ops::RW).unit("ms"),
                R::new(5904, "Clear to Busy delay", Integer, Ops::RW).unit("ms"),
            ]
        },
    )
    .multiple(),
];

//! Objects 3459 to 3461.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        3459,
        "Distributed Sensor Group",
        const {
            &[
                R::new(0, "Group State", Float, Ops::R),
                R::new(1, "Most recent group activity", Time, Ops::R),
                R::new(2, "Most recent Sensor Notification", String, Ops::R),
                R::new(3, "Most recent Sensor Publisher ID", Integer, Ops::R),
                R::new(4, "Group Address", String, Ops::RW),
                R::new(5, "Group ID", String, Ops::RW),
                R::new(6, "Shared Sensor information", Integer, Ops::RW),
                R::new(7, "Quality of service", String, Ops::RW),
                R::new(8, "Hop Limit", Integer, Ops::RW),
                R::new(9, "Broadcast Criteria", Integer, Ops::RW),
                R::new(10, "Min Broadcast Period", Integer, Ops::RW).unit("s"),
                R::new(11, "Max Broadcast Period", Integer, Ops::RW).unit("s"),
                R::new(12, "Publisher Step interval", Float, Ops::RW),
                R::new(13, "Min Threshold", Float, Ops::RW),
                R::new(14, "Max Threshold", Float, Ops::RW),
                R::new(15, "Auto Clear Validity Time", Integer, Ops::RW).unit("s"),
                R::new(16, "Auto Clear Default Value", Float, Ops::RW),
                R::new(17, "Data Fusion Operation", Integer, Ops::RW),
                R::new(18, "Remote Sensors Dynamic Mapping", Boolean, Ops::RW),
                R::new(19, "Remote Sensors Implicit Mapping", Boolean, Ops::RW),
                R::new(20, "Local Sensor State URI", String, Ops::RW).multiple(),
                R::new(21, "Local Sensor Publisher ID", Integer, Ops::RW).multiple(),
                R::new(22, "Remote Sensor State URI", String, Ops::RW).multiple(),
                R::new(23, "Group Log", String, Ops::R),
                R::new(24, "Group Description", String, Ops::RW),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3460,
        "Distributed Sensor Message",
        const {
            &[
                R::new(0, "Group ID", Integer, Ops::R).mandatory(),
                R::new(1, "Publishing timestamp", Time, Ops::R).mandatory(),
                R::new(2, "Publisher State URI", String, Ops::R).mandatory(),
                R::new(3, "Publisher ID", Integer, Ops::R),
                R::new(4, "Auto Clear Validity Time", Integer, Ops::R).unit("s"),
                R::new(5, "Auto Clear Default Value", Float, Ops::R),
            ]
        },
    ),
    ObjectDef::new(
        3461,
        "Sensor Group Device Capabilities",
        const {
            &[
                R::new(1, "Remote Sensor Management capabilities", Integer, Ops::R),
                R::new(2, "Max number of explicit sensors", Integer, Ops::R),
                R::new(3, "Max number of implicit sensors", Integer, Ops::R),
                R::new(4, "Data Fusion Capabilities", Integer, Ops::R),
                R::new(5, "Reset DSG objects", Executable, Ops::E),
            ]
        },
    ),
];

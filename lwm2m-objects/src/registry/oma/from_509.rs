//! Objects 509 to 511.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        509,
        "Measurement Metadata",
        const {
            &[
                R::new(0, "Linked Sensor", Objlnk, Ops::R).mandatory(),
                R::new(1, "Measurement Quality Reason Code", Integer, Ops::R).multiple().range(0, 1023),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        510,
        "Vendor Specific Measurement Quality Reason",
        const {
            &[
                R::new(0, "Vendor Specific Quality Reason Code", Integer, Ops::R)
                    .mandatory()
                    .range(128, 1023),
                R::new(1, "Quality Reason Name", String, Ops::R).mandatory().range(1, 128),
                R::new(2, "Quality Reason Description", String, Ops::R).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        511,
        "Compact Composite",
        const {
            &[
                R::new(0, "Target Links", Corelnk, Ops::RW).mandatory(),
                R::new(1, "Compact Data", Opaque, Ops::R).mandatory(),
                R::new(2, "Description", String, Ops::RW),
            ]
        },
    )
    .multiple(),
];

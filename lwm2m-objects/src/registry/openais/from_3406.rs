//! Objects 3406 to 3406.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[ObjectDef::new(
    3406,
    "oA Status Report Structure",
    const {
        &[
            R::new(850, "Status Report Structure ID", Unsigned, Ops::RW).mandatory().range(0, 255),
            R::new(851, "Keys", String, Ops::RW).multiple().mandatory(),
            R::new(901, "Documentary Description", String, Ops::RW).range(0, 256),
            R::new(4001, "ObjectVersion", String, Ops::R),
        ]
    },
)
.multiple()];

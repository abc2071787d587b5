//! 0 to 511: the enabler itself and other objects of OMA.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::ObjectDef;

mod from_0;
mod from_13;
mod from_28;
mod from_3;
mod from_509;
mod from_6;

pub(super) const PARTS: &[&[ObjectDef]] = &[
    from_0::OBJECTS,
    from_3::OBJECTS,
    from_6::OBJECTS,
    from_13::OBJECTS,
    from_28::OBJECTS,
    from_509::OBJECTS,
];

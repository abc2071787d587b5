//! 3351 to 3386: events and measurements of cellular modems.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::ObjectDef;

mod from_3351;
mod from_3370;

pub(super) const PARTS: &[&[ObjectDef]] = &[from_3351::OBJECTS, from_3370::OBJECTS];

//! 3441 to 3461: other registered objects, among them the test objects.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::ObjectDef;

mod from_3441;
mod from_3449;
mod from_3459;

pub(super) const PARTS: &[&[ObjectDef]] = &[from_3441::OBJECTS, from_3449::OBJECTS, from_3459::OBJECTS];

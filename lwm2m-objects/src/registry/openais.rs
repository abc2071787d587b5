//! 3387 to 3406: lighting of OpenAIS.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::ObjectDef;

mod from_3387;
mod from_3395;
mod from_3406;

pub(super) const PARTS: &[&[ObjectDef]] = &[from_3387::OBJECTS, from_3395::OBJECTS, from_3406::OBJECTS];

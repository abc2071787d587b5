//! 2048 to 2057: communication policies of oneM2M.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::ObjectDef;

mod from_2048;

pub(super) const PARTS: &[&[ObjectDef]] = &[from_2048::OBJECTS];

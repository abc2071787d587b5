//! 3407 to 3439: smart cities and meters of uCIFI.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::ObjectDef;

mod from_3407;
mod from_3416;
mod from_3421;
mod from_3426;
mod from_3433;

pub(super) const PARTS: &[&[ObjectDef]] =
    &[from_3407::OBJECTS, from_3416::OBJECTS, from_3421::OBJECTS, from_3426::OBJECTS, from_3433::OBJECTS];

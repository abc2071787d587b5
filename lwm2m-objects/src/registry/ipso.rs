//! 3200 to 3350: sensors and actuators of IPSO.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::ObjectDef;

mod from_3200;
mod from_3308;
mod from_3320;
mod from_3330;
mod from_3342;

pub(super) const PARTS: &[&[ObjectDef]] =
    &[from_3200::OBJECTS, from_3308::OBJECTS, from_3320::OBJECTS, from_3330::OBJECTS, from_3342::OBJECTS];

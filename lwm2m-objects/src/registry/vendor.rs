//! 10241 to 18831: objects of vendors.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::ObjectDef;

mod from_10241;
mod from_10249;
mod from_10265;
mod from_10274;
mod from_10283;
mod from_10309;
mod from_10326;
mod from_10334;
mod from_10351;
mod from_10371;

pub(super) const PARTS: &[&[ObjectDef]] = &[
    from_10241::OBJECTS,
    from_10249::OBJECTS,
    from_10265::OBJECTS,
    from_10274::OBJECTS,
    from_10283::OBJECTS,
    from_10309::OBJECTS,
    from_10326::OBJECTS,
    from_10334::OBJECTS,
    from_10351::OBJECTS,
    from_10371::OBJECTS,
];

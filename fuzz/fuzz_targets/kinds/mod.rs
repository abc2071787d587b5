//! Definitions of every kind.

use std::sync::LazyLock;

use lwm2m_core::{Kind, Model, ObjectDef, ObjectId, Ops, ResourceDef, ResourceId};

/// Every kind by the resource's id, single and multiple; ids from 20 on have no definition.
static EVERY: LazyLock<ObjectDef> = LazyLock::new(|| {
    let from = |first| {
        let kinds = (first..).zip(Kind::VALUES.into_iter().chain([Kind::Executable]));
        kinds.map(|(id, kind)| ResourceDef::new(id, "", kind, Ops::RW))
    };
    let (single, multiple) = (from(0), from(10).map(ResourceDef::multiple));
    ObjectDef::owned(3, String::new(), single.chain(multiple).collect()).multiple()
});

/// A model that knows whole objects. Decoders read in one go what they find as it is defined there.
pub struct Objects;

impl Model for Objects {
    fn object(&self, _id: ObjectId) -> Option<&ObjectDef> {
        Some(&EVERY)
    }
}

/// A model that is asked for each resource: it has to come to the same.
pub struct Resources;

impl Model for Resources {
    fn object(&self, _id: ObjectId) -> Option<&ObjectDef> {
        None
    }

    fn resource(&self, _object: ObjectId, resource: ResourceId) -> Option<&ResourceDef> {
        EVERY.resource(resource)
    }
}

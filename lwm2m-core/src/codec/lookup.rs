//! Definitions, looked up one after the other.

use crate::{Kind, Model, ObjectId, ResourceDef, ResourceId, ValueError};

/// The object that was asked for last and where its next resource is: payloads are in the order of definitions, and
/// to find an object may cost a search for the version that its client has.
pub(super) struct Lookup<'c> {
    model: &'c dyn Model,
    object: Option<u16>,
    /// Of that object. `None`: the model has to be asked for each resource.
    resources: Option<&'c [ResourceDef]>,
    next: usize,
}

impl<'c> Lookup<'c> {
    pub(super) const fn new(model: &'c dyn Model) -> Self {
        Self { model, object: None, resources: None, next: 0 }
    }

    /// The definition of a resource.
    #[inline]
    pub(super) fn resource(&mut self, object: u16, resource: u16) -> Option<&'c ResourceDef> {
        if self.object != Some(object) {
            self.turn_to(object);
        }
        let Some(resources) = self.resources else {
            return self.model.resource(ObjectId(object), ResourceId(resource));
        };
        let found = match resources.get(self.next) {
            Some(next) if next.id().0 == resource => self.next,
            _ => resources.iter().position(|def| def.id().0 == resource)?,
        };
        self.next = found.saturating_add(1);
        resources.get(found)
    }

    #[cold]
    fn turn_to(&mut self, object: u16) {
        self.object = Some(object);
        self.resources = self.model.object(ObjectId(object)).map(crate::ObjectDef::resources);
        self.next = 0;
    }

    /// The kind of a single resource that is defined and has a value.
    #[inline]
    pub(super) fn single(&mut self, object: u16, resource: u16) -> Option<Kind> {
        let definition = self.resource(object, resource).filter(|definition| !definition.is_multiple())?;
        Some(definition.kind()).filter(|kind| *kind != Kind::Executable)
    }

    /// The kind of the value at a resource or resource instance. Refuses one value of a multiple resource, and an
    /// instance of a single one. An executable resource has no kind.
    #[inline]
    pub(super) fn kind(
        &mut self,
        object: u16,
        resource: u16,
        of_instance: bool,
    ) -> Result<Option<Kind>, ValueError> {
        let Some(definition) = self.resource(object, resource) else { return Ok(None) };
        let kind = definition.kind();
        match (definition.is_multiple(), of_instance) {
            (false, true) => Err(ValueError::Kind { expected: kind, found: Kind::Multiple }),
            (true, false) => Err(ValueError::Kind { expected: Kind::Multiple, found: kind }),
            _ => Ok(Some(kind).filter(|kind| *kind != Kind::Executable)),
        }
    }
}

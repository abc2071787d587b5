//! Definitions, looked up one after the other.

use crate::{Kind, Model, ObjectId, ResourceDef, ResourceId, ValueError};

/// The object that was asked for last: to find an object may cost a search for the version that its client has.
pub(super) struct Lookup<'c> {
    model: &'c dyn Model,
    object: Option<u16>,
    /// Of that object. `None`: the model has to be asked for each resource.
    definitions: Option<Definitions<'c>>,
}

/// The resources of an object, and where the next one is: payloads are in the order of definitions.
#[derive(Clone, Copy)]
pub(super) struct Definitions<'c> {
    all: &'c [ResourceDef],
    next: usize,
}

impl<'c> Definitions<'c> {
    #[inline]
    fn resource(&mut self, resource: u16) -> Option<&'c ResourceDef> {
        let found = match self.all.get(self.next) {
            Some(next) if next.id().0 == resource => self.next,
            _ => self.all.iter().position(|def| def.id().0 == resource)?,
        };
        self.next = found.saturating_add(1);
        self.all.get(found)
    }

    /// The kind of a single resource that is defined and has a value.
    #[inline]
    pub(super) fn single(&mut self, resource: u16) -> Option<Kind> {
        let definition = self.resource(resource).filter(|definition| !definition.is_multiple())?;
        Some(definition.kind()).filter(|kind| *kind != Kind::Executable)
    }
}

impl<'c> Lookup<'c> {
    pub(super) const fn new(model: &'c dyn Model) -> Self {
        Self { model, object: None, definitions: None }
    }

    /// The definition of a resource.
    #[inline]
    fn resource(&mut self, object: u16, resource: u16) -> Option<&'c ResourceDef> {
        if self.object != Some(object) {
            self.turn_to(object);
        }
        match &mut self.definitions {
            Some(definitions) => definitions.resource(resource),
            None => self.model.resource(ObjectId(object), ResourceId(resource)),
        }
    }

    /// The definitions of an object, where the model has them at hand.
    #[inline]
    pub(super) fn definitions(&mut self, object: u16) -> Option<Definitions<'c>> {
        if self.object != Some(object) {
            self.turn_to(object);
        }
        self.definitions
    }

    /// Those that [`Self::definitions`] gave, as far as they were used.
    pub(super) const fn went_on(&mut self, definitions: Definitions<'c>) {
        self.definitions = Some(definitions);
    }

    #[cold]
    fn turn_to(&mut self, object: u16) {
        self.object = Some(object);
        let definition = self.model.object(ObjectId(object));
        self.definitions = definition.map(|object| Definitions { all: object.resources(), next: 0 });
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

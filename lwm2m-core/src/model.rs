//! Definitions of objects and resources. [Core 1.2 §7.2, Appendix D]

use std::{borrow::Cow, fmt};

use crate::{Kind, ObjectId, ObjectVersion, Rejection, ResourceId, Value};

/// What may be done with a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ops {
    /// Bootstrap interface only.
    None,
    /// Read.
    R,
    /// Write.
    W,
    /// Read and Write.
    RW,
    /// Execute.
    E,
}

impl Ops {
    /// Read, Observe and Discover its value?
    #[must_use]
    pub const fn can_read(self) -> bool {
        matches!(self, Self::R | Self::RW)
    }

    /// Write?
    #[must_use]
    pub const fn can_write(self) -> bool {
        matches!(self, Self::W | Self::RW)
    }

    /// Execute?
    #[must_use]
    pub const fn can_execute(self) -> bool {
        matches!(self, Self::E)
    }
}

impl fmt::Display for Ops {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "-",
            Self::R => "R",
            Self::W => "W",
            Self::RW => "RW",
            Self::E => "E",
        })
    }
}

/// Definition of an object. Const-constructible, so that a generated object needs no XML at run time.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectDef {
    id: ObjectId,
    version: ObjectVersion,
    name: Cow<'static, str>,
    multiple: bool,
    mandatory: bool,
    resources: Cow<'static, [ResourceDef]>,
}

impl ObjectDef {
    /// A single, optional object of version 1.0.
    #[must_use]
    pub const fn new(id: u16, name: &'static str, resources: &'static [ResourceDef]) -> Self {
        Self {
            id: ObjectId(id),
            version: ObjectVersion(1, 0),
            name: Cow::Borrowed(name),
            multiple: false,
            mandatory: false,
            resources: Cow::Borrowed(resources),
        }
    }

    /// Sets the version of the object.
    #[must_use]
    pub const fn version(mut self, major: u8, minor: u8) -> Self {
        self.version = ObjectVersion(major, minor);
        self
    }

    /// The object may have several instances.
    #[must_use]
    pub const fn multiple(mut self) -> Self {
        self.multiple = true;
        self
    }

    /// Every client has this object.
    #[must_use]
    pub const fn mandatory(mut self) -> Self {
        self.mandatory = true;
        self
    }

    /// The object's number.
    #[must_use]
    pub const fn id(&self) -> ObjectId {
        self.id
    }

    /// The version that this definition describes.
    #[must_use]
    pub const fn object_version(&self) -> ObjectVersion {
        self.version
    }

    /// The object's name in the registry.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// May it have several instances?
    #[must_use]
    pub const fn is_multiple(&self) -> bool {
        self.multiple
    }

    /// Must every client have it?
    #[must_use]
    pub const fn is_mandatory(&self) -> bool {
        self.mandatory
    }

    /// The definitions of its resources.
    #[must_use]
    pub fn resources(&self) -> &[ResourceDef] {
        &self.resources
    }

    /// The definition of one resource.
    #[must_use]
    pub fn resource(&self, id: ResourceId) -> Option<&ResourceDef> {
        self.resources.iter().find(|resource| resource.id == id)
    }
}

/// Definition of a resource.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceDef {
    id: ResourceId,
    name: Cow<'static, str>,
    kind: Kind,
    ops: Ops,
    multiple: bool,
    mandatory: bool,
    range: Option<(f64, f64)>,
    unit: Option<Cow<'static, str>>,
    enumeration: Cow<'static, [i64]>,
}

impl ResourceDef {
    /// A single, optional resource without range or unit.
    #[must_use]
    pub const fn new(id: u16, name: &'static str, kind: Kind, ops: Ops) -> Self {
        Self {
            id: ResourceId(id),
            name: Cow::Borrowed(name),
            kind,
            ops,
            multiple: false,
            mandatory: false,
            range: None,
            unit: None,
            enumeration: Cow::Borrowed(&[]),
        }
    }

    /// The resource has instances.
    #[must_use]
    pub const fn multiple(mut self) -> Self {
        self.multiple = true;
        self
    }

    /// Every instance of the object has this resource.
    #[must_use]
    pub const fn mandatory(mut self) -> Self {
        self.mandatory = true;
        self
    }

    /// Numbers: least and greatest value. String and Opaque: least and greatest length in octets.
    #[must_use]
    pub const fn range(mut self, least: f64, greatest: f64) -> Self {
        self.range = Some((least, greatest));
        self
    }

    /// The unit, as SenML writes it, for example `Cel`.
    #[must_use]
    pub const fn unit(mut self, unit: &'static str) -> Self {
        std::mem::forget(self.unit.replace(Cow::Borrowed(unit))); // a const fn may not run destructors
        self
    }

    /// The only values allowed.
    #[must_use]
    pub const fn enumeration(mut self, allowed: &'static [i64]) -> Self {
        std::mem::forget(std::mem::replace(&mut self.enumeration, Cow::Borrowed(allowed)));
        self
    }

    /// The resource's number.
    #[must_use]
    pub const fn id(&self) -> ResourceId {
        self.id
    }

    /// The resource's name in the registry.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The data type of its values.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// What may be done with it.
    #[must_use]
    pub const fn ops(&self) -> Ops {
        self.ops
    }

    /// Has it instances?
    #[must_use]
    pub const fn is_multiple(&self) -> bool {
        self.multiple
    }

    /// Has every instance of the object this resource?
    #[must_use]
    pub const fn is_mandatory(&self) -> bool {
        self.mandatory
    }

    /// Least and greatest value, or length in octets.
    #[must_use]
    pub const fn bounds(&self) -> Option<(f64, f64)> {
        self.range
    }

    /// The unit, as SenML writes it.
    #[must_use]
    pub fn unit_name(&self) -> Option<&str> {
        self.unit.as_deref()
    }

    /// The only values allowed; empty if all are.
    #[must_use]
    pub fn allowed(&self) -> &[i64] {
        &self.enumeration
    }

    /// Is the value within range and enumeration? Its kind is not looked at.
    ///
    /// # Errors
    /// 4.00, saying what is allowed. The value itself is never told: it may be a key.
    pub fn check(&self, value: &Value) -> Result<(), Rejection> {
        if !self.enumeration.is_empty() && !self.enumerates(value) {
            let allowed: Vec<String> = self.enumeration.iter().map(i64::to_string).collect();
            return Err(self.refused(format_args!("must be one of {}", allowed.join(", "))));
        }
        let Some((least, greatest)) = self.range else { return Ok(()) };
        let (size, of) = match value {
            Value::Integer(number) | Value::Time(number) => (*number as f64, ""),
            Value::Unsigned(number) => (*number as f64, ""),
            Value::Float(number) => (*number, ""),
            Value::String(text) | Value::Corelnk(text) => (text.len() as f64, " octets long"),
            Value::Opaque(octets) => (octets.len() as f64, " octets long"),
            Value::Boolean(_) | Value::Objlnk(_) => return Ok(()),
        };
        if (least..=greatest).contains(&size) {
            Ok(())
        } else {
            Err(self.refused(format_args!("must be {least} to {greatest}{of}")))
        }
    }

    fn enumerates(&self, value: &Value) -> bool {
        match value {
            Value::Integer(number) => self.enumeration.contains(number),
            Value::Unsigned(number) => i64::try_from(*number).is_ok_and(|n| self.enumeration.contains(&n)),
            _ => true,
        }
    }

    /// 4.00 that names the resource.
    pub(crate) fn refused(&self, why: impl fmt::Display) -> Rejection {
        Rejection::bad_request(format!("{} ({}) {why}", self.name, self.id))
    }
}

/// Where definitions are looked up. Object versions differ per client, so a model is asked for, never global.
pub trait Model: Send + Sync + 'static {
    /// The definition of an object, if it is known.
    fn object(&self, id: ObjectId) -> Option<&ObjectDef>;

    /// The definition of an object in one version. When that version is unknown, the newest of the same major
    /// version that is known; the answer of [`Model::object`] unless overridden.
    fn object_in(&self, id: ObjectId, version: ObjectVersion) -> Option<&ObjectDef> {
        let _ = version;
        self.object(id)
    }

    /// The definition of a resource, if it is known.
    fn resource(&self, object: ObjectId, resource: ResourceId) -> Option<&ResourceDef> {
        self.object(object)?.resource(resource)
    }
}

/// Knows no object: every value is taken as its wire form suggests.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoModel;

impl Model for NoModel {
    fn object(&self, _id: ObjectId) -> Option<&ObjectDef> {
        None
    }
}

/// A list of definitions; the first with the id is taken.
impl Model for Vec<&'static ObjectDef> {
    fn object(&self, id: ObjectId) -> Option<&ObjectDef> {
        self.iter().copied().find(|def| def.id() == id)
    }

    fn object_in(&self, id: ObjectId, version: ObjectVersion) -> Option<&ObjectDef> {
        let same_id = || self.iter().copied().filter(|def| def.id() == id);
        let exact = same_id().find(|def| def.object_version() == version);
        let newest =
            || same_id().filter(|def| def.object_version().0 == version.0).max_by_key(|d| d.object_version());
        exact.or_else(newest)
    }
}

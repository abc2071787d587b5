//! What a Write-Attributes does, and the parameters that say it. [Core 1.2 §6.3.4]

use super::{Attribute, AttributeError, Attributes};
use crate::{Kind, Path, Rejection, ResourceDef, Version};

/// Attributes that are set and attributes that are taken away, at one node.
///
/// ```
/// use lwm2m_core::{Attribute, AttributeEdit, Attributes};
/// let edit = AttributeEdit::from(Attributes::default().pmin(10)).unset(Attribute::Pmax);
/// assert_eq!(edit.parameters().collect::<Vec<_>>(), ["pmin=10", "pmax"]);
/// assert_eq!(AttributeEdit::parse(["pmin=10", "pmax"]), Ok(edit));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AttributeEdit {
    set: Attributes,
    /// Bits of [`Attribute::bit`]; disjoint from what `set` has.
    unset: u16,
}

/// Sets all of these.
impl From<Attributes> for AttributeEdit {
    fn from(set: Attributes) -> Self {
        Self { set, unset: 0 }
    }
}

impl AttributeEdit {
    /// Takes one attribute away instead of setting it.
    #[must_use]
    pub const fn unset(mut self, attribute: Attribute) -> Self {
        self.set.remove(attribute);
        self.unset |= attribute.bit();
        self
    }

    /// What is set.
    #[must_use]
    pub const fn attributes(&self) -> &Attributes {
        &self.set
    }

    /// Is this attribute taken away?
    #[must_use]
    pub const fn unsets(&self, attribute: Attribute) -> bool {
        self.unset & attribute.bit() != 0
    }

    /// Does it do nothing?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.unset == 0 && self.set.is_empty()
    }

    /// All attributes it speaks of.
    pub fn names(&self) -> impl Iterator<Item = Attribute> {
        Attribute::ALL.into_iter().filter(|attribute| self.set.has(*attribute) || self.unsets(*attribute))
    }

    /// Reads the parameters of a query: `name=value` sets, `name` takes away.
    ///
    /// # Errors
    /// 4.00 that names the parameter: it is no attribute that can be written, its value does not fit, it is there
    /// twice, or what is set excludes itself.
    pub fn parse<'a>(parameters: impl IntoIterator<Item = &'a str>) -> Result<Self, Rejection> {
        let mut edit = Self::default();
        for parameter in parameters {
            let wrong = |error| Rejection::bad_request(format!("{parameter}: {error}"));
            edit.take(parameter).map_err(wrong)?;
        }
        edit.set.check().map_err(|error| Rejection::bad_request(error.why()))?;
        Ok(edit)
    }

    fn take(&mut self, parameter: &str) -> Result<(), AttributeError> {
        let (name, value) = match parameter.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (parameter, None),
        };
        let attribute = Attribute::from_name(name).ok_or(AttributeError::Unknown)?;
        if self.set.has(attribute) || self.unsets(attribute) {
            return Err(AttributeError::Twice);
        }
        match value {
            Some(value) => self.set.put(attribute, value),
            None => {
                self.unset |= attribute.bit();
                Ok(())
            }
        }
    }

    /// The parameters of a query that says this.
    pub fn parameters(&self) -> impl Iterator<Item = String> {
        self.names().filter_map(|attribute| match self.set.value(attribute) {
            Some(value) => Some(format!("{attribute}={value}")),
            None if self.unsets(attribute) => Some(attribute.name().to_owned()),
            None => None,
        })
    }

    /// What becomes of the attributes of a node.
    ///
    /// # Errors
    /// What is set does not go together, or not with what stays.
    pub fn apply(&self, to: &Attributes) -> Result<Attributes, AttributeError> {
        self.set.check()?;
        let mut result = self.set.or(to);
        for attribute in Attribute::ALL.into_iter().filter(|attribute| self.unsets(*attribute)) {
            result.remove(attribute);
        }
        result.check()?;
        Ok(result)
    }

    /// May it be said of the node at `path`, a resource or resource instance of this definition? [Core 1.2 §5.1.2]
    ///
    /// # Errors
    /// The first attribute that the version does not have, that cannot stand at this level, or that needs another
    /// kind of value.
    pub fn check_place(
        &self,
        path: Path,
        resource: Option<&ResourceDef>,
        version: Version,
    ) -> Result<(), AttributeError> {
        for attribute in self.names() {
            if attribute.since() > version {
                return Err(AttributeError::Version(attribute));
            }
            if !attribute.fits(path.depth()) {
                return Err(AttributeError::Level(attribute));
            }
            if let Some(def) = resource.filter(|def| !suits(attribute, def.kind())) {
                return Err(AttributeError::Kind(attribute, def.kind()));
            }
        }
        Ok(())
    }

    /// For parameters that can only set, as those of an Observe.
    ///
    /// # Errors
    /// Something is taken away: 4.00 that names it.
    pub fn into_attributes(self) -> Result<Attributes, Rejection> {
        match Attribute::ALL.into_iter().find(|attribute| self.unsets(*attribute)) {
            Some(attribute) => {
                Err(Rejection::bad_request(format!("{attribute}: {}", AttributeError::Missing)))
            }
            None => Ok(self.set),
        }
    }
}

/// Can the attribute look at values of this kind?
const fn suits(attribute: Attribute, kind: Kind) -> bool {
    match attribute {
        Attribute::Gt | Attribute::Lt | Attribute::St => {
            matches!(kind, Kind::Integer | Kind::Unsigned | Kind::Float | Kind::Time)
        }
        Attribute::Edge => matches!(kind, Kind::Boolean),
        _ => true,
    }
}

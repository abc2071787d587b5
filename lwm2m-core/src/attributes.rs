//! Attributes that steer notifications. [Core 1.2 §5.1.2]
//!
//! [`Attributes`] are what is attached to one node, an [`AttributeEdit`] is what a Write-Attributes does to them, and an
//! [`AttributeTree`] is everything that one server has attached, with what a node inherits.

mod edit;
mod error;
mod name;
mod tree;

use std::fmt;

use crate::value::decimal;

pub use self::{edit::AttributeEdit, error::AttributeError, name::Attribute, tree::AttributeTree};

/// The `<NOTIFICATION>` class attributes of one node, for one server. What is `None` is not set at this node.
///
/// They print as link attributes: `;pmin=10;lt=42.2`. A threshold that is not finite has no such form and is left out.
///
/// ```
/// use lwm2m_core::Attributes;
/// let attributes = Attributes::default().pmin(10).pmax(60).gt(50.0).lt(42.2);
/// assert_eq!(attributes.to_string(), ";pmin=10;pmax=60;gt=50;lt=42.2");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Attributes {
    /// Least time between notifications, in seconds.
    pub pmin: Option<u32>,
    /// Greatest time between notifications, in seconds. Zero, or less than `pmin`: without effect.
    pub pmax: Option<u32>,
    /// Notify when the value crosses this from either side.
    pub gt: Option<f64>,
    /// Notify when the value crosses this from either side.
    pub lt: Option<f64>,
    /// Notify when the value changed by this much.
    pub st: Option<f64>,
    /// Least time between evaluations, in seconds. Since LwM2M 1.1.
    pub epmin: Option<u32>,
    /// Greatest time between evaluations, in seconds. Since LwM2M 1.1.
    pub epmax: Option<u32>,
    /// Notify on the rising (true) or falling (false) edge. Since LwM2M 1.2.
    pub edge: Option<bool>,
    /// Notify confirmably. Since LwM2M 1.2.
    pub con: Option<bool>,
    /// How many values to keep while offline. Since LwM2M 1.2.
    pub hqmax: Option<u32>,
}

macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $type:ty,)+) => {
        impl Attributes {
            $($(#[$doc])*
            #[must_use]
            pub const fn $name(mut self, $name: $type) -> Self {
                self.$name = Some($name);
                self
            })+

            /// These, and where they say nothing what `above` says: what a node has when `above` is what it inherits.
            /// Each attribute for itself. [Core 1.2 §5.1.2]
            #[must_use]
            pub const fn or(mut self, above: &Self) -> Self {
                $(if self.$name.is_none() {
                    self.$name = above.$name;
                })+
                self
            }
        }
    };
}

setters! {
    /// Sets the least time between notifications, in seconds.
    pmin: u32,
    /// Sets the greatest time between notifications, in seconds.
    pmax: u32,
    /// Sets a threshold.
    gt: f64,
    /// Sets a threshold.
    lt: f64,
    /// Sets the least change that is told.
    st: f64,
    /// Sets the least time between evaluations, in seconds.
    epmin: u32,
    /// Sets the greatest time between evaluations, in seconds.
    epmax: u32,
    /// Sets the edge that is told: true for rising, false for falling.
    edge: bool,
    /// Sets whether notifications are confirmable.
    con: bool,
    /// Sets how many values are kept while offline.
    hqmax: u32,
}

impl Attributes {
    /// Is nothing set?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Sets one attribute, or with `None` takes it away, as one `name=value` or `name` of a query says.
    ///
    /// Thresholds may have a sign and an exponent. [Core 1.2 §5.1.2]
    ///
    /// # Errors
    /// The name is none of these, or the value does not fit it; nothing is changed.
    pub fn assign(&mut self, name: &str, value: Option<&str>) -> Result<(), AttributeError> {
        let attribute = Attribute::from_name(name).ok_or(AttributeError::Unknown)?;
        match value {
            Some(value) => self.put(attribute, value),
            None => {
                self.remove(attribute);
                Ok(())
            }
        }
    }

    fn put(&mut self, attribute: Attribute, value: &str) -> Result<(), AttributeError> {
        match attribute {
            Attribute::Pmin => self.pmin = Some(count(value)?),
            Attribute::Pmax => self.pmax = Some(count(value)?),
            Attribute::Gt => self.gt = Some(number(value)?),
            Attribute::Lt => self.lt = Some(number(value)?),
            Attribute::St => self.st = Some(step(value)?),
            Attribute::Epmin => self.epmin = Some(count(value)?),
            Attribute::Epmax => self.epmax = Some(count(value)?),
            Attribute::Edge => self.edge = Some(flag(value)?),
            Attribute::Con => self.con = Some(flag(value)?),
            Attribute::Hqmax => self.hqmax = Some(count(value)?),
        }
        Ok(())
    }

    /// Takes one attribute away.
    pub const fn remove(&mut self, attribute: Attribute) {
        match attribute {
            Attribute::Pmin => self.pmin = None,
            Attribute::Pmax => self.pmax = None,
            Attribute::Gt => self.gt = None,
            Attribute::Lt => self.lt = None,
            Attribute::St => self.st = None,
            Attribute::Epmin => self.epmin = None,
            Attribute::Epmax => self.epmax = None,
            Attribute::Edge => self.edge = None,
            Attribute::Con => self.con = None,
            Attribute::Hqmax => self.hqmax = None,
        }
    }

    /// Is this attribute set?
    #[must_use]
    pub const fn has(&self, attribute: Attribute) -> bool {
        match attribute {
            Attribute::Pmin => self.pmin.is_some(),
            Attribute::Pmax => self.pmax.is_some(),
            Attribute::Gt => self.gt.is_some(),
            Attribute::Lt => self.lt.is_some(),
            Attribute::St => self.st.is_some(),
            Attribute::Epmin => self.epmin.is_some(),
            Attribute::Epmax => self.epmax.is_some(),
            Attribute::Edge => self.edge.is_some(),
            Attribute::Con => self.con.is_some(),
            Attribute::Hqmax => self.hqmax.is_some(),
        }
    }

    /// The attributes that are set.
    pub fn names(&self) -> impl Iterator<Item = Attribute> {
        Attribute::ALL.into_iter().filter(|attribute| self.has(*attribute))
    }

    /// Do the conditions go together? `lt < gt`, `lt + 2·st < gt`, `epmin < epmax`; thresholds are numbers and a step
    /// is not negative. [Core 1.2 §5.1.2]
    ///
    /// `pmax < pmin` is no error: then `pmax` is without effect.
    ///
    /// # Errors
    /// They do not.
    pub fn check(&self) -> Result<(), AttributeError> {
        let thresholds = [self.gt, self.lt, self.st];
        if thresholds.into_iter().flatten().any(|threshold| !threshold.is_finite()) {
            return Err(AttributeError::Number);
        }
        if self.st.is_some_and(|step| step < 0.0) {
            return Err(AttributeError::Step);
        }
        if !self.thresholds_agree() {
            return Err(AttributeError::Thresholds);
        }
        if self.evaluation_agrees() { Ok(()) } else { Err(AttributeError::Evaluation) }
    }

    /// What has an effect: without the thresholds, or without the evaluation periods, that exclude each other. They can
    /// where they come from several levels. [Core 1.2 §5.1.2]
    #[must_use]
    pub fn in_force(mut self) -> Self {
        if !self.thresholds_agree() {
            (self.gt, self.lt, self.st) = (None, None, None);
        }
        if !self.evaluation_agrees() {
            (self.epmin, self.epmax) = (None, None);
        }
        self
    }

    fn thresholds_agree(&self) -> bool {
        match (self.lt, self.gt) {
            (Some(lt), Some(gt)) => lt < gt && lt + 2.0 * self.st.unwrap_or(0.0) < gt,
            _ => true,
        }
    }

    fn evaluation_agrees(&self) -> bool {
        self.epmin.zip(self.epmax).is_none_or(|(least, greatest)| least < greatest)
    }
}

fn count(text: &str) -> Result<u32, AttributeError> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().map_err(|_| AttributeError::Count) } else { Err(AttributeError::Count) }
}

fn number(text: &str) -> Result<f64, AttributeError> {
    decimal(text).ok_or(AttributeError::Number)
}

fn step(text: &str) -> Result<f64, AttributeError> {
    number(text).and_then(|step| if step < 0.0 { Err(AttributeError::Step) } else { Ok(step) })
}

fn flag(text: &str) -> Result<bool, AttributeError> {
    match text {
        "0" => Ok(false),
        "1" => Ok(true),
        _ => Err(AttributeError::Flag),
    }
}

impl fmt::Display for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.names().try_for_each(|attribute| match self.value(attribute) {
            Some(value) => write!(f, ";{attribute}={value}"),
            None => Ok(()),
        })
    }
}

/// How the value of an attribute prints.
enum Printed {
    Count(u32),
    Number(f64),
}

impl fmt::Display for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => count.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

impl Attributes {
    /// `None`: it is not set, or has no printed form.
    fn value(&self, attribute: Attribute) -> Option<Printed> {
        let flag = |flag: Option<bool>| flag.map(|flag| Printed::Count(flag.into()));
        let number = |number: Option<f64>| number.filter(|number| number.is_finite()).map(Printed::Number);
        match attribute {
            Attribute::Pmin => self.pmin.map(Printed::Count),
            Attribute::Pmax => self.pmax.map(Printed::Count),
            Attribute::Gt => number(self.gt),
            Attribute::Lt => number(self.lt),
            Attribute::St => number(self.st),
            Attribute::Epmin => self.epmin.map(Printed::Count),
            Attribute::Epmax => self.epmax.map(Printed::Count),
            Attribute::Edge => flag(self.edge),
            Attribute::Con => flag(self.con),
            Attribute::Hqmax => self.hqmax.map(Printed::Count),
        }
    }
}

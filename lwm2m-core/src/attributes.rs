//! Attributes that steer notifications. [Core 1.2 §5.1.2]

use std::fmt;

use crate::value::decimal;

/// The `<NOTIFICATION>` class attributes of one node, for one server. What is `None` is not set at this node.
///
/// They print as link attributes: `;pmin=10;lt=42.2`. A threshold that is not finite has no such form and is left out.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Attributes {
    /// Least time between notifications, in seconds.
    pub pmin: Option<u32>,
    /// Greatest time between notifications, in seconds.
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
        match name {
            "pmin" => self.pmin = value.map(count).transpose()?,
            "pmax" => self.pmax = value.map(count).transpose()?,
            "gt" => self.gt = value.map(number).transpose()?,
            "lt" => self.lt = value.map(number).transpose()?,
            "st" => self.st = value.map(step).transpose()?,
            "epmin" => self.epmin = value.map(count).transpose()?,
            "epmax" => self.epmax = value.map(count).transpose()?,
            "edge" => self.edge = value.map(flag).transpose()?,
            "con" => self.con = value.map(flag).transpose()?,
            "hqmax" => self.hqmax = value.map(count).transpose()?,
            _ => return Err(AttributeError::Unknown),
        }
        Ok(())
    }

    /// Do the conditions go together? `lt < gt`, `lt + 2·st < gt`, `epmin < epmax`. [Core 1.2 §5.1.2]
    ///
    /// `pmax < pmin` is no error: then `pmax` is without effect.
    ///
    /// # Errors
    /// They do not.
    pub fn check(&self) -> Result<(), AttributeError> {
        if let (Some(lt), Some(gt)) = (self.lt, self.gt)
            && lt + 2.0 * self.st.unwrap_or(0.0) >= gt
        {
            return Err(AttributeError::Thresholds);
        }
        match (self.epmin, self.epmax) {
            (Some(least), Some(greatest)) if least >= greatest => Err(AttributeError::Evaluation),
            _ => Ok(()),
        }
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
        let mut set = |name: &str, value: Option<&dyn fmt::Display>| match value {
            Some(value) => write!(f, ";{name}={value}"),
            None => Ok(()),
        };
        let finite = |number: &Option<f64>| number.filter(|number| number.is_finite());
        let (gt, lt, st) = (finite(&self.gt), finite(&self.lt), finite(&self.st));
        let (edge, con) = (self.edge.map(u8::from), self.con.map(u8::from));
        set("pmin", self.pmin.as_ref().map(|v| v as _))?;
        set("pmax", self.pmax.as_ref().map(|v| v as _))?;
        set("gt", gt.as_ref().map(|v| v as _))?;
        set("lt", lt.as_ref().map(|v| v as _))?;
        set("st", st.as_ref().map(|v| v as _))?;
        set("epmin", self.epmin.as_ref().map(|v| v as _))?;
        set("epmax", self.epmax.as_ref().map(|v| v as _))?;
        set("edge", edge.as_ref().map(|v| v as _))?;
        set("con", con.as_ref().map(|v| v as _))?;
        set("hqmax", self.hqmax.as_ref().map(|v| v as _))
    }
}

/// Why an attribute was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.why())]
#[non_exhaustive]
pub enum AttributeError {
    /// The name is no attribute that can be set.
    Unknown,
    /// A period or a count is something else.
    Count,
    /// A threshold is something else.
    Number,
    /// The step is negative.
    Step,
    /// `edge` or `con` is something else.
    Flag,
    /// The thresholds exclude each other.
    Thresholds,
    /// The evaluation periods exclude each other.
    Evaluation,
}

impl AttributeError {
    /// What is wrong, for people.
    #[must_use]
    pub const fn why(self) -> &'static str {
        match self {
            Self::Unknown => "this is no attribute that can be set",
            Self::Count => "a whole number from 0 to 4294967295 is expected",
            Self::Number => "a decimal number is expected",
            Self::Step => "a step is not negative",
            Self::Flag => "0 or 1 is expected",
            Self::Thresholds => "lt + 2*st must be less than gt",
            Self::Evaluation => "epmin must be less than epmax",
        }
    }
}

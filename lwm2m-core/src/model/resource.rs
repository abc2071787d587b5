//! Definition of a resource.

use std::{borrow::Cow, fmt, mem, slice};

use crate::{Interval, Kind, Ops, Rejection, ResourceId, Value};

/// Definition of a resource.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ResourceDef {
    id: ResourceId,
    name: Cow<'static, str>,
    kind: Kind,
    ops: Ops,
    multiple: bool,
    mandatory: bool,
    bounds: Bounds,
    unit: Option<Cow<'static, str>>,
}

/// One interval, the common case, stands in the definition itself.
#[derive(Clone, Debug)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(from = "Vec<Interval>", into = "Vec<Interval>")
)]
enum Bounds {
    None,
    One(Interval),
    AnyOf(Cow<'static, [Interval]>),
}

impl Bounds {
    fn as_slice(&self) -> &[Interval] {
        match self {
            Self::None => &[],
            Self::One(interval) => slice::from_ref(interval),
            Self::AnyOf(intervals) => intervals,
        }
    }
}

impl From<Vec<Interval>> for Bounds {
    fn from(intervals: Vec<Interval>) -> Self {
        match intervals[..] {
            [] => Self::None,
            [only] => Self::One(only),
            _ => Self::AnyOf(Cow::Owned(intervals)),
        }
    }
}

impl From<Bounds> for Vec<Interval> {
    fn from(bounds: Bounds) -> Self {
        bounds.as_slice().to_vec()
    }
}

impl PartialEq for Bounds {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl ResourceDef {
    /// A single, optional resource without range or unit.
    #[must_use]
    pub const fn new(id: u16, name: &'static str, kind: Kind, ops: Ops) -> Self {
        Self::named(id, Cow::Borrowed(name), kind, ops)
    }

    /// As [`ResourceDef::new`], of what is known only while the program runs.
    #[must_use]
    pub const fn owned(id: u16, name: String, kind: Kind, ops: Ops) -> Self {
        Self::named(id, Cow::Owned(name), kind, ops)
    }

    const fn named(id: u16, name: Cow<'static, str>, kind: Kind, ops: Ops) -> Self {
        let (bounds, unit) = (Bounds::None, None);
        Self { id: ResourceId(id), name, kind, ops, multiple: false, mandatory: false, bounds, unit }
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
    pub const fn range(self, least: i64, greatest: i64) -> Self {
        let interval = Interval::of(self.kind, least, greatest);
        self.limited(Bounds::One(interval))
    }

    /// Least and greatest value of a Float.
    #[must_use]
    pub const fn float_range(self, least: f64, greatest: f64) -> Self {
        self.limited(Bounds::One(Interval::Float(least, greatest)))
    }

    /// Least and greatest value of an Unsigned Integer that may be beyond what an `i64` holds.
    #[must_use]
    pub const fn unsigned_range(self, least: u64, greatest: u64) -> Self {
        self.limited(Bounds::One(Interval::Unsigned(least, greatest)))
    }

    /// Only what is in one of these: an enumeration, or a range with gaps.
    #[must_use]
    pub const fn any_of(self, intervals: &'static [Interval]) -> Self {
        self.limited(Bounds::AnyOf(Cow::Borrowed(intervals)))
    }

    /// As [`ResourceDef::any_of`], of what is known only while the program runs. None: everything is allowed.
    #[must_use]
    pub fn any_of_owned(self, intervals: Vec<Interval>) -> Self {
        self.limited(intervals.into())
    }

    const fn limited(mut self, bounds: Bounds) -> Self {
        mem::forget(mem::replace(&mut self.bounds, bounds)); // a const fn may not run destructors
        self
    }

    /// The unit, as SenML writes it, for example `Cel`.
    #[must_use]
    pub const fn unit(mut self, unit: &'static str) -> Self {
        mem::forget(self.unit.replace(Cow::Borrowed(unit))); // a const fn may not run destructors
        self
    }

    /// As [`ResourceDef::unit`], of what is known only while the program runs.
    #[must_use]
    pub fn unit_owned(mut self, unit: String) -> Self {
        self.unit = Some(Cow::Owned(unit));
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

    /// Where values are, or their lengths in octets: in one of these. Empty: anywhere.
    #[must_use]
    pub fn bounds(&self) -> &[Interval] {
        self.bounds.as_slice()
    }

    /// The unit, as SenML writes it.
    #[must_use]
    pub fn unit_name(&self) -> Option<&str> {
        self.unit.as_deref()
    }

    /// Is the value, or its length, within the bounds? Its kind is not looked at.
    ///
    /// # Errors
    /// 4.00, saying what is allowed. The value itself is never told: it may be a key.
    pub fn check(&self, value: &Value) -> Result<(), Rejection> {
        let bounds = self.bounds();
        if bounds.is_empty() || bounds.iter().any(|interval| interval.contains(value)) {
            return Ok(());
        }
        let of = if matches!(value, Value::String(_) | Value::Corelnk(_) | Value::Opaque(_)) {
            " octets long"
        } else {
            ""
        };
        match bounds {
            [only] => Err(self.refused(format_args!("must be {only}{of}"))),
            several => {
                let several: Vec<String> = several.iter().map(Interval::to_string).collect();
                Err(self.refused(format_args!("must be one of {}{of}", several.join(", "))))
            }
        }
    }

    /// 4.00 that names the resource.
    pub(crate) fn refused(&self, why: impl fmt::Display) -> Rejection {
        Rejection::bad_request(format!("{} ({}) {why}", self.name, self.id))
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn allows(def: &ResourceDef, value: &Value) -> bool {
        def.check(value).is_ok()
    }

    /// The registry has 3,700 of them.
    #[test]
    fn a_definition_is_small() {
        assert!(size_of::<ResourceDef>() <= 88, "{}", size_of::<ResourceDef>());
    }

    #[test]
    fn bounds_are_exact_where_a_float_is_not() {
        let big = 9_007_199_254_740_993; // 2^53 + 1
        let signed = ResourceDef::new(0, "A", Kind::Integer, Ops::RW).range(-big, big);
        assert!(allows(&signed, &Value::Integer(big)) && allows(&signed, &Value::Integer(-big)));
        assert!(!allows(&signed, &Value::Integer(big + 1)) && !allows(&signed, &Value::Integer(-big - 1)));
        let unsigned = ResourceDef::new(0, "B", Kind::Unsigned, Ops::RW).unsigned_range(1, u64::MAX - 1);
        assert!(allows(&unsigned, &Value::Unsigned(u64::MAX - 1)));
        assert!(!allows(&unsigned, &Value::Unsigned(u64::MAX)) && !allows(&unsigned, &Value::Integer(0)));
    }

    #[test]
    fn lengths_are_of_octets() {
        let text = ResourceDef::new(0, "A", Kind::String, Ops::RW).range(0, 4);
        assert!(allows(&text, &Value::String("äö".into())) && !allows(&text, &Value::String("äöu".into())));
        let key = ResourceDef::new(0, "B", Kind::Opaque, Ops::RW)
            .any_of(&[Interval::Unsigned(16, 16), Interval::Unsigned(32, 48)]);
        for (length, allowed) in [(0, false), (16, true), (17, false), (32, true), (48, true), (49, false)] {
            assert_eq!(allows(&key, &Value::Opaque(Bytes::from(vec![7; length]))), allowed, "{length}");
        }
        let refusal = key.check(&Value::Opaque(Bytes::from_static(b"secret"))).unwrap_err();
        assert_eq!(refusal.to_string(), "4.00 Bad Request: B (0) must be one of 16, 32 to 48 octets long");
    }

    #[test]
    fn what_is_made_at_run_time_equals_what_is_made_at_compile_time() {
        const MADE: ResourceDef =
            ResourceDef::new(1, "A", Kind::Float, Ops::R).range(0, 1).unit("s").mandatory();
        let owned = ResourceDef::owned(1, "A".into(), Kind::Float, Ops::R).mandatory().unit_owned("s".into());
        assert_eq!(owned.clone().float_range(0.0, 1.0), MADE);
        assert_eq!(owned.any_of_owned(vec![Interval::Float(0.0, 1.0)]), MADE);
    }

    #[test]
    fn not_a_number_is_in_no_range() {
        let def = ResourceDef::new(1, "A", Kind::Float, Ops::RW).float_range(f64::MIN, f64::MAX);
        assert!(allows(&def, &Value::Float(1.0)) && !allows(&def, &Value::Float(f64::NAN)));
    }
}

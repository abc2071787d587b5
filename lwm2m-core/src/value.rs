//! Values of resources and their kinds. [Core 1.2 Appendix C]

use std::{fmt, str::FromStr};

use bytes::Bytes;

use crate::{InstanceId, ObjectId, path::RESERVED_ID};

/// The data type of a value. [Core 1.2 Appendix C]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Kind {
    /// UTF-8 text.
    String,
    /// Signed, up to 64 bits.
    Integer,
    /// Unsigned, up to 64 bits. Since LwM2M 1.1.
    Unsigned,
    /// IEEE 754, 32 or 64 bits.
    Float,
    /// True or false.
    Boolean,
    /// Octets.
    Opaque,
    /// Whole seconds since 1970-01-01 UTC.
    Time,
    /// Object id and instance id.
    Objlnk,
    /// CoRE links. Since LwM2M 1.1.
    Corelnk,
    /// No value: the resource is executed.
    Executable,
    /// Several values of one kind, by resource instance.
    Multiple,
}

impl Kind {
    /// Those of single values.
    pub const VALUES: [Self; 9] = [
        Self::String,
        Self::Integer,
        Self::Unsigned,
        Self::Float,
        Self::Boolean,
        Self::Opaque,
        Self::Time,
        Self::Objlnk,
        Self::Corelnk,
    ];

    /// Is the value of this kind, or of one that becomes it on the wire without loss?
    #[must_use]
    pub const fn takes(self, value: &Value) -> bool {
        self as u8 == value.kind() as u8
            || matches!(
                (self, value),
                (Self::Integer | Self::Float | Self::Time, Value::Integer(_))
                    | (Self::Unsigned, Value::Integer(0..))
                    | (Self::Integer | Self::Time, Value::Unsigned(0..=0x7fff_ffff_ffff_ffff))
                    | (Self::Integer, Value::Time(_))
                    | (Self::Corelnk, Value::String(_))
                    | (Self::String, Value::Corelnk(_))
            )
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::String => "String",
            Self::Integer => "Integer",
            Self::Unsigned => "Unsigned Integer",
            Self::Float => "Float",
            Self::Boolean => "Boolean",
            Self::Opaque => "Opaque",
            Self::Time => "Time",
            Self::Objlnk => "Objlnk",
            Self::Corelnk => "Corelnk",
            Self::Executable => "executable",
            Self::Multiple => "multiple",
        })
    }
}

/// Link to an object instance. `65535:65535` is the null link, `o:65535` the object itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Objlnk {
    /// The object.
    pub object: ObjectId,
    /// The instance.
    pub instance: InstanceId,
}

impl Default for Objlnk {
    fn default() -> Self {
        Self::NULL
    }
}

impl Objlnk {
    /// The link to nothing.
    pub const NULL: Self = Self { object: ObjectId(RESERVED_ID), instance: InstanceId(RESERVED_ID) };
}

impl fmt::Display for Objlnk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.object, self.instance)
    }
}

/// `66:0`. Decimal; the hexadecimal null link `FFFF:FFFF` of older documents is understood too.
impl FromStr for Objlnk {
    type Err = NotAnObjlnk;

    fn from_str(text: &str) -> Result<Self, NotAnObjlnk> {
        if text.eq_ignore_ascii_case("FFFF:FFFF") {
            return Ok(Self::NULL);
        }
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            if digits { text.parse::<u16>().map_err(|_| NotAnObjlnk) } else { Err(NotAnObjlnk) }
        };
        let (object, instance) = text.split_once(':').ok_or(NotAnObjlnk)?;
        Ok(Self { object: ObjectId(number(object)?), instance: InstanceId(number(instance)?) })
    }
}

/// The text is not of the form `object:instance`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an object link is written object:instance, two numbers up to 65535")]
pub struct NotAnObjlnk;

/// One value. Floats compare by bits, so that a NaN equals itself and does not notify for ever. `Debug` says how long
/// octets are, not what they are: they may be a key, or a firmware.
#[derive(Clone)]
#[non_exhaustive]
pub enum Value {
    /// UTF-8 text.
    String(String),
    /// Signed number.
    Integer(i64),
    /// Unsigned number.
    Unsigned(u64),
    /// Floating-point number.
    Float(f64),
    /// True or false.
    Boolean(bool),
    /// Octets.
    Opaque(Bytes),
    /// Whole seconds since 1970.
    Time(i64),
    /// Link to an object instance.
    Objlnk(Objlnk),
    /// CoRE links.
    Corelnk(String),
}

impl Value {
    /// The data type of this value.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::String(_) => Kind::String,
            Self::Integer(_) => Kind::Integer,
            Self::Unsigned(_) => Kind::Unsigned,
            Self::Float(_) => Kind::Float,
            Self::Boolean(_) => Kind::Boolean,
            Self::Opaque(_) => Kind::Opaque,
            Self::Time(_) => Kind::Time,
            Self::Objlnk(_) => Kind::Objlnk,
            Self::Corelnk(_) => Kind::Corelnk,
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::String(a), Self::String(b)) | (Self::Corelnk(a), Self::Corelnk(b)) => a == b,
            (Self::Integer(a), Self::Integer(b)) | (Self::Time(a), Self::Time(b)) => a == b,
            (Self::Unsigned(a), Self::Unsigned(b)) => a == b,
            (Self::Boolean(a), Self::Boolean(b)) => a == b,
            (Self::Opaque(a), Self::Opaque(b)) => a == b,
            (Self::Objlnk(a), Self::Objlnk(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Value {}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String(text) => f.debug_tuple("String").field(text).finish(),
            Self::Integer(number) => f.debug_tuple("Integer").field(number).finish(),
            Self::Unsigned(number) => f.debug_tuple("Unsigned").field(number).finish(),
            Self::Float(number) => f.debug_tuple("Float").field(number).finish(),
            Self::Boolean(yes) => f.debug_tuple("Boolean").field(yes).finish(),
            Self::Opaque(octets) => write!(f, "Opaque({} octets)", octets.len()),
            Self::Time(seconds) => f.debug_tuple("Time").field(seconds).finish(),
            Self::Objlnk(link) => f.debug_tuple("Objlnk").field(link).finish(),
            Self::Corelnk(links) => f.debug_tuple("Corelnk").field(links).finish(),
        }
    }
}

/// For people: text in quotes, opaque as hexadecimal.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String(text) | Self::Corelnk(text) => write!(f, "{text:?}"),
            Self::Integer(number) | Self::Time(number) => number.fmt(f),
            Self::Unsigned(number) => number.fmt(f),
            Self::Float(number) => number.fmt(f),
            Self::Boolean(yes) => yes.fmt(f),
            Self::Opaque(octets) => {
                f.write_str("0x")?;
                octets.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
            }
            Self::Objlnk(link) => link.fmt(f),
        }
    }
}

/// A finite number as `-10.5` or `4.2e+37`: decimal digits, then perhaps a fraction and an exponent. Nothing else that
/// [`f64::from_str`] takes: no plus sign, no bare point, no `inf`.
pub(crate) fn decimal(text: &str) -> Option<f64> {
    fn digits(text: &str) -> bool {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
    }
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let well_formed = digits(whole) && fraction.is_none_or(digits) && exponent.is_none_or(digits);
    if !well_formed {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// The Rust type of a resource of kind Time: whole seconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Time(pub i64);

/// The Rust type of a resource of kind Corelnk: links in CoRE Link Format.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Corelnk(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nan_equals_itself_and_zero_signs_differ() {
        assert_eq!(Value::Float(f64::NAN), Value::Float(f64::NAN));
        assert_ne!(Value::Float(0.0), Value::Float(-0.0));
        assert_ne!(Value::Integer(1), Value::Unsigned(1));
    }

    #[test]
    fn octets_are_not_shown_to_logs() {
        let key = crate::Node::Value(Value::Opaque(Bytes::from_static(b"secret")));
        assert_eq!(format!("{key:?}"), "Value(Opaque(6 octets))");
        assert_eq!(format!("{:?}", Value::Integer(5)), "Integer(5)");
    }

    #[test]
    fn object_links_are_two_decimal_numbers() {
        assert_eq!("66:1".parse(), Ok(Objlnk { object: ObjectId(66), instance: InstanceId(1) }));
        assert_eq!("65535:65535".parse(), Ok(Objlnk::NULL));
        assert_eq!("FFFF:ffff".parse(), Ok(Objlnk::NULL));
        for wrong in ["66", "66:", ":1", "66:1:2", "65536:0", "-1:0", "+1:0", " 1:0"] {
            assert_eq!(wrong.parse::<Objlnk>(), Err(NotAnObjlnk), "{wrong}");
        }
    }
}

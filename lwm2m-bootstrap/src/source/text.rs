//! TOML and JSON as one tree that knows where everything stands.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// Tables in tables. A file must not exhaust the stack.
const MAX_DEPTH: usize = 32;

/// Something, and the octet where it begins.
#[derive(Debug)]
pub(super) struct Located {
    pub(super) at: usize,
    pub(super) item: Item,
}

#[derive(Debug)]
pub(super) enum Item {
    Text(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    List(Vec<Located>),
    Table(Vec<(String, Located)>),
}

impl Item {
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Integer(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::Boolean(_) => "true or false",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

/// What is wrong, and where.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) at: usize,
    pub(super) why: String,
}

impl Wrong {
    pub(super) fn new(at: usize, why: impl Into<String>) -> Self {
        Self { at, why: why.into() }
    }
}

pub(super) fn toml(text: &str) -> Result<Located, Wrong> {
    let wrong =
        |error: toml::de::Error| Wrong::new(error.span().map_or(0, |span| span.start), error.message());
    from_table(0, DeTable::parse(text).map_err(wrong)?.get_ref(), 0)
}

fn from_table(at: usize, table: &DeTable<'_>, depth: usize) -> Result<Located, Wrong> {
    let entries = table.iter().map(|(key, value)| {
        let name: &str = key.get_ref();
        Ok((name.to_owned(), from_toml(value, depth + 1)?))
    });
    Ok(Located { at, item: Item::Table(entries.collect::<Result<_, _>>()?) })
}

fn from_toml(value: &Spanned<DeValue<'_>>, depth: usize) -> Result<Located, Wrong> {
    let at = value.span().start;
    if depth > MAX_DEPTH {
        return Err(Wrong::new(at, "too many tables in one another"));
    }
    let item = match value.get_ref() {
        DeValue::String(text) => Item::Text(text.as_ref().to_owned()),
        DeValue::Boolean(yes) => Item::Boolean(*yes),
        DeValue::Integer(number) => {
            let value = i64::from_str_radix(number.as_str(), number.radix());
            Item::Integer(value.map_err(|_| Wrong::new(at, "the number is too large"))?)
        }
        DeValue::Float(number) => {
            Item::Float(number.as_str().parse().map_err(|_| Wrong::new(at, "this is no number"))?)
        }
        DeValue::Datetime(_) => {
            return Err(Wrong::new(at, "a time is written as a number of seconds since 1970"));
        }
        DeValue::Array(list) => {
            Item::List(list.iter().map(|value| from_toml(value, depth + 1)).collect::<Result<_, _>>()?)
        }
        DeValue::Table(table) => return from_table(at, table, depth),
    };
    Ok(Located { at, item })
}

pub(super) fn json(text: &str) -> Result<Located, Wrong> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| {
        let before = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let message = error.to_string();
        Wrong::new(before, message.split(" at line ").next().unwrap_or("this is no JSON"))
    })?;
    from_json(text, raw, 0)
}

/// A part of `text`, found by where it lies in memory.
fn from_json(text: &str, raw: &RawValue, depth: usize) -> Result<Located, Wrong> {
    let part = raw.get();
    let at = (part.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
    let wrong = |why: &str| Wrong::new(at, why);
    let not_so = |_| wrong("this is no JSON");
    if depth > MAX_DEPTH {
        return Err(wrong("too many tables in one another"));
    }
    let item = match part.as_bytes().first() {
        Some(b'{') => {
            let Pairs(pairs) = serde_json::from_str(part).map_err(not_so)?;
            let mut entries: Vec<(String, Located)> = Vec::with_capacity(pairs.len());
            for (name, raw) in pairs {
                let value = from_json(text, raw, depth + 1)?;
                if entries.iter().any(|(known, _)| *known == name) {
                    return Err(Wrong::new(value.at, format!("{name} is there twice")));
                }
                entries.push((name, value));
            }
            Item::Table(entries)
        }
        Some(b'[') => {
            let list: Vec<&RawValue> = serde_json::from_str(part).map_err(not_so)?;
            Item::List(list.into_iter().map(|raw| from_json(text, raw, depth + 1)).collect::<Result<_, _>>()?)
        }
        Some(b'"') => Item::Text(serde_json::from_str(part).map_err(not_so)?),
        Some(b't' | b'f') => Item::Boolean(part == "true"),
        Some(b'n') => return Err(wrong("null says nothing")),
        _ => match part.parse::<i64>() {
            Ok(number) => Item::Integer(number),
            Err(_) => Item::Float(part.parse().map_err(|_| wrong("this is no number"))?),
        },
    };
    Ok(Located { at, item })
}

/// An object of JSON, in order.
struct Pairs<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(pairs)
            }
        }
        deserializer.deserialize_map(InOrder).map(Pairs)
    }
}

/// A table as JSON, one entry a line, which says the same when it is read.
#[cfg(feature = "redb")]
pub(super) fn to_json<'a>(entries: impl IntoIterator<Item = &'a (String, Located)>) -> String {
    use serde_json::Value;
    fn value(item: &Item) -> Value {
        match item {
            Item::Text(text) => Value::from(text.as_str()),
            Item::Integer(number) => Value::from(*number),
            Item::Float(number) => Value::from(*number),
            Item::Boolean(yes) => Value::from(*yes),
            Item::List(list) => list.iter().map(|located| value(&located.item)).collect(),
            Item::Table(entries) => object(entries),
        }
    }
    fn object<'a>(entries: impl IntoIterator<Item = &'a (String, Located)>) -> Value {
        entries.into_iter().map(|(name, located)| (name.clone(), value(&located.item))).collect()
    }
    format!("{:#}", object(entries))
}

pub(super) fn table(value: &Located) -> Result<&[(String, Located)], Wrong> {
    match &value.item {
        Item::Table(entries) => Ok(entries),
        other => Err(Wrong::new(value.at, format!("a table is expected, not {}", other.name()))),
    }
}

pub(super) fn list(value: &Located) -> Result<&[Located], Wrong> {
    match &value.item {
        Item::List(list) => Ok(list),
        other => Err(Wrong::new(value.at, format!("a list is expected, not {}", other.name()))),
    }
}

pub(super) fn text(value: &Located) -> Result<&str, Wrong> {
    match &value.item {
        Item::Text(text) => Ok(text),
        other => Err(Wrong::new(value.at, format!("a text is expected, not {}", other.name()))),
    }
}

pub(super) fn boolean(value: &Located) -> Result<bool, Wrong> {
    match &value.item {
        Item::Boolean(yes) => Ok(*yes),
        other => Err(Wrong::new(value.at, format!("true or false is expected, not {}", other.name()))),
    }
}

pub(super) fn number<T: TryFrom<i64>>(value: &Located) -> Result<T, Wrong> {
    match &value.item {
        Item::Integer(number) => {
            T::try_from(*number).map_err(|_| Wrong::new(value.at, format!("{number} is out of range")))
        }
        other => Err(Wrong::new(value.at, format!("a whole number is expected, not {}", other.name()))),
    }
}

pub(super) fn unknown(value: &Located, name: &str, known: &str) -> Wrong {
    Wrong::new(value.at, format!("{name} is not known here: {known}"))
}

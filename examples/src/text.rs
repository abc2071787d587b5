//! Values as people type them.

use std::{collections::BTreeMap, fmt};

use lwm2m_core::{
    Bytes, Kind, Model, Node, Objlnk, Path, PathError, ResourceDef, ResourceId, Value, codec::ContentFormat,
};

/// What is wrong with what somebody typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake(pub String);

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Mistake {}

impl Mistake {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl From<PathError> for Mistake {
    fn from(error: PathError) -> Self {
        Self(error.to_string())
    }
}

/// Content formats by name.
pub const FORMATS: [(&str, ContentFormat); 11] = [
    ("text", ContentFormat::TEXT),
    ("link", ContentFormat::LINK),
    ("opaque", ContentFormat::OPAQUE),
    ("cbor", ContentFormat::CBOR),
    ("senml-json", ContentFormat::SENML_JSON),
    ("senml-cbor", ContentFormat::SENML_CBOR),
    ("senml-etch-json", ContentFormat::SENML_ETCH_JSON),
    ("senml-etch-cbor", ContentFormat::SENML_ETCH_CBOR),
    ("tlv", ContentFormat::TLV),
    ("oma-json", ContentFormat::JSON),
    ("lwm2m-cbor", ContentFormat::LWM2M_CBOR),
];

/// A content format by name, or by number.
///
/// # Errors
/// It is neither.
pub fn format(name: &str) -> Result<ContentFormat, Mistake> {
    let by_name = FORMATS.iter().find(|(known, _)| *known == name).map(|(_, format)| *format);
    by_name.or_else(|| name.parse().ok().map(ContentFormat)).ok_or_else(|| {
        let names: Vec<_> = FORMATS.iter().map(|(name, _)| *name).collect();
        Mistake::new(format!("`{name}` is no content format: {}, or a number", names.join(", ")))
    })
}

/// The name of a content format, or its number.
#[must_use]
pub fn format_name(format: ContentFormat) -> String {
    let named = FORMATS.iter().find(|(_, known)| *known == format.current());
    named.map_or_else(|| format.to_string(), |(name, _)| (*name).to_owned())
}

/// What `text` means at `path`: one value, or `id=value` pairs for a multiple resource or an instance.
///
/// # Errors
/// It is no value of the resource's kind, or the pairs are malformed.
pub fn node(model: &dyn Model, path: Path, text: &str) -> Result<Node, Mistake> {
    let def = path.object_id().zip(path.resource_id()).and_then(|(object, id)| model.resource(object, id));
    match path.depth() {
        2 => Ok(Node::Instance(resources(model, path, text)?)),
        3 if def.is_some_and(ResourceDef::is_multiple) => {
            let pairs = pairs(text)?.into_iter();
            let items = pairs.map(|(id, text)| Ok((number(id)?, value(def, &text)?)));
            Ok(Node::Multiple(items.collect::<Result<_, Mistake>>()?))
        }
        3 | 4 => Ok(Node::Value(value(def, &unquoted(text)?)?)),
        _ => Err(Mistake::new(format!("{path}: give an instance, a resource or a resource instance"))),
    }
}

/// The values of an instance: `5850=true 5851=9`, and `6/0=1 6/1=5` for resource instances.
///
/// # Errors
/// A pair is malformed, or its value is not of the resource's kind.
pub fn resources(model: &dyn Model, path: Path, text: &str) -> Result<BTreeMap<ResourceId, Node>, Mistake> {
    let mut values = BTreeMap::new();
    for (key, text) in pairs(text)? {
        let (id, item) = key.split_once('/').map_or((key, None), |(id, item)| (id, Some(item)));
        let id = ResourceId(number(id)?);
        let def = path.object_id().and_then(|object| model.resource(object, id));
        let value = value(def, &text)?;
        match (item, def.is_some_and(ResourceDef::is_multiple)) {
            (None, false) => {
                values.insert(id, Node::Value(value));
            }
            (None, true) => {
                return Err(Mistake::new(format!(
                    "resource {id} is multiple: {id}/0=.. names a resource instance"
                )));
            }
            (Some(item), _) => {
                let entry = values.entry(id).or_insert_with(|| Node::Multiple(BTreeMap::new()));
                if let Node::Multiple(items) = entry {
                    items.insert(number(item)?, value);
                }
            }
        }
    }
    Ok(values)
}

fn number(text: &str) -> Result<u16, Mistake> {
    text.parse().map_err(|_| Mistake::new(format!("`{text}` is no id: ids are numbers from 0 to 65534")))
}

/// `key=value` words; a value with spaces stands in quotes.
fn pairs(text: &str) -> Result<Vec<(&str, String)>, Mistake> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (key, after) = rest
            .split_once('=')
            .filter(|(key, _)| !key.contains(char::is_whitespace))
            .ok_or_else(|| Mistake::new(format!("`{rest}`: id=value is expected, for example 5851=9")))?;
        let (value, after) = word(after)?;
        found.push((key, value));
        rest = after.trim_start();
    }
    Ok(found)
}

/// The next word, without its quotes, and what follows it.
///
/// # Errors
/// A quote is not closed, or something sticks to it.
pub fn word(text: &str) -> Result<(String, &str), Mistake> {
    let text = text.trim_start_matches(char::is_whitespace);
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        let (word, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        return Ok((word.to_owned(), rest));
    };
    let mut word = String::new();
    let mut letters = quoted.chars();
    loop {
        match letters.next() {
            Some('"') => break,
            Some('\\') => word.push(match letters.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some(other) => other,
                None => return Err(Mistake::new("a quote is not closed")),
            }),
            Some(other) => word.push(other),
            None => return Err(Mistake::new("a quote is not closed")),
        }
    }
    let rest = letters.as_str();
    if rest.starts_with(|next: char| !next.is_whitespace()) {
        return Err(Mistake::new("after a closing quote comes a space"));
    }
    Ok((word, rest))
}

/// The whole text; quotes around it are taken off.
fn unquoted(text: &str) -> Result<String, Mistake> {
    let text = text.trim();
    if !text.starts_with('"') {
        return Ok(text.to_owned());
    }
    match word(text)? {
        (word, rest) if rest.trim().is_empty() => Ok(word),
        (_, rest) => Err(Mistake::new(format!("`{}` follows the value", rest.trim()))),
    }
}

/// A value of the resource's kind, or what the text looks like where the resource is not known.
fn value(def: Option<&ResourceDef>, text: &str) -> Result<Value, Mistake> {
    let Some(def) = def else { return Ok(guess(text)) };
    let value = match def.kind() {
        Kind::Integer => text.parse().ok().map(Value::Integer),
        Kind::Unsigned => text.parse().ok().map(Value::Unsigned),
        Kind::Float => text.parse().ok().map(Value::Float),
        Kind::Boolean => boolean(text).map(Value::Boolean),
        Kind::Time => text.parse().ok().map(Value::Time),
        Kind::Objlnk => text.parse::<Objlnk>().ok().map(Value::Objlnk),
        Kind::Opaque => hex(text).map(Value::Opaque),
        Kind::Corelnk => Some(Value::Corelnk(text.to_owned())),
        Kind::Executable => {
            return Err(Mistake::new(format!("{} ({}) has no value; execute it", def.name(), def.id())));
        }
        _ => Some(Value::String(text.to_owned())),
    };
    value.ok_or_else(|| {
        let (name, id, kind) = (def.name(), def.id(), def.kind());
        Mistake::new(format!("{name} ({id}) takes {}; `{text}` is none", example(kind)))
    })
}

fn example(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer => "a whole number, such as -5",
        Kind::Unsigned => "a whole number from 0",
        Kind::Float => "a number, such as 21.5",
        Kind::Boolean => "true or false",
        Kind::Time => "seconds since 1970",
        Kind::Objlnk => "an object link, such as 3303:0",
        Kind::Opaque => "octets, such as 0x00ff",
        _ => "text",
    }
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "1" | "on" => Some(true),
        "false" | "0" | "off" => Some(false),
        _ => None,
    }
}

fn guess(text: &str) -> Value {
    if let Some(octets) = hex(text) {
        return Value::Opaque(octets);
    }
    match text {
        "true" => return Value::Boolean(true),
        "false" => return Value::Boolean(false),
        _ => {}
    }
    let number = text.starts_with(|first: char| first.is_ascii_digit() || first == '-');
    let integer = || text.parse().ok().map(Value::Integer);
    let float = || text.parse().ok().map(Value::Float);
    if number { integer().or_else(float) } else { None }.unwrap_or_else(|| Value::String(text.to_owned()))
}

fn hex(text: &str) -> Option<Bytes> {
    let digits = text.strip_prefix("0x")?;
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let octet = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let octets = digits.as_bytes().chunks(2).map(octet);
    if plain { octets.collect::<Option<Vec<u8>>>().map(Bytes::from) } else { None }
}

#[cfg(test)]
mod tests {
    use lwm2m_objects::Registry;

    use super::*;

    fn typed(path: &str, text: &str) -> Result<Node, String> {
        node(&Registry, path.parse().unwrap(), text).map_err(|mistake| mistake.0)
    }

    #[test]
    fn the_model_says_what_a_text_is() {
        let value = |path, text| match typed(path, text) {
            Ok(Node::Value(value)) => value,
            other => panic!("{path} {text}: {other:?}"),
        };
        assert_eq!(value("/3311/0/5851", "42"), Value::Integer(42));
        assert_eq!(value("/3303/0/5700", "42"), Value::Float(42.0));
        assert_eq!(value("/3311/0/5850", "on"), Value::Boolean(true));
        assert_eq!(value("/3/0/13", "1700000000"), Value::Time(1_700_000_000));
        assert_eq!(value("/3/0/14", "+02:00"), Value::String("+02:00".into()));
        assert_eq!(value("/3311/0/5750", "living room"), Value::String("living room".into()));
        assert_eq!(value("/3311/0/5750", r#" "a \"b\" " "#), Value::String("a \"b\" ".into()));
        assert_eq!(value("/3311/0/5750", "42"), Value::String("42".into()));
        assert_eq!(value("/0/0/3", "0x00fF"), Value::Opaque(Bytes::from_static(&[0, 255])));
        assert_eq!(value("/3/0/22/1", "3303:0").to_string(), "3303:0");
    }

    #[test]
    fn unknown_resources_are_guessed() {
        for (text, kind) in [
            ("true", Kind::Boolean),
            ("-5", Kind::Integer),
            ("5.5", Kind::Float),
            ("0xab", Kind::Opaque),
            ("0xa", Kind::String),
            ("nan", Kind::String),
            ("5 apples", Kind::String),
        ] {
            let Ok(Node::Value(value)) = typed("/40000/0/1", text) else { panic!("{text}") };
            assert_eq!(value.kind(), kind, "{text}");
        }
    }

    #[test]
    fn instances_and_multiple_resources_are_pairs() {
        let Ok(Node::Instance(values)) = typed("/3311/0", r#"5850=true 5851=9 5750="a b""#) else { panic!() };
        let ids: Vec<_> = values.keys().map(|id| id.0).collect();
        assert_eq!(ids, [5750, 5850, 5851]);
        let multiple = |items: &[(u16, i64)]| {
            Node::Multiple(items.iter().map(|(id, n)| (*id, Value::Integer(*n))).collect())
        };
        assert_eq!(typed("/3/0/6", "0=1 3=5"), Ok(multiple(&[(0, 1), (3, 5)])));
        assert_eq!(typed("/3/0/6/3", "5"), Ok(Node::Value(Value::Integer(5))));
        let Ok(Node::Instance(values)) = typed("/3/0", "6/0=1 6/1=5") else { panic!() };
        assert_eq!(values.get(&ResourceId(6)), Some(&multiple(&[(0, 1), (1, 5)])));
        assert_eq!(typed("/3311/0", ""), Ok(Node::Instance(BTreeMap::new())));
    }

    #[test]
    fn mistakes_are_named() {
        for (path, text, mistake) in [
            ("/3311/0/5851", "bright", "Dimmer (5851) takes a whole number, such as -5; `bright` is none"),
            ("/0/0/3", "key", "Public Key or Identity (3) takes octets, such as 0x00ff; `key` is none"),
            ("/3/0/4", "1", "Reboot (4) has no value; execute it"),
            ("/3/0", "6=1", "resource 6 is multiple: 6/0=.. names a resource instance"),
            ("/3/0/6", "1", "`1`: id=value is expected, for example 5851=9"),
            ("/3/0/6", "x=1", "`x` is no id: ids are numbers from 0 to 65534"),
            ("/3311/0/5750", "\"open", "a quote is not closed"),
            ("/3311/0/5750", "\"a\"b", "after a closing quote comes a space"),
            ("/3311/0/5750", "\"a\" b", "`b` follows the value"),
            ("/3311", "5850=1", "/3311: give an instance, a resource or a resource instance"),
        ] {
            assert_eq!(typed(path, text), Err(mistake.to_owned()), "{path} {text}");
        }
    }
}

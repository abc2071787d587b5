//! Fields of a vector; what is missing or of another type is told by name.

use serde_json::Value as Json;

/// A JSON object.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a>(pub(crate) &'a Json);

impl<'a> Fields<'a> {
    fn get(self, name: &str) -> Result<&'a Json, String> {
        match self.0.get(name) {
            Some(value) => Ok(value),
            None if self.0.is_object() => Err(format!("the vector has no `{name}`")),
            None => Err("the vector is no JSON object".to_owned()),
        }
    }

    pub(crate) fn text(self, name: &str) -> Result<&'a str, String> {
        self.get(name)?.as_str().ok_or_else(|| format!("`{name}` is no text"))
    }

    pub(crate) fn number(self, name: &str) -> Result<u64, String> {
        self.get(name)?.as_u64().ok_or_else(|| format!("`{name}` is no whole number"))
    }

    pub(crate) fn yes(self, name: &str) -> Result<bool, String> {
        self.get(name)?.as_bool().ok_or_else(|| format!("`{name}` is neither true nor false"))
    }

    /// A list of objects.
    pub(crate) fn list(self, name: &str) -> Result<impl Iterator<Item = Fields<'a>>, String> {
        let list = self.get(name)?.as_array().ok_or_else(|| format!("`{name}` is no list"))?;
        Ok(list.iter().map(Fields))
    }

    pub(crate) fn hex(self, name: &str) -> Result<Vec<u8>, String> {
        octets(self.text(name)?).map_err(|why| format!("`{name}`: {why}"))
    }

    /// `hex`, or `hex_parts`: a list of pairs, hexadecimal text and how often.
    pub(crate) fn payload(self) -> Result<Vec<u8>, String> {
        let Some(parts) = self.0.get("hex_parts") else { return self.hex("hex") };
        let wrong = || "`hex_parts` is no list of [hex, count]".to_owned();
        let mut payload = Vec::new();
        for part in parts.as_array().ok_or_else(wrong)? {
            let [Json::String(text), count] = &part.as_array().ok_or_else(wrong)?[..] else {
                return Err(wrong());
            };
            let count = count.as_u64().and_then(|count| usize::try_from(count).ok()).ok_or_else(wrong)?;
            repeat(&mut payload, &octets(text)?, count)?;
        }
        Ok(payload)
    }
}

/// Most octets or letters that a vector may ask for: a typing error must not take the memory of the machine.
const MAX_REPEATED: usize = 64 << 20;

fn repeat(to: &mut Vec<u8>, part: &[u8], count: usize) -> Result<(), String> {
    if part.len().saturating_mul(count) > MAX_REPEATED {
        return Err(format!("{count} times {} octets are too many", part.len()));
    }
    to.extend(part.repeat(count));
    Ok(())
}

/// A text, or `{"repeat": text, "count": n}`.
pub(crate) fn repeated(value: &Json) -> Result<Option<String>, String> {
    let Some(part) = value.get("repeat") else { return Ok(value.as_str().map(str::to_owned)) };
    let fields = Fields(value);
    let count = usize::try_from(fields.number("count")?).map_err(|error| error.to_string())?;
    let mut text = Vec::new();
    repeat(&mut text, part.as_str().ok_or("`repeat` is no text")?.as_bytes(), count)?;
    String::from_utf8(text).map(Some).map_err(|error| error.to_string())
}

/// The octets of hexadecimal text.
pub(crate) fn octets(text: &str) -> Result<Vec<u8>, String> {
    let digits: Vec<u8> = text
        .chars()
        .map(|digit| digit.to_digit(16).map(|digit| digit as u8))
        .collect::<Option<_>>()
        .ok_or("there is something else than hexadecimal digits")?;
    let (pairs, rest) = digits.as_chunks::<2>();
    if rest.is_empty() {
        Ok(pairs.iter().map(|[high, low]| high << 4 | low).collect())
    } else {
        Err("the number of hexadecimal digits is odd".to_owned())
    }
}

//! Runs files of test vectors against `lwm2m-core`.
//!
//! A file is a JSON object with the lists `vectors` (payloads of the content formats) and `extras` (everything else, by
//! `kind`). A valid payload is read as its items say, and written again octet by octet where it is canonical; an
//! invalid one is refused with the response code of the vector.

use std::{
    collections::BTreeMap,
    fmt,
    panic::{self, AssertUnwindSafe},
};

use serde_json::Value as Json;

use self::field::Fields;

mod codec;
mod description;
mod field;
mod message;
mod model;
mod text;
mod value;

/// What came of the vectors of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many passed: of the content formats by format, of the others by kind.
    pub passed: BTreeMap<String, usize>,
    /// Which did not, and why.
    pub failures: Vec<Failure>,
    /// How many are of kinds that no code implements yet.
    pub not_implemented: BTreeMap<String, usize>,
}

/// A vector that did not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Its id, or its place in the file where it has none.
    pub id: String,
    /// What was expected, and what came.
    pub why: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.id, self.why)
    }
}

/// `330 passed, 0 failed, 4 not implemented (oscore-derive 2, oscore-protect 2)`
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let passed: usize = self.passed.values().sum();
        write!(f, "{passed} passed, {} failed", self.failures.len())?;
        if !self.not_implemented.is_empty() {
            let number: usize = self.not_implemented.values().sum();
            let kinds: Vec<_> = self.not_implemented.iter().map(|(kind, n)| format!("{kind} {n}")).collect();
            write!(f, ", {number} not implemented ({})", kinds.join(", "))?;
        }
        Ok(())
    }
}

/// Why a vector does not pass.
enum Fault {
    /// Expected and found.
    Wrong(String),
    /// No code implements its kind.
    NotImplemented,
}

impl Fault {
    fn wrong(why: impl fmt::Display) -> Self {
        Self::Wrong(why.to_string())
    }
}

impl From<String> for Fault {
    fn from(why: String) -> Self {
        Self::Wrong(why)
    }
}

type Check = fn(&Fields<'_>, strict: bool) -> Result<(), Fault>;

/// Runs every vector of a file.
///
/// # Errors
/// The text is no file of vectors, and where.
pub fn check(text: &str) -> Result<Report, String> {
    run(text, false)
}

/// As [`check`], and more than a vector says: what is read is written and read again as the same, canonical or not, and
/// a refusal of a payload names its byte.
///
/// # Errors
/// The text is no file of vectors, and where.
pub fn check_strictly(text: &str) -> Result<Report, String> {
    run(text, true)
}

fn run(text: &str, strict: bool) -> Result<Report, String> {
    let file: Json = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    if !file.is_object() {
        return Err("a file of vectors is a JSON object".to_owned());
    }
    let mut report = Report::default();
    let mut none = true;
    for (list, named, check) in [("vectors", "format", codec::check as Check), ("extras", "kind", extra)] {
        let Some(vectors) = file.get(list) else { continue };
        let vectors = vectors.as_array().ok_or_else(|| format!("`{list}` is not a list"))?;
        none = false;
        for (at, vector) in vectors.iter().enumerate() {
            report.run(&Fields(vector), named, &format!("{list}[{at}]"), |vector| check(vector, strict));
        }
    }
    if none { Err("there are neither `vectors` nor `extras` in it".to_owned()) } else { Ok(report) }
}

fn extra(vector: &Fields<'_>, _strict: bool) -> Result<(), Fault> {
    match vector.text("kind")? {
        "execute-args" => text::arguments(vector),
        "attr-query" => text::attributes(vector),
        "link" => text::links(vector),
        "senml-generic" => codec::senml(vector),
        "coap" => message::single(vector),
        "session" => message::session(vector),
        "block" => message::block(vector),
        "observe" => message::observe(vector),
        "observe-order" => message::observe_order(vector),
        _ => Err(Fault::NotImplemented),
    }
}

impl Report {
    fn run(
        &mut self,
        vector: &Fields<'_>,
        named: &str,
        place: &str,
        check: impl Fn(&Fields<'_>) -> Result<(), Fault>,
    ) {
        let kind = vector.text(named).unwrap_or("?").to_owned();
        let fault = match panic::catch_unwind(AssertUnwindSafe(|| check(vector))) {
            Ok(Ok(())) => {
                *self.passed.entry(kind).or_default() += 1;
                return;
            }
            Ok(Err(Fault::NotImplemented)) => {
                *self.not_implemented.entry(kind).or_default() += 1;
                return;
            }
            Ok(Err(Fault::Wrong(why))) => why,
            Err(_) => "the code panicked".to_owned(),
        };
        let id = vector.text("id").unwrap_or(place).to_owned();
        self.failures.push(Failure { id, why: fault });
    }
}

/// Compares, and says both.
fn same<T: PartialEq + fmt::Debug>(what: &str, found: &T, wanted: &T) -> Result<(), Fault> {
    if found == wanted {
        Ok(())
    } else {
        Err(Fault::Wrong(format!("{what} is {found:?}, expected {wanted:?}")))
    }
}

/// The response code that a refusal carries must be that of the vector.
fn refused(vector: &Fields<'_>, code: lwm2m_core::Code, why: impl fmt::Display) -> Result<(), Fault> {
    let found = format!("{}.{:02}", code.class(), code.detail());
    match vector.0.get("coap_error").and_then(Json::as_str) {
        Some(wanted) if wanted != found => {
            Err(Fault::Wrong(format!("refused with {found} ({why}), expected {wanted}")))
        }
        _ => Ok(()),
    }
}

/// It is invalid and was accepted.
fn accepted(vector: &Fields<'_>) -> Fault {
    let reason = vector.text("reject_reason").unwrap_or("invalid");
    Fault::Wrong(format!("accepted, must be refused: {reason}"))
}

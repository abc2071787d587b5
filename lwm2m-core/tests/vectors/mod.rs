//! The vectors of `vectors.json`, for the tests of this directory.

use serde_json::Value;

/// The vectors of one kind.
///
/// # Panics
/// There are none: a test that runs over nothing must not pass.
pub(crate) fn extras(kind: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("vectors.json")).expect("the file is JSON");
    let of_kind = |vector: &&Value| vector["kind"] == kind;
    let found: Vec<Value> =
        all["extras"].as_array().expect("a list").iter().filter(of_kind).cloned().collect();
    assert!(!found.is_empty(), "no vectors of kind {kind}");
    found
}

/// The octets in field `name`.
///
/// # Panics
/// The field is no text of hexadecimal digits.
pub(crate) fn hex(vector: &Value, name: &str) -> Vec<u8> {
    let digits = vector[name].as_str().expect("a text").as_bytes();
    let octet =
        |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).expect("ASCII"), 16).expect("hexadecimal");
    digits.chunks(2).map(octet).collect()
}

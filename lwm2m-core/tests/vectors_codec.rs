//! The vectors of the content formats: valid payloads decode to their values and canonical ones are written again,
//! invalid ones are refused with the response code of the vector. Strictly: what is read is written and read again, and
//! a refusal names its byte. HLF-002.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::collections::BTreeMap;

#[test]
fn every_vector() {
    let report = lwm2m_vectors::check_strictly(include_str!("vectors/vectors.json")).unwrap();
    assert_eq!(report.failures, []);
    let payloads = report.passed.iter().filter(|(kind, _)| EXPECTED.iter().any(|(format, _)| format == kind));
    let payloads: BTreeMap<_, _> = payloads.map(|(kind, number)| (kind.as_str(), *number)).collect();
    assert_eq!(payloads, BTreeMap::from(EXPECTED), "none is left out");
}

const EXPECTED: [(&str, usize); 10] = [
    ("cbor", 38),
    ("lwm2m-cbor", 33),
    ("oma-json", 7),
    ("opaque", 2),
    ("senml-cbor", 18),
    ("senml-etch-cbor", 2),
    ("senml-etch-json", 3),
    ("senml-json", 45),
    ("text", 33),
    ("tlv", 81),
];

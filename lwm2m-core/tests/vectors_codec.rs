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

/// What is on the edge: longer forms than needed, numbers at their limits and beyond, names that are put together,
/// damaged grammar, things that stand twice or in another place.
#[test]
fn every_vector_of_the_edges() {
    let report = lwm2m_vectors::check_strictly(include_str!("vectors/edges.json")).unwrap();
    assert_eq!(report.failures, []);
    assert_eq!(report.not_implemented, BTreeMap::new());
    assert!(report.passed.values().sum::<usize>() > 750);
}

/// Packs of SenML that know nothing of LwM2M.
#[test]
fn every_vector_of_other_senml() {
    let report = lwm2m_vectors::check(include_str!("vectors/vectors.json")).unwrap();
    assert_eq!(report.passed.get("senml-generic"), Some(&1));
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

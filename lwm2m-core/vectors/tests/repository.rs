//! The vectors of the repository.

#![allow(clippy::unwrap_used)]

#[test]
fn every_vector_passes() {
    let report = lwm2m_vectors::check(include_str!("../../tests/vectors/vectors.json")).unwrap();
    assert_eq!(report.failures, []);
    assert!(report.passed.values().sum::<usize>() >= 192, "{report}");
}

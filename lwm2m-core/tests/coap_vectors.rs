//! Messages and option values of the vectors: each is read as its description says, and written octet by octet.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

#[test]
fn every_message_is_read_as_described_and_written_back() {
    all_pass("coap", 16);
    all_pass("session", 3);
}

#[test]
fn block_values_are_read_and_written() {
    all_pass("block", 6);
}

#[test]
fn observe_values_are_read_and_written() {
    all_pass("observe", 5);
    all_pass("observe-order", 6);
}

fn all_pass(kind: &str, vectors: usize) {
    let report = lwm2m_vectors::check(include_str!("vectors/vectors.json")).unwrap();
    assert_eq!(report.failures, []);
    assert_eq!(report.passed.get(kind), Some(&vectors), "none of {kind} is left out");
}

//! Histories of two endpoints: requests, answers, notifications, streams, loss, forged frames, time.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../lwm2m-core/tests/history/mod.rs"]
mod history;

fuzz_target!(|octets: &[u8]| history::play(octets));

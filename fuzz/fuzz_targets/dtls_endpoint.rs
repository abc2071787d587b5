//! Histories of a client and a server of DTLS: handshakes, data, loss, changed and forged datagrams, slow stores, time.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../lwm2m-core/tests/dtls_history/mod.rs"]
mod dtls_history;

fuzz_target!(|octets: &[u8]| dtls_history::play(octets));

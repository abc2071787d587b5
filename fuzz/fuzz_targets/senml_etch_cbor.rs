//! Payloads in SenML-ETCH in CBOR.

#![no_main]

use libfuzzer_sys::fuzz_target;
use lwm2m_core::codec::ContentFormat;

mod kinds;
mod payload;

fuzz_target!(|data: &[u8]| payload::run(ContentFormat::SENML_ETCH_CBOR, data));

//! Payloads in the JSON of LwM2M 1.0.

#![no_main]

use libfuzzer_sys::fuzz_target;
use lwm2m_core::codec::ContentFormat;

mod kinds;
mod payload;

fuzz_target!(|data: &[u8]| payload::run(ContentFormat::JSON, data));

//! Link payloads: what is accepted prints and parses to the same; what is refused names a place inside.

#![no_main]

use libfuzzer_sys::fuzz_target;
use lwm2m_core::{Links, Tree};

fuzz_target!(|text: &str| {
    match Links::parse(text) {
        Ok(links) => assert_eq!(Links::parse(&links.to_string()), Ok(links)),
        Err(error) => assert!(error.position <= text.len()),
    }
    if let Ok(tree) = Tree::below("/lwm2m") {
        let _ = Links::parse_in(tree, text);
    }
});

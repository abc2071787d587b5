//! The documents speak of files and tests that exist.

use std::{fs, path::Path};

/// Every text between backquotes in the tables of a document.
fn quoted(document: &str) -> Vec<String> {
    let rows = document.lines().filter(|line| line.starts_with('|'));
    let quoted = rows.flat_map(|row| row.split('`').skip(1).step_by(2));
    quoted.map(str::to_owned).collect()
}

/// `path` or `path::function`, seen from the root of the repository.
fn is_there(place: &str) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (file, function) = place.split_once("::").map_or((place, None), |(file, name)| (file, Some(name)));
    let Some(function) = function else {
        return if root.join(file).exists() { Ok(()) } else { Err(format!("{file} is gone")) };
    };
    let text = fs::read_to_string(root.join(file)).map_err(|error| format!("{file}: {error}"))?;
    if text.contains(&format!("fn {function}(")) { Ok(()) } else { Err(format!("{file} has no {function}")) }
}

#[test]
fn what_the_documents_name_exists() {
    for (name, document) in [
        ("spec-map.md", include_str!("../../docs/spec-map.md")),
        ("conformance.md", include_str!("../../docs/conformance.md")),
    ] {
        let places: Vec<_> = quoted(document).into_iter().filter(|text| text.contains('/')).collect();
        assert!(places.len() > 10, "{name} has lost its table");
        let gone: Vec<_> = places.iter().filter_map(|place| is_there(place).err()).collect();
        assert!(gone.is_empty(), "{name}: {gone:#?}");
    }
}

#[test]
fn every_requirement_has_a_state_and_what_works_has_a_test() {
    let document = include_str!("../../docs/conformance.md");
    let rows: Vec<Vec<&str>> = document
        .lines()
        .filter(|line| {
            ["| HLF-", "| SEC-", "| AT-", "| AZ-", "| DI-", "| CF-", "| B."]
                .iter()
                .any(|p| line.starts_with(p))
        })
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    assert_eq!(rows.len(), 51, "46 requirements and five use cases");
    for row in rows {
        let [label, _, state, test] = row[..] else { panic!("{row:?} has not four cells") };
        let known = state == "works" || state == "not yet" || state.starts_with("partly: ");
        assert!(known, "{label}: {state}");
        assert_eq!(test.is_empty(), state == "not yet", "{label}: {state}, shown by {test:?}");
    }
}

#[test]
fn a_path_that_is_gone_is_noticed() {
    assert!(is_there("lwm2m-core/src/lib.rs").is_ok());
    assert!(is_there("lwm2m-core/src/gone.rs").is_err());
    assert!(is_there("examples/tests/documents.rs::a_path_that_is_gone_is_noticed").is_ok());
    assert!(is_there("examples/tests/documents.rs::another").is_err());
}

//! The documents speak of files and tests that exist.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

use std::{
    fs,
    path::{Path, PathBuf},
};

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
    let places: Vec<_> = quoted(include_str!("../../docs/spec-map.md"))
        .into_iter()
        .filter(|text| text.contains('/'))
        .collect();
    assert!(places.len() > 10, "spec-map.md has lost its table");
    let gone: Vec<_> = places.iter().filter_map(|place| is_there(place).err()).collect();
    assert!(gone.is_empty(), "spec-map.md: {gone:#?}");
}

/// Documents at the root and in `docs`, with their paths.
fn documents() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let files = [root.clone(), root.join("docs")].map(|place| fs::read_dir(place).unwrap());
    let files = files.into_iter().flatten().map(|file| file.unwrap().path());
    let files = files.filter(|file| file.extension().is_some_and(|extension| extension == "md"));
    files.map(|file| (file.clone(), fs::read_to_string(file).unwrap())).collect()
}

#[test]
fn links_lead_somewhere_and_nothing_is_left_of_a_merge() {
    let (mut links, mut wrong) = (0, Vec::new());
    for (file, text) in documents() {
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
        for target in targets.filter(|target| !target.is_empty() && !target.contains("://")) {
            links += 1;
            if !file.with_file_name(target).exists() {
                wrong.push(format!("{}: {target} is gone", file.display()));
            }
        }
        let marks = ["<<<<<<<", ">>>>>>>"];
        let left = text.lines().filter(|line| marks.iter().any(|mark| line.starts_with(mark)));
        wrong.extend(left.map(|line| format!("{}: {line}", file.display())));
    }
    assert!(links > 20, "there are few links");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_path_that_is_gone_is_noticed() {
    assert!(is_there("lwm2m-core/src/lib.rs").is_ok());
    assert!(is_there("lwm2m-core/src/gone.rs").is_err());
    assert!(is_there("examples/tests/documents.rs::a_path_that_is_gone_is_noticed").is_ok());
    assert!(is_there("examples/tests/documents.rs::another").is_err());
}

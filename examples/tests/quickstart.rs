//! The program that newcomers run first, as they run it.

use std::process::Command;

#[test]
fn the_quickstart_tells_its_story_and_succeeds() {
    let output = Command::new(env!("CARGO_BIN_EXE_quickstart")).output().unwrap();
    let story = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{story}\n{}", String::from_utf8_lossy(&output.stderr));
    let steps = [
        "listen",
        "bootstrap",
        "register",
        "discover",
        "read",
        "write",
        "execute",
        "observe",
        "update",
        "de-register",
    ];
    let told =
        story.lines().filter(|line| line.starts_with(|first: char| first == ' ' || first.is_ascii_digit()));
    let titles: Vec<_> =
        told.filter_map(|line| line.get(3..15)).map(str::trim).filter(|t| !t.is_empty()).collect();
    assert_eq!(titles, steps, "{story}");
    assert!(story.contains("All as it should be"), "{story}");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

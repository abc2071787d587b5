//! What is told of the series in `tests/series`, whose results were derived by hand. [Core 1.2 §5.1.2]

mod report;

use report::{line, machine, model::model};

fn lines() -> impl Iterator<Item = &'static str> {
    include_str!("series/series.txt").lines().filter(|line| line.contains(" | "))
}

#[test]
fn every_series_is_told_as_derived() {
    let mut wrong = Vec::new();
    for text in lines() {
        let (series, expected) = line(text);
        let told = machine(&series);
        if told != expected {
            wrong.push(format!("{text}\n    but {told:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} series:\n{}", wrong.len(), wrong.join("\n"));
    assert!(lines().count() >= 200);
}

#[test]
fn the_slow_model_agrees_with_every_derivation() {
    for text in lines() {
        let (series, expected) = line(text);
        assert_eq!(model(&series), expected, "{text}");
    }
}

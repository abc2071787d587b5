//! The checker finds what is wrong: in the code by its answers, in a file by name.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use lwm2m_vectors::check;

fn file(vectors: &str, extras: &str) -> String {
    format!(r#"{{"vectors": [{vectors}], "extras": [{extras}]}}"#)
}

fn failures(text: &str) -> Vec<String> {
    check(text).unwrap().failures.iter().map(ToString::to_string).collect()
}

/// A level of 7 as plain text, with a few words changed.
fn text(from: &str, to: &str) -> String {
    let vector = r#"{"id": "a", "format": "text", "content_format": 0, "base_path": "/9999/0/1", "valid": true,
        "canonical": true, "items": [{"path": "/9999/0/1", "type": "integer", "value": 7}], "hex": "37"}"#;
    assert!(vector.contains(from));
    file(&vector.replace(from, to), "")
}

#[test]
fn what_is_right_passes_and_is_counted() {
    let other = r#"{"id": "b", "kind": "observe", "value": 256, "hex": "0100"}, {"id": "c", "kind": "smoke-signals"}"#;
    let all = text("\"id\"", "\"id\"").replace("\"extras\": []", &format!("\"extras\": [{other}]"));
    let report = check(&all).unwrap();
    assert_eq!(report.to_string(), "2 passed, 0 failed, 1 not implemented (smoke-signals 1)");
}

#[test]
fn what_is_wrong_is_told_with_both_sides() {
    for (from, to, why) in [
        ("\"value\": 7", "\"value\": 8", "Integer(8)"),
        ("\"type\": \"integer\"", "\"type\": \"string\"", "is no value of type String"),
        ("\"hex\": \"37\"", "\"hex\": \"3037\"", "what is written is 37, expected 3037"),
        ("\"hex\": \"37\"", "\"hex\": \"61\"", "a: refused: "),
        (
            "\"valid\": true",
            "\"valid\": false, \"reject_reason\": \"odd\"",
            "a: accepted, must be refused: odd",
        ),
    ] {
        let found = failures(&text(from, to));
        assert!(matches!(&found[..], [one] if one.contains(why)), "{to}: {found:?}");
    }
    let refused =
        text("\"valid\": true", "\"valid\": false, \"coap_error\": \"4.15\"").replace("\"37\"", "\"61\"");
    assert!(
        failures(&refused)
            .iter()
            .any(|one| one.contains("refused with 4.00") && one.contains("expected 4.15"))
    );
}

#[test]
fn a_vector_that_is_none_fails_with_the_name_of_the_field() {
    for (from, to, why) in [
        ("\"hex\": \"37\"", "\"hex\": 37", "`hex` is no text"),
        ("\"hex\": \"37\"", "\"hex\": \"3\"", "`hex`: the number of hexadecimal digits is odd"),
        ("\"hex\": \"37\"", "\"hex\": \"3g\"", "`hex`: there is something else than hexadecimal digits"),
        ("\"hex\": \"37\"", "\"text\": \"7\"", "the vector has no `hex`"),
        ("\"hex\": \"37\"", "\"hex_parts\": [[\"00\", 99999999999]]", "are too many"),
        ("\"content_format\": 0", "\"content_format\": 70000", "out of range"),
        ("\"base_path\": \"/9999/0/1\"", "\"base_path\": \"9999\"", "`base_path`: "),
        ("\"type\": \"integer\"", "\"type\": \"number\"", "`number` is no type"),
        ("\"path\": \"/9999/0/1\"", "\"path\": \"/a\"", "`/a` is no path"),
        ("\"valid\": true", "\"valid\": 1", "`valid` is neither true nor false"),
    ] {
        let found = failures(&text(from, to));
        assert!(matches!(&found[..], [one] if one.contains(why)), "{to}: {found:?}");
    }
    assert_eq!(
        failures(&file("17", "[]")),
        ["vectors[0]: the vector is no JSON object", "extras[0]: the vector is no JSON object"]
    );
}

#[test]
fn a_file_that_is_none_is_refused() {
    let refusal = |text: &str| check(text).unwrap_err();
    assert!(refusal("{\n\"vectors\": [}").starts_with("not JSON: expected value at line 2 column 13"));
    assert_eq!(refusal("[]"), "a file of vectors is a JSON object");
    assert_eq!(refusal("{}"), "there are neither `vectors` nor `extras` in it");
    assert_eq!(refusal("{\"extras\": 3}"), "`extras` is not a list");
}

#[test]
fn messages_are_compared_with_their_descriptions() {
    let message = |description: &str| {
        let quoted = description.replace('"', "\\\"");
        failures(&file(
            "",
            &format!(
                r#"{{"id": "m", "kind": "coap", "desc": "{quoted}", "hex": "41030005acb1310130013110ff33363030"}}"#
            ),
        ))
    };
    assert!(message("CON PUT /1/0/1 ct 0 \"3600\", MID 5, token ac, whatever else").is_empty());
    for (description, why) in [
        ("NON PUT /1/0/1", "the type is \"CON\", expected \"NON\""),
        ("CON POST /1/0/1", "the method is \"PUT\", expected \"POST\""),
        ("CON PUT /1/0/2", "the target is \"/1/0/1\", expected \"/1/0/2\""),
        ("CON PUT /1/0/1 ct 42", "Content-Format is Some(0), expected Some(42)"),
        ("CON PUT /1/0/1 Observe 0", "Observe is None, expected Some(0)"),
        ("CON PUT MID 0x6", "the message ID is 5, expected 6"),
        ("CON PUT token ad", "the token is \"ac\", expected \"ad\""),
        ("ACK 2.04", "the type is"),
        ("CON 2.04", "the code is \"0.03\", expected \"2.04\""),
        ("CON PUT /1/0/1 ct 0 \"3601\"", "the payload is \"3600\", expected \"3601\""),
    ] {
        let found = message(description);
        assert!(matches!(&found[..], [one] if one.contains(why)), "{description}: {found:?}");
    }
}

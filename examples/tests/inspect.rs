//! The program `inspect`, as it is started from a shell.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::{
    fs,
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};

/// What it prints, and whether it ended well. Errors are on standard error.
fn inspect(arguments: &[&str], input: &str) -> (String, String, bool) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inspect"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes()); // it may not want to read
    let output = child.wait_with_output().unwrap();
    let text = |octets: Vec<u8>| String::from_utf8(octets).unwrap();
    (text(output.stdout), text(output.stderr), output.status.success())
}

fn printed(arguments: &[&str]) -> String {
    let (out, error, well) = inspect(arguments, "");
    assert!(well, "{arguments:?}: {error}");
    out
}

fn refused(arguments: &[&str]) -> String {
    let (_, error, well) = inspect(arguments, "");
    assert!(!well, "{arguments:?} should fail");
    error
}

/// A file of this test's own.
fn file(name: &str, text: &str) -> PathBuf {
    let path =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("inspect-{}-{name}", std::process::id()));
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn a_payload_is_named() {
    let place = ["--format", "tlv", "--path", "/3/0"];
    assert_eq!(
        printed(&[&["decode"], &place[..], &["c300416365c10964"]].concat()),
        "/3/0 Device/0\n  /3/0/0 Manufacturer = \"Ace\" (String)\n  /3/0/9 Battery Level = 100 /100 (Integer)\n"
    );
    let json: serde_json::Value = serde_json::from_str(&printed(&[
        "decode",
        "--json",
        "--format",
        "tlv",
        "--path",
        "/3/0",
        "wwBBY2XBCWQ=",
    ]))
    .unwrap();
    assert_eq!(json[1]["name"], "Device/0/Battery Level");
    assert_eq!((&json[1]["value"], &json[1]["unit"]), (&100.into(), &"/100".into()));
}

#[test]
fn what_was_written_is_read_again() {
    let place = ["--format", "tlv", "--path", "/3303/0"];
    let octets = printed(&[&["encode"], &place[..], &["5700=21.5", "5701=Cel"]].concat());
    let (out, _, well) = inspect(&[&["decode", "-"], &place[..]].concat(), &octets);
    assert!(well);
    assert_eq!(
        out,
        "/3303/0 Temperature/0\n  /3303/0/5700 Sensor Value = 21.5 Cel (Float)\n  /3303/0/5701 Sensor Units = \"Cel\" (String)\n"
    );
}

#[test]
fn a_message_is_shown_with_its_payload_and_made_from_its_words() {
    let words = "CON PUT /1/0/1 mid=5 token=ac ct=text";
    let octets = printed(&["encode", "--message", words, "--format", "text", "--path", "/1/0/1", "300"]);
    assert_eq!(octets, "41030005acb1310130013110ff333030\n");
    assert_eq!(
        printed(&["decode", octets.trim()]),
        format!(
            "{words}\n/1/0/1 is LwM2M Server/0/Lifetime\n/1/0/1 LwM2M Server/0/Lifetime = 300 s (Integer)\n"
        )
    );
    let register = "4102123401b2726411283865703d6e6f646531066c743d333030096c776d326d3d312e3103623d55ff3c2f312f303e2c3c2f332f303e";
    assert_eq!(
        printed(&["decode", register]),
        "CON POST /rd?ep=node1&lt=300&lwm2m=1.1&b=U mid=4660 token=01 ct=link\n/1/0 LwM2M Server\n/3/0 Device\n"
    );
    assert!(refused(&["decode", "61450001aac0ff37"]).contains("say --path"));
}

#[test]
fn composite_payloads_have_places_of_their_own() {
    let many = printed(&["encode", "--format", "senml-cbor", "/3303/0/5700=21.5", "/3/0/9=80"]);
    assert_eq!(
        printed(&["decode", "--format", "senml-cbor", many.trim()]),
        "/3303/0/5700 Temperature/0/Sensor Value = 21.5 (Float)\n/3/0/9 Device/0/Battery Level = 80 /100 (Integer)\n"
    );
    let times = ["1700000000.25@/3303/0/5700=21.5", "-30@/3/0/14=a@/b=c", "/3/0/9=80"];
    let timed = printed(&[&["encode", "--format", "senml-json"], &times[..]].concat());
    assert_eq!(
        printed(&["decode", "--format", "senml-json", timed.trim()]),
        "at 2023-11-14T22:13:20Z and 250000 us: /3303/0/5700 Temperature/0/Sensor Value = 21.5 (Float)\n\
         30 s before: /3/0/14 Device/0/UTC Offset = \"a@/b=c\" (String)\n\
         /3/0/9 Device/0/Battery Level = 80 /100 (Integer)\n"
    );
    assert!(refused(&["encode", "--format", "senml-json", "soon@/3/0/9=80"]).contains("seconds since 1970"));
    let patch = ["--format", "senml-etch-cbor", "--mode", "patch"];
    let octets = printed(&[&["encode"], &patch[..], &["/16/0/0/2=b", "-/16/0/0/1"]].concat());
    assert_eq!(
        printed(&[&["decode"], &patch[..], &[octets.trim()]].concat()),
        "/16/0/0/2 Portfolio/0/Identity/2 = \"b\" (String)\nremove /16/0/0/1 Portfolio/0/Identity/1\n"
    );
    let fetch = "4105000ab1c1705170ff82a100662f332f302f30a100662f312f302f31";
    assert_eq!(
        printed(&["decode", fetch]),
        "CON FETCH / mid=10 token=b1 ct=senml-cbor accept=senml-cbor\n\
         /3/0/0 Device/0/Manufacturer\n/1/0/1 LwM2M Server/0/Lifetime\n"
    );
    let history = r#"[{"bn":"/3303/0/5700","bt":1700000000,"v":21.5},{"t":-60,"v":21}]"#;
    let place = ["decode", "--format", "senml-json", "--path", "/3303/0/5700", "--as", "text", history];
    assert_eq!(
        printed(&place),
        "at 2023-11-14T22:12:20Z: /3303/0/5700 Temperature/0/Sensor Value = 21 (Float)\n\
         at 2023-11-14T22:13:20Z: /3303/0/5700 Temperature/0/Sensor Value = 21.5 (Float)\n"
    );
}

#[test]
fn a_refusal_points_at_the_octet() {
    let told = refused(&["decode", "--format", "tlv", "--path", "/3/0", "c80005416e20456e676e65c10964"]);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines[0], "error: byte 8: length 7 runs past the end");
    assert_eq!(lines[1].find("6e 67").map(|at| at + 6), lines[2].find("^^").map(|at| at + 3), "{told}");
    let told = refused(&["decode", "--format", "link", "--as", "text", "</1/0>,</3/0"]);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines[1].find("</3"), lines[2].find('^'), "{told}");
}

#[test]
fn objects_are_found_by_number_and_name_in_any_version() {
    let table = printed(&["object", "light control"]);
    assert!(
        table.starts_with("3311 Light Control, version 1.0, multiple, optional, urn:oma:lwm2m:ext:3311\n"),
        "{table}"
    );
    assert!(
        table
            .contains("5851 Dimmer                   RW single   optional  Integer          0 to 100 /100\n"),
        "{table}"
    );
    assert_eq!(printed(&["object", "1", "--version", "1.0"]).lines().count(), 10);
    assert_eq!(printed(&["object"]).lines().count(), 327);
    assert!(refused(&["object", "no such thing"]).contains("`no such thing` is unknown"));
    assert!(refused(&["object", "3303", "--version", "7.0"]).contains("not known in version 7.0"));
}

const TANK: &str = "<LWM2M><Object>
<Name>Tank</Name><ObjectID>32800</ObjectID><ObjectURN>urn:oma:lwm2m:x:32800</ObjectURN>
<MultipleInstances>Multiple</MultipleInstances><Mandatory>Optional</Mandatory>
<Resources><Item ID=\"0\"><Name>Level</Name><Operations>RW</Operations>
<MultipleInstances>Single</MultipleInstances><Mandatory>Mandatory</Mandatory>
<Type>Integer</Type><RangeEnumeration>0..100</RangeEnumeration><Units>%</Units></Item></Resources>
</Object></LWM2M>";

#[test]
fn definitions_of_files_are_validated_and_used() {
    let good = file("tank.xml", TANK);
    let good = good.to_str().unwrap();
    assert_eq!(printed(&["ddf", good]), format!("ok {good}: 32800 Tank, version 1.0, 1 resources\n"));
    let payload = printed(&["encode", "--ddf", good, "--format", "text", "--path", "/32800/0/0", "42"]);
    assert_eq!(
        printed(&["decode", "--ddf", good, "--format", "text", "--path", "/32800/0/0", payload.trim()]),
        "/32800/0/0 Tank/0/Level = 42 % (Integer)\n"
    );
    let bad = file("bad.xml", &TANK.replace("<Type>Integer<", "<Type>Number<"));
    let told = refused(&["ddf", good, bad.to_str().unwrap()]);
    assert!(told.contains(&format!("{}:6: Type is one of ", bad.display())), "{told}");
}

#[test]
fn vectors_are_counted_and_failures_told() {
    let vector = |hex| format!(r#"{{"id": "one", "kind": "observe", "value": 256, "hex": "{hex}"}}"#);
    let good = file("good.json", &format!(r#"{{"extras": [{}]}}"#, vector("0100")));
    assert_eq!(printed(&["check", good.to_str().unwrap()]), "1 passed, 0 failed\n");
    let bad = file("bad.json", &format!(r#"{{"extras": [{}]}}"#, vector("0101")));
    let (out, _, well) = inspect(&["check", bad.to_str().unwrap()], "");
    assert!(!well && out.starts_with("FAILED one: ") && out.ends_with("0 passed, 1 failed\n"), "{out}");
    let none = file("none.json", "{\"vectors\": 3}");
    assert!(refused(&["check", none.to_str().unwrap()]).contains("`vectors` is not a list"));
    let all = concat!(env!("CARGO_MANIFEST_DIR"), "/../lwm2m-core/tests/vectors/vectors.json");
    assert!(printed(&["check", all]).contains(" passed, 0 failed"));
}

#[test]
fn help_teaches() {
    let help = printed(&["--help"]);
    assert!(help.contains("inspect decode --format tlv --path /3/0") && help.contains("Examples:"), "{help}");
}

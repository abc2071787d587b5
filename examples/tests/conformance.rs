//! `docs/conformance.md` is made from the tests: a requirement is shown by the test files whose head names its label,
//! and a case of the OMA test specification by the function `ets_NNN_…`. After a change of either:
//! `UPDATE_DOCS=1 cargo test -p lwm2m-examples --test conformance`.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// A label, what it asks for in short, and what is missing; the latter is empty where nothing is.
type Requirement = (&'static str, &'static str, &'static str);

/// What is asked for, section by section.
#[rustfmt::skip]
const REQUIREMENTS: &[(&str, &[Requirement])] = &[
    ("Device management", &[
        ("HLF-001", "every device has an identifier of its own", ""),
        ("HLF-002", "compact binary addressing of what is managed", ""),
        ("HLF-003", "the firmware version can be read", ""),
        ("HLF-004", "firmware can be updated over the air", "images of any size pass in blocks and are in the memory of neither end; object 5 is missing"),
        ("HLF-005", "the result of an update is reported", "everything"),
        ("HLF-006", "source and level of power can be read", ""),
        ("HLF-007", "errors of the device are reported and can be reset", ""),
        ("HLF-008", "the device can be restarted remotely", ""),
        ("HLF-009", "the device can be reset to factory state", ""),
        ("HLF-010", "the device can be disabled and enabled", "a server sends the device away for a time (Disable); locking (object 8) is missing"),
        ("HLF-011", "single capabilities of the device can be disabled and enabled", "everything"),
        ("HLF-012", "configuration can be read and written", ""),
        ("HLF-013", "a server can make a device connect", "the trigger for an Update, at once or when a sleeping device is heard; SMS is missing"),
    ]),
    ("Communication", &[
        ("HLF-014", "IP as a bearer", "UDP over IPv4 and IPv6; TCP is missing"),
        ("HLF-015", "SMS or USSD as a bearer", "everything"),
        ("HLF-016", "communication within a session", "sessions of DTLS and of the registration; TCP and TLS are missing"),
        ("HLF-017", "communication without a session", "confirmable and non-confirmable datagrams; OSCORE is missing"),
        ("HLF-018", "power saving can be configured", "queue mode: the device sleeps, and what is asked of it waits; modes of the modem (object 10) are missing"),
    ]),
    ("Reporting", &[
        ("HLF-019", "periodic reports", ""),
        ("HLF-020", "reports when something happens", ""),
        ("HLF-021", "a server says which events are reported", ""),
        ("HLF-022", "a server says how often is reported", ""),
        ("HLF-023", "discovery, registration and bootstrap", ""),
        ("HLF-024", "thresholds", ""),
        ("HLF-025", "signal strength with its time", "everything"),
    ]),
    ("Connectivity and state", &[
        ("HLF-026", "connectivity can be read", "everything"),
        ("HLF-027", "changes of connectivity are reported", "registration, Update, sleep, expiry and de-registration are events of the server; object 4 is missing"),
        ("HLF-028", "the radio cell can be read", "everything"),
        ("HLF-029", "a server chooses the bearer", "everything"),
        ("HLF-030", "the state of the device can be read", "active, asleep, disabled until when, offline; locked (object 8) and capabilities (object 15) are missing"),
        ("HLF-031", "changes of that state are reported", "as HLF-030"),
    ]),
    ("Data model and operations", &[
        ("HLF-032", "each resource says what may be done with it", ""),
        ("HLF-033", "resources stand in groups", ""),
        ("HLF-034", "a single resource can be managed", ""),
        ("HLF-035", "several resources in one request", ""),
        ("HLF-036", "requests are acknowledged", ""),
        ("HLF-037", "the address of the device is known to the server", "its source address, also when it moves; object 4 is missing"),
        ("HLF-038", "a log of connections", "everything"),
        ("HLF-039", "a device can be kept from connecting for a time", "from connecting to a server; radio and access points (objects 10 and 11) are missing"),
        ("HLF-040", "it returns by itself afterwards", "to its servers, also over a restart, with what it measured meanwhile; the radio (object 10) is missing"),
    ]),
    ("Security", &[
        ("SEC-001", "secured communication", "DTLS with pre-shared keys, raw public keys and certificates; OSCORE, TLS, enrolment (EST) and secured SMS are missing"),
        ("SEC-002", "protection against replay", "records of DTLS, repeated message IDs; OSCORE and Echo are missing"),
        ("AT-001", "both ends authenticate each other", ""),
        ("AZ-033", "operations are authorised per resource", ""),
        ("DI-001", "integrity of data", "records of DTLS; images of firmware are missing"),
        ("CF-001", "confidentiality of data", ""),
    ]),
    ("Use cases", &[
        ("B.1", "street lights that are switched one by one and in groups", ""),
        ("B.2", "air conditioning with thresholds and metering", ""),
        ("B.3", "a movable asset that is tracked and locked", "everything"),
        ("B.4", "a device that moves from one operator to another", ""),
        ("B.5", "many devices that are suspended for a time", ""),
    ]),
];

/// Cases of the test specification that belong to what this repository is about so far: without other transports
/// (10, 11, 106), and without those that the specification leaves empty (202, 210, 271).
#[rustfmt::skip]
const OWED: &[u16] = &[
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12,
    101, 102, 103, 104, 105, 107, 108, 109,
    201, 203, 204, 205, 211, 212, 215, 220, 221, 222, 223, 224, 225, 226, 227, 228, 229, 230, 231, 232, 233, 234, 235, 236, 237, 241, 256, 257, 260, 261, 264, 266, 270, 280, 281, 290,
    301, 302, 303, 304, 305, 306, 307, 308, 309, 310, 311, 312, 313, 401, 402, 403, 950, 951,
];

const HEAD: &str = "# Conformance

The requirements for LwM2M of the Open Mobile Alliance (OMA-RD-LightweightM2M-V1_0, 46 labels and five use cases), what
each asks for in short, and how far this repository fulfils it. *Works* means that the named tests show it, over real
sockets or the simulated network; *partly* says what is missing; *not yet* means that nothing a program could call does
it. Made from the tests by `examples/tests/conformance.rs`.
";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file of tests, as seen from the root of the repository, with its text.
fn tests() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for crate_ in
        ["examples", "lwm2m-bootstrap", "lwm2m-client", "lwm2m-core", "lwm2m-objects", "lwm2m-server"]
    {
        let Ok(files) = fs::read_dir(root().join(crate_).join("tests")) else { continue };
        for path in
            files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "rs"))
        {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if name != "conformance.rs" {
                found.push((format!("{crate_}/tests/{name}"), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// Whether the head of a file names this label, and not only one that begins with it.
fn names(text: &str, label: &str) -> bool {
    let head = text.lines().take_while(|line| line.starts_with("//!"));
    head.flat_map(|line| line.match_indices(label).map(move |(at, _)| &line[at + label.len()..]))
        .any(|after| !after.starts_with(|next: char| next.is_ascii_digit()))
}

fn row(&(label, asks, missing): &Requirement, tests: &[(String, String)]) -> String {
    let shown: Vec<_> =
        tests.iter().filter(|(_, text)| names(text, label)).map(|(file, _)| format!("`{file}`")).collect();
    let state = match (shown.is_empty(), missing) {
        (true, "") => panic!("{label} works, but the head of no test file names it"),
        (true, _) => "not yet".to_owned(),
        (false, "") => "works".to_owned(),
        (false, missing) => format!("partly: {missing}"),
    };
    format!(
        "| {label} | {asks} | {state} | {}|",
        shown.iter().map(|file| format!("{file} ")).collect::<String>()
    )
}

/// Number, name and file of each case.
fn cases(tests: &[(String, String)]) -> BTreeMap<(u16, String), BTreeSet<&str>> {
    let mut cases: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for (file, text) in tests {
        let functions =
            text.split("fn ets_").skip(1).filter_map(|rest| rest.split_once("()")?.0.split_once('_'));
        for (number, name) in functions {
            let Ok(number) = number.parse() else { continue };
            cases.entry((number, name.replace('_', " "))).or_default().insert(file.as_str());
        }
    }
    cases
}

fn document() -> String {
    let tests = tests();
    let mut out = HEAD.to_owned();
    for (section, requirements) in REQUIREMENTS {
        let _ = write!(out, "\n## {section}\n\n| label | asks for | state | shown by |\n|---|---|---|---|\n");
        for requirement in *requirements {
            let _ = writeln!(out, "{}", row(requirement, &tests));
        }
    }
    let cases = cases(&tests);
    let _ = write!(
        out,
        "\n## Cases of the OMA test specification (ETS INT)\n\n| case | | test |\n|--:|---|---|\n"
    );
    for ((number, name), files) in &cases {
        let files: Vec<_> = files.iter().map(|file| format!("`{file}`")).collect();
        let _ = writeln!(out, "| {number} | {name} | {} |", files.join(" "));
    }
    let there: BTreeSet<u16> = cases.keys().map(|(number, _)| *number).collect();
    let missing: Vec<_> = OWED.iter().filter(|case| !there.contains(case)).map(u16::to_string).collect();
    if !missing.is_empty() {
        let _ = write!(out, "\nNot yet: {}.\n", missing.join(", "));
    }
    out
}

#[test]
fn the_document_is_current() {
    let (path, made) = (root().join("docs/conformance.md"), document());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap();
    let differs = made.lines().zip(written.lines()).find(|(made, written)| made != written);
    assert!(
        made == written,
        "docs/conformance.md is out of date, run this test with UPDATE_DOCS=1: {differs:?}"
    );
}

#[test]
fn every_requirement_is_there_once() {
    let labels: Vec<_> = REQUIREMENTS.iter().flat_map(|(_, rows)| rows.iter().map(|row| row.0)).collect();
    assert_eq!(labels.len(), 51, "46 requirements and five use cases");
    assert_eq!(labels.iter().collect::<BTreeSet<_>>().len(), 51);
}

#[test]
fn a_label_is_named_in_the_head_only() {
    assert!(names("//! What it shows. HLF-001, B.1.\n", "HLF-001"));
    assert!(names("//! What it shows. HLF-001, B.1.\n", "B.1"));
    assert!(!names("//! HLF-0011\n", "HLF-001"));
    assert!(!names("//! Something else.\n\n// HLF-001\n", "HLF-001"));
}

//! HLF-023: `bootstrap-server` gives devices their servers; plans that are wrong are named with file and line, and those that
//! were stay.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "common/program.rs"]
mod program;

use std::process::Command;

use program::{Directory, Program};

const OWN: &str = "comes:000102030405060708090a0b0c0d0e0f";
const GIVEN: &str = "0f0e0d0c0b0a09080706050403020100";

fn plan(id: u16, uri: &str) -> String {
    format!(
        r#"
[[plan]]
endpoint = "thermo*"
delete = ["/0", "/1"]

[[plan.server]]
id = {id}
uri = "{uri}"
identity = "{{endpoint}}"
key = "hex:{GIVEN}"
"#
    )
}

fn bootstrap(directory: &Directory, arguments: &[&str]) -> (Program, String) {
    let arguments = [&["--listen", "coaps://127.0.0.1:0", "--credentials", "own"], arguments].concat();
    let bootstrap = Program::start_in(&directory.0, env!("CARGO_BIN_EXE_bootstrap-server"), &arguments);
    let uri = bootstrap.expect("listening on ").replace("listening on ", "");
    let uri = uri.rsplit_once('/').map_or(uri.as_str(), |(_, address)| address);
    let uri = format!("coaps://{uri}");
    (bootstrap, uri)
}

/// A device with a key for the bootstrap server alone. In LwM2M 1.1 it does not ask for a pack.
fn device(directory: &Directory, uri: &str) -> Program {
    let arguments = ["--bootstrap", uri, "--endpoint", "thermo-7", "--psk", OWN, "--lwm2m", "1.1"];
    Program::start_in(&directory.0, env!("CARGO_BIN_EXE_client"), &arguments)
}

fn town(name: &str) -> (Directory, Program, String) {
    let directory = Directory::new(name);
    directory.file("own", "psk comes 000102030405060708090a0b0c0d0e0f thermo-7\n");
    let (server, uri) = directory.server(&["--psk", &format!("thermo-7:{GIVEN}")]);
    (directory, server, uri)
}

#[test]
fn a_device_that_knows_nobody_registers_with_the_key_it_was_given() {
    let (directory, server, uri) = town("bootstrap");
    directory.file("plans.toml", &plan(5, &uri));
    let (bootstrap, at) = bootstrap(&directory, &["--config", "plans.toml"]);
    let device = device(&directory, &at);
    bootstrap.expect("started thermo-7 (psk comes)");
    bootstrap.expect("finished thermo-7, 6 operations");
    device.expect(&format!("bootstrapped: {uri}"));
    device.expect(&format!("registered with {uri}"));
    server.expect("registered thermo-7 at 127.0.0.1:");
}

/// A smartcard knows the bootstrap server, which knows the server; a card that is damaged is named by file and octet.
#[test]
fn a_device_with_a_smartcard_needs_no_other_word_of_its_servers() {
    let (directory, _server, uri) = town("smartcard");
    directory.file("plans.toml", &plan(5, &uri));
    let (_bootstrap, at) = bootstrap(&directory, &["--config", "plans.toml"]);
    directory.keys(&["smartcard", "card", "--bootstrap", &at, "--psk", OWN]);
    let client = env!("CARGO_BIN_EXE_client");
    let arguments = ["--smartcard", "card", "--endpoint", "thermo-7", "--lwm2m", "1.1"];
    let device = Program::start_in(&directory.0, client, &arguments);
    device.expect(&format!("bootstrapped: {uri}"));
    device.expect(&format!("registered with {uri}"));
    drop(device);
    for file in std::fs::read_dir(directory.0.join("card")).unwrap().map(Result::unwrap) {
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions()) & 0o77,
            0
        );
        if file.file_name() == "3F00-2F00" {
            std::fs::write(file.path(), [0x61, 5]).unwrap();
        }
    }
    let device = Program::start_in(&directory.0, client, &arguments);
    device.expect("nothing is taken from the smartcard: 3F00/2F00, octet ");
}

#[test]
fn wrong_plans_are_named_with_file_and_line_and_do_not_replace_those_that_were() {
    let (directory, _server, uri) = town("wrong plans");
    for (name, text, expected) in [
        ("plans.toml", "[[plan]]\ndelete = [\"/0\"]\n", "plans.toml, line 1: all accounts are deleted"),
        (
            "plans.json",
            "{ \"plan\": [\n{ \"write\": [\n{ \"path\": \"/3/0/13\", \"value\": \"now\" } ] } ] }",
            "plans.json, line 3: Current Time is Time, not a text",
        ),
    ] {
        let file = directory.file(name, text);
        let output = Command::new(env!("CARGO_BIN_EXE_bootstrap-server")).arg("--config").arg(file).output();
        let output = output.unwrap();
        assert_eq!(output.status.code(), Some(1));
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(error.starts_with("error: ") && error.contains(expected), "{error}");
    }
    directory.file("plans.toml", &plan(5, &uri));
    let (bootstrap, at) = bootstrap(&directory, &["--config", "plans.toml"]);
    directory.file("plans.toml", &format!("{}\n[[plan.server]]\nid = 5\n", plan(5, &uri)));
    let device = device(&directory, &at);
    device.expect(&format!("registered with {uri}"));
    bootstrap.expect("finished thermo-7, 6 operations");
}

#[cfg(feature = "redb")]
#[test]
fn plans_in_a_database_are_changed_while_devices_come() {
    let (directory, _server, uri) = town("database");
    directory.file("plans.toml", &plan(5, "coaps://127.0.0.1:9"));
    let (bootstrap, at) = bootstrap(&directory, &["--database", "plans.redb", "--config", "plans.toml"]);
    bootstrap.ask("list", "thermo*");
    bootstrap.expect("ok");
    bootstrap.ask("put thermo-7 { \"server\": [{}] }", "error: plan of thermo-7, line 1: uri is missing");
    let account = format!(
        "{{ \"server\": [{{ \"id\": 6, \"uri\": \"{uri}\", \"identity\": \"thermo-7\", \"key\": \"hex:{GIVEN}\" }}] }}"
    );
    bootstrap.ask(&format!("put thermo-7 {account}"), "ok");
    let device = device(&directory, &at);
    device.expect(&format!("registered with {uri}"));
    bootstrap.ask("remove thermo-7", "ok");
    bootstrap.ask("remove thermo-7", "error: thermo-7 has no plan");
}

//! SEC-001, AT-001, CF-001: the programs over DTLS, with the keys and certificates that `keys` makes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

#[path = "common/program.rs"]
mod program;

use std::{fs, process::Command};

use program::Directory;

const PSK: &str = "thermo:000102030405060708090a0b0c0d0e0f";

#[test]
fn a_device_with_a_key_registers_and_one_with_another_does_not() {
    let directory = Directory::new("psk");
    let (server, uri) = directory.server(&["--psk", PSK, "--psk", "valve:ff00ff00"]);
    let wrong = directory.client(&uri, "thermo", &["--psk", "thermo:ffffffffffffffffffffffffffffffff"]);
    wrong.expect(&format!("cannot reach {uri} "));
    let unknown = directory.client(&uri, "nobody", &["--psk", "nobody:00"]);
    assert!(unknown.expect(&format!("cannot reach {uri} ")).contains("unknown_psk_identity"));
    let another = directory.client(&uri, "thermo", &["--psk", "valve:ff00ff00"]);
    another.expect(&format!("refused by {uri}"));
    let device = directory.client(&uri, "thermo", &["--psk", PSK]);
    device.expect(&format!("registered with {uri}"));
    server.expect("registered thermo at 127.0.0.1:");
}

#[test]
fn keys_and_certificates_of_the_keys_program_are_taken() {
    let directory = Directory::new("all");
    let credentials = ["--credentials", "credentials"];
    directory.keys(&[&["psk", "valve"], &credentials[..]].concat());
    directory.keys(&[&["public-key", "meter"], &credentials[..]].concat());
    directory.keys(&[&["authority", "Example CA"], &credentials[..]].concat());
    let host = ["--host", "127.0.0.1", "--authority", "Example CA"];
    directory.keys(&[&["certificate", "server"], &host[..], &credentials].concat());
    directory.keys(&["certificate", "thermo", "--authority", "Example CA"]);
    directory.keys(&[&["public-key", "own", "--own"], &credentials[..]].concat());
    let (server, uri) = directory.server(&credentials);
    let raw = ["--key", "keys/meter.key.pem", "--server-key", "keys/own.pub.der"];
    let own = ["--key", "keys/thermo.key.der", "--certificate", "keys/thermo.pem"];
    let any = [&own[..], &["--authority", "keys/Example_CA.pem"]].concat();
    let one = [&own[..], &["--server-certificate", "keys/server.der"]].concat();
    for (endpoint, arguments) in [("meter", &raw[..]), ("thermo", &any), ("thermo", &one)] {
        let device = directory.client(&uri, endpoint, arguments);
        device.expect(&format!("registered with {uri}"));
        server.expect(&format!("registered {endpoint} at 127.0.0.1:"));
    }
    let other = [&own[..], &["--server-certificate", "keys/thermo.pem"]].concat();
    let device = directory.client(&uri, "thermo", &other);
    device.expect(&format!("cannot reach {uri} "));
    let device = directory.client(&uri, "somebody", &any);
    device.expect(&format!("refused by {uri}"));
}

/// What is printed can be put into a file elsewhere.
#[test]
fn printed_lines_hold_wherever_their_file_is() {
    let directory = Directory::new("lines");
    fs::create_dir_all(directory.0.join("elsewhere")).unwrap();
    let mut lines = String::new();
    for arguments in [&["public-key", "meter"][..], &["public-key", "own", "--own"], &["authority", "CA"]] {
        let said = directory.keys(arguments);
        lines += said.lines().skip_while(|line| !line.starts_with("Server, a line")).nth(1).unwrap().trim();
        lines.push('\n');
    }
    let file = directory.0.join("elsewhere/credentials");
    fs::write(&file, lines).unwrap();
    #[cfg(unix)]
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let (server, uri) = directory.server(&["--credentials", "elsewhere/credentials"]);
    let raw = ["--key", "keys/meter.key.pem", "--server-key", "keys/own.pub.pem"];
    let device = directory.client(&uri, "meter", &raw);
    device.expect(&format!("registered with {uri}"));
    server.expect("registered meter at 127.0.0.1:");
}

#[test]
fn without_keys_nothing_is_served_securely() {
    for arguments in [&["--listen", "coaps://127.0.0.1:0"][..], &["--credentials", "/nowhere/at/all"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_server")).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(String::from_utf8_lossy(&output.stderr).starts_with("error: "));
    }
    let client = ["--server", "coaps://127.0.0.1:1"];
    let output = Command::new(env!("CARGO_BIN_EXE_client")).args(client).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("needs keys: --psk"));
}

/// Relays are on the paths between the devices and the two servers of the quickstart. `/bs` is asked for by its path
/// alone, and the time zone is what the bootstrap server writes.
#[test]
fn nobody_on_the_path_learns_who_is_there_or_what_is_said() {
    let directory = Directory::new("record");
    let secrets = [
        "thermo-hall",
        "thermo-cellar",
        "lwm2m=",
        "landing1",
        "quickstart",
        "</3311",
        "ep=lamp",
        "Europe/Berlin",
    ];
    for (arguments, shown) in [(&[][..], false), (&["--insecure"], true)] {
        let file = directory.0.join("record");
        let output = Command::new(env!("CARGO_BIN_EXE_quickstart"))
            .args(arguments)
            .arg("--record")
            .arg(&file)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let record = fs::read_to_string(file).unwrap();
        assert!(record.lines().count() > 60, "all of it passed the relay");
        for secret in secrets {
            let digits: String = secret.bytes().map(|octet| format!("{octet:02x}")).collect();
            assert_eq!(record.contains(&digits), shown, "{secret}");
        }
    }
}

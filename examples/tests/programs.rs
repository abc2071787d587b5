//! `server` and `client` as separate processes: what scripts rely on in their output.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "common/program.rs"]
mod program;

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use program::Program;

fn server(more: &[&str]) -> (Program, String) {
    let arguments = [&["--listen", "coap://127.0.0.1:0"], more].concat();
    let server = Program::start(env!("CARGO_BIN_EXE_server"), &arguments);
    let uri = server.expect("listening on coap://127.0.0.1:").replace("listening on ", "");
    (server, uri)
}

fn client(uri: &str, endpoint: &str) -> Program {
    let arguments = ["--server", uri, "--endpoint", endpoint, "--lifetime", "5m", "--every", "1s"];
    Program::start(env!("CARGO_BIN_EXE_client"), &arguments)
}

#[test]
fn a_device_is_managed_from_the_console() {
    let (server, uri) = server(&[]);
    let device = client(&uri, "thermo");
    device.expect(&format!("registered with {uri}"));
    let registered = server.expect("registered thermo at 127.0.0.1:");
    assert!(registered.ends_with("LwM2M 1.2, lifetime 300 s, objects 1 3 3303 3311"), "{registered}");
    server.ask("list", "thermo at 127.0.0.1:");
    server.expect("ok 1 registered");
    server.ask("show thermo", "/3311/0 Light Control");
    server.ask("cancel thermo", "error: nothing of thermo is observed");
    server.ask("cancel thermo /3", "error: /3 of thermo is not observed");
    server.ask("discover thermo /3311", "/3311/0/5851 Dimmer");
    server.ask("read thermo /3/0", r#"/3/0/2 Device/0/Serial Number = "thermo""#);
    server.expect("/3/0/9 Device/0/Battery Level = 100 /100");
    server.expect("/3/0/11/0 Device/0/Error Code/0 = 0");
    server.ask("write thermo /3311/0/5851 42", "ok written /3311/0/5851");
    device.expect("written /3311/0/5851 Light Control/0/Dimmer = 42 /100");
    server.ask("update thermo /3311/0 5850=true", "ok written /3311/0");
    server.ask("read thermo /3311/0 tlv", "/3311/0/5850 Light Control/0/On/Off = true");
    server.expect("/3311/0/5851 Light Control/0/Dimmer = 42 /100");
    server.ask("execute thermo /3/0/4 0='now'", "ok executed /3/0/4");
    device.expect("executed /3/0/4 0='now'");
    server.ask("create thermo /3311 5850=true", "ok created /3311/1");
    server.expect("updated thermo +/3311/1");
    server.ask("delete thermo /3311/1", "ok deleted /3311/1");
    server.expect("updated thermo -/3311/1");
    server.ask("observe thermo /3303/0/5700", "/3303/0/5700 Temperature/0/Sensor Value = ");
    server.expect("ok observing /3303/0/5700");
    server.ask("observe thermo /3303/0/5700", "error: it is observed already");
    let told = server.expect("notification thermo /3303/0/5700 Temperature/0/Sensor Value = ");
    assert!(told.ends_with(" Cel"), "{told}");
    server.ask("cancel thermo", "ok cancelled /3303/0/5700");
    device.ask("send /3303/0/5700", "sent");
    let told = server.expect("sent thermo /3303/0/5700 Temperature/0/Sensor Value = ");
    assert!(told.ends_with(" Cel"), "{told}");
    server.ask("read thermo /4242", "error: 4.04 Not Found: /4242: no such object");
    server.ask("write thermo /3303/0/5700 1", "error: 4.05 Method Not Allowed: /3303/0/5700: not writable");
    server.ask("write thermo /3311/0/5851 101", "error: 4.00 Bad Request: ");
    device.say("quit");
    device.expect(&format!("deregistered from {uri}"));
    device.ends_well();
    server.expect("deregistered thermo");
    server.ask("read thermo /3", "error: thermo is not registered");
    server.say("quit");
    server.ends(1);
}

#[test]
fn a_script_waits_for_its_device_and_tells_where_it_fails() {
    let (script, uri) = server(&[]);
    let _device = client(&uri, "thermo-1");
    script.ask("wait thermo-1", "ok thermo-1 is registered");
    let read = script.ask("read thermo-1 /3303/0/5700", "/3303/0/5700 Temperature/0/Sensor Value = ");
    assert!(read.ends_with(" Cel"), "the unit stands in a resource of its own: {read}");
    script.ends_well();

    let arguments = ["--listen", "coap://127.0.0.1:0"];
    let mut failing = Command::new(env!("CARGO_BIN_EXE_server"));
    failing.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut failing = failing.spawn().unwrap();
    failing.stdin.take().unwrap().write_all(b"list\n# nobody\nwait nobody 1\nread\nlist\n").unwrap();
    let output = failing.wait_with_output().unwrap();
    let (said, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("error: nobody has not registered within 1 s"), "{said}");
    assert!(said.trim_end().ends_with("ok 0 registered"), "it goes on to its end: {said}");
    assert_eq!(told.trim_end(), "error: line 3 of the script has failed: wait nobody 1");
}

/// A client that is there before its server is heard soon after it has come.
#[test]
fn a_client_that_was_there_first_is_soon_registered() {
    #[expect(clippy::disallowed_methods, reason = "a test of programs")]
    let port = {
        let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.local_addr().unwrap().port()
    };
    let uri = format!("coap://127.0.0.1:{port}");
    let device = client(&uri, "early");
    device.expect(&format!("cannot reach {uri} (connection refused), next Register in 1 s"));
    let server = Program::start(env!("CARGO_BIN_EXE_server"), &["--listen", &uri]);
    server.ask("wait early 20", "ok early is registered");
    server.ends_well();
}

#[test]
fn a_script_ends_with_its_input_unless_told_otherwise() {
    let (script, _) = server(&[]);
    script.say("list");
    assert_eq!(script.ends_well().last().map(String::as_str), Some("ok 0 registered"));

    let (mut lasting, uri) = server(&["--keep-running"]);
    lasting.ask("list", "ok 0 registered");
    lasting.end_input();
    let device = client(&uri, "late");
    lasting.expect("registered late");
    drop(device);
}

#[test]
fn wrong_flags_are_explained() {
    for (path, arguments, text) in [
        (env!("CARGO_BIN_EXE_server"), ["--listen", "udp:5683"], "a scheme such as coap:// is missing"),
        (
            env!("CARGO_BIN_EXE_server"),
            ["--listen", "coap://192.0.2.1"],
            "cannot listen on udp 192.0.2.1:5683",
        ),
        (env!("CARGO_BIN_EXE_client"), ["--lwm2m", "1.2..1.0"], "the lower version comes first"),
        (env!("CARGO_BIN_EXE_client"), ["--server", "http://example"], "the scheme is not coap"),
        (env!("CARGO_BIN_EXE_client"), ["--server", "coaps://example"], "coaps://example needs keys: --psk"),
    ] {
        let output = Command::new(path).args(arguments).stdin(Stdio::null()).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && told.contains("error: ") && told.contains(text),
            "{arguments:?}: {told}"
        );
    }
}

/// The sample of a factory's file, for another port.
#[test]
fn a_device_has_its_server_from_the_factory() {
    let (server, uri) = server(&[]);
    let directory = program::Directory::new("factory");
    let sample = include_str!("../factory.json").replace("coap://localhost:5683", &uri);
    let file = directory.file("factory.json", &sample);
    let arguments = ["--factory", file.to_str().unwrap(), "--endpoint", "made"];
    let device = Program::start(env!("CARGO_BIN_EXE_client"), &arguments);
    device.expect(&format!("registered with {uri}"));
    assert!(server.expect("registered made at ").contains("lifetime 300 s"));
    let broken = directory.file("broken.json", &sample.replace("\"v\": 300", "\"v\": true"));
    let output = Command::new(env!("CARGO_BIN_EXE_client")).arg("--factory").arg(broken).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("broken.json: ") && told.contains("byte "), "{told}");
}

/// `| head`: who reads the output has enough of it.
#[test]
fn a_reader_that_has_enough_is_told_nothing_more() {
    for (path, arguments) in [
        (env!("CARGO_BIN_EXE_quickstart"), &["--insecure"][..]),
        (env!("CARGO_BIN_EXE_fleet"), &["--simulated", "--devices", "2", "--duration", "5s"]),
        (env!("CARGO_BIN_EXE_inspect"), &["object"]),
        (env!("CARGO_BIN_EXE_keys"), &["psk", "thermo"]),
    ] {
        let mut program = Command::new(path);
        program.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut program = program.spawn().unwrap();
        drop(program.stdout.take());
        let output = program.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{path}");
        assert!(output.status.code().is_some_and(|code| code <= 1), "{path}: {}", output.status);
    }
}

#[test]
fn a_group_is_switched_and_queues_are_shown() {
    let (server, uri) = server(&[]);
    let _lamps = ["lamp-1", "lamp-2", "other"].map(|name| {
        let device = client(&uri, name);
        server.expect(&format!("registered {name} at "));
        device
    });
    server.ask("group lamp-* write /3311/0/5850 true", "ok 2 clients");
    server.expect("lamp-1: ok");
    server.expect("lamp-2: ok");
    server.ask("group nobody* read /3/0/9", "error: no registered client is called nobody*");
    server.ask("presence lamp-1", "lamp-1 is active");
    server.ask("presence nobody", "nobody is offline");
    server.ask("queue lamp-1", "ok 0 wait");
    server.ask("cancel-request lamp-1 7", "error: no request 7 waits for lamp-1");
}

#[cfg(feature = "prometheus")]
#[test]
fn metrics_are_read_over_http() {
    use std::{
        io::Read as _,
        net::{TcpListener, TcpStream},
    };

    let at = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (server, uri) = server(&["--metrics", &at.to_string()]);
    server.expect("metrics at http://");
    let device = client(&uri, "thermo");
    device.expect("registered with");
    server.expect("registered thermo at ");
    // The page is a second old at most.
    std::thread::sleep(std::time::Duration::from_secs(2));
    let mut stream = TcpStream::connect(at).unwrap();
    write!(stream, "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n"), "{text}");
    for line in [
        "# TYPE lwm2m_server_registrations gauge",
        "lwm2m_server_registrations 1",
        "lwm2m_server_registered_total 1",
        "lwm2m_server_asleep 0",
    ] {
        assert!(text.lines().any(|said| said == line), "{line} is missing:\n{text}");
    }
}

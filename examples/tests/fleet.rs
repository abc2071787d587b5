//! A small fleet against a server in this process: all register, update, are read and leave.

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use lwm2m_server::{Server, ServerEvent, transport::Listen};

/// Until a loaded machine has done it.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
async fn a_fleet_registers_updates_and_leaves() {
    let server = Server::builder().listen(Listen::udp("127.0.0.1:0")).shards(2).start().await.unwrap();
    let at = server.addresses().first().unwrap().to_string();
    let mut events = server.events();
    let arguments = ["--devices", "50", "--server", &at, "--duration", "2s", "--update-every", "1s"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_fleet"));
    let fleet =
        command.args(arguments).args(["--notify-every", "1s", "--prefix", "f"]).stdout(Stdio::piped());
    let fleet = fleet.spawn().unwrap();
    let (mut registered, mut updated, mut left) = (0, 0, 0);
    let all = async {
        while left < 50 {
            match events.next().await.unwrap() {
                ServerEvent::Registered { .. } => registered += 1,
                ServerEvent::Updated(_) => updated += 1,
                ServerEvent::Deregistered(_) => left += 1,
                _ => {}
            }
            if registered == 50 && updated == 0 {
                let celsius: f64 = server.client("f7").read("/3303/0/5700").await.unwrap();
                assert!((15.0..=25.0).contains(&celsius));
            }
        }
    };
    tokio::time::timeout(PATIENCE, all).await.expect("every device leaves");
    let output = fleet.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    assert!(registered == 50 && updated >= 50, "{registered} registered, {updated} updates\n{text}");
    assert!(text.contains("refused 0, unreachable 0, notifications undelivered 0, failed 0"), "{text}");
}

#[test]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
fn a_fleet_that_finds_no_server_says_so() {
    let arguments = ["--devices", "3", "--server", "127.0.0.1:9", "--duration", "1s"];
    let output = Command::new(env!("CARGO_BIN_EXE_fleet")).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("error: 0 of 3 devices were registered"), "{error}");
}

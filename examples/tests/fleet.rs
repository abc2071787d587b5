//! A small fleet against a server in this process: all register, update, are read and leave.

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use lwm2m_core::security::FileKeys;
use lwm2m_server::{Server, ServerBuilder, ServerEvent, transport::Listen};

/// Until a loaded machine has done it.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_fleet_registers_updates_and_leaves() {
    let server = Server::builder().listen(Listen::udp("127.0.0.1:0")).shards(2);
    life_of_a_fleet(server, "coap", &[]).await;
}

#[tokio::test]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
async fn a_fleet_lives_over_dtls_with_the_file_of_keys_that_the_server_has() {
    let path = std::env::temp_dir().join(format!("lwm2m-fleet-{}", std::process::id()));
    let file = path.to_str().unwrap();
    let mut keys = Command::new(env!("CARGO_BIN_EXE_keys"));
    let made = keys.args(["psk", "f", "--count", "50", "--credentials", file]).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let server = Server::builder().listen(Listen::dtls("127.0.0.1:0")).shards(2);
    let server = server.credentials(FileKeys::open(&path).unwrap());
    life_of_a_fleet(server, "coaps", &["--credentials", file]).await;
    std::fs::remove_file(path).unwrap();
}

#[test]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
fn a_fleet_without_keys_for_a_secure_server_says_how_to_make_them() {
    let arguments = ["--devices", "3", "--server", "coaps://127.0.0.1", "--duration", "1s"];
    let output = Command::new(env!("CARGO_BIN_EXE_fleet")).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("keys psk fleet- --count 3 --credentials FILE"), "{error}");
}

#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
async fn life_of_a_fleet(server: ServerBuilder, scheme: &str, keys: &[&str]) {
    let server = server.start().await.unwrap();
    let at = format!("{scheme}://{}", server.addresses().first().unwrap());
    let mut events = server.events();
    let arguments = ["--devices", "50", "--server", &at, "--duration", "2s", "--update-every", "1s"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_fleet"));
    let fleet = command
        .args(arguments)
        .args(keys)
        .args(["--notify-every", "1s", "--prefix", "f"])
        .stdout(Stdio::piped());
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

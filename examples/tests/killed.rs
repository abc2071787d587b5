//! A client process that is killed: what it has acknowledged it still knows when it runs again.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use lwm2m_server::{Server, ServerEvent, transport::Listen};

/// A directory of the test's own; gone with it.
struct Directory(PathBuf);

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

struct Device(Child);

impl Device {
    fn start(uri: &str, state: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_client"));
        command.args(["--server", uri, "--endpoint", "mortal", "--state"]).arg(state);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).env_remove("RUST_LOG");
        Self(command.spawn().unwrap())
    }
}

/// SIGKILL, where there is such a thing.
impl Drop for Device {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn a_client_that_is_killed_forgets_nothing_that_it_has_acknowledged() {
    let directory = Directory(std::env::temp_dir().join(format!("lwm2m-killed-{}", std::process::id())));
    std::fs::create_dir_all(&directory.0).unwrap();
    let state = directory.0.join("state");
    let server = Server::builder().listen(Listen::udp("127.0.0.1:0")).start().await.unwrap();
    let uri = format!("coap://{}", server.addresses()[0]);
    let mut events = server.events();
    let asked = server.client("mortal");
    let mut acknowledged = 0_i64;
    for life in 0..6_u64 {
        let device = Device::start(&uri, &state);
        loop {
            let event = tokio::time::timeout(Duration::from_secs(60), events.next()).await.unwrap();
            if matches!(event, Some(ServerEvent::Registered { .. })) {
                break;
            }
        }
        if life > 0 {
            let kept: i64 = asked.read("/1/0/2").await.unwrap();
            // What was on its way when the process died may be there, and need not.
            assert!(kept == acknowledged || kept == acknowledged + 1, "{kept}, acknowledged {acknowledged}");
            acknowledged = kept;
        }
        let writes = async {
            loop {
                asked.write("/1/0/2", acknowledged + 1).await.unwrap();
                acknowledged += 1;
            }
        };
        let _ = tokio::time::timeout(Duration::from_millis(150 + 37 * life), writes).await;
        drop(device);
    }
    assert!(acknowledged > 6, "something was written in each life: {acknowledged}");
}

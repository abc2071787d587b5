//! A client process that is killed: what it has acknowledged it still knows when it runs again, and what a program was told
//! is kept arrives.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may fail so; its processes live in real time"
)]

use std::{
    collections::BTreeSet,
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use lwm2m_client::{
    Client, FileState, Measurements, SendError, ServerAccount, UnixTime, objects::Temperature,
    transport::Target,
};
use lwm2m_server::{
    Data, DataSink, DataSource, Node, Server, ServerEvent, SinkError, Value, async_trait, transport::Listen,
};

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

/// Where the sender is told what to do.
const SENDER: [&str; 3] = ["SENDER_SERVER", "SENDER_STATE", "SENDER_FIRST"];
/// What it says of each number that is kept.
const KEPT: &str = "kept ";

/// The process that is killed below; as a test of its own it does nothing.
#[tokio::test]
async fn a_sender_of_numbers() {
    let [Ok(uri), Ok(state), Ok(first)] = SENDER.map(std::env::var) else { return };
    let account = ServerAccount::new(1, Target::new(uri)).allow_send();
    let builder = Client::builder("sender").server(account).state(FileState::open(state).unwrap());
    builder.objects().add(0, Temperature::default()).unwrap();
    let client = builder.start().await.unwrap();
    client.registered().await.unwrap();
    let mut next: i64 = first.parse().unwrap();
    loop {
        let time = UnixTime::from_secs(1_700_000_000 + next);
        let measured = Measurements::new().at(time, Temperature::SENSOR_VALUE.at(0), next as f64);
        match client.send_measured(measured).to(1).stored().await {
            Ok(()) => {
                let mut out = std::io::stdout().lock();
                writeln!(out, "{KEPT}{next}").and_then(|()| out.flush()).unwrap();
                next += 1;
            }
            Err(SendError::Full(_)) => tokio::time::sleep(Duration::from_millis(5)).await,
            Err(error) => panic!("{error}"),
        }
    }
}

/// Numbers that arrived.
#[derive(Clone, Default)]
struct Arrived(Arc<Mutex<BTreeSet<i64>>>);

#[async_trait]
impl DataSink for Arrived {
    async fn accept(&self, batch: &[Data]) -> Result<(), SinkError> {
        let sent = batch.iter().filter(|data| data.source == DataSource::Send).flat_map(|data| &data.values);
        let numbers = sent.filter_map(|timed| match &timed.node {
            Node::Value(Value::Float(number)) => Some(*number as i64),
            _ => None,
        });
        self.0.lock().unwrap().extend(numbers);
        Ok(())
    }
}

#[tokio::test]
async fn what_a_sender_was_told_is_kept_arrives_however_often_it_is_killed() {
    let directory = Directory(std::env::temp_dir().join(format!("lwm2m-sender-{}", std::process::id())));
    std::fs::create_dir_all(&directory.0).unwrap();
    let arrived = Arrived::default();
    let server =
        Server::builder().listen(Listen::udp("127.0.0.1:0")).data(arrived.clone()).start().await.unwrap();
    let uri = format!("coap://{}", server.addresses()[0]);
    let mut kept = 0_i64;
    for life in 0..6_u64 {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "a_sender_of_numbers", "--nocapture"]).env_remove("RUST_LOG");
        let what = [uri.clone(), directory.0.join("state").display().to_string(), (kept + 1).to_string()];
        command.envs(SENDER.into_iter().zip(what));
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut said = process.stdout.take().unwrap();
        let device = Device(process);
        tokio::time::sleep(Duration::from_millis(400 + 41 * life)).await;
        drop(device);
        let mut text = String::new();
        said.read_to_string(&mut text).unwrap();
        let mut numbers = text.lines().filter_map(|line| line.strip_prefix(KEPT)?.parse::<i64>().ok());
        kept = numbers.next_back().unwrap_or(kept);
    }
    assert!(kept > 6, "{kept} in six lives");
    // A last life delivers what the others have left.
    let state = FileState::open(directory.0.join("state")).unwrap();
    let account = ServerAccount::new(1, Target::new(uri)).allow_send();
    let builder = Client::builder("sender").server(account).state(state);
    builder.objects().add(0, Temperature::default()).unwrap();
    let _client = builder.start().await.unwrap();
    let all = || (1..=kept).all(|number| arrived.0.lock().unwrap().contains(&number));
    let arrives = async {
        while !all() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(60), arrives).await;
    assert!(in_time.is_ok(), "of {kept}: {:?}", arrived.0.lock().unwrap());
}

//! Requests that are posted have no caller: they outlive it, and with a store the server. What becomes of each is an
//! event. HLF-018.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use common::{Device, Scene, with_shard_counts, with_shards};
use lwm2m_server::{
    Code, EndReason, PostOutcome, RequestError, Server, ServerEvent, async_trait,
    coap::Options,
    lwm2m_core::{StoreError, ops::DownlinkAnswer, sim::Net},
    store::{Change, Memory, Outcome, ServerStore, Stored},
};

const HOUR: Duration = Duration::from_secs(3600);

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A store that takes its time, and can be down.
#[derive(Clone)]
struct Slow {
    net: Net,
    memory: Memory,
    down: Arc<AtomicBool>,
}

impl Slow {
    fn new(net: &Net) -> Self {
        Self { net: net.clone(), memory: Memory::new(), down: Arc::default() }
    }

    async fn queued(&self) -> Vec<(u64, bool)> {
        let stored = self.memory.list(None, 10).await.unwrap();
        let queue = stored.iter().flat_map(|stored| &stored.queue);
        queue.map(|request| (request.number, request.sent)).collect()
    }
}

#[async_trait]
impl ServerStore for Slow {
    async fn apply(&self, changes: &[Change]) -> Result<Vec<Outcome>, StoreError> {
        self.net.sleep(Duration::from_millis(300)).await;
        if self.down.load(Ordering::Relaxed) {
            return Err(StoreError::new(io::Error::other("no connection")));
        }
        self.memory.apply(changes).await
    }

    async fn list(&self, after: Option<&str>, max: usize) -> Result<Vec<Stored>, StoreError> {
        self.memory.list(after, max).await
    }
}

async fn sleeper(scene: &Scene) -> Device {
    let mut device = scene.device("device");
    device.register_as_sleeper("a").await;
    scene.net.sleep(seconds(100)).await;
    device
}

async fn outcome(scene: &mut Scene) -> PostOutcome {
    loop {
        if let ServerEvent::Posted(outcome) = scene.event().await {
            return outcome;
        }
    }
}

async fn carries_out(device: &mut Device, text: &str) {
    let request = device.request().await;
    assert_eq!(request.text(), text);
    device.answer(&request, Code::CHANGED, &Options::new(), b"");
}

#[test]
fn what_is_posted_is_done_when_the_client_is_heard_and_its_outcome_is_an_event() {
    with_shards(async |net, builder| {
        let store = Slow::new(&net);
        let mut scene = Scene::new(&net, builder.store(store.clone())).await;
        let mut device = sleeper(&scene).await;
        let client = scene.server.client("a");
        let first = client.write("/3/0/14", "1").expires(HOUR).post().await.unwrap();
        let second = client.write("/3/0/14", "2").expires(HOUR).post().await.unwrap();
        assert_eq!(store.queued().await, [(first, false), (second, false)]);
        device.update().await;
        for (text, number) in [("1", first), ("2", second)] {
            carries_out(&mut device, text).await;
            let PostOutcome { endpoint, number: ended, result } = outcome(&mut scene).await;
            assert_eq!((&*endpoint, ended), ("a", number));
            assert!(matches!(result, Ok(DownlinkAnswer::Done)), "{result:?}");
        }
        net.sleep(seconds(1)).await;
        assert!(store.queued().await.is_empty());
    });
}

#[test]
fn what_waits_outlives_the_server_and_what_may_have_left_is_not_sent_again() {
    with_shard_counts(async |net, shards| {
        let store = Slow::new(&net);
        let scene = Scene::new(&net, Server::builder().shards(shards).store(store.clone())).await;
        let mut device = sleeper(&scene).await;
        let client = scene.server.client("a");
        let left = client.execute("/3/0/4").expires(HOUR).post().await.unwrap();
        let again = client.write("/3/0/14", "again").expires(HOUR).repeat().post().await.unwrap();
        let waits = client.write("/3/0/14", "waits").expires(HOUR).post().await.unwrap();
        device.update().await;
        assert_eq!(device.request().await.path(), "/3/0/4");
        scene.host.crash();
        assert_eq!(store.queued().await, [(left, true), (again, false), (waits, false)]);

        let mut scene = Scene::new(&net, Server::builder().shards(shards).store(store.clone())).await;
        net.sleep(seconds(100)).await;
        while device.socket.try_recv().is_some() {}
        device.update().await;
        carries_out(&mut device, "again").await;
        carries_out(&mut device, "waits").await;
        let mut ended = Vec::new();
        for _ in 0..3 {
            let PostOutcome { number, result, .. } = outcome(&mut scene).await;
            ended.push((number, result.err().is_some_and(|error| error.may_have_been_applied())));
        }
        assert_eq!(ended, [(left, true), (again, false), (waits, false)]);
        // A new request does not take the name of an old one.
        device.update().await;
        let next = scene.server.client("a").write("/3/0/14", "next").post().await.unwrap();
        assert!(![left, again, waits].contains(&next));
        carries_out(&mut device, "next").await;
    });
}

#[test]
fn what_is_posted_follows_its_client_over_registrations() {
    with_shards(async |net, builder| {
        let store = Slow::new(&net);
        let mut scene = Scene::new(&net, builder.store(store.clone())).await;
        let mut device = sleeper(&scene).await;
        let number = scene.server.client("a").write("/3/0/14", "1").expires(HOUR).post().await.unwrap();
        device.rebind();
        device.register_as_sleeper("a").await;
        assert_eq!(device.request().await.text(), "1");
        assert_eq!(store.queued().await, [(number, true)], "it is kept as one that leaves");
        net.sleep(seconds(70)).await;
        let PostOutcome { number: ended, result, .. } = outcome(&mut scene).await;
        assert_eq!(ended, number);
        assert!(matches!(result, Err(RequestError::TimedOut { sent: true })), "{result:?}");
    });
}

#[test]
fn what_the_store_does_not_keep_is_not_posted() {
    with_shards(async |net, builder| {
        let store = Slow::new(&net);
        let scene = Scene::new(&net, builder.store(store.clone())).await;
        let mut device = sleeper(&scene).await;
        store.down.store(true, Ordering::Relaxed);
        let client = scene.server.client("a");
        let error = client.write("/3/0/14", "1").expires(HOUR).post().await.unwrap_err();
        assert!(matches!(error, RequestError::NotStored), "{error:?}");
        assert!(client.queue().await.unwrap().is_empty());
        store.down.store(false, Ordering::Relaxed);
        net.sleep(seconds(5)).await;
        device.update().await;
        device.hears_nothing(seconds(10)).await;
    });
}

#[test]
fn only_operations_with_one_answer_can_be_posted() {
    with_shards(async |net, builder| {
        let scene = Scene::new(&net, builder).await;
        let _device = sleeper(&scene).await;
        let error = scene.server.client("a").observe::<f64>("/3303/0/5700").post().await.unwrap_err();
        assert!(matches!(error, RequestError::NotPostable), "{error:?}");
        let error = scene.server.client("b").execute("/3/0/4").post().await.unwrap_err();
        assert!(matches!(error, RequestError::NotRegistered(_)), "{error:?}");
    });
}

#[test]
fn what_is_posted_can_be_withdrawn_expires_and_ends_with_the_registration() {
    with_shards(async |net, builder| {
        let mut scene = Scene::new(&net, builder).await;
        let _device = sleeper(&scene).await;
        let client = scene.server.client("a");
        let number = client.write("/3/0/14", "1").expires(HOUR).post().await.unwrap();
        assert!(client.withdraw(number).await.unwrap());
        assert!(matches!(outcome(&mut scene).await.result, Err(RequestError::Cancelled)));
        client.write("/3/0/14", "1").expires(seconds(60)).post().await.unwrap();
        net.sleep(seconds(60)).await;
        assert!(matches!(outcome(&mut scene).await.result, Err(RequestError::Expired)));
        client.write("/3/0/14", "1").post().await.unwrap();
        net.sleep(seconds(2000)).await;
        let end = outcome(&mut scene).await.result;
        let expired = Err::<(), _>(RequestError::Ended { reason: EndReason::Expired, sent: false });
        assert_eq!(format!("{end:?}"), format!("{expired:?}"));
    });
}

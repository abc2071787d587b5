//! A confirmable notification is acknowledged when the sink has it, not before.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use common::{Scene, with_shards};
use lwm2m_server::{
    Data, DataSink, SinkError, async_trait, coap::MessageType, lwm2m_core::sim::Net, machine::Limits,
};

/// Keeps values; slow or busy as the test wants.
#[derive(Clone)]
struct Kept {
    net: Net,
    values: Arc<Mutex<Vec<String>>>,
    takes: Arc<Mutex<Duration>>,
    busy: Arc<Mutex<bool>>,
}

impl Kept {
    fn new(net: &Net) -> Self {
        Self { net: net.clone(), values: Arc::default(), takes: Arc::default(), busy: Arc::default() }
    }

    fn values(&self) -> Vec<String> {
        self.values.lock().unwrap().clone()
    }
}

#[async_trait]
impl DataSink for Kept {
    async fn accept(&self, batch: &[Data]) -> Result<(), SinkError> {
        let takes = *self.takes.lock().unwrap();
        if !takes.is_zero() {
            self.net.sleep(takes).await;
        }
        if *self.busy.lock().unwrap() {
            return Err(SinkError::Busy { retry_after: Duration::from_secs(1) });
        }
        let text = |data: &Data| format!("{} {:?}", data.endpoint, data.values[0].node);
        self.values.lock().unwrap().extend(batch.iter().map(text));
        Ok(())
    }
}

#[test]
fn the_acknowledgement_waits_for_a_slow_sink_and_repetitions_are_not_kept_twice() {
    with_shards(async |net, builder| {
        let kept = Kept::new(&net);
        *kept.takes.lock().unwrap() = Duration::from_secs(5);
        let (scene, mut device) = Scene::registered(&net, builder.data(kept.clone())).await;
        let (mut observation, observe) = scene.observes("a", &mut device).await;
        let id = device.notify(MessageType::Confirmable, &observe, 2, "21");
        device.hears_nothing(Duration::from_secs(2)).await;
        device.next = id;
        device.notify(MessageType::Confirmable, &observe, 2, "21"); // the repetition
        device.hears_nothing(Duration::from_secs(2)).await;
        device.is_acknowledged(id).await;
        assert_eq!(kept.values().len(), 1, "{:?}", kept.values());
        assert_eq!(observation.next().await.unwrap().unwrap().value, 21.0);
    });
}

#[test]
fn what_the_sink_refuses_comes_again_and_is_then_kept() {
    with_shards(async |net, builder| {
        let kept = Kept::new(&net);
        *kept.busy.lock().unwrap() = true;
        let (scene, mut device) = Scene::registered(&net, builder.data(kept.clone())).await;
        let (mut observation, observe) = scene.observes("a", &mut device).await;
        let id = device.notify(MessageType::Confirmable, &observe, 2, "21");
        device.hears_nothing(Duration::from_secs(2)).await;
        assert!(kept.values().is_empty());
        *kept.busy.lock().unwrap() = false;
        device.next = id;
        device.notify(MessageType::Confirmable, &observe, 2, "21");
        device.is_acknowledged(id).await;
        assert_eq!(kept.values().len(), 1);
        assert_eq!(observation.next().await.unwrap().unwrap().value, 21.0);
    });
}

#[test]
fn data_of_one_device_keep_their_order() {
    with_shards(async |net, builder| {
        let kept = Kept::new(&net);
        *kept.takes.lock().unwrap() = Duration::from_millis(500);
        let (scene, mut device) = Scene::registered(&net, builder.data(kept.clone())).await;
        let (observation, observe) = scene.observes("a", &mut device).await;
        observation.detach();
        for n in 2..12 {
            device.notify(MessageType::NonConfirmable, &observe, n, &n.to_string());
            net.sleep(Duration::from_millis(200)).await;
        }
        net.sleep(Duration::from_secs(2)).await;
        let expected: Vec<String> = (2..12).map(|n| format!("a Value(Float({n}.0))")).collect();
        assert_eq!(kept.values(), expected);
    });
}

/// Nor does it by registering anew.
#[test]
fn a_new_registration_does_not_give_a_device_another_share() {
    with_shards(async |net, builder| {
        let kept = Kept::new(&net);
        *kept.takes.lock().unwrap() = Duration::from_secs(20);
        let mut limits = Limits::default();
        (limits.unkept, limits.unkept_per_client) = (100, 4);
        let scene = Scene::new(&net, builder.data(kept.clone()).limits(limits)).await;
        let mut device = scene.device("device");
        for _ in 0..5 {
            device.register_as("a").await;
            let (_observation, observe) = scene.observes("a", &mut device).await;
            for n in 2..8 {
                device.notify(MessageType::NonConfirmable, &observe, n, &n.to_string());
                net.sleep(Duration::from_millis(50)).await;
            }
        }
        let waiting: usize = scene.server.stats().await.unwrap().iter().map(|stats| stats.unkept).sum();
        assert_eq!(waiting, 4);
        net.sleep(Duration::from_secs(60)).await;
        assert_eq!(kept.values().len(), 5, "what was with the sink, and a share of what waited");
    });
}

/// One device that talks while the sink is slow does not take the room of the others.
#[test]
fn each_device_has_its_share_of_what_may_wait() {
    with_shards(async |net, builder| {
        let kept = Kept::new(&net);
        *kept.takes.lock().unwrap() = Duration::from_secs(20);
        let mut limits = Limits::default();
        (limits.unkept, limits.unkept_per_client) = (12, 4);
        let scene = Scene::new(&net, builder.data(kept.clone()).limits(limits)).await;
        let (mut loud, mut quiet) = (scene.device("loud"), scene.device("quiet"));
        loud.register_as("loud").await;
        let (_first, observe) = scene.observes("loud", &mut loud).await;
        quiet.register_as("quiet").await;
        let (_second, other) = scene.observes("quiet", &mut quiet).await;
        for n in 2..102 {
            loud.notify(MessageType::NonConfirmable, &observe, n, &n.to_string());
            net.sleep(Duration::from_millis(50)).await;
        }
        let id = quiet.notify(MessageType::Confirmable, &other, 2, "7");
        quiet.is_acknowledged(id).await;
        let of = |name: &str| kept.values().iter().filter(|value| value.starts_with(name)).count();
        assert_eq!(of("quiet"), 1);
        // What was with the sink, and a share of what waited.
        assert!((4..=6).contains(&of("loud")), "{:?}", kept.values());
        let counters = scene.server.stats().await.unwrap();
        assert_eq!(counters.iter().map(|stats| stats.counters.over_share).sum::<u64>(), 100 - 5);
        // The room comes back.
        net.sleep(Duration::from_secs(60)).await;
        let id = loud.notify(MessageType::Confirmable, &observe, 200, "200");
        loud.is_acknowledged(id).await;
    });
}

#[test]
fn a_sink_that_never_answers_stops_nothing_else() {
    with_shards(async |net, builder| {
        let kept = Kept::new(&net);
        *kept.takes.lock().unwrap() = Duration::from_secs(1_000_000);
        let (scene, mut device) = Scene::registered(&net, builder.data(kept.clone())).await;
        let (_observation, observe) = scene.observes("a", &mut device).await;
        let id = device.notify(MessageType::Confirmable, &observe, 2, "21");
        device.hears_nothing(Duration::from_secs(10)).await;
        assert_eq!(device.update().await, lwm2m_server::Code::CHANGED);
        // Its time is over: what comes again is offered again.
        *kept.takes.lock().unwrap() = Duration::ZERO;
        net.sleep(Duration::from_secs(30)).await;
        device.next = id;
        device.notify(MessageType::Confirmable, &observe, 2, "21");
        device.is_acknowledged(id).await;
        assert_eq!(kept.values().len(), 1);
    });
}

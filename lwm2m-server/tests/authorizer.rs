//! The program decides over what clients ask, and attaches data to their registrations.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use common::{Device, Received, Scene, with_shards};
use lwm2m_server::{
    Asked, Asking, Authorizer, Code, Observation, RequestError, ServerBuilder, Verdict, async_trait,
    coap::{MessageId, MessageType, OptionNumber, Options},
    lwm2m_core::{StoreError, ops::Uplink, sim::Net},
    machine::Limits,
};

/// What the authorizer is to do.
#[derive(Clone, Copy, Default, PartialEq)]
enum Mood {
    #[default]
    Allows,
    Refuses,
    Fails,
    Hangs,
}

#[derive(Clone)]
struct Guard {
    net: Net,
    mood: Arc<Mutex<Mood>>,
    asked: Arc<Mutex<Vec<String>>>,
    takes: Arc<Mutex<Duration>>,
    notifications: bool,
}

impl Guard {
    fn new(net: &Net, notifications: bool) -> Self {
        let takes = Arc::new(Mutex::new(Duration::from_millis(100)));
        Self { net: net.clone(), mood: Arc::default(), asked: Arc::default(), takes, notifications }
    }

    fn is(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

#[async_trait]
impl Authorizer for Guard {
    async fn authorize(&self, asked: &Asked) -> Result<Verdict, StoreError> {
        let what = match &asked.what {
            Asking::Uplink(Uplink::Register(register)) => format!("register {}", register.objects.len()),
            Asking::Uplink(Uplink::Update { .. }) => "update".to_owned(),
            Asking::Uplink(Uplink::Deregister { .. }) => "deregister".to_owned(),
            Asking::Uplink(Uplink::Send { values, .. }) => format!("send {}", values.len()),
            Asking::Notification(path) => format!("notification {path}"),
            other => panic!("{other:?}"),
        };
        let tenant = asked.attached.first().map(|(_, value)| format!(" of {value}")).unwrap_or_default();
        self.asked.lock().unwrap().push(format!("{} {what}{tenant}", asked.endpoint));
        let takes = *self.takes.lock().unwrap();
        self.net.sleep(takes).await;
        let mood = *self.mood.lock().unwrap();
        match mood {
            Mood::Allows if what.starts_with("register") => Ok(Verdict::allow().with("tenant", "acme")),
            Mood::Allows => Ok(Verdict::allow()),
            Mood::Refuses => Ok(Verdict::refuse("not you")),
            Mood::Fails => Err(StoreError::new(io::Error::other("no connection"))),
            Mood::Hangs => std::future::pending().await,
        }
    }

    fn decides_over_notifications(&self) -> bool {
        self.notifications
    }
}

/// A device that is observed, and whose notifications are decided over from now on.
async fn observed(net: &Net, builder: ServerBuilder) -> (Scene, Guard, Device, Observation<f64>, Received) {
    let guard = Guard::new(net, true);
    let (scene, mut device) = Scene::registered(net, builder.authorizer(guard.clone())).await;
    let (observation, observe) = scene.observes("a", &mut device).await;
    guard.asked();
    (scene, guard, device, observation, observe)
}

fn send() -> Options {
    Options::new().with_path(["dp"]).with_uint(OptionNumber::CONTENT_FORMAT, 110)
}

const VALUE: &[u8] = br#"[{"n":"/3303/0/5700","v":20.5}]"#;

#[test]
fn it_sees_every_uplink_and_what_it_attached_stays() {
    with_shards(async |net, builder| {
        let guard = Guard::new(&net, false);
        let (scene, mut device) = Scene::registered(&net, builder.authorizer(guard.clone())).await;
        let registration = scene.server.client("a").registration().await.unwrap().unwrap();
        assert_eq!(*registration.attached, [("tenant".to_owned(), "acme".to_owned())]);
        assert_eq!(device.update().await, Code::CHANGED);
        assert_eq!(device.ask(Code::POST, send(), VALUE).await.code, Code::CHANGED);
        assert_eq!(device.ask(Code::DELETE, device.at_location(), b"").await.code, Code::DELETED);
        assert_eq!(
            guard.asked(),
            ["a register 3", "a update of acme", "a send 1 of acme", "a deregister of acme"]
        );
    });
}

#[test]
fn a_refusal_is_the_answer_and_changes_nothing() {
    with_shards(async |net, builder| {
        let guard = Guard::new(&net, false);
        let scene = Scene::new(&net, builder.authorizer(guard.clone())).await;
        let mut device = scene.device("device");
        guard.is(Mood::Refuses);
        let answer = device.register(&["ep=a", "lt=300", "lwm2m=1.1"]).await;
        assert_eq!((answer.code, answer.text().as_str()), (Code::FORBIDDEN, "not you"));
        assert!(scene.server.client("a").registration().await.unwrap().is_none());
        guard.is(Mood::Allows);
        device.register_as("a").await;
        guard.is(Mood::Refuses);
        assert_eq!(device.update().await, Code::FORBIDDEN);
        assert_eq!(device.ask(Code::POST, send(), VALUE).await.code, Code::FORBIDDEN);
        assert_eq!(device.ask(Code::DELETE, device.at_location(), b"").await.code, Code::FORBIDDEN);
        assert!(scene.server.client("a").registration().await.unwrap().is_some());
        let refused: u64 =
            scene.server.stats().await.unwrap().iter().map(|stats| stats.counters.unauthorized).sum();
        assert_eq!(refused, 4);
    });
}

#[test]
fn without_a_decision_the_client_tries_again_later() {
    with_shards(async |net, builder| {
        let mut limits = Limits::default();
        limits.call_timeout = Duration::from_secs(10);
        let guard = Guard::new(&net, false);
        let scene = Scene::new(&net, builder.limits(limits).authorizer(guard.clone())).await;
        let mut device = scene.device("device");
        for mood in [Mood::Fails, Mood::Hangs] {
            guard.is(mood);
            let before = net.now().mono;
            let answer = device.register(&["ep=a", "lt=300", "lwm2m=1.1"]).await;
            assert_eq!(answer.code, Code::SERVICE_UNAVAILABLE);
            assert!(answer.options.max_age().is_some_and(|wait| wait > 0), "it says when to try again");
            assert!(net.now().mono.since(before) < Duration::from_secs(11));
        }
        guard.is(Mood::Allows);
        device.register_as("a").await;
    });
}

#[test]
fn too_many_open_questions_are_answered_at_once() {
    with_shards(async |net, builder| {
        let mut limits = Limits::default();
        limits.calls = 4; // half of them for the authorizer
        let guard = Guard::new(&net, false);
        guard.is(Mood::Hangs);
        let scene = Scene::new(&net, builder.shards(1).limits(limits).authorizer(guard.clone())).await;
        let mut devices: Vec<_> = (0..4).map(|n| scene.device(&format!("device-{n}"))).collect();
        let mut refused = 0;
        for (n, device) in devices.iter_mut().enumerate() {
            let name = format!("ep=a{n}");
            let parameters = [name.as_str(), "lt=300", "lwm2m=1.1"];
            let register = device.register(&parameters);
            if let Ok(answer) = net.timeout(Duration::from_secs(1), register).await {
                assert_eq!(answer.code, Code::SERVICE_UNAVAILABLE);
                refused += 1;
            }
        }
        assert_eq!(refused, 2);
        assert_eq!(guard.asked().len(), 2);
    });
}

#[test]
fn a_stranger_is_refused_before_it_is_asked_about() {
    with_shards(async |net, builder| {
        let guard = Guard::new(&net, false);
        let scene = Scene::new(&net, builder.authorizer(guard.clone())).await;
        let mut device = scene.device("device");
        assert_eq!(device.ask(Code::POST, send(), VALUE).await.code, Code::NOT_FOUND);
        let nowhere = Options::new().with_path(["rd", "AAAAAAAAAAAA"]);
        assert_eq!(device.ask(Code::POST, nowhere, b"").await.code, Code::NOT_FOUND);
        assert!(guard.asked().is_empty());
    });
}

#[test]
fn notifications_are_decided_over_if_it_wants_that() {
    with_shards(async |net, builder| {
        let (_scene, guard, mut device, mut observation, observe) = observed(&net, builder).await;
        device.notify(MessageType::NonConfirmable, &observe, 2, "21.5");
        assert_eq!(observation.next().await.unwrap().unwrap().value, 21.5);
        assert_eq!(guard.asked(), ["a notification /3303/0/5700 of acme"]);
        guard.is(Mood::Refuses);
        device.notify(MessageType::NonConfirmable, &observe, 3, "22.5");
        let end = observation.next().await.unwrap();
        assert!(matches!(end, Err(RequestError::Refused(_))), "{end:?}");
        assert!(observation.next().await.is_none());
        // The device learns it by the reset of its next notification.
        let id = device.notify(MessageType::Confirmable, &observe, 4, "23.5");
        let reset = device.receive().await;
        assert_eq!((reset.kind, reset.id), (MessageType::Reset, MessageId(id)));
    });
}

/// However long each decision takes.
#[test]
fn notifications_of_a_client_keep_their_order() {
    with_shards(async |net, builder| {
        let (_scene, guard, mut device, mut observation, observe) = observed(&net, builder).await;
        for (n, takes) in [(2, 900), (3, 600), (4, 300), (5, 0)] {
            *guard.takes.lock().unwrap() = Duration::from_millis(takes);
            device.notify(MessageType::NonConfirmable, &observe, n, &n.to_string());
            net.sleep(Duration::from_millis(50)).await;
        }
        for expected in [2.0, 3.0, 4.0, 5.0] {
            assert_eq!(observation.next().await.unwrap().unwrap().value, expected);
        }
    });
}

/// One device that talks while decisions are slow takes neither the room of others nor of anything else.
#[test]
fn what_waits_for_decisions_is_bounded_for_each_client() {
    with_shards(async |net, builder| {
        let mut limits = Limits::default();
        limits.unkept_per_client = 3;
        let (scene, guard, mut device, mut observation, observe) =
            observed(&net, builder.limits(limits)).await;
        *guard.takes.lock().unwrap() = Duration::from_secs(20);
        for n in 2..52 {
            device.notify(MessageType::NonConfirmable, &observe, n, &n.to_string());
            net.sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(guard.asked().len(), 1, "one question at a time");
        *guard.takes.lock().unwrap() = Duration::ZERO;
        for expected in [2.0, 3.0, 4.0, 5.0] {
            assert_eq!(observation.next().await.unwrap().unwrap().value, expected);
        }
        let over = scene.server.stats().await.unwrap();
        assert_eq!(over.iter().map(|stats| stats.counters.over_share).sum::<u64>(), 46);
        assert_eq!(over.iter().map(|stats| stats.calls).sum::<usize>(), 0);
    });
}

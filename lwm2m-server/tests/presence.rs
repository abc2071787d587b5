//! Which state a device is in: active, asleep, disabled, offline; asked for, and told when it changes.
//! HLF-030, HLF-031, HLF-027.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use common::{Scene, seconds, text, with_shards};
use lwm2m_server::{Code, Presence, ServerEvent, coap::Options};

async fn presence(scene: &Scene) -> Presence {
    scene.server.client("a").presence().await.unwrap()
}

/// The next change of presence.
async fn change(scene: &mut Scene) -> (Presence, Presence) {
    loop {
        if let ServerEvent::Presence(change) = scene.event().await {
            return (change.before.presence, change.after.presence);
        }
    }
}

#[test]
fn a_device_is_active_asleep_active_disabled_active_offline() {
    with_shards(async |net, builder| {
        let mut scene = Scene::new(&net, builder).await;
        assert_eq!(presence(&scene).await, Presence::Offline);
        let mut device = scene.device("device");
        device.register_as_sleeper("a").await;
        assert_eq!(presence(&scene).await, Presence::Active);
        net.sleep(seconds(92)).await;
        assert_eq!(presence(&scene).await, Presence::Active);
        net.sleep(seconds(2)).await;
        assert_eq!(presence(&scene).await, Presence::Asleep);
        assert_eq!(change(&mut scene).await, (Presence::Active, Presence::Asleep));
        device.update().await;
        assert_eq!(presence(&scene).await, Presence::Active);
        assert_eq!(change(&mut scene).await, (Presence::Asleep, Presence::Active));

        let due = net.now().wall.unwrap().after(seconds(300));
        scene.sends_away(&mut device, 300).await;
        let Presence::Disabled { until } = presence(&scene).await else { panic!("not disabled") };
        assert!(until.since(due) < seconds(1) && until >= due);
        assert_eq!(change(&mut scene).await, (Presence::Active, Presence::Disabled { until }));
        net.sleep(seconds(299)).await;
        assert_eq!(presence(&scene).await, Presence::Disabled { until });
        device.rebind();
        device.register_as_sleeper("a").await;
        assert_eq!(presence(&scene).await, Presence::Active);

        net.sleep(seconds(1990)).await;
        assert_eq!(change(&mut scene).await, (Presence::Active, Presence::Asleep));
        net.sleep(seconds(20)).await;
        assert_eq!(presence(&scene).await, Presence::Offline);
        let ServerEvent::Expired(registration) = scene.event().await else { panic!("not expired") };
        assert_eq!(registration.presence, Presence::Offline);
    });
}

#[test]
fn a_disabled_device_that_does_not_come_back_is_offline() {
    with_shards(async |net, builder| {
        let (mut scene, mut device) = Scene::registered(&net, builder).await;
        // What the timeout is, a Read tells as well as a Write.
        let read = scene.server.client("a").read::<i64>("/1/0/5").into_future();
        let script = async {
            let request = device.request().await;
            device.answer(&request, Code::CONTENT, &text(), b"60");
        };
        let (read, ()) = tokio::join!(read, script);
        assert_eq!(read.unwrap(), 60);
        scene.disables(&mut device).await;
        device.ask(Code::DELETE, device.at_location(), b"").await;
        net.sleep(seconds(61)).await;
        assert!(matches!(presence(&scene).await, Presence::Disabled { .. }), "it may be on its way");
        let (_, disabled) = change(&mut scene).await;
        net.sleep(seconds(100)).await;
        assert_eq!(presence(&scene).await, Presence::Offline);
        assert_eq!(change(&mut scene).await, (disabled, Presence::Offline));
        assert!(scene.server.stats().await.unwrap().iter().all(|stats| stats.disabled == 0));
    });
}

#[test]
fn a_refused_disable_changes_nothing() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let execute = scene.server.client("a").execute("/1/0/4").into_future();
        let script = async {
            let request = device.request().await;
            device.answer(&request, Code::METHOD_NOT_ALLOWED, &Options::new(), b"");
        };
        let (done, ()) = tokio::join!(execute, script);
        assert!(done.is_err());
        assert_eq!(presence(&scene).await, Presence::Active);
    });
}

#[test]
fn listed_registrations_say_who_sleeps() {
    with_shards(async |net, builder| {
        let scene = Scene::new(&net, builder).await;
        let (mut a, mut b) = (scene.device("one"), scene.device("two"));
        a.register_as_sleeper("a").await;
        b.register_as("b").await;
        net.sleep(seconds(100)).await;
        let listed = scene.server.registrations(None, 10).await.unwrap();
        assert_eq!(
            listed.iter().map(|r| r.presence).collect::<Vec<_>>(),
            [Presence::Asleep, Presence::Active]
        );
        let asleep: usize = scene.server.stats().await.unwrap().iter().map(|stats| stats.asleep).sum();
        assert_eq!(asleep, 1);
    });
}

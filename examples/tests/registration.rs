//! A registration from its beginning to its end, over a network that loses a tenth. [Core 1.2 §6.2] HLF-016.

mod common;

use common::{Counter, Scene, millis, seconds, with_seeds};
use lwm2m_client::objects::Temperature;
use lwm2m_server::ServerEvent;

/// Lifetimes of five minutes, then of an hour, for days: the device updates in time, whatever is lost, and says what
/// changes.
#[test]
fn it_lives_on_follows_every_change_and_ends_when_told() {
    with_seeds(61..63, |net, shards| async move {
        let mut scene = Scene::new(&net, shards).await;
        scene.wire.loss(0.1).duplicate(0.05).reorder(0.05).delay(millis(20)..millis(200));
        let builder = scene.device();
        builder.objects().add(0, Temperature::default()).unwrap();
        let client = builder.start_in(&scene.here).await.unwrap();
        let ServerEvent::Registered { registration, replaced: None } = scene.event().await else {
            panic!("a registration is first")
        };
        assert_eq!(registration.lifetime, seconds(300));
        let device = scene.server.client("device");
        for _ in 0..400 {
            let ServerEvent::Updated(updated) = scene.event().await else { panic!("nothing but Updates") };
            assert_eq!((updated.after.id, updated.after.lifetime), (registration.id, seconds(300)));
        }
        let current = device.registration().await.unwrap().unwrap();
        assert_eq!(current.objects(), registration.objects(), "Updates change only what they say");

        // The server makes the lifetime longer; the device says so at once, and comes more seldom.
        while device.write("/1/0/1", 3600_i64).timeout(seconds(200)).await.is_err() {}
        loop {
            let ServerEvent::Updated(updated) = scene.event().await else { panic!("an Update says so") };
            if updated.after.lifetime == seconds(3600) {
                break;
            }
        }
        let before = net.now().mono;
        for _ in 0..24 {
            assert!(matches!(scene.event().await, ServerEvent::Updated(_)));
        }
        let each = net.now().mono.since(before) / 24;
        assert!((seconds(1200)..seconds(3600)).contains(&each), "{each:?}");

        // Instances that come and go are in the next Update.
        client.objects().add(7, Counter::default()).unwrap();
        client.objects().remove::<Temperature>(0).unwrap();
        let listed = |event: ServerEvent| match event {
            ServerEvent::Updated(updated) => {
                updated.after.objects().iter().map(|link| link.path.to_string()).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        };
        let objects = listed(scene.event().await);
        assert!(objects.iter().any(|path| path == "/32800/7"), "{objects:?}");
        assert!(!objects.iter().any(|path| path.starts_with("/3303/")), "{objects:?}");

        client.shutdown().await.unwrap();
        let event = net.timeout(seconds(4000), scene.events.next()).await.expect("it ends").unwrap();
        assert!(matches!(event, ServerEvent::Deregistered(_) | ServerEvent::Expired(_)), "{event:?}");
        assert_eq!(scene.registrations().await, 0);
        assert!(device.read::<i64>("/1/0/1").await.unwrap_err().is_temporary());
    });
}

//! The cases of the OMA test specification (ETS INT) that concern queue mode. HLF-018.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod common;

use common::{Scene, account, seconds, with_shards};
use lwm2m_client::{Client, ClientEvent};
use lwm2m_server::{Presence, RequestError, ServerEvent};

/// A device in queue mode whose radio is off while it sleeps.
async fn sleeper(scene: &mut Scene) -> Client {
    let builder = scene.client(&scene.here, "device", account().lifetime(seconds(600)).queue_mode());
    let mut events = builder.events();
    let wire = scene.net.between(&scene.there, &scene.here);
    let client = scene.start_device(builder).await;
    scene.here.task(async move {
        while let Some(event) = events.next().await {
            match event {
                ClientEvent::Asleep { .. } => drop(wire.partition(true)),
                // The radio is on before the Update leaves: its first copy may be lost all the same.
                ClientEvent::Awake { .. } => drop(wire.partition(false)),
                _ => {}
            }
        }
    });
    client
}

#[test]
fn ets_108_turn_on_queue_mode() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let _client = sleeper(&mut scene).await;
        let registration = scene.server.client("device").registration().await.unwrap().unwrap();
        assert!(registration.queue_mode);
        assert_eq!(registration.presence, Presence::Active);
    });
}

#[test]
fn ets_109_behaviour_in_queue_mode() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let client = sleeper(&mut scene).await;
        let device = scene.server.client("device");
        let _: String = device.read("/3/0/16").await.unwrap();
        net.sleep(seconds(100)).await;
        assert_eq!(client.status().await.unwrap().awake, None);
        assert_eq!(device.presence().await.unwrap(), Presence::Asleep);
        assert!(matches!(device.read::<String>("/3/0/16").await, Err(RequestError::Asleep(_))));

        // Without anybody's doing the client wakes up for its Update, and the Read gets through then.
        let before = net.now().mono;
        let binding: String = device.read("/3/0/16").expires(seconds(3600)).await.unwrap();
        assert_eq!(binding, "U");
        let waited = net.now().mono.since(before);
        assert!(waited > seconds(300), "delivered after {waited:?}, when nothing was heard");
        let mut updated = false;
        while let Ok(Some(event)) = net.timeout(seconds(1), scene.events.next()).await {
            updated |= matches!(event, ServerEvent::Updated(_));
        }
        assert!(updated);
    });
}

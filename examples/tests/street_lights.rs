//! Street lights: switched one by one and all together, and what they are doing is read back. Use case B.1; who may do
//! so is in `authorisation.rs`.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod common;

use common::{Scene, account, with_shards};
use lwm2m_client::{Client, Instance, objects::LightControl};
use lwm2m_server::RequestError;

struct Street {
    lamps: Vec<Instance<LightControl>>,
    _clients: Vec<Client>,
}

async fn street(scene: &mut Scene, lamps: usize) -> Street {
    let mut street = Street { lamps: Vec::new(), _clients: Vec::new() };
    for number in 0..lamps {
        let host = scene.net.host(&format!("lamp-{number}"));
        let builder = scene.client(&host, &format!("lamp-{number}"), account());
        street.lamps.push(builder.objects().add(0, LightControl::default()).unwrap());
        street._clients.push(scene.start_device(builder).await);
    }
    street
}

#[test]
fn one_lamp_is_switched_and_no_other() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let street = street(&mut scene, 3).await;
        let lamp = scene.server.client("lamp-1");
        lamp.write("/3311/0/5850", true).await.unwrap();
        let on: Vec<_> = street.lamps.iter().map(|lamp| lamp.get().on_off).collect();
        assert_eq!(on, [false, true, false]);
        assert!(lamp.read::<bool>("/3311/0/5850").await.unwrap());
    });
}

#[test]
fn a_group_is_switched_at_once_and_a_lamp_that_is_not_there_is_reported() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let street = street(&mut scene, 20).await;
        let everyone = scene.server.group((0..21).map(|number| format!("lamp-{number}"))).at_once(5);
        let mut dimmed = everyone.each(|lamp| lamp.write("/3311/0/5851", 70_i64));
        let mut failed = Vec::new();
        while let Some((lamp, result)) = dimmed.next().await {
            match result {
                Ok(()) => {}
                Err(RequestError::NotRegistered(_)) => failed.push(lamp.to_string()),
                Err(error) => panic!("{lamp}: {error}"),
            }
        }
        assert_eq!(failed, ["lamp-20"]);
        assert!(street.lamps.iter().all(|lamp| lamp.get().dimmer == Some(70)));
    });
}

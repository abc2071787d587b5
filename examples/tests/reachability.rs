//! Where a device is, and how it is made to speak up. HLF-013, HLF-037.

mod common;

use common::{Scene, with_shards};
use lwm2m_server::ServerEvent;

#[test]
fn a_server_can_make_a_device_update_its_registration() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let _client = scene.start_device(scene.device()).await;
        scene.server.client("device").execute("/1/0/8").await.unwrap();
        assert!(matches!(scene.event().await, ServerEvent::Updated(_)));
    });
}

#[test]
fn the_server_knows_the_address_of_a_device_also_when_it_moves() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let client = scene.start_device(scene.device()).await;
        let address = async |scene: &Scene| {
            let registration = scene.server.client("device").registration().await.unwrap().unwrap();
            registration.address.clone()
        };
        let before = address(&scene).await;
        scene.wire.rebind_nat(&scene.here);
        client.update_registration(1).await.unwrap();
        let ServerEvent::Updated(updated) = scene.event().await else { panic!("no update") };
        assert_eq!(updated.before.address, before);
        assert_ne!(address(&scene).await, before);
        let _ = scene.server.client("device").read::<i64>("/3/0/11/0").await.unwrap();
    });
}

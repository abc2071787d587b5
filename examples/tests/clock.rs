//! Nothing hangs on the time of day: deadlines run on while clocks jump.

mod common;

use common::{Scene, seconds, with_shards};
use lwm2m_client::objects::Temperature;
use lwm2m_server::ServerEvent;

const HOUR: i64 = 3_600_000_000;

#[test]
fn a_jump_of_the_wall_clock_of_the_device_moves_no_deadline() {
    with_shards(|net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let client = scene.device().start_in(&scene.here).await.unwrap();
        client.registered().await.unwrap();
        let before = client.status().await.unwrap();
        for jump in [24 * HOUR, -48 * HOUR] {
            net.jump_wall(&scene.here, jump);
            let after = client.status().await.unwrap();
            assert_eq!(after.next_deadline, before.next_deadline);
            assert_eq!(after.registration_expires, before.registration_expires);
        }
    });
}

/// Hours forward and back on both ends, for a day, over a network that loses a little.
#[test]
fn jumping_clocks_end_no_registration_and_no_observation() {
    with_shards(|net, shards| async move {
        let mut scene = Scene::new(&net, shards).await;
        let builder = scene.device();
        let sensor = builder.objects().add(0, Temperature::default()).unwrap();
        let client = builder.start_in(&scene.here).await.unwrap();
        assert!(matches!(scene.event().await, ServerEvent::Registered { .. }));
        client.registered().await.unwrap();
        let device = scene.server.client("device");
        let mut observed = device.observe(Temperature::SENSOR_VALUE.at(0)).await.unwrap();
        observed.next().await.unwrap().unwrap();
        scene.wire.loss(0.05);
        for (round, jump) in [5, -9, 30, -1, -30, 100, -200, 8].into_iter().cycle().take(96).enumerate() {
            let host = if round % 3 == 0 { &scene.there } else { &scene.here };
            net.jump_wall(host, jump * HOUR);
            net.sleep(seconds(900)).await;
            let event = scene.event().await;
            assert!(matches!(event, ServerEvent::Updated(_)), "round {round}: {event:?}");
        }
        scene.wire.loss(0.0);
        while net.timeout(seconds(1), scene.events.next()).await.is_ok() {}
        sensor.set(Temperature::SENSOR_VALUE, 3.5);
        let value = net.timeout(seconds(5), observed.next()).await.expect("at once").unwrap().unwrap().value;
        assert_eq!(value.to_bits(), 3.5_f64.to_bits());
        assert_eq!(client.status().await.unwrap().registered, [1]);
    });
}

//! Devices are sent away for a time, and come back by themselves: the server knows which, and until when. HLF-030,
//! HLF-031. Use case B.5.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod common;

use common::{Scene, account, seconds, with_shards};
use lwm2m_client::Client;
use lwm2m_core::sim::{Host, Net};
use lwm2m_server::{Presence, ServerEvent};

async fn fleet(net: &Net, scene: &mut Scene, count: usize) -> Vec<(Host, Client)> {
    let mut fleet = Vec::new();
    for number in 0..count {
        let host = net.host(&format!("device-{number}"));
        let builder = scene.client(&host, &format!("device-{number}"), account().lifetime(seconds(3600)));
        let client = scene.start(&host, builder).await;
        fleet.push((host, client));
    }
    fleet
}

#[test]
fn half_of_a_fleet_is_suspended_for_five_minutes_and_returns() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let fleet = fleet(&net, &mut scene, 20).await;
        let some = scene.server.group((0..10).map(|number| format!("device-{number}"))).at_once(4);
        let timeouts = some.each(|device| device.write("/1/0/5", 300_i64)).all().await;
        assert!(timeouts.iter().all(|(_, result)| result.is_ok()), "{timeouts:?}");
        let disabled = some.each(|device| device.execute("/1/0/4")).all().await;
        assert!(disabled.iter().all(|(_, result)| result.is_ok()), "{disabled:?}");
        net.sleep(seconds(5)).await;
        assert_eq!(scene.registrations().await, 10);

        let heard_at = net.now().mono;
        net.sleep(seconds(280)).await;
        for (host, _) in fleet.iter().take(10) {
            let wire = net.between(&scene.there, host);
            let late = wire.frames().into_iter().filter(|frame| frame.at > heard_at).count();
            assert_eq!(late, 0, "a suspended device is silent");
        }
        for member in some.members() {
            let presence = member.presence().await.unwrap();
            assert!(matches!(presence, Presence::Disabled { .. }), "{}: {presence}", member.endpoint());
        }
        let others = scene.server.group((10..20).map(|number| format!("device-{number}")));
        let read = others.each(|device| device.read::<String>("/3/0/16")).all().await;
        assert!(read.iter().all(|(_, result)| result.is_ok()), "the others are not concerned");

        net.sleep(seconds(120)).await;
        assert_eq!(scene.registrations().await, 20);
        for member in some.members() {
            assert_eq!(member.presence().await.unwrap(), Presence::Active);
        }
        drop(fleet);
    });
}

#[test]
fn a_sleepy_device_goes_through_all_states() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let sleepy = account().lifetime(seconds(600)).queue_mode();
        let client = scene.start_device(scene.client(&scene.here, "device", sleepy)).await;
        let device = scene.server.client("device");
        device.write("/1/0/5", 120_i64).await.unwrap();
        net.sleep(seconds(100)).await;
        client.update_registration(1).await.unwrap();
        net.sleep(seconds(1)).await;
        device.execute("/1/0/4").await.unwrap();
        net.sleep(seconds(130)).await;
        assert_eq!(device.presence().await.unwrap(), Presence::Active);
        scene.here.crash();
        drop(client);
        net.sleep(seconds(700)).await;

        let mut states = Vec::new();
        while let Ok(Some(event)) = net.timeout(seconds(1), scene.events.next()).await {
            states.push(match event {
                ServerEvent::Registered { registration, .. } => registration.presence.to_string(),
                ServerEvent::Presence(change) => {
                    assert_ne!(change.before.presence, change.after.presence);
                    change.after.presence.to_string()
                }
                ServerEvent::Deregistered(registration) => format!("left, {}", registration.presence),
                ServerEvent::Expired(registration) => format!("expired, {}", registration.presence),
                _ => continue,
            });
        }
        assert_eq!(
            states,
            ["asleep", "active", "disabled", "left, disabled", "active", "asleep", "expired, offline"]
        );
        assert_eq!(device.presence().await.unwrap(), Presence::Offline);
    });
}

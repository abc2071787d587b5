//! Where a device is, and how it is made to speak up. HLF-013, HLF-036, HLF-037.

mod system;

use std::time::Duration;

use lwm2m_server::ServerEvent;
use system::system;

#[test]
fn a_server_can_make_a_device_update_its_registration() {
    system(async |mut system| {
        let host = system.host("device");
        let _client = system.start(&host, system.client(&host, "device")).await;
        system.server.client("device").execute("/1/0/8").await.unwrap();
        assert!(matches!(system.event().await, ServerEvent::Updated(_)));
    });
}

#[test]
fn the_server_knows_the_address_of_a_device_also_when_it_moves() {
    system(async |mut system| {
        let host = system.host("device");
        let wire = system.wire(&host);
        let client = system.start(&host, system.client(&host, "device")).await;
        let address = async |system: &system::System| {
            let registration = system.server.client("device").registration().await.unwrap().unwrap();
            registration.address.clone()
        };
        let before = address(&system).await;
        wire.rebind_nat(&host);
        client.update_registration(1).await.unwrap();
        let ServerEvent::Updated(updated) = system.event().await else { panic!("no update") };
        assert_eq!(updated.before.address, before);
        assert_ne!(address(&system).await, before);
        let _ = system.server.client("device").read::<i64>("/3/0/11/0").await.unwrap();
    });
}

#[test]
fn on_a_lossy_wire_every_write_is_applied_once_and_acknowledged() {
    system(async |mut system| {
        let host = system.host("device");
        let wire = system.wire(&host);
        let builder = system.client(&host, "device");
        let lamp = builder.objects().add(0, lwm2m_client::objects::LightControl::default()).unwrap();
        let _client = system.start(&host, builder).await;
        wire.loss(0.3).delay(Duration::from_millis(20)..Duration::from_millis(200));
        let asked = system.server.client("device");
        for level in 0..50_i64 {
            // at 30 % loss one of some hundred requests is lost five times over
            match asked.write("/3311/0/5851", level).await {
                Ok(()) => assert_eq!(lamp.get().dimmer, Some(level)),
                Err(error) => assert!(error.may_have_been_applied(), "{error}"),
            }
        }
    });
}

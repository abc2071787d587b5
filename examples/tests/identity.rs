//! Devices are told apart by their endpoint names. HLF-001.

mod system;

use std::time::Duration;

use lwm2m_client::objects::Device;
use lwm2m_server::ServerEvent;
use system::system;

#[test]
fn names_tell_devices_apart_and_the_last_of_one_name_is_the_one() {
    system(async |mut system| {
        let serial = |number: &str| Device { serial_number: Some(number.into()), ..Device::default() };
        let (one, two) = (system.host("one"), system.host("two"));
        let _first = system.start(&one, system.client(&one, "a").device(serial("1"))).await;
        let _second = system.start(&two, system.client(&two, "b").device(serial("2"))).await;
        let read = async |endpoint: &str, system: &system::System| {
            system.server.client(endpoint).read::<String>("/3/0/2").await.unwrap()
        };
        assert_eq!((read("a", &system).await.as_str(), read("b", &system).await.as_str()), ("1", "2"));
        let three = system.host("three");
        let _third = system.client(&three, "a").device(serial("3")).start_in(&three).await.unwrap();
        assert_eq!(system.registered().await, ("a".to_owned(), true));
        assert_eq!(read("a", &system).await, "3");
    });
}

#[test]
fn a_device_that_shuts_down_is_gone() {
    system(async |mut system| {
        let host = system.host("device");
        let client = system.start(&host, system.client(&host, "device")).await;
        system.net.sleep(Duration::from_secs(1000)).await; // several Updates
        while let Ok(event) = system.net.timeout(Duration::from_millis(1), system.events.next()).await {
            assert!(matches!(event, Some(ServerEvent::Updated(_))), "{event:?}");
        }
        client.shutdown().await.unwrap();
        assert!(matches!(system.event().await, ServerEvent::Deregistered(_)));
    });
}

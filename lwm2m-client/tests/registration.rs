//! The life of a registration that nothing disturbs. [Core 1.2 §6.2]

mod common;

use std::time::Duration;

use common::{account, builder, scene};
use lwm2m_client::{
    ClientEvent,
    lwm2m_core::{
        Code,
        coap::{OptionNumber, Options},
    },
    objects::{Device, Server, Temperature},
};

#[test]
fn a_register_says_all_that_servers_need() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let builder = builder(&device).server(account());
        builder.objects().add(0, Temperature::default()).unwrap();
        let mut events = builder.events();
        let client = builder.start_in(&device).await.unwrap();
        let register = server.register().await;
        assert!(register.is_confirmable());
        assert_eq!(register.query(), ["b=U", "ep=device", "lt=300", "lwm2m=1.1"]);
        assert_eq!(
            register.text(),
            "</>;ct=11542,</1>;ver=1.2,</1/0>,</3>;ver=1.2,</3/0>,</3303>;ver=1.1,</3303/0>"
        );
        assert!(matches!(events.next().await, Some(ClientEvent::Registered { server: 1 })));
        client.registered().await.unwrap();
        drop(client);
    });
}

#[test]
fn an_update_comes_in_time_and_says_nothing_that_is_known() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let client = server.start(&device, builder(&device).server(account())).await;
        let registered = clock.now().mono;
        let update = server.update().await;
        let waited = clock.now().mono.since(registered).as_secs();
        assert!((205..=208).contains(&waited), "300 s less MAX_TRANSMIT_WAIT (93 s), after {waited} s");
        assert!(update.query().is_empty() && update.payload.is_empty());
        let again = server.update().await;
        assert!(again.query().is_empty());
        drop(client);
    });
}

#[test]
fn a_new_lifetime_is_told_at_once_whoever_wrote_it() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let client = server.start(&device, builder(&device).server(account())).await;
        assert_eq!(server.write_text("/1/0/1", "120").await, Code::CHANGED);
        let update = server.update().await;
        assert_eq!(update.query(), ["lt=120"]);
        assert!(update.payload.is_empty());
        let account = client.objects().instance::<Server>(0).unwrap();
        account.update(|account| account.lifetime = 240);
        assert_eq!(server.update().await.query(), ["lt=240"]);
        assert_eq!(server.write_text("/1/0/1", "-1").await, Code::BAD_REQUEST);
        assert_eq!(account.get().lifetime, 240);
    });
}

#[test]
fn instances_that_come_and_go_are_told_together() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let client = server.start(&device, builder(&device).server(account())).await;
        for instance in 0..3 {
            client.objects().add(instance, Temperature::default()).unwrap();
        }
        client.objects().remove::<Temperature>(1).unwrap();
        let update = server.update().await;
        assert!(update.query().is_empty(), "nothing else has changed");
        assert!(update.text().ends_with("</3303>;ver=1.1,</3303/0>,</3303/2>"), "{}", update.text());
        client.objects().add(1, Temperature::default()).unwrap();
        client.objects().remove::<Temperature>(1).unwrap();
        assert!(server.next_within(Duration::from_secs(60)).await.is_none(), "the list is as it was");
    });
}

#[test]
fn the_update_trigger_is_answered_before_the_update() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let _client = server.start(&device, builder(&device).server(account())).await;
        assert_eq!(server.ask(Code::POST, "/1/0/8", Options::new(), &[]).await.code, Code::CHANGED);
        assert!(server.update().await.query().is_empty());
    });
}

#[test]
fn shutdown_deregisters() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let client = server.start(&device, builder(&device).server(account())).await;
        let mut events = client.events();
        device.task(async move { client.shutdown().await.unwrap() });
        let leaving = server.next().await;
        assert_eq!((leaving.code, leaving.path().as_str()), (Code::DELETE, "/rd/5a3f"));
        server.answer(&leaving, Code::DELETED, &Options::new(), &[]);
        assert!(matches!(events.next().await, Some(ClientEvent::Deregistered { server: 1 })));
        assert!(events.next().await.is_none(), "and the client has ended");
    });
}

#[test]
fn a_server_that_does_not_answer_does_not_hold_up_a_shutdown() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let client = server.start(&device, builder(&device).server(account())).await;
        let before = clock.now().mono;
        client.shutdown().await.unwrap();
        assert!(clock.now().mono.since(before) < Duration::from_secs(10));
    });
}

#[test]
fn a_device_that_sleeps_can_ask_when_it_is_needed() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let described = Device { manufacturer: Some("Example".to_owned()), ..Device::default() };
        let client = builder(&device).server(account()).device(described).start_in(&device).await.unwrap();
        assert!(client.status().await.unwrap().registered.is_empty());
        server.register().await;
        client.registered().await.unwrap();
        let status = client.status().await.unwrap();
        assert_eq!(status.registered, [1]);
        assert!(!status.has_unsent);
        let expires = status.registration_expires.unwrap();
        let next = status.next_deadline.unwrap();
        assert!(expires <= Duration::from_secs(300) && next < expires, "{next:?} {expires:?}");
        assert_eq!(server.read("/3/0/0").await.text(), "Example");
    });
}

#[test]
fn a_shutdown_needs_no_registration() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let client = builder(&device).server(account()).start_in(&device).await.unwrap();
        server.next().await; // the Register, which nobody answers
        let before = clock.now().mono;
        let other = client.clone();
        let (one, two) = (client.shutdown(), other.shutdown());
        one.await.unwrap();
        two.await.unwrap();
        assert!(clock.now().mono.since(before) < Duration::from_secs(10));
    });
}

#[test]
fn an_update_during_a_pause_the_server_asked_for_waits_for_its_end() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let client = server.start(&device, builder(&device).server(account())).await;
        client.update_registration(1).await.unwrap();
        let update = server.next().await;
        let pause = Options::new().with_uint(OptionNumber::MAX_AGE, 50);
        server.answer(&update, Code::SERVICE_UNAVAILABLE, &pause, b"");
        let asked = clock.now().mono;
        clock.sleep(Duration::from_secs(5)).await;
        client.update_registration(1).await.unwrap();
        server.update().await;
        assert!(clock.now().mono.since(asked) >= Duration::from_secs(50));
        assert_eq!(client.status().await.unwrap().registered, [1]);
    });
}

#[test]
fn a_shutdown_does_not_wait_for_the_next_attempt() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let builder = builder(&device).server(account());
        let mut events = builder.events();
        let client = builder.start_in(&device).await.unwrap();
        let register = server.next().await;
        server.answer(&register, Code::INTERNAL_SERVER_ERROR, &Options::new(), b"");
        assert!(matches!(events.next().await, Some(ClientEvent::Refused { .. })));
        let before = clock.now().mono;
        client.shutdown().await.unwrap();
        assert!(clock.now().mono.since(before) < Duration::from_secs(1));
    });
}

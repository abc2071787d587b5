//! Disable: the device leaves a server, says nothing, and returns to the second. [Core 1.2 §E.2, resources 4 and 5]

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod common;

use std::time::Duration;

use common::{Script, account, builder, scene, second};
use lwm2m_client::{
    Client, ClientBuilder, ClientEvent, Code, MemoryState, ServerAccount,
    lwm2m_core::{
        Mono,
        coap::Options,
        sim::{Host, Net},
    },
    transport::Target,
};

async fn execute(server: &mut Script, uri: &str) -> Code {
    server.ask(Code::POST, uri, Options::new(), &[]).await.code
}

/// The De-register, answered.
async fn leaves(server: &mut Script) {
    let leaving = server.next().await;
    assert_eq!((leaving.code, leaving.path().as_str()), (Code::DELETE, "/rd/5a3f"));
    server.answer(&leaving, Code::DELETED, &Options::new(), &[]);
}

/// Registered, with a Disable Timeout of 300 s, and disabled just now.
async fn disabled(server: &mut Script, device: &Host, builder: ClientBuilder) -> Client {
    let client = server.start(device, builder).await;
    assert_eq!(server.write_text("/1/0/5", "300").await, Code::CHANGED);
    assert_eq!(execute(server, "/1/0/4").await, Code::CHANGED, "answered first");
    client
}

fn since(net: &Net, earlier: Mono) -> Duration {
    net.now().mono.since(earlier)
}

#[test]
fn a_disabled_server_hears_nothing_and_is_registered_with_to_the_second() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let builder = builder(&device).server(account());
        let mut events = builder.events();
        let client = disabled(&mut server, &device, builder).await;
        let began = clock.now().mono;
        leaves(&mut server).await;
        // What it asks meanwhile is not even answered.
        let _ = server.begin(Code::GET, "/3/0", Options::new(), &[]);
        assert!(server.next_within(Duration::from_secs(290)).await.is_none(), "silence");
        server.register().await;
        let passed = since(&clock, began);
        assert!(passed >= Duration::from_secs(300) && passed < Duration::from_secs(301), "{passed:?}");
        client.registered().await.unwrap();
        let mut seen = Vec::new();
        while let Ok(Some(event)) = clock.timeout(Duration::from_millis(1), events.next()).await {
            seen.push(event);
        }
        assert!(
            seen.iter().any(|event| matches!(event, ClientEvent::Disabled { server: 1, .. })),
            "{seen:?}"
        );
        assert!(seen.iter().any(|event| matches!(event, ClientEvent::Deregistered { server: 1 })));
    });
}

#[test]
fn without_a_timeout_it_lasts_a_day() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let _client = server.start(&device, builder(&device).server(account())).await;
        assert_eq!(execute(&mut server, "/1/0/4").await, Code::CHANGED);
        let began = clock.now().mono;
        leaves(&mut server).await;
        server.register().await;
        assert_eq!(since(&clock, began).as_secs(), 86_400);
    });
}

#[test]
fn a_server_that_does_not_answer_the_deregister_is_left_all_the_same() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let _client = disabled(&mut server, &device, builder(&device).server(account())).await;
        assert_eq!(server.next().await.code, Code::DELETE);
        assert_eq!(server.next_within(Duration::from_secs(5)).await.unwrap().code, Code::DELETE);
        assert!(server.next_within(Duration::from_secs(280)).await.is_none(), "and then silence");
        server.register().await;
    });
}

#[test]
fn another_server_is_not_concerned() {
    let (net, mut server, device) = scene();
    let mut other = second(&net, "other", &device);
    let clock = net.clone();
    net.run(async move {
        let beside = ServerAccount::new(2, Target::new("coap://other:5683"));
        let client = builder(&device).server(account()).server(beside).start_in(&device).await.unwrap();
        server.register().await;
        other.register().await;
        client.registered().await.unwrap();
        assert_eq!(execute(&mut server, "/1/0/4").await, Code::CHANGED);
        leaves(&mut server).await;
        assert_eq!(other.read("/3/0/16").await.text(), "U");
        assert_eq!(client.status().await.unwrap().registered, [2]);
        // It may also send the first away for a while, or leave itself.
        assert_eq!(execute(&mut other, "/1/1/4").await, Code::CHANGED);
        leaves(&mut other).await;
        clock.sleep(Duration::from_secs(1)).await;
        assert!(client.status().await.unwrap().registered.is_empty());
    });
}

#[test]
fn a_restart_does_not_cut_it_short() {
    for asleep in [0, 100, 299, 400] {
        let (net, mut server, device) = scene();
        let clock = net.clone();
        net.run(async move {
            let state = MemoryState::default();
            let with_state = || builder(&device).server(account()).state(state.clone());
            let _client = disabled(&mut server, &device, with_state()).await;
            let began = clock.now().mono;
            leaves(&mut server).await;
            device.crash();
            clock.sleep(Duration::from_secs(asleep)).await;
            let client = with_state().start_in(&device).await.unwrap();
            server.register().await;
            let passed = since(&clock, began).as_secs();
            assert_eq!(passed, asleep.max(300), "restarted after {asleep} s");
            client.registered().await.unwrap();
            // Once is enough.
            server.restart(&device, with_state).await;
            assert!(since(&clock, began).as_secs() <= passed + 1, "the record is gone");
        });
    }
}

#[test]
fn a_clock_that_was_set_back_does_not_make_it_longer() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let state = MemoryState::default();
        let with_state = || builder(&device).server(account()).state(state.clone());
        let _client = disabled(&mut server, &device, with_state()).await;
        leaves(&mut server).await;
        device.crash();
        clock.jump_wall(&device, -365 * 86_400 * 1_000_000);
        let restarted = clock.now().mono;
        let _client = with_state().start_in(&device).await.unwrap();
        server.register().await;
        assert_eq!(since(&clock, restarted).as_secs(), 300);
    });
}

#[test]
fn a_client_that_is_stopped_meanwhile_stops() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let client = disabled(&mut server, &device, builder(&device).server(account())).await;
        leaves(&mut server).await;
        let before = clock.now().mono;
        client.shutdown().await.unwrap();
        assert!(since(&clock, before) < Duration::from_secs(1));
    });
}

//! A server without a store forgets its clients when it restarts; they find out by 4.04 and come back, all at once if
//! need be.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::time::Duration;

use common::{Device, Scene, frame, with_shard_counts};
use lwm2m_server::{
    Code, Server,
    coap::{MessageType, OptionNumber, Options, Token},
    lwm2m_core::sim::Net,
};

#[test]
fn a_device_hears_that_it_is_unknown_and_registers_anew() {
    with_shard_counts(async |net, shards| {
        let (scene, mut device) = Scene::registered(&net, Server::builder().shards(shards)).await;
        scene.host.crash();
        let scene = Scene::new(&net, Server::builder().shards(shards)).await;
        assert_eq!(device.update().await, Code::NOT_FOUND);
        device.register_as("a").await;
        assert_eq!(device.update().await, Code::CHANGED);
        assert!(scene.server.client("a").registration().await.unwrap().is_some());
    });
}

/// A receive buffer takes some hundred datagrams at once.
async fn breathe(net: &Net, sent: usize) {
    if sent.is_multiple_of(200) {
        net.sleep(Duration::from_millis(10)).await;
    }
}

/// Ten thousand devices whose Updates and Registers come within a second, from one host with a socket each.
#[test]
fn ten_thousand_come_back_at_once() {
    const DEVICES: usize = 10_000;
    let net = Net::seeded(4);
    let inner = net.clone();
    net.run(async move {
        let scene = Scene::new(&inner, Server::builder().shards(2)).await;
        let host = inner.host("devices");
        let mut devices: Vec<Device> =
            (0..DEVICES).map(|_| Device::new(&host, scene.host.at(5683))).collect();
        let nowhere = Options::new().with_path(["rd", "AAAAAAAAAAAA"]);
        for (n, device) in devices.iter().enumerate() {
            breathe(&inner, n).await;
            let update = frame(MessageType::Confirmable, Code::POST, 1, Token::EMPTY, &nowhere, b"");
            device.socket.send(device.server, update);
        }
        for device in &devices {
            assert_eq!(device.receive().await.code, Code::NOT_FOUND);
        }
        let before = inner.now().mono;
        for (n, device) in devices.iter().enumerate() {
            breathe(&inner, n).await;
            let name = format!("ep=device-{n}");
            let options = Options::new()
                .with_path(["rd"])
                .with_uint(OptionNumber::CONTENT_FORMAT, 40)
                .with_query(&name)
                .with_query("lt=300")
                .with_query("lwm2m=1.1");
            device.send(MessageType::Confirmable, Code::POST, 2, Token::EMPTY, &options, b"</1/0>,</3/0>");
        }
        for device in &mut devices {
            assert_eq!(device.receive().await.code, Code::CREATED);
        }
        assert!(inner.now().mono.since(before) < Duration::from_secs(2), "nobody had to try twice");
        let stats = scene.server.stats().await.unwrap();
        assert_eq!(stats.iter().map(|stats| stats.registrations).sum::<usize>(), DEVICES);
        assert!(stats.iter().all(|stats| stats.link_sets <= 1), "equal lists are kept once");
        assert_eq!(
            scene.server.registrations(Some("device-99"), 3).await.unwrap()[0].endpoint.as_str(),
            "device-990"
        );
    });
}

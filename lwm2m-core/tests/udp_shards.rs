//! Several sockets of one port, one a shard; and a flood of sources.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test waits and listens itself")]

mod support;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use lwm2m_core::{
    Address,
    driver::{Driver, Handle, Strays},
    security::NoKeys,
    transport::{Listen, ShardId, Transport, Udp, UdpOptions},
};
use support::{Command, Echo, Reader};
use tokio::{net::UdpSocket, time::timeout};

const SOON: Duration = Duration::from_secs(20);

fn address_of(transport: &dyn Transport) -> SocketAddr {
    match transport.local_address() {
        Some(Address::Ip(address)) => address,
        other => panic!("{other:?}"),
    }
}

async fn shards(listen: &Listen, n: u8) -> (SocketAddr, Vec<Handle<Command>>) {
    let mut at = None;
    let mut handles = Vec::new();
    for (strays, shard) in Strays::mesh(n).into_iter().zip(0..) {
        let transport = listen.open(ShardId(shard), n, Arc::new(NoKeys)).await.unwrap();
        let address = address_of(&*transport);
        assert_eq!(*at.get_or_insert(address), address, "all shards have one port");
        let (driver, handle) =
            Driver::of_shard(Echo::of_shard(shard), Reader::new(), vec![transport], strays);
        tokio::spawn(driver);
        handles.push(handle);
    }
    (at.unwrap(), handles)
}

async fn ask(socket: &UdpSocket, to: SocketAddr, text: &str) -> String {
    socket.send_to(text.as_bytes(), to).await.unwrap();
    let mut answer = [0; 100];
    let (len, from) = timeout(SOON, socket.recv_from(&mut answer)).await.expect("an answer").unwrap();
    assert_eq!(from, to);
    String::from_utf8_lossy(answer.get(..len).unwrap()).into_owned()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_peer_is_served_by_its_shard_whichever_socket_it_reaches() {
    let (at, handles) = shards(&Listen::udp("127.0.0.1:0"), 3).await;
    for _ in 0..20 {
        let device = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        for shard in [2, 0, 1] {
            assert_eq!(ask(&device, at, &format!("shard{shard}")).await, format!("from {shard}"));
            assert_eq!(ask(&device, at, "without a name").await, format!("from {shard}"));
        }
    }
    let strays: u64 = handles.iter().map(|handle| handle.counters().strays_out).sum();
    assert!(strays >= 80, "two of three frames reach the wrong socket: {strays}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_second_server_does_not_share_a_port_by_mistake() {
    let (at, _handles) = shards(&Listen::udp("127.0.0.1:0"), 2).await;
    let second = Listen::udp(&at.to_string());
    let error = second.open(ShardId(0), 2, Arc::new(NoKeys)).await.err().map(|e| e.to_string());
    assert_eq!(error, Some(format!("udp {at}: address in use")));
}

#[tokio::test]
async fn a_flood_of_sources_ends_at_the_limit_and_those_known_are_served() {
    let mut options = UdpOptions::server();
    options.max_links = 10;
    let udp = Udp::bind_with("127.0.0.1:0", options).await.unwrap();
    let at = udp.local_addr();
    let (driver, handle) = Driver::new(Echo::default(), Reader::new(), vec![Box::new(udp)]);
    tokio::spawn(driver);
    let mut known = Vec::new();
    for _ in 0..10 {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        assert_eq!(ask(&socket, at, "in time").await, "in time");
        known.push(socket);
    }
    let late = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    for _ in 0..100 {
        late.send_to(b"too late", at).await.unwrap();
    }
    for socket in known {
        assert_eq!(ask(&socket, at, "still here").await, "still here");
    }
    assert_eq!(handle.transport_counters()[0].refused_links(), 100);
    assert_eq!(handle.transport_counters()[0].frames_in(), 20);
}

#[test]
fn uris_to_listen_on() {
    for uri in ["coap://[::]:5683", "coap://127.0.0.1", "coap://0.0.0.0:0", "coaps://[::]:5684"] {
        assert!(uri.parse::<Listen>().is_ok(), "{uri}");
    }
    let wrong = |uri: &str| uri.parse::<Listen>().unwrap_err().to_string();
    assert_eq!(wrong("[::]:5683"), "[::]:5683: a scheme such as coap:// is missing");
    assert_eq!(wrong("coap://a:b:0"), "coap://a:b:0: the port is not a number");
}

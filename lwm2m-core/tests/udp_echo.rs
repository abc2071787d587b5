//! A machine over real UDP sockets: families, answer addresses, names, frames that cannot be sent. HLF-014.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test waits and listens itself")]

mod support;

use std::{net::SocketAddr, time::Duration};

use lwm2m_core::{
    Bytes,
    driver::{Driver, Handle},
    transport::{Transport, TransportError, TransportEvent, Udp, UdpClient},
};
use support::{Command, Echo, Event, Reader};
use tokio::{net::UdpSocket, time::timeout};

/// Generous: the machine that runs this may be busy.
const SOON: Duration = Duration::from_secs(20);

async fn serve(at: &str) -> (SocketAddr, Handle<Command>, Reader) {
    let udp = Udp::bind(at).await.unwrap();
    let address = udp.local_addr();
    let reader = Reader::new();
    let (driver, handle) = Driver::new(Echo::default(), reader.clone(), vec![Box::new(udp)]);
    tokio::spawn(driver);
    (address, handle, reader)
}

/// Sends from a plain socket and returns what came back and from where.
async fn exchange(from: &str, to: SocketAddr, frame: &[u8]) -> (Vec<u8>, SocketAddr) {
    let socket = UdpSocket::bind(from).await.unwrap();
    socket.send_to(frame, to).await.unwrap();
    let mut answer = vec![0; 65536];
    let (len, from) = timeout(SOON, socket.recv_from(&mut answer)).await.expect("an answer").unwrap();
    answer.truncate(len);
    (answer, from)
}

fn has_ipv6() -> bool {
    std::net::UdpSocket::bind("[::1]:0").is_ok()
}

#[tokio::test]
async fn ipv4_frames_of_every_size_come_back() {
    let (server, _handle, _) = serve("127.0.0.1:0").await;
    for size in [1, 4, 100, 1152, 9000, 65507] {
        let frame = vec![7; size];
        assert_eq!(exchange("127.0.0.1:0", server, &frame).await, (frame, server));
    }
}

#[tokio::test]
async fn ipv6_and_dual_stack() {
    if !has_ipv6() {
        return;
    }
    let (server, _handle, _) = serve("[::1]:0").await;
    assert_eq!(exchange("[::1]:0", server, b"six").await, (b"six".to_vec(), server));
    let (server, _handle, reader) = serve("[::]:0").await;
    let v4 = SocketAddr::from(([127, 0, 0, 1], server.port()));
    assert_eq!(exchange("127.0.0.1:0", v4, b"four").await, (b"four".to_vec(), v4));
    let v6: SocketAddr = format!("[::1]:{}", server.port()).parse().unwrap();
    assert_eq!(exchange("[::1]:0", v6, b"six").await, (b"six".to_vec(), v6));
    let Event::Link(TransportEvent::Up { remote, .. }) = reader.next().await else { panic!("no link") };
    assert!(remote.address.to_string().starts_with("127.0.0.1:"), "an IPv4 peer is shown as one: {remote:?}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_answer_leaves_from_the_address_the_request_came_to() {
    for wildcard in ["0.0.0.0:0", "[::]:0"] {
        let (server, _handle, _) = serve(wildcard).await;
        for host in [[127, 0, 0, 1], [127, 0, 0, 2], [127, 9, 8, 7]] {
            let at = SocketAddr::from((host, server.port()));
            assert_eq!(exchange("127.0.0.1:0", at, b"who").await.1, at, "{wildcard}");
        }
    }
}

#[tokio::test]
async fn a_client_connects_by_name_and_by_address() {
    let (server, _handle, _) = serve("127.0.0.1:0").await;
    let (_, client, reader) = serve("0.0.0.0:0").await;
    for host in ["127.0.0.1", "localhost"] {
        client.send(Command::Connect(format!("coap://{host}:{}", server.port()))).await.unwrap();
        let route = timeout(SOON, reader.up()).await.unwrap();
        client.send(Command::Send(route, Bytes::from_static(b"hello"))).await.unwrap();
        assert_eq!(timeout(SOON, reader.frame()).await.unwrap(), (route, Bytes::from_static(b"hello")));
    }
}

#[tokio::test]
async fn a_frame_that_cannot_be_sent_costs_one_count() {
    let (server, handle, reader) = serve("127.0.0.1:0").await;
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    socket.send_to(b"here", server).await.unwrap();
    let (route, _) = timeout(SOON, reader.frame()).await.unwrap();
    handle.send(Command::Send(route, Bytes::from(vec![0; 70_000]))).await.unwrap();
    loop {
        if let Event::Link(TransportEvent::Changed { link, info }) =
            timeout(SOON, reader.next()).await.unwrap()
        {
            assert_eq!((link, info.mtu), (route.link, 548), "smaller frames from now on");
            break;
        }
    }
    assert_eq!(handle.counters().send_errors, 1);
    assert_eq!(exchange("127.0.0.1:0", server, b"alive").await.0, b"alive");
}

#[tokio::test]
async fn errors_name_the_address_and_the_reason() {
    let udp = Udp::bind("127.0.0.1:0").await.unwrap();
    let at = udp.local_addr();
    let why = |e: std::io::Error| e.to_string();
    assert_eq!(Udp::bind(&at.to_string()).await.err().map(why), Some(format!("udp {at}: address in use")));
    let why = |e: std::io::Error| e.to_string();
    assert_eq!(
        Udp::bind("192.0.2.1:5683").await.err().map(why),
        Some("udp 192.0.2.1:5683: not an address of this host".to_owned())
    );
    assert!(Udp::bind("coap://nonsense").await.is_err());
}

#[tokio::test]
async fn what_cannot_be_connected_to_is_refused() {
    let mut udp = Udp::bind("127.0.0.1:0").await.unwrap();
    for uri in
        ["coap://[::1]", "coap://224.0.1.187", "coap://255.255.255.255", "coap+tcp://127.0.0.1", "127.0.0.1"]
    {
        let refused = udp.connect(&lwm2m_core::transport::Target::new(uri));
        assert!(matches!(refused, Err(TransportError::BadTarget { .. })), "{uri}: {refused:?}");
    }
}

fn connect_with(udp: UdpClient) -> (Handle<Command>, Reader) {
    let reader = Reader::new();
    let (driver, handle) = Driver::new(Echo::quiet(), reader.clone(), vec![Box::new(udp)]);
    tokio::spawn(driver);
    (handle, reader)
}

#[tokio::test]
async fn a_client_has_a_socket_for_every_server() {
    let (first, _first, _) = serve("127.0.0.1:0").await;
    let (second, _second, _) = serve("127.0.0.1:0").await;
    let (client, reader) = connect_with(UdpClient::new());
    for to in [first.to_string(), second.to_string(), format!("localhost:{}", first.port())] {
        client.send(Command::Connect(format!("coap://{to}"))).await.unwrap();
        let route = timeout(SOON, reader.up()).await.unwrap();
        client.send(Command::Send(route, Bytes::from(to.clone()))).await.unwrap();
        assert_eq!(timeout(SOON, reader.frame()).await.unwrap(), (route, Bytes::from(to)));
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_client_leaves_from_the_address_it_was_given() {
    let (server, _server, heard) = serve("127.0.0.1:0").await;
    let (client, reader) = connect_with(UdpClient::new().local("127.0.0.3:0".parse().unwrap()));
    client.send(Command::Connect(format!("coap://{server}"))).await.unwrap();
    let route = timeout(SOON, reader.up()).await.unwrap();
    client.send(Command::Send(route, Bytes::from_static(b"hello"))).await.unwrap();
    let Event::Link(TransportEvent::Up { remote, .. }) = timeout(SOON, heard.next()).await.unwrap() else {
        panic!("no link")
    };
    assert!(remote.address.to_string().starts_with("127.0.0.3:"), "{remote:?}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_client_hears_at_once_that_nobody_listens_but_waits_for_a_server_that_restarts() {
    let nobody = UdpSocket::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let (client, reader) = connect_with(UdpClient::new());
    client.send(Command::Connect(format!("coap://{nobody}"))).await.unwrap();
    let route = timeout(SOON, reader.up()).await.unwrap();
    client.send(Command::Send(route, Bytes::from_static(b"anybody?"))).await.unwrap();
    let down = timeout(SOON, reader.next()).await.unwrap();
    assert!(
        matches!(&down, Event::Link(TransportEvent::Down { link, .. }) if *link == route.link),
        "{down:?}"
    );

    let server = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let at = server.local_addr().unwrap();
    client.send(Command::Connect(format!("coap://{at}"))).await.unwrap();
    let route = timeout(SOON, reader.up()).await.unwrap();
    client.send(Command::Send(route, Bytes::from_static(b"one"))).await.unwrap();
    let (_, from) = server.recv_from(&mut [0; 10]).await.unwrap();
    server.send_to(b"answer", from).await.unwrap();
    timeout(SOON, reader.frame()).await.unwrap();
    drop(server);
    client.send(Command::Send(route, Bytes::from_static(b"into the void"))).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let server = UdpSocket::bind(at).await.unwrap();
    client.send(Command::Send(route, Bytes::from_static(b"two"))).await.unwrap();
    let mut frame = [0; 10];
    let (len, _) = timeout(SOON, server.recv_from(&mut frame)).await.unwrap().unwrap();
    assert_eq!(&frame[..len], b"two", "the link has outlived the restart");
    let told = timeout(SOON, async {
        loop {
            if let Event::Link(TransportEvent::Failed { link, error }) = reader.next().await {
                return (link, error);
            }
        }
    });
    let (link, error) = told.await.expect("the refusal in between is told");
    assert_eq!(link, route.link);
    assert!(
        matches!(&error, TransportError::Io(e) if e.kind() == std::io::ErrorKind::ConnectionRefused),
        "{error}"
    );
}

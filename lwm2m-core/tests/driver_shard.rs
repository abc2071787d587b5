//! What a driver does for its machine: calls, frames of other shards, an end that lets the last frames leave.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::{sync::Arc, time::Duration};

use lwm2m_core::{
    Bytes, CallId,
    driver::{Handle, Strays},
    machine::Answer,
    sim::Net,
};
use support::{Command, Echo, Question, Reader};
use tokio::sync::Notify;

const SECOND: Duration = Duration::from_secs(1);

fn alone(net: &Net) -> (Handle<Command>, Reader) {
    let (host, reader) = (net.host("host"), Reader::new());
    let handle = host.spawn(Echo::default(), reader.clone(), vec![Box::new(host.udp(5683))]);
    (handle, reader)
}

#[test]
fn calls_are_answered_when_they_are_ready() {
    let net = Net::seeded(1);
    let (handle, reader) = alone(&net);
    let late = Arc::new(Notify::new());
    net.run(async {
        handle.send(Command::Ask(Question::Late(Arc::clone(&late)))).await.unwrap();
        handle.send(Command::Ask(Question::Ready)).await.unwrap();
        assert!(matches!(reader.answer().await, (CallId(2), Answer::Role(1))));
        late.notify_one();
        assert!(matches!(reader.answer().await, (CallId(1), Answer::Role(2))));
    });
}

#[test]
fn a_call_that_panics_is_lost_and_nothing_else() {
    let net = Net::seeded(2);
    let (handle, reader) = alone(&net);
    net.run(async {
        handle.send(Command::Ask(Question::Panic)).await.unwrap();
        assert!(matches!(reader.answer().await, (CallId(1), Answer::Lost)));
        handle.send(Command::Ask(Question::Ready)).await.unwrap();
        assert!(matches!(reader.answer().await, (CallId(2), Answer::Role(1))));
        assert_eq!(handle.counters().panics, 1);
    });
}

#[test]
fn an_abandoned_call_is_dropped_without_an_answer() {
    let net = Net::seeded(3);
    let (handle, reader) = alone(&net);
    let late = Arc::new(Notify::new());
    net.run(async {
        handle.send(Command::Ask(Question::Late(Arc::clone(&late)))).await.unwrap();
        handle.send(Command::Ask(Question::Never)).await.unwrap();
        net.sleep(SECOND).await;
        assert_eq!(Arc::strong_count(&late), 2);
        handle.send(Command::Abandon(CallId(1))).await.unwrap();
        net.sleep(SECOND).await;
        assert_eq!(Arc::strong_count(&late), 1, "its future is gone");
        late.notify_one();
        net.sleep(SECOND).await;
        assert!(reader.take().is_empty());
        assert_eq!((handle.counters().calls, handle.counters().abandoned), (2, 1));
    });
}

#[test]
fn frames_of_another_shard_reach_it_and_are_answered_by_it() {
    let net = Net::seeded(4);
    let (server, device) = (net.host("server"), net.host("device"));
    let shards: Vec<_> = Strays::mesh(2)
        .into_iter()
        .zip(0..)
        .map(|(strays, shard)| {
            let socket = Box::new(server.udp(5683));
            server.spawn_shard(Echo::of_shard(shard), Reader::new(), vec![socket], strays)
        })
        .collect();
    net.run(async {
        let here = device.raw(0);
        here.send(server.at(5683), "whose am I");
        let kernel = here.recv().await.1;
        let (own, other) = if kernel == "from 0" { (0, 1) } else { (1, 0) };
        let to_other = Bytes::from(format!("shard{other}"));
        here.send(server.at(5683), to_other);
        assert_eq!(here.recv().await.1, format!("from {other}"));
        here.send(server.at(5683), "and now without a name");
        assert_eq!(here.recv().await.1, format!("from {other}"), "the link stays with its shard");
        let counters = shards[own].counters();
        assert_eq!((counters.strays_out, counters.strays_dropped), (2, 0));
        assert_eq!(shards[other].counters().strays_in, 2);
        here.send(server.at(5683), format!("shard{own}"));
        assert_eq!(here.recv().await.1, format!("from {own}"), "and can come back");
        here.send(server.at(5683), "shard7");
        net.sleep(SECOND).await;
        assert_eq!(here.received(), 4, "nobody answers for a shard that does not exist");
        assert_eq!(shards[own].counters().strays_dropped, 1);
    });
}

#[test]
fn the_last_handle_ends_the_driver_after_its_last_frames() {
    let net = Net::seeded(5);
    let (host, there) = (net.host("host"), net.host("there"));
    let wire = net.between(&host, &there);
    let (handle, reader) = alone(&net);
    net.run(async {
        let there_socket = there.raw(5683);
        handle.send(Command::Connect("coap://there".into())).await.unwrap();
        let route = reader.up().await;
        wire.stall(&there, true);
        handle.send(Command::Send(route, Bytes::from_static(b"goodbye"))).await.unwrap();
        let weak = handle.downgrade();
        drop(handle);
        net.sleep(SECOND / 2).await;
        wire.stall(&there, false);
        assert_eq!(there_socket.recv().await.1, "goodbye");
        assert!(weak.upgrade().is_none());
        assert_eq!(net.report().split(' ').nth(5).unwrap(), "0", "{}", net.report());
    });
}

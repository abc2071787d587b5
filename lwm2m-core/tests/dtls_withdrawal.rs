//! Keys that are withdrawn while a handshake is on its way open nothing.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests panic like tests")]

mod dtls_pair;

use lwm2m_core::{
    Identity,
    dtls::{Closed, Connect, Event, Peer},
};

use self::dtls_pair::*;

fn alert(events: &[Event]) -> Option<&'static str> {
    closed(events).last().and_then(Closed::alert).and_then(|alert| alert.name())
}

fn node1(peer: &Peer) -> bool {
    matches!(&peer.identity, Identity::Psk(identity) if *identity == IDENTITY)
}

/// Drops what the client protects, so that its handshake stops before Finished.
fn without_finished(to: To, datagram: &[u8]) -> Vec<Vec<u8>> {
    let mut at = 0;
    while to == To::Server && at + 13 <= datagram.len() && datagram[at..at + 5] != [25, 0xFE, 0xFD, 0, 1] {
        at += 13 + usize::from(u16::from_be_bytes([datagram[at + 11], datagram[at + 12]]));
    }
    vec![if to == To::Server { datagram[..at].to_vec() } else { datagram.to_vec() }]
}

#[test]
fn a_key_that_was_looked_up_already() {
    let mut pair = Pair::new(1);
    pair.tamper = Some(Box::new(without_finished));
    pair.connect(psk());
    pair.run_for(500);
    assert_eq!(pair.server.usage().handshakes, 1);
    pair.server.forget(node1);
    pair.tamper = None;
    pair.run_for(5000);
    assert!(pair.established().is_none());
    assert_eq!(alert(&pair.client_events), Some("access_denied"));
    assert_eq!(pair.server.usage().handshakes, 0);
}

#[test]
fn an_answer_that_was_on_its_way() {
    let mut pair = Pair::new(1);
    let questions = Questions::default();
    pair.slow = Some(questions.clone());
    pair.connect(psk());
    pair.run_for(500);
    let (call, hint) = questions.borrow()[0].clone();
    let before = (pair.store)(&hint);
    pair.server.forget(node1);
    let now = pair.now();
    pair.server.handle_result(now, call, &before);
    pair.run_for(500);
    assert!(pair.established().is_none());
    // Asked again, the store knows.
    let (again, _) = questions.borrow()[1].clone();
    let now = pair.now();
    pair.server.handle_result(now, again, &Ok(None));
    pair.run_for(500);
    assert_eq!(alert(&pair.client_events), Some("unknown_psk_identity"));
}

#[test]
fn a_session_that_is_being_resumed() {
    let mut pair = Pair::new(1);
    let session = pair.connect(psk());
    pair.run_for(2000);
    let mut connect = Connect::new(psk());
    connect.resume = pair.client.resumption(session);
    pair.client.close(session);
    pair.run_for(1000);
    pair.server_events.clear();
    pair.tamper = Some(Box::new(without_finished));
    pair.connect_with(connect);
    pair.run_for(500);
    assert_eq!(pair.server.usage().handshakes, 1);
    pair.server.forget(node1);
    pair.tamper = None;
    pair.run_for(5000);
    assert!(pair.established().is_none());
    assert_eq!((pair.server.usage().sessions, pair.server.usage().handshakes), (0, 0));
}

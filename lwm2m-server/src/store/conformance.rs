//! What every [`ServerStore`] must do, as a test for those who write one.
//!
//! ```
//! # use lwm2m_server::{lwm2m_core::sim::Net, store};
//! Net::seeded(1).run(store::conformance::check(&store::Memory::new()));
//! ```

#![allow(clippy::unwrap_used, reason = "a test: what is not as it must be panics")]

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use lwm2m_core::{
    Address, Attributes, EndpointName, Path, Tree, UnixTime, Version, ops::Downlink, transport::ShardId,
};

use super::{Change, Outcome, ServerStore, Stored, StoredObservation, StoredRequest};
use crate::{Presence, Registration, RegistrationId};

/// Checks an empty store. It is left empty.
///
/// # Panics
/// The store does something else than it must.
pub async fn check(store: &dyn ServerStore) {
    a_registration_replaces_that_of_its_endpoint(store).await;
    updates_keep_what_hangs_on_the_registration(store).await;
    queues_follow_their_endpoint_in_order(store).await;
    what_hangs_on_a_client_that_leaves_waits_for_it(store).await;
    unknown_registrations_are_not_found_and_stop_nothing(store).await;
    lists_are_in_the_order_of_names(store).await;
}

fn id(tag: u64) -> RegistrationId {
    RegistrationId::new(ShardId(0), 1, tag)
}

fn registration(tag: u64, name: &str) -> Arc<Registration> {
    let address = Address::Ip((Ipv4Addr::LOCALHOST, 5683).into());
    let mut registration = Registration::new(id(tag), EndpointName::from(name), Version::V1_1, address);
    registration.lifetime = Duration::from_secs(300);
    registration.expires = Some(UnixTime::from_secs(300));
    Arc::new(registration)
}

fn temperature() -> StoredObservation {
    StoredObservation {
        places: Vec::new(),
        tree: Tree::DEFAULT,
        path: Path::new(&[3303, 0, 5700]).unwrap(),
        format: None,
        attributes: Attributes::default().pmin(5),
    }
}

async fn all(store: &dyn ServerStore) -> Vec<Stored> {
    store.list(None, 100).await.unwrap()
}

async fn apply(store: &dyn ServerStore, changes: &[Change]) -> Vec<Outcome> {
    let outcomes = store.apply(changes).await.unwrap();
    assert_eq!(outcomes.len(), changes.len(), "one outcome per change");
    outcomes
}

async fn a_registration_replaces_that_of_its_endpoint(store: &dyn ServerStore) {
    assert!(all(store).await.is_empty(), "the store is empty at first");
    let observe = Change::Observe { id: id(1), observation: temperature() };
    apply(store, &[Change::Register(registration(1, "a")), observe.clone(), observe]).await;
    let stored = all(store).await;
    assert_eq!(
        stored.first().map(|stored| stored.observations.len()),
        Some(1),
        "the same one again changes nothing"
    );
    apply(store, &[Change::Register(registration(2, "a"))]).await;
    assert_eq!(
        all(store).await,
        [Stored::new(registration(2, "a"))],
        "the observations of the old one are gone"
    );
    assert_eq!(apply(store, &[Change::Deregister(id(1))]).await, [Outcome::NotFound]);
    assert_eq!(apply(store, &[Change::Deregister(id(2))]).await, [Outcome::Done]);
    assert!(all(store).await.is_empty());
}

async fn updates_keep_what_hangs_on_the_registration(store: &dyn ServerStore) {
    let presence = Presence::Disabled { until: UnixTime::from_secs(600) };
    let changed = Registration {
        queue_mode: true,
        presence,
        disable_timeout: Some(Duration::from_secs(600)),
        ..Registration::clone(&registration(1, "a"))
    };
    let (updated, expires) = (UnixTime::from_secs(10), Some(UnixTime::from_secs(310)));
    let changes = [
        Change::Register(registration(1, "a")),
        Change::Observe { id: id(1), observation: temperature() },
        Change::Update(Arc::new(changed.clone())),
        Change::Touch { id: id(1), updated, expires },
    ];
    assert_eq!(apply(store, &changes).await, [Outcome::Done; 4]);
    let expected = Registration { updated, expires, ..changed };
    let stored = all(store).await;
    assert_eq!(stored.first().map(|stored| Registration::clone(&stored.registration)), Some(expected));
    assert_eq!(stored.first().map(|stored| stored.observations.clone()), Some(vec![temperature()]));
    let changes = [Change::Forget { id: id(1), observation: temperature() }, Change::Deregister(id(1))];
    assert_eq!(apply(store, &changes).await, [Outcome::Done; 2]);
    assert!(all(store).await.is_empty());
}

fn request(number: u64, sent: bool) -> StoredRequest {
    StoredRequest {
        number,
        operation: Downlink::Read { tree: Tree::DEFAULT, path: Path::new(&[3, 0, 9]).unwrap() },
        format: None,
        timeout: Duration::from_secs(60),
        expires: UnixTime::from_secs(1000),
        priority: 3,
        repeat: false,
        sent,
    }
}

async fn queues_follow_their_endpoint_in_order(store: &dyn ServerStore) {
    let enqueue = |number, sent| Change::Enqueue { endpoint: "a".into(), request: request(number, sent) };
    let dequeue = |number| Change::Dequeue { endpoint: "a".into(), number };
    let changes =
        [Change::Register(registration(1, "a")), enqueue(9, false), enqueue(2, false), enqueue(5, false)];
    assert_eq!(apply(store, &changes).await, [Outcome::Done; 4]);
    let queue = async || all(store).await.first().map(|stored| stored.queue.clone()).unwrap();
    assert_eq!(queue().await, [request(9, false), request(2, false), request(5, false)]);
    apply(store, &[enqueue(2, true), Change::Register(registration(2, "a")), dequeue(9)]).await;
    assert_eq!(queue().await, [request(2, true), request(5, false)], "the next registration has it");
    assert_eq!(apply(store, &[Change::Deregister(id(2))]).await, [Outcome::Done]);
    assert_eq!(apply(store, &[enqueue(7, false), dequeue(5)]).await, [Outcome::NotFound; 2]);
    assert!(all(store).await.is_empty());
}

async fn what_hangs_on_a_client_that_leaves_waits_for_it(store: &dyn ServerStore) {
    let until = UnixTime::from_secs(600);
    let changes = [
        Change::Register(registration(1, "a")),
        Change::Observe { id: id(1), observation: temperature() },
        Change::Leave { id: id(1), until },
        Change::Enqueue { endpoint: "a".into(), request: request(1, false) },
    ];
    assert_eq!(apply(store, &changes).await, [Outcome::Done; 4]);
    let left = Stored {
        observations: vec![temperature()],
        queue: vec![request(1, false)],
        away: Some(until),
        ..Stored::new(registration(1, "a"))
    };
    assert_eq!(all(store).await, [left]);
    apply(store, &[Change::Register(registration(2, "a"))]).await;
    let back = Stored { queue: vec![request(1, false)], ..Stored::new(registration(2, "a")) };
    assert_eq!(all(store).await, [back]);
    assert_eq!(apply(store, &[Change::Leave { id: id(1), until }]).await, [Outcome::NotFound]);
    apply(store, &[Change::Deregister(id(2))]).await;
    assert!(all(store).await.is_empty());
}

async fn unknown_registrations_are_not_found_and_stop_nothing(store: &dyn ServerStore) {
    let changes = [
        Change::Update(registration(1, "a")),
        Change::Touch { id: id(1), updated: UnixTime(0), expires: None },
        Change::Deregister(id(1)),
        Change::Observe { id: id(1), observation: temperature() },
        Change::Register(registration(2, "b")),
    ];
    let outcomes = apply(store, &changes).await;
    let (last, unknown) = outcomes.split_last().unwrap();
    assert_eq!(*last, Outcome::Done);
    assert!(unknown.iter().all(|outcome| *outcome == Outcome::NotFound), "{outcomes:?}");
    assert_eq!(all(store).await, [Stored::new(registration(2, "b"))]);
    apply(store, &[Change::Deregister(id(2))]).await;
}

async fn lists_are_in_the_order_of_names(store: &dyn ServerStore) {
    let names = ["a", "a-1", "b", "ä", "B"];
    let changes: Vec<Change> =
        (1..).zip(names).map(|(tag, name)| Change::Register(registration(tag, name))).collect();
    apply(store, &changes).await;
    let mut sorted = names.map(str::to_owned);
    sorted.sort();
    let (mut listed, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = store.list(after.as_deref(), 2).await.unwrap();
        assert!(page.len() <= 2);
        let Some(last) = page.last() else { break };
        after = Some(last.registration.endpoint.to_string());
        listed.extend(page.iter().map(|stored| stored.registration.endpoint.to_string()));
    }
    assert_eq!(listed, sorted, "by octets");
    for tag in 1..=5 {
        apply(store, &[Change::Deregister(id(tag))]).await;
    }
    assert!(all(store).await.is_empty());
}

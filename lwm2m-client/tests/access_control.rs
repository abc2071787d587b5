//! What each server may do: object 2, and then the program's own policy. [Core 1.2 §8]

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod common;

use std::{collections::BTreeMap, time::Duration};

use common::{
    Frame, Script, TLV, account, builder, faulty::Fault, faulty::Faulty, format, gadget::Gadget, scene,
    second,
};
use lwm2m_client::{
    Client, ClientBuilder, Code, Cx, InstanceId, MemoryState, ObjectId, Path, Policy, Rejection,
    ServerAccount,
    lwm2m_core::{
        coap::{OptionNumber, Options},
        ops::Downlink,
        sim::Host,
    },
    objects::oma::AccessControl,
    transport::Target,
};

const R: i64 = AccessControl::READ;
const W: i64 = AccessControl::WRITE;
const E: i64 = AccessControl::EXECUTE;
const C: i64 = AccessControl::CREATE;

fn rules(object: u16, instance: u16, owner: u16, acl: &[(u16, i64)]) -> AccessControl {
    let mut rules = AccessControl::new(ObjectId(object), InstanceId(instance), owner);
    rules.acl = BTreeMap::from_iter(acl.iter().copied());
    rules
}

/// Gadgets 0 to 2: the first of server 1, which lets others read; the second of server 2; about the third nothing is
/// said. Server 1 may create more.
fn two_servers(device: &Host) -> ClientBuilder {
    let other = ServerAccount::new(2, Target::new("coap://other:5683"));
    let builder = builder(device).server(account()).server(other).access([
        rules(32800, 0, 1, &[(0, R)]),
        rules(32800, 1, 2, &[]),
        rules(32800, 65535, AccessControl::BOOTSTRAP, &[(1, C)]),
        rules(1, 0, 1, &[]),
    ]);
    for instance in 0..3 {
        builder.objects().add(instance, Gadget::default()).unwrap();
    }
    builder.objects().creatable(|_| Gadget::default()).unwrap();
    builder
}

async fn start(first: &mut Script, other: &mut Script, device: &Host, builder: ClientBuilder) -> Client {
    let client = builder.start_in(device).await.unwrap();
    first.register_anew().await;
    other.register_anew().await;
    client.registered().await.unwrap();
    client
}

async fn ask(server: &mut Script, method: Code, uri: &str, payload: &[u8]) -> Code {
    let options = if payload.is_empty() { Options::new() } else { format(TLV) };
    server.ask(method, uri, options, payload).await.code
}

const NO: Code = Code::UNAUTHORIZED;

#[test]
fn each_server_does_what_it_may_and_nothing_else() {
    let (net, mut first, device) = scene();
    let mut other = second(&net, "other", &device);
    net.run(async move {
        let _client = start(&mut first, &mut other, &device, two_servers(&device)).await;
        for (method, uri, payload, one, two) in [
            (Code::GET, "/32800/0/0", &b""[..], Code::CONTENT, Code::CONTENT),
            (Code::PUT, "/32800/0/0", &[0xc1, 0, 7], Code::CHANGED, NO),
            (Code::PUT, "/32800/0?pmin=5", b"", Code::CHANGED, Code::CHANGED),
            (Code::POST, "/32800/0/3", b"", Code::CHANGED, NO),
            (Code::GET, "/32800/1", b"", NO, Code::CONTENT),
            (Code::PUT, "/32800/1?pmin=5", b"", NO, Code::CHANGED),
            (Code::PUT, "/32800?pmin=1", b"", Code::CHANGED, Code::CHANGED),
            (Code::GET, "/32800/2/0", b"", NO, NO),
            (Code::DELETE, "/32800/0", b"", Code::DELETED, NO),
            (Code::POST, "/32800", &[0xc1, 0, 20], Code::CREATED, NO),
            (Code::POST, "/1/0/8", b"", Code::CHANGED, NO),
            (Code::DELETE, "/3/0", b"", NO, NO),
            // What does not exist is not there for anybody.
            (Code::GET, "/32800/9", b"", Code::NOT_FOUND, Code::NOT_FOUND),
            (Code::GET, "/0/0", b"", NO, NO),
        ] {
            // First the one that may not.
            assert_eq!(ask(&mut other, method, uri, payload).await, two, "server 2: {method} {uri}");
            assert_eq!(ask(&mut first, method, uri, payload).await, one, "server 1: {method} {uri}");
        }
    });
}

/// A Read or Observe of all gadgets, as TLV.
async fn read(server: &mut Script, options: Options) -> Frame {
    server.ask(Code::GET, "/32800", options.with_uint(OptionNumber::ACCEPT, TLV), &[]).await
}

#[test]
fn of_a_whole_object_a_server_sees_what_it_may_read() {
    let (net, mut first, device) = scene();
    let mut other = second(&net, "other", &device);
    net.run(async move {
        let client = start(&mut first, &mut other, &device, two_servers(&device)).await;
        let instances = |payload: &[u8]| -> Vec<u8> {
            // TLV of instances with 8-bit ids and lengths
            let mut rest = payload;
            let mut found = Vec::new();
            while let [_, id, length, tail @ ..] = rest {
                found.push(*id);
                rest = tail.get(usize::from(*length)..).unwrap_or_default();
            }
            found
        };
        assert_eq!(instances(&read(&mut first, Options::new()).await.payload), [0]);
        assert_eq!(instances(&read(&mut other, Options::new()).await.payload), [0, 1]);
        assert!(first.discover("/32800").await.contains("</32800/2>"), "Discover needs no right");
        // The same of what an observer is told.
        let begun = read(&mut other, Options::new().with_uint(OptionNumber::OBSERVE, 0)).await;
        assert_eq!(instances(&begun.payload), [0, 1]);
        client.objects().instance::<Gadget>(0).unwrap().set(Gadget::LEVEL, 50);
        let told = other.next().await;
        assert_eq!((told.token, instances(&told.payload)), (begun.token, vec![0, 1]));
    });
}

#[test]
fn a_right_that_is_taken_away_counts_for_notifications_too() {
    let (net, mut first, device) = scene();
    let mut other = second(&net, "other", &device);
    net.run(async move {
        let client = start(&mut first, &mut other, &device, two_servers(&device)).await;
        other.observe("/32800/0/0").await;
        let gadget = client.objects().instance::<Gadget>(0).unwrap();
        gadget.set(Gadget::LEVEL, 10);
        assert_eq!(other.next().await.text(), "10");
        // The owner writes ACL instance 2: nothing for server 2.
        assert_eq!(ask(&mut other, Code::PUT, "/2/0/2/0", &[0x41, 0, 0]).await, NO, "not the owner");
        assert_eq!(ask(&mut first, Code::POST, "/2/0", &[0x83, 2, 0x41, 2, 0]).await, Code::CHANGED);
        gadget.set(Gadget::LEVEL, 20);
        assert!(other.next_within(Duration::from_secs(30)).await.is_none());
        assert_eq!(ask(&mut other, Code::GET, "/32800/0/0", b"").await, NO);
        // And back again.
        assert_eq!(ask(&mut first, Code::POST, "/2/0", &[0x83, 2, 0x41, 2, 1]).await, Code::CHANGED);
        gadget.set(Gadget::LEVEL, 30);
        assert_eq!(other.next().await.text(), "30");
        // A change by the program counts as well.
        let program = client.objects().instance::<AccessControl>(0).unwrap();
        program.update(|rules| rules.acl = BTreeMap::from([(2, R | W)]));
        assert_eq!(other.write_text("/32800/0/0", "40").await, Code::CHANGED);
    });
}

#[test]
fn what_a_server_creates_is_its_own_and_what_is_about_it_goes_with_it() {
    let (net, mut first, device) = scene();
    let mut other = second(&net, "other", &device);
    net.run(async move {
        let client = start(&mut first, &mut other, &device, two_servers(&device)).await;
        assert_eq!(ask(&mut first, Code::POST, "/32800", &[0xc1, 0, 20]).await, Code::CREATED);
        let rules = client.objects().instance::<AccessControl>(4).unwrap().get();
        assert_eq!((rules.object_id, rules.object_instance_id, rules.access_control_owner), (32800, 3, 1));
        assert_eq!(rules.acl, BTreeMap::from([(1, 15)]));
        assert_eq!(ask(&mut other, Code::GET, "/32800/3", b"").await, NO);
        let update = first.next().await.text();
        assert!(update.contains("</2/4>") && update.contains("</32800/3>"), "told together: {update}");
        // It gives the other the right to delete.
        assert_eq!(ask(&mut first, Code::POST, "/2/4", &[0x83, 2, 0x41, 2, 9]).await, Code::CHANGED);
        assert_eq!(ask(&mut other, Code::DELETE, "/32800/3", b"").await, Code::DELETED);
        assert!(client.objects().instance::<AccessControl>(4).is_none());
        assert_eq!(ask(&mut first, Code::DELETE, "/2/0", b"").await, Code::METHOD_NOT_ALLOWED);
    });
}

#[test]
fn instance_and_rights_are_kept_together_or_not_at_all() {
    for (fault, created) in [(Fault::StopsBefore, false), (Fault::StopsAfter, true)] {
        let (net, mut first, device) = scene();
        let mut other = second(&net, "other", &device);
        let clock = net.clone();
        net.run(async move {
            let store = Faulty::new(MemoryState::default(), 2, fault);
            let before = two_servers(&device).state(store.clone());
            let _client = start(&mut first, &mut other, &device, before).await;
            let token = first.begin(Code::POST, "/32800", format(TLV), &[0xc1, 0, 20]);
            let answer = clock.timeout(Duration::from_secs(20), first.response(token)).await;
            assert!(answer.is_err(), "never acknowledged");
            device.crash();
            let after = two_servers(&device).state(store.inner.clone());
            let client = start(&mut first, &mut other, &device, after).await;
            assert_eq!(client.objects().instance::<Gadget>(3).is_some(), created);
            assert_eq!(client.objects().instance::<AccessControl>(4).is_some(), created);
            let expected = if created { Code::CONTENT } else { Code::NOT_FOUND };
            assert_eq!(ask(&mut first, Code::GET, "/32800/3", b"").await, expected);
            let expected = if created { NO } else { Code::NOT_FOUND };
            assert_eq!(ask(&mut other, Code::GET, "/32800/3", b"").await, expected);
        });
    }
}

#[test]
fn one_server_alone_needs_no_rules_but_obeys_those_there_are() {
    for with_rules in [false, true] {
        let (net, mut server, device) = scene();
        net.run(async move {
            let given = with_rules.then(|| rules(32800, 0, 9, &[(1, E)]));
            let builder = builder(&device).server(account()).access(given);
            builder.objects().add(0, Gadget::default()).unwrap();
            let _client = server.start(&device, builder).await;
            let expected = if with_rules { NO } else { Code::CHANGED };
            assert_eq!(server.write_text("/32800/0/0", "5").await, expected);
            assert_eq!(ask(&mut server, Code::POST, "/32800/0/3", b"").await, Code::CHANGED);
        });
    }
}

/// Server 1 may not write 1 to 9.
struct Odd;

impl Policy for Odd {
    fn permit(&self, cx: &Cx, operation: &Downlink) -> Result<(), Rejection> {
        let lwm2m_client::Caller::Server(server) = cx.caller else { return Ok(()) };
        let locked: Path = "/32800/0/1".parse().unwrap();
        match operation {
            Downlink::Write { path, .. } if server == 1 && *path == locked => {
                Err(Rejection::method_not_allowed())
            }
            _ => Ok(()),
        }
    }
}

#[test]
fn the_policy_of_the_program_comes_after_access_control() {
    let (net, mut first, device) = scene();
    let mut other = second(&net, "other", &device);
    net.run(async move {
        let builder = two_servers(&device).policy(Odd);
        let client = start(&mut first, &mut other, &device, builder).await;
        assert_eq!(first.write_text("/32800/0/1", "x").await, Code::METHOD_NOT_ALLOWED);
        assert_eq!(first.write_text("/32800/0/0", "5").await, Code::CHANGED);
        assert_eq!(other.write_text("/32800/0/1", "x").await, NO, "access control is first");
        assert_eq!(client.objects().instance::<Gadget>(0).unwrap().get().label, None);
    });
}

//! A flood of garbage from forged sources: no session of a device is hurt, and memory stays below what the limits say.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::alloc::System;

use common::{Counter, Scene, account, millis, seconds, server};
use lwm2m_client::objects::Temperature;
use lwm2m_core::{
    Bytes,
    coap::{self, Block, Message, MessageId, MessageType, OptionNumber, Options, Token},
    sim::Net,
};
use lwm2m_server::{Code, ServerEvent, machine::Limits};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const DEVICES: usize = 20;
const SOURCES: usize = 20_000;
/// What the flood may leave behind, in octets: the limits below and the tables that hold them. What it carries is more
/// than ten times that.
const BOUND: usize = 4 << 20;

/// Of what an attacker may send, the kinds that make a server keep something.
fn forged(n: u64) -> Bytes {
    let noise = |octets: usize| -> Vec<u8> {
        let mut state = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state as u8
        };
        (0..octets).map(|_| next()).collect()
    };
    let first_block = Block { num: 0, more: true, szx: 6 };
    let (code, options, payload) = match n % 8 {
        0 => return noise(40 + n as usize % 1000).into(),
        1 => return [vec![0x40 | (n as u8 & 0x30), n as u8 & 3], noise(200)].concat().into(),
        // Bodies that are begun and never finished, each of another place.
        2 | 3 => {
            let options = Options::new().with_path(["rd", &n.to_string()]);
            (Code::POST, options.with_uint(OptionNumber::BLOCK1, first_block.to_uint()), noise(1024))
        }
        // Registrations.
        4 => {
            let options = Options::new().with_path(["rd"]).with_uint(OptionNumber::CONTENT_FORMAT, 40);
            let options = options.with_query(&format!("ep=forged-{n}")).with_query("lt=86400");
            let links: String = (0..40).map(|i| format!("</{}/{i}>,", n % 30_000)).collect();
            (Code::POST, options.with_query("lwm2m=1.1"), links.trim_end_matches(',').as_bytes().to_vec())
        }
        // Updates and De-registers of what is not theirs.
        5 => (Code::POST, Options::new().with_path(["rd", "AAAAAAAAAAAA"]), Vec::new()),
        6 => (Code::DELETE, Options::new().with_path(["rd", "1"]), Vec::new()),
        // Notifications and answers nobody asked for.
        _ => (Code::CONTENT, Options::new().with_uint(OptionNumber::OBSERVE, n), noise(600)),
    };
    let token = Token::new(&n.to_be_bytes()).unwrap();
    let kind = if n % 16 < 12 { MessageType::Confirmable } else { MessageType::NonConfirmable };
    let id = MessageId(n as u16);
    let message = Message { kind, code, id, token, options: options.view(), payload: &payload };
    let mut frame = bytes::BytesMut::new();
    message.encode(&mut frame);
    frame.freeze()
}

fn flood(shards: u8) {
    let net = Net::seeded(51);
    net.run(async {
        let mut limits = Limits::default();
        limits.registrations = 200;
        limits.all_links = 256 * 1024;
        let mut config = coap::Config::default();
        config.limits.unregistered_peers = 500;
        config.limits.dedup_total = 2000;
        config.limits.dedup_bytes = 128 * 1024;
        config.limits.body_bytes = 256 * 1024;
        let mut scene = Scene::of(&net, server(shards).limits(limits).coap(config)).await;
        let site = net.host("site");
        let mut devices = Vec::new();
        for n in 0..DEVICES {
            let builder = scene.client(&site, &format!("device-{n}"), account());
            let sensor = builder.objects().add(0, Temperature::default()).unwrap();
            let counter = builder.objects().add(0, Counter::default()).unwrap();
            let client = builder.start_in(&site).await.unwrap();
            client.registered().await.unwrap();
            let handle = scene.server.client(format!("device-{n}"));
            let mut observed = handle.observe(Temperature::SENSOR_VALUE.at(0)).await.unwrap();
            observed.next().await.unwrap().unwrap();
            devices.push((client, sensor, counter, handle, observed));
        }
        while net.timeout(millis(1), scene.events.next()).await.is_ok() {}

        let attacker = net.host("attacker");
        let (region, mut carried, mut rounds) = (Region::new(ALLOCATOR), 0, 0);
        for n in 0..SOURCES as u64 {
            let frame = forged(n);
            carried += frame.len();
            attacker.raw(0).send(scene.there.at(5683), frame);
            if n % 100 == 99 {
                net.sleep(millis(300)).await;
            }
            if n % 1000 == 999 {
                rounds += 1;
                for (_, sensor, _, handle, observed) in &mut devices {
                    sensor.set(Temperature::SENSOR_VALUE, f64::from(rounds));
                    let next = net.timeout(seconds(5), observed.next()).await.expect("at once");
                    assert_eq!(next.unwrap().unwrap().value.to_bits(), f64::from(rounds).to_bits());
                    handle.execute(Counter::COUNT.at(0)).await.unwrap();
                }
            }
        }
        let change = region.change();
        let left = change.bytes_allocated.saturating_sub(change.bytes_deallocated);
        assert!(left < BOUND, "{left} octets are left of {carried}");
        assert!(carried > BOUND * 2, "{carried}");
        for (client, _, counter, handle, _) in &devices {
            assert_eq!(counter.get().executed, i64::from(rounds), "each once");
            assert_eq!(client.status().await.unwrap().registered, [1]);
            assert!(handle.registration().await.unwrap().is_some());
        }
        while let Ok(Some(event)) = net.timeout(millis(1), scene.events.next()).await {
            let ours = |endpoint: &str| endpoint.starts_with("device-");
            match event {
                ServerEvent::Registered { registration, .. } => {
                    assert!(!ours(registration.endpoint.as_str()));
                }
                ServerEvent::Updated(updated) => assert!(ours(updated.after.endpoint.as_str())),
                other => panic!("{other:?}"),
            }
        }
    });
}

/// One test: the counters of the allocator are of the whole process.
#[test]
fn a_flood_of_garbage_hurts_no_session_and_fills_no_memory() {
    flood(1);
    flood(2);
}

//! Garbage and strangers cost counters, never a registered device, and memory within the stated limits.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::{collections::HashSet, time::Duration};

use bytes::Bytes;
use common::{Received, Scene, notification, with_shards};
use lwm2m_server::{
    Attributes, Code, RequestError,
    coap::{MessageType, OptionNumber, Options, Request, Response, Token},
    machine::Limits,
    transport::Remote,
};

#[test]
fn garbage_from_everywhere_stops_nothing() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let attacker = net.host("attacker");
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut random = move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        for _ in 0..20_000 {
            let socket = attacker.raw(0);
            let mut octets: Vec<u8> = (0..random() % 60).map(|_| random() as u8).collect();
            if random() % 2 == 0 && octets.len() > 2 {
                // A plausible head, so that some of it gets further.
                octets[0] = 0x40 | (random() as u8 & 0x30);
                octets[1] = 1 + (random() as u8 & 3);
            }
            socket.send(scene.host.at(5683), Bytes::from(octets));
        }
        net.sleep(Duration::from_secs(5)).await;
        let stats = scene.server.stats().await.unwrap();
        assert_eq!(stats.iter().map(|stats| stats.registrations).sum::<usize>(), 1);
        assert_eq!(stats.iter().map(|stats| stats.calls).sum::<usize>(), 0);
        scene.reads("a", &mut device).await;
    });
}

/// Requests under the address of a victim: what hits it is at most three times what the attacker sends, headers counted.
#[test]
fn a_victim_gets_little_for_requests_in_its_name() {
    const HEADERS: usize = 62;
    with_shards(async |net, builder| {
        let image = |_: Request, _: &Remote| Response::new(Code::CONTENT).with_payload(vec![7; 5000]);
        let scene = Scene::new(&net, builder.resource("/image", image)).await;
        let victim = scene.device("victim");
        let mut asked = 0;
        for id in 0..50 {
            let options = [
                Options::new().with_path(["image"]),
                Options::new().with_path(["image"]).with_uint(OptionNumber::BLOCK2, 6),
                Options::new().with_path(["nowhere"]),
                Options::new().with_path(["rd"]).with_query("ep=forged"),
            ];
            let kind = if id % 2 == 0 { MessageType::Confirmable } else { MessageType::NonConfirmable };
            for (n, options) in options.iter().enumerate() {
                let code = if n == 3 { Code::POST } else { Code::GET };
                victim.send(kind, code, id * 4 + n as u16, Token::EMPTY, options, b"");
                asked += 4 + options.as_wire().len() + HEADERS;
            }
        }
        let mut got = 0;
        while let Ok((_, frame)) = net.timeout(Duration::from_secs(120), victim.socket.recv()).await {
            got += frame.len() + HEADERS;
        }
        assert!(got > 0 && got <= 3 * asked, "{got} octets for {asked}");
    });
}

#[test]
fn a_flood_of_registrations_ends_at_the_limit_and_leaves_the_registered_alone() {
    with_shards(async |net, builder| {
        let mut limits = Limits::default();
        limits.registrations = 50;
        let scene = Scene::new(&net, builder.limits(limits)).await;
        let shards = scene.server.stats().await.unwrap().len();
        let mut device = scene.device("device");
        device.register_as("a").await;
        let mut attacker = scene.device("attacker");
        let mut refused = 0;
        for n in 0..200 * shards {
            attacker.rebind();
            let answer = attacker.register(&[&format!("ep=x{n}"), "lt=300", "lwm2m=1.1"]).await;
            if answer.code == Code::SERVICE_UNAVAILABLE {
                assert!(answer.options.max_age().is_some(), "it says when to come again");
                refused += 1;
            }
        }
        assert!(refused > 0);
        let held: usize = scene.server.stats().await.unwrap().iter().map(|stats| stats.registrations).sum();
        assert!(held <= 50 * shards, "{held}");
        assert_eq!(device.update().await, Code::CHANGED);
        assert_eq!(attacker.update().await, Code::CHANGED);
    });
}

/// A link takes thirty times the octets of its text: lists that all differ are bounded by what they take.
#[test]
fn lists_that_all_differ_end_at_their_limit() {
    with_shards(async |net, builder| {
        let mut limits = Limits::default();
        limits.all_links = 64 * 1024;
        limits.links = 500;
        let scene = Scene::new(&net, builder.limits(limits)).await;
        let mut attacker = scene.device("attacker");
        let mut last = Code::CREATED;
        for n in 0..200_u32 {
            attacker.rebind();
            let links: String = (0..50).map(|i| format!("</{}>,", n * 50 + i)).collect();
            let name = format!("ep=x{n}");
            let parameters = [name.as_str(), "lt=300", "lwm2m=1.1"];
            last = attacker.register_with(&parameters, links.trim_end_matches(',').as_bytes()).await.code;
        }
        assert_eq!(last, Code::SERVICE_UNAVAILABLE);
        let stats = scene.server.stats().await.unwrap();
        assert!(stats.iter().all(|stats| stats.link_octets <= 64 * 1024));
        let long: String = (0..100).map(|i| format!("</{i}/0>,")).collect();
        let answer =
            attacker.register_with(&["ep=y", "lt=300", "lwm2m=1.1"], long.trim_end_matches(',').as_bytes());
        assert_eq!(answer.await.code, Code::REQUEST_ENTITY_TOO_LARGE);
    });
}

/// Attack: Registers in the name of a victim, whose program and rules would then ask it much.
#[test]
fn who_has_never_answered_is_asked_one_small_thing() {
    with_shards(async |net, builder| {
        let builder = (0..20).fold(builder.queue(Duration::from_secs(3600)), |builder, instance| {
            builder.observe(format!("/3303/{instance}/5700").as_str(), Attributes::default())
        });
        let scene = Scene::new(&net, builder).await;
        let mut victim = scene.device("victim");
        victim.register_as("a").await;
        let client = scene.server.client("a");
        let large = client.write("/3/0/14", "x".repeat(800)).expires(Duration::from_secs(3600)).into_future();
        let script = async {
            let mut tokens = HashSet::new();
            let mut frames = 0;
            while let Ok((_, frame)) = net.timeout(Duration::from_secs(200), victim.socket.recv()).await {
                let received = Received::parse(&frame);
                assert!(frame.len() < 64, "{received:?}");
                tokens.insert(received.token);
                frames += 1;
            }
            assert_eq!((tokens.len(), frames), (1, 5), "one request, and its repetitions");
            // When it speaks again, it is asked again; when it answers, it gets all.
            assert_eq!(victim.update().await, Code::CHANGED);
            let mut asked = HashSet::new();
            while asked.len() < 21 {
                let request = victim.request().await;
                match request.code {
                    Code::PUT => victim.answer(&request, Code::CHANGED, &Options::new(), b""),
                    _ => victim.answer(&request, Code::CONTENT, &notification(1), b"1.5"),
                }
                asked.insert(request.path());
            }
        };
        let (large, ()) = tokio::join!(large, script);
        large.unwrap();
    });
}

/// Nor is anything large the first that it gets.
#[test]
fn a_large_write_waits_until_the_client_has_answered_something_small() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let write = |text: String| scene.server.client("a").write("/3/0/14", text).into_future();
        let script = async {
            let small = device.request().await;
            assert_eq!(
                (small.path().as_str(), small.options.accept().map(|accept| accept.0)),
                ("/1", Some(40))
            );
            device.answer(&small, Code::NOT_FOUND, &Options::new(), b"");
            for _ in 0..2 {
                device.carries_out(&"x".repeat(800)).await;
            }
        };
        let (first, second, ()) = tokio::join!(write("x".repeat(800)), write("x".repeat(800)), script);
        first.unwrap();
        second.unwrap();
        // Where nobody answers, the caller hears so.
        let mut silent = scene.device("silent");
        silent.register_as("b").await;
        let error = scene.server.client("b").write("/3/0/14", "x".repeat(800)).await.unwrap_err();
        assert!(matches!(error, RequestError::TimedOut { sent: false }), "{error:?}");
        assert!(scene.server.stats().await.unwrap().iter().all(|stats| stats.requests == 0));
    });
}

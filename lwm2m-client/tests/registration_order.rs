//! Which server is registered with when: resources 13 to 20 of the Server object. [Core 1.2 §6.2.1.1]

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod common;

use std::time::Duration;

use common::{Frame, Script, TLV, account, builder, format, scene, second};
use lwm2m_client::{
    ClientEvent, Code, Retry, ServerAccount,
    lwm2m_core::{
        coap::{OptionNumber, Options},
        sim::Net,
    },
    transport::Target,
};

fn other() -> ServerAccount {
    ServerAccount::new(2, Target::new("coap://other:5683"))
}

const QUICK: Retry = Retry {
    count: 3,
    timer: Duration::from_secs(10),
    sequence_delay: Duration::from_secs(1000),
    sequences: 1,
};

async fn refuse(server: &mut Script) -> Frame {
    let request = server.next().await;
    server.answer(&request, Code::INTERNAL_SERVER_ERROR, &Options::new(), b"");
    request
}

async fn silent(server: &mut Script, seconds: u64) -> bool {
    server.next_within(Duration::from_secs(seconds)).await.is_none()
}

#[test]
fn servers_with_an_order_come_one_after_the_other() {
    let (net, mut first, device) = scene();
    let mut later = second(&net, "other", &device);
    let mut unordered = second(&net, "third", &device);
    let clock = net.clone();
    net.run(async move {
        let third = ServerAccount::new(3, Target::new("coap://third:5683"));
        let later_account = other().order(7).initial_delay(Duration::from_secs(20));
        let builder = builder(&device).server(later_account).server(account().order(1)).server(third);
        let client = builder.start_in(&device).await.unwrap();
        unordered.register().await;
        let register = first.next().await;
        assert_eq!(register.path(), "/rd");
        assert!(silent(&mut later, 1).await, "it waits for the first");
        let again = first.next().await; // repeated, since nobody answered
        let location = Options::new()
            .with(OptionNumber::LOCATION_PATH, b"rd")
            .with(OptionNumber::LOCATION_PATH, b"5a3f");
        first.answer(&again, Code::CREATED, &location, &[]);
        let done = clock.now().mono;
        later.register().await;
        let waited = clock.now().mono.since(done).as_secs();
        assert_eq!(waited, 20, "the delay runs from the end of the one before");
        client.registered().await.unwrap();
    });
}

#[test]
fn a_server_that_fails_lets_the_next_one_in_unless_it_blocks() {
    for blocks in [false, true] {
        let (net, mut first, device) = scene();
        let mut next = second(&net, "other", &device);
        net.run(async move {
            let mut before = account().order(1).retry(QUICK);
            if blocks {
                before = before.failure_block();
            }
            let client = builder(&device).server(before).server(other().order(2)).start_in(&device).await;
            for _ in 0..2 {
                refuse(&mut first).await;
                assert!(silent(&mut next, 5).await, "not before the sequence has ended");
            }
            refuse(&mut first).await;
            if blocks {
                assert!(silent(&mut next, 900).await);
                first.register().await; // the next sequence
            }
            next.register().await;
            drop(client);
        });
    }
}

#[test]
fn what_is_written_for_retries_counts() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let _client = server.start(&device, builder(&device).server(account())).await;
        // count 2, timer 5 s, sequence delay 30 s
        let written =
            server.ask(Code::POST, "/1/0", format(TLV), &[0xc1, 17, 2, 0xc1, 18, 5, 0xc1, 19, 30]).await;
        assert_eq!(written.code, Code::CHANGED);
        assert_eq!(server.ask(Code::POST, "/1/0/8", Options::new(), &[]).await.code, Code::CHANGED);
        let update = server.next().await;
        server.answer(&update, Code::NOT_FOUND, &Options::new(), b"");
        refuse(&mut server).await;
        for (least, most) in [(5, 7), (30, 38), (5, 7)] {
            let refused = clock.now().mono;
            refuse(&mut server).await;
            let waited = clock.now().mono.since(refused).as_secs();
            assert!((least..=most).contains(&waited), "{waited} s");
        }
    });
}

#[test]
fn a_sequence_delay_without_end_is_the_end_until_the_program_asks() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let endless = Retry { sequence_delay: Duration::from_secs(u32::MAX.into()), ..QUICK };
        let builder = builder(&device).server(account().retry(endless));
        let mut events = builder.events();
        let client = builder.start_in(&device).await.unwrap();
        for left in (0..3).rev() {
            refuse(&mut server).await;
            let Some(ClientEvent::Refused { retry_in, .. }) = events.next().await else {
                panic!("it is told")
            };
            assert_eq!(retry_in.is_some(), left > 0);
        }
        assert!(silent(&mut server, 1_000_000).await);
        client.update_registration(1).await.unwrap();
        server.register().await;
    });
}

#[test]
fn nobody_to_bootstrap_from_means_that_the_trigger_is_refused() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let _client = server.start(&device, builder(&device).server(account())).await;
        let refused = server.ask(Code::POST, "/1/0/9", Options::new(), &[]).await;
        assert_eq!(refused.code, Code::METHOD_NOT_ALLOWED);
        assert!(refused.text().contains("no bootstrap server"), "{}", refused.text());
    });
}

#[test]
fn a_program_that_says_nothing_speaks_the_newest_version() {
    let (net, mut server, device) = scene();
    let _: &Net = &net;
    net.run(async move {
        let plain = ServerAccount::new(1, Target::new("coap://server:5683"));
        let _client = builder(&device).server(plain).start_in(&device).await.unwrap();
        let register = server.register().await;
        assert_eq!(register.query(), ["b=U", "ep=device", "lt=86400", "lwm2m=1.2"]);
    });
}

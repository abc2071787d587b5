//! What the client does when a registration fails or is lost. [Core 1.2 §6.2]

mod common;

use std::time::Duration;

use common::{Script, account, builder, scene};
use lwm2m_client::{
    ClientEvent, Code, Retry, Version,
    lwm2m_core::coap::{OptionNumber, Options},
};

async fn refuse(server: &mut Script, code: Code, options: Options) -> Vec<String> {
    let request = server.next().await;
    server.answer(&request, code, &options, b"no");
    request.query()
}

#[test]
fn a_server_that_has_forgotten_us_gets_a_register() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let client = server.start(&device, builder(&device).server(account())).await;
        let first = server.observe("/3/0").await;
        client.update_registration(1).await.unwrap();
        refuse(&mut server, Code::NOT_FOUND, Options::new()).await;
        let register = server.register().await;
        assert_eq!(register.query(), ["b=U", "ep=device", "lt=300", "lwm2m=1.1"]);
        assert!(register.text().contains("</3/0>"));
        client.registered().await.unwrap();
        assert_eq!(client.status().await.unwrap().observations, 0, "{:?} went with it", first.token);
    });
}

#[test]
fn an_unknown_version_is_tried_one_lower() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let account = account().versions(Version::V1_0, Version::V1_2);
        let _client = builder(&device).server(account).start_in(&device).await.unwrap();
        let first = refuse(&mut server, Code::PRECONDITION_FAILED, Options::new()).await;
        assert!(first.contains(&"lwm2m=1.2".to_owned()));
        let second = refuse(&mut server, Code::PRECONDITION_FAILED, Options::new()).await;
        assert!(second.contains(&"lwm2m=1.1".to_owned()));
        let accepted = server.register().await;
        assert!(accepted.query().contains(&"lwm2m=1.0".to_owned()));
    });
}

#[test]
fn a_version_below_the_oldest_allowed_is_not_tried() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let builder = builder(&device).server(account().versions(Version::V1_1, Version::V1_1));
        let mut events = builder.events();
        let _client = builder.start_in(&device).await.unwrap();
        refuse(&mut server, Code::PRECONDITION_FAILED, Options::new()).await;
        let Some(ClientEvent::Refused { rejection, retry_in: Some(wait), .. }) = events.next().await else {
            panic!("the refusal is told");
        };
        assert_eq!((rejection.code, &*rejection.detail), (Code::PRECONDITION_FAILED, "no"));
        assert!(wait >= Duration::from_secs(86_400));
    });
}

#[test]
fn silence_is_met_with_growing_waits() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let retry = Retry { count: 3, ..Retry::default() };
        let builder = builder(&device).server(account().retry(retry));
        let mut events = builder.events();
        let _client = builder.start_in(&device).await.unwrap();
        let mut waits = Vec::new();
        for _ in 0..4 {
            let Some(ClientEvent::Unreachable { retry_in: Some(wait), .. }) = events.next().await else {
                panic!("the failure is told");
            };
            waits.push(wait.as_secs());
        }
        for (wait, least) in waits.iter().zip([60, 120, 86_400, 60]) {
            assert!(
                (least..=least + least / 4).contains(wait),
                "{wait} s instead of {least} s and a little more"
            );
        }
        while server.next_within(Duration::ZERO).await.is_some() {}
        server.register().await;
        assert!(matches!(events.next().await, Some(ClientEvent::Registered { .. })));
    });
}

#[test]
fn a_server_that_names_a_time_is_not_asked_before() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let _client = builder(&device).server(account()).start_in(&device).await.unwrap();
        let wait = Options::new().with_uint(OptionNumber::MAX_AGE, 1000);
        refuse(&mut server, Code::SERVICE_UNAVAILABLE, wait.clone()).await;
        let refused = clock.now().mono;
        server.register().await;
        assert!(clock.now().mono.since(refused) >= Duration::from_secs(1000));
        // An Update likewise, while the registration lasts.
        refuse(&mut server, Code::TOO_MANY_REQUESTS, Options::new().with_uint(OptionNumber::MAX_AGE, 30))
            .await;
        let refused = clock.now().mono;
        server.update().await;
        let waited = clock.now().mono.since(refused).as_secs();
        assert!((30..40).contains(&waited), "{waited} s");
    });
}

#[test]
fn an_update_that_nobody_answers_becomes_a_register() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let client = server.start(&device, builder(&device).server(account())).await;
        client.update_registration(1).await.unwrap();
        let mut updates = 0;
        let register = loop {
            let frame = server.next().await;
            if frame.path() == "/rd" {
                break frame;
            }
            updates += 1;
        };
        assert_eq!(updates, 5, "sent once and four times again");
        server.answer(
            &register,
            Code::CREATED,
            &Options::new().with(OptionNumber::LOCATION_PATH, b"rd"),
            b"",
        );
        client.registered().await.unwrap();
    });
}

#[test]
fn a_lost_answer_costs_one_repetition() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let client = builder(&device).server(account()).start_in(&device).await.unwrap();
        let first = server.next().await;
        let again = server.register().await;
        assert_eq!((first.id, first.token), (again.id, again.token));
        client.registered().await.unwrap();
        assert!(server.next_within(Duration::from_secs(100)).await.is_none());
    });
}

#[test]
fn another_network_means_another_registration() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let client = server.start(&device, builder(&device).server(account())).await;
        client.network_changed().await.unwrap();
        server.register().await;
        client.registered().await.unwrap();
    });
}

#[test]
fn a_request_that_overtakes_the_answer_to_our_register_waits_for_it() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let _client = builder(&device).server(account()).start_in(&device).await.unwrap();
        let register = server.next().await;
        let token = server.begin(Code::GET, "/3/0/16", Options::new(), b"");
        assert!(
            server.next_within(Duration::from_millis(100)).await.is_none(),
            "nothing is answered before we are registered"
        );
        let location = Options::new().with(OptionNumber::LOCATION_PATH, b"rd");
        server.answer(&register, Code::CREATED, &location, b"");
        assert_eq!(server.response(token).await.text(), "U");
    });
}

#[test]
fn a_server_that_asks_for_no_pause_is_not_asked_without_one() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let client = server.start(&device, builder(&device).server(account())).await;
        client.update_registration(1).await.unwrap();
        for code in [Code::SERVICE_UNAVAILABLE, Code::TOO_MANY_REQUESTS] {
            refuse(&mut server, code, Options::new().with_uint(OptionNumber::MAX_AGE, 0)).await;
            let refused = clock.now().mono;
            refuse(&mut server, code, Options::new().with_uint(OptionNumber::MAX_AGE, 1)).await;
            assert!(clock.now().mono.since(refused) >= Duration::from_secs(1));
        }
        server.update().await;
        assert_eq!(client.status().await.unwrap().registered, [1]);
    });
}

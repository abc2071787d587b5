//! What the client does and tells when its server vanishes. [Core 1.2 §6.2.2]

mod common;

use std::time::Duration;

use common::{Frame, Script, account, builder, scene};
use lwm2m_client::{
    Attempt, Client, ClientEvent, Code, Events, Retry, ServerAccount, Unreachable,
    lwm2m_core::{
        coap::{ExchangeError, Options},
        sim::{Host, Net},
    },
};

const LIFETIME: Duration = Duration::from_secs(8);

fn short_lived() -> ServerAccount {
    account().lifetime(LIFETIME).retry(Retry { timer: Duration::from_secs(3), ..Retry::default() })
}

/// A client that has just registered.
async fn registered(server: &mut Script, device: &Host, account: ServerAccount) -> (Client, Events) {
    let builder = builder(device).server(account);
    let mut events = builder.events();
    let client = builder.start_in(device).await.expect("the client starts");
    server.register().await;
    assert!(matches!(events.next().await, Some(ClientEvent::Registered { server: 1 })));
    (client, events)
}

/// The first Register, and how many Updates came before it.
async fn next_register(server: &mut Script) -> (Frame, u32) {
    let mut updates = 0;
    loop {
        let frame = server.next().await;
        if frame.path() == "/rd" {
            return (frame, updates);
        }
        updates += 1;
    }
}

async fn quiet(net: &Net, events: &mut Events, time: Duration) {
    let event = net.timeout(time, events.next()).await;
    assert!(event.is_err(), "nothing has changed: {event:?}");
}

#[test]
fn an_update_is_given_up_when_the_lifetime_ends() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let (client, mut events) = registered(&mut server, &device, short_lived()).await;
        let since = clock.now().mono;
        assert!(matches!(events.next().await, Some(ClientEvent::Lapsed { server: 1 })));
        let lapsed = clock.now().mono.since(since);
        assert!(lapsed <= LIFETIME, "told after {lapsed:?}");
        let status = client.status().await.unwrap();
        assert_eq!((status.registered, status.registration_expires), (vec![], None));
        let (register, updates) = next_register(&mut server).await;
        assert!((1..=2).contains(&updates), "{updates} Updates in four seconds");
        assert!(register.query().contains(&"ep=device".to_owned()));
        assert!(clock.now().mono.since(since) < LIFETIME + Duration::from_secs(1), "and that at once");
        // Nobody answers that either: the account says when to try again.
        let Some(ClientEvent::Unreachable { next: Attempt::Register, retry_in: Some(wait), error, .. }) =
            events.next().await
        else {
            panic!("the failure is told");
        };
        assert!(matches!(error, Unreachable::Exchange(ExchangeError::TimedOut { .. })), "{error}");
        assert_eq!(wait.as_secs(), 3);
        while server.next_within(Duration::ZERO).await.is_some() {}
        server.register().await;
        assert!(matches!(events.next().await, Some(ClientEvent::Registered { server: 1 })));
        assert_eq!(client.status().await.unwrap().registered, [1]);
    });
}

#[test]
fn an_answer_to_an_update_that_was_given_up_changes_nothing() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let (client, mut events) = registered(&mut server, &device, short_lived()).await;
        let update = server.next().await;
        assert_eq!(update.path(), "/rd/5a3f");
        assert!(matches!(events.next().await, Some(ClientEvent::Lapsed { .. })));
        server.answer(&update, Code::CHANGED, &Options::new(), &[]);
        let (register, _) = next_register(&mut server).await;
        server.answer(&update, Code::CHANGED, &Options::new(), &[]);
        assert!(client.status().await.unwrap().registered.is_empty());
        let again = server.register().await;
        assert_eq!((again.id, again.token), (register.id, register.token), "the same Register, not answered");
        assert!(matches!(events.next().await, Some(ClientEvent::Registered { .. })));
        server.update().await;
        assert!(matches!(events.next().await, Some(ClientEvent::Updated { .. })));
    });
}

#[test]
fn a_refusal_is_told_once_and_the_update_repeated() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let (client, mut events) = registered(&mut server, &device, account()).await;
        let wire = clock.between(&server.host, &device);
        wire.fail(&server.host, true);
        let since = clock.now().mono;
        client.update_registration(1).await.unwrap();
        let Some(ClientEvent::Unreachable { server: 1, error, next: Attempt::Update, retry_in: Some(wait) }) =
            events.next().await
        else {
            panic!("the refusal is told");
        };
        assert_eq!(error.to_string(), "this wire fails");
        assert!(clock.now().mono.since(since) < Duration::from_secs(1), "at the first frame");
        assert!((2000..=3000).contains(&wait.as_millis()), "the first repetition comes in {wait:?}");
        quiet(&clock, &mut events, Duration::from_secs(10)).await;
        wire.fail(&server.host, false);
        server.update().await;
        assert!(matches!(events.next().await, Some(ClientEvent::Updated { .. })));
        // What comes after that is new.
        wire.fail(&server.host, true);
        client.update_registration(1).await.unwrap();
        assert!(matches!(events.next().await, Some(ClientEvent::Unreachable { next: Attempt::Update, .. })));
    });
}

#[test]
fn a_refusal_shortly_before_the_end_names_the_register() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let account = account().lifetime(Duration::from_secs(3));
        let (_client, mut events) = registered(&mut server, &device, account).await;
        clock.between(&server.host, &device).fail(&server.host, true);
        let Some(ClientEvent::Unreachable { next: Attempt::Register, retry_in: Some(wait), .. }) =
            events.next().await
        else {
            panic!("the Update at half time is refused, and not repeated before the end");
        };
        assert!(wait <= Duration::from_millis(1500), "{wait:?}");
        assert!(matches!(events.next().await, Some(ClientEvent::Lapsed { .. })));
    });
}

#[test]
fn an_update_without_answer_is_told_before_the_register() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let (client, mut events) = registered(&mut server, &device, account()).await;
        client.update_registration(1).await.unwrap();
        let Some(ClientEvent::Unreachable { error, next: Attempt::Register, retry_in, .. }) =
            events.next().await
        else {
            panic!("the time-out is told");
        };
        assert!(matches!(error, Unreachable::Exchange(ExchangeError::TimedOut { attempts: 5 })), "{error}");
        assert_eq!(retry_in, Some(Duration::ZERO));
        assert_eq!(next_register(&mut server).await.1, 5);
    });
}

#[test]
fn a_client_that_leaves_does_not_return_when_the_lifetime_ends() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let (client, _events) = registered(&mut server, &device, short_lived()).await;
        assert_eq!(server.next().await.path(), "/rd/5a3f");
        clock.sleep(Duration::from_secs(3)).await;
        client.shutdown().await.unwrap();
        while let Some(frame) = server.next_within(Duration::from_secs(60)).await {
            assert_ne!(frame.path(), "/rd", "nobody registers on the way out");
        }
    });
}

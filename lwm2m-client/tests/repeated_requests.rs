//! What a server repeats is done once, also when the client has registered anew meanwhile. [RFC 7252 §4.5]

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod common;

use std::time::Duration;

use common::{Script, account, builder, gadget::Gadget, scene};
use lwm2m_client::{
    Client, Code,
    lwm2m_core::{
        coap::{MessageId, MessageType, OptionNumber, Options, Token},
        sim::Host,
    },
};

const EXECUTE: &str = "/32800/0/3";

async fn device(server: &mut Script, device: &Host) -> Client {
    let builder = builder(device).server(account());
    builder.objects().add(0, Gadget::default()).unwrap();
    server.start(device, builder).await
}

fn execute(server: &mut Script, id: u16, token: &[u8]) {
    let options = Options::new().with_path(EXECUTE.split('/').filter(|segment| !segment.is_empty()));
    let token = Token::new(token).unwrap();
    server.send(MessageType::Confirmable, MessageId(id), token, Code::POST, &options, &[]);
}

/// The answer to our request was lost, and the client registers over a new link from the same port.
#[test]
fn a_request_of_before_that_is_repeated_after_the_register_is_not_run_again() {
    let (net, mut server, host) = scene();
    net.run(async move {
        let client = device(&mut server, &host).await;
        let runs = || client.objects().instance::<Gadget>(0).unwrap().get().value;
        execute(&mut server, 77, b"one");
        let first = server.response(Token::new(b"one").unwrap()).await;
        assert_eq!((first.code, runs()), (Code::CHANGED, 1.0));
        client.network_changed().await.unwrap();
        let register = server.next().await;
        assert_eq!(register.path(), "/rd");
        // once while the Register is out, once after it
        execute(&mut server, 77, b"one");
        let location = Options::new()
            .with(OptionNumber::LOCATION_PATH, b"rd")
            .with(OptionNumber::LOCATION_PATH, b"5a3f");
        server.answer(&register, Code::CREATED, &location, &[]);
        client.registered().await.unwrap();
        execute(&mut server, 77, b"one");
        let again = server.response(Token::new(b"one").unwrap()).await;
        assert_eq!((again.code, again.id), (first.code, first.id), "it hears what it has missed");
        server.net.sleep(Duration::from_secs(5)).await;
        assert_eq!(runs(), 1.0);
        // another request under this message ID is another request
        execute(&mut server, 77, b"two");
        assert_eq!(server.response(Token::new(b"two").unwrap()).await.code, Code::CHANGED);
        assert_eq!(runs(), 2.0);
        server.net.sleep(Duration::from_secs(300)).await;
    });
}

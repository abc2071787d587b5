//! Send, as a server sees it that is not always willing. [Core 1.2 §6.4.6]

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod common;

use std::{future::IntoFuture as _, time::Duration};

use common::{Script, account, builder, scene};
use futures_util::future::{join, join_all};
use lwm2m_client::{
    Client, Code, Measurements, SendError, UnixTime,
    codec::ContentFormat,
    lwm2m_core::{
        coap::{OptionNumber, Options},
        sim::Host,
    },
    objects::Temperature,
};

const JSON: ContentFormat = ContentFormat::SENML_JSON;

async fn sender(server: &mut Script, device: &Host) -> Client {
    let builder = builder(device).server(account().allow_send().lifetime(Duration::from_secs(86_400)));
    builder.objects().add(0, Temperature { sensor_value: 20.0, ..Temperature::default() }).unwrap();
    server.start(device, builder).await
}

#[test]
fn a_server_that_cannot_take_so_much_gets_it_in_halves() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let client = sender(&mut server, &device).await;
        let mut measured = Measurements::new();
        for n in 1..=8 {
            measured = measured.at(
                UnixTime((1_700_000_000 + n) * 1_000_000),
                Temperature::SENSOR_VALUE.at(0),
                n as f64,
            );
        }
        let takes_two = async {
            let mut taken = Vec::new();
            while taken.len() < 4 {
                let frame = server.next().await;
                assert_eq!((frame.code, frame.path().as_str()), (Code::POST, "/dp"));
                let values = frame.text().matches("\"v\"").count();
                let code = if values > 2 { Code::REQUEST_ENTITY_TOO_LARGE } else { Code::CHANGED };
                if values <= 2 {
                    taken.push(frame.text());
                }
                server.answer(&frame, code, &Options::new(), &[]);
            }
            taken
        };
        let (result, taken) =
            join(client.send_measured(measured).format(JSON).into_future(), takes_two).await;
        result.unwrap();
        for (text, first) in taken.iter().zip([1, 3, 5, 7]) {
            let (first, second) = (format!("\"v\":{first}"), format!("\"v\":{}", first + 1));
            assert!(text.contains(&first) && text.contains(&second), "{text} {first}");
        }
    });
}

#[test]
fn a_server_that_is_busy_is_asked_again_when_it_says() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let client = sender(&mut server, &device).await;
        let script = async {
            let frame = server.next().await;
            let wait = Options::new().with_uint(OptionNumber::MAX_AGE, 90);
            server.answer(&frame, Code::SERVICE_UNAVAILABLE, &wait, &[]);
            let began = clock.now().mono;
            let again = server.next().await;
            assert_eq!(clock.now().mono.since(began).as_secs(), 90);
            assert!(again.text().contains("\"t\"") || again.text().contains("\"bt\""), "{}", again.text());
            server.answer(&again, Code::CHANGED, &Options::new(), &[]);
        };
        join(client.send(["/3303/0/5700"]).format(JSON).into_future(), script).await.0.unwrap();
    });
}

#[test]
fn a_server_that_does_not_know_us_gets_an_update_first() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let client = sender(&mut server, &device).await;
        let script = async {
            let frame = server.next().await;
            server.answer(&frame, Code::NOT_FOUND, &Options::new(), &[]);
            let update = server.next().await;
            assert_eq!(update.path(), "/rd/5a3f");
            server.answer(&update, Code::NOT_FOUND, &Options::new(), &[]);
            server.register().await;
            let again = server.next().await;
            assert_eq!(again.path(), "/dp");
            server.answer(&again, Code::CHANGED, &Options::new(), &[]);
        };
        join(client.send(["/3303/0/5700"]).into_future(), script).await.0.unwrap();
        // one that knows us and still does not want it is believed
        let script = async {
            let frame = server.next().await;
            server.answer(&frame, Code::NOT_FOUND, &Options::new(), &[]);
            server.update().await;
            let again = server.next().await;
            server.answer(&again, Code::NOT_FOUND, &Options::new(), &[]);
        };
        let refused = join(client.send(["/3303/0/5700"]).into_future(), script).await.0;
        assert!(matches!(refused, Err(SendError::Refused { server: 1, .. })), "{refused:?}");
    });
}

#[test]
fn what_a_server_refuses_does_not_hold_up_the_rest() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let client = sender(&mut server, &device).await;
        let script = async {
            for code in [Code::BAD_REQUEST, Code::CHANGED] {
                let frame = server.next().await;
                server.answer(&frame, code, &Options::new(), &[]);
            }
        };
        let sending = join_all((0..2).map(|_| client.send(["/3303/0/5700"]).into_future()));
        let results = join(sending, script).await.0;
        assert!(matches!(&results[..], [Err(SendError::Refused { .. }), Ok(())]), "{results:?}");
    });
}

#[test]
fn what_waits_is_bounded() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let client = sender(&mut server, &device).await;
        let waiting = (0..100).map(|_| client.send(["/3303/0/5700"]).into_future());
        let script = async {
            let mut sent = 0;
            while let Some(frame) = server.next_within(Duration::from_secs(60)).await {
                server.answer(&frame, Code::CHANGED, &Options::new(), &[]);
                sent += 1;
            }
            sent
        };
        let (results, sent) = join(join_all(waiting), script).await;
        let full = results.iter().filter(|result| matches!(result, Err(SendError::Full(1)))).count();
        assert!(full > 0 && full + sent == 100, "{full} {sent}");
        assert!(results.iter().all(|result| matches!(result, Ok(()) | Err(SendError::Full(1)))));
    });
}

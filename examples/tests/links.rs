//! A link that cannot be sent to, or that takes nothing for now, costs nobody but who is behind it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use common::{Scene, account, is_secure, seconds, with_shards};
use futures_util::future::join_all;
use lwm2m_client::objects::Temperature;
use lwm2m_core::coap::{Message, MessageType};
use lwm2m_server::{Server, lwm2m_core::driver::Counters};

async fn send_errors(server: &Server) -> u64 {
    server.stats().await.unwrap().iter().map(|stats| stats.driver.send_errors).sum()
}

async fn dropped(server: &Server) -> u64 {
    let count = |counters: &Counters| counters.dropped;
    server.stats().await.unwrap().iter().map(|stats| count(&stats.driver)).sum()
}

/// Answers to a stranger cannot be sent: each costs one counter.
#[test]
fn a_datagram_whose_answer_cannot_be_sent_costs_one_counter() {
    with_shards(|net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let client = scene.device().start_in(&scene.here).await.unwrap();
        client.registered().await.unwrap();
        let stranger = net.host("stranger");
        net.between(&scene.there, &stranger).fail(&stranger, true);
        let before = send_errors(&scene.server).await;
        for n in 0..50_u16 {
            let ping = [0x40, 0, (n >> 8) as u8, n as u8];
            stranger.raw(0).send(scene.there.at(5683), ping.to_vec());
            net.sleep(seconds(1)).await;
            assert_eq!(send_errors(&scene.server).await, before + u64::from(n) + 1);
        }
        let binding: String = scene.server.client("device").read("/3/0/16").await.unwrap();
        assert_eq!(binding, "U");
    });
}

/// The route to one registered device fails for an hour: the others do not notice, and it comes back.
#[test]
fn a_device_that_cannot_be_sent_to_hurts_nobody_and_comes_back() {
    with_shards(|net, shards| async move {
        let mut scene = Scene::new(&net, shards).await;
        let client = scene.device().start_in(&scene.here).await.unwrap();
        let host = net.host("elsewhere");
        let other = scene.client(&host, "other", account()).start_in(&host).await.unwrap();
        client.registered().await.unwrap();
        other.registered().await.unwrap();
        scene.wire.fail(&scene.here, true);
        for _ in 0..6 {
            let (lame, live) = (scene.server.client("device"), scene.server.client("other"));
            let lame = lame.read::<String>("/3/0/16").timeout(seconds(600)).into_future();
            let (lame, live) = tokio::join!(lame, live.read::<String>("/3/0/16").into_future());
            assert!(lame.unwrap_err().is_temporary());
            assert_eq!(live.unwrap(), "U");
            net.sleep(seconds(600)).await;
        }
        assert!(send_errors(&scene.server).await > 6);
        scene.wire.fail(&scene.here, false);
        // It tries for some minutes, then again after a day.
        let returns = async {
            while scene.server.client("device").registration().await.unwrap().is_none() {
                scene.event().await;
            }
        };
        net.timeout(seconds(31 * 3600), returns).await.expect("it comes back");
        let binding: String = scene.server.client("device").read("/3/0/16").await.unwrap();
        assert_eq!(binding, "U");
    });
}

/// One link takes nothing: its frames wait, or are dropped past a limit; all others are served meanwhile.
#[test]
fn a_stalled_link_does_not_hold_up_the_others() {
    with_shards(|net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let client = scene.device().start_in(&scene.here).await.unwrap();
        client.registered().await.unwrap();
        let host = net.host("elsewhere");
        let mut others = Vec::new();
        for n in 0..8 {
            let builder = scene.client(&host, &format!("other{n}"), account());
            let sensor = builder.objects().add(0, Temperature::default()).unwrap();
            let client = builder.start_in(&host).await.unwrap();
            client.registered().await.unwrap();
            others.push((client, sensor));
        }
        scene.wire.stall(&scene.here, true);
        let stalled = scene.server.client("device").read::<String>("/3/0/16").timeout(seconds(200));
        let stalled = stalled.into_future();
        let flooding = async {
            // Pings that the server resets fill what may wait for this link.
            for n in 0..2000_u16 {
                let ping = [0x40, 0, (n >> 8) as u8, n as u8];
                scene.here.raw(9).send(scene.there.at(5683), ping.to_vec());
                if n % 100 == 0 {
                    net.sleep(seconds(1)).await;
                }
            }
            for round in 0..5 {
                let before = net.now().mono;
                let reads = (0..8).map(|n| {
                    let read = scene.server.client(format!("other{n}")).read::<f64>("/3303/0/5700");
                    async move { read.await }
                });
                for read in join_all(reads).await {
                    assert_eq!(read.unwrap().to_bits(), f64::from(round).to_bits());
                }
                assert!(net.now().mono.since(before) < seconds(1), "nobody waits");
                for (_, sensor) in &others {
                    sensor.set(Temperature::SENSOR_VALUE, f64::from(round + 1));
                }
                net.sleep(seconds(1)).await;
            }
            assert!(dropped(&scene.server).await > 1000, "what waits for one link is bounded");
            scene.wire.stall(&scene.here, false);
        };
        let (read, ()) = tokio::join!(stalled, flooding);
        assert_eq!(read.unwrap(), "U", "what waited is sent when the link takes it");
        if is_secure() {
            return;
        }
        let resets = scene.wire.frames().into_iter().filter(|seen| {
            seen.from == "server" && Message::parse(&seen.frame).unwrap().kind == MessageType::Reset
        });
        assert!(resets.count() < 1000);
    });
}

//! Large values in blocks, both ways, over a network that loses them. [RFC 7959]

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::sync::{Arc, Mutex, PoisonError};

use common::{Scene, millis, pattern, seconds, with_seeds, with_shards, without_dtls};
use lwm2m_core::{
    Bytes,
    coap::{Message, MessageType},
};
use lwm2m_server::RequestError;

const IMAGE: &str = "/32801/0/2";
/// Sixty blocks and a bit.
const OCTETS: usize = 60_500;

type Progress = Arc<Mutex<Vec<(u64, Option<u64>)>>>;

fn note(progress: &Progress) -> impl FnMut(u64, Option<u64>) + Send + use<> {
    let progress = progress.clone();
    move |octets, of| progress.lock().unwrap_or_else(PoisonError::into_inner).push((octets, of))
}

/// Confirmable requests with a body that left the server.
fn parts_sent(scene: &Scene) -> usize {
    let frames = scene.wire.frames();
    let sent = frames.iter().filter(|seen| seen.from == "server").filter(|seen| {
        let message = Message::parse(&seen.frame).unwrap();
        message.kind == MessageType::Confirmable && !message.payload.is_empty()
    });
    sent.count()
}

#[test]
fn large_values_arrive_whole_or_not_at_all_and_are_applied_once() {
    with_seeds(21..24, |net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let (_client, vault) = scene.vault().await;
        scene.wire.loss(0.2).duplicate(0.1).reorder(0.1).delay(millis(10)..millis(90));
        let device = scene.server.client("device");
        let mut confirmed = 0;
        for round in 0..3_u64 {
            let image = pattern(round * 1000, OCTETS);
            let written = device.write(IMAGE, image.clone()).timeout(seconds(250)).await;
            let held = vault.held().images.clone();
            assert!(held.iter().all(|held| held.len() == OCTETS), "none in part");
            let times = held.iter().filter(|held| **held == image).count();
            match written {
                Ok(()) => assert_eq!(times, 1),
                Err(error) => assert!(times <= usize::from(error.may_have_been_applied()), "{error}"),
            }
            confirmed += times;
            let read = device.read::<Bytes>(IMAGE).timeout(seconds(250)).await;
            if let (Ok(read), Some(last)) = (read, held.last()) {
                assert_eq!(read, *last, "and back");
            }
        }
        assert!(confirmed > 0);
    });
}

/// Nothing passes for some seconds in the middle: the transfer goes on where it was, it does not begin anew.
#[test]
fn a_transfer_resumes_where_it_was() {
    without_dtls(7..8, |net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let (_client, vault) = scene.vault().await;
        let device = scene.server.client("device");
        let (before, progress) = (parts_sent(&scene), Progress::default());
        let writing = device.write(IMAGE, pattern(0, OCTETS)).progress(note(&progress)).into_future();
        let cutting = async {
            net.sleep(millis(600)).await;
            scene.wire.partition(true);
            net.sleep(seconds(10)).await;
            scene.wire.partition(false);
        };
        let (written, ()) = tokio::join!(writing, cutting);
        written.unwrap();
        assert_eq!(vault.held().images, [pattern(0, OCTETS)]);
        let blocks = OCTETS.div_ceil(1024);
        let sent = parts_sent(&scene) - before;
        assert!((blocks..blocks + 5).contains(&sent), "{sent} for {blocks} blocks");
        let told = progress.lock().unwrap().clone();
        assert!(told.is_sorted(), "progress does not go back: {told:?}");
        assert_eq!(told.last(), Some(&(OCTETS as u64, Some(OCTETS as u64))));
    });
}

/// The device goes away in the middle: the caller hears how far it came, and nothing was written.
#[test]
fn a_transfer_that_breaks_off_reports_the_last_confirmed_block() {
    with_shards(|net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let (_client, vault) = scene.vault().await;
        let device = scene.server.client("device");
        let progress = Progress::default();
        let writing = device.write(IMAGE, pattern(0, OCTETS)).progress(note(&progress)).into_future();
        let cutting = async {
            net.sleep(millis(600)).await;
            scene.wire.partition(true);
        };
        let (written, ()) = tokio::join!(writing, cutting);
        let error = written.unwrap_err();
        assert!(error.is_temporary(), "{error}");
        assert!(matches!(error, RequestError::TimedOut { .. } | RequestError::Exchange(_)), "{error:?}");
        let told = progress.lock().unwrap().clone();
        let (confirmed, of) = *told.last().unwrap();
        assert_eq!(of, Some(OCTETS as u64));
        assert!(
            confirmed > 10_000 && confirmed < OCTETS as u64 && confirmed.is_multiple_of(1024),
            "{told:?}"
        );
        assert!(vault.held().images.is_empty());
        scene.wire.partition(false);
        device.write(IMAGE, pattern(5, OCTETS)).await.unwrap();
        assert_eq!(vault.held().images, [pattern(5, OCTETS)], "the one that broke off left nothing behind");
    });
}

/// A path with a small MTU: blocks become smaller by themselves, in both directions.
#[test]
fn blocks_fit_the_path() {
    with_shards(|net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let (_client, vault) = scene.vault().await;
        scene.wire.mtu(300).loss(0.1);
        let device = scene.server.client("device");
        let image = pattern(0, 10_000);
        device.write(IMAGE, image.clone()).timeout(seconds(250)).await.unwrap();
        assert_eq!(vault.held().images.as_slice(), std::slice::from_ref(&image));
        let read: Bytes = device.read(IMAGE).timeout(seconds(250)).await.unwrap();
        assert_eq!(read, image);
        assert!(scene.wire.frames().iter().all(|seen| seen.frame.len() <= 300));
    });
}

//! Firmware in blocks that neither end holds as a whole: the body is read as the device takes it. [RFC 7959] HLF-004.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use common::{Scene, Vault, millis, pattern, seconds, with_shards};
use lwm2m_client::Code;
use lwm2m_server::{Body, Bytes, RequestError, async_trait, codec::ContentFormat};

const FIRMWARE: &str = "/32801/0/3";
const OCTETS: u64 = 2 << 20;
const PART: u64 = 4096;

/// A body that says how far it has been read beyond what the device has kept.
struct Image {
    octets: u64,
    read: u64,
    vault: Vault,
    ahead: Arc<AtomicU64>,
    fails_at: Option<u64>,
}

impl Image {
    fn of(octets: u64, vault: &Vault) -> Self {
        Self { octets, read: 0, vault: vault.clone(), ahead: Arc::default(), fails_at: None }
    }
}

#[async_trait]
impl Body for Image {
    fn size(&self) -> Option<u64> {
        Some(self.octets)
    }

    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        if self.fails_at.is_some_and(|at| self.read >= at) {
            return Err(io::Error::other("the file is gone"));
        }
        let part = PART.min(self.octets - self.read);
        let bytes = pattern(self.read, part as usize);
        self.read += part;
        self.ahead.fetch_max(self.read.saturating_sub(self.vault.held().streamed), Ordering::Relaxed);
        Ok((part > 0).then_some(bytes))
    }
}

type Progress = Arc<Mutex<Vec<u64>>>;

fn note(progress: &Progress) -> impl FnMut(u64, Option<u64>) + Send + use<> {
    let progress = progress.clone();
    move |octets, of| {
        assert_eq!(of, Some(OCTETS));
        progress.lock().unwrap().push(octets);
    }
}

#[test]
fn two_megabytes_pass_and_little_of_it_is_in_memory_at_a_time() {
    with_shards(|net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let (_client, vault) = scene.vault().await;
        scene.wire.delay(millis(5)..millis(15)).loss(0.02).duplicate(0.02);
        let (image, progress) = (Image::of(OCTETS, &vault), Progress::default());
        let ahead = image.ahead.clone();
        let device = scene.server.client("device");
        let written = device.write_stream(FIRMWARE, ContentFormat::OPAQUE, image).progress(note(&progress));
        written.await.unwrap();
        let held = vault.held();
        assert_eq!((held.streamed, held.whole, held.broken), (OCTETS, 1, 0));
        assert_eq!(held.announced, Some(OCTETS));
        assert!(held.largest_part <= 1024, "block by block: {}", held.largest_part);
        let ahead = ahead.load(Ordering::Relaxed);
        assert!(ahead <= 4 * PART, "read {ahead} octets before the device wanted them");
        let told = progress.lock().unwrap();
        assert!(told.is_sorted() && told.len() >= 2000, "{}", told.len());
        assert_eq!(told.last(), Some(&OCTETS));
    });
}

/// A handler that needs time for each part holds up the sender, and others are served meanwhile.
#[test]
fn a_slow_device_sets_the_pace() {
    with_shards(|net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let (_client, vault) = scene.vault().await;
        vault.held().burn = seconds(3);
        let octets = 50 * 1024;
        let image = Image::of(octets, &vault);
        let ahead = image.ahead.clone();
        let device = scene.server.client("device");
        let writing = device.write_stream(FIRMWARE, ContentFormat::OPAQUE, image).into_future();
        let reading = async {
            net.sleep(seconds(60)).await;
            let before = net.now().mono;
            let read = device.read::<i64>("/3/0/11/0").await;
            (read, net.now().mono.since(before), vault.held().streamed)
        };
        let (written, (read, took, streamed)) = tokio::join!(writing, reading);
        written.unwrap();
        assert!(read.is_ok() && took < seconds(5), "{took:?}");
        assert!((10 * 1024..30 * 1024).contains(&streamed), "{streamed} octets after a minute");
        assert_eq!(vault.held().streamed, octets);
        assert!(ahead.load(Ordering::Relaxed) <= 4 * PART);
    });
}

/// The device refuses in the middle, the file cannot be read further, the device goes away: both ends hear of it, and
/// the next transfer works.
#[test]
fn a_stream_that_breaks_off_is_told_on_both_ends() {
    with_shards(|net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let (_client, vault) = scene.vault().await;
        let device = scene.server.client("device");
        vault.held().refuse_after = Some(100_000);
        let write = || device.write_stream(FIRMWARE, ContentFormat::OPAQUE, Image::of(OCTETS, &vault));
        let refused = write().await.unwrap_err();
        assert!(
            matches!(&refused, RequestError::Refused(rejection) if rejection.code == Code::BAD_REQUEST),
            "{refused}"
        );
        assert!(vault.held().streamed < 110_000, "and no more was sent");
        vault.held().refuse_after = None;

        let image = Image { fails_at: Some(50_000), ..Image::of(OCTETS, &vault) };
        let failed = device.write_stream(FIRMWARE, ContentFormat::OPAQUE, image).await.unwrap_err();
        assert!(matches!(failed, RequestError::Body(_)), "{failed:?}");
        net.sleep(seconds(200)).await;
        assert_eq!(vault.ends(), (0, 1));

        let progress = Progress::default();
        let writing = write().progress(note(&progress)).into_future();
        let cutting = async {
            net.sleep(seconds(3)).await;
            scene.wire.partition(true);
        };
        let (cut, ()) = tokio::join!(writing, cutting);
        let error = cut.unwrap_err();
        assert!(error.is_temporary() && error.may_have_been_applied(), "{error:?}");
        let confirmed = *progress.lock().unwrap().last().unwrap();
        net.sleep(seconds(200)).await;
        let streamed = vault.held().streamed;
        assert!((confirmed..=confirmed + 1024).contains(&streamed), "{confirmed} confirmed, {streamed} kept");
        assert_eq!(vault.ends(), (0, 2));

        scene.wire.partition(false);
        net.sleep(seconds(900)).await;
        write().await.unwrap();
        assert_eq!(vault.ends(), (1, 2));
        assert_eq!(vault.held().streamed, OCTETS);
    });
}

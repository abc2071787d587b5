//! [RFC 7959] Firmware is read as the device takes it, however long that takes, and a source that fails is reported.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use common::{Device, Scene, with_shards};
use lwm2m_server::{
    Body, Code, RequestError, async_trait,
    coap::{OptionNumber, Options},
    codec::ContentFormat,
    lwm2m_core::sim::Net,
};

const SIZE: usize = 20_000;

/// Firmware that counts how far it was read, in parts of an odd size.
struct Firmware {
    read: Arc<AtomicUsize>,
    fails_at: usize,
}

fn octet(at: usize) -> u8 {
    (at % 251) as u8
}

#[async_trait]
impl Body for Firmware {
    fn size(&self) -> Option<u64> {
        Some(SIZE as u64)
    }

    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        let from = self.read.load(Ordering::Relaxed);
        if from >= self.fails_at {
            return Err(io::Error::other("the disk is gone"));
        }
        let to = SIZE.min(from + 777);
        self.read.store(to, Ordering::Relaxed);
        Ok((from < to).then(|| (from..to).map(octet).collect()))
    }
}

/// Takes blocks, each after `pause`, until the last; gives what it has.
async fn take(net: &Net, device: &mut Device, pause: Duration, read: &AtomicUsize) -> Vec<u8> {
    let mut taken = Vec::new();
    loop {
        let request = device.request().await;
        let block = request.options.block1().expect("it goes in blocks");
        assert_eq!(taken.len(), block.offset() as usize, "in order");
        if taken.is_empty() {
            assert_eq!(request.options.uint(OptionNumber::SIZE1), Some(SIZE as u64));
        }
        taken.extend_from_slice(&request.payload);
        assert!(read.load(Ordering::Relaxed) <= taken.len() + 4096, "no more in memory than is on its way");
        net.sleep(pause).await;
        let said = request.options.first(OptionNumber::BLOCK1).unwrap();
        let options = Options::new().with(OptionNumber::BLOCK1, said);
        let code = if block.more { Code::CONTINUE } else { Code::CHANGED };
        device.answer(&request, code, &options, b"");
        if !block.more {
            return taken;
        }
    }
}

#[test]
fn a_slow_device_takes_all_of_it_and_progress_is_told() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        scene.reads("a", &mut device).await; // it is there
        let read = Arc::new(AtomicUsize::new(0));
        let progress = Arc::new(Mutex::new(Vec::new()));
        let told = progress.clone();
        let write = scene
            .server
            .client("a")
            .write_stream(
                "/5/0/0",
                ContentFormat::OPAQUE,
                Firmware { read: read.clone(), fails_at: usize::MAX },
            )
            .timeout(Duration::from_secs(5))
            .progress(move |sent, total| told.lock().unwrap().push((sent, total)));
        let began = net.now().mono;
        let (written, taken) =
            tokio::join!(write.into_future(), take(&net, &mut device, Duration::from_millis(1500), &read));
        written.unwrap();
        assert_eq!(taken, (0..SIZE).map(octet).collect::<Vec<u8>>());
        assert!(
            net.now().mono.since(began) > Duration::from_secs(15),
            "longer than the timeout, which is per block"
        );
        let progress = progress.lock().unwrap();
        assert!(progress.len() >= 10 && progress.is_sorted(), "{progress:?}");
        assert!(progress.iter().all(|(_, total)| *total == Some(SIZE as u64)), "{progress:?}");
    });
}

#[test]
fn a_source_that_fails_ends_the_request() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        scene.reads("a", &mut device).await; // it is there
        let read = Arc::new(AtomicUsize::new(0));
        let firmware = Firmware { read: read.clone(), fails_at: 5_000 };
        let client = scene.server.client("a");
        let write = client.write_stream("/5/0/0", ContentFormat::OPAQUE, firmware).into_future();
        let script = net.timeout(Duration::from_secs(30), take(&net, &mut device, Duration::ZERO, &read));
        let (written, taken) = tokio::join!(write, script);
        assert!(taken.is_err(), "the device never has all");
        assert!(matches!(written, Err(RequestError::Body(_))), "{written:?}");
        assert!(written.unwrap_err().may_have_been_applied());
    });
}

/// Reads go on while firmware is on its way.
#[test]
fn a_transfer_does_not_stop_other_requests() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        scene.reads("a", &mut device).await; // it is there
        let client = scene.server.client("a");
        let firmware = Firmware { read: Arc::default(), fails_at: usize::MAX };
        let mut write = client.write_stream("/5/0/0", ContentFormat::OPAQUE, firmware).into_future();
        let script = async {
            let block = device.request().await;
            let read = client.read::<i64>("/3/0/9").into_future();
            let answers = async {
                let said = block.options.first(OptionNumber::BLOCK1).unwrap();
                device.answer(&block, Code::CONTINUE, &Options::new().with(OptionNumber::BLOCK1, said), b"");
                loop {
                    let request = device.request().await;
                    if request.code == Code::GET {
                        return device.answer(&request, Code::CONTENT, &common::text(), b"42");
                    }
                    let said = request.options.first(OptionNumber::BLOCK1).unwrap();
                    let options = Options::new().with(OptionNumber::BLOCK1, said);
                    device.answer(&request, Code::CONTINUE, &options, b"");
                }
            };
            tokio::join!(read, answers).0
        };
        let read = tokio::select! {
            read = script => read,
            written = &mut write => panic!("written first: {written:?}"),
        };
        assert_eq!(read.unwrap(), 42);
    });
}

//! What waits for a server outlives a restart of the device: stored notifications and Sends. HLF-020, HLF-040.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail so")]

mod common;

use std::{future::IntoFuture as _, time::Duration};

use common::{
    Frame, Script, account, builder,
    faulty::{Fault, Faulty},
    scene,
};
use futures_util::future::{Either, select};
use lwm2m_client::{
    Backlog, Client, ClientBuilder, ClientEvent, Code, Measurements, MemoryState, SendError, StateStore,
    UnixTime,
    codec::ContentFormat,
    lwm2m_core::{
        coap::{OptionNumber, Options},
        sim::{Host, Net},
    },
    objects::Temperature,
    state_store::{Edit, Record},
};

const JSON: ContentFormat = ContentFormat::SENML_JSON;
const AT: &str = "/3303/0/5700";

fn device_of(device: &Host, store: impl StateStore) -> ClientBuilder {
    let account = account().allow_send().confirmable().lifetime(seconds(86_400));
    let builder = builder(device).server(account).state(store);
    builder.objects().add(0, Temperature { sensor_value: -1.0, ..Temperature::default() }).unwrap();
    builder
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn at(net: &Net) -> i64 {
    net.now().wall.unwrap().as_secs()
}

async fn observe(server: &mut Script) -> Frame {
    let options = Options::new().with_uint(OptionNumber::OBSERVE, 0).with_uint(OptionNumber::ACCEPT, 110);
    let first = server.ask(Code::GET, AT, options, &[]).await;
    assert!(first.options.observe().is_some(), "{}", first.text());
    first
}

fn set(client: &Client, value: f64) {
    client.objects().instance::<Temperature>(0).unwrap().set(Temperature::SENSOR_VALUE, value);
}

/// One value each ten seconds; when each was measured.
async fn measure(net: &Net, client: &Client, values: std::ops::Range<u32>) -> Vec<(i64, f64)> {
    let mut measured = Vec::new();
    for n in values {
        set(client, f64::from(n));
        measured.push((at(net), f64::from(n)));
        net.sleep(seconds(10)).await;
    }
    measured
}

/// The values of a pack of SenML JSON with their times, in whole seconds.
fn values(text: &str) -> Vec<(i64, f64)> {
    let number = |record: &str, name: &str| -> Option<f64> {
        let rest = record.split(&format!("\"{name}\":")).nth(1)?;
        rest.split([',', '}']).next()?.parse().ok()
    };
    let mut base = 0.0;
    let mut found = Vec::new();
    for record in text.split('{').skip(1) {
        base = number(record, "bt").unwrap_or(base);
        let time = base + number(record, "t").unwrap_or(0.0);
        found.extend(number(record, "v").map(|value| (time.round() as i64, value)));
    }
    found
}

/// Acknowledges what the client tells or sends, and gives all values, until it is silent for a while.
async fn told(server: &mut Script) -> Vec<(i64, f64)> {
    let mut all = Vec::new();
    while let Some(frame) = server.next_within(seconds(30)).await {
        if frame.path() == "/dp" {
            server.answer(&frame, Code::CHANGED, &Options::new(), &[]);
        } else if frame.code == Code::CONTENT {
            server.acknowledge(&frame);
        } else {
            continue;
        }
        all.extend(values(&frame.text()));
    }
    all
}

/// Cuts the power of the device; its next life finds the server, which observes again. What is told then, without what the
/// sensor showed when that life began: that is not what it had shown.
async fn next_life(
    server: &mut Script,
    device: &Host,
    builder: impl FnOnce() -> ClientBuilder,
) -> (Client, Vec<(i64, f64)>) {
    server.net.between(&server.host, device).partition(false);
    let client = server.restart(device, builder).await;
    observe(server).await;
    let mut told = told(server).await;
    told.retain(|(_, value)| *value >= 0.0);
    (client, told)
}

#[test]
fn notifications_that_were_stored_are_told_in_the_next_life_in_order_and_with_their_times() {
    let (net, mut server, device) = scene();
    net.clone().run(async move {
        let store = MemoryState::default();
        let client = server.start(&device, device_of(&device, store.clone())).await;
        observe(&mut server).await;
        let wire = net.between(&server.host, &device);
        wire.partition(true);
        let mut measured = measure(&net, &client, 1..31).await;
        net.sleep(seconds(61)).await; // the last of them are written
        device.crash();
        // A second life that ends before the server is there again, and a third.
        for life in 0..2 {
            let client = device_of(&device, store.clone()).start_in(&device).await.unwrap();
            net.sleep(seconds(5)).await;
            measured.extend(measure(&net, &client, 31 + life * 10..41 + life * 10).await);
            net.sleep(seconds(61)).await;
            device.crash();
        }
        let (client, told) = next_life(&mut server, &device, || device_of(&device, store.clone())).await;
        assert_eq!(told, measured);
        assert_eq!(client.status().await.unwrap().kept, 0);
        net.sleep(seconds(61)).await;
        let left = store.load_all().await.unwrap();
        assert!(left.iter().all(|record| record.key[0] != b'n'), "nothing is left: {left:?}");
    });
}

#[test]
fn a_device_whose_server_is_there_writes_nothing() {
    let (net, mut server, device) = scene();
    net.clone().run(async move {
        let store = Faulty::new(MemoryState::default(), 0, Fault::Refuses);
        let client = server.start(&device, device_of(&device, store.clone())).await;
        observe(&mut server).await;
        let before = store.commits();
        // Some of them just as a batch would be written, and several at once.
        for n in 1..200 {
            set(&client, f64::from(n));
            net.sleep(Duration::from_millis(5)).await;
            set(&client, f64::from(n) + 0.5);
            for _ in 0..2 {
                let told = server.next().await;
                server.acknowledge(&told);
            }
            net.sleep(seconds(3)).await;
        }
        assert_eq!(store.commits(), before);
        // While it is away: one a minute, not one a value.
        net.between(&server.host, &device).partition(true);
        measure(&net, &client, 100..160).await;
        let commits = store.commits() - before;
        assert!((8..=11).contains(&commits), "{commits} in ten minutes");
    });
}

#[test]
fn each_policy_writes_when_it_says() {
    for (policy, survive) in [(Backlog::AT_ONCE, 6), (Backlog::default(), 0), (Backlog::AT_SHUTDOWN, 0)] {
        for shut_down in [false, true] {
            let (net, mut server, device) = scene();
            net.clone().run(async move {
                let store = MemoryState::default();
                let of = |store: &MemoryState| device_of(&device, store.clone()).backlog(policy);
                let client = server.start(&device, of(&store)).await;
                observe(&mut server).await;
                net.between(&server.host, &device).partition(true);
                let measured = measure(&net, &client, 1..6).await;
                set(&client, 6.0);
                net.sleep(seconds(1)).await;
                if shut_down {
                    client.shutdown().await.unwrap();
                }
                let (_client, told) = next_life(&mut server, &device, || of(&store)).await;
                let expected = if shut_down { 6 } else { survive };
                assert_eq!(told.len(), expected, "{policy:?} {shut_down}: {told:?}");
                assert!(told.iter().zip(&measured).all(|(told, measured)| told == measured));
            });
        }
    }
}

#[test]
fn without_a_clock_a_value_is_at_least_as_old_as_it_was() {
    let (net, mut server, device) = scene();
    net.clone().run(async move {
        let store = MemoryState::default();
        net.no_wall(&device);
        let client = server.start(&device, device_of(&device, store.clone())).await;
        observe(&mut server).await;
        net.between(&server.host, &device).partition(true);
        measure(&net, &client, 1..4).await;
        net.sleep(seconds(61)).await;
        let (_client, told) = next_life(&mut server, &device, || device_of(&device, store.clone())).await;
        let order: Vec<f64> = told.iter().map(|(_, value)| *value).collect();
        assert_eq!(order, [1.0, 2.0, 3.0]);
        assert!(told.iter().all(|(age, _)| (-200..=-30).contains(age)), "{told:?}");
    });
}

/// Sends so many values, each in a message of its own and each kept before the next; `Err`: one was not.
async fn send_stored(net: &Net, client: &Client, count: u32) -> Vec<(i64, f64)> {
    let mut kept = Vec::new();
    for n in 1..=count {
        let time = 1_700_000_000 + i64::from(n);
        let measured =
            Measurements::new().at(UnixTime::from_secs(time), Temperature::SENSOR_VALUE.at(0), f64::from(n));
        let sending = client.send_measured(measured).to(1).format(JSON).stored().into_future();
        match net.timeout(seconds(20), sending).await {
            Ok(Ok(())) => kept.push((time, f64::from(n))),
            Ok(Err(error)) => assert!(matches!(error, SendError::NotKept(Some(_))), "{error}"),
            Err(_) => break,
        }
    }
    kept
}

#[test]
fn what_a_caller_was_told_is_kept_arrives_wherever_the_device_stops() {
    const COUNT: u32 = 5;
    let commits = {
        let (net, mut server, device) = scene();
        net.clone().run(async move {
            let store = Faulty::new(MemoryState::default(), 0, Fault::Refuses);
            let client = server.start(&device, device_of(&device, store.clone())).await;
            net.between(&server.host, &device).partition(true);
            assert_eq!(send_stored(&net, &client, COUNT).await.len(), COUNT as usize);
            store.commits()
        })
    };
    assert_eq!(commits, 1 + COUNT as usize, "each is a commit of its own");
    for fault in [Fault::StopsBefore, Fault::StopsAfter, Fault::Refuses] {
        for at in 2..=commits {
            let (net, mut server, device) = scene();
            net.clone().run(async move {
                let store = Faulty::new(MemoryState::default(), at, fault);
                let client = server.start(&device, device_of(&device, store.clone())).await;
                let wire = net.between(&server.host, &device);
                wire.partition(true);
                let kept = send_stored(&net, &client, COUNT).await;
                wire.partition(false);
                let _client = server.restart(&device, || device_of(&device, store.inner.clone())).await;
                let told = told(&mut server).await;
                let lost: Vec<_> = kept.iter().filter(|kept| !told.contains(kept)).collect();
                assert!(lost.is_empty(), "{fault:?} at {at}: {lost:?} of {kept:?}");
                assert!(told.windows(2).all(|two| two[0].0 < two[1].0), "in order, each once: {told:?}");
                let more = told.len() - kept.len();
                assert!(more <= usize::from(fault == Fault::StopsAfter), "{fault:?} at {at}: {told:?}");
            });
        }
    }
}

/// Notifications and Sends while the server comes and goes, with a store that stops at each of its commits: what was
/// written before that is told after it.
#[test]
fn nothing_that_was_written_is_lost_at_any_commit() {
    async fn life(net: &Net, server: &mut Script, device: &Host, client: &Client) {
        observe(server).await;
        let wire = net.between(&server.host, device);
        for round in 0..2 {
            wire.partition(true);
            let sending = client.send([AT]).format(JSON).into_future();
            let measuring = async {
                measure(net, client, round * 10 + 1..round * 10 + 9).await;
                net.sleep(seconds(61)).await;
            };
            let left = match select(sending, Box::pin(measuring)).await {
                Either::Right((_, sending)) => Some(sending),
                Either::Left(_) => None,
            };
            wire.partition(false);
            let rest = async {
                server.register_anew().await;
                observe(server).await;
                told(server).await;
            };
            match left {
                Some(sending) => drop(futures_util::future::join(sending, rest).await),
                None => rest.await,
            }
            net.sleep(seconds(61)).await;
        }
    }
    let commits = {
        let (net, mut server, device) = scene();
        net.clone().run(async move {
            let store = Faulty::new(MemoryState::default(), 0, Fault::Refuses);
            let client = server.start(&device, device_of(&device, store.clone())).await;
            let _ = net.timeout(seconds(1500), life(&net, &mut server, &device, &client)).await;
            store.commits()
        })
    };
    assert!(commits > 5, "{commits}");
    for fault in [Fault::StopsBefore, Fault::StopsAfter] {
        for at in 2..=commits {
            let (net, mut server, device) = scene();
            net.clone().run(async move {
                let store = Faulty::new(MemoryState::default(), at, fault);
                let client = server.start(&device, device_of(&device, store.clone())).await;
                let _ = net.timeout(seconds(1500), life(&net, &mut server, &device, &client)).await;
                device.crash();
                net.between(&server.host, &device).partition(false);
                let waiting: Vec<Record> = store.inner.load_all().await.unwrap();
                let waiting = waiting.iter().filter(|record| matches!(record.key[0], b'n' | b's')).count();
                let _client = server.restart(&device, || device_of(&device, store.inner.clone())).await;
                observe(&mut server).await;
                let told = told(&mut server).await;
                assert!(
                    waiting == 0 || !told.is_empty(),
                    "{fault:?} at {at}: {waiting} records, nothing told"
                );
                let times: Vec<i64> = told.iter().map(|(time, _)| *time).filter(|time| *time > 0).collect();
                let (sent, notified) = (times.first(), &times[times.len().min(1)..]);
                assert!(notified.is_sorted() || times.is_sorted(), "{fault:?} at {at}: {sent:?} {told:?}");
                net.sleep(seconds(61)).await;
                let left = store.inner.load_all().await.unwrap();
                assert!(left.iter().all(|record| !matches!(record.key[0], b'n' | b's')), "{left:?}");
            });
        }
    }
}

#[test]
fn what_the_store_refuses_once_is_written_when_it_takes_it() {
    let (net, mut server, device) = scene();
    net.clone().run(async move {
        let store = Faulty::new(MemoryState::default(), 2, Fault::Refuses);
        let client = server.start(&device, device_of(&device, store.clone())).await;
        observe(&mut server).await;
        let wire = net.between(&server.host, &device);
        wire.partition(true);
        set(&client, 1.0);
        let sending = client.send([AT]).format(JSON).into_future();
        let _ = net.timeout(seconds(59), sending).await;
        assert_eq!(store.commits(), 1, "the layout");
        net.sleep(seconds(60)).await;
        assert_eq!(store.commits(), 3, "one that was refused, and its repetition");
        let (_client, told) =
            next_life(&mut server, &device, || device_of(&device, store.inner.clone())).await;
        assert_eq!(told.iter().filter(|(_, value)| *value == 1.0).count(), 2, "notified and sent: {told:?}");
    });
}

#[test]
fn what_was_stored_of_an_instance_that_goes_leaves_the_store_with_it() {
    let (net, mut server, device) = scene();
    net.clone().run(async move {
        let store = MemoryState::default();
        let client = server.start(&device, device_of(&device, store.clone())).await;
        observe(&mut server).await;
        net.between(&server.host, &device).partition(true);
        measure(&net, &client, 1..4).await;
        net.sleep(seconds(120)).await;
        let kept = || async { store.load_all().await.unwrap().iter().filter(|r| r.key[0] == b'n').count() };
        assert_eq!(kept().await, 1);
        client.objects().remove::<Temperature>(0).unwrap();
        net.sleep(seconds(120)).await;
        assert_eq!(kept().await, 0);
    });
}

#[test]
fn a_message_of_an_earlier_life_that_is_refused_is_reported() {
    let (net, mut server, device) = scene();
    net.clone().run(async move {
        let store = MemoryState::default();
        let client = server.start(&device, device_of(&device, store.clone())).await;
        net.between(&server.host, &device).partition(true);
        client.send([AT]).stored().await.unwrap();
        device.crash();
        net.between(&server.host, &device).partition(false);
        let builder = device_of(&device, store.clone());
        let mut events = builder.events();
        let _client = builder.start_in(&device).await.unwrap();
        server.register_anew().await;
        let sent = server.next().await;
        assert_eq!(sent.path(), "/dp");
        server.answer(&sent, Code::BAD_REQUEST, &Options::new(), &[]);
        loop {
            let event = events.next().await.unwrap();
            if let ClientEvent::NotSent { server: 1, error: SendError::Refused { rejection, .. } } = event {
                assert_eq!(rejection.code, Code::BAD_REQUEST);
                break;
            }
        }
    });
}

#[test]
fn without_a_store_nothing_can_be_kept() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let builder = builder(&device).server(account().allow_send());
        builder.objects().add(0, Temperature::default()).unwrap();
        let client = server.start(&device, builder).await;
        let refused = client.send([AT]).stored().await;
        assert!(matches!(refused, Err(SendError::NotKept(None))), "{refused:?}");
    });
}

#[test]
fn what_is_damaged_or_of_no_server_goes() {
    let (net, mut server, device) = scene();
    net.clone().run(async move {
        let store = MemoryState::default();
        let put =
            |key: &[u8], value: &'static [u8]| Edit::Put(Record { key: key.to_vec(), value: value.into() });
        let records = [
            put(b"v", &[1]),
            put(b"n\x00\x01\x00\x00\x00\x07", b"\x01\x00\xff\xff\x00\x00"),
            put(b"s\x00\x01\x00\x00\x00\x08", b"nonsense"),
            put(b"s\x00\x09\x00\x00\x00\x09", b"\x01"),
        ];
        store.commit(&records).await.unwrap();
        let _client = server.start(&device, device_of(&device, store.clone())).await;
        net.sleep(seconds(120)).await;
        let left = store.load_all().await.unwrap();
        assert_eq!(left.len(), 1, "{left:?}");
    });
}

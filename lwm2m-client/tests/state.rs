//! What servers write outlives the process, and what is acknowledged is never lost.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail so")]

mod common;

use std::time::Duration;

use common::{
    Script, TLV, account, builder,
    faulty::{Fault, Faulty},
    format,
    gadget::Gadget,
    scene,
};
use lwm2m_client::{
    ClientBuilder, ClientEvent, Code, MemoryState, StateStore, StoreError, async_trait,
    lwm2m_core::{
        coap::Options,
        sim::{Host, Net},
    },
    objects::{Server, Temperature},
    state_store::{Edit, Record},
};

/// One request of a server, which changes what is kept.
type Step = (Code, &'static str, Option<(u64, &'static [u8])>);

const STEPS: &[Step] = &[
    (Code::PUT, "/1/0/1", Some((0, b"120"))),
    (Code::PUT, "/3303/0/5700?pmin=5&pmax=60", None),
    (Code::POST, "/32800", Some((TLV, &[0xc1, 0, 20]))),
    (Code::PUT, "/32800/1/0", Some((0, b"30"))),
    (Code::PUT, "/32800/1?pmin=7", None),
    (Code::PUT, "/32800/1/4", Some((TLV, &[0x86, 4, 0x41, 0, 1, 0x41, 9, 2]))),
    (Code::PUT, "/32800/0/0", Some((0, b"77"))),
    (Code::POST, "/1/0", Some((TLV, &[0xc1, 2, 3, 0xc1, 3, 90]))),
    (Code::DELETE, "/32800/1", None),
    (Code::DELETE, "/32800/0", None),
    (Code::PUT, "/3303/0/5700?pmin", None),
];

fn device_of(device: &Host, store: impl StateStore) -> ClientBuilder {
    let builder = builder(device).server(account()).state(store);
    builder.objects().add(0, Temperature::default()).unwrap();
    builder.objects().add(0, Gadget { level: 1, ..Gadget::default() }).unwrap();
    builder.objects().creatable(|_| Gadget::default()).unwrap();
    builder
}

async fn ask(server: &mut Script, step: &Step) -> Option<Code> {
    let (method, uri, payload) = step;
    let options = payload.map_or_else(Options::new, |(number, _)| format(number));
    let token = server.begin(*method, uri, options, payload.map_or(&[], |(_, octets)| octets));
    let net = server.net.clone();
    let answer = net.timeout(Duration::from_secs(20), server.response(token)).await;
    answer.ok().map(|answer| answer.code)
}

/// All that the steps change, as a server sees it.
async fn seen(server: &mut Script) -> Vec<String> {
    let mut seen = vec![server.read("/1/0/1").await.text()];
    for period in ["/1/0/2", "/1/0/3"] {
        seen.push(server.read(period).await.text());
    }
    for object in ["/3303", "/32800"] {
        seen.push(server.discover(object).await);
    }
    for resource in ["/32800/0/0", "/32800/1/0", "/32800/1/4"] {
        let read = server.read(resource).await;
        seen.push(if read.code == Code::CONTENT { format!("{:?}", read.payload) } else { "absent".into() });
    }
    seen
}

async fn restarted(server: &mut Script, device: &Host, store: MemoryState) -> Vec<String> {
    let _client = server.restart(device, || device_of(device, store)).await;
    seen(server).await
}

/// What is seen after 0, 1, 2 … steps with a store that works, and how many commits it took.
fn without_faults() -> (Vec<Vec<String>>, usize) {
    let (net, mut server, device) = scene();
    net.run(async move {
        let store = Faulty::new(MemoryState::default(), 0, Fault::Refuses);
        let _client = server.start(&device, device_of(&device, store.clone())).await;
        let mut history = vec![seen(&mut server).await];
        for step in STEPS {
            assert!(ask(&mut server, step).await.unwrap().is_success(), "{step:?}");
            history.push(seen(&mut server).await);
        }
        assert_eq!(restarted(&mut server, &device, store.inner.clone()).await, history[STEPS.len()]);
        (history, store.commits())
    })
}

#[test]
fn nothing_acknowledged_is_lost_wherever_the_process_stops() {
    let (history, commits) = without_faults();
    assert!(commits > STEPS.len(), "each step is a commit");
    for fault in [Fault::StopsBefore, Fault::StopsAfter] {
        for at in 2..=commits {
            let (net, mut server, device) = scene();
            let history = history.clone();
            net.run(async move {
                let store = Faulty::new(MemoryState::default(), at, fault);
                let _client = server.start(&device, device_of(&device, store.clone())).await;
                let mut acknowledged = 0;
                for step in STEPS {
                    match ask(&mut server, step).await {
                        Some(code) => assert!(code.is_success(), "{step:?}: {code}"),
                        None => break,
                    }
                    acknowledged += 1;
                }
                assert_eq!(acknowledged, at - 2, "the first commit is the layout, then one a step");
                let found = restarted(&mut server, &device, store.inner.clone()).await;
                let written = acknowledged + usize::from(fault == Fault::StopsAfter);
                assert_eq!(found, history[written], "{fault:?} at commit {at}");
            });
        }
    }
}

#[test]
fn what_the_store_refuses_is_refused_and_changes_nothing() {
    let (history, commits) = without_faults();
    for at in 2..=commits {
        let (net, mut server, device) = scene();
        let history = history.clone();
        net.run(async move {
            let store = Faulty::new(MemoryState::default(), at, Fault::Refuses);
            let _client = server.start(&device, device_of(&device, store.clone())).await;
            for (done, step) in STEPS.iter().enumerate() {
                let code = ask(&mut server, step).await.unwrap();
                if done + 2 == at {
                    assert_eq!(code, Code::SERVICE_UNAVAILABLE, "{step:?}");
                    assert_eq!(seen(&mut server).await, history[done], "nothing has changed");
                    assert!(ask(&mut server, step).await.unwrap().is_success(), "and then it works");
                }
                assert_eq!(seen(&mut server).await, history[done + 1], "{step:?}");
            }
            assert_eq!(restarted(&mut server, &device, store.inner.clone()).await, history[STEPS.len()]);
        });
    }
}

#[test]
fn what_the_program_takes_away_does_not_come_back() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let store = MemoryState::default();
        let client = server.start(&device, device_of(&device, store.clone())).await;
        assert_eq!(ask(&mut server, &STEPS[2]).await, Some(Code::CREATED));
        client.objects().remove::<Gadget>(1).unwrap();
        clock.sleep(Duration::from_secs(1)).await;
        let client = server.restart(&device, || device_of(&device, store.clone())).await;
        assert!(client.objects().instance::<Gadget>(1).is_none());
        assert!(client.objects().instance::<Gadget>(0).is_some());
    });
}

#[test]
fn an_object_that_is_kept_gets_what_servers_wrote_and_keeps_what_it_measures() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let store = MemoryState::default();
        let start = |value: f64| {
            let builder = builder(&device).server(account()).state(store.clone());
            builder.objects().add(0, Gadget { value, ..Gadget::default() }).unwrap();
            builder.objects().keep::<Gadget>().unwrap();
            builder
        };
        let _client = server.start(&device, start(1.0)).await;
        assert_eq!(server.write_text("/32800/0/1", "blue").await, Code::CHANGED);
        let client = server.restart(&device, || start(2.0)).await;
        let gadget = client.objects().instance::<Gadget>(0).unwrap().get();
        assert_eq!((gadget.label.as_deref(), gadget.value), (Some("blue"), 2.0));
    });
}

#[test]
fn an_account_that_the_program_has_changed_does_not_inherit_from_another() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let store = MemoryState::default();
        let _client = server.start(&device, device_of(&device, store.clone())).await;
        assert_eq!(server.write_text("/1/0/1", "120").await, Code::CHANGED);
        device.crash();
        let other = lwm2m_client::ServerAccount::new(9, account_target()).lifetime(Duration::from_secs(600));
        let client = builder(&device).server(other).state(store).start_in(&device).await.unwrap();
        assert!(server.register_anew().await.query().contains(&"lt=600".to_owned()));
        assert_eq!(client.objects().instance::<Server>(0).unwrap().get().short_server_id, 9);
    });
}

fn account_target() -> lwm2m_client::transport::Target {
    lwm2m_client::transport::Target::new("coap://server:5683")
}

/// Cannot be read at first.
struct Slow(std::sync::atomic::AtomicU32);

#[async_trait]
impl StateStore for Slow {
    async fn load_all(&self) -> Result<Vec<Record>, StoreError> {
        match self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            0 | 1 => Err(StoreError::new("not mounted yet")),
            _ => Ok(Vec::new()),
        }
    }

    async fn commit(&self, _changes: &[Edit]) -> Result<(), StoreError> {
        Ok(())
    }
}

#[test]
fn servers_hear_nothing_before_the_state_is_read() {
    let (net, mut server, device) = scene();
    let clock: Net = net.clone();
    net.run(async move {
        let builder = builder(&device).server(account()).state(Slow(Default::default()));
        let mut events = builder.events();
        let began = clock.now().mono;
        let _client = builder.start_in(&device).await.unwrap();
        for _ in 0..2 {
            assert!(matches!(events.next().await, Some(ClientEvent::StateUnavailable { .. })));
        }
        server.register().await;
        assert!(clock.now().mono.since(began) >= Duration::from_secs(20), "asked again, not at once");
    });
}

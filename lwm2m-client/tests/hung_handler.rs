//! A handler that never ends does not end the registration.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod common;

use std::{
    future::pending,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use common::{Script, account, builder, format, gadget::Gadget, scene};
use lwm2m_client::{
    Change, Code, Cx, InstanceId, IntoNode, Kind, ObjectDef, ObjectHandler, Ops, Prepared, Rejection,
    ResourceDef, ResourceId, Selection, Values, async_trait, lwm2m_core::coap::Options,
};

struct Stuck;

#[async_trait]
impl ObjectHandler for Stuck {
    async fn instances(&self) -> Vec<InstanceId> {
        vec![InstanceId(0)]
    }
    async fn read(&self, _cx: &Cx, _instance: InstanceId, _wanted: &Selection) -> Result<Values, Rejection> {
        Ok(vec![(ResourceId(5850), false.into_node())])
    }
    async fn prepare(&self, _cx: &Cx, _batch: Vec<Change>) -> Result<Prepared, Rejection> {
        Ok(Prepared::new(pending()))
    }
}

fn lamp() -> ObjectDef {
    const RESOURCES: &[ResourceDef] = &[ResourceDef::new(5850, "On/Off", Kind::Boolean, Ops::RW).mandatory()];
    ObjectDef::new(3311, "Light Control", RESOURCES).multiple()
}

#[test]
fn updates_go_on_while_a_commit_hangs_and_a_change_of_the_server_object_waits_for_it() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let builder = builder(&device).server(account());
        builder.objects().mount(lamp(), Stuck).unwrap();
        let _client = server.start(&device, builder).await;
        let first = server.begin(Code::PUT, "/1/0/1", format(0), b"600");
        server.begin(Code::PUT, "/3311/0/5850", format(0), b"1");
        server.begin(Code::PUT, "/1/0/1", format(0), b"900");
        assert_eq!(server.response(first).await.code, Code::CHANGED);
        assert_eq!(updated(&mut server).await, ["lt=600"]);
        assert!(updated(&mut server).await.is_empty());
    });
}

/// The query of the next Update, which is accepted; answers to what was asked before are passed over.
async fn updated(server: &mut Script) -> Vec<String> {
    loop {
        let frame = server.next().await;
        if frame.code == Code::POST {
            assert_eq!(frame.path(), "/rd/5a3f");
            server.answer(&frame, Code::CHANGED, &Options::new(), &[]);
            return frame.query();
        }
        server.acknowledge(&frame);
    }
}

#[test]
fn a_change_while_there_is_no_registration_waits_without_waking_the_client() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let builder = builder(&device).server(account());
        let gadget = builder.objects().add(0, Gadget::default()).unwrap();
        let client = server.start(&device, builder).await;
        server.observe("/32800/0/0").await;
        let again = loop {
            let frame = server.next().await; // nothing is answered
            if frame.path() == "/rd" {
                break frame;
            }
        };
        gadget.update(|gadget| gadget.level = 7);
        clock.sleep(Duration::from_secs(1)).await;
        let due = client.status().await.unwrap().next_deadline;
        assert!(due.is_none_or(|due| !due.is_zero()), "{due:?}");
        drop(again);
    });
}

#[test]
fn changes_behind_a_commit_that_hangs_are_refused_in_time_and_leave_room_for_reads() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let builder = builder(&device).server(account().lifetime(Duration::from_secs(86_400)));
        builder.objects().mount(lamp(), Stuck).unwrap();
        let gadget = builder.objects().add(0, Gadget::default()).unwrap();
        let _client = server.start(&device, builder).await;
        server.begin(Code::PUT, "/3311/0/5850", format(0), b"1");
        let begun = clock.now().mono;
        let behind: Vec<_> =
            (0..31).map(|_| server.begin(Code::PUT, "/32800/0/0", format(0), b"7")).collect();
        for token in behind {
            let answer = server.response(token).await;
            assert_eq!(answer.code, Code::SERVICE_UNAVAILABLE);
            assert!(answer.options.max_age().is_some() && !answer.text().is_empty());
        }
        let waited = clock.now().mono.since(begun).as_secs();
        assert!((30..60).contains(&waited), "{waited} s");
        assert_eq!(server.read("/32800/0/0").await.text(), "0", "there is room again");
        assert_eq!(gadget.get().level, 0, "what was refused is not carried out");
    });
}

/// Says what it has when it is asked for the second time.
struct Sleepy(AtomicU32);

#[async_trait]
impl ObjectHandler for Sleepy {
    async fn instances(&self) -> Vec<InstanceId> {
        if self.0.fetch_add(1, Ordering::Relaxed) == 0 {
            pending::<()>().await;
        }
        vec![InstanceId(4)]
    }
    async fn read(&self, _cx: &Cx, _instance: InstanceId, _wanted: &Selection) -> Result<Values, Rejection> {
        Ok(vec![(ResourceId(5850), false.into_node())])
    }
}

#[test]
fn a_handler_that_did_not_say_its_instances_is_asked_again() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let builder = builder(&device).server(account());
        builder.objects().mount(lamp(), Sleepy(AtomicU32::new(0))).unwrap();
        let _client = builder.start_in(&device).await.unwrap();
        assert!(!server.register().await.text().contains("3311"));
        assert!(server.update().await.text().ends_with("</3311/4>"));
        assert_eq!(server.read("/3311/4/5850").await.text(), "0");
    });
}

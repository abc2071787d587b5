//! A value that its handler takes block by block. [RFC 7959] [Core 1.2 §6.3.3]

mod common;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use common::{Frame, Script, account, builder, format, scene};
use lwm2m_client::{
    BodyReader, Code, Cx, InstanceId, Kind, ObjectDef, ObjectHandler, Ops, Path, Rejection, ResourceDef,
    ResourceId, Selection, Values, async_trait,
    lwm2m_core::{
        coap::{Block, OptionNumber, Options},
        sim::Net,
    },
};

const PACKAGE: ResourceId = ResourceId(0);

fn definition() -> ObjectDef {
    const RESOURCES: &[ResourceDef] = &[
        ResourceDef::new(0, "Package", Kind::Opaque, Ops::W),
        ResourceDef::new(3, "State", Kind::Integer, Ops::R).mandatory(),
    ];
    ObjectDef::new(5, "Firmware Update", RESOURCES)
}

/// Keeps a second over every part, and refuses what begins with `bad`.
#[derive(Clone)]
struct Flash {
    net: Net,
    log: Arc<Mutex<Vec<String>>>,
    /// Hangs after a transfer that has broken off.
    hangs: bool,
}

#[async_trait]
impl ObjectHandler for Flash {
    async fn instances(&self) -> Vec<InstanceId> {
        vec![InstanceId(0)]
    }
    async fn read(&self, _cx: &Cx, _instance: InstanceId, _wanted: &Selection) -> Result<Values, Rejection> {
        Ok(Vec::new())
    }
    fn streamed(&self) -> &[ResourceId] {
        &[PACKAGE]
    }
    async fn write_stream(&self, _cx: &Cx, path: Path, mut body: BodyReader) -> Result<(), Rejection> {
        let note = |text: String| self.log.lock().expect("nobody panics").push(text);
        note(format!("{path} of {:?}", body.size()));
        while let Some(part) = body.next().await {
            let Ok(part) = part else {
                note("broken".to_owned());
                if self.hangs {
                    std::future::pending::<()>().await;
                }
                return Err(Rejection::internal("half an image"));
            };
            note(String::from_utf8_lossy(&part).chars().take(3).collect());
            if part.starts_with(b"bad") {
                return Err(Rejection::bad_request("no image"));
            }
            self.net.sleep(Duration::from_secs(1)).await;
        }
        note("complete".to_owned());
        Ok(())
    }
}

fn block(number: u32, more: bool) -> Options {
    let block = Block { num: number, more, szx: 0 };
    format(42).with_uint(OptionNumber::BLOCK1, block.to_uint())
}

async fn put(server: &mut Script, number: u32, more: bool, text: &str) -> Frame {
    let payload = format!("{text:<16}");
    server.ask(Code::PUT, "/5/0/0", block(number, more), payload.as_bytes()).await
}

fn flash(net: &Net) -> Flash {
    Flash { net: net.clone(), log: Arc::default(), hangs: false }
}

#[test]
fn a_block_is_confirmed_when_the_one_before_is_kept() {
    let (net, mut server, device) = scene();
    let flash = flash(&net);
    let clock = net.clone();
    net.run(async move {
        let builder = builder(&device).server(account());
        builder.objects().mount(definition(), flash.clone()).unwrap();
        let _client = server.start(&device, builder).await;
        let begun = clock.now().mono;
        let size = block(0, true).with_uint(OptionNumber::SIZE1, 48);
        assert_eq!(server.ask(Code::PUT, "/5/0/0", size, b"one             ").await.code, Code::CONTINUE);
        assert_eq!(clock.now().mono.since(begun).as_secs(), 1);
        assert_eq!(server.read("/3/0/16").await.text(), "U", "other requests are served meanwhile");
        assert_eq!(server.write_text("/1/0/2", "0").await, Code::CHANGED, "changes too");
        assert_eq!(put(&mut server, 1, true, "two").await.code, Code::CONTINUE);
        assert_eq!(put(&mut server, 2, false, "thr").await.code, Code::CHANGED);
        assert_eq!(*flash.log.lock().unwrap(), ["/5/0/0 of Some(48)", "one", "two", "thr", "complete"]);
    });
}

#[test]
fn a_body_of_one_message_goes_the_same_way() {
    let (net, mut server, device) = scene();
    let flash = flash(&net);
    net.run(async move {
        let builder = builder(&device).server(account());
        builder.objects().mount(definition(), flash.clone()).unwrap();
        let _client = server.start(&device, builder).await;
        assert_eq!(server.ask(Code::PUT, "/5/0/0", format(42), b"all").await.code, Code::CHANGED);
        assert_eq!(
            server.ask(Code::PUT, "/5/0/0", format(42), b"").await.code,
            Code::CHANGED,
            "an empty one resets"
        );
        let log = flash.log.lock().unwrap().clone();
        assert_eq!(log, ["/5/0/0 of Some(3)", "all", "complete", "/5/0/0 of Some(0)", "", "complete"]);
    });
}

#[test]
fn a_handler_may_refuse_in_the_middle() {
    let (net, mut server, device) = scene();
    let flash = flash(&net);
    net.run(async move {
        let builder = builder(&device).server(account());
        builder.objects().mount(definition(), flash.clone()).unwrap();
        let _client = server.start(&device, builder).await;
        assert_eq!(put(&mut server, 0, true, "one").await.code, Code::CONTINUE);
        let refused = put(&mut server, 1, true, "bad").await;
        assert_eq!((refused.code, refused.text().as_str()), (Code::BAD_REQUEST, "no image"));
        assert_eq!(put(&mut server, 2, true, "two").await.code, Code::REQUEST_ENTITY_INCOMPLETE);
        assert_eq!(put(&mut server, 0, false, "one").await.code, Code::CHANGED, "it can begin anew");
    });
}

#[test]
fn a_transfer_that_stops_is_told_to_the_handler() {
    let (net, mut server, device) = scene();
    let flash = flash(&net);
    let clock = net.clone();
    net.run(async move {
        let builder = builder(&device).server(account());
        builder.objects().mount(definition(), flash.clone()).unwrap();
        let _client = server.start(&device, builder).await;
        assert_eq!(put(&mut server, 0, true, "one").await.code, Code::CONTINUE);
        clock.sleep(Duration::from_secs(200)).await;
        assert_eq!(*flash.log.lock().unwrap(), ["/5/0/0 of None", "one", "broken"]);
        assert_eq!(put(&mut server, 0, false, "one").await.code, Code::CHANGED, "nothing is left of it");
    });
}

#[test]
fn what_is_wrong_is_refused_before_the_body_is_taken() {
    let (net, mut server, device) = scene();
    let flash = flash(&net);
    net.run(async move {
        let builder = builder(&device).server(account());
        builder.objects().mount(definition(), flash.clone()).unwrap();
        let _client = server.start(&device, builder).await;
        let tlv = server.ask(Code::PUT, "/5/0/0", format(11542), b"\xc1\x00\x01").await;
        assert_eq!(tlv.code, Code::UNSUPPORTED_CONTENT_FORMAT);
        assert_eq!(server.ask(Code::PUT, "/5/7/0", format(42), b"x").await.code, Code::NOT_FOUND);
        assert!(flash.log.lock().unwrap().is_empty());
    });
}

#[test]
fn a_handler_that_hangs_after_a_broken_transfer_frees_its_place() {
    let (net, mut server, device) = scene();
    let flash = Flash { hangs: true, ..flash(&net) };
    let clock = net.clone();
    net.run(async move {
        let builder = builder(&device).server(account());
        builder.objects().mount(definition(), flash.clone()).unwrap();
        let client = server.start(&device, builder).await;
        assert_eq!(put(&mut server, 0, true, "one").await.code, Code::CONTINUE);
        assert!(client.status().await.unwrap().has_unsent);
        clock.sleep(Duration::from_secs(150)).await;
        assert_eq!(flash.log.lock().unwrap().last().unwrap(), "broken");
        assert!(!client.status().await.unwrap().has_unsent);
    });
}

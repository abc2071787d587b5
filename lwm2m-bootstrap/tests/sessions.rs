//! Sessions with devices that are played by the test: what a plan becomes on the wire. [Core 1.2 §6.1]

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use common::{Scene, lines, run};
use lwm2m_bootstrap::{
    Account, BootstrapError, BootstrapEvent, Code, FromNode as _, InstanceId, ObjectId, Plan, Rejection,
    Reply, Session, StoreError, What,
    coap::{OptionNumber, Options},
    codec::{self, ContentFormat, Context},
    lwm2m_core::Tree,
    machine::Limits,
    objects::{Registry, Security, Server, oma::AccessControl},
};

type Planned = Result<Option<Plan>, StoreError>;

fn account(id: u16) -> Account {
    Account::no_sec(id, format!("coap://s{id}.example")).lifetime(Duration::from_secs(300))
}

const EMPTY_DEVICE: &str = "</>;lwm2m=1.1,</0/0>,</1>,</3/0>";

#[test]
fn an_empty_device_gets_an_account_beside_that_of_the_bootstrap_server() {
    run(|net| async move {
        let plan = |_: &Session| -> Planned {
            Ok(Some(Plan::new().delete("/0").delete("/1").account(account(101)).write("/3/0/14", "+02:00")))
        };
        let mut scene = Scene::new(&net, plan).await;
        let mut device = scene.device("node");
        let answer = device.bootstrap(&["ep=node", "pct=112"]).await;
        assert_eq!(answer.code, Code::CHANGED);
        let seen = device.obey(EMPTY_DEVICE).await;
        assert_eq!(
            lines(&seen),
            ["DELETE /0", "DELETE /1", "DISCOVER /", "PUT /0/1", "PUT /1/0", "PUT /3/0/14", "POST /bs"]
        );
        let writes: Vec<_> = seen.iter().filter(|request| request.code == Code::PUT).collect();
        assert!(writes.iter().all(|put| put.options.content_format() == Some(ContentFormat::SENML_CBOR)));
        let security = Security::from_node(writes[0].node()).unwrap();
        assert_eq!(
            (security.server_uri.as_str(), security.short_server_id),
            ("coap://s101.example", Some(101))
        );
        let server = Server::from_node(writes[1].node()).unwrap();
        assert_eq!((server.short_server_id, server.lifetime), (101, 300));
        assert!(
            matches!(scene.event().await, BootstrapEvent::Started { endpoint, .. } if &*endpoint == "node")
        );
        let BootstrapEvent::Finished { rounds: 1, operations: 7, .. } = scene.event().await else {
            panic!("it has finished")
        };
        assert_eq!(scene.server.stats().await.unwrap().sessions, 0);
    });
}

/// Attack: Bootstrap-Requests that seem to come from a victim.
#[test]
fn nothing_large_goes_to_an_address_that_has_not_answered() {
    run(|net| async move {
        let large = || Account::no_sec(101, format!("coap://{}.example", "s".repeat(120)));
        let plan = move |_: &Session| -> Planned { Ok(Some(Plan::new().account(large().at(1, 0)))) };
        let mut scene = Scene::new(&net, plan).await;
        let answers = [("new", Code::CONTENT, EMPTY_DEVICE), ("old", Code::METHOD_NOT_ALLOWED, "")];
        for (name, code, links) in answers {
            let mut device = scene.device(name);
            assert_eq!(device.bootstrap(&["ep=node"]).await.code, Code::CHANGED);
            let question = device.receive().await;
            assert_eq!(question.line(), "DISCOVER /");
            device.answer(&question, code, &Options::new(), links.as_bytes());
            assert_eq!(lines(&device.obey("").await), ["PUT /0/1", "PUT /1/0", "POST /bs"]);
            scene.event().await;
            assert!(matches!(scene.event().await, BootstrapEvent::Finished { .. }));
        }
        let mut victim = scene.device("victim");
        victim.bootstrap(&["ep=node"]).await;
        for _ in 0..5 {
            assert_eq!(victim.receive().await.line(), "DISCOVER /");
        }
        scene.event().await;
        assert!(matches!(scene.event().await, BootstrapEvent::Failed { .. }));
        assert!(victim.socket.try_recv().is_none());
    });
}

#[test]
fn a_server_is_added_and_what_is_there_stays() {
    run(|net| async move {
        let plan = |_: &Session| -> Planned {
            let mut access = AccessControl::new(ObjectId(3), InstanceId(0), 1);
            access.acl.insert(2, AccessControl::READ);
            Ok(Some(Plan::new().account(account(2)).account(account(1)).access(access)))
        };
        let scene = Scene::new(&net, plan).await;
        let mut device = scene.device("node");
        device.bootstrap(&["ep=node"]).await;
        let there = "</>;lwm2m=1.1,</0/0>;ssid=1;uri=\"coap://a\",</0/1>,</1/3>;ssid=1,</1/0>;ssid=7,</3/0>";
        let seen = device.obey(there).await;
        // 2 is new, and takes free ids; 1 keeps its own; the device has no access control.
        assert_eq!(
            lines(&seen),
            ["DISCOVER /", "PUT /0/2", "PUT /1/1", "PUT /0/0", "PUT /1/3", "GET /2", "PUT /2/0", "POST /bs"]
        );
    });
}

#[test]
fn rights_that_are_there_are_changed_in_place() {
    run(|net| async move {
        let plan = |_: &Session| -> Planned {
            let mut access = AccessControl::new(ObjectId(3), InstanceId(0), 1);
            access.acl.insert(2, AccessControl::READ);
            Ok(Some(Plan::new().access(access)))
        };
        let scene = Scene::new(&net, plan).await;
        let mut device = scene.device("node");
        device.bootstrap(&["ep=node"]).await;
        let discover = device.receive().await;
        device.links(&discover, "</0/0>,</2/4>,</2/5>");
        let read = device.receive().await;
        assert_eq!(read.line(), "GET /2");
        let mut there = AccessControl::new(ObjectId(3), InstanceId(0), 1);
        there.acl.insert(1, AccessControl::READ | AccessControl::WRITE);
        let node = std::collections::BTreeMap::from([(InstanceId(5), there)]);
        let cx = Context { model: &Registry, version: lwm2m_bootstrap::Version::V1_2, tree: &Tree::DEFAULT };
        let mut payload = Vec::new();
        let node = lwm2m_bootstrap::IntoNode::into_node(node);
        codec::encode(ContentFormat::TLV, &cx, "/2".parse().unwrap(), &node, &mut payload).unwrap();
        let options = Options::new().with_uint(OptionNumber::CONTENT_FORMAT, 11_542);
        device.answer(&read, Code::CONTENT, &options, &payload);
        let seen = device.obey("").await;
        assert_eq!(lines(&seen), ["PUT /2/5", "POST /bs"]);
        let access = AccessControl::from_node(seen[0].node()).unwrap();
        assert_eq!(access.acl.into_iter().collect::<Vec<_>>(), [(1, 3), (2, 1)]);
    });
}

#[test]
fn a_source_decides_by_what_the_device_has() {
    run(|net| async move {
        let plan = |device: &Session| -> Planned {
            if device.round == 0 {
                return Ok(Some(Plan::new().discover("/").read("/1").or_continue().then_ask()));
            }
            let [(What::Discover(_), Reply::Links(_)), (What::Read(_), Reply::Refused(rejection))] =
                device.answers.as_slice()
            else {
                panic!("{:?}", device.answers)
            };
            assert_eq!(rejection.code, Code::NOT_FOUND);
            assert_eq!(device.instances(ObjectId(3)), [InstanceId(0)]);
            Ok(Some(Plan::new().delete("/1").account(account(5))))
        };
        let mut scene = Scene::new(&net, plan).await;
        let mut device = scene.device("node");
        device.bootstrap(&["ep=node"]).await;
        let seen = device.obey(EMPTY_DEVICE).await;
        assert_eq!(
            lines(&seen),
            ["DISCOVER /", "GET /1", "DELETE /1", "DISCOVER /", "PUT /0/1", "PUT /1/0", "POST /bs"]
        );
        scene.event().await;
        let BootstrapEvent::StepRefused { step, again: false, .. } = scene.event().await else {
            panic!("refused")
        };
        assert_eq!(step.to_string(), "Read /1");
        assert!(matches!(scene.event().await, BootstrapEvent::Finished { rounds: 2, .. }));
    });
}

#[test]
fn reasons_of_refusals_are_kept_as_long_as_there_is_room() {
    run(|net| async move {
        let plan = |device: &Session| -> Planned {
            if device.round == 0 {
                return Ok(Some(Plan::new().read("/1").or_continue().read("/2").or_continue().then_ask()));
            }
            let refused = device.answers.iter().map(|(_, reply)| match reply {
                Reply::Refused(rejection) => (rejection.code, &*rejection.detail),
                other => panic!("{other:?}"),
            });
            assert_eq!(refused.collect::<Vec<_>>(), [(Code::NOT_FOUND, "no servers"), (Code::NOT_FOUND, "")]);
            Ok(Some(Plan::new()))
        };
        let mut limits = Limits::default();
        limits.answers = 12;
        let scene = Scene::with_limits(&net, plan, limits).await;
        let mut device = scene.device("node");
        device.bootstrap(&["ep=node"]).await;
        for reason in ["no servers", "no rights"] {
            let read = device.receive().await;
            device.answer(&read, Code::NOT_FOUND, &Options::new(), reason.as_bytes());
        }
        assert_eq!(lines(&device.obey("").await), ["POST /bs"]);
    });
}

#[test]
fn a_refused_step_ends_the_bootstrap_and_is_named() {
    run(|net| async move {
        let plan = |_: &Session| -> Planned {
            Ok(Some(
                Plan::new()
                    .write("/3/0/14", "+02:00")
                    .or_retry(1, Duration::from_secs(5))
                    .write("/3/0/15", "UTC"),
            ))
        };
        let mut scene = Scene::new(&net, plan).await;
        let mut device = scene.device("node");
        device.bootstrap(&["ep=node"]).await;
        let first = device.receive().await;
        device.answer(&first, Code::BAD_REQUEST, &Options::new(), b"no clock");
        let began = net.now().mono;
        let again = device.receive().await;
        assert_eq!(again.line(), "PUT /3/0/14");
        assert!(net.now().mono.since(began) >= Duration::from_secs(5));
        device.answer(&again, Code::BAD_REQUEST, &Options::new(), b"no clock");
        scene.event().await;
        assert!(matches!(scene.event().await, BootstrapEvent::StepRefused { again: true, .. }));
        let BootstrapEvent::Failed { step: Some(step), error, .. } = scene.event().await else {
            panic!("failed")
        };
        let BootstrapError::Refused(rejection) = &*error else { panic!("{error}") };
        assert_eq!((step.to_string().as_str(), rejection.code), ("Write /3/0/14", Code::BAD_REQUEST));
        assert_eq!(rejection.detail, "no clock");
    });
}

#[test]
fn a_device_that_refuses_finish_gets_another_round() {
    run(|net| async move {
        let plan = |device: &Session| -> Planned {
            match &device.not_finished {
                None => Ok(Some(Plan::new().write("/1/0/5", 5_i64))),
                Some(rejection) => {
                    assert_eq!(rejection.detail, "no account");
                    Ok(Some(Plan::new().account(account(9))))
                }
            }
        };
        let mut scene = Scene::new(&net, plan).await;
        let mut device = scene.device("node");
        device.bootstrap(&["ep=node"]).await;
        let write = device.receive().await;
        device.answer(&write, Code::CHANGED, &Options::new(), b"");
        let finish = device.receive().await;
        device.answer(&finish, Code::NOT_ACCEPTABLE, &Options::new(), b"no account");
        let seen = device.obey(EMPTY_DEVICE).await;
        assert_eq!(lines(&seen), ["DISCOVER /", "PUT /0/1", "PUT /1/0", "POST /bs"]);
        scene.event().await;
        assert!(matches!(scene.event().await, BootstrapEvent::StepRefused { .. }));
        assert!(matches!(scene.event().await, BootstrapEvent::Finished { rounds: 2, .. }));
    });
}

#[test]
fn a_device_that_refuses_every_finish_is_given_up() {
    run(|net| async move {
        let asked = Arc::new(AtomicU32::new(0));
        let count = asked.clone();
        let plan = move |_: &Session| -> Planned {
            count.fetch_add(1, Ordering::Relaxed);
            Ok(Some(Plan::new()))
        };
        let mut scene = Scene::new(&net, plan).await;
        let mut device = scene.device("node");
        device.bootstrap(&["ep=node"]).await;
        let script = async {
            loop {
                let finish = device.receive().await;
                device.answer(&finish, Code::NOT_ACCEPTABLE, &Options::new(), b"never");
            }
        };
        let watch = async {
            loop {
                if let BootstrapEvent::Failed { error, .. } = scene.event().await {
                    assert!(matches!(*error, BootstrapError::Rounds), "{error}");
                    return;
                }
            }
        };
        tokio::select! { () = script => {}, () = watch => {} }
        assert_eq!(asked.load(Ordering::Relaxed), 8);
    });
}

#[test]
fn a_device_that_refuses_finish_and_gets_no_other_round_is_named_with_its_reason() {
    run(|net| async move {
        let plan = |device: &Session| -> Planned { Ok((device.round == 0).then(Plan::new)) };
        let mut scene = Scene::new(&net, plan).await;
        let mut device = scene.device("node");
        device.bootstrap(&["ep=node"]).await;
        let finish = device.receive().await;
        device.answer(&finish, Code::NOT_ACCEPTABLE, &Options::new(), b"no account");
        scene.event().await;
        assert!(matches!(scene.event().await, BootstrapEvent::StepRefused { .. }));
        let BootstrapEvent::Failed { error, .. } = scene.event().await else { panic!("it has failed") };
        assert!(error.to_string().ends_with("no account"), "{error}");
    });
}

#[test]
fn who_is_not_known_is_told_so_and_a_broken_source_asks_to_come_again() {
    run(|net| async move {
        let plan = |device: &Session| -> Planned {
            match &*device.endpoint {
                "broken" => Err(StoreError::new("no database")),
                "wrong" => Ok(Some(Plan::new().delete("/").write("/3/0/14", 5_i64))),
                _ => Ok(None),
            }
        };
        let scene = Scene::new(&net, plan).await;
        let mut device = scene.device("node");
        assert_eq!(device.bootstrap(&["ep=stranger"]).await.code, Code::BAD_REQUEST);
        let busy = device.bootstrap(&["ep=broken"]).await;
        assert_eq!((busy.code, busy.options.max_age()), (Code::SERVICE_UNAVAILABLE, Some(60)));
        assert_eq!(device.bootstrap(&["ep=wrong"]).await.code, Code::INTERNAL_SERVER_ERROR);
        assert_eq!(device.bootstrap(&[]).await.code, Code::BAD_REQUEST);
        assert_eq!(device.bootstrap(&["ep=x", "pct=50"]).await.code, Code::UNSUPPORTED_CONTENT_FORMAT);
        let nothing = net.timeout(Duration::from_secs(300), device.receive()).await;
        assert!(nothing.is_err(), "nothing of a wrong plan reaches a device");
    });
}

#[test]
fn what_devices_answer_is_bounded_over_all_sessions() {
    run(|net| async move {
        let plan = |_: &Session| -> Planned { Ok(Some(Plan::new().discover("/").account(account(1)))) };
        let mut limits = Limits::default();
        limits.answers = EMPTY_DEVICE.len() * 2;
        let mut scene = Scene::with_limits(&net, plan, limits).await;
        let (mut slow, mut next) = (scene.device("slow"), scene.device("next"));
        slow.bootstrap(&["ep=slow"]).await;
        let discover = slow.receive().await;
        slow.links(&discover, EMPTY_DEVICE);
        let write = slow.receive().await;
        next.bootstrap(&["ep=next"]).await;
        let discover = next.receive().await;
        next.links(&discover, &format!("{EMPTY_DEVICE},{}", "</3303/0>,".repeat(99).trim_end_matches(',')));
        for _ in 0..2 {
            assert!(matches!(scene.event().await, BootstrapEvent::Started { .. }));
        }
        let BootstrapEvent::Failed { endpoint, error, .. } = scene.event().await else { panic!("no room") };
        assert!(&*endpoint == "next" && matches!(*error, BootstrapError::NoRoom), "{endpoint}: {error}");
        slow.answer(&write, Code::CHANGED, &Options::new(), b"");
        slow.obey("").await;
        assert!(matches!(scene.event().await, BootstrapEvent::Finished { .. }));
        // The room of both is there again.
        for _ in 0..3 {
            next.bootstrap(&["ep=next"]).await;
            next.obey(EMPTY_DEVICE).await;
        }
    });
}

#[test]
fn a_device_that_begins_anew_ends_what_it_left() {
    run(|net| async move {
        let plan = |_: &Session| -> Planned { Ok(Some(Plan::new().delete("/1").account(account(3)))) };
        let mut scene = Scene::new(&net, plan).await;
        let mut device = scene.device("node");
        device.bootstrap(&["ep=node"]).await;
        device.receive().await; // and dies
        let mut reborn = scene.device("reborn");
        reborn.bootstrap(&["ep=node"]).await;
        assert_eq!(lines(&reborn.obey(EMPTY_DEVICE).await).first().unwrap(), "DELETE /1");
        scene.event().await;
        let BootstrapEvent::Failed { error, .. } = scene.event().await else {
            panic!("the first has failed")
        };
        assert!(matches!(*error, BootstrapError::Superseded));
        scene.event().await;
        assert!(matches!(scene.event().await, BootstrapEvent::Finished { .. }));
        assert_eq!(scene.server.stats().await.unwrap().counters.superseded, 1);
    });
}

#[test]
fn a_device_that_falls_silent_is_given_up_in_time() {
    run(|net| async move {
        let plan = |_: &Session| -> Planned { Ok(Some(Plan::new().delete("/1").account(account(3)))) };
        let mut scene = Scene::new(&net, plan).await;
        let mut device = scene.device("node");
        device.bootstrap(&["ep=node"]).await;
        drop(device);
        scene.event().await;
        let BootstrapEvent::Failed { step: Some(step), .. } = scene.event().await else { panic!("failed") };
        assert_eq!(step.to_string(), "Delete /1");
        assert_eq!(scene.server.stats().await.unwrap().sessions, 0);
    });
}

#[test]
fn a_pack_holds_the_plan_and_leaves_the_bootstrap_account_alone() {
    run(|net| async move {
        let plan = |device: &Session| -> Planned {
            let plan = Plan::new().delete("/0").delete("/1").account(account(4));
            let plan = if &*device.endpoint == "asks" { plan.discover("/").then_ask() } else { plan };
            Ok((&*device.endpoint != "stranger").then_some(plan))
        };
        let mut scene = Scene::new(&net, plan).await;
        let mut device = scene.device("node");
        let ask = |name: &str, accounts: &str| {
            let options = Options::new().with_path(["bspack"]).with_query(&format!("ep={name}"));
            let options =
                if accounts.is_empty() { options } else { options.with_query(&format!("acc={accounts}")) };
            options.with_uint(OptionNumber::ACCEPT, 11_544)
        };
        let answer = device.ask(Code::GET, ask("node", "</0/0>")).await;
        assert_eq!(answer.code, Code::CONTENT);
        let cx = Context { model: &Registry, version: lwm2m_bootstrap::Version::V1_2, tree: &Tree::DEFAULT };
        let values = codec::decode_many(ContentFormat::LWM2M_CBOR, &cx, &answer.payload).unwrap();
        let node = codec::node_at("/0/1".parse().unwrap(), &values).unwrap();
        assert_eq!(Security::from_node(node).unwrap().server_uri, "coap://s4.example");
        assert!(codec::node_at("/0/0".parse().unwrap(), &values).is_none());
        assert!(matches!(scene.event().await, BootstrapEvent::PackGiven { .. }));
        assert_eq!(device.ask(Code::GET, ask("node", "")).await.code, Code::METHOD_NOT_ALLOWED);
        assert_eq!(device.ask(Code::GET, ask("asks", "</0/0>")).await.code, Code::METHOD_NOT_ALLOWED);
        assert_eq!(device.ask(Code::GET, ask("stranger", "</0/0>")).await.code, Code::NOT_FOUND);
    });
}

#[test]
fn plans_are_refused_for_what_is_wrong_with_them() {
    let why = |plan: Plan| plan.check(&Registry).unwrap_err().to_string();
    for (plan, expected) in [
        (
            Plan::new().delete("/").write("/3/0/14", "x"),
            "all accounts are deleted and no server is given: the device would be lost",
        ),
        (
            Plan::new().account(account(1)).account(account(1)),
            "step 2: short server ID 1 is used by two accounts",
        ),
        (Plan::new().write("/40000/0/1", 1_i64), "step 1: /40000/0/1: object 40000 is not known"),
        (Plan::new().write("/3/0/14", 1_i64), "step 1: /3/0/14 (UTC Offset) is String, not Integer"),
        (Plan::new().write("/3/0/99", 1_i64), "step 1: /3/0/99: Device has no such resource"),
        (Plan::new().write("/3/0/4", 1_i64), "step 1: /3/0/4 (Reboot) is executed, not written"),
        (Plan::new().write("/1/0/99999", 1_i64), "step 1: path segment 3: an id is at most 65534"),
        (
            Plan::new().write("/2/0/3", 70_000_i64),
            "step 1: /2/0/3: Access Control Owner (3) must be 0 to 65535",
        ),
        (Plan::new().delete("/1/0/1"), "step 1: Delete cannot address /1/0/1"),
        (Plan::new().read("/3"), "step 1: Read cannot address /3: objects 1 and 2 and their instances alone"),
        (
            Plan::new().account(Account::no_sec(1, "coaps://s")),
            "step 1: coaps://s needs keys, and the mode is NoSec",
        ),
        (
            Plan::new().account(Account::psk(1, "coap://s", "me", vec![1; 16])),
            "step 1: coap://s has no protection; the mode wants coaps",
        ),
        (
            Plan::new().account(Account::psk(1, "coaps://s", "me", vec![])),
            "step 1: a pre-shared key has 1 to 64 octets",
        ),
        (
            Plan::new().account(Account::no_sec(1, "s:1")),
            "step 1: server URI s:1: a scheme such as coap:// is missing",
        ),
        (
            Plan::new().delete("/1").write("/0/1", Security { bootstrap_server: false, ..security(3) }),
            "the account with short server ID 3 has no Server instance",
        ),
        (
            Plan::new().delete("/0").account(account(1)).write("/1/1", Server::new(2, 60)),
            "the Server instance with short server ID 2 has no account",
        ),
        (
            Plan::new().account(account(1).bootstrap_server()).account(account(2).bootstrap_server()),
            "step 2: two accounts of bootstrap servers",
        ),
    ] {
        assert_eq!(why(plan), expected);
    }
    let key = "0123456789abcdef";
    let plan = Plan::new()
        .account(Account::psk(1, "coaps://s", "me", key))
        .write("/0/3/5", lwm2m_bootstrap::Bytes::from(key));
    assert!(!format!("{plan:?}").contains("0123"), "keys do not show");
    assert_eq!(plan.check(&Registry), Ok(()));
}

fn security(id: u16) -> Security {
    Security {
        server_uri: "coap://s".to_owned(),
        security_mode: lwm2m_bootstrap::objects::oma::SecurityMode::NoSec,
        short_server_id: Some(id.into()),
        ..Security::default()
    }
}

#[test]
fn a_rejection_of_finish_that_is_no_inconsistency_ends_it() {
    run(|net| async move {
        let mut scene = Scene::new(&net, |_: &Session| -> Planned { Ok(Some(Plan::new())) }).await;
        let mut device = scene.device("node");
        device.bootstrap(&["ep=node"]).await;
        let finish = device.receive().await;
        device.answer(&finish, Code::BAD_REQUEST, &Options::new(), b"");
        scene.event().await;
        let BootstrapEvent::Failed { error, .. } = scene.event().await else { panic!("failed") };
        assert!(matches!(&*error, BootstrapError::Refused(Rejection { code: Code::BAD_REQUEST, .. })));
    });
}

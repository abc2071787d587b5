//! Which server may do what: access control per instance and server, owners, Create, and street lights that only the
//! authorised server switches. AZ-033, B.1.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod common;

use std::collections::BTreeMap;

use common::{Scene, account, with_shards};
use lwm2m_client::{
    Client, InstanceId, ObjectId, ServerAccount,
    objects::{LightControl, oma::AccessControl},
    transport::Target,
};
use lwm2m_core::sim::Net;
use lwm2m_server::{Code, RequestError, Server};

fn rules(object: u16, instance: u16, owner: u16, acl: &[(u16, i64)]) -> AccessControl {
    let mut rules = AccessControl::new(ObjectId(object), InstanceId(instance), owner);
    rules.acl = acl.iter().copied().collect();
    rules
}

/// A lamp of server 1. Server 2 reads the Device object, and nothing else.
async fn lamp(net: &Net, shards: u8) -> (Scene, Server, Client) {
    let mut scene = Scene::new(net, shards).await;
    let elsewhere = net.host("other");
    let _ = net.between(&elsewhere, &scene.here);
    let other = common::server(1).start_in(&elsewhere).await.unwrap();
    let second = ServerAccount::new(2, Target::new("coap://other:5683"));
    let builder = scene.client(&scene.here, "lamp", account()).server(second).access([
        rules(1, 0, 1, &[]),
        rules(1, 1, 2, &[]),
        rules(3, 0, 1, &[(2, AccessControl::READ)]),
        rules(3311, 0, 1, &[]),
        rules(3311, 65535, AccessControl::BOOTSTRAP, &[(1, AccessControl::CREATE)]),
    ]);
    builder.objects().add(0, LightControl::default()).unwrap();
    builder.objects().creatable(|_| LightControl::default()).unwrap();
    let client = scene.start_device(builder).await;
    client.registered().await.unwrap();
    (scene, other, client)
}

fn code<T: std::fmt::Debug>(answer: Result<T, RequestError>) -> Code {
    match answer {
        Err(RequestError::Refused(rejection)) => rejection.code,
        other => panic!("not refused: {other:?}"),
    }
}

/// AZ-033
#[test]
fn a_server_does_what_object_2_allows_and_no_more() {
    with_shards(async |net, shards| {
        let (scene, other, client) = lamp(&net, shards).await;
        let (one, two) = (scene.server.client("lamp"), other.client("lamp"));
        two.read::<String>("/3/0/16").await.unwrap();
        assert_eq!(code(two.write("/3/0/14", "+02:00").await), Code::UNAUTHORIZED);
        assert_eq!(code(two.execute("/3/0/4").await), Code::UNAUTHORIZED);
        one.write("/3/0/14", "+01:00").await.unwrap_or_else(|error| match error {
            RequestError::Refused(rejection) => assert_eq!(rejection.code, Code::NOT_FOUND),
            other => panic!("{other}"),
        });
        // The owner gives a right, and takes it back.
        let acl = |rights| BTreeMap::from([(2_u16, rights)]);
        one.write("/2/2/2", acl(AccessControl::READ | AccessControl::EXECUTE)).await.unwrap();
        two.execute("/3/0/4").await.unwrap();
        one.write("/2/2/2", acl(0_i64)).await.unwrap();
        assert_eq!(code(two.read::<String>("/3/0/16").await), Code::UNAUTHORIZED);
        assert_eq!(code(two.write("/2/2/2", acl(31_i64)).await), Code::UNAUTHORIZED, "not its owner");
        // What a resource does not do, nobody may.
        assert_eq!(code(one.write("/3/0/16", "T").await), Code::METHOD_NOT_ALLOWED);
        // Create needs a right of its own, and makes the creator the owner.
        assert_eq!(code(two.create(None, LightControl::default()).await), Code::UNAUTHORIZED);
        let made = one.create(None, LightControl::default()).await.unwrap();
        assert_eq!(made, Some(InstanceId(1)));
        assert_eq!(code(two.read::<bool>("/3311/1/5850").await), Code::UNAUTHORIZED);
        let about = client.objects().instances::<AccessControl>();
        assert!(about.iter().any(|rules| {
            let rules = rules.get();
            (rules.object_id, rules.object_instance_id, rules.access_control_owner) == (3311, 1, 1)
        }));
    });
}

/// B.1
#[test]
fn a_street_light_is_switched_by_its_own_server_alone() {
    with_shards(async |net, shards| {
        let (scene, other, client) = lamp(&net, shards).await;
        let (one, two) = (scene.server.client("lamp"), other.client("lamp"));
        let light = client.objects().instance::<LightControl>(0).unwrap();
        assert_eq!(code(two.write("/3311/0/5850", true).await), Code::UNAUTHORIZED);
        assert!(!light.get().on_off);
        one.write("/3311/0/5850", true).await.unwrap();
        assert!(light.get().on_off);
        assert_eq!(code(two.read::<bool>("/3311/0/5850").await), Code::UNAUTHORIZED);
        assert_eq!(code(two.observe::<bool>("/3311/0/5850").await.map(drop)), Code::UNAUTHORIZED);
    });
}

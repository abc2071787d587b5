//! A server that has never heard of an object still manages it: the reader's type says what a value is.

mod common;

use std::collections::BTreeMap;

use common::{Scene, account, with_shards};
use lwm2m_client::{Bytes, InstanceId, Object, ObjectType, Version};
use lwm2m_server::Server;

/// In nobody's registry.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 32850, version = "1.0")]
struct Fan {
    #[resource(id = 0, ops = "rw", mandatory)]
    speed: i64,
    #[resource(id = 1, ops = "rw", mandatory)]
    power: f64,
    #[resource(id = 2, ops = "rw")]
    label: Option<String>,
}

#[test]
fn values_of_an_unknown_object_are_read_observed_and_written_by_type() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let builder = scene.device();
        let fan = Fan { speed: -300, power: 1.5, label: Some("roof".into()) };
        let fan = builder.objects().add(0, fan).unwrap();
        let _client = scene.start_device(builder).await;
        let device = scene.server.client("device");
        assert_eq!(device.read::<i64>("/32850/0/0").await.unwrap(), -300);
        assert_eq!(device.read::<f64>("/32850/0/1").await.unwrap(), 1.5);
        assert_eq!(device.read::<String>("/32850/0/2").await.unwrap(), "roof");
        let mut powers = device.observe::<f64>("/32850/0/1").await.unwrap();
        assert_eq!(powers.next().await.unwrap().unwrap().value, 1.5);
        fan.set(Fan::POWER, 2.25);
        assert_eq!(powers.next().await.unwrap().unwrap().value, 2.25);
        device.write("/32850/0/0", 1200_i64).await.unwrap();
        assert_eq!(fan.get().speed, 1200);
    });
}

/// What is of another kind is refused, not taken for octets of the right one; whole instances go by their struct.
#[test]
fn values_of_the_wrong_kind_are_refused_by_the_device_and_structs_bring_their_definition() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        for version in Version::ALL {
            let name = format!("device-{version}");
            let host = net.host(&name);
            let builder = scene.client(&host, &name, account().versions(version, version));
            let fan = Fan { speed: 300, power: 1.5, label: Some("roof".into()) };
            let fan = builder.objects().add(0, fan).unwrap();
            let _client = scene.start(&host, builder).await;
            let device = scene.server.client(name.as_str());
            let before = fan.get();
            device.write("/32850/0/0", "ABCD").await.expect_err("a text is no Integer");
            device.write("/32850/0/0", 1.5_f64).await.expect_err("a Float is no Integer");
            device.write("/32850/0/0", Bytes::from_static(b"12")).await.expect_err("octets are no Integer");
            device.write("/32850/0/2", Bytes::from_static(b"12")).await.expect_err("octets are no String");
            assert_eq!(fan.get(), before, "{version}");
            assert_eq!(device.read::<Fan>("/32850/0").await.unwrap(), before);
            let all = device.read(Fan::instances()).await.unwrap();
            assert_eq!(all, BTreeMap::from([(InstanceId(0), before.clone())]));
            let after = Fan { speed: -7, power: 1.5, label: Some("cellar".into()) };
            device.write("/32850/0", after.clone()).partial().await.unwrap();
            assert_eq!((fan.get().speed, fan.get().label), (after.speed, after.label));
            device.write("/32850/0/2", "attic").await.unwrap();
            assert_eq!(fan.get().label.as_deref(), Some("attic"));
        }
    });
}

#[test]
fn a_definition_of_the_program_joins_those_of_the_registry() {
    with_shards(async |net, shards| {
        let server = Server::builder().shards(shards).model(vec![Fan::DEF]);
        let mut scene = Scene::of(&net, server).await;
        let builder = scene.device();
        let fan = builder.objects().add(0, Fan { speed: 300, power: 1.5, label: None }).unwrap();
        let _client = scene.start_device(builder).await;
        let device = scene.server.client("device");
        assert_eq!(device.read::<Fan>(Fan::instance(0)).await.unwrap(), fan.get());
        device.write("/32850/0/0", "A").await.expect_err("it is no number");
        assert_eq!(fan.get().speed, 300);
        device.write("/1/0/1", "A").await.expect_err("the registry still knows the lifetime");
    });
}

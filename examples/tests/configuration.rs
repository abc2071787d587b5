//! A server manages what a device has: single resources, instances, whole values. HLF-012, HLF-032, HLF-034, HLF-035.
//! AZ-033.

mod common;

use std::collections::BTreeMap;

use common::{Scene, with_shards};
use lwm2m_client::{Executable, Object, ObjectType as _};
use lwm2m_core::sim::Net;
use lwm2m_server::{Code, RequestError, Server};

/// An object with something of each kind.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 32801, version = "1.0", multiple)]
struct Zone {
    /// Read and written.
    #[resource(id = 0, ops = "rw", mandatory, range(5, 30), unit = "Cel")]
    target: f64,
    /// Read only.
    #[resource(id = 1, ops = "r")]
    valve: Option<i64>,
    /// Written only.
    #[resource(id = 2, ops = "w")]
    code: Option<String>,
    /// Executed.
    #[resource(id = 3, execute)]
    flush: Executable,
    /// Several values.
    #[resource(id = 4, ops = "rw")]
    names: BTreeMap<u16, String>,
}

/// With a server that knows the object: values of an object that is not defined are octets to it.
async fn scene(net: &Net, shards: u8) -> Scene {
    Scene::of(net, Server::builder().shards(shards).model(vec![Zone::DEF])).await
}

fn zone() -> Zone {
    let names = BTreeMap::from([(0, "Red".to_owned()), (1, "Green".to_owned())]);
    Zone { target: 20.0, valve: Some(30), names, ..Zone::default() }
}

fn code<T: std::fmt::Debug>(answer: Result<T, RequestError>) -> Code {
    match answer {
        Err(RequestError::Refused(rejection)) => rejection.code,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn a_resource_is_written_and_read() {
    with_shards(async |net, shards| {
        let mut scene = scene(&net, shards).await;
        let builder = scene.device();
        let object = builder.objects().add(0, zone()).unwrap();
        let _client = scene.start_device(builder).await;
        let asked = scene.server.client("device");
        asked.write("/32801/0/0", 21.5).await.unwrap();
        assert_eq!((object.get().target, asked.read::<f64>("/32801/0/0").await.unwrap()), (21.5, 21.5));
        assert_eq!(code(asked.write("/32801/0/0", 99.0).await), Code::BAD_REQUEST);
        assert_eq!(object.get().target, 21.5);
    });
}

#[test]
fn what_is_there_is_discovered() {
    with_shards(async |net, shards| {
        let mut scene = scene(&net, shards).await;
        let builder = scene.device();
        builder.objects().add(0, zone()).unwrap();
        let _client = scene.start_device(builder).await;
        let links = scene.server.client("device").discover("/32801/0").await.unwrap();
        let found: Vec<_> = links.iter().map(|link| (link.path.to_string(), link.dimension)).collect();
        let place = |path: &str| (path.to_owned(), None);
        assert_eq!(
            found,
            [
                place("/32801/0"),
                place("/32801/0/0"),
                place("/32801/0/1"),
                place("/32801/0/3"),
                ("/32801/0/4".to_owned(), Some(2)),
            ]
        );
    });
}

#[test]
fn resource_instances_are_replaced_or_merged() {
    with_shards(async |net, shards| {
        let mut scene = scene(&net, shards).await;
        let builder = scene.device();
        let object = builder.objects().add(0, zone()).unwrap();
        let _client = scene.start_device(builder).await;
        let asked = scene.server.client("device");
        let names = |list: &[(u16, &str)]| -> BTreeMap<u16, String> {
            list.iter().map(|(id, name)| (*id, (*name).to_owned())).collect()
        };
        asked.write("/32801/0/4/1", "Yellow".to_owned()).await.unwrap();
        assert_eq!(object.get().names, names(&[(0, "Red"), (1, "Yellow")]));
        asked.write("/32801/0/4", names(&[(3, "Blue")])).partial().await.unwrap();
        assert_eq!(object.get().names, names(&[(0, "Red"), (1, "Yellow"), (3, "Blue")]));
        asked.write("/32801/0/4", names(&[(7, "White")])).await.unwrap();
        assert_eq!(object.get().names, names(&[(7, "White")]));
    });
}

#[test]
fn instances_are_created_and_deleted() {
    with_shards(async |net, shards| {
        let mut scene = scene(&net, shards).await;
        let builder = scene.device();
        builder.objects().creatable(|_| zone()).unwrap();
        let client = scene.start_device(builder).await;
        let asked = scene.server.client("device");
        let chosen = asked.create(None, Zone { target: 18.0, ..zone() }).await.unwrap().unwrap();
        let _ = asked.create(Some(9), Zone { target: 19.0, ..zone() }).await.unwrap();
        assert_eq!(asked.read::<f64>(&*format!("/32801/{chosen}/0")).await.unwrap(), 18.0);
        assert_eq!(client.objects().instance::<Zone>(9).unwrap().get().target, 19.0);
        asked.delete("/32801/9").await.unwrap();
        assert!(client.objects().instance::<Zone>(9).is_none());
        assert_eq!(code(asked.read::<f64>("/32801/9/0").await), Code::NOT_FOUND);
    });
}

#[test]
fn each_operation_needs_the_right_kind_of_resource() {
    with_shards(async |net, shards| {
        let mut scene = scene(&net, shards).await;
        let builder = scene.device();
        builder.objects().add(0, zone()).unwrap();
        let _client = scene.start_device(builder).await;
        let asked = scene.server.client("device");
        let not_allowed = Code::METHOD_NOT_ALLOWED;
        asked.execute("/32801/0/3").await.unwrap();
        asked.write("/32801/0/2", "1234".to_owned()).await.unwrap();
        assert_eq!(code(asked.write("/32801/0/1", 5_i64).await), not_allowed);
        assert_eq!(code(asked.read::<String>("/32801/0/2").await), not_allowed);
        assert_eq!(code(asked.execute("/32801/0/0").await), not_allowed);
        // what cannot be read is left out of the whole
        let whole = asked.read::<Zone>("/32801/0").await.unwrap();
        assert_eq!((whole.code, whole.valve), (None, Some(30)));
    });
}

//! The cases of the OMA test specification (ETS INT) that read and write single places in every format.
//! HLF-002, HLF-003, HLF-012, HLF-032, HLF-034.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod common;

use std::collections::BTreeMap;

use common::{Scene, account, seconds, server, with_shards};
use lwm2m_client::{
    Client, ServerAccount, Version,
    objects::{
        Device, Server as ServerObject,
        oma::{DeviceError, Portfolio, PowerSource},
    },
};
use lwm2m_core::{
    InstanceId, ObjectType as _,
    coap::{OptionNumber, Options, Request, Response},
    codec::ContentFormat,
    sim::Net,
};
use lwm2m_server::{ClientHandle, Code, RequestError, ServerEvent};

/// Configuration C.3 with the Portfolio object of C.12 and what C.4 adds to the device.
fn device() -> Device {
    Device {
        manufacturer: Some("Open Mobile Alliance".into()),
        model_number: Some("Lightweight M2M Client".into()),
        serial_number: Some("345000123".into()),
        firmware_version: Some("1.0".into()),
        available_power_sources: BTreeMap::from([(0, PowerSource::InternalBattery)]),
        error_code: BTreeMap::from([(0, DeviceError::None)]),
        utc_offset: Some("+00:00".into()),
        timezone: Some("Europe/Berlin".into()),
        ..Device::default()
    }
}

fn speaking(version: Version) -> ServerAccount {
    account().lifetime(seconds(86_400)).default_periods(Some(1), Some(10)).versions(Version::V1_0, version)
}

async fn scene(net: &Net, shards: u8, version: Version) -> (Scene, Client, ClientHandle) {
    let known = vec![Device::DEF, ServerObject::DEF, Portfolio::DEF];
    let mut scene = Scene::of(net, server(shards).model(known)).await;
    let builder = scene.client(&scene.here, "device", speaking(version)).device(device());
    builder.objects().creatable::<Portfolio>(|_| Portfolio::of_host("", "", "", "")).unwrap();
    builder.objects().add(0, Portfolio::of_host("host", "maker", "model", "1.0")).unwrap();
    let client = scene.start_device(builder).await;
    let asked = scene.server.client("device");
    (scene, client, asked)
}

/// What a device answers to a request of exactly these octets.
async fn raw(
    asked: &ClientHandle,
    method: Code,
    path: &str,
    option: (OptionNumber, u64),
    body: &[u8],
) -> Response {
    let options = Options::new().with_path(path.split('/').skip(1)).with_uint(option.0, option.1);
    asked.raw(Request::new(method).with_options(options).with_payload(body.to_vec())).await.unwrap()
}

async fn get(asked: &ClientHandle, path: &str, accept: ContentFormat) -> Response {
    let answer = raw(asked, Code::GET, path, (OptionNumber::ACCEPT, accept.0.into()), b"").await;
    assert_eq!((answer.code, answer.options.content_format()), (Code::CONTENT, Some(accept)), "{path}");
    answer
}

async fn text(asked: &ClientHandle, path: &str) -> String {
    let answer = get(asked, path, ContentFormat::TEXT).await;
    String::from_utf8(answer.payload.bytes().to_vec()).unwrap()
}

async fn set(asked: &ClientHandle, method: Code, path: &str, format: ContentFormat, body: &[u8]) -> Code {
    raw(asked, method, path, (OptionNumber::CONTENT_FORMAT, format.0.into()), body).await.code
}

fn code<T: std::fmt::Debug>(answer: Result<T, RequestError>) -> Code {
    match answer {
        Err(RequestError::Refused(rejection)) => rejection.code,
        other => panic!("not refused: {other:?}"),
    }
}

/// The next Update says this lifetime.
async fn updated(scene: &mut Scene, lifetime: u32) {
    loop {
        if let ServerEvent::Updated(updated) = scene.event().await {
            assert_eq!(updated.after.lifetime.as_secs(), u64::from(lifetime));
            return;
        }
    }
}

#[test]
fn ets_201_querying_basic_information_in_plain_text() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        assert_eq!(text(&asked, "/3/0/0").await, "Open Mobile Alliance");
        assert_eq!(text(&asked, "/3/0/1").await, "Lightweight M2M Client");
        assert_eq!(text(&asked, "/3/0/2").await, "345000123");
    });
}

#[test]
fn ets_203_querying_basic_information_in_tlv() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        let body = get(&asked, "/3/0", ContentFormat::TLV).await.payload.bytes().clone();
        assert_eq!(body[..23], *b"\xc8\x00\x14Open Mobile Alliance");
        assert!(body.windows(5).any(|part| part == b"\x83\x0b\x41\x00\x00"), "Error Code: {body:x?}");
        let read: Device = asked.read("/3/0").format(ContentFormat::TLV).await.unwrap();
        assert_eq!(read.supported_binding_and_modes, "U");
    });
}

/// The JSON of LwM2M 1.0.
#[test]
fn ets_204_querying_basic_information_in_json() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, Version::V1_0).await;
        let answer = get(&asked, "/3/0", ContentFormat::JSON).await;
        let body = std::str::from_utf8(answer.payload.bytes()).unwrap().to_owned();
        assert!(body.starts_with(r#"{"bn":"/3/0/","e":[{"n":"0","sv":"Open Mobile Alliance"},"#), "{body}");
        assert!(body.contains(r#"{"n":"11/0","v":0}"#), "{body}");
    });
}

#[test]
fn ets_205_setting_basic_information_in_plain_text() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        for (path, value, was) in
            [("/1/0/2", "101", "1"), ("/1/0/3", "1010", "10"), ("/1/0/5", "2000", "86400")]
        {
            assert_eq!(
                set(&asked, Code::PUT, path, ContentFormat::TEXT, value.as_bytes()).await,
                Code::CHANGED
            );
            assert_eq!(text(&asked, path).await, value);
            assert_eq!(
                set(&asked, Code::PUT, path, ContentFormat::TEXT, was.as_bytes()).await,
                Code::CHANGED
            );
            assert_eq!(text(&asked, path).await, was);
        }
    });
}

#[test]
fn ets_211_querying_basic_information_in_cbor() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        asked.write("/1/0/6", false).await.unwrap(); // as configuration C.1 has it
        for (path, expected) in [("/1/0/0", &b"\x01"[..]), ("/1/0/6", b"\xf4"), ("/1/0/7", b"\x61U")] {
            assert_eq!(get(&asked, path, ContentFormat::CBOR).await.payload.bytes(), expected, "{path}");
        }
    });
}

#[test]
fn ets_212_setting_basic_information_in_cbor() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        for (path, value) in [("/1/0/2", &b"\x18\x65"[..]), ("/1/0/3", b"\x19\x03\xf2"), ("/1/0/6", b"\xf5")]
        {
            assert_eq!(set(&asked, Code::PUT, path, ContentFormat::CBOR, value).await, Code::CHANGED);
            assert_eq!(get(&asked, path, ContentFormat::CBOR).await.payload.bytes(), value, "{path}");
        }
    });
}

/// The octets of the test specification; a partial update of the Server instance, then a replacement.
#[test]
fn ets_215_setting_basic_information_in_tlv() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        let body = b"\xc1\x02\x65\xc2\x03\x03\xf2\xc2\x05\x07\xd0\xc1\x06\x01\xc1\x07\x55";
        assert_eq!(set(&asked, Code::POST, "/1/0", ContentFormat::TLV, body).await, Code::CHANGED);
        let read: ServerObject = asked.read("/1/0").await.unwrap();
        assert_eq!((read.default_minimum_period, read.default_maximum_period), (Some(101), Some(1010)));
        assert_eq!(
            (read.disable_timeout, read.notification_storing, read.lifetime),
            (Some(2000), true, 86_400)
        );
    });
}

/// The JSON of LwM2M 1.0.
#[test]
fn ets_220_setting_basic_information_in_json() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, Version::V1_0).await;
        let body = br#"{"bn":"/1/0/","e":[{"n":"2","v":101},{"n":"3","v":1010},{"n":"6","bv":true},{"n":"7","sv":"U"}]}"#;
        assert_eq!(set(&asked, Code::POST, "/1/0", ContentFormat::JSON, body).await, Code::CHANGED);
        let read: ServerObject = asked.read("/1/0").await.unwrap();
        assert_eq!((read.default_minimum_period, read.default_maximum_period), (Some(101), Some(1010)));
        assert!(read.notification_storing);
    });
}

#[test]
fn ets_222_read_on_object() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        let servers: BTreeMap<InstanceId, ServerObject> = asked.read("/1").await.unwrap();
        assert_eq!(servers.keys().copied().collect::<Vec<_>>(), [InstanceId(0)]);
        assert_eq!(servers[&InstanceId(0)].short_server_id, 1);
    });
}

#[test]
fn ets_223_read_on_object_instance() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        let read: ServerObject = asked.read("/1/0").await.unwrap();
        assert_eq!((read.lifetime, &*read.binding), (86_400, "U"));
    });
}

#[test]
fn ets_224_read_on_resource() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        assert_eq!(asked.read::<i64>("/1/0/1").await.unwrap(), 86_400);
        let identities: BTreeMap<u16, String> = asked.read("/16/0/0").await.unwrap();
        assert_eq!(identities.values().collect::<Vec<_>>(), ["host", "maker", "model", "1.0"]);
    });
}

#[test]
fn ets_225_read_on_resource_instance() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        assert_eq!(asked.read::<String>("/16/0/0/2").await.unwrap(), "model");
        assert_eq!(code(asked.read::<String>("/16/0/0/9").await), Code::NOT_FOUND);
    });
}

#[test]
fn ets_226_write_partial_update_on_object_instance() {
    with_shards(async |net, shards| {
        let (mut scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        let body = b"\xc1\x01\x3d\xc1\x06\x01";
        assert_eq!(set(&asked, Code::POST, "/1/0", ContentFormat::TLV, body).await, Code::CHANGED);
        updated(&mut scene, 61).await;
        let read: ServerObject = asked.read("/1/0").await.unwrap();
        assert_eq!((read.lifetime, read.notification_storing), (61, true));
        assert_eq!((read.default_minimum_period, &*read.binding), (Some(1), "U"), "the rest stays");
    });
}

#[test]
fn ets_227_write_replace_on_resource() {
    with_shards(async |net, shards| {
        let (mut scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        asked.write("/1/0/1", 63_i64).await.unwrap();
        updated(&mut scene, 63).await;
        assert_eq!(asked.read::<i64>("/1/0/1").await.unwrap(), 63);
    });
}

#[test]
fn ets_228_write_on_resource_instance() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        asked.write("/16/0/0/1", "test".to_owned()).await.unwrap();
        let identities: BTreeMap<u16, String> = asked.read("/16/0/0").await.unwrap();
        assert_eq!(identities.values().collect::<Vec<_>>(), ["host", "test", "model", "1.0"]);
    });
}

/// All four levels in one format.
async fn all_levels(asked: &ClientHandle, format: ContentFormat) {
    for path in ["/16", "/16/0", "/16/0/0", "/16/0/0/1"] {
        let answer = get(asked, path, format).await;
        assert!(answer.payload.bytes().windows(5).any(|part| part == b"maker"), "{path}");
    }
    let identity = Portfolio::of_host("host", "maker", "model", "1.0").identity;
    let object: BTreeMap<InstanceId, Portfolio> = asked.read("/16").format(format).await.unwrap();
    assert_eq!(object.values().next().unwrap().identity, identity);
    assert_eq!(asked.read::<Portfolio>("/16/0").format(format).await.unwrap().identity, identity);
    assert_eq!(asked.read::<BTreeMap<u16, String>>("/16/0/0").format(format).await.unwrap(), identity);
    assert_eq!(asked.read::<String>("/16/0/0/1").format(format).await.unwrap(), "maker");
}

#[test]
fn ets_231_querying_in_senml_json() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        all_levels(&asked, ContentFormat::SENML_JSON).await;
    });
}

#[test]
fn ets_232_querying_in_senml_cbor() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        all_levels(&asked, ContentFormat::SENML_CBOR).await;
    });
}

#[test]
fn ets_233_setting_in_senml_cbor() {
    with_shards(async |net, shards| {
        let (mut scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        let format = ContentFormat::SENML_CBOR;
        // [{-2: "/1/0/", 0: "1", 2: 61}, {0: "6", 4: true}]
        let partial = b"\x82\xa3\x21\x65/1/0/\x00\x611\x02\x18\x3d\xa2\x00\x616\x04\xf5";
        assert_eq!(set(&asked, Code::POST, "/1/0", format, partial).await, Code::CHANGED);
        updated(&mut scene, 61).await;
        // [{-2: "/16/0/0/0", 3: "test"}]
        let one = b"\x81\xa2\x21\x69/16/0/0/0\x03\x64test";
        assert_eq!(set(&asked, Code::PUT, "/16/0/0/0", format, one).await, Code::CHANGED);
        assert_eq!(asked.read::<String>("/16/0/0/0").await.unwrap(), "test");
        // [{-2: "/1/0/1", 2: 63}]
        assert_eq!(
            set(&asked, Code::PUT, "/1/0/1", format, b"\x81\xa2\x21\x66/1/0/1\x02\x18\x3f").await,
            Code::CHANGED
        );
        updated(&mut scene, 63).await;
    });
}

#[test]
fn ets_234_setting_in_senml_json() {
    with_shards(async |net, shards| {
        let (mut scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        let format = ContentFormat::SENML_JSON;
        let partial = br#"[{"bn":"/1/0/","n":"1","v":61},{"n":"6","vb":true}]"#;
        assert_eq!(set(&asked, Code::POST, "/1/0", format, partial).await, Code::CHANGED);
        updated(&mut scene, 61).await;
        let one = br#"[{"bn":"/16/0/0/0","vs":"test"}]"#;
        assert_eq!(set(&asked, Code::PUT, "/16/0/0/0", format, one).await, Code::CHANGED);
        assert_eq!(asked.read::<String>("/16/0/0/0").await.unwrap(), "test");
        assert_eq!(
            set(&asked, Code::PUT, "/1/0/1", format, br#"[{"bn":"/1/0/1","v":63}]"#).await,
            Code::CHANGED
        );
        updated(&mut scene, 63).await;
    });
}

/// Without an Accept the device chooses, and the server reads what it chose.
#[test]
fn ets_237_read_on_object_without_specifying_a_format() {
    with_shards(async |net, shards| {
        for version in [Version::V1_0, Version::V1_1, Version::V1_2] {
            let (scene, client, asked) = scene(&net, shards, version).await;
            let options = Options::new().with_path(["3"]);
            let answer = asked.raw(Request::new(Code::GET).with_options(options)).await.unwrap();
            assert_eq!(answer.code, Code::CONTENT);
            assert!(answer.options.content_format().is_some());
            let devices: BTreeMap<InstanceId, Device> = asked.read("/3").await.unwrap();
            assert_eq!(devices[&InstanceId(0)].serial_number.as_deref(), Some("345000123"));
            drop((client, scene));
        }
    });
}

#[test]
fn ets_256_write_operation_failure() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        assert_eq!(
            set(&asked, Code::PUT, "/1/0/0", ContentFormat::TEXT, b"2").await,
            Code::METHOD_NOT_ALLOWED
        );
        assert_eq!(asked.read::<i64>("/1/0/0").await.unwrap(), 1);
    });
}

/// Case 270 is delegated to 1630: an instance of the Portfolio object is made.
#[test]
fn ets_270_create_object_instance() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        let made =
            asked.create(Some(1), Portfolio::of_host("second", "maker", "model", "2.0")).await.unwrap();
        assert_eq!(made, Some(InstanceId(1)));
        assert_eq!(asked.read::<String>("/16/1/0/0").await.unwrap(), "second");
        let links = asked.discover("/16").await.unwrap();
        assert!(links.iter().any(|link| link.dimension == Some(4)), "{links:?}");
    });
}

/// Case 290 is delegated to 1635: the instance goes, the object stays.
#[test]
fn ets_290_delete_object_instance() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        asked.create(Some(1), Portfolio::of_host("second", "maker", "model", "2.0")).await.unwrap();
        asked.delete("/16/1").await.unwrap();
        let links = asked.discover("/16").await.unwrap();
        let listed: Vec<_> = links.iter().map(|link| link.path.to_string()).collect();
        assert!(listed.contains(&"/16".to_owned()), "{listed:?}");
        assert!(!listed.iter().any(|path| path.starts_with("/16/1")), "{listed:?}");
    });
}

#[test]
fn ets_651_querying_and_setting_device_resources() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        let body = b"\xc4\x0d\x51\x82\x42\x8f\xc6\x0e\x2b\x30\x32\x3a\x30\x30\xc8\x0f\x0dEurope/Athens";
        assert_eq!(set(&asked, Code::POST, "/3/0", ContentFormat::TLV, body).await, Code::CHANGED);
        assert_eq!(text(&asked, "/3/0/13").await, "1367491215");
        assert_eq!(text(&asked, "/3/0/14").await, "+02:00");
        assert_eq!(text(&asked, "/3/0/15").await, "Europe/Athens");
    });
}

#[test]
fn ets_652_querying_the_firmware_version() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        assert_eq!(text(&asked, "/3/0/3").await, "1.0");
    });
}

#[test]
fn ets_680_no_second_device_is_made() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        let made = asked.create(Some(1), device()).await;
        assert_eq!(code(made), Code::METHOD_NOT_ALLOWED);
    });
}

#[test]
fn ets_685_the_device_is_not_deleted() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, Version::V1_1).await;
        assert_eq!(code(asked.delete("/3/0").await), Code::METHOD_NOT_ALLOWED);
        assert_eq!(text(&asked, "/3/0/3").await, "1.0");
    });
}

//! [Core 1.2 §6.2.1] Every parameter of Register, what the server understands by it, and what it refuses. HLF-023.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::time::Duration;

use common::Scene;
use lwm2m_server::{Binding, Code, Registration, Server, Version, lwm2m_core::sim::Net};

const LINKS: &str = "</1/0>,</3/0>";

/// Registers, and gives code, diagnostic and what was registered.
fn register(strict: bool, parameters: &[&str], links: &str) -> (Code, String, Option<Registration>) {
    let net = Net::seeded(1);
    let inner = net.clone();
    net.run(async move {
        let builder = if strict { Server::builder().strict() } else { Server::builder() };
        let scene = Scene::new(&inner, builder).await;
        let mut device = scene.device("device");
        let answer = device.register_with(parameters, links.as_bytes()).await;
        let registered = scene.server.registrations(None, 10).await.unwrap();
        assert!(registered.len() <= 1);
        let registration = registered.first().map(|registration| Registration::clone(registration));
        assert_eq!(registration.is_some(), answer.code == Code::CREATED, "refused and yet registered");
        (answer.code, answer.text(), registration)
    })
}

fn registered(parameters: &[&str], links: &str) -> Registration {
    let (code, text, registration) = register(false, parameters, links);
    assert_eq!(code, Code::CREATED, "{parameters:?} {links}: {text}");
    registration.unwrap()
}

#[test]
fn all_parameters_are_understood() {
    let all =
        ["ep=urn:dev:ops:32473-a-1", "lt=120", "lwm2m=1.2", "b=UT", "Q", "sms=41790000000", "pid=v:abc"];
    let registration = registered(&all, "</>;rt=\"oma.lwm2m\";ct=\"60 112\",</1/0>,</3>;ver=1.2,</3/0>");
    assert_eq!(&*registration.endpoint, "urn:dev:ops:32473-a-1");
    assert_eq!(registration.lifetime, Duration::from_secs(120));
    assert_eq!(registration.version, Version::V1_2);
    assert_eq!(registration.bindings, [Binding::Udp, Binding::Tcp]);
    assert!(registration.queue_mode);
    assert_eq!(registration.sms.as_deref(), Some("41790000000"));
    assert_eq!(registration.profile.as_deref(), Some("v:abc"));
    assert_eq!(registration.links.formats.len(), 2);
    assert_eq!(registration.objects().len(), 3);
    let expires = registration.expires.unwrap();
    let lasts = expires.since(registration.registered);
    assert!((Duration::from_secs(120)..Duration::from_secs(121)).contains(&lasts), "{lasts:?}");
}

#[test]
fn what_is_missing_has_a_default() {
    let registration = registered(&["ep=a", "lwm2m=1.0"], LINKS);
    assert_eq!(registration.lifetime, Duration::from_secs(86_400));
    assert_eq!(registration.bindings, [Binding::Udp]);
    assert!(!registration.queue_mode);
}

#[test]
fn lifetime_zero_has_no_end() {
    let registration = registered(&["ep=a", "lt=0", "lwm2m=1.1"], LINKS);
    assert_eq!((registration.lifetime, registration.expires), (Duration::ZERO, None));
}

#[test]
fn queue_mode_of_version_1_0_stands_in_the_binding() {
    let registration = registered(&["ep=a", "lt=60", "lwm2m=1.0", "b=UQ"], LINKS);
    assert!(registration.queue_mode);
    assert_eq!(registration.bindings, [Binding::Udp]);
}

#[test]
fn an_alternate_path_is_a_tree_of_its_own() {
    let registration = registered(&["ep=a", "lt=60", "lwm2m=1.1"], "</lwm2m>;rt=\"oma.lwm2m\",</lwm2m/3/0>");
    assert_eq!(registration.tree().prefix(), "/lwm2m");
    assert_eq!(registration.objects()[0].path.to_string(), "/3/0");
}

/// What devices in the field send.
#[test]
fn sloppy_devices_are_understood() {
    for links in [
        "</1/0>, </3/0>",
        "</1/0/>,</3/0/>",
        "</>;rt=oma.lwm2m;ct=112;ct=112,</3/0>",
        "</3>;ver=\"1.1\",</3/0>",
        "</3/0>;ver=1.1",
        "</3/0>;hb;vendor=\"x,y;z\"",
        "</32768/0>,</3/0>",
    ] {
        registered(&["ep=a", "lt=60", "lwm2m=1.1"], links);
    }
    let bare = registered(&["ep=a", "lt", "lwm2m=1.1", "sms", "b"], LINKS);
    assert_eq!((bare.lifetime.as_secs(), bare.sms), (86_400, None));
    let registration = registered(&["ep=ä ö/ü", "lt=60", "lwm2m=1.1", "et=oic.d.light", "flag"], LINKS);
    assert_eq!(&*registration.endpoint, "ä ö/ü");
    assert_eq!(
        registration.extra,
        [("et".to_owned(), Some("oic.d.light".to_owned())), ("flag".to_owned(), None)]
    );
}

/// Where meaning is lost the device hears what is wrong, and never that the server broke.
#[test]
fn refusals_say_what_is_wrong() {
    let table: &[(&[&str], &str, Code, &str)] = &[
        (&["lt=60", "lwm2m=1.1"], LINKS, Code::BAD_REQUEST, "ep"),
        (&["ep=", "lt=60", "lwm2m=1.1"], LINKS, Code::BAD_REQUEST, "ep"),
        (&["ep=a", "lt=60"], LINKS, Code::BAD_REQUEST, "lwm2m"),
        (&["ep=a", "lt=abc", "lwm2m=1.1"], LINKS, Code::BAD_REQUEST, "lt"),
        (&["ep=a", "lt=-5", "lwm2m=1.1"], LINKS, Code::BAD_REQUEST, "lt"),
        (&["ep=a", "lt=99999999999999999999", "lwm2m=1.1"], LINKS, Code::BAD_REQUEST, "lt"),
        (&["ep=a", "lt=60", "lwm2m=2.0"], LINKS, Code::PRECONDITION_FAILED, "lwm2m"),
        (&["ep=a", "lt=60", "lwm2m=1"], LINKS, Code::PRECONDITION_FAILED, "lwm2m"),
        (&["ep=a", "lt=60", "lwm2m=1.1", "b=X"], LINKS, Code::BAD_REQUEST, "b"),
        (&["ep=a", "lt=60", "lwm2m=1.1"], "</1/0", Code::BAD_REQUEST, "byte"),
        (&["ep=a", "lt=60", "lwm2m=1.1"], "hello", Code::BAD_REQUEST, "byte"),
    ];
    for (parameters, links, code, names) in table {
        let (answered, text, _) = register(false, parameters, links);
        assert_eq!(answered, *code, "{parameters:?} {links}: {text}");
        assert!(text.contains(names), "{parameters:?} {links}: {text:?} does not name {names}");
    }
}

#[test]
fn a_strict_server_refuses_parameters_it_does_not_know() {
    let (code, text, _) = register(true, &["ep=a", "lt=60", "lwm2m=1.1", "et=x"], LINKS);
    assert_eq!(code, Code::BAD_REQUEST);
    assert!(text.contains("et"), "{text}");
}

#[test]
fn a_strict_server_refuses_what_is_missing() {
    let (code, text, _) = register(true, &["ep=a", "lwm2m=1.1"], LINKS);
    assert_eq!((code, text.contains("lt")), (Code::BAD_REQUEST, true), "{text}");
    let (code, text, _) = register(true, &["ep=a", "lt=60", "lwm2m=1.1"], "");
    assert_eq!((code, text.contains("list")), (Code::CONFLICT, true), "{text}");
    assert_eq!(register(true, &["ep=a", "lwm2m=1.0"], LINKS).0, Code::CREATED);
}

/// The device then registers with its list.
#[test]
fn a_profile_instead_of_the_list_is_not_known_here() {
    assert_eq!(register(false, &["ep=a", "lt=60", "lwm2m=1.2", "pid=v:abc"], "").0, Code::CONFLICT);
    assert_eq!(register(false, &["ep=a", "lt=60", "lwm2m=1.2", "pid=v:abc"], LINKS).0, Code::CREATED);
}

#[test]
fn a_version_the_server_was_not_given_is_refused() {
    let net = Net::seeded(1);
    let inner = net.clone();
    net.run(async move {
        let scene = Scene::new(&inner, Server::builder().versions(Version::V1_0..=Version::V1_1)).await;
        let mut device = scene.device("device");
        let answer = device.register(&["ep=a", "lt=60", "lwm2m=1.2"]).await;
        assert_eq!(answer.code, Code::PRECONDITION_FAILED);
        assert_eq!(device.register(&["ep=a", "lt=60", "lwm2m=1.1"]).await.code, Code::CREATED);
    });
}

//! What each version of the enabler registers with, and alternate paths. [Core 1.2 §6.2.1, §6.4.1]

mod common;

use common::{account, builder, scene};
use lwm2m_client::{
    Code, Tree, Version,
    lwm2m_core::coap::{OptionNumber, Options},
    objects::Server,
};

#[test]
fn version_1_0_says_binding_and_queue_mode_in_one_text() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let account = account().versions(Version::V1_0, Version::V1_0).binding("UQ");
        let client = builder(&device).server(account).start_in(&device).await.unwrap();
        let register = server.register().await;
        assert_eq!(register.query(), ["b=UQ", "ep=device", "lt=300", "lwm2m=1.0"]);
        assert_eq!(register.text(), "</1>;ver=1.2,</1/0>,</3>;ver=1.2,</3/0>");
        client.objects().instance::<Server>(0).unwrap().update(|server| server.binding = "U".to_owned());
        assert_eq!(server.update().await.query(), ["b=U"]);
    });
}

#[test]
fn later_versions_say_queue_mode_in_a_parameter_of_its_own() {
    for (version, links) in [
        (Version::V1_1, "</>;ct=11542,</1>;ver=1.2,</1/0>,</3>;ver=1.2,</3/0>"),
        (Version::V1_2, "</>;ct=11542,</1/0>,</3/0>"),
    ] {
        let (net, mut server, device) = scene();
        net.run(async move {
            let account = account().versions(version, version).queue_mode();
            let _client = builder(&device).server(account).start_in(&device).await.unwrap();
            let register = server.register().await;
            let lwm2m = format!("lwm2m={version}");
            assert_eq!(register.query(), ["Q", "b=U", "ep=device", "lt=300", &lwm2m]);
            assert_eq!(register.text(), links);
        });
    }
}

#[test]
fn a_binding_that_is_none_is_refused() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let _client = server.start(&device, builder(&device).server(account())).await;
        assert_eq!(server.write_text("/1/0/7", "XY").await, Code::BAD_REQUEST);
        assert_eq!(server.read("/1/0/7").await.text(), "U");
    });
}

#[test]
fn an_alternate_path_stands_before_everything() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let builder = builder(&device).server(account()).tree(Tree::below("/lwm2m").unwrap());
        let _client = builder.start_in(&device).await.unwrap();
        let register = server.register().await;
        assert_eq!(
            register.text(),
            "</lwm2m>;rt=\"oma.lwm2m\";ct=11542,</lwm2m/1>;ver=1.2,</lwm2m/1/0>,</lwm2m/3>;ver=1.2,</lwm2m/3/0>"
        );
        assert_eq!(server.read("/lwm2m/3/0/16").await.text(), "U");
        assert_eq!(server.read("/3/0/16").await.code, Code::NOT_FOUND);
        assert_eq!(server.read("/other/3/0/16").await.code, Code::NOT_FOUND);
        let discover = Options::new().with_uint(OptionNumber::ACCEPT, 40);
        let links = server.ask(Code::GET, "/lwm2m/3/0?depth=0", discover, b"").await;
        assert_eq!(links.text(), "</lwm2m/3/0>");
    });
}

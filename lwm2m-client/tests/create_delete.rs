//! Create and Delete. [Core 1.2 §6.3.6, §6.3.7]

mod common;

use common::{TLV, account, builder, format, gadget::Gadget, scene};
use lwm2m_client::{ClientEvent, Code, Served, lwm2m_core::coap::Options};

/// level = 20
const LEVEL: [u8; 3] = [0xc1, 0, 20];

#[test]
fn a_new_instance_gets_a_number_and_what_the_program_begins_with() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let builder = builder(&device).server(account());
        builder.objects().add(0, Gadget::default()).unwrap();
        builder.objects().creatable(|_| Gadget { value: 2.5, ..Gadget::default() }).unwrap();
        let mut events = builder.events();
        let client = server.start(&device, builder).await;
        let created = server.ask(Code::POST, "/32800", format(TLV), &LEVEL).await;
        assert_eq!(created.code, Code::CREATED);
        assert_eq!(created.options.location_path().collect::<Vec<_>>(), ["32800", "1"]);
        let gadget = client.objects().instance::<Gadget>(1).unwrap();
        assert_eq!(gadget.get(), Gadget { level: 20, value: 2.5, ..Gadget::default() });
        assert!(server.update().await.text().ends_with("</32800/0>,</32800/1>"), "servers hear of it");
        while let Some(event) = events.next().await {
            if let ClientEvent::Created { server: 1, path } = event {
                assert_eq!(path.to_string(), "/32800/1");
                break;
            }
        }
    });
}

#[test]
fn a_number_chosen_by_the_server_is_kept_and_never_taken_twice() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let builder = builder(&device).server(account());
        builder.objects().creatable(|_| Gadget::default()).unwrap();
        let client = server.start(&device, builder).await;
        // instance 7 with level = 20
        let numbered = [0x03, 7, 0xc1, 0, 20];
        let created = server.ask(Code::POST, "/32800", format(TLV), &numbered).await;
        assert_eq!(created.code, Code::CREATED);
        assert_eq!(created.options.location_path().count(), 0, "the server knows");
        server.update().await;
        let again = server.ask(Code::POST, "/32800", format(TLV), &numbered).await;
        assert_eq!((again.code, again.text().as_str()), (Code::BAD_REQUEST, "/32800/7 exists"));
        let lacking = server.ask(Code::POST, "/32800", format(TLV), &[0xc3, 1, b'n', b'e', b'w']).await;
        assert_eq!(lacking.code, Code::BAD_REQUEST);
        assert!(lacking.text().contains("mandatory"), "{}", lacking.text());
        assert_eq!(client.objects().instances::<Gadget>().len(), 1);
    });
}

#[test]
fn a_deleted_instance_is_gone_for_servers_and_for_the_program() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let builder = builder(&device).server(account());
        let gadget = builder.objects().add(0, Gadget::default()).unwrap();
        builder.objects().creatable(|_| Gadget::default()).unwrap();
        let mut served = gadget.changes();
        let client = server.start(&device, builder).await;
        assert_eq!(server.ask(Code::DELETE, "/32800/0", Options::new(), b"").await.code, Code::DELETED);
        assert!(server.update().await.text().ends_with("</32800>"), "the object stays");
        assert_eq!(server.read("/32800/0").await.code, Code::NOT_FOUND);
        assert_eq!(served.next().await.unwrap(), [Served::Deleted]);
        assert!(!gadget.exists());
        assert!(client.objects().instance::<Gadget>(0).is_none());
        gadget.set(Gadget::LEVEL, 5); // speaks to nobody
        assert!(client.objects().add(0, Gadget::default()).is_ok(), "the number is free");
    });
}

#[test]
fn a_resource_instance_is_deleted_since_1_2() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let newest = lwm2m_client::Version::V1_2;
        let builder = builder(&device).server(account().versions(newest, newest));
        let slots = [(0, 100), (1, 101)].into();
        let gadget = builder.objects().add(0, Gadget { slots, ..Gadget::default() }).unwrap();
        let _client = server.start(&device, builder).await;
        let delete = |uri| (Code::DELETE, uri, Options::new());
        let (method, uri, options) = delete("/32800/0/4/1");
        assert_eq!(server.ask(method, uri, options, b"").await.code, Code::DELETED);
        assert_eq!(gadget.get().slots, [(0, 100)].into());
        let (method, uri, options) = delete("/32800/0/4/1");
        assert_eq!(server.ask(method, uri, options, b"").await.code, Code::NOT_FOUND);
    });
}

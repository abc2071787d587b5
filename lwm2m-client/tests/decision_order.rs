//! Which refusal a server gets. [Core 1.2 §6.3, §6.4]

mod common;

use common::{TLV, account, builder, format, gadget::Gadget, scene};
use lwm2m_client::{
    Code,
    lwm2m_core::coap::{OptionNumber, Options},
};

#[test]
fn every_refusal_has_its_code() {
    let accept = |number| Options::new().with_uint(OptionNumber::ACCEPT, number);
    let observe = |value| Options::new().with_uint(OptionNumber::OBSERVE, value);
    let none = Options::new;
    let (text, tlv) = (|| format(0), || format(TLV));
    let cases: Vec<(Code, &str, Options, &[u8], Code)> = vec![
        // Objects with secrets, whatever is asked of them.
        (Code::GET, "/0", none(), b"", Code::UNAUTHORIZED),
        (Code::GET, "/0/0/0", none(), b"", Code::UNAUTHORIZED),
        (Code::GET, "/0/0", accept(40), b"", Code::UNAUTHORIZED),
        (Code::PUT, "/0/0/0", text(), b"coap://evil", Code::UNAUTHORIZED),
        (Code::GET, "/0/0/5", observe(0), b"", Code::UNAUTHORIZED),
        (Code::DELETE, "/0/0", none(), b"", Code::UNAUTHORIZED),
        (Code::POST, "/0", tlv(), b"", Code::UNAUTHORIZED),
        // What is not there, before what may be done.
        (Code::GET, "/4", none(), b"", Code::NOT_FOUND),
        (Code::GET, "/32800/1", none(), b"", Code::NOT_FOUND),
        (Code::GET, "/32800/0/99", none(), b"", Code::NOT_FOUND),
        (Code::GET, "/32800/0/1", none(), b"", Code::NOT_FOUND),
        (Code::GET, "/32800/0/4/5", none(), b"", Code::NOT_FOUND),
        (Code::PUT, "/32800/0/4/5", text(), b"1", Code::NOT_FOUND),
        (Code::POST, "/32800/1/3", none(), b"", Code::NOT_FOUND),
        (Code::POST, "/32800/0/7", none(), b"", Code::NOT_FOUND),
        (Code::DELETE, "/32800/1", none(), b"", Code::NOT_FOUND),
        (Code::GET, "/abc", none(), b"", Code::NOT_FOUND),
        (Code::GET, "/.well-known/core", none(), b"", Code::NOT_FOUND),
        // What cannot be done there, before what is wrong with the format.
        (Code::GET, "/32800/0/3", none(), b"", Code::METHOD_NOT_ALLOWED),
        (Code::GET, "/32800/0/6", accept(999), b"", Code::METHOD_NOT_ALLOWED),
        (Code::GET, "/32800/0/6", observe(0), b"", Code::METHOD_NOT_ALLOWED),
        (Code::GET, "/32800/0/0/0", none(), b"", Code::METHOD_NOT_ALLOWED),
        (Code::PUT, "/32800/0/2", format(999), b"1", Code::METHOD_NOT_ALLOWED),
        (Code::PUT, "/32800", tlv(), b"", Code::METHOD_NOT_ALLOWED),
        (Code::POST, "/32800/0/0", none(), b"", Code::METHOD_NOT_ALLOWED),
        (Code::POST, "/32800/0/4/0", none(), b"", Code::METHOD_NOT_ALLOWED),
        (Code::POST, "/3", tlv(), b"", Code::METHOD_NOT_ALLOWED),
        (Code::POST, "/32800", tlv(), &[0xc1, 0, 5], Code::METHOD_NOT_ALLOWED),
        (Code::DELETE, "/3/0", none(), b"", Code::METHOD_NOT_ALLOWED),
        (Code::DELETE, "/32800/0", none(), b"", Code::METHOD_NOT_ALLOWED),
        (Code::DELETE, "/32800/0/1", none(), b"", Code::METHOD_NOT_ALLOWED),
        (Code::FETCH, "/3", format(110), br#"[{"n":"/3/0"}]"#, Code::METHOD_NOT_ALLOWED),
        (Code::FETCH, "/", format(112), b"\x80", Code::BAD_REQUEST),
        (Code::FETCH, "/", tlv(), b"", Code::UNSUPPORTED_CONTENT_FORMAT),
        (Code::FETCH, "/", accept(11542), b"", Code::NOT_ACCEPTABLE),
        (Code::IPATCH, "/", format(0), b"1", Code::UNSUPPORTED_CONTENT_FORMAT),
        (Code::IPATCH, "/", format(110), br#"[{"n":"/4/0/1","v":1}]"#, Code::NOT_FOUND),
        (Code::IPATCH, "/", format(110), br#"[{"n":"/0/0/0","vs":""}]"#, Code::UNAUTHORIZED),
        (Code::IPATCH, "/", format(110), br#"[{"n":"/32800/0/2","v":1}]"#, Code::METHOD_NOT_ALLOWED),
        (Code::IPATCH, "/", format(110), br#"[{"n":"/32800/0/0","v":101}]"#, Code::BAD_REQUEST),
        (Code::GET, "/1/2/3/4/5", none(), b"", Code::METHOD_NOT_ALLOWED),
        // Formats, before payloads.
        (Code::GET, "/32800/0/0", accept(999), b"", Code::NOT_ACCEPTABLE),
        (Code::GET, "/32800/0", accept(0), b"", Code::NOT_ACCEPTABLE),
        (Code::PUT, "/32800/0/0", format(999), b"x", Code::UNSUPPORTED_CONTENT_FORMAT),
        (Code::PUT, "/32800/0", text(), b"x", Code::UNSUPPORTED_CONTENT_FORMAT),
        (Code::POST, "/32800/0/3", format(42), b"", Code::UNSUPPORTED_CONTENT_FORMAT),
        // Payloads.
        (Code::PUT, "/32800/0/0", none(), b"5", Code::BAD_REQUEST),
        (Code::PUT, "/32800/0/0", text(), b"five", Code::BAD_REQUEST),
        (Code::PUT, "/32800/0/0", text(), b"101", Code::BAD_REQUEST),
        (Code::PUT, "/32800/0/1", text(), b"123456789", Code::BAD_REQUEST),
        (Code::PUT, "/32800/0/5", text(), b"9:0", Code::BAD_REQUEST),
        (Code::PUT, "/32800/0", tlv(), &[0xc1, 0], Code::BAD_REQUEST),
        (Code::POST, "/32800/0/3", text(), b"1='a b'", Code::BAD_REQUEST),
        (Code::GET, "/32800/0/0?pmin=10", observe(0), b"", Code::BAD_REQUEST),
        // And what is right.
        (Code::GET, "/32800/0/0", none(), b"", Code::CONTENT),
        (Code::GET, "/32800", none(), b"", Code::CONTENT),
        (Code::PUT, "/32800/0/5", text(), b"3:0", Code::CHANGED),
        (Code::PUT, "/32800/0/6", format(42), b"key", Code::CHANGED),
        (Code::POST, "/32800/0/3", none(), b"", Code::CHANGED),
    ];
    let (net, mut server, device) = scene();
    net.run(async move {
        let builder = builder(&device).server(account());
        let gadget = builder.objects().add(0, Gadget::default()).unwrap();
        let _client = server.start(&device, builder).await;
        for (method, uri, options, payload, expected) in cases {
            let before = gadget.get();
            let answer = server.ask(method, uri, options, payload).await;
            assert_eq!(answer.code, expected, "{method} {uri} with {payload:?}: {}", answer.text());
            let bare =
                matches!(expected, Code::NOT_FOUND | Code::METHOD_NOT_ALLOWED) && answer.text().is_empty();
            assert!(!bare, "{method} {uri}: why?");
            assert!(expected.is_success() || gadget.get() == before, "{method} {uri} changes nothing");
        }
    });
}

#[test]
fn a_refusal_says_what_is_wrong_and_where() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let builder = builder(&device).server(account());
        let gadget = Gadget { slots: [(0, 1)].into(), ..Gadget::default() };
        builder.objects().add(0, gadget).unwrap();
        let _client = server.start(&device, builder).await;
        let refused = server.ask(Code::PUT, "/32800/0/0", format(0), b"101").await;
        assert_eq!(refused.text(), "/32800/0/0: Level (0) must be 0 to 100");
        let refused = server.ask(Code::PUT, "/32800/0/5", format(0), b"9:0").await;
        assert_eq!(refused.text(), "/32800/0/5: 9:0 does not exist");
        for (method, uri, text) in [
            (Code::GET, "/4242/0/1", "/4242/0/1: no such object"),
            (Code::GET, "/32800/7", "/32800/7: no such instance"),
            (Code::GET, "/32800/0/99", "/32800/0/99: no such resource"),
            (Code::GET, "/32800/0/1", "/32800/0/1: no such resource"),
            (Code::GET, "/32800/0/4/5", "/32800/0/4/5: no such resource instance"),
            (Code::GET, "/32800/0/6", "/32800/0/6: not readable"),
            (Code::POST, "/32800/0/0", "/32800/0/0: not executable"),
            (Code::DELETE, "/3/0", "/3/0: servers do not delete this"),
            (
                Code::DELETE,
                "/32800/0",
                "/32800/0: servers neither create nor delete instances of this object",
            ),
        ] {
            assert_eq!(server.ask(method, uri, Options::new(), b"").await.text(), text);
        }
    });
}

#[test]
fn nobody_but_the_server_is_answered() {
    let (net, mut server, device) = scene();
    let stranger = net.host("stranger").raw(5683);
    let clock = net.clone();
    net.run(async move {
        let client = builder(&device).server(account()).start_in(&device).await.unwrap();
        let register = server.register().await;
        client.registered().await.unwrap();
        // GET /3/0/16, confirmable.
        stranger.send(
            register.from,
            vec![0x41, 0x01, 0x12, 0x34, 0xaa, 0xb1, b'3', 0x01, b'0', 0x02, b'1', b'6'],
        );
        clock.sleep(std::time::Duration::from_secs(10)).await;
        assert_eq!(stranger.received(), 0);
        assert_eq!(server.read("/3/0/16").await.text(), "U");
    });
}

//! Handshake messages: what is written is read; what is cut, lengthened or against the rules is refused by name.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bytes::BytesMut;
use lwm2m_core::dtls::{
    Refusal,
    message::{
        AlertDescription, Certificate, CertificateRequest, CertificateType, CertificateVerify,
        ClientExtensions, ClientHello, ClientKeyExchange, EMPTY_RENEGOTIATION_INFO_SCSV, EcdhParameters,
        Finished, HelloVerifyRequest, MAX_CERTIFICATES, MaxFragmentLength, Names, Point, ServerExtensions,
        ServerHello, ServerKeyExchange, SessionId, Signature, U16List,
    },
    record::ProtocolVersion,
    suite::{KeyExchange, Suite},
};
use proptest::{collection::vec, option, prelude::*, sample::select};

fn octets(most: usize) -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..=most)
}

fn numbers() -> impl Strategy<Value = Option<Vec<u16>>> {
    option::of(vec(any::<u16>(), 1..20))
}

fn types() -> impl Strategy<Value = Option<Vec<u8>>> {
    option::of(vec(any::<u8>(), 1..4))
}

fn length() -> impl Strategy<Value = Option<MaxFragmentLength>> {
    use MaxFragmentLength as M;
    option::of(select(&[M::OCTETS_512, M::OCTETS_1024, M::OCTETS_2048, M::OCTETS_4096][..]))
}

fn certificate_type() -> impl Strategy<Value = Option<CertificateType>> {
    option::of(select(&[CertificateType::X509, CertificateType::RawPublicKey][..]))
}

fn point() -> impl Strategy<Value = Point> {
    vec(any::<u8>(), 64).prop_map(|xy| [&[4][..], &xy].concat().try_into().unwrap())
}

fn written(encode: impl FnOnce(&mut BytesMut)) -> BytesMut {
    let mut out = BytesMut::new();
    encode(&mut out);
    out
}

/// No beginning of a body, and no body with something behind it, may be read.
fn only_whole<'a, T: std::fmt::Debug>(body: &'a [u8], parse: impl Fn(&'a [u8]) -> Result<T, Refusal>) {
    for end in 0..body.len() {
        let refused = parse(&body[..end]).unwrap_err();
        assert_eq!(refused.alert, AlertDescription::DECODE_ERROR, "{refused} at {end}");
    }
    let longer: &'static [u8] = [body, &[0]].concat().leak();
    assert!(parse_static(longer, &parse).is_err());
}

fn parse_static<'a, T>(
    body: &'static [u8],
    parse: &impl Fn(&'a [u8]) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    parse(body)
}

proptest! {
    #[test]
    fn client_hello(
        (random, session, cookie, suites) in (any::<[u8; 32]>(), octets(32), octets(255), vec(any::<u16>(), 1..60)),
        (server_name, max_fragment_length, groups, formats, algorithms) in
            (option::of("[a-z.]{1,60}"), length(), numbers(), types(), numbers()),
        (client_types, server_types, cid, renegotiation) in
            (types(), types(), option::of(octets(255)), option::of(octets(24))),
        (encrypt_then_mac, extended_master_secret) in any::<(bool, bool)>(),
    ) {
        let hello = ClientHello {
            version: ProtocolVersion::DTLS_1_2,
            random: &random,
            session_id: SessionId::new(&session).unwrap(),
            cookie: &cookie,
            suites: U16List::new(&suites),
            extensions: ClientExtensions {
                server_name: server_name.as_deref(),
                max_fragment_length,
                supported_groups: groups.as_deref().map(U16List::new),
                ec_point_formats: formats.as_deref(),
                signature_algorithms: algorithms.as_deref().map(U16List::new),
                client_certificate_types: client_types.as_deref(),
                server_certificate_types: server_types.as_deref(),
                encrypt_then_mac,
                extended_master_secret,
                connection_id: cid.as_deref(),
                renegotiation_info: renegotiation.as_deref(),
            },
        };
        let body = written(|out| hello.encode(out));
        prop_assert_eq!(ClientHello::parse(&body), Ok(hello.clone()));
        let bare = ClientHello { extensions: ClientExtensions::default(), ..hello.clone() };
        let without = written(|out| bare.encode(out)).len();
        for end in 0..body.len() {
            // Without any extension it is whole as well.
            prop_assert_eq!(ClientHello::parse(&body[..end]).is_ok(), end == without);
        }
        let (before, behind) = ClientHello::around_cookie(&body).unwrap();
        let other = ClientHello { cookie: b"another", extensions: ClientExtensions::default(), ..hello };
        let other = written(|out| other.encode(out));
        prop_assert_eq!(ClientHello::around_cookie(&other).unwrap(), (before, behind));
        prop_assert_eq!(before.len() + 1 + cookie.len() + behind.len(), without);
    }

    #[test]
    fn server_hello(
        (random, session, suite) in (any::<[u8; 32]>(), octets(32), select(&Suite::ALL[..])),
        (max_fragment_length, formats) in (length(), types()),
        (client_type, server_type) in (certificate_type(), certificate_type()),
        (cid, renegotiation) in (option::of(octets(255)), option::of(octets(24))),
        (server_name, encrypt_then_mac, extended_master_secret) in any::<(bool, bool, bool)>(),
    ) {
        let hello = ServerHello {
            random: &random,
            session_id: SessionId::new(&session).unwrap(),
            suite,
            extensions: ServerExtensions {
                server_name,
                max_fragment_length,
                ec_point_formats: formats.as_deref(),
                client_certificate_type: client_type,
                server_certificate_type: server_type,
                encrypt_then_mac,
                extended_master_secret,
                connection_id: cid.as_deref(),
                renegotiation_info: renegotiation.as_deref(),
                unknown: None,
            },
        };
        let body = written(|out| hello.encode(out));
        prop_assert_eq!(ServerHello::parse(&body), Ok(hello));
    }

    #[test]
    fn hello_verify_request(cookie in octets(255)) {
        let request = HelloVerifyRequest { version: ProtocolVersion::DTLS_1_0, cookie: &cookie };
        let body = written(|out| request.encode(out));
        prop_assert_eq!(HelloVerifyRequest::parse(&body), Ok(request));
        only_whole(&body, HelloVerifyRequest::parse);
    }

    #[test]
    fn certificates(chain in vec(vec(any::<u8>(), 1..30), 0..=MAX_CERTIFICATES)) {
        let body = written(|out| Certificate::encode_chain(&chain, out));
        let parse = |body| Certificate::parse(CertificateType::X509, body);
        let read = parse(&body).unwrap();
        let Certificate::X509(list) = read else { panic!() };
        prop_assert!(list.iter().eq(chain.iter().map(|der| &der[..])));
        prop_assert_eq!(read.is_empty(), chain.is_empty());
        prop_assert_eq!(written(|out| read.encode(out)), &body);
        only_whole(&body, parse);
    }

    #[test]
    fn raw_public_key(spki in octets(100)) {
        let certificate = Certificate::RawPublicKey(&spki);
        let body = written(|out| certificate.encode(out));
        prop_assert_eq!(Certificate::parse(CertificateType::RawPublicKey, &body), Ok(certificate));
        prop_assert_eq!(certificate.is_empty(), spki.is_empty());
    }

    #[test]
    fn certificate_request(ecdsa_sign: bool, algorithms in vec(any::<u16>(), 1..20)) {
        let request = CertificateRequest {
            ecdsa_sign,
            signature_algorithms: U16List::new(&algorithms),
            authorities: Names::default(),
        };
        let body = written(|out| request.encode(out));
        prop_assert_eq!(CertificateRequest::parse(&body), Ok(request));
        only_whole(&body, CertificateRequest::parse);
    }

    #[test]
    fn key_exchange(hint in octets(128), point in point(), algorithm: u16, der in octets(72)) {
        let parameters = EcdhParameters { point: &point };
        let signature = Signature { algorithm, der: &der };
        for (exchange, server, client) in [
            (KeyExchange::Psk, ServerKeyExchange::Psk { hint: &hint }, ClientKeyExchange::Psk { identity: &hint }),
            (
                KeyExchange::EcdhePsk,
                ServerKeyExchange::EcdhePsk { hint: &hint, parameters },
                ClientKeyExchange::EcdhePsk { identity: &hint, point: &point },
            ),
            (
                KeyExchange::EcdheEcdsa,
                ServerKeyExchange::EcdheEcdsa { parameters, signature },
                ClientKeyExchange::EcdheEcdsa { point: &point },
            ),
        ] {
            let body = written(|out| server.encode(out));
            prop_assert_eq!(ServerKeyExchange::parse(exchange, &body), Ok(server));
            only_whole(&body, |body| ServerKeyExchange::parse(exchange, body));
            let body = written(|out| client.encode(out));
            prop_assert_eq!(ClientKeyExchange::parse(exchange, &body), Ok(client));
            only_whole(&body, |body| ClientKeyExchange::parse(exchange, body));
        }
        let verify = CertificateVerify(signature);
        let body = written(|out| verify.encode(out));
        prop_assert_eq!(CertificateVerify::parse(&body), Ok(verify));
        only_whole(&body, CertificateVerify::parse);
    }

    #[test]
    fn finished(data: [u8; 12]) {
        let body = written(|out| Finished(&data).encode(out));
        prop_assert_eq!(Finished::parse(&body), Ok(Finished(&data)));
        only_whole(&body, Finished::parse);
    }
}

/// Version, random, no session, no cookie, one suite, null compression, then these extensions.
fn client_hello_with(extensions: &[u8]) -> Vec<u8> {
    let mut body = [&[0xFE, 0xFD][..], &[7; 32], &[0, 0, 0, 2, 0xC0, 0xA8, 1, 0]].concat();
    body.extend(u16::try_from(extensions.len()).unwrap().to_be_bytes());
    body.extend(extensions);
    body
}

fn server_hello_with(extensions: &[u8]) -> Vec<u8> {
    let mut body = [&[0xFE, 0xFD][..], &[7; 32], &[0, 0xC0, 0xA8, 0]].concat();
    body.extend(u16::try_from(extensions.len()).unwrap().to_be_bytes());
    body.extend(extensions);
    body
}

#[test]
fn extensions_against_the_rules_are_refused_by_name() {
    let refused =
        |extensions: &[u8]| ClientHello::parse(&client_hello_with(extensions)).unwrap_err().to_string();
    assert_eq!(refused(&[0, 22, 0, 0, 0, 22, 0, 0]), "illegal_parameter: extension twice");
    assert_eq!(refused(&[99, 99, 0, 0, 0, 22, 0, 0, 99, 99, 0, 0]), "illegal_parameter: extension twice");
    assert_eq!(refused(&[0, 1, 0, 1, 5]), "illegal_parameter: max_fragment_length");
    assert_eq!(refused(&[0, 1, 0, 2, 1, 1]), "decode_error: max_fragment_length");
    assert_eq!(refused(&[0, 10, 0, 2, 0, 0]), "decode_error: supported_groups");
    assert_eq!(refused(&[0, 10, 0, 3, 0, 1, 0]), "decode_error: supported_groups");
    assert_eq!(refused(&[0, 11, 0, 1, 0]), "decode_error: ec_point_formats");
    assert_eq!(refused(&[0, 13, 0, 4, 0, 2, 4]), "decode_error: extensions");
    assert_eq!(refused(&[0, 22, 0, 1, 0]), "decode_error: encrypt_then_mac");
    assert_eq!(refused(&[0, 23, 0, 1, 0]), "decode_error: extended_master_secret");
    assert_eq!(refused(&[0, 54, 0, 2, 2, 1]), "decode_error: connection_id");
    assert_eq!(refused(&[0, 54, 0, 0]), "decode_error: connection_id");
    assert_eq!(refused(&[0, 0, 0, 5, 0, 3, 0, 0, 0]), "illegal_parameter: server_name");
    let many: Vec<u8> = (0..33).flat_map(|kind| [1, kind, 0, 0]).collect();
    assert_eq!(refused(&many), "decode_error: number of extensions");
    assert!(ClientHello::parse(&client_hello_with(&many[..32 * 4])).is_ok());
}

#[test]
fn hellos_against_the_rules_are_refused_by_name() {
    let good = client_hello_with(&[]);
    let changed = |at: usize, octet: u8| {
        let mut body = good.clone();
        body[at] = octet;
        ClientHello::parse(&body).unwrap_err().to_string()
    };
    assert_eq!(changed(1, 0xFF), "protocol_version: version of the client");
    assert_eq!(changed(0, 0x03), "protocol_version: version of the client");
    assert_eq!(changed(good.len() - 3, 1), "illegal_parameter: compression_methods");
    assert!(ClientHello::parse(&[&good[..1], &[0xFC], &good[2..]].concat()).is_ok(), "DTLS 1.3 is downwards");
    let good = server_hello_with(&[]);
    let changed = |at: usize, octet: u8| {
        let mut body = good.clone();
        body[at] = octet;
        ServerHello::parse(&body).unwrap_err().to_string()
    };
    assert_eq!(changed(1, 0xFF), "protocol_version: version of the server");
    assert_eq!(changed(36, 0xFF), "illegal_parameter: cipher_suite");
    assert_eq!(changed(37, 1), "illegal_parameter: compression_method");
}

#[test]
fn a_server_may_answer_only_what_was_offered() {
    let check = |extensions: &[u8], offered: &ClientExtensions<'_>, scsv| {
        let body = server_hello_with(extensions);
        ServerHello::parse(&body)
            .unwrap()
            .extensions
            .check_offered(offered, scsv)
            .map_err(|refused| refused.to_string())
    };
    let nothing = ClientExtensions::default();
    for (extensions, name) in [
        (&[0, 54, 0, 1, 0][..], "connection_id"),
        (&[0, 22, 0, 0], "encrypt_then_mac"),
        (&[0, 23, 0, 0], "extended_master_secret"),
        (&[0, 20, 0, 1, 2], "server_certificate_type"),
        (&[0, 19, 0, 1, 2], "client_certificate_type"),
        (&[0, 1, 0, 1, 2], "max_fragment_length"),
        (&[0xFF, 1, 0, 1, 0], "renegotiation_info"),
        (&[0, 35, 0, 0], "extension that was never offered"),
        (&[0, 15, 0, 1, 1], "extension that was never offered"),
    ] {
        assert_eq!(check(extensions, &nothing, false), Err(format!("unsupported_extension: {name}")));
    }
    assert_eq!(
        check(&[0xFF, 1, 0, 1, 0], &nothing, true),
        Ok(()),
        "{EMPTY_RENEGOTIATION_INFO_SCSV:x} is an offer"
    );
    let offered = ClientExtensions {
        server_certificate_types: Some(&[2]),
        max_fragment_length: Some(MaxFragmentLength::OCTETS_512),
        ..nothing
    };
    assert_eq!(check(&[0, 20, 0, 1, 2, 0, 1, 0, 1, 1], &offered, false), Ok(()));
    let illegal = |name| Err(format!("illegal_parameter: {name}"));
    assert_eq!(check(&[0, 20, 0, 1, 0], &offered, false), illegal("server_certificate_type"));
    assert_eq!(check(&[0, 1, 0, 1, 2], &offered, false), illegal("max_fragment_length"));
}

#[test]
fn exchanges_against_the_rules_are_refused_by_name() {
    let refused = |exchange, body: &[u8]| ClientKeyExchange::parse(exchange, body).unwrap_err().to_string();
    assert_eq!(
        refused(KeyExchange::EcdheEcdsa, &[&[33, 2][..], &[1; 32]].concat()),
        "illegal_parameter: point"
    );
    assert_eq!(
        refused(KeyExchange::EcdheEcdsa, &[&[65, 3][..], &[1; 64]].concat()),
        "illegal_parameter: point"
    );
    assert_eq!(refused(KeyExchange::EcdheEcdsa, &[0]), "illegal_parameter: point");
    let long = [&[1, 1][..], &[b'a'; 257]].concat();
    assert_eq!(refused(KeyExchange::Psk, &long), "unknown_psk_identity: length of the PSK identity");
    let refused =
        |body: &[u8]| ServerKeyExchange::parse(KeyExchange::EcdheEcdsa, body).unwrap_err().to_string();
    assert_eq!(refused(&[1, 0, 23]), "illegal_parameter: curve type");
    assert_eq!(refused(&[3, 0, 24, 97]), "illegal_parameter: named group");
    let chain = |certificates: &[&[u8]]| {
        let body = written(|out| Certificate::encode_chain(certificates, out));
        Certificate::parse(CertificateType::X509, &body).map(|_| ()).map_err(|refused| refused.what)
    };
    assert_eq!(chain(&[b"a", b""]), Err("empty certificate"));
    assert_eq!(chain(&[&b"a"[..]; MAX_CERTIFICATES + 1]), Err("number of certificates"));
}

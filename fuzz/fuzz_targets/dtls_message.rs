//! Handshake messages: what is read is written, and read as the same again. Keys and certificates are refused or hold
//! what they say.

#![no_main]

use bytes::BytesMut;
use libfuzzer_sys::fuzz_target;
use lwm2m_core::{
    Bytes,
    dtls::{
        Refusal,
        certificate::{MAX_NAMES, ServerPolicy, verify_client, verify_server},
        key::{PrivateKey, PublicKey},
        message::{
            Alert, Certificate, CertificateRequest, CertificateType, CertificateVerify, ClientExtensions,
            ClientHello, ClientKeyExchange, Finished, HelloVerifyRequest, ServerHello, ServerKeyExchange,
        },
        suite::KeyExchange,
    },
};

/// Written, read and written again it is the same.
macro_rules! same {
    ($body:expr, $parse:expr, $encode:expr) => {
        if let Ok(message) = $parse($body) {
            let mut out = BytesMut::new();
            $encode(&message, &mut out);
            let again = $parse(&out).expect("what is written is read");
            assert_eq!(again, message);
        }
    };
}

fn known(body: &[u8]) -> Result<ServerHello<'_>, Refusal> {
    let mut hello = ServerHello::parse(body)?;
    hello.extensions.unknown = None;
    Ok(hello)
}

fn raw(body: &[u8]) -> Result<Certificate<'_>, Refusal> {
    Certificate::parse(CertificateType::RawPublicKey, body)
}

fn chain(body: &[u8]) -> Result<Certificate<'_>, Refusal> {
    Certificate::parse(CertificateType::X509, body)
}

fn server_exchange(
    exchange: KeyExchange,
) -> impl for<'a> Fn(&'a [u8]) -> Result<ServerKeyExchange<'a>, Refusal> {
    move |body| ServerKeyExchange::parse(exchange, body)
}

fn client_exchange(
    exchange: KeyExchange,
) -> impl for<'a> Fn(&'a [u8]) -> Result<ClientKeyExchange<'a>, Refusal> {
    move |body| ClientKeyExchange::parse(exchange, body)
}

fuzz_target!(|input: (u8, &[u8])| {
    let (kind, body) = input;
    let exchange = match kind / 16 % 3 {
        0 => KeyExchange::Psk,
        1 => KeyExchange::EcdhePsk,
        _ => KeyExchange::EcdheEcdsa,
    };
    match kind % 16 {
        0 => {
            same!(body, ClientHello::parse, ClientHello::encode);
            if ClientHello::parse(body).is_ok() {
                let (before, behind) =
                    ClientHello::around_cookie(body).expect("what is read has these parts");
                assert!(before.len() + behind.len() < body.len());
            }
        }
        1 => {
            // What is never offered is not written.
            same!(body, known, ServerHello::encode);
            if let Ok(hello) = ServerHello::parse(body) {
                let _ = hello.extensions.check_offered(&ClientExtensions::default(), false);
            }
        }
        2 => same!(body, HelloVerifyRequest::parse, HelloVerifyRequest::encode),
        3 => same!(body, raw, Certificate::encode),
        4 => certificate(body),
        5 => same!(body, CertificateRequest::parse, CertificateRequest::encode),
        6 => same!(body, server_exchange(exchange), ServerKeyExchange::encode),
        7 => same!(body, client_exchange(exchange), ClientKeyExchange::encode),
        8 => same!(body, CertificateVerify::parse, CertificateVerify::encode),
        9 => same!(body, Finished::parse, Finished::encode),
        10 => same!(body, Alert::parse, |alert: &Alert, out: &mut BytesMut| out
            .extend_from_slice(&alert.to_octets())),
        11 => {
            if let Ok(key) = PublicKey::from_spki(body) {
                assert_eq!(key.spki(), body);
            }
        }
        _ => {
            if let Ok(key) = PrivateKey::from_octets(body) {
                assert_eq!(
                    PrivateKey::from_octets(key.to_pkcs8().expose()).map(|key| key.public()),
                    Ok(key.public())
                );
            }
        }
    }
});

fn certificate(body: &[u8]) {
    same!(body, chain, Certificate::encode);
    let Ok(Certificate::X509(list)) = chain(body) else { return };
    let trust: Vec<Bytes> = list.iter().map(Bytes::copy_from_slice).collect();
    let policy = ServerPolicy { host: "server.example", association: None, trust: &trust };
    for verified in
        [verify_client(list, &trust, None), verify_server(list, &policy, None)].into_iter().flatten()
    {
        assert!(verified.names.len() <= MAX_NAMES);
    }
}

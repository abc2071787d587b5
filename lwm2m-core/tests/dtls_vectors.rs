//! Whole handshakes recorded between foreign peers: every record is opened and sealed again octet by octet, every
//! message read and written, every secret, signature and verify data found again.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bytes::BytesMut;
use lwm2m_core::dtls::{
    cipher::RecordKeys,
    key::PublicKey,
    message::{
        Alert, Certificate, CertificateRequest, CertificateType, CertificateVerify, ClientHello,
        ClientKeyExchange, Finished, Fragments, HANDSHAKE_HEADER, HandshakeHeader, HandshakeType,
        HelloVerifyRequest, ServerHello, ServerKeyExchange, encode_handshake,
    },
    prf::{MasterSecret, Premaster, Side, sha256},
    record::{ContentType, Record, Records, put_plain},
    replay::ReplayWindow,
    suite::{KeyExchange, Suite},
};
use serde_json::Value;

#[test]
fn every_recorded_handshake_is_understood() {
    let vectors: Value = serde_json::from_str(include_str!("vectors/dtls-vectors.json")).unwrap();
    let vectors = vectors.as_array().unwrap();
    assert_eq!(vectors.len(), 10);
    for vector in vectors {
        for connection in vector["connections"].as_array().unwrap() {
            let mut observer = Observer::new(vector);
            for datagram in connection.as_array().unwrap() {
                let side = if datagram["from"] == "client" { Side::Client } else { Side::Server };
                observer.datagram(side, hex(datagram["datagram"].as_str().unwrap()));
            }
            assert_eq!(observer.finished, 2, "{}", vector["id"]);
            assert!(observer.application > 0, "{}", vector["id"]);
        }
    }
}

/// Sees what both sides send, and knows their secrets.
struct Observer<'a> {
    vector: &'a Value,
    name: &'a str,
    transcript: BytesMut,
    client_hello: Vec<u8>,
    server_hello: Vec<u8>,
    certificate_type: CertificateType,
    certificates: [Option<Vec<u8>>; 2],
    master: Option<MasterSecret>,
    keys: [Option<RecordKeys>; 2],
    windows: [ReplayWindow; 2],
    finished: usize,
    application: usize,
}

impl<'a> Observer<'a> {
    fn new(vector: &'a Value) -> Self {
        Self {
            vector,
            name: vector["id"].as_str().unwrap(),
            transcript: BytesMut::new(),
            client_hello: Vec::new(),
            server_hello: Vec::new(),
            certificate_type: CertificateType::X509,
            certificates: [None, None],
            master: None,
            keys: [None, None],
            windows: [ReplayWindow::new(); 2],
            finished: 0,
            application: 0,
        }
    }

    fn client_hello(&self) -> ClientHello<'_> {
        ClientHello::parse(&self.client_hello).unwrap()
    }

    fn server_hello(&self) -> ServerHello<'_> {
        ServerHello::parse(&self.server_hello).unwrap()
    }

    fn suite(&self) -> Suite {
        self.server_hello().suite
    }

    /// What the receiver of this side's records issued.
    fn cid_for(&self, side: Side) -> Vec<u8> {
        if self.server_hello.is_empty() {
            return Vec::new();
        }
        let cid = match side {
            Side::Client => self.server_hello().extensions.connection_id,
            Side::Server => self.client_hello().extensions.connection_id,
        };
        cid.unwrap_or_default().to_vec()
    }

    fn datagram(&mut self, side: Side, mut octets: Vec<u8>) {
        let original = octets.clone();
        let cid = self.cid_for(side);
        for record in Records::new(&mut octets, cid.len()) {
            let record = record.unwrap();
            let start = record.offset - 13 - record.cid.len();
            self.record(side, &cid, record, &original[start..]);
        }
    }

    fn record(&mut self, side: Side, cid: &[u8], record: Record<'_>, original: &[u8]) {
        let Record { header, fragment, .. } = record;
        let original = &original[..13 + record.cid.len() + fragment.len()];
        let mut again = BytesMut::new();
        if header.number.epoch() == 0 {
            put_plain(&mut again, header, &[fragment]);
            assert_eq!(again, original, "{}", self.name);
            return self.content(side, header.content_type, fragment);
        }
        assert_eq!(record.cid, if header.content_type == ContentType::Cid { cid } else { b"" });
        let window = &mut self.windows[side as usize];
        assert!(window.is_new(header.number.sequence()));
        let iv: [u8; 16] = fragment[..16].try_into().unwrap();
        let keys = self.keys[side as usize].as_ref().unwrap();
        let (content_type, range) =
            keys.open(&header, cid, fragment).unwrap_or_else(|e| panic!("{}: {e}", self.name));
        assert!(window.mark(header.number.sequence()));
        let content = &fragment[range];
        keys.seal(&mut again, content_type, header.number, cid, &[content], || iv).unwrap();
        assert_eq!(again, original, "{}", self.name);
        let content = content.to_vec();
        self.content(side, content_type, &content);
    }

    fn content(&mut self, side: Side, content_type: ContentType, content: &[u8]) {
        match content_type {
            ContentType::ChangeCipherSpec => {
                assert_eq!(content, [1]);
                self.change(side);
            }
            ContentType::Alert => assert_eq!(Alert::parse(content).unwrap().to_octets(), content),
            ContentType::ApplicationData => self.application += 1,
            ContentType::Handshake => {
                for fragment in Fragments::new(content) {
                    let (header, body) = fragment.unwrap();
                    self.message(side, header, body);
                }
            }
            ContentType::Cid => unreachable!(),
        }
    }

    fn change(&mut self, side: Side) {
        let (client, server) = (self.client_hello(), self.server_hello());
        let master = self.master.clone().unwrap_or_else(|| self.recorded_master());
        let cipher = server.suite.cipher();
        let block = master.key_block(cipher, client.random, server.random);
        let keys = RecordKeys::new(cipher, server.extensions.encrypt_then_mac, block.written_by(side));
        self.master = Some(master);
        self.keys[side as usize] = Some(keys);
    }

    fn recorded_master(&self) -> MasterSecret {
        let random: String = self.client_hello().random.iter().map(|octet| format!("{octet:02x}")).collect();
        let recorded = self.vector["master_secret"]
            .as_str()
            .or_else(|| self.vector["master_secrets_by_client_random"][&random].as_str());
        MasterSecret::restore(hex(recorded.unwrap()).try_into().unwrap())
    }

    fn message(&mut self, side: Side, header: HandshakeHeader, body: &[u8]) {
        assert!(header.is_whole());
        let again = self.read_and_write(side, header.kind, body);
        if header.kind == HandshakeType::HELLO_VERIFY_REQUEST {
            return self.transcript.clear();
        }
        let start = self.transcript.len();
        encode_handshake(&mut self.transcript, header.kind, header.message_seq, |out| {
            out.extend_from_slice(body);
        });
        assert_eq!(self.transcript[start..start + HANDSHAKE_HEADER], header.to_octets());
        if let Some(again) = again {
            assert_eq!(again, body, "{} {:?}", self.name, header.kind);
        }
        if header.kind == HandshakeType::CLIENT_KEY_EXCHANGE {
            self.check_master(body);
        }
    }

    /// The body as we would write it, unless extensions that we do not know are in it, or their order is another.
    fn read_and_write(&mut self, side: Side, kind: HandshakeType, body: &[u8]) -> Option<BytesMut> {
        let mut out = BytesMut::new();
        match kind {
            HandshakeType::CLIENT_HELLO => {
                let hello = ClientHello::parse(body).unwrap();
                hello.encode(&mut out);
                assert_eq!(ClientHello::parse(&out), Ok(hello));
                if !self.client_hello.is_empty() {
                    let of = |body| ClientHello::around_cookie(body).unwrap();
                    assert_eq!(of(body), of(&self.client_hello), "{}", self.name);
                }
                self.client_hello = body.to_vec();
                return None;
            }
            HandshakeType::HELLO_VERIFY_REQUEST => HelloVerifyRequest::parse(body).unwrap().encode(&mut out),
            HandshakeType::SERVER_HELLO => {
                self.server_hello = body.to_vec();
                let hello = self.server_hello();
                let client = self.client_hello();
                let ticket = hello.extensions.unknown == Some(35);
                let offered =
                    hello.extensions.check_offered(&client.extensions, client.has_renegotiation_info());
                assert_eq!(offered.is_err(), ticket, "{}", self.name);
                assert!(client.offers(hello.suite));
                self.certificate_type = hello.extensions.server_certificate_type.unwrap_or_default();
                return None;
            }
            HandshakeType::CERTIFICATE => {
                let certificate = Certificate::parse(self.certificate_type, body).unwrap();
                certificate.encode(&mut out);
                self.certificates[side as usize] = match certificate {
                    Certificate::X509(list) => list.iter().next().map(<[u8]>::to_vec),
                    Certificate::RawPublicKey(spki) => Some(spki.to_vec()),
                };
            }
            HandshakeType::SERVER_KEY_EXCHANGE => {
                let exchange = ServerKeyExchange::parse(self.suite().exchange(), body).unwrap();
                exchange.encode(&mut out);
                if let ServerKeyExchange::EcdheEcdsa { parameters, signature } = exchange {
                    let (client, server) = (self.client_hello(), self.server_hello());
                    let signed = sha256(&[client.random, server.random, &parameters.to_octets()]);
                    assert_eq!(
                        self.key_of(Side::Server).verify(&signed, &signature),
                        Ok(()),
                        "{}",
                        self.name
                    );
                }
            }
            HandshakeType::CERTIFICATE_REQUEST => {
                let request = CertificateRequest::parse(body).unwrap();
                assert!(request.ecdsa_sign && request.signature_algorithms.contains(0x0403));
                if self.certificate_type == CertificateType::X509 {
                    return None; // OpenSSL lists types that we do not know.
                }
                request.encode(&mut out);
            }
            HandshakeType::CLIENT_KEY_EXCHANGE => {
                ClientKeyExchange::parse(self.suite().exchange(), body).unwrap().encode(&mut out);
            }
            HandshakeType::CERTIFICATE_VERIFY => {
                let CertificateVerify(signature) = CertificateVerify::parse(body).unwrap();
                let signed = sha256(&[&self.transcript]);
                assert_eq!(self.key_of(Side::Client).verify(&signed, &signature), Ok(()), "{}", self.name);
                CertificateVerify(signature).encode(&mut out);
            }
            HandshakeType::FINISHED => {
                let finished = Finished::parse(body).unwrap();
                let expected = self.master.as_ref().unwrap().verify_data(side, &sha256(&[&self.transcript]));
                assert_eq!(*finished.0, expected, "{}", self.name);
                self.finished += 1;
                finished.encode(&mut out);
            }
            HandshakeType::SERVER_HELLO_DONE | HandshakeType::NEW_SESSION_TICKET => return None,
            other => panic!("{other:?}"),
        }
        Some(out)
    }

    /// The SubjectPublicKeyInfo of a certificate of these vectors is found by its fixed beginning.
    fn key_of(&self, side: Side) -> PublicKey {
        let der = self.certificates[side as usize].as_ref().unwrap();
        let begin = hex("3059301306072a8648ce3d020106082a8648ce3d030107034200");
        let at = der.windows(begin.len()).position(|window| window == begin).unwrap();
        PublicKey::from_spki(&der[at..at + 91]).unwrap()
    }

    /// What the pre-shared key gives is what was recorded. All of these peers use the extended master secret.
    fn check_master(&mut self, body: &[u8]) {
        let hello = self.server_hello();
        let exchange = hello.suite.exchange();
        if exchange != KeyExchange::Psk {
            return;
        }
        let ClientKeyExchange::Psk { identity } = ClientKeyExchange::parse(exchange, body).unwrap() else {
            panic!()
        };
        assert_eq!(identity, self.vector["psk_identity"].as_str().unwrap().as_bytes());
        let premaster = Premaster::psk(&hex(self.vector["psk"].as_str().unwrap()));
        let master = if hello.extensions.extended_master_secret {
            MasterSecret::extended(&premaster, &sha256(&[&self.transcript]))
        } else {
            MasterSecret::plain(&premaster, self.client_hello().random, hello.random)
        };
        assert_eq!(master.expose(), self.recorded_master().expose(), "{}", self.name);
    }
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}

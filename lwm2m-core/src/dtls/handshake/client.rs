//! The client's handshake. [RFC 5246 §7.3, RFC 6347 §4.2.4]
//!
//! Each state owns what only it has, and takes the messages that may come next; all others are `unexpected_message`.
//!
//! ```text
//! AwaitHello ─ HelloVerifyRequest ─> AwaitHello
//!     │ ServerHello                       │ ServerHello, resumed
//!     ├─ signed ─> AwaitCertificate       └──────────────────────────┐
//!     │               │ Certificate                                  │
//!     └─ PSK ──> AwaitKeyExchange                                    │
//!                     │ ServerKeyExchange                            │
//!                 AwaitDone ─ CertificateRequest ─> AwaitDone        │
//!                     │ ServerHelloDone: our second flight           │
//!                 AwaitFinished <────────────────────────────────────┘
//!                     │ Finished; after a resumption: our last flight
//! ```

use std::{net::IpAddr, sync::Arc};

use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use smallvec::SmallVec;

use super::{Env, Message, Outcome, Step, Wire, unexpected};
use crate::{
    Credentials, Endpoints, Identity, UnixTime, Usage,
    dtls::{
        Peer, Refusal,
        certificate::{ServerPolicy, Verified, verify_raw_public_key, verify_server},
        channel::LONGEST_CID,
        key::{KeyShare, PrivateKey, PublicKey},
        message::{
            AlertDescription, Certificate, CertificateList, CertificateRequest, CertificateType,
            CertificateVerify, ClientExtensions, ClientHello, ClientKeyExchange,
            EMPTY_RENEGOTIATION_INFO_SCSV, HandshakeType, HelloVerifyRequest, MaxFragmentLength, NamedGroup,
            Point, ServerHello, ServerKeyExchange, SessionId, SignatureAlgorithm, U16List,
        },
        prf::{HASH, MasterSecret, Premaster, RANDOM},
        record::{MAX_PLAINTEXT, ProtocolVersion},
        resume::{Binding, Resumption, Terms},
        suite::{KeyExchange, Suite},
    },
};

/// How many HelloVerifyRequests are answered. Attack: a server that asks for ever.
const VERIFY_REQUESTS: u8 = 8;

/// What the client offers, the same in every hello message but for the cookie.
#[derive(Debug)]
pub(in crate::dtls) struct Offer {
    pub(in crate::dtls) credentials: Arc<Credentials>,
    pub(in crate::dtls) suites: SmallVec<[Suite; 8]>,
    /// Host name or address of the server.
    pub(in crate::dtls) host: Option<String>,
    pub(in crate::dtls) resume: Option<Resumption>,
    pub(in crate::dtls) connection_id: bool,
    pub(in crate::dtls) max_fragment_length: Option<MaxFragmentLength>,
    pub(in crate::dtls) cookie: SmallVec<[u8; 32]>,
    /// Of a later request, for when the first cookie leads to nothing.
    pub(in crate::dtls) other: Option<SmallVec<[u8; 32]>>,
    /// How many requests were answered.
    pub(in crate::dtls) verified: u8,
}

#[derive(Debug)]
pub(super) enum State {
    /// A message was refused.
    Over,
    AwaitHello(Box<Offer>),
    AwaitCertificate(Box<Agreed>),
    AwaitKeyExchange(Box<Agreed>, Option<Proved>),
    AwaitDone(Box<Exchanged>),
    AwaitFinished(Box<Keyed>),
}

/// What the hello messages settled.
#[derive(Debug)]
pub(super) struct Agreed {
    offer: Box<Offer>,
    suite: Suite,
    session_id: SessionId,
    encrypt_then_mac: bool,
    extended_master_secret: bool,
    server_type: CertificateType,
    client_type: CertificateType,
}

/// Who the server claims to be, and the key that must prove it.
#[derive(Debug)]
pub(super) struct Proved {
    identity: Identity,
    key: PublicKey,
    dates_checked: bool,
    expires: Option<UnixTime>,
}

/// The server's half is here.
#[derive(Debug)]
pub(super) struct Exchanged {
    agreed: Box<Agreed>,
    identity: Identity,
    dates_checked: bool,
    expires: Option<UnixTime>,
    point: Option<Point>,
    /// The server wants to see our certificate.
    requested: bool,
}

/// Keys are there; the server has to prove that it has the same.
#[derive(Debug)]
pub(super) struct Keyed {
    master: MasterSecret,
    suite: Suite,
    peer: Arc<Peer>,
    resumable: Option<SessionId>,
    resumed: bool,
    terms: Terms,
}

type Next = Result<(State, Step), Refusal>;

impl State {
    pub(super) fn begin(offer: Box<Offer>, wire: &mut Wire) -> Self {
        offer.push_hello(wire);
        Self::AwaitHello(offer)
    }

    /// No answer came: there may be something better to send than the same again.
    pub(super) fn unanswered(&mut self, wire: &mut Wire) {
        if let Self::AwaitHello(offer) = self {
            offer.take_other_cookie(wire);
        }
    }

    /// May a ServerHello with this `message_seq` be the answer to our last hello? Servers without memory number it as
    /// they like, but one to an earlier hello does not fit our transcript.
    pub(super) fn may_answer(&self, message_seq: u16, wire: &Wire) -> bool {
        match self {
            Self::AwaitHello(offer) if offer.verified > 1 => message_seq == wire.sequence.wrapping_sub(1),
            Self::AwaitHello(_) => message_seq <= wire.sequence,
            _ => false,
        }
    }

    /// Whom the server claims to be.
    pub(super) fn peer(&self) -> Option<&Peer> {
        match self {
            Self::AwaitFinished(keyed) => Some(&keyed.peer),
            _ => None,
        }
    }

    pub(super) fn handle(
        &mut self,
        message: &Message<'_>,
        wire: &mut Wire,
        env: &mut Env<'_>,
    ) -> Result<Step, Refusal> {
        if !matches!(message.kind, HandshakeType::HELLO_VERIFY_REQUEST | HandshakeType::FINISHED) {
            wire.transcript.add(message);
        }
        let body = &*message.body;
        let state = std::mem::replace(self, Self::Over);
        let (next, step) = match (state, message.kind) {
            (Self::AwaitHello(offer), HandshakeType::HELLO_VERIFY_REQUEST) => offer.verify(wire, body),
            (Self::AwaitHello(offer), HandshakeType::SERVER_HELLO) => offer.agree(wire, body),
            (Self::AwaitCertificate(agreed), HandshakeType::CERTIFICATE) => agreed.certificate(env, body),
            (Self::AwaitKeyExchange(agreed, proved), HandshakeType::SERVER_KEY_EXCHANGE) => {
                agreed.exchange(proved, wire, body)
            }
            (Self::AwaitKeyExchange(agreed, None), HandshakeType::SERVER_HELLO_DONE)
                if agreed.suite.exchange() == KeyExchange::Psk =>
            {
                agreed.unsigned(None).done(wire, env, body)
            }
            (Self::AwaitDone(exchanged), HandshakeType::CERTIFICATE_REQUEST) => exchanged.request(body),
            (Self::AwaitDone(exchanged), HandshakeType::SERVER_HELLO_DONE) => exchanged.done(wire, env, body),
            (Self::AwaitFinished(keyed), HandshakeType::FINISHED) => keyed.finished(wire, env, message),
            _ => Err(unexpected()),
        }?;
        *self = next;
        Ok(step)
    }
}

impl Offer {
    fn push_hello(&self, wire: &mut Wire) {
        wire.transcript = Default::default();
        wire.flight.clear();
        let random = wire.client_random;
        let own_cid = wire.own_cid.clone();
        let mut suites: SmallVec<[u16; 9]> = self.suites.iter().map(|suite| suite.id()).collect();
        suites.push(EMPTY_RENEGOTIATION_INFO_SCSV);
        let hello = ClientHello {
            version: ProtocolVersion::DTLS_1_2,
            random: &random,
            session_id: self.session_id(),
            cookie: &self.cookie,
            suites: U16List::new(&suites),
            extensions: self.extensions(&own_cid),
        };
        wire.push(HandshakeType::CLIENT_HELLO, |out| hello.encode(out));
    }

    fn session_id(&self) -> SessionId {
        self.resume.as_ref().map_or(SessionId::EMPTY, |resume| resume.id)
    }

    fn extensions<'a>(&'a self, own_cid: &'a [u8]) -> ClientExtensions<'a> {
        let has_ecdhe = self.suites.iter().any(|suite| suite.exchange().has_ecdhe());
        let is_signed = self.suites.iter().any(|suite| suite.exchange().is_signed());
        let raw: &[u8] = &[CertificateType::RawPublicKey as u8];
        let raw = matches!(&*self.credentials, Credentials::RawPublicKey { .. }).then_some(raw);
        ClientExtensions {
            server_name: self.host.as_deref().filter(|host| !is_address(host)),
            max_fragment_length: self.max_fragment_length,
            supported_groups: has_ecdhe.then_some(U16List::new(&[NamedGroup::SECP256R1])),
            ec_point_formats: has_ecdhe.then_some(&[0]),
            signature_algorithms: is_signed.then_some(U16List::new(&[SignatureAlgorithm::ECDSA_SHA256])),
            client_certificate_types: raw,
            server_certificate_types: raw,
            encrypt_then_mac: self.suites.iter().any(|suite| suite.cipher().is_cbc()),
            extended_master_secret: true,
            connection_id: self.connection_id.then_some(own_cid),
            renegotiation_info: None,
        }
    }

    fn verify(mut self: Box<Self>, wire: &mut Wire, body: &[u8]) -> Next {
        let request = HelloVerifyRequest::parse(body)?;
        if self.verified == 0 {
            self.cookie = request.cookie.into();
            self.verified = 1;
            self.push_hello(wire);
            return Ok((State::AwaitHello(self), Step::Send));
        }
        // Perhaps an answer to an earlier hello, and the one with the first cookie is being served: both transcripts
        // would begin differently.
        if *self.cookie != *request.cookie {
            self.other = Some(request.cookie.into());
        }
        Ok((State::AwaitHello(self), Step::Wait))
    }

    /// The first cookie led to nothing.
    fn take_other_cookie(&mut self, wire: &mut Wire) {
        if let Some(cookie) = self.other.take().filter(|_| self.verified < VERIFY_REQUESTS) {
            self.cookie = cookie;
            self.verified += 1;
            self.push_hello(wire);
        }
    }

    fn agree(mut self: Box<Self>, wire: &mut Wire, body: &[u8]) -> Next {
        let hello = ServerHello::parse(body)?;
        let answered = &hello.extensions;
        answered.check_offered(&self.extensions(&wire.own_cid), true)?;
        if !self.suites.contains(&hello.suite) {
            return Err(Refusal::illegal("cipher_suite that was not offered"));
        }
        if answered.renegotiation_info.is_some_and(|info| !info.is_empty()) {
            return Err(Refusal::new(AlertDescription::HANDSHAKE_FAILURE, "renegotiation_info"));
        }
        wire.server_random = *hello.random;
        wire.longest = answered.max_fragment_length.map_or(MAX_PLAINTEXT, MaxFragmentLength::octets);
        match answered.connection_id {
            Some(cid) if cid.len() > LONGEST_CID => {
                return Err(Refusal::illegal("connection_id is too long"));
            }
            Some(cid) => wire.peer_cid = cid.into(),
            None => wire.has_cids = false,
        }
        let encrypt_then_mac = answered.encrypt_then_mac && hello.suite.cipher().is_cbc();
        if let Some(resume) = self.resume.take()
            && resume.id == hello.session_id
        {
            return resume_session(wire, resume, &hello, encrypt_then_mac);
        }
        let agreed = Box::new(Agreed {
            suite: hello.suite,
            session_id: hello.session_id,
            encrypt_then_mac,
            extended_master_secret: answered.extended_master_secret,
            server_type: answered.server_certificate_type.unwrap_or_default(),
            client_type: answered.client_certificate_type.unwrap_or_default(),
            offer: self,
        });
        let next = if hello.suite.exchange().is_signed() {
            State::AwaitCertificate(agreed)
        } else {
            State::AwaitKeyExchange(agreed, None)
        };
        Ok((next, Step::Wait))
    }
}

/// An address is no server name. [RFC 6066 §3]
fn is_address(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    bare.parse::<IpAddr>().is_ok()
}

/// [RFC 7627 §5.3]
fn resume_session(
    wire: &mut Wire,
    resume: Resumption,
    hello: &ServerHello<'_>,
    encrypt_then_mac: bool,
) -> Next {
    if resume.suite != hello.suite {
        return Err(Refusal::illegal("another cipher_suite than that of the session"));
    }
    if !hello.extensions.extended_master_secret {
        return Err(Refusal::new(
            AlertDescription::HANDSHAKE_FAILURE,
            "resumption without extended_master_secret",
        ));
    }
    wire.flight.clear();
    wire.protect(&resume.master, resume.suite, encrypt_then_mac);
    let Resumption { id, master, suite, peer, terms } = resume;
    let keyed = Keyed { master, suite, peer, resumable: Some(id), resumed: true, terms };
    Ok((State::AwaitFinished(Box::new(keyed)), Step::Wait))
}

impl Agreed {
    fn certificate(self: Box<Self>, env: &Env<'_>, body: &[u8]) -> Next {
        let proved = match Certificate::parse(self.server_type, body)? {
            Certificate::RawPublicKey(spki) => self.raw_public_key(spki)?,
            Certificate::X509(chain) => self.chain(env, chain)?,
        };
        Ok((State::AwaitKeyExchange(self, Some(proved)), Step::Wait))
    }

    fn raw_public_key(&self, spki: &[u8]) -> Result<Proved, Refusal> {
        let Credentials::RawPublicKey { peer, matching, .. } = &*self.offer.credentials else {
            return Err(Refusal::new(
                AlertDescription::UNSUPPORTED_CERTIFICATE,
                "raw public key of the server",
            ));
        };
        let key = verify_raw_public_key(spki, peer, *matching)?;
        Ok(Proved {
            identity: Identity::RawPublicKey(Bytes::copy_from_slice(spki)),
            key,
            dates_checked: true,
            expires: None,
        })
    }

    fn chain(&self, env: &Env<'_>, chain: CertificateList<'_>) -> Result<Proved, Refusal> {
        let Credentials::Certificate { trust, peer, .. } = &*self.offer.credentials else {
            return Err(Refusal::new(AlertDescription::UNSUPPORTED_CERTIFICATE, "certificate of the server"));
        };
        let host = self.offer.host.as_deref().unwrap_or_default();
        let policy = ServerPolicy { host, association: peer.as_ref(), trust };
        let Verified { key, names, dates_checked, expires } = verify_server(chain, &policy, env.now.wall)?;
        // Without a path, no dates count. [RFC 7671 §5.1]
        let dates_count = peer.as_ref().is_none_or(|peer| peer.usage != Some(Usage::DomainIssued));
        let der = chain.iter().next().map(Bytes::copy_from_slice).unwrap_or_default();
        let expires = dates_count.then_some(expires);
        Ok(Proved { identity: Identity::Certificate { names, der }, key, dates_checked, expires })
    }

    fn exchange(self: Box<Self>, proved: Option<Proved>, wire: &Wire, body: &[u8]) -> Next {
        let exchanged = match (ServerKeyExchange::parse(self.suite.exchange(), body)?, proved) {
            (ServerKeyExchange::Psk { .. }, None) => self.unsigned(None),
            (ServerKeyExchange::EcdhePsk { parameters, .. }, None) => self.unsigned(Some(*parameters.point)),
            (ServerKeyExchange::EcdheEcdsa { parameters, signature }, Some(proved)) => {
                let signed = signed_hash(&wire.client_random, &wire.server_random, &parameters.to_octets());
                proved.key.verify(&signed, &signature)?;
                self.exchanged(proved, *parameters.point)
            }
            _ => return Err(unexpected()),
        };
        Ok((State::AwaitDone(exchanged), Step::Wait))
    }

    /// Proved by a signature.
    fn exchanged(self: Box<Self>, proved: Proved, point: Point) -> Box<Exchanged> {
        let Proved { identity, dates_checked, expires, .. } = proved;
        let point = Some(point);
        Box::new(Exchanged { agreed: self, identity, dates_checked, expires, point, requested: false })
    }

    /// To be proved by the pre-shared key.
    fn unsigned(self: Box<Self>, point: Option<Point>) -> Box<Exchanged> {
        let (identity, expires) = (Identity::Unsecured, None);
        Box::new(Exchanged { agreed: self, identity, dates_checked: true, expires, point, requested: false })
    }
}

/// What the server signs. [RFC 8422 §5.4]
pub(super) fn signed_hash(client: &[u8; RANDOM], server: &[u8; RANDOM], parameters: &[u8]) -> [u8; HASH] {
    Sha256::new().chain_update(client).chain_update(server).chain_update(parameters).finalize().into()
}

impl Exchanged {
    fn request(mut self: Box<Self>, body: &[u8]) -> Next {
        if self.requested || !self.agreed.suite.exchange().is_signed() {
            return Err(unexpected());
        }
        let request = CertificateRequest::parse(body)?;
        let usable = request.signature_algorithms.contains(SignatureAlgorithm::ECDSA_SHA256);
        if !request.ecdsa_sign || !usable {
            return Err(Refusal::new(
                AlertDescription::HANDSHAKE_FAILURE,
                "CertificateRequest without ECDSA",
            ));
        }
        self.requested = true;
        Ok((State::AwaitDone(self), Step::Wait))
    }

    fn done(self, wire: &mut Wire, env: &mut Env<'_>, body: &[u8]) -> Next {
        if !body.is_empty() {
            return Err(Refusal::decode("ServerHelloDone"));
        }
        let Self { agreed, identity, dates_checked, expires, point, requested } = self;
        let Agreed { offer, suite, session_id, encrypt_then_mac, client_type, .. } = &*agreed;
        wire.flight.clear();
        let own = if requested { Some(push_certificate(wire, offer, *client_type)?) } else { None };
        let share = point.map(|peer| (env.share(), peer));
        let (premaster, psk) = push_exchange(wire, offer, suite.exchange(), share)?;
        let master = if agreed.extended_master_secret {
            MasterSecret::extended(&premaster, &wire.transcript.hash())
        } else {
            MasterSecret::plain(&premaster, &wire.client_random, &wire.server_random)
        };
        if let Some(key) = own {
            let signed = key.sign(&wire.transcript.hash())?;
            wire.push(HandshakeType::CERTIFICATE_VERIFY, |out| {
                CertificateVerify(signed.as_signature()).encode(out);
            });
        }
        wire.protect(&master, *suite, *encrypt_then_mac);
        wire.push_finished(&master);
        let peer =
            Arc::new(Peer { identity: psk.unwrap_or(identity), endpoints: Endpoints::Any, dates_checked });
        let resumable = (agreed.extended_master_secret && !session_id.is_empty()).then_some(*session_id);
        let terms =
            Terms { binding: Binding::new(offer.host.as_deref(), &offer.credentials), until: expires };
        let keyed = Keyed { master, suite: *suite, peer, resumable, resumed: false, terms };
        Ok((State::AwaitFinished(Box::new(keyed)), Step::Send))
    }
}

/// Our certificate or raw public key. Gives the key that proves it.
fn push_certificate(wire: &mut Wire, offer: &Offer, kind: CertificateType) -> Result<PrivateKey, Refusal> {
    let bad_key = |_| Refusal::new(AlertDescription::INTERNAL_ERROR, "own private key");
    match (&*offer.credentials, kind) {
        (Credentials::RawPublicKey { key, .. }, CertificateType::RawPublicKey) => {
            let key = PrivateKey::from_octets(key.expose()).map_err(bad_key)?;
            let spki = key.public().spki();
            wire.push(HandshakeType::CERTIFICATE, |out| Certificate::RawPublicKey(&spki).encode(out));
            Ok(key)
        }
        (Credentials::Certificate { chain, key, .. }, CertificateType::X509) => {
            let key = PrivateKey::from_octets(key.expose()).map_err(bad_key)?;
            wire.push(HandshakeType::CERTIFICATE, |out| Certificate::encode_chain(chain, out));
            Ok(key)
        }
        _ => Err(Refusal::new(AlertDescription::UNSUPPORTED_CERTIFICATE, "client_certificate_type")),
    }
}

/// ClientKeyExchange. Gives the premaster secret, and who the server is if a pre-shared key proves it.
fn push_exchange(
    wire: &mut Wire,
    offer: &Offer,
    exchange: KeyExchange,
    share: Option<(KeyShare, Point)>,
) -> Result<(Premaster, Option<Identity>), Refusal> {
    match (exchange, &*offer.credentials, share) {
        (KeyExchange::Psk, Credentials::Psk { identity, key }, _) => {
            let message = ClientKeyExchange::Psk { identity };
            wire.push(HandshakeType::CLIENT_KEY_EXCHANGE, |out| message.encode(out));
            Ok((Premaster::psk(key.expose()), Some(Identity::Psk(identity.clone()))))
        }
        (KeyExchange::EcdhePsk, Credentials::Psk { identity, key }, Some((share, peer))) => {
            let message = ClientKeyExchange::EcdhePsk { identity, point: share.point() };
            wire.push(HandshakeType::CLIENT_KEY_EXCHANGE, |out| message.encode(out));
            let premaster = Premaster::ecdhe_psk(&*share.agree(&peer)?, key.expose());
            Ok((premaster, Some(Identity::Psk(identity.clone()))))
        }
        (KeyExchange::EcdheEcdsa, _, Some((share, peer))) => {
            let message = ClientKeyExchange::EcdheEcdsa { point: share.point() };
            wire.push(HandshakeType::CLIENT_KEY_EXCHANGE, |out| message.encode(out));
            Ok((Premaster::ecdhe(&*share.agree(&peer)?), None))
        }
        _ => Err(Refusal::new(AlertDescription::INTERNAL_ERROR, "suite without credentials")),
    }
}

impl Keyed {
    fn finished(self, wire: &mut Wire, env: &Env<'_>, message: &Message<'_>) -> Next {
        let Self { master, suite, peer, resumable, resumed, terms } = self;
        wire.check_finished(&master, message)?;
        if resumed {
            wire.flight.clear();
            wire.push_finished(&master);
        }
        let resumption = (resumable.filter(|_| env.config.resumption))
            .map(|id| Box::new(Resumption { id, master, suite, peer: peer.clone(), terms }));
        let outcome = Outcome { peer, suite, resumed, resumption, last: resumed };
        Ok((State::Over, Step::Done(Box::new(outcome))))
    }
}

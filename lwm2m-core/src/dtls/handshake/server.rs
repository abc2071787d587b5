//! The server's handshake. It begins with a ClientHello whose cookie is valid. [RFC 5246 §7.3, RFC 6347 §4.2.4]
//!
//! Each state owns what only it has, and takes the messages that may come next; all others are `unexpected_message`.
//! States that ask wait for the credential store, and take no message until it has answered.
//!
//! ```text
//! ClientHello ─ names a session ─> AskAgain ─ still valid: our flight ────────┐
//!     │                               │ no longer                             │
//!     ├─ signed ─> AskOwn ─ none ─────┤                                       │
//!     │               │ our flight    │                                       │
//!     │           AwaitCertificate    │                                       │
//!     │               │ Certificate   │                                       │
//!     │           AskPeer             │                                       │
//!     │               │               │                                       │
//!     └─ PSK: our flight ─────────> AwaitExchange                             │
//!                                     │ ClientKeyExchange                     │
//!                 ┌── signed ─────────┴───── PSK ──┐                          │
//!             AwaitVerify                       AskKey                        │
//!                 │ CertificateVerify              │                          │
//!                 └───────────> AwaitFinished <────┴──────────────────────────┘
//!                                     │ Finished; unless resumed: our last flight
//! ```

use std::sync::Arc;

use bytes::Bytes;
use smallvec::SmallVec;

use super::{Env, Message, Outcome, Step, Wire, client::signed_hash, unexpected};
use crate::{
    Credentials, Endpoints, Entry, Hint, Identity, UnixTime,
    dtls::{
        Config, ConnectionIds, Peer, Refusal,
        certificate::{Verified, verify_client, verify_raw_public_key},
        channel::LONGEST_CID,
        key::{KeyShare, PrivateKey, PublicKey},
        message::{
            AlertDescription, Certificate, CertificateRequest, CertificateType, CertificateVerify,
            ClientHello, ClientKeyExchange, EcdhParameters, HandshakeType, MaxFragmentLength, NamedGroup,
            Names, Point, ServerExtensions, ServerHello, ServerKeyExchange, SessionId, SignatureAlgorithm,
            U16List,
        },
        prf::{MasterSecret, Premaster},
        record::MAX_PLAINTEXT,
        resume::{Binding, Cache, Resumption, Terms, hint},
        suite::{KeyExchange, Suite},
    },
};

#[derive(Debug)]
pub(super) enum State {
    /// A message was refused.
    Over,
    AskAgain(Box<Proposal>, Box<Resumption>),
    AskOwn(Box<Proposal>),
    AwaitCertificate(Box<Agreed>),
    AskPeer(Box<Agreed>, Shown),
    AwaitExchange(Box<Agreed>, Option<Proved>),
    AskKey(Box<Agreed>, Bytes, Option<Point>),
    AwaitVerify(Box<Keyed>, PublicKey),
    AwaitFinished(Box<Keyed>),
}

/// What the client offers and we could take.
#[derive(Debug)]
pub(super) struct Proposal {
    /// The most wanted first.
    suites: SmallVec<[Suite; 8]>,
    server_name: Option<String>,
    encrypt_then_mac: bool,
    extended_master_secret: bool,
    connection_id: bool,
    renegotiation_info: bool,
    point_formats: bool,
    max_fragment_length: Option<MaxFragmentLength>,
    /// What it can verify: raw public keys, certificates.
    takes: (bool, bool),
    server_type_offered: bool,
    /// What it would prove itself with.
    client_type: Option<CertificateType>,
    client_type_offered: bool,
}

/// What the hello messages settled.
#[derive(Debug)]
pub(super) struct Agreed {
    suite: Suite,
    session_id: SessionId,
    server_name: Option<String>,
    encrypt_then_mac: bool,
    extended_master_secret: bool,
    client_type: CertificateType,
    /// Our half of the exchange.
    share: Option<KeyShare>,
}

/// What the client showed, not proved yet.
#[derive(Debug)]
pub(super) enum Shown {
    RawPublicKey(Bytes),
    Chain {
        /// The message.
        body: Bytes,
        leaf: Bytes,
    },
}

/// Who the client claims to be, and the key that must prove it.
#[derive(Debug)]
pub(super) struct Proved {
    peer: Arc<Peer>,
    key: PublicKey,
    /// What the store has about it.
    credentials: Arc<Credentials>,
    expires: Option<UnixTime>,
}

/// Keys are there; the client has to prove that it has the same.
#[derive(Debug)]
pub(super) struct Keyed {
    master: MasterSecret,
    suite: Suite,
    encrypt_then_mac: bool,
    peer: Arc<Peer>,
    resumable: Option<(SessionId, Terms)>,
    resumed: bool,
}

type Next = Result<(State, Step), Refusal>;

impl State {
    pub(super) fn begin(
        hello: &ClientHello<'_>,
        wire: &mut Wire,
        env: &mut Env<'_>,
    ) -> Result<(Self, Step), Refusal> {
        let offered = &hello.extensions;
        if offered.renegotiation_info.is_some_and(|info| !info.is_empty()) {
            return Err(Refusal::new(AlertDescription::HANDSHAKE_FAILURE, "renegotiation_info"));
        }
        let taken = |cid: &&[u8]| cid.len() <= LONGEST_CID && env.config.connection_id != ConnectionIds::Off;
        match offered.connection_id.filter(taken) {
            Some(cid) => wire.peer_cid = cid.into(),
            None => wire.has_cids = false,
        }
        let proposal = Box::new(Proposal::new(hello, env.config, wire.has_cids));
        if let Some(resumption) = env.cache.get(env.now.mono, &hello.session_id)
            && proposal.extended_master_secret
            && proposal.suites.contains(&resumption.suite)
            && resumption.still_holds(env.now)
            && let Some(hint) = hint(&resumption.peer.identity)
        {
            return Ok((Self::AskAgain(proposal, Box::new(resumption.clone())), Step::Ask(hint)));
        }
        proposal.choose(wire, env)
    }

    /// Whom the client claims to be, as far as the store was asked.
    pub(super) fn peer(&self) -> Option<&Peer> {
        match self {
            Self::AskAgain(_, resumption) => Some(resumption.peer()),
            Self::AwaitExchange(_, proved) => proved.as_ref().map(|proved| &*proved.peer),
            Self::AwaitVerify(keyed, _) | Self::AwaitFinished(keyed) => Some(&keyed.peer),
            _ => None,
        }
    }

    pub(super) fn handle(
        &mut self,
        message: &Message<'_>,
        wire: &mut Wire,
        env: &mut Env<'_>,
    ) -> Result<Step, Refusal> {
        if !matches!(message.kind, HandshakeType::CERTIFICATE_VERIFY | HandshakeType::FINISHED) {
            wire.transcript.add(message);
        }
        let body = &*message.body;
        let state = std::mem::replace(self, Self::Over);
        let (next, step) = match (state, message.kind) {
            (Self::AwaitCertificate(agreed), HandshakeType::CERTIFICATE) => agreed.certificate(body),
            (Self::AwaitExchange(agreed, proved), HandshakeType::CLIENT_KEY_EXCHANGE) => {
                agreed.exchange(proved, wire, body)
            }
            (Self::AwaitVerify(keyed, key), HandshakeType::CERTIFICATE_VERIFY) => {
                let CertificateVerify(signature) = CertificateVerify::parse(body)?;
                key.verify(&wire.transcript.hash(), &signature)?;
                wire.transcript.add(message);
                Ok(keyed.protect(wire))
            }
            (Self::AwaitFinished(keyed), HandshakeType::FINISHED) => keyed.finished(wire, env, message),
            _ => Err(unexpected()),
        }?;
        *self = next;
        Ok(step)
    }

    /// The store has answered.
    pub(super) fn answer(
        &mut self,
        entry: Option<&Entry>,
        wire: &mut Wire,
        env: &mut Env<'_>,
    ) -> Result<Step, Refusal> {
        let state = std::mem::replace(self, Self::Over);
        let (next, step) = match state {
            Self::AskAgain(proposal, resumption) => match entry {
                Some(entry)
                    if resumption.is_bound_to(proposal.server_name.as_deref(), &entry.credentials) =>
                {
                    proposal.resume(*resumption, entry, wire)
                }
                _ => proposal.choose(wire, env),
            },
            Self::AskOwn(proposal) => proposal.answer(entry, wire, env),
            Self::AskPeer(agreed, shown) => agreed.peer(&shown, entry, env),
            Self::AskKey(agreed, identity, point) => agreed.key(identity, point, entry, wire),
            other => Ok((other, Step::Wait)),
        }?;
        *self = next;
        Ok(step)
    }
}

impl Proposal {
    fn new(hello: &ClientHello<'_>, config: &Config, connection_id: bool) -> Self {
        let offered = &hello.extensions;
        let has_group = offered.supported_groups.is_none_or(|groups| groups.contains(NamedGroup::SECP256R1))
            && offered.ec_point_formats.is_none_or(|formats| formats.contains(&0));
        let can_verify = (offered.signature_algorithms)
            .is_none_or(|algorithms| algorithms.contains(SignatureAlgorithm::ECDSA_SHA256));
        let usable = |suite: &Suite| {
            let exchange = suite.exchange();
            hello.offers(*suite)
                && (has_group || !exchange.has_ecdhe())
                && (can_verify || !exchange.is_signed())
        };
        let takes = |kind: CertificateType| match offered.server_certificate_types {
            Some(types) => types.contains(&(kind as u8)),
            None => kind == CertificateType::X509,
        };
        let client_type = match offered.client_certificate_types {
            Some(types) => types.iter().find_map(|octet| CertificateType::from_octet(*octet)),
            None => Some(CertificateType::X509),
        };
        Self {
            suites: config.suites.iter().copied().filter(usable).collect(),
            server_name: offered.server_name.map(str::to_owned),
            encrypt_then_mac: offered.encrypt_then_mac,
            extended_master_secret: offered.extended_master_secret,
            connection_id,
            renegotiation_info: hello.has_renegotiation_info(),
            point_formats: offered.ec_point_formats.is_some(),
            max_fragment_length: offered.max_fragment_length,
            takes: (takes(CertificateType::RawPublicKey), takes(CertificateType::X509)),
            server_type_offered: offered.server_certificate_types.is_some(),
            client_type,
            client_type_offered: offered.client_certificate_types.is_some(),
        }
    }

    /// Takes the most wanted suite; signed ones ask for our own key first.
    fn choose(self: Box<Self>, wire: &mut Wire, env: &mut Env<'_>) -> Next {
        let Some(suite) = self.suites.first().copied() else {
            return Err(Refusal::new(
                AlertDescription::HANDSHAKE_FAILURE,
                "no usable cipher_suite in common",
            ));
        };
        if suite.exchange().is_signed() {
            let (raw_public_key, certificate) = self.takes;
            if self.client_type.is_none() || !(raw_public_key || certificate) {
                return self.without_signed(wire, env);
            }
            let hint = Hint::Own { name: self.server_name.clone(), raw_public_key, certificate };
            return Ok((State::AskOwn(self), Step::Ask(hint)));
        }
        let mut agreed = self.agree(suite, Cache::name(env.rng), CertificateType::X509);
        self.push_hello(wire, &agreed, None);
        if suite.exchange().has_ecdhe() {
            let share = env.share();
            let parameters = EcdhParameters { point: share.point() };
            let message = ServerKeyExchange::EcdhePsk { hint: &[], parameters };
            wire.push(HandshakeType::SERVER_KEY_EXCHANGE, |out| message.encode(out));
            agreed.share = Some(share);
        }
        wire.push(HandshakeType::SERVER_HELLO_DONE, |_| ());
        Ok((State::AwaitExchange(agreed, None), Step::Send))
    }

    /// The client cannot verify what we have, or the other way round.
    fn without_signed(mut self: Box<Self>, wire: &mut Wire, env: &mut Env<'_>) -> Next {
        self.suites.retain(|suite| !suite.exchange().is_signed());
        if self.suites.is_empty() {
            return Err(Refusal::new(
                AlertDescription::UNSUPPORTED_CERTIFICATE,
                "no certificate type in common",
            ));
        }
        self.choose(wire, env)
    }

    /// Our own key is here: the flight that shows it.
    fn answer(self: Box<Self>, entry: Option<&Entry>, wire: &mut Wire, env: &mut Env<'_>) -> Next {
        let (raw_public_key, certificate) = self.takes;
        let (Some(suite), Some(client_type)) = (self.suites.first().copied(), self.client_type) else {
            return Err(unexpected());
        };
        let (key, chain) = match entry.map(|entry| &*entry.credentials) {
            Some(Credentials::RawPublicKey { key, .. }) if raw_public_key => (key, None),
            Some(Credentials::Certificate { chain, key, .. }) if certificate => (key, Some(chain)),
            _ => return self.without_signed(wire, env),
        };
        let key = PrivateKey::from_octets(key.expose())
            .map_err(|_| Refusal::new(AlertDescription::INTERNAL_ERROR, "own private key"))?;
        let mut agreed = self.agree(suite, Cache::name(env.rng), client_type);
        let server_type = if chain.is_some() { CertificateType::X509 } else { CertificateType::RawPublicKey };
        self.push_hello(wire, &agreed, Some(server_type));
        wire.push(HandshakeType::CERTIFICATE, |out| match chain {
            Some(chain) => Certificate::encode_chain(chain, out),
            None => Certificate::RawPublicKey(&key.public().spki()).encode(out),
        });
        agreed.share = Some(push_signed_exchange(wire, env, &key)?);
        let request = CertificateRequest {
            ecdsa_sign: true,
            signature_algorithms: U16List::new(&[SignatureAlgorithm::ECDSA_SHA256]),
            authorities: Names::default(),
        };
        wire.push(HandshakeType::CERTIFICATE_REQUEST, |out| request.encode(out));
        wire.push(HandshakeType::SERVER_HELLO_DONE, |_| ());
        Ok((State::AwaitCertificate(agreed), Step::Send))
    }

    /// The peer's keys are still valid: the session goes on with new keys. [RFC 7627 §5.3]
    fn resume(&self, resumption: Resumption, entry: &Entry, wire: &mut Wire) -> Next {
        let Resumption { id, master, suite, peer, .. } = resumption;
        let agreed = self.agree(suite, id, CertificateType::X509);
        self.push_hello(wire, &agreed, None);
        wire.protect(&master, suite, agreed.encrypt_then_mac);
        wire.push_finished(&master);
        let peer = Arc::new(Peer { endpoints: entry.endpoints.clone(), ..Peer::clone(&peer) });
        let Agreed { encrypt_then_mac, .. } = *agreed;
        // What the cache has of it stays as it is, with the end that the first handshake gave it.
        let keyed = Keyed { master, suite, encrypt_then_mac, peer, resumable: None, resumed: true };
        Ok((State::AwaitFinished(Box::new(keyed)), Step::Send))
    }

    fn agree(&self, suite: Suite, session_id: SessionId, client_type: CertificateType) -> Box<Agreed> {
        Box::new(Agreed {
            suite,
            session_id,
            server_name: self.server_name.clone(),
            encrypt_then_mac: self.encrypt_then_mac && suite.cipher().is_cbc(),
            extended_master_secret: self.extended_master_secret,
            client_type,
            share: None,
        })
    }

    /// `server_type`: what we prove ourselves with, if we do; then the client is asked to as well.
    fn push_hello(&self, wire: &mut Wire, agreed: &Agreed, server_type: Option<CertificateType>) {
        let (random, own_cid) = (wire.server_random, wire.own_cid.clone());
        let formats: &[u8] = &[0];
        let signed = server_type.is_some();
        let hello = ServerHello {
            random: &random,
            session_id: agreed.session_id,
            suite: agreed.suite,
            extensions: ServerExtensions {
                server_name: self.server_name.is_some() && signed,
                max_fragment_length: self.max_fragment_length,
                ec_point_formats: (self.point_formats && agreed.suite.exchange().has_ecdhe())
                    .then_some(formats),
                client_certificate_type: (self.client_type_offered && signed).then_some(agreed.client_type),
                server_certificate_type: server_type.filter(|_| self.server_type_offered),
                encrypt_then_mac: agreed.encrypt_then_mac,
                extended_master_secret: self.extended_master_secret,
                connection_id: self.connection_id.then_some(&own_cid),
                renegotiation_info: self.renegotiation_info.then_some(&[]),
                unknown: None,
            },
        };
        wire.push(HandshakeType::SERVER_HELLO, |out| hello.encode(out));
        wire.longest = self.max_fragment_length.map_or(MAX_PLAINTEXT, MaxFragmentLength::octets);
    }
}

fn push_signed_exchange(wire: &mut Wire, env: &mut Env<'_>, key: &PrivateKey) -> Result<KeyShare, Refusal> {
    let share = env.share();
    let parameters = EcdhParameters { point: share.point() };
    let signed = key.sign(&signed_hash(&wire.client_random, &wire.server_random, &parameters.to_octets()))?;
    let message = ServerKeyExchange::EcdheEcdsa { parameters, signature: signed.as_signature() };
    wire.push(HandshakeType::SERVER_KEY_EXCHANGE, |out| message.encode(out));
    Ok(share)
}

impl Agreed {
    fn certificate(self: Box<Self>, body: &[u8]) -> Next {
        let certificate = Certificate::parse(self.client_type, body)?;
        if certificate.is_empty() {
            return Err(Refusal::new(AlertDescription::HANDSHAKE_FAILURE, "the client has no certificate"));
        }
        let (shown, hint) = match certificate {
            Certificate::RawPublicKey(spki) => {
                let spki = Bytes::copy_from_slice(spki);
                (Shown::RawPublicKey(spki.clone()), Hint::RawPublicKey(spki))
            }
            Certificate::X509(list) => {
                let body = Bytes::copy_from_slice(body);
                let leaf = list.iter().next().map(Bytes::copy_from_slice).unwrap_or_default();
                (Shown::Chain { body, leaf: leaf.clone() }, Hint::Certificate(leaf))
            }
        };
        Ok((State::AskPeer(self, shown), Step::Ask(hint)))
    }

    fn peer(self: Box<Self>, shown: &Shown, entry: Option<&Entry>, env: &Env<'_>) -> Next {
        let (credentials, endpoints) = match entry {
            Some(Entry { credentials, endpoints }) => (Some(credentials), endpoints.clone()),
            None => (None, Endpoints::default()),
        };
        let (identity, key, dates_checked, expires) = match (shown, credentials.map(|keys| &**keys)) {
            (Shown::RawPublicKey(spki), Some(Credentials::RawPublicKey { peer, matching, .. })) => {
                let key = verify_raw_public_key(spki, peer, *matching)?;
                (Identity::RawPublicKey(spki.clone()), key, true, None)
            }
            (Shown::Chain { body, leaf }, Some(Credentials::Certificate { trust, .. })) => {
                let Certificate::X509(chain) = Certificate::parse(CertificateType::X509, body)? else {
                    return Err(unexpected());
                };
                let Verified { key, names, dates_checked, expires } =
                    verify_client(chain, trust, env.now.wall)?;
                (Identity::Certificate { names, der: leaf.clone() }, key, dates_checked, Some(expires))
            }
            (Shown::RawPublicKey(_), _) => {
                return Err(Refusal::new(
                    AlertDescription::CERTIFICATE_UNKNOWN,
                    "raw public key of the client",
                ));
            }
            (Shown::Chain { .. }, _) => {
                return Err(Refusal::new(AlertDescription::UNKNOWN_CA, "certificate of the client"));
            }
        };
        let credentials = credentials.ok_or(unexpected())?.clone();
        let peer = Arc::new(Peer { identity, endpoints, dates_checked });
        Ok((State::AwaitExchange(self, Some(Proved { peer, key, credentials, expires })), Step::Wait))
    }

    fn exchange(mut self: Box<Self>, proved: Option<Proved>, wire: &Wire, body: &[u8]) -> Next {
        match (ClientKeyExchange::parse(self.suite.exchange(), body)?, proved) {
            (ClientKeyExchange::Psk { identity }, None) => Ok(self.ask_key(identity, None)),
            (ClientKeyExchange::EcdhePsk { identity, point }, None) => {
                Ok(self.ask_key(identity, Some(*point)))
            }
            (ClientKeyExchange::EcdheEcdsa { point }, Some(Proved { peer, key, credentials, expires })) => {
                let share = self.share.take().ok_or(unexpected())?;
                let premaster = Premaster::ecdhe(&*share.agree(point)?);
                let keyed = self.keyed(&premaster, peer, &credentials, expires, wire);
                Ok((State::AwaitVerify(keyed, key), Step::Wait))
            }
            _ => Err(unexpected()),
        }
    }

    fn ask_key(self: Box<Self>, identity: &[u8], point: Option<Point>) -> (State, Step) {
        let identity = Bytes::copy_from_slice(identity);
        let hint = Hint::Psk { identity: identity.clone() };
        (State::AskKey(self, identity, point), Step::Ask(hint))
    }

    /// The pre-shared key is here.
    fn key(mut self, identity: Bytes, point: Option<Point>, entry: Option<&Entry>, wire: &mut Wire) -> Next {
        // An empty key is one that everybody has.
        let Some((credentials @ Credentials::Psk { key, .. }, endpoints)) = (entry)
            .map(|entry| (&*entry.credentials, &entry.endpoints))
            .filter(|(credentials, _)| !matches!(credentials, Credentials::Psk { key, .. } if key.expose().is_empty()))
        else {
            return Err(Refusal::new(AlertDescription::UNKNOWN_PSK_IDENTITY, "PSK identity"));
        };
        let premaster = match (self.suite.exchange(), self.share.take(), point) {
            (KeyExchange::Psk, None, None) => Premaster::psk(key.expose()),
            (KeyExchange::EcdhePsk, Some(share), Some(point)) => {
                Premaster::ecdhe_psk(&*share.agree(&point)?, key.expose())
            }
            _ => return Err(unexpected()),
        };
        let peer = Arc::new(Peer {
            identity: Identity::Psk(identity),
            endpoints: endpoints.clone(),
            dates_checked: true,
        });
        Ok(self.keyed(&premaster, peer, credentials, None, wire).protect(wire))
    }

    /// The transcript ends with ClientKeyExchange now.
    fn keyed(
        &self,
        premaster: &Premaster,
        peer: Arc<Peer>,
        credentials: &Credentials,
        until: Option<UnixTime>,
        wire: &Wire,
    ) -> Box<Keyed> {
        let master = if self.extended_master_secret {
            MasterSecret::extended(premaster, &wire.transcript.hash())
        } else {
            MasterSecret::plain(premaster, &wire.client_random, &wire.server_random)
        };
        let resumable = self.extended_master_secret.then(|| {
            let binding = Binding::new(self.server_name.as_deref(), credentials);
            (self.session_id, Terms { binding, until })
        });
        Box::new(Keyed {
            master,
            suite: self.suite,
            encrypt_then_mac: self.encrypt_then_mac,
            peer,
            resumable,
            resumed: false,
        })
    }
}

impl Keyed {
    fn protect(self: Box<Self>, wire: &mut Wire) -> (State, Step) {
        wire.protect(&self.master, self.suite, self.encrypt_then_mac);
        (State::AwaitFinished(self), Step::Wait)
    }

    fn finished(self, wire: &mut Wire, env: &Env<'_>, message: &Message<'_>) -> Next {
        let Self { master, suite, peer, resumable, resumed, .. } = self;
        wire.check_finished(&master, message)?;
        if !resumed {
            wire.flight.clear();
            wire.push_finished(&master);
        }
        let resumption = (resumable.filter(|_| env.config.resumption))
            .map(|(id, terms)| Box::new(Resumption { id, master, suite, peer: peer.clone(), terms }));
        let outcome = Outcome { peer, suite, resumed, resumption, last: !resumed };
        Ok((State::Over, Step::Done(Box::new(outcome))))
    }
}

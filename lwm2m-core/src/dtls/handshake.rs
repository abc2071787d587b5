//! One handshake, of either side: messages in, flights out, keys at the end.

mod client;
mod flight;
mod reassembly;
mod server;
mod transcript;

use std::{sync::Arc, time::Duration};

use bytes::BytesMut;
use rand_chacha::ChaCha12Rng;
use rand_core::{Rng as _, SeedableRng as _};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

pub(super) use self::client::Offer;
use self::{
    flight::{Flight, Sending},
    reassembly::{Arrival, Inbox, Message},
    transcript::Transcript,
};
use super::{
    Config, Peer, Refusal,
    channel::{Channel, ConnectionId, Mute},
    key::KeyShare,
    message::{AlertDescription, ClientHello, Finished, HandshakeHeader, HandshakeType},
    prf::{MasterSecret, RANDOM, Side, VERIFY_DATA},
    record::{Header, MAX_PLAINTEXT, Sequence},
    resume::{Cache, Resumption},
    suite::Suite,
};
use crate::{CallId, Entry, Hint, Mono, Now, timer::TimerId};

/// How long the peer may ask for our last flight again: twice the longest life of a segment. [RFC 6347 §4.2.4]
const LINGER: Duration = Duration::from_secs(240);
/// From so many repetitions on a flight goes out in smaller datagrams,
const SMALLER_AFTER: u8 = 2;
/// of so many octets: what a constrained network carries at least.
const SMALL_DATAGRAM: usize = 256;

/// What a handshake needs of its endpoint.
pub(super) struct Env<'a> {
    pub(super) now: Now,
    pub(super) config: &'a Config,
    pub(super) rng: &'a mut ChaCha12Rng,
    pub(super) cache: &'a Cache,
}

impl Env<'_> {
    /// Our half of a Diffie-Hellman exchange. Whoever reads our memory later cannot compute it again: the generator goes
    /// on from a new seed.
    fn share(&mut self) -> KeyShare {
        let share = KeyShare::generate(|octets| self.rng.fill_bytes(octets));
        let mut seed = Zeroizing::new([0; 32]);
        self.rng.fill_bytes(&mut *seed);
        *self.rng = ChaCha12Rng::from_seed(*seed);
        share
    }
}

/// What comes next.
#[derive(Debug)]
pub(super) enum Step {
    /// More of the peer's messages.
    Wait,
    /// There is a new flight to send.
    Send,
    /// Keys have to be looked up.
    Ask(Hint),
    /// Both sides are proved. There may be a last flight to send.
    Done(Box<Outcome>),
}

/// What a handshake leads to.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) peer: Arc<Peer>,
    pub(super) suite: Suite,
    pub(super) resumed: bool,
    pub(super) resumption: Option<Box<Resumption>>,
    /// Is the last flight ours?
    pub(super) last: bool,
}

/// One handshake.
#[derive(Debug)]
pub(super) struct Handshake {
    wire: Wire,
    machine: Machine,
    /// What has to be looked up before anything else is done.
    question: Option<Hint>,
    /// The call that asks it. `None` while the store does not answer: the peer's repetition asks again.
    pub(super) call: Option<CallId>,
    /// Where a peer began it.
    source: Option<u64>,
    /// `message_seq` of the hello message that it began with.
    hello: u16,
    pub(super) flight_timer: TimerId,
    pub(super) end_timer: TimerId,
    /// How often the current flight was sent again.
    pub(super) attempt: u8,
    sent: Mono,
    failed: u8,
    /// Protected records that came before their keys.
    parked: Vec<(Header, BytesMut)>,
}

#[derive(Debug)]
enum Machine {
    Client(client::State),
    Server(server::State),
}

/// What both machines write to and read from.
#[derive(Debug)]
struct Wire {
    side: Side,
    transcript: Transcript,
    inbox: Inbox,
    flight: Flight,
    /// `message_seq` of our next message.
    sequence: u16,
    /// Numbers of epoch 0.
    plain: Sequence,
    client_random: [u8; RANDOM],
    server_random: [u8; RANDOM],
    own_cid: ConnectionId,
    peer_cid: ConnectionId,
    /// Both sides have said theirs.
    has_cids: bool,
    /// Octets of content in a record. [RFC 6066 §4]
    longest: usize,
    /// The keys, once there are any.
    channel: Option<Box<Channel>>,
    /// The peer has switched to them.
    peer_switched: bool,
    /// We have.
    switched: bool,
}

/// Our last flight, ChangeCipherSpec and Finished, for a peer that has not received it. [RFC 6347 §4.2.4]
#[derive(Debug)]
pub(super) struct LastFlight {
    plain: Sequence,
    sequence: u16,
    verify_data: [u8; VERIFY_DATA],
    /// `message_seq` of the peer's Finished.
    peer_sequence: u16,
    sent: Mono,
    until: Mono,
}

impl Handshake {
    /// Ours.
    pub(super) fn client(offer: Offer, own_cid: ConnectionId, env: &mut Env<'_>) -> Self {
        let mut wire = Wire::new(Side::Client, 0, Sequence::new(0));
        wire.own_cid = own_cid;
        env.rng.fill_bytes(&mut wire.client_random);
        let state = client::State::begin(Box::new(offer), &mut wire);
        Self::with(wire, Machine::Client(state), None)
    }

    /// A peer's, whose cookie is valid. `message` is its ClientHello, `number` the sequence number of the record.
    pub(super) fn server(
        hello: &ClientHello<'_>,
        header: &HandshakeHeader,
        body: &[u8],
        number: u64,
        own_cid: ConnectionId,
        source: u64,
        env: &mut Env<'_>,
    ) -> Result<(Self, Step), Refusal> {
        let sequence = header.message_seq;
        let mut wire = Wire::new(Side::Server, sequence.wrapping_add(1), Sequence::starting_at(0, number));
        wire.sequence = sequence;
        wire.own_cid = own_cid;
        wire.client_random = *hello.random;
        env.rng.fill_bytes(&mut wire.server_random);
        wire.transcript.add(&Message { kind: header.kind, sequence, epoch: 0, body: body.into() });
        let (state, step) = server::State::begin(hello, &mut wire, env)?;
        let mut handshake = Self::with(wire, Machine::Server(state), Some(source));
        handshake.hello = sequence;
        Ok((handshake, step))
    }

    fn with(wire: Wire, machine: Machine, source: Option<u64>) -> Self {
        Self {
            wire,
            machine,
            question: None,
            call: None,
            source,
            hello: 0,
            flight_timer: TimerId::NONE,
            end_timer: TimerId::NONE,
            attempt: 0,
            sent: Mono(0),
            failed: 0,
            parked: Vec::new(),
        }
    }

    pub(super) const fn source(&self) -> Option<u64> {
        self.source
    }

    pub(super) fn own_cid(&self) -> &[u8] {
        &self.wire.own_cid
    }

    pub(super) const fn side(&self) -> Side {
        self.wire.side
    }

    pub(super) const fn client_random(&self) -> &[u8; RANDOM] {
        &self.wire.client_random
    }

    /// Is there something to send again while the peer is silent?
    pub(super) fn has_flight(&self) -> bool {
        !self.wire.flight.is_empty() && self.question.is_none()
    }

    pub(super) const fn is_asking(&self) -> bool {
        self.question.is_some()
    }

    /// Whom the peer claims to be, as far as the store knows it.
    pub(super) fn peer(&self) -> Option<&Peer> {
        match &self.machine {
            Machine::Client(state) => state.peer(),
            Machine::Server(state) => state.peer(),
        }
    }

    /// What the store is being asked. Its answer may be older than what it has been told since.
    pub(super) fn asked(&self) -> Option<&Hint> {
        self.question.as_ref().filter(|_| self.call.is_some())
    }

    /// A fragment of a handshake message. `None`: of one that was handled long ago.
    pub(super) fn fragment(
        &mut self,
        env: &mut Env<'_>,
        header: &HandshakeHeader,
        epoch: u16,
        bytes: &[u8],
    ) -> Result<Fragment, Refusal> {
        if let Machine::Client(state @ client::State::AwaitHello(_)) = &self.machine {
            match header.kind {
                // Servers without memory may number it as they like, and send several.
                HandshakeType::HELLO_VERIFY_REQUEST if header.is_whole() => {
                    let (kind, sequence) = (header.kind, header.message_seq);
                    let message = Message { kind, sequence, epoch, body: bytes.into() };
                    self.wire.inbox.begin_at(sequence.wrapping_add(1));
                    return self.handle(env, &message).map(Fragment::Step);
                }
                HandshakeType::SERVER_HELLO if state.may_answer(header.message_seq, &self.wire) => {
                    self.wire.inbox.begin_at(header.message_seq);
                }
                HandshakeType::SERVER_HELLO => return Ok(Fragment::Dropped),
                _ => (),
            }
        }
        let hold = self.question.is_some();
        match self.wire.inbox.arrive(&env.config.limits, header, epoch, bytes, hold) {
            Arrival::Next(message) => self.handle(env, &message).map(Fragment::Step),
            Arrival::Kept => self.proceed(env).map(Fragment::Step),
            Arrival::Old => Ok(Fragment::Old),
            Arrival::Dropped => Ok(Fragment::Dropped),
        }
    }

    /// Handles what has been waiting for its turn.
    pub(super) fn proceed(&mut self, env: &mut Env<'_>) -> Result<Step, Refusal> {
        while self.question.is_none()
            && let Some(message) = self.wire.inbox.next()
        {
            match self.handle(env, &message)? {
                Step::Wait => (),
                step => return Ok(step),
            }
        }
        Ok(Step::Wait)
    }

    fn handle(&mut self, env: &mut Env<'_>, message: &Message<'_>) -> Result<Step, Refusal> {
        // Everything before ChangeCipherSpec is in the clear, Finished alone is behind it.
        if (message.kind == HandshakeType::FINISHED) != (message.epoch > 0) {
            return Err(unexpected());
        }
        let step = match &mut self.machine {
            Machine::Client(state) => state.handle(message, &mut self.wire, env),
            Machine::Server(state) => state.handle(message, &mut self.wire, env),
        }?;
        Ok(self.note(step))
    }

    /// The store has answered.
    pub(super) fn answer(&mut self, env: &mut Env<'_>, entry: Option<&Entry>) -> Result<Step, Refusal> {
        self.call = None;
        self.question = None;
        let step = match &mut self.machine {
            Machine::Client(_) => Ok(Step::Wait),
            Machine::Server(state) => state.answer(entry, &mut self.wire, env),
        }?;
        match self.note(step) {
            Step::Wait => self.proceed(env),
            step => Ok(step),
        }
    }

    /// The store could not answer: the peer hears nothing, and is answered when it tries again.
    pub(super) fn no_answer(&mut self) {
        self.call = None;
    }

    /// The question that has to be asked again.
    pub(super) fn unanswered(&self) -> Option<&Hint> {
        self.question.as_ref().filter(|_| self.call.is_none())
    }

    fn note(&mut self, step: Step) -> Step {
        match &step {
            Step::Ask(hint) => self.question = Some(hint.clone()),
            Step::Send => self.attempt = 0,
            Step::Wait | Step::Done(_) => (),
        }
        step
    }

    /// The peer has switched to the new keys. It may say so early, late, and twice; it counts when they are there.
    pub(super) const fn change_cipher_spec(&mut self) {
        self.wire.peer_switched = true;
    }

    /// Can records of the peer be decrypted?
    pub(super) fn is_ready(&self) -> bool {
        self.wire.peer_switched && self.wire.channel.is_some() && self.question.is_none()
    }

    /// The keys, once the peer uses them.
    pub(super) fn channel(&mut self) -> Option<&mut Channel> {
        if self.is_ready() { self.wire.channel.as_deref_mut() } else { None }
    }

    /// Have we switched to the new keys?
    pub(super) const fn has_switched(&self) -> bool {
        self.wire.switched
    }

    /// The keys for what we say.
    pub(super) fn keys(&mut self) -> Option<&mut Channel> {
        self.wire.channel.as_deref_mut()
    }

    /// Numbers of epoch 0.
    pub(super) const fn plain(&mut self) -> &mut Sequence {
        &mut self.wire.plain
    }

    /// A protected record came before its keys. False: no room.
    pub(super) fn park(&mut self, env: &Env<'_>, header: &Header, fragment: &[u8]) -> bool {
        let limits = &env.config.limits;
        let room = self.parked.len() < limits.parked && fragment.len() <= limits.parked_octets;
        if room {
            self.parked.push((*header, BytesMut::from(fragment)));
        }
        room
    }

    /// What came before its keys.
    pub(super) fn unpark(&mut self) -> Vec<(Header, BytesMut)> {
        std::mem::take(&mut self.parked)
    }

    /// What should have been Finished was not authentic. Whoever answers at all says `bad_record_mac`. [RFC 6347 §4.1.2.7]
    pub(super) fn fail(&mut self, env: &mut Env<'_>) -> Result<(), Refusal> {
        self.failed = self.failed.saturating_add(1);
        if self.failed < env.config.limits.failed_finished {
            return Ok(());
        }
        Err(Refusal::new(AlertDescription::BAD_RECORD_MAC, "Finished cannot be decrypted: the keys differ"))
    }

    /// May the flight be sent again because the peer repeats its own? Once per wait. [RFC 6347 §4.2.4]
    pub(super) fn may_repeat(&self, env: &Env<'_>) -> bool {
        self.has_flight() && env.now.mono.since(self.sent) >= env.config.retransmission.first / 2
    }

    /// No answer came.
    pub(super) fn unanswered_flight(&mut self) {
        if let Machine::Client(state) = &mut self.machine {
            state.unanswered(&mut self.wire);
        }
    }

    /// Is it this very hello message that the handshake began with?
    pub(super) fn began_with(&self, hello: &ClientHello<'_>, header: &HandshakeHeader) -> bool {
        self.wire.client_random == *hello.random && self.hello == header.message_seq
    }

    /// Writes the flight into datagrams.
    pub(super) fn send(
        &mut self,
        env: &mut Env<'_>,
        arena: &mut BytesMut,
        transmit: impl FnMut(BytesMut),
    ) -> Result<(), Mute> {
        self.sent = env.now.mono;
        let Wire { flight, plain, channel, longest, .. } = &mut self.wire;
        // Perhaps the path takes no datagrams of that size, and says nothing. [RFC 6347 §4.1.1.1]
        let most = if self.attempt >= SMALLER_AFTER { SMALL_DATAGRAM } else { usize::MAX };
        let (datagram, longest) = (env.config.datagram.min(most), *longest);
        flight.send(
            &mut Sending { datagram, longest, plain, channel: channel.as_deref_mut(), rng: env.rng, arena },
            transmit,
        )
    }

    /// Takes the keys out, and what is kept for a peer that has not received our last flight.
    pub(super) fn finish(
        &mut self,
        now: Mono,
        last: bool,
    ) -> Option<(Box<Channel>, Option<Box<LastFlight>>)> {
        let wire = &mut self.wire;
        let channel = wire.channel.take()?;
        let last = last.then(|| {
            Box::new(LastFlight {
                plain: wire.plain.clone(),
                sequence: wire.sequence.wrapping_sub(1),
                verify_data: wire.flight.verify_data(),
                peer_sequence: wire.inbox.awaited().wrapping_sub(1),
                sent: now,
                until: now.after(LINGER),
            })
        });
        Some((channel, last))
    }
}

/// What became of a fragment.
#[derive(Debug)]
pub(super) enum Fragment {
    Step(Step),
    /// The peer repeats its flight.
    Old,
    /// No room.
    Dropped,
}

impl Wire {
    fn new(side: Side, awaited: u16, plain: Sequence) -> Self {
        Self {
            side,
            transcript: Transcript::default(),
            inbox: Inbox::new(awaited),
            flight: Flight::default(),
            sequence: 0,
            plain,
            client_random: [0; RANDOM],
            server_random: [0; RANDOM],
            own_cid: ConnectionId::new(),
            peer_cid: ConnectionId::new(),
            has_cids: true,
            longest: MAX_PLAINTEXT,
            channel: None,
            peer_switched: false,
            switched: false,
        }
    }

    fn push(&mut self, kind: HandshakeType, body: impl FnOnce(&mut BytesMut)) {
        self.flight.push(&mut self.transcript, &mut self.sequence, kind, body);
    }

    /// Makes the keys. They are used from the next ChangeCipherSpec on.
    fn protect(&mut self, master: &MasterSecret, suite: Suite, encrypt_then_mac: bool) {
        let keys = master.key_block(suite.cipher(), &self.client_random, &self.server_random);
        let channel = Channel::new(suite.cipher(), encrypt_then_mac, &keys, self.side).limited(self.longest);
        let channel = match self.has_cids {
            true => channel.with_cids(self.own_cid.clone(), self.peer_cid.clone()),
            false => channel,
        };
        self.channel = Some(Box::new(channel));
    }

    /// Adds ChangeCipherSpec and Finished to the flight.
    fn push_finished(&mut self, master: &MasterSecret) {
        let data = master.verify_data(self.side, &self.transcript.hash());
        self.flight.push_change_cipher_spec();
        self.push(HandshakeType::FINISHED, |out| Finished(&data).encode(out));
        self.switched = true;
    }

    /// The peer's Finished.
    fn check_finished(&mut self, master: &MasterSecret, message: &Message<'_>) -> Result<(), Refusal> {
        let Finished(shown) = Finished::parse(&message.body)?;
        let expected = master.verify_data(self.side.peer(), &self.transcript.hash());
        if !bool::from(expected.as_slice().ct_eq(shown)) {
            return Err(Refusal::new(AlertDescription::DECRYPT_ERROR, "Finished"));
        }
        self.transcript.add(message);
        Ok(())
    }
}

impl LastFlight {
    /// A handshake message of the peer, protected, after the handshake: is it the Finished that asks for ours again?
    pub(super) fn is_asked_for(&self, env: &Env<'_>, header: &HandshakeHeader) -> bool {
        let now = env.now.mono;
        header.kind == HandshakeType::FINISHED
            && header.message_seq == self.peer_sequence
            && now < self.until
            && now.since(self.sent) >= env.config.retransmission.first / 2
    }

    pub(super) fn send(
        &mut self,
        env: &mut Env<'_>,
        channel: &mut Channel,
        arena: &mut BytesMut,
        transmit: impl FnMut(BytesMut),
    ) -> Result<(), Mute> {
        self.sent = env.now.mono;
        let mut flight = Flight::default();
        flight.push_change_cipher_spec();
        let finished = |out: &mut BytesMut| Finished(&self.verify_data).encode(out);
        flight.push(&mut Transcript::default(), &mut { self.sequence }, HandshakeType::FINISHED, finished);
        let (plain, channel) = (&mut self.plain, Some(channel));
        let datagram = env.config.datagram;
        flight.send(
            &mut Sending { datagram, longest: MAX_PLAINTEXT, plain, channel, rng: env.rng, arena },
            transmit,
        )
    }
}

const fn unexpected() -> Refusal {
    Refusal::new(AlertDescription::UNEXPECTED_MESSAGE, "this message has no place here")
}

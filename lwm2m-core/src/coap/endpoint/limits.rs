//! What peers can push on, how far, and how often they did.

use std::time::Duration;

/// What peers can push on, and how far. Each field names the attack it bounds.
///
/// Memory, worst case, in octets: 140 per peer; `dedup_total` times 65, and `dedup_bytes` for their replies; twice
/// `body_bytes` for bodies in transfer or served (buffers grow by doubling); `inbound_total` times a request of at most
/// the link's MTU and 250; `locked_frames` times the MTU. What this end asks for itself is bounded per peer
/// (`exchanges_per_peer` times 130 while observing, 500 and the body while asking), so that a peer that never answers
/// cannot make it grow.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Peers without a registration. Attack: frames from ever new (forged) addresses. The least recently heard is
    /// displaced; a registered peer never. Default 4096.
    pub unregistered_peers: usize,
    /// Per cent of `inbound_total` and `body_bytes` that peers without a registration may use together. Attack: a flood
    /// from new addresses that takes the room of registered peers. Default 50.
    pub unregistered_share: u8,
    /// Unanswered requests of one peer, and separate responses that it has not acknowledged. Attack: requests faster
    /// than they are answered, or answers that are left to be repeated. More are answered 5.03 (CON) or dropped
    /// (NON). Default 16.
    pub inbound_per_peer: usize,
    /// Unanswered requests of all peers, treated alike. Default 65536.
    pub inbound_total: usize,
    /// Observations that one peer holds on us. Attack: an Observe with ever new tokens. More are answered like a
    /// plain request. Default 256.
    pub observers_per_peer: usize,
    /// Message IDs remembered per peer, to recognise repetitions. Attack: none is harmed but the peer itself;
    /// bounds the memory of a chatty one. The oldest that has been answered is forgotten. Default 64.
    pub dedup_per_peer: usize,
    /// The same for a peer without a registration; less, so that a flood from new addresses does not make us forget the
    /// replies to registered ones. Default 16.
    pub dedup_per_unregistered: usize,
    /// Message IDs remembered of all peers. The oldest is forgotten. Default 1,000,000.
    pub dedup_total: usize,
    /// Octets of replies kept to answer repetitions. Attack: small requests with large answers, to fill memory.
    /// The oldest reply is forgotten; its repetition is then ignored. Default 64 MiB.
    pub dedup_bytes: usize,
    /// Our requests to one peer, observations among them. Default 512.
    pub exchanges_per_peer: usize,
    /// Our requests to one peer that wait for their turn under NSTART. Attack: a peer that stays silent while the
    /// application goes on asking. Default 64.
    pub queued_per_peer: usize,
    /// Bodies of one peer in transfer or served in blocks at a time. Attack: first blocks of ever new bodies. The
    /// least recently used is dropped. Default 4.
    pub transfers_per_peer: usize,
    /// Octets of bodies of all peers. Attack: many bodies begun and never finished. The transfer that would exceed
    /// it is refused (4.13 or 5.03); among peers without a registration, the least recently used goes for it. Default
    /// 64 MiB.
    pub body_bytes: usize,
    /// How long a transfer may pause. Attack: bodies that are begun and never finished. Default 93 s
    /// (MAX_TRANSMIT_WAIT, so that the lost block of a live transfer can still be repeated).
    pub transfer_pause: Duration,
    /// How long a request may stay unanswered by the application before the endpoint answers 5.03 and forgets it.
    /// Default 90 s.
    pub unanswered: Duration,
    /// Paths of peers that asked us to wait (4.29, 5.03). Attack: such answers to everything. The oldest is
    /// forgotten. Default 1024.
    pub hold_offs: usize,
    /// Longest such wait that is honoured. Attack: one answer that silences us for ever. Default 1 hour.
    pub longest_hold_off: Duration,
    /// Frames that wait for the keys to open them. Attack: frames under ever new key identifiers. More are dropped.
    /// Default 256.
    pub locked_frames: usize,
    /// Those of one peer among them. Attack: one that takes the room of all others. More are dropped. Default 4.
    pub locked_per_peer: usize,
    /// How many times larger than a request its answer may be, while the peer has not proven that it is where its
    /// frames seem to come from. Attack: small requests under the address of a victim, so that large answers hit it.
    /// [RFC 7252 §11.3] [RFC 9175 §2.4]
    ///
    /// Both are counted as on the wire, with 62 octets of headers below CoAP; the repetitions of a separate answer
    /// count too. What is larger goes in small blocks, diagnostics are shortened, and notifications are confirmable. A
    /// peer has proven itself when it acknowledges, resets or answers a message of ours; when it sends back the Echo
    /// that stands in such a block; or when [`Endpoint::set_proven`](super::Endpoint::set_proven) says so. `None`: no
    /// such limit. Default 3.
    pub amplification: Option<u8>,
    /// Non-confirmable notifications to one peer at once. Beyond, they keep to one a round trip, or one in
    /// `notification_interval`; what is faster goes confirmable, the newest first. Danger: many notifications on a path
    /// that is full, and nobody there who says so. [RFC 7641 §4.5.1] Default 8.
    pub notification_burst: u8,
    /// How often such a notification may leave where the round trip is not known. Default 3 s.
    pub notification_interval: Duration,
    /// Such notifications in a row to a peer from which nothing comes. The next is confirmable: who is gone is found out
    /// long before the day that [RFC 7641 §4.5] allows. Default 32.
    pub unheard_notifications: u8,
    /// Frames of one peer over time. Attack: a flood from one source that takes the time of the others. Frames
    /// over it are dropped unread; acknowledgements and resets are not counted. Default `None`.
    pub rate: Option<Rate>,
}

/// A token bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Frames per second in the long run; at least 1.
    pub per_second: u16,
    /// Frames at once; at least 1.
    pub burst: u16,
}

impl Limits {
    /// What peers without a registration may use of a limit.
    pub(super) fn share(&self, of: usize, registered: bool) -> usize {
        match registered {
            true => of,
            false => {
                of / 100 * usize::from(self.unregistered_share)
                    + of % 100 * usize::from(self.unregistered_share) / 100
            }
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            unregistered_peers: 4096,
            unregistered_share: 50,
            inbound_per_peer: 16,
            inbound_total: 65_536,
            observers_per_peer: 256,
            dedup_per_peer: 64,
            dedup_per_unregistered: 16,
            dedup_total: 1_000_000,
            dedup_bytes: 64 << 20,
            exchanges_per_peer: 512,
            queued_per_peer: 64,
            transfers_per_peer: 4,
            body_bytes: 64 << 20,
            transfer_pause: Duration::from_secs(93),
            unanswered: Duration::from_secs(90),
            hold_offs: 1024,
            longest_hold_off: Duration::from_secs(3600),
            locked_frames: 256,
            locked_per_peer: 4,
            amplification: Some(3),
            notification_burst: 8,
            notification_interval: Duration::from_secs(3),
            unheard_notifications: 32,
            rate: None,
        }
    }
}

/// Configuration of an [`Endpoint`](super::Endpoint).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// What peers can push on, and how far.
    pub limits: Limits,
    /// Confirmable notifications wait for [`Endpoint::settle`](super::Endpoint::settle) before they are
    /// acknowledged. Default off.
    pub settle_notifications: bool,
    /// Octets of our tokens, all random: 4 to 8. Four are what [RFC 7252 §5.3.1] wants without DTLS. Default 4.
    pub token_length: u8,
    /// Largest block that we send and ask for, as SZX: 0 for 16 octets to 6 for 1024. What fits the MTU is taken
    /// where that is less. Default 6.
    pub largest_block: u8,
    /// How long an answer is waited for after the request was acknowledged, or sent as NON. `None`: for
    /// EXCHANGE_LIFETIME. Default `None`.
    pub answer_wait: Option<Duration>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            settle_notifications: false,
            token_length: 4,
            largest_block: 6,
            answer_wait: None,
        }
    }
}

/// What an endpoint holds at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Usage {
    /// Peers.
    pub peers: usize,
    /// Those of them without a registration.
    pub unregistered: usize,
    /// Our requests that are not over, observations among them.
    pub exchanges: usize,
    /// The peers' requests that are not answered, and their observations.
    pub inbound: usize,
    /// The peers' requests that are not answered.
    pub unanswered: usize,
    /// Messages that are sent until they are acknowledged.
    pub sending: usize,
    /// Bodies of peers in transfer or served in blocks.
    pub transfers: usize,
    /// Octets of bodies in transfer.
    pub body_bytes: usize,
    /// Message IDs remembered.
    pub remembered: usize,
}

/// What was refused, dropped or repeated, counted since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Frames that came in.
    pub frames_in: u64,
    /// Frames that went out, repetitions among them.
    pub frames_out: u64,
    /// Frames by a link that is not known.
    pub unknown_link: u64,
    /// Frames over the rate of their peer.
    pub over_rate: u64,
    /// Frames that are no CoAP message.
    pub malformed: u64,
    /// Messages of a type and code that do not go together, or of a reserved code.
    pub misplaced: u64,
    /// Frames that could not be verified.
    pub unprotected: u64,
    /// Frames dropped because too many wait for keys, of all peers or of theirs.
    pub locked_refused: u64,
    /// Answers that went in smaller blocks, or lost the end of their text, because the address has not proven itself.
    pub unproven: u64,
    /// Non-confirmable notifications that went confirmable for the pace, or because the peer was silent.
    pub confirmed: u64,
    /// Requests that may have been played back, dropped. See [`Endpoint::set_doubted`](super::Endpoint::set_doubted).
    pub doubted: u64,
    /// Requests refused for an option: 4.02, 5.05, or a NON dropped.
    pub bad_option: u64,
    /// Requests refused for too many unanswered ones.
    pub overload: u64,
    /// Observations not taken up because the peer holds too many.
    pub observers_refused: u64,
    /// Requests that the application has not answered in time.
    pub unanswered: u64,
    /// Repeated messages recognised.
    pub duplicates: u64,
    /// Message IDs or replies forgotten early because of a limit.
    pub dedup_evicted: u64,
    /// Responses that match no request.
    pub unmatched: u64,
    /// Notifications older than one seen before.
    pub stale: u64,
    /// Messages sent again.
    pub retransmissions: u64,
    /// Messages given up after the last repetition.
    pub timeouts: u64,
    /// Resets that came.
    pub resets: u64,
    /// Pings answered.
    pub pings: u64,
    /// Peers displaced.
    pub displaced: u64,
    /// Bodies dropped or refused for a limit or a pause.
    pub transfers_dropped: u64,
    /// Own requests held back because the peer asked to wait.
    pub held_off: u64,
}

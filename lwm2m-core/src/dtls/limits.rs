//! What peers can push on, how far, and how often they did.

use std::time::Duration;

/// What peers can push on, and how far. Each field names the attack it bounds.
///
/// Memory, worst case, in octets: `handshakes` times (`handshake_octets` and 4000), `sessions` times 700, `resumable`
/// times 400 and the identities.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Handshakes that peers began and have not finished. Attack: handshakes that are begun only. The one that has
    /// gone longest without progress makes room; sessions never do. Default 1024.
    pub handshakes: usize,
    /// The same from one IP address, or from one IPv6 network of 64 bits. Attack: one host that begins many. Its own
    /// oldest makes room. Default 128, for many devices behind one address.
    pub handshakes_per_source: usize,
    /// How long a handshake may take from the first message that costs memory. Attack: handshakes kept open by a
    /// trickle of messages. Default 150 s.
    pub handshake_lifetime: Duration,
    /// Octets of one handshake's messages that arrived in pieces or too early. Attack: fragments of long messages
    /// that are never completed. More are dropped. Default 24 KiB.
    pub handshake_octets: usize,
    /// Protected records of one handshake that came before their keys. Attack: such records, to fill memory. More are
    /// dropped, and repeated by the peer. Default 4, of at most `parked_octets`.
    pub parked: usize,
    /// Octets of one such record. Default 2048.
    pub parked_octets: usize,
    /// Finished messages that cannot be decrypted before a handshake is given up with `bad_record_mac`: the peer has
    /// another key. Attack: forged ones, which end no more than that handshake. Default 3.
    pub failed_finished: u8,
    /// Sessions. Attack: an authenticated peer that opens ever new ones. The one that was used least recently makes
    /// room. Default 1,000,000.
    pub sessions: usize,
    /// Sessions with one peer, for each endpoint name that its keys are for. Attack: a device that opens ever new ones, so
    /// that those of all others make room. Its own least recently used makes room instead. Not counted where keys are for
    /// any endpoint name. Default 16.
    pub sessions_per_peer: usize,
    /// Records of one session that were not authentic before it is given up. Attack: guessing of tags; off-path
    /// forgers must not be able to end a session with a handful. Default 2^20.
    pub forgeries: u32,
    /// Sessions that can be resumed. Attack: ever new sessions. The oldest is forgotten. Default 100,000.
    pub resumable: usize,
    /// How long a session can be resumed. [RFC 5246 §F.1.4] Default 24 h.
    pub resumable_for: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            handshakes: 1024,
            handshakes_per_source: 128,
            handshake_lifetime: Duration::from_secs(150),
            handshake_octets: 24 * 1024,
            parked: 4,
            parked_octets: 2048,
            failed_finished: 3,
            sessions: 1_000_000,
            sessions_per_peer: 16,
            forgeries: 1 << 20,
            resumable: 100_000,
            resumable_for: Duration::from_secs(24 * 3600),
        }
    }
}

/// How often it happened. Only ever grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Datagrams handled.
    pub datagrams_in: u64,
    /// Records that could not be read: header, length, type or version.
    pub malformed_records: u64,
    /// Records for which there is neither session nor handshake.
    pub unknown: u64,
    /// Records that came twice or too late.
    pub replayed: u64,
    /// Records that were not authentic.
    pub forged: u64,
    /// Hello messages that were answered without memory of them.
    pub verify_requests: u64,
    /// Hello messages that were dropped: cut into fragments, or nobody is served here.
    pub hellos_dropped: u64,
    /// Handshakes begun.
    pub handshakes: u64,
    /// Sessions established.
    pub established: u64,
    /// Those of them that were resumed.
    pub resumed: u64,
    /// Handshakes that ended in an alert of ours.
    pub refused: u64,
    /// Handshakes that were given up: no answer, or too long.
    pub timed_out: u64,
    /// Handshakes that made room for others.
    pub handshakes_displaced: u64,
    /// Sessions that made room for others.
    pub sessions_displaced: u64,
    /// Flights sent again.
    pub retransmissions: u64,
    /// Handshake fragments, early records and the like for which there was no room.
    pub no_room: u64,
    /// Alerts that were ignored: not authenticated, or mere warnings.
    pub alerts_ignored: u64,
    /// Attempts to renegotiate.
    pub renegotiations: u64,
    /// Peers that moved to another address.
    pub moved: u64,
}

/// What is held at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Usage {
    /// Sessions.
    pub sessions: usize,
    /// Handshakes, ours among them.
    pub handshakes: usize,
    /// Sessions that can be resumed by their peers.
    pub resumable: usize,
}

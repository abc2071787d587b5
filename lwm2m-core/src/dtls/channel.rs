//! A protected channel: the keys of both directions, and what of them is used up. Epoch 1 is the only one with keys,
//! since there is no renegotiation.

use std::ops::Range;

use bytes::BytesMut;
use rand_chacha::ChaCha12Rng;
use rand_core::Rng as _;
use smallvec::SmallVec;

use super::{
    cipher::RecordKeys,
    prf::{KeyBlock, Side},
    record::{ContentType, Header, MAX_PLAINTEXT, Sequence},
    replay::ReplayWindow,
    suite::Cipher,
};

/// The epoch of the first keys.
pub(super) const PROTECTED: u16 = 1;
/// Longest connection ID that we put into every record of ours.
pub(super) const LONGEST_CID: usize = 32;

/// What a record carries to the end that issued it.
pub(super) type ConnectionId = SmallVec<[u8; 16]>;

/// Keys and numbers of both directions.
#[derive(Debug)]
pub(super) struct Channel {
    write: RecordKeys,
    sequence: Sequence,
    /// Numbers from here on are not ours to use: they were not reserved in the store.
    reserved: u64,
    /// Octets of content in a record of ours.
    longest: u16,
    /// What the next nonce is made of, if not of the record's number.
    nonce: Option<u64>,
    peer_cid: ConnectionId,
    read: RecordKeys,
    window: ReplayWindow,
    own_cid: ConnectionId,
    forged: u32,
}

/// Where a stored session goes on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers {
    /// The first record number that is ours to use.
    pub(super) next: u64,
    /// One above the highest number received.
    pub(super) received: u64,
    /// Unpredictable: where nonces begin.
    pub(super) nonce: u64,
}

/// A record that turned out to be authentic.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) content_type: ContentType,
    /// Where in the fragment the content is.
    pub(super) content: Range<usize>,
    /// Newer than all before.
    pub(super) newest: bool,
}

/// Why a record was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unopened {
    /// With a connection ID where none was issued, or the other way round.
    Misfit,
    Replayed,
    Forged,
}

/// Why nothing can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mute {
    /// All numbers are used.
    Exhausted,
    /// The next number is not reserved.
    Unreserved,
    TooLong,
}

impl Channel {
    pub(super) fn new(cipher: Cipher, encrypt_then_mac: bool, keys: &KeyBlock, side: Side) -> Self {
        Self {
            write: RecordKeys::new(cipher, encrypt_then_mac, keys.written_by(side)),
            sequence: Sequence::new(PROTECTED),
            reserved: u64::MAX,
            longest: MAX_PLAINTEXT as u16,
            nonce: None,
            peer_cid: ConnectionId::new(),
            read: RecordKeys::new(cipher, encrypt_then_mac, keys.written_by(side.peer())),
            window: ReplayWindow::new(),
            own_cid: ConnectionId::new(),
            forged: 0,
        }
    }

    /// The peer wants no longer records. [RFC 6066 §4]
    pub(super) fn limited(mut self, longest: usize) -> Self {
        self.longest = u16::try_from(longest).unwrap_or(u16::MAX);
        self
    }

    /// Octets of content in a record of ours.
    pub(super) const fn longest(&self) -> u16 {
        self.longest
    }

    pub(super) fn with_cids(mut self, own: ConnectionId, peer: ConnectionId) -> Self {
        (self.own_cid, self.peer_cid) = (own, peer);
        self
    }

    /// Goes on where a stored session may go on, once a copy of it is stored.
    pub(super) fn restored(mut self, numbers: Numbers) -> Self {
        let Numbers { next, received, nonce } = numbers;
        self.sequence = Sequence::starting_at(PROTECTED, next);
        self.reserved = next;
        self.window = ReplayWindow::starting_at(received);
        // The first bit is not set in the number of any record of epoch 1.
        self.nonce = Some(nonce | 1 << 63);
        self
    }

    /// The keys of both directions, and whether a CBC suite encrypts before it authenticates.
    pub(super) fn keys(&self, side: Side) -> (KeyBlock, bool) {
        let ((own, encrypt_then_mac), (peer, _)) = (self.write.expose(), self.read.expose());
        let keys = match side {
            Side::Client => KeyBlock { client: own, server: peer },
            Side::Server => KeyBlock { client: peer, server: own },
        };
        (keys, encrypt_then_mac)
    }

    /// Is this the last number but few?
    pub(super) const fn is_nearly_used(&self, ahead: u64) -> bool {
        self.sequence.next() >= self.reserved.saturating_sub(ahead / 4)
    }

    pub(super) fn own_cid(&self) -> &[u8] {
        &self.own_cid
    }

    pub(super) fn peer_cid(&self) -> &[u8] {
        &self.peer_cid
    }

    /// The number of the next record that is sent.
    pub(super) const fn next_sent(&self) -> u64 {
        self.sequence.next()
    }

    /// One above the highest number received.
    pub(super) const fn next_received(&self) -> u64 {
        self.window.next()
    }

    /// Numbers below this are reserved.
    pub(super) const fn reserved(&self) -> u64 {
        self.reserved
    }

    pub(super) const fn reserve(&mut self, up_to: u64) {
        self.reserved = up_to;
    }

    /// Takes nothing any more that is older than what was received.
    pub(super) const fn forget_old(&mut self) {
        self.window = ReplayWindow::starting_at(self.window.next());
    }

    /// How many records were not authentic.
    pub(super) const fn forged(&self) -> u32 {
        self.forged
    }

    /// Octets that a record has beside its content, at most.
    pub(super) fn overhead(&self) -> usize {
        let cid = if self.peer_cid.is_empty() { 0 } else { self.peer_cid.len() + 1 };
        super::record::HEADER + cid + self.write.overhead()
    }

    /// Appends a protected record.
    pub(super) fn seal(
        &mut self,
        out: &mut BytesMut,
        rng: &mut ChaCha12Rng,
        content_type: ContentType,
        parts: &[&[u8]],
    ) -> Result<(), Mute> {
        if self.sequence.next() >= self.reserved {
            return Err(Mute::Unreserved);
        }
        if parts.iter().map(|part| part.len()).sum::<usize>() > usize::from(self.longest) {
            return Err(Mute::TooLong);
        }
        let number = self.sequence.take().ok_or(Mute::Exhausted)?;
        let iv = || {
            let mut iv = [0; 16];
            rng.fill_bytes(&mut iv);
            iv
        };
        if let Some(nonce) = self.nonce {
            self.write.use_nonce(nonce);
            self.nonce = Some(nonce.wrapping_add(1) | 1 << 63);
        }
        self.write.seal(out, content_type, number, &self.peer_cid, parts, iv).map_err(|_| Mute::TooLong)
    }

    /// Is it a record of this channel, and new? Destroys the fragment; notes nothing.
    pub(super) fn probe(&self, header: &Header, fragment: &mut [u8]) -> bool {
        self.window.is_new(header.number.sequence())
            && self.read.open(header, &self.own_cid, fragment).is_ok()
    }

    /// What an authentic record holds, which is not taken by this. The fragment is destroyed.
    pub(super) fn peek(&self, header: &Header, fragment: &mut [u8]) -> Option<ContentType> {
        self.read.open(header, &self.own_cid, fragment).ok().map(|(content_type, _)| content_type)
    }

    /// Decrypts a fragment in place. Only epoch 1 has keys; the caller has looked at it.
    pub(super) fn open(&mut self, header: &Header, fragment: &mut [u8]) -> Result<Opened, Unopened> {
        let sequence = header.number.sequence();
        // Who issued a connection ID takes no protected record without it. [RFC 9146 §3]
        if (header.content_type == ContentType::Cid) == self.own_cid.is_empty() {
            return Err(Unopened::Misfit);
        }
        if !self.window.is_new(sequence) {
            return Err(Unopened::Replayed);
        }
        let opened = self.read.open(header, &self.own_cid, fragment);
        let Ok((content_type, content)) = opened else {
            self.forged = self.forged.saturating_add(1);
            return Err(Unopened::Forged);
        };
        let newest = self.window.mark(sequence);
        Ok(Opened { content_type, content, newest })
    }
}

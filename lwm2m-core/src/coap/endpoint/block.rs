//! Bodies in blocks: what both roles share. [RFC 7959]
//!
//! | | our request | the peer's request |
//! |---|---|---|
//! | request body (Block1) | `upload` | `collect` |
//! | response body (Block2) | `download` | `serve` |

pub(super) mod collect;
pub(super) mod download;
mod room;
pub(super) mod serve;
pub(super) mod upload;

use std::hash::{BuildHasher, Hasher};

use bytes::Bytes;

use self::{collect::Collect, serve::Serve};
use super::{
    Endpoint,
    answer::Received,
    hold_off::names_resource,
    table::Key,
    timer::{Reason, TimerId},
};
use crate::{
    Code, Now,
    coap::{Block, MAX_BLOCK_NUMBER, Message, OptionNumber, Options, OptionsView},
};

/// Octets of a message that are kept free for what the endpoint adds: header, longest token, payload marker, ETag,
/// Observe, both Block options, a Size, Request-Tag, and an Echo when it is repeated.
const RESERVE: usize = 4 + 8 + 1 + 9 + 4 + 10 + 7 + 5;

/// What a peer sends us or fetches from us in blocks.
#[derive(Debug)]
pub(super) struct Transfer {
    pub(super) peer: u32,
    pub(super) target: Target,
    timer: TimerId,
    /// Counted among those of peers without a registration.
    unregistered: usize,
    pub(super) part: Part,
}

#[derive(Debug)]
pub(super) enum Part {
    Collect(Collect),
    Serve(Serve),
    /// The body goes through the application: the peer's request, whose body or answer it is.
    Stream(Key),
}

/// Which body: peer, method, URI and Request-Tag, as a hash with a secret seed. [RFC 7959 §2.4, §2.5] [RFC 9175 §3.3]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Target(u64);

impl Transfer {
    pub(super) fn new(peer: u32, target: Target, part: Part) -> Self {
        Self { peer, target, timer: TimerId::NONE, unregistered: 0, part }
    }

    fn len(&self) -> usize {
        match &self.part {
            Part::Collect(collect) => collect.len(),
            Part::Serve(serve) => serve.len(),
            Part::Stream(_) => 0,
        }
    }
}

impl Endpoint {
    pub(super) fn target_of(&self, method: Code, options: OptionsView<'_>) -> Target {
        self.hash_target(method, options, names_target)
    }

    /// The resource alone.
    pub(super) fn resource_of(&self, method: Code, options: OptionsView<'_>) -> Target {
        self.hash_target(method, options, names_resource)
    }

    fn hash_target(&self, method: Code, options: OptionsView<'_>, names: fn(OptionNumber) -> bool) -> Target {
        let mut hasher = self.hasher.build_hasher();
        hasher.write_u8(method.0);
        for (number, value) in options.iter().filter(|(number, _)| names(*number)) {
            hasher.write_u16(number.0);
            hasher.write_usize(value.len());
            hasher.write(value);
        }
        Target(hasher.finish())
    }

    pub(super) fn hash_body(&self, body: &[u8]) -> u64 {
        self.hasher.hash_one(body)
    }

    /// Does a message with this body go as one? What is no larger than the smallest block always does.
    pub(super) fn fits(&self, peer: u32, options: OptionsView<'_>, body: usize) -> bool {
        self.fits_in(self.mtu(peer), options, body)
    }

    pub(super) fn fits_in(&self, frame: usize, options: OptionsView<'_>, body: usize) -> bool {
        body <= size(0)
            || RESERVE + options.as_wire().len() + body <= frame
                && (self.config.largest_block >= 6 || body <= size(self.config.largest_block))
    }

    /// The largest block that a message to this peer may hold now, as SZX.
    pub(super) fn block_for(&self, peer: u32, options: OptionsView<'_>) -> u8 {
        self.block_in(self.mtu(peer), options)
    }

    pub(super) fn block_in(&self, frame: usize, options: OptionsView<'_>) -> u8 {
        let room = frame.saturating_sub(RESERVE + options.as_wire().len());
        Block::szx_within(room).unwrap_or(0).min(self.config.largest_block).min(6)
    }

    fn mtu(&self, peer: u32) -> usize {
        self.peers.link(peer).map_or(0, |link| link.mtu)
    }

    /// Does an answer speak of another block than the one that is under way?
    pub(super) fn is_elsewhere(&self, received: &Received<'_>) -> bool {
        let Some(exchange) = self.exchanges.get(received.key) else { return false };
        let Some(active) = &exchange.active else { return false };
        let (block1, block2) = (received.message.options.block1(), received.message.options.block2());
        match (&active.download, &active.upload) {
            (Some(download), _) => block2.is_some_and(|block| !download.expects(block)),
            (None, Some(upload)) => block1.is_some_and(|block| !upload.expects(block)),
            (None, None) => false,
        }
    }

    /// Takes a transfer out of its table; [`Endpoint::put_transfer`] puts it back as the latest used.
    pub(super) fn take_transfer(
        &mut self,
        peer: u32,
        target: Target,
        is_it: impl Fn(&Part) -> bool,
    ) -> Option<Transfer> {
        let list = self.peers.get(peer)?.transfers;
        let (key, _) = self
            .transfers
            .list(list)
            .find(|(_, transfer)| transfer.target == target && is_it(&transfer.part))?;
        self.remove_transfer(key)
    }

    /// Puts a transfer back, or in place. The least recently used goes if the peer has too many. False if the octets
    /// of all bodies would be too many; then it is dropped.
    pub(super) fn put_transfer(&mut self, now: Now, mut transfer: Transfer) -> bool {
        let limits = &self.config.limits;
        let (most, pause) = (limits.transfers_per_peer.max(1), limits.transfer_pause);
        let peer = transfer.peer;
        if !self.peers.is_registered(peer) {
            transfer.unregistered = transfer.len();
            if !self.make_guest_room(transfer.len()) {
                return false;
            }
        }
        if !self.account(transfer.len()) {
            return false;
        }
        self.unregistered_bytes += transfer.unregistered;
        while let Some(entry) = self.peers.get(peer)
            && self.transfers.list(entry.transfers).count() >= most
            && let Some(oldest) = self.transfers.first(entry.transfers)
        {
            self.drop_transfer(oldest);
        }
        let key = self.transfers.next_key();
        transfer.timer = self.timers.set(now.mono.after(pause), Reason::Transfer(key));
        if transfer.unregistered > 0 {
            self.note_guest(key);
        }
        if let Some(entry) = self.peers.get_mut(peer) {
            self.transfers.insert(&mut entry.transfers, transfer);
        }
        true
    }

    /// Room for octets of a peer without a registration: what others of them left lying longest goes. So bodies that
    /// are begun from ever new addresses and never finished keep nobody out who goes on with his. False if they are
    /// too many even alone.
    fn make_guest_room(&mut self, octets: usize) -> bool {
        let limits = &self.config.limits;
        let most = limits.share(limits.body_bytes, false);
        while self.unregistered_bytes.saturating_add(octets) > most {
            let Some(oldest) = self.guests.pop_front() else {
                self.counters.transfers_dropped += 1;
                return false;
            };
            if self.transfers.get(oldest).is_some_and(|transfer| transfer.unregistered > 0) {
                self.drop_transfer(oldest);
            }
        }
        true
    }

    fn note_guest(&mut self, key: Key) {
        if self.guests.len() > 64 + 2 * self.transfers.len() {
            let transfers = &self.transfers;
            self.guests.retain(|guest| transfers.get(*guest).is_some());
        }
        self.guests.push_back(key);
    }

    pub(super) fn remove_transfer(&mut self, key: Key) -> Option<Transfer> {
        let peer = self.transfers.get(key)?.peer;
        let entry = self.peers.get_mut(peer)?;
        let mut transfer = self.transfers.remove(&mut entry.transfers, key)?;
        self.timers.cancel(&mut transfer.timer);
        self.body_bytes = self.body_bytes.saturating_sub(transfer.len());
        self.unregistered_bytes =
            self.unregistered_bytes.saturating_sub(std::mem::take(&mut transfer.unregistered));
        Some(transfer)
    }

    /// Nothing came for too long, or others need the room.
    pub(super) fn drop_transfer(&mut self, key: Key) {
        match self.remove_transfer(key).map(|transfer| transfer.part) {
            Some(Part::Stream(inbound)) => {
                self.counters.transfers_dropped += 1;
                self.abandon_stream(inbound);
            }
            Some(Part::Collect(_)) => self.counters.transfers_dropped += 1,
            Some(Part::Serve(_)) | None => {}
        }
    }

    /// Counts octets of bodies. False if they would be too many.
    pub(super) fn account(&mut self, octets: usize) -> bool {
        let sum = self.body_bytes.saturating_add(octets);
        if sum > self.config.limits.body_bytes {
            self.counters.transfers_dropped += 1;
            return false;
        }
        self.body_bytes = sum;
        true
    }
}

/// Octets of a block.
pub(super) const fn size(szx: u8) -> usize {
    Block { num: 0, more: false, szx }.size()
}

/// The block at an offset; `None` past the last number. [RFC 7959 §2.2]
pub(super) fn block_at(offset: u64, more: bool, szx: u8) -> Option<Block> {
    let num = u32::try_from(offset / size(szx) as u64).ok()?;
    (num <= MAX_BLOCK_NUMBER).then_some(Block { num, more, szx })
}

/// Part of a body, and whether more follow it. `None` past its end.
pub(super) fn part_of(body: &Bytes, block: Block) -> Option<(Bytes, bool)> {
    let start = usize::try_from(block.offset()).ok()?;
    if start > body.len() || (start == body.len() && start > 0) {
        return None;
    }
    let end = start.saturating_add(block.size()).min(body.len());
    Some((body.slice(start..end), end < body.len()))
}

/// Do the octets that came agree with the block that was announced? Only the last may be short. [RFC 7959 §2.3]
pub(super) fn is_well_formed(block: Block, payload: &[u8]) -> bool {
    block.szx <= 6
        && match block.more {
            true => payload.len() == block.size(),
            false => payload.len() <= block.size(),
        }
}

/// Options that tell one body from another: all that are part of the cache key, but the blocks themselves, what the
/// peer prefers or proves, and what describes the payload.
fn names_target(number: OptionNumber) -> bool {
    use OptionNumber as N;
    !number.is_no_cache_key()
        && !matches!(
            number,
            N::BLOCK1 | N::BLOCK2 | N::OBSERVE | N::ECHO | N::CONTENT_FORMAT | N::IF_NONE_MATCH
        )
        && number != N::IF_MATCH
}

/// The options that the application sees.
pub(super) fn strip(mut options: Options) -> Options {
    use OptionNumber as N;
    options.retain(|number| {
        !matches!(number, N::BLOCK1 | N::BLOCK2 | N::SIZE1 | N::SIZE2 | N::ECHO | N::REQUEST_TAG)
    });
    options
}

/// Methods whose repetition does no harm and gives the same body. [RFC 7252 §5.1] [RFC 8132 §2]
pub(super) fn is_safe(method: Code) -> bool {
    matches!(method, Code::GET | Code::FETCH)
}

/// What a request said about blocks, for its answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) target: Target,
    /// To be repeated in the answer.
    pub(super) block1: Option<Block>,
    /// Which part of the answer, and how large at most.
    pub(super) block2: Option<Block>,
    /// Hash of the body of a FETCH.
    pub(super) body: u64,
    /// Octets of the latest message.
    pub(super) octets: u16,
}

impl Endpoint {
    pub(super) fn asked_by(&self, message: &Message<'_>) -> Asked {
        Asked {
            target: self.target_of(message.code, message.options),
            block1: None,
            block2: message.options.block2(),
            body: if message.code == Code::FETCH { self.hash_body(message.payload) } else { 0 },
            octets: u16::try_from(message.encoded_len()).unwrap_or(u16::MAX),
        }
    }
}

//! The body of a request of ours, sent in blocks. [RFC 7959 §2.5]

use bytes::{Buf, Bytes, BytesMut};
use rand_core::Rng;

use super::{block_at, part_of, size};
use crate::{
    Code, Now,
    coap::{
        Block, BodyId, Event, ExchangeError, ExchangeId, MAX_BLOCK_NUMBER, OptionNumber, Options, Payload,
        endpoint::{Endpoint, answer::Received, exchange::Exchange, table::Key, turn::Composed},
    },
};

/// How often a transfer begins anew because the peer has lost the blocks so far.
const MAX_RESTARTS: u8 = 2;

/// How far it is.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Upload {
    /// The block size, as SZX.
    szx: u8,
    /// Octets that the peer has confirmed.
    offset: u64,
    /// The block that is sent now, and its octets.
    current: Block,
    len: usize,
    restarts: u8,
    /// Tells it from every other body of ours to the same target: a late block of one that was given up must not be
    /// taken for a block of this one. [RFC 9175 §3.4]
    pub(super) tag: u16,
}

/// The next octets of a streamed body.
#[derive(Debug, Default)]
pub(in super::super) struct Chunk {
    bytes: BytesMut,
    last: bool,
    /// The application has been asked for more.
    wanted: bool,
}

/// Where the next block is cut from.
enum Source {
    Whole(Bytes),
    /// The beginning of a part; whether it is also the end of the body; the body's size.
    Part(Bytes, bool, Option<u64>),
}

impl Endpoint {
    /// What the request is sent with: all of it, or the next block.
    pub(in super::super) fn compose_upload(
        &mut self,
        key: Key,
        mut options: Options,
    ) -> Result<Composed, ExchangeError> {
        let Some(exchange) = self.exchanges.get(key) else { return Err(ExchangeError::Cancelled) };
        let Some(active) = &exchange.active else { return Err(ExchangeError::Cancelled) };
        let peer = exchange.peer;
        let largest = self.block_for(peer, options.view());
        let source = match active.payload {
            Payload::Whole(ref body) => Source::Whole(body.clone()),
            Payload::Streamed { size } => {
                Source::Part(Bytes::copy_from_slice(&active.chunk.bytes), active.chunk.last, size)
            }
        };
        let upload = match (active.upload, &source) {
            (Some(upload), _) => upload,
            (None, Source::Whole(body)) if self.fits(peer, options.view(), body.len()) => {
                if largest < 6 && options.block2().is_none() && exchange.method != Code::EMPTY {
                    let wish = Block { num: 0, more: false, szx: largest };
                    options.push_uint(OptionNumber::BLOCK2, wish.to_uint());
                }
                return Ok(Composed { options, payload: body.clone() });
            }
            (None, _) => Upload::new(largest, self.rng.next_u32() as u16),
        };
        let szx = source.szx_within(upload.szx.min(largest));
        let (block, payload) = next_block(&source, upload.offset, szx)?;
        options.push_uint(OptionNumber::BLOCK1, block.to_uint());
        let total = source.total();
        if let Some(total) = total.filter(|_| upload.offset == 0) {
            options.push_uint(OptionNumber::SIZE1, total);
        }
        options.push(OptionNumber::REQUEST_TAG, &upload.tag.to_be_bytes());
        if let Some(active) = self.active_mut(key) {
            active.upload = Some(Upload { szx, current: block, len: payload.len(), ..upload });
        }
        Ok(Composed { options, payload })
    }

    /// Is the next block there? Of a streamed body it may have to be asked for.
    pub(in super::super) fn has_part(&self, key: Key) -> bool {
        let Some(exchange) = self.exchanges.get(key) else { return true };
        let Some(active) = &exchange.active else { return true };
        match active.payload {
            Payload::Whole(_) => true,
            Payload::Streamed { .. } => {
                let chunk = &active.chunk;
                active.download.is_some() || chunk.last || chunk.bytes.len() >= size(self.chunk_szx(exchange))
            }
        }
    }

    fn chunk_szx(&self, exchange: &Exchange) -> u8 {
        let upload = exchange.active.as_ref().and_then(|active| active.upload);
        let largest = self.block_for(exchange.peer, exchange.options.view());
        upload.map_or(largest, |upload| upload.szx.min(largest))
    }

    pub(in super::super) fn want_chunk(&mut self, now: Now, key: Key) {
        self.rest(now, key);
        let Some(exchange) = self.exchanges.get(key) else { return };
        let whole = size(self.chunk_szx(exchange));
        let Some(active) = self.active_mut(key) else { return };
        active.chunk.wanted = true;
        let have = active.chunk.bytes.len();
        let offset = active.upload.map_or(0, |upload| upload.offset) + have as u64;
        let body = BodyId::Ours(ExchangeId(key.pack()));
        self.event(Event::NeedBody { body, offset, max: whole.saturating_sub(have) });
    }

    pub(in super::super) fn provide_request(
        &mut self,
        now: Now,
        key: Key,
        offset: u64,
        bytes: &[u8],
        last: bool,
    ) {
        let Some(exchange) = self.exchanges.get(key) else { return };
        let whole = size(self.chunk_szx(exchange));
        let Some(active) = self.active_mut(key) else { return };
        let begin = active.upload.map_or(0, |upload| upload.offset);
        let chunk = &mut active.chunk;
        if !chunk.wanted || offset != begin + chunk.bytes.len() as u64 {
            return;
        }
        let room = whole.saturating_sub(chunk.bytes.len());
        chunk.bytes.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        (chunk.last, chunk.wanted) = (last && bytes.len() <= room, false);
        self.take_turn(now, key);
    }

    /// An answer while blocks are sent. True if the next one is on its way.
    pub(in super::super) fn upload_answered(&mut self, now: Now, received: &Received<'_>) -> bool {
        let (key, code, block1) = (received.key, received.message.code, received.message.options.block1());
        let tag = self.rng.next_u32() as u16;
        let Some(active) = self.active_mut(key).filter(|active| active.download.is_none()) else {
            return false;
        };
        let total = match &active.payload {
            Payload::Whole(body) => Some(body.len() as u64),
            Payload::Streamed { size } => *size,
        };
        let next = match (active.upload, block1) {
            (None, Some(wish))
                if code == Code::REQUEST_ENTITY_TOO_LARGE && total > Some(size(wish.szx) as u64) =>
            {
                Upload::new(wish.szx.min(6), tag)
            }
            (None, _) => return false,
            (Some(upload), Some(echo))
                if code == Code::CONTINUE || (code.is_success() && upload.current.more) =>
            {
                let Some(next) = upload.after(echo) else {
                    self.request_failed(now, key, ExchangeError::BadAnswer("another block was acknowledged"));
                    return true;
                };
                next
            }
            (Some(upload), Some(wish))
                if code == Code::REQUEST_ENTITY_TOO_LARGE && upload.offset == 0 && wish.szx < upload.szx =>
            {
                Upload { szx: wish.szx, ..upload }
            }
            (Some(upload), _)
                if code == Code::REQUEST_ENTITY_INCOMPLETE
                    && upload.offset > 0
                    && upload.restarts < MAX_RESTARTS =>
            {
                Upload { offset: 0, restarts: upload.restarts + 1, tag, ..upload }
            }
            (Some(_), None) if code == Code::CONTINUE => {
                self.request_failed(now, key, ExchangeError::BadAnswer("2.31 without Block1"));
                return true;
            }
            (Some(upload), _) => {
                if code.is_success() {
                    let sent = upload.offset.saturating_add(upload.len as u64);
                    self.event(Event::Progress { id: ExchangeId(key.pack()), sent, received: 0, total });
                }
                return false;
            }
        };
        active.chunk.follow(active.upload.map_or(0, |before| before.offset), next.offset);
        active.upload = Some(next);
        let id = ExchangeId(key.pack());
        self.event(Event::Progress { id, sent: next.offset, received: 0, total });
        self.take_turn(now, key);
        true
    }
}

impl Upload {
    fn new(szx: u8, tag: u16) -> Self {
        let current = Block { num: 0, more: true, szx };
        Self { szx, offset: 0, current, len: 0, restarts: 0, tag }
    }

    /// Some peers count in their own block size already.
    pub(super) fn expects(&self, echo: Block) -> bool {
        echo.num == self.current.num || echo.offset() == self.current.offset()
    }

    /// The peer has this block. Its wish for smaller ones is followed; the number jumps then. [RFC 7959 §2.3]
    /// `None` if it acknowledges another block, or wants more after the last.
    fn after(self, echo: Block) -> Option<Self> {
        let offset = self.offset.checked_add(self.len as u64)?;
        (self.expects(echo) && self.current.more).then_some(Self {
            szx: self.szx.min(echo.szx),
            offset,
            ..self
        })
    }
}

impl Chunk {
    /// The confirmed octets go; after a restart, all.
    fn follow(&mut self, before: u64, after: u64) {
        let confirmed = usize::try_from(after.saturating_sub(before)).unwrap_or(usize::MAX);
        if confirmed > 0 {
            self.bytes.advance(confirmed.min(self.bytes.len()));
        } else if after < before {
            *self = Self::default();
        }
    }
}

impl Source {
    /// A block that is not the last must be full.
    fn szx_within(&self, szx: u8) -> u8 {
        match self {
            Self::Part(chunk, false, _) => szx.min(Block::szx_within(chunk.len()).unwrap_or(0)),
            _ => szx,
        }
    }

    fn total(&self) -> Option<u64> {
        match self {
            Self::Whole(body) => Some(body.len() as u64),
            Self::Part(_, _, size) => *size,
        }
    }
}

fn next_block(source: &Source, offset: u64, szx: u8) -> Result<(Block, Bytes), ExchangeError> {
    let limit = (u64::from(MAX_BLOCK_NUMBER) + 1) * size(szx) as u64;
    if source.total() > Some(limit) {
        return Err(ExchangeError::TooLarge { limit });
    }
    let block = block_at(offset, false, szx).ok_or(ExchangeError::TooLarge { limit })?;
    let (payload, more) = match source {
        Source::Whole(body) => {
            part_of(body, block).ok_or(ExchangeError::BadAnswer("more was wanted than there is"))?
        }
        Source::Part(chunk, last, _) => {
            let part = chunk.slice(..block.size().min(chunk.len()));
            let more = !(*last && part.len() == chunk.len());
            (part, more)
        }
    };
    Ok((Block { more, ..block }, payload))
}

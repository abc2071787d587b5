//! The body of a request of ours, sent in blocks. [RFC 7959 §2.5]

use bytes::Bytes;

use super::{block_at, part_of, size};
use crate::{
    Code, Now,
    coap::{
        Block, Event, ExchangeError, ExchangeId, MAX_BLOCK_NUMBER, OptionNumber, Options,
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
    /// Tells it from another body of ours to the same target. [RFC 9175 §3.3]
    tag: Option<u16>,
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
        let body = active.payload.bytes().clone();
        let largest = self.block_for(peer, options.view());
        let upload = match active.upload {
            None if self.fits(peer, options.view(), body.len()) => {
                if largest < 6 && options.block2().is_none() && exchange.method != Code::EMPTY {
                    let wish = Block { num: 0, more: false, szx: largest };
                    options.push_uint(OptionNumber::BLOCK2, wish.to_uint());
                }
                return Ok(Composed { options, payload: body });
            }
            None => Upload { tag: self.tag_for(key, exchange), ..Upload::new(largest) },
            Some(upload) => upload,
        };
        let szx = upload.szx.min(largest);
        let (block, payload) = next_block(&body, upload.offset, szx)?;
        options.push_uint(OptionNumber::BLOCK1, block.to_uint());
        if upload.offset == 0 {
            options.push_uint(OptionNumber::SIZE1, body.len() as u64);
        }
        if let Some(tag) = upload.tag {
            options.push(OptionNumber::REQUEST_TAG, &tag.to_be_bytes());
        }
        if let Some(active) = self.active_mut(key) {
            active.upload = Some(Upload { szx, current: block, len: payload.len(), ..upload });
        }
        Ok(Composed { options, payload })
    }

    /// A tag, if another body of ours goes to the same target at the same time.
    fn tag_for(&self, key: Key, exchange: &Exchange) -> Option<u16> {
        let list = self.peers.get(exchange.peer)?.exchanges;
        let target = self.target_of(exchange.method, exchange.options.view());
        let others = self.exchanges.list(list).any(|(other, exchange)| {
            other != key
                && exchange.active.as_ref().is_some_and(|active| active.upload.is_some())
                && self.target_of(exchange.method, exchange.options.view()) == target
        });
        others.then_some(key.serial as u16)
    }

    /// An answer while blocks are sent. True if the next one is on its way.
    pub(in super::super) fn upload_answered(&mut self, now: Now, received: &Received<'_>) -> bool {
        let (key, code, block1) = (received.key, received.message.code, received.message.options.block1());
        let Some(active) = self.active_mut(key).filter(|active| active.download.is_none()) else {
            return false;
        };
        let total = active.payload.bytes().len() as u64;
        let next = match (active.upload, block1) {
            (None, Some(wish)) if code == Code::REQUEST_ENTITY_TOO_LARGE && total > size(wish.szx) as u64 => {
                Upload::new(wish.szx.min(6))
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
                Upload { offset: 0, restarts: upload.restarts + 1, ..upload }
            }
            (Some(_), None) if code == Code::CONTINUE => {
                self.request_failed(now, key, ExchangeError::BadAnswer("2.31 without Block1"));
                return true;
            }
            _ => return false,
        };
        active.upload = Some(next);
        let id = ExchangeId(key.pack());
        self.event(Event::Progress { id, sent: next.offset, received: 0, total: Some(total) });
        self.take_turn(now, key);
        true
    }
}

impl Upload {
    fn new(szx: u8) -> Self {
        let current = Block { num: 0, more: true, szx };
        Self { szx, offset: 0, current, len: 0, restarts: 0, tag: None }
    }

    /// The peer has this block. Its wish for smaller ones is followed; the number jumps then. [RFC 7959 §2.3]
    /// `None` if it acknowledges another block, or wants more after the last.
    fn after(self, echo: Block) -> Option<Self> {
        let same = echo.num == self.current.num || echo.offset() == self.current.offset();
        let offset = self.offset.checked_add(self.len as u64)?;
        (same && self.current.more).then_some(Self { szx: self.szx.min(echo.szx), offset, ..self })
    }
}

fn next_block(body: &Bytes, offset: u64, szx: u8) -> Result<(Block, Bytes), ExchangeError> {
    let limit = (u64::from(MAX_BLOCK_NUMBER) + 1) * size(szx) as u64;
    let too_large = ExchangeError::TooLarge { limit };
    if body.len() as u64 > limit {
        return Err(too_large);
    }
    let block = block_at(offset, false, szx).ok_or(too_large)?;
    let (payload, more) =
        part_of(body, block).ok_or(ExchangeError::BadAnswer("more was wanted than there is"))?;
    Ok((Block { more, ..block }, payload))
}

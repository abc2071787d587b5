//! A request body that a peer sends in blocks. [RFC 7959 §2.5]

use bytes::{Bytes, BytesMut};

use super::{Part, Target, Transfer, is_well_formed};
use crate::{
    Code, Now,
    coap::{
        Block, Message, OptionNumber,
        endpoint::{Endpoint, frame::Reply, table::Key},
    },
};

/// The blocks so far.
#[derive(Debug)]
pub(in super::super) struct Collect {
    body: BytesMut,
    /// Bodies of different formats are not assembled. [RFC 7959 §2.3]
    format: Option<Vec<u8>>,
}

impl Collect {
    pub(super) fn len(&self) -> usize {
        self.body.len()
    }
}

/// What became of a block.
#[derive(Debug)]
enum Step {
    /// Wants the next one.
    More,
    /// The body is whole.
    Whole(Bytes),
    /// Answer this.
    Refused(Reply<'static>),
}

impl Endpoint {
    /// A request with Block1. Gives the whole body when this block was the last, and the option for the answer;
    /// otherwise it has been answered.
    pub(in super::super) fn collect_block(
        &mut self,
        now: Now,
        peer: u32,
        message: &Message<'_>,
        block: Block,
        target: Target,
        remembered: Key,
    ) -> Option<(Bytes, Block)> {
        // Our block size, if it is smaller, is wished for in every answer. [RFC 7959 §2.3]
        let szx = block.szx.min(self.block_for(peer, message.options));
        match self.collect(now, peer, message, block, target) {
            Step::Whole(body) => return Some((body, Block { more: false, szx, ..block })),
            Step::More => {
                let echo = Block { more: true, szx, ..block };
                let reply = Reply::new(Code::CONTINUE, "").with_uint(OptionNumber::BLOCK1, echo.to_uint());
                self.reply(now, peer, message, remembered, &reply);
            }
            Step::Refused(reply) => self.reply(now, peer, message, remembered, &reply),
        }
        None
    }

    fn collect(&mut self, now: Now, peer: u32, message: &Message<'_>, block: Block, target: Target) -> Step {
        let payload = message.payload;
        if matches!(message.code, Code::GET | Code::DELETE) {
            return refused(Code::BAD_OPTION, "Block1 without a body");
        }
        if !is_well_formed(block, payload) {
            return refused(Code::BAD_REQUEST, "the payload is not as long as its block");
        }
        let max_body = self.peers.link(peer).map_or(0, |link| link.max_body);
        let end = block.offset().saturating_add(payload.len() as u64);
        let announced = message.options.uint(OptionNumber::SIZE1).unwrap_or(0);
        let old = self.take_transfer(peer, target, |part| matches!(part, Part::Collect(_)));
        if end > max_body || announced > max_body {
            self.counters.transfers_dropped += 1;
            let reply = Reply::new(Code::REQUEST_ENTITY_TOO_LARGE, "");
            return Step::Refused(reply.with_uint(OptionNumber::SIZE1, max_body));
        }
        let format = message.options.first(OptionNumber::CONTENT_FORMAT).map(<[u8]>::to_vec);
        let mut collect = match old.map(|transfer| transfer.part) {
            // The first block begins anew whatever was there.
            _ if block.num == 0 => Collect { body: BytesMut::new(), format },
            Some(Part::Collect(collect)) if collect.format == format => collect,
            Some(_) => return refused(Code::REQUEST_ENTITY_INCOMPLETE, "another Content-Format"),
            None => return refused(Code::REQUEST_ENTITY_INCOMPLETE, "blocks before this are missing"),
        };
        let step = match collect.add(block, payload) {
            true if !block.more => return Step::Whole(collect.body.freeze()),
            true => Step::More,
            false => refused(Code::REQUEST_ENTITY_INCOMPLETE, "blocks before this are missing"),
        };
        match self.put_transfer(now, Transfer::new(peer, target, Part::Collect(collect))) {
            true => step,
            false => refused(Code::SERVICE_UNAVAILABLE, "too many bodies in transfer"),
        }
    }
}

impl Collect {
    /// Adds a block at its place, or knows it already. False if it is neither.
    fn add(&mut self, block: Block, payload: &[u8]) -> bool {
        let Ok(start) = usize::try_from(block.offset()) else { return false };
        match self.body.len().checked_sub(start) {
            Some(0) => {
                self.body.extend_from_slice(payload);
                true
            }
            Some(known) if known >= payload.len() && block.more => {
                self.body.get(start..start + payload.len()) == Some(payload)
            }
            _ => false,
        }
    }
}

fn refused(code: Code, why: &'static str) -> Step {
    Step::Refused(Reply::new(code, why))
}

//! A response body that a peer fetches in blocks. [RFC 7959 §2.4]

use bytes::Bytes;

use super::{Asked, Part, Transfer, block_at, is_safe, part_of, size};
use crate::{
    Code, Now,
    coap::{
        Block, MAX_BLOCK_NUMBER, Message, OptionNumber, Options, Payload, Response,
        endpoint::{Endpoint, frame::Reply, table::Key},
    },
};

/// The body that the blocks are cut from.
#[derive(Debug)]
pub(in super::super) struct Serve {
    code: Code,
    /// With ETag and Size2.
    options: Options,
    body: Bytes,
    /// Hash of the body of the request that it answers.
    of: u64,
}

impl Serve {
    pub(super) fn len(&self) -> usize {
        self.body.len()
    }
}

impl Endpoint {
    /// A request for a later block. True if it has been answered from a body that is kept.
    pub(in super::super) fn serve_block(
        &mut self,
        now: Now,
        peer: u32,
        message: &Message<'_>,
        block: Block,
        asked: &Asked,
        remembered: Key,
    ) -> bool {
        let body = if message.code == Code::FETCH { self.hash_body(message.payload) } else { 0 };
        let same_request = |part: &Part| match part {
            Part::Serve(serve) => message.payload.is_empty() || serve.of == body,
            Part::Collect(_) | Part::Stream(_) => false,
        };
        let transfer = self.take_transfer(peer, asked.target, same_request);
        let Some(Transfer { part: Part::Serve(serve), .. }) = transfer else {
            if is_safe(message.code) {
                return false;
            }
            let reply = Reply::new(Code::REQUEST_ENTITY_INCOMPLETE, "the body is no longer kept");
            self.reply(now, peer, message, remembered, &reply);
            return true;
        };
        let room = self.room(peer, asked, false);
        let szx = block.szx.min(self.block_in(room.frame, serve.options.view()));
        match block_at(block.offset(), false, szx).and_then(|block| cut(&serve, block)) {
            Some((mut options, payload)) => {
                self.push_echo(peer, room, &mut options);
                let reply = Reply { code: serve.code, options, payload: &payload };
                self.reply(now, peer, message, remembered, &reply);
            }
            None if block.offset() < serve.len() as u64 => {
                let reply = Reply::new(Code::REQUEST_ENTITY_TOO_LARGE, "more blocks than can be numbered");
                self.reply(now, peer, message, remembered, &reply);
            }
            None => {
                let reply = Reply::new(Code::BAD_REQUEST, "the block is past the end of the body");
                self.reply(now, peer, message, remembered, &reply);
            }
        }
        self.put_transfer(now, Transfer::new(peer, asked.target, Part::Serve(serve)));
        true
    }

    /// Makes the block of a response that was asked for, and keeps the body for the others. `repeated`: it is sent until
    /// it is acknowledged.
    pub(in super::super) fn cut_response(
        &mut self,
        now: Now,
        peer: u32,
        asked: &Asked,
        mut response: Response,
        repeated: bool,
    ) -> Response {
        if let Some(block1) = asked.block1 {
            response.options.push_uint(OptionNumber::BLOCK1, block1.to_uint());
        }
        let body = response.payload.bytes().clone();
        let room = self.room(peer, asked, repeated);
        let szx = self.block_in(room.frame, response.options.view());
        let wanted = asked.block2.unwrap_or(Block { num: 0, more: false, szx });
        let szx = szx.min(wanted.szx);
        let whole = match asked.block2 {
            Some(_) => wanted.num == 0 && body.len() <= size(szx),
            None => self.fits_in(room.frame, response.options.view(), body.len()),
        };
        if whole {
            return response;
        }
        if !response.code.is_success() {
            self.counters.unproven += u64::from(room.unproven);
            return shortened(response, size(szx));
        }
        let mut options = response.options.clone();
        if options.first(OptionNumber::ETAG).is_none() {
            let hash = self.hash_body(&body).to_be_bytes();
            options.push(OptionNumber::ETAG, hash.get(..4).unwrap_or(&hash));
        }
        options.remove(OptionNumber::SIZE2);
        options.push_uint(OptionNumber::SIZE2, body.len() as u64);
        let last = (body.len() as u64).saturating_sub(1) / size(szx) as u64;
        let serve = Serve { code: response.code, options, body, of: asked.body };
        let cut = block_at(wanted.offset(), false, szx).and_then(|block| cut(&serve, block));
        let Some((options, payload)) = cut else {
            return Response::new(Code::BAD_REQUEST).with_payload("the block is past the end of the body");
        };
        if last > u64::from(MAX_BLOCK_NUMBER) {
            return Response::new(Code::REQUEST_ENTITY_TOO_LARGE)
                .with_payload("more blocks than can be numbered");
        }
        self.keep_served(now, peer, asked, serve);
        let mut options = options;
        self.push_echo(peer, room, &mut options);
        Response { code: response.code, options, payload: Payload::Whole(payload) }
    }

    /// Keeps a body for later blocks; without room, safe requests for them reach the application again.
    fn keep_served(&mut self, now: Now, peer: u32, asked: &Asked, mut serve: Serve) {
        serve.options.remove(OptionNumber::BLOCK1);
        self.take_transfer(peer, asked.target, |part| matches!(part, Part::Serve(_)));
        self.put_transfer(now, Transfer::new(peer, asked.target, Part::Serve(serve)));
    }
}

/// One block and its options.
fn cut(serve: &Serve, block: Block) -> Option<(Options, Bytes)> {
    let (payload, more) = part_of(&serve.body, block)?;
    let mut options = serve.options.clone();
    options.push_uint(OptionNumber::BLOCK2, Block { more, ..block }.to_uint());
    Some((options, payload))
}

/// A diagnostic that is too long loses its end. [RFC 7252 §5.5.2]
pub(super) fn shortened(mut response: Response, octets: usize) -> Response {
    let text = response.payload.bytes();
    let end = (0..=octets.min(text.len()))
        .rev()
        .find(|end| text.get(..*end).is_some_and(|t| str::from_utf8(t).is_ok()));
    response.payload = Payload::Whole(text.slice(..end.unwrap_or(0)));
    response
}

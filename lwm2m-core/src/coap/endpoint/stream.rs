//! Bodies that pass through the application part by part: of requests to streaming routes, of streamed answers.
//!
//! The request stays the same [`InboundId`] from the first block to the last; each block is a message of its own,
//! and an answer goes to the latest.

use bytes::{Bytes, BytesMut};
use rand_core::Rng;

use super::{
    Endpoint,
    block::{Part, Target, Transfer, block_at, is_well_formed, size, strip},
    frame::Reply,
    inbound::{Admission, Stage},
    reliability::Purpose,
    table::Key,
};
use crate::{
    Code, Now,
    coap::{
        Block, BodyId, DeliveryId, Event, ExchangeError, InboundId, Message, OptionNumber, Options, Payload,
        Request, Response, Segment,
    },
};

/// A streamed body of a request, or of the answer to it.
#[derive(Debug)]
pub(super) struct Stream {
    target: Target,
    /// What is to be answered as soon as there is a request to answer.
    early: Option<(DeliveryId, Response)>,
    way: Way,
}

#[derive(Debug)]
enum Way {
    In(Incoming),
    Out(Outgoing),
}

/// How far the request's body is.
#[derive(Debug)]
struct Incoming {
    /// Octets given to the application.
    received: u64,
    /// The latest block.
    block: Block,
    /// The application has taken it.
    granted: bool,
    form: Form,
}

/// What all blocks of a body have in common: Content-Format and Request-Tag.
#[derive(Debug, PartialEq, Eq)]
struct Form(Option<Box<[u8]>>, Option<Box<[u8]>>);

impl Form {
    fn of(message: &Message<'_>) -> Self {
        let value = |number| message.options.first(number).map(Into::into);
        Self(value(OptionNumber::CONTENT_FORMAT), value(OptionNumber::REQUEST_TAG))
    }
}

/// How far the answer's body is.
#[derive(Debug)]
struct Outgoing {
    delivery: DeliveryId,
    code: Code,
    options: Options,
    size: Option<u64>,
    /// The block that the peer wants, and what there is of it.
    wanted: Block,
    ready: BytesMut,
}

/// Requests to streaming routes.
impl Endpoint {
    pub(super) fn is_streamed(&self, message: &Message<'_>) -> bool {
        let has_body = matches!(message.code, Code::POST | Code::PUT | Code::PATCH | Code::IPATCH);
        let begins = |route: &[Segment]| {
            let mut path = message.options.texts(OptionNumber::URI_PATH);
            route.iter().all(|segment| match (segment, path.next()) {
                (Segment::Exact(wanted), Some(found)) => **wanted == *found,
                (Segment::Any, found) => found.is_some(),
                (Segment::Exact(_), None) => false,
            })
        };
        has_body && self.routes.iter().any(|route| begins(route))
    }

    /// A request, or a block of one.
    pub(super) fn stream_request(
        &mut self,
        now: Now,
        peer: u32,
        message: &Message<'_>,
        frame: &Bytes,
        mut admission: Admission,
    ) {
        let block1 = message.options.block1();
        let block = block1.unwrap_or(Block { num: 0, more: false, szx: 6 });
        if block1.is_some() {
            if !is_well_formed(block, message.payload) {
                let reply = Reply::new(Code::BAD_REQUEST, "the payload is not as long as its block");
                return self.reply(now, peer, message, admission.remembered, &reply);
            }
            let szx = block.szx.min(self.block_for(peer, message.options));
            admission.asked.block1 = Some(Block { more: false, szx, ..block });
        }
        // The newest body for a resource replaces the one before, whatever its tag.
        let target = self.resource_of(message.code, message.options);
        let old = self.take_stream(peer, target, |way| matches!(way, Way::In(_)));
        match old {
            Some(old) if block.num > 0 => self.stream_more(now, old, message, frame, block, admission),
            old => {
                if let Some(old) = old {
                    self.abandon_stream(old);
                }
                if block.num > 0 {
                    let reply = Reply::new(Code::REQUEST_ENTITY_INCOMPLETE, "blocks before this are missing");
                    return self.reply(now, peer, message, admission.remembered, &reply);
                }
                self.stream_first(now, peer, message, frame, block, admission);
            }
        }
    }

    fn stream_first(
        &mut self,
        now: Now,
        peer: u32,
        message: &Message<'_>,
        frame: &Bytes,
        block: Block,
        admission: Admission,
    ) {
        if !self.has_room(now, peer, message, admission.remembered) {
            return;
        }
        let key = self.insert_inbound(now, peer, message, admission, false);
        let incoming = Incoming { received: 0, block, granted: false, form: Form::of(message) };
        let target = self.resource_of(message.code, message.options);
        if let Some(inbound) = self.inbound.get_mut(key) {
            inbound.stream = Some(Box::new(Stream { target, early: None, way: Way::In(incoming) }));
        }
        let whole = (!block.more).then_some(message.payload.len() as u64);
        let size = whole.or(message.options.uint(OptionNumber::SIZE1));
        let head = Request {
            method: message.code,
            options: strip(message.to_options(frame)),
            payload: Payload::Streamed { size },
        };
        let id = InboundId(key.pack());
        self.event(Event::RequestHead { id, peer: self.peers.id(peer), head });
        self.hand_over(now, key, message, frame, block);
    }

    /// The block is the next one, or one that is known.
    fn stream_more(
        &mut self,
        now: Now,
        key: Key,
        message: &Message<'_>,
        frame: &Bytes,
        block: Block,
        admission: Admission,
    ) {
        let Some((peer, stream)) = self.stream_mut(key) else { return };
        let target = stream.target;
        if let Some((delivery, response)) = stream.early.take() {
            self.renew_inbound(now, key, message, admission);
            return self.respond_whole(now, key, Some(delivery), response);
        }
        let Way::In(incoming) = &mut stream.way else { return };
        let end = block.offset().saturating_add(message.payload.len() as u64);
        let known = block.more && end <= incoming.received;
        let next = incoming.granted && block.offset() == incoming.received;
        if incoming.form != Form::of(message) || !(known || next) {
            self.put_stream(now, peer, target, key);
            let reply = Reply::new(Code::REQUEST_ENTITY_INCOMPLETE, "not the next block of this body");
            return self.reply(now, peer, message, admission.remembered, &reply);
        }
        let granted = incoming.granted;
        self.renew_inbound(now, key, message, admission);
        if next {
            return self.hand_over(now, key, message, frame, block);
        }
        self.put_stream(now, peer, target, key);
        if granted {
            self.send_continue(now, key);
        }
    }

    /// Gives a block to the application.
    fn hand_over(&mut self, now: Now, key: Key, message: &Message<'_>, frame: &Bytes, block: Block) {
        let Some((peer, stream)) = self.stream_mut(key) else { return };
        let target = stream.target;
        let Way::In(incoming) = &mut stream.way else { return };
        let offset = incoming.received;
        incoming.received = offset.saturating_add(message.payload.len() as u64);
        (incoming.block, incoming.granted) = (block, false);
        if block.more {
            self.put_stream(now, peer, target, key);
        }
        let body = BodyId::Inbound(InboundId(key.pack()));
        self.event(Event::Body { body, offset, bytes: message.to_payload(frame), last: !block.more });
    }

    pub(super) fn grant_block(&mut self, now: Now, key: Key) {
        let Some((_, stream)) = self.stream_mut(key) else { return };
        let Way::In(incoming) = &mut stream.way else { return };
        if incoming.block.more && !incoming.granted {
            incoming.granted = true;
            self.send_continue(now, key);
        }
    }

    /// 2.31 for the latest block.
    fn send_continue(&mut self, now: Now, key: Key) {
        let Some(inbound) = self.inbound.get(key) else { return };
        let mut response = Response::new(Code::CONTINUE);
        if let Some(echo) = inbound.asked.block1 {
            response.options.push_uint(OptionNumber::BLOCK1, Block { more: true, ..echo }.to_uint());
        }
        self.answer_block(now, key, &response);
    }

    /// Answers the latest request and waits for the next.
    fn answer_block(&mut self, now: Now, key: Key, response: &Response) {
        let Some(inbound) = self.inbound.get_mut(key) else { return };
        let stage = std::mem::replace(&mut inbound.stage, Stage::Between);
        self.timers.cancel(&mut inbound.timer);
        self.send_response(now, key, response, stage, Purpose::Own);
    }
}

/// Answers whose body the application gives part by part.
impl Endpoint {
    pub(super) fn begin_stream(&mut self, now: Now, key: Key, delivery: DeliveryId, response: Response) {
        self.leave_stream(key);
        let Some(inbound) = self.inbound.get(key) else { return };
        let (peer, asked) = (inbound.peer, inbound.asked);
        let Response { code, mut options, payload } = response;
        let size = if let Payload::Streamed { size } = payload { size } else { None };
        options.remove(OptionNumber::OBSERVE);
        if options.first(OptionNumber::ETAG).is_none() {
            options.push(OptionNumber::ETAG, &self.rng.next_u32().to_be_bytes());
        }
        let asked2 = asked.block2.unwrap_or(Block { num: 0, more: false, szx: 6 });
        let szx = asked2.szx.min(self.block_in(self.room(peer, &asked, true).frame, options.view()));
        let Some(wanted) = block_at(asked2.offset(), false, szx) else {
            let response = Response::new(Code::REQUEST_ENTITY_TOO_LARGE);
            return self.respond_whole(now, key, Some(delivery), response);
        };
        if let Some(older) = self.take_stream(peer, asked.target, |way| matches!(way, Way::Out(_))) {
            self.give_up_answer(now, older);
        }
        let out = Outgoing { delivery, code, options, size, wanted, ready: BytesMut::new() };
        if let Some(inbound) = self.inbound.get_mut(key) {
            inbound.stream = Some(Box::new(Stream { target: asked.target, early: None, way: Way::Out(out) }));
        }
        self.put_stream(now, peer, asked.target, key);
        self.want_part(key);
    }

    /// A request for a later block of an answer that is streamed. False if it is not one.
    pub(super) fn stream_block(
        &mut self,
        now: Now,
        peer: u32,
        message: &Message<'_>,
        block: Block,
        admission: Admission,
    ) -> bool {
        let target = admission.asked.target;
        let Some(key) = self.take_stream(peer, target, |way| matches!(way, Way::Out(_))) else {
            return false;
        };
        self.renew_inbound(now, key, message, admission);
        let room = self.room(peer, &admission.asked, true);
        let szx = block.szx.min(self.block_in(room.frame, message.options));
        let Some((_, stream)) = self.stream_mut(key) else { return false };
        let early = stream.early.take();
        let Way::Out(out) = &mut stream.way else { return false };
        let wanted = block_at(block.offset(), false, szx);
        (out.wanted, out.ready) = (wanted.unwrap_or(block), BytesMut::new());
        match early {
            // In blocks as small as ours it has no number.
            None if wanted.is_none() => {
                self.end_stream(key);
                self.respond_whole(now, key, None, Response::new(Code::REQUEST_ENTITY_TOO_LARGE));
            }
            Some((delivery, response)) => {
                self.leave_stream(key);
                self.respond_whole(now, key, Some(delivery), response);
            }
            None => {
                self.put_stream(now, peer, target, key);
                self.want_part(key);
            }
        }
        true
    }

    /// Later blocks are asked for by the target alone: they can only be of the newest answer.
    fn give_up_answer(&mut self, now: Now, key: Key) {
        if self.inbound.get(key).is_some_and(|inbound| inbound.stage == Stage::Between) {
            return self.abandon_stream(key);
        }
        self.end_stream(key);
        self.respond_whole(now, key, None, Response::new(Code::SERVICE_UNAVAILABLE));
    }

    fn want_part(&mut self, key: Key) {
        let Some((_, stream)) = self.stream_mut(key) else { return };
        let Way::Out(out) = &stream.way else { return };
        let offset = out.wanted.offset() + out.ready.len() as u64;
        let max = out.wanted.size().saturating_sub(out.ready.len());
        self.event(Event::NeedBody { body: BodyId::Inbound(InboundId(key.pack())), offset, max });
    }

    pub(super) fn provide_answer(&mut self, now: Now, key: Key, offset: u64, bytes: &[u8], last: bool) {
        if self.inbound.get(key).is_none_or(|inbound| inbound.stage == Stage::Between) {
            return;
        }
        let Some((peer, stream)) = self.stream_mut(key) else { return };
        let target = stream.target;
        let Way::Out(out) = &mut stream.way else { return };
        if offset != out.wanted.offset() + out.ready.len() as u64 {
            return;
        }
        let room = size(out.wanted.szx) - out.ready.len();
        let last = last && bytes.len() <= room;
        out.ready.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        if !last && out.ready.len() < size(out.wanted.szx) {
            return self.want_part(key);
        }
        let payload = std::mem::take(&mut out.ready).freeze();
        let mut response =
            Response { code: out.code, options: out.options.clone(), payload: Payload::Whole(payload) };
        let (wanted, delivery, total) = (out.wanted, out.delivery, out.size);
        let Some(asked) = self.inbound.get(key).map(|inbound| inbound.asked) else { return };
        if let Some(echo) = asked.block1.filter(|_| wanted.num == 0) {
            response.options.push_uint(OptionNumber::BLOCK1, echo.to_uint());
        }
        if !last || wanted.num > 0 || asked.block2.is_some() {
            response.options.push_uint(OptionNumber::BLOCK2, Block { more: !last, ..wanted }.to_uint());
        }
        if !last {
            let room = self.room(peer, &asked, true);
            self.push_echo(peer, room, &mut response.options);
        }
        if let Some(total) = total.filter(|_| wanted.num == 0 && !last) {
            response.options.push_uint(OptionNumber::SIZE2, total);
        }
        if !last {
            return self.answer_block(now, key, &response);
        }
        self.forget_stream(peer, target, key);
        let Some(inbound) = self.inbound.get_mut(key) else { return };
        let stage = inbound.stage;
        inbound.stream = None;
        self.send_response(now, key, &response, stage, Purpose::Response(delivery));
        self.remove_inbound(key);
    }
}

/// The end of streams.
impl Endpoint {
    /// Between two blocks there is nothing to answer: the next block gets it.
    pub(super) fn hold_response(&mut self, key: Key, delivery: DeliveryId, response: Response) {
        let Some((_, stream)) = self.stream_mut(key) else { return };
        if let Some((old, _)) = stream.early.replace((delivery, response)) {
            self.event(Event::Undelivered { id: old, error: ExchangeError::Superseded });
        }
    }

    /// The application answers otherwise: nothing more of the body is wanted or given.
    pub(super) fn leave_stream(&mut self, key: Key) {
        let Some(inbound) = self.inbound.get_mut(key) else { return };
        let (peer, Some(stream)) = (inbound.peer, inbound.stream.take()) else { return };
        self.forget_stream(peer, stream.target, key);
        if let Way::Out(out) = stream.way {
            self.event(Event::Undelivered { id: out.delivery, error: ExchangeError::Superseded });
        }
    }

    /// The other end is gone: tells the application, and forgets what was waiting for the peer.
    pub(super) fn end_stream(&mut self, key: Key) {
        let Some(inbound) = self.inbound.get_mut(key) else { return };
        let (peer, Some(stream)) = (inbound.peer, inbound.stream.take()) else { return };
        self.forget_stream(peer, stream.target, key);
        if let Some((id, _)) = stream.early {
            self.event(Event::Undelivered { id, error: ExchangeError::Abandoned });
        }
        match stream.way {
            Way::In(_) => self.event(Event::BodyGone { id: InboundId(key.pack()) }),
            Way::Out(out) => {
                self.event(Event::Undelivered { id: out.delivery, error: ExchangeError::Abandoned });
            }
        }
    }

    pub(super) fn abandon_stream(&mut self, key: Key) {
        self.end_stream(key);
        self.remove_inbound(key);
    }

    fn forget_stream(&mut self, peer: u32, target: Target, key: Key) {
        self.take_transfer(peer, target, |part| matches!(part, Part::Stream(of) if *of == key));
    }

    fn put_stream(&mut self, now: Now, peer: u32, target: Target, key: Key) {
        self.forget_stream(peer, target, key);
        self.put_transfer(now, Transfer::new(peer, target, Part::Stream(key)));
    }

    fn take_stream(&mut self, peer: u32, target: Target, is_way: impl Fn(&Way) -> bool) -> Option<Key> {
        let list = self.peers.get(peer)?.transfers;
        let found = self.transfers.list(list).find_map(|(key, transfer)| match transfer.part {
            Part::Stream(inbound) if transfer.target == target => {
                let stream = self.inbound.get(inbound)?.stream.as_ref()?;
                is_way(&stream.way).then_some((key, inbound))
            }
            _ => None,
        });
        let (key, inbound) = found?;
        self.remove_transfer(key);
        Some(inbound)
    }

    fn stream_mut(&mut self, key: Key) -> Option<(u32, &mut Stream)> {
        let inbound = self.inbound.get_mut(key)?;
        Some((inbound.peer, inbound.stream.as_deref_mut()?))
    }
}

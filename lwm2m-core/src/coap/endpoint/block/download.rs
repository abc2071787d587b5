//! The body of an answer to us, fetched in blocks. [RFC 7959 §2.4]

use bytes::{Bytes, BytesMut};

use super::{block_at, is_well_formed, size, strip};
use crate::{
    Code, Now,
    coap::{
        Block, BodyId, Delivery, Event, ExchangeError, ExchangeId, OptionNumber, Options, Payload, Response,
        endpoint::{Endpoint, answer::Received, exchange::Active, table::Key, turn::Composed},
    },
};

/// How often a transfer begins anew because the body has changed meanwhile.
const MAX_RESTARTS: u8 = 2;

/// The blocks so far.
#[derive(Debug)]
pub(in super::super) struct Download {
    body: BytesMut,
    /// Octets so far, given to the application or collected.
    received: u64,
    /// The application gets them part by part.
    streamed: bool,
    /// It has yet to take the latest part.
    untaken: bool,
    /// Of the first block.
    code: Code,
    options: Options,
    szx: u8,
    restarts: u8,
    pub(in super::super) purpose: Purpose,
}

/// What the body is to become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Purpose {
    /// The answer to the request.
    Answer,
    /// A notification.
    Notification { seen: u32, how: Delivery },
}

/// What a block did.
enum Step {
    More,
    Whole,
    /// The body has changed: from the beginning.
    Restart,
}

impl Download {
    pub(in super::super) fn len(&self) -> usize {
        self.body.len()
    }

    /// The next block, or the first one of a body that has changed.
    pub(super) fn expects(&self, block: Block) -> bool {
        block.offset() == self.received
    }

    fn begin(received: &Received<'_>, purpose: Purpose) -> Self {
        let options = received.message.options.to_options(received.frame);
        Self {
            body: BytesMut::new(),
            received: 0,
            streamed: false,
            untaken: false,
            code: received.message.code,
            options,
            szx: 6,
            restarts: 0,
            purpose,
        }
    }
}

impl Endpoint {
    /// Options and body of the request for the next block.
    pub(in super::super) fn compose_download(
        &mut self,
        key: Key,
        mut options: Options,
    ) -> Result<Composed, ExchangeError> {
        let Some(exchange) = self.exchanges.get(key) else { return Err(ExchangeError::Cancelled) };
        let (peer, method) = (exchange.peer, exchange.method);
        let Some(active) = &exchange.active else { return Err(ExchangeError::Cancelled) };
        let Some(download) = &active.download else { return Err(ExchangeError::Cancelled) };
        let whole = active.upload.is_none() && method == Code::FETCH;
        let payload = if whole { active.payload.bytes().clone() } else { Bytes::new() };
        options.retain(|number| !matches!(number, OptionNumber::OBSERVE | OptionNumber::BLOCK2));
        if let Some(upload) = &active.upload {
            options.push(OptionNumber::REQUEST_TAG, &upload.tag.to_be_bytes());
        }
        let offset = download.received;
        let mut szx = download.szx.min(self.block_for(peer, options.view()));
        while szx > 0 && !offset.is_multiple_of(size(szx) as u64) {
            szx -= 1;
        }
        let limit = u64::from(u32::MAX);
        let block = block_at(offset, false, szx).ok_or(ExchangeError::TooLarge { limit })?;
        if offset > 0 || szx < 6 {
            options.push_uint(OptionNumber::BLOCK2, block.to_uint());
        }
        Ok(Composed { options, payload })
    }

    /// An answer that may be the first, a later or the only block of a body.
    pub(in super::super) fn download_answered(&mut self, now: Now, received: &Received<'_>) {
        let key = received.key;
        let block = received.message.options.block2();
        let Some(exchange) = self.exchanges.get(key) else { return };
        // Whoever asks for one block gets that block.
        let by_hand = exchange.options.block2().is_some_and(|block| block.num > 0);
        let running = exchange.active.as_ref().and_then(|active| active.download.as_ref());
        let streamed = exchange.active.as_ref().is_some_and(|active| active.stream_answer)
            && exchange.options.observe() != Some(0)
            && received.message.code.is_success();
        match (block, running) {
            (block, None) if streamed => self.begin_streamed(now, received, block),
            (Some(block), None) if !by_hand && (block.more || block.num > 0) => {
                if let Some(active) = self.active_mut(key) {
                    active.download = Some(Download::begin(received, Purpose::Answer));
                }
                if let Some(sequence) = received.message.options.observe() {
                    self.take_up(now, key, sequence);
                }
                self.use_fetch_token(key);
                self.add_block(now, received, block);
            }
            (Some(block), Some(_)) if received.message.code.is_success() => {
                self.add_block(now, received, block);
            }
            // All of it at once, or an error.
            (_, running) => {
                let observe = running.and_then(|download| download.options.observe());
                let mut response = received.message.to_response(received.frame);
                keep_observe(&mut response.options, observe.filter(|_| response.code.is_success()));
                self.answer_whole(now, key, response);
            }
        }
    }

    pub(in super::super) fn want_streamed(&mut self, key: Key) {
        if let Some(active) = self.active_mut(key) {
            active.stream_answer = true;
        }
    }

    /// The answer is given to the application part by part.
    fn begin_streamed(&mut self, now: Now, received: &Received<'_>, block: Option<Block>) {
        let (key, message) = (received.key, received.message);
        let mut response = message.to_response(received.frame);
        let whole = block.is_none_or(|block| !block.more).then_some(message.payload.len() as u64);
        let size = whole.or(message.options.uint(OptionNumber::SIZE2));
        response.payload = Payload::Streamed { size };
        response.options = strip(response.options);
        self.event(Event::ResponseHead { id: ExchangeId(key.pack()), head: response });
        let Some(block) = block.filter(|block| block.more || block.num > 0) else {
            return self.hand_part(now, received, true);
        };
        if let Some(active) = self.active_mut(key) {
            let download = Download::begin(received, Purpose::Answer);
            active.download = Some(Download { streamed: true, ..download });
        }
        self.add_block(now, received, block);
    }

    fn hand_part(&mut self, now: Now, received: &Received<'_>, last: bool) {
        let (key, part) = (received.key, received.message.to_payload(received.frame));
        let id = ExchangeId(key.pack());
        let end =
            self.active_mut(key).and_then(|a| a.download.as_mut()).map_or(part.len() as u64, |download| {
                download.untaken = true;
                download.received
            });
        let offset = end.saturating_sub(part.len() as u64);
        if last {
            self.remove_exchange(now, key);
        } else {
            self.report_progress(key, received);
            self.rest(now, key);
        }
        self.event(Event::Body { body: BodyId::Ours(id), offset, bytes: part, last });
    }

    /// The application has taken a part: the next one.
    pub(in super::super) fn fetch_more(&mut self, now: Now, key: Key) {
        let download = self.active_mut(key).and_then(|active| active.download.as_mut());
        if let Some(download) = download.filter(|download| download.untaken) {
            download.untaken = false;
            self.take_turn(now, key);
        }
    }

    /// A notification whose body is only begun by its message. [RFC 7959 §3.4]
    pub(in super::super) fn begin_fetch(
        &mut self,
        now: Now,
        received: &Received<'_>,
        block: Block,
        purpose: Purpose,
    ) {
        let key = received.key;
        let Some(exchange) = self.exchanges.get_mut(key) else { return };
        let body = exchange.body.as_deref().cloned().unwrap_or_default();
        let mut active = Active::new(Payload::Whole(body), Delivery::Confirmable, exchange.token);
        active.download = Some(Download::begin(received, purpose));
        exchange.active = Some(Box::new(active));
        self.use_fetch_token(key);
        self.add_block(now, received, block);
    }

    /// Does the exchange fetch the rest of a notification?
    pub(in super::super) fn fetches_notification(&self, key: Key) -> bool {
        self.fetch_purpose(key).is_some_and(|purpose| purpose != Purpose::Answer)
    }

    pub(in super::super) fn fetch_purpose(&self, key: Key) -> Option<Purpose> {
        let active = self.exchanges.get(key)?.active.as_ref()?;
        active.download.as_ref().map(|download| download.purpose)
    }

    /// The token of an observation stays reserved for its notifications.
    fn use_fetch_token(&mut self, key: Key) {
        let Some(exchange) = self.exchanges.get(key) else { return };
        let (peer, token) = (exchange.peer, exchange.token);
        if exchange.options.observe() != Some(0) || exchange.active.as_ref().is_none_or(|a| a.token != token)
        {
            return;
        }
        let token = self.new_token(peer);
        self.tokens.insert(peer, token, key);
        if let Some(active) = self.active_mut(key) {
            active.token = token;
        }
    }

    fn add_block(&mut self, now: Now, received: &Received<'_>, block: Block) {
        let key = received.key;
        let step = self.append(received, block);
        if let Ok(step @ (Step::More | Step::Whole)) = &step
            && self.active_mut(key).and_then(|active| active.download.as_ref()).is_some_and(|d| d.streamed)
        {
            return self.hand_part(now, received, matches!(step, Step::Whole));
        }
        match step {
            Ok(Step::Whole) => self.download_whole(now, key),
            Ok(Step::More) => {
                self.report_progress(key, received);
                self.take_turn(now, key);
            }
            Ok(Step::Restart) => self.take_turn(now, key),
            Err(error) => self.request_failed(now, key, error),
        }
    }

    fn append(&mut self, received: &Received<'_>, block: Block) -> Result<Step, ExchangeError> {
        let gone = ExchangeError::Cancelled;
        let (key, message) = (received.key, received.message);
        let peer = self.exchanges.get(key).ok_or(gone.clone())?.peer;
        let limit = self.peers.link(peer).map_or(0, |link| link.max_body);
        let download =
            self.active_mut(key).and_then(|active| active.download.as_mut()).ok_or(gone.clone())?;
        if !is_well_formed(block, message.payload) {
            return Err(ExchangeError::BadAnswer("a block is not as long as it says"));
        }
        let etag = message.options.first(OptionNumber::ETAG);
        let before = download.received;
        if before > 0 && block.num > 0 && etag != download.options.first(OptionNumber::ETAG) {
            if download.restarts == MAX_RESTARTS || download.streamed {
                return Err(ExchangeError::BadAnswer("the body changed while it was fetched"));
            }
            download.restarts += 1;
            let dropped = std::mem::take(&mut download.body).len();
            download.received = 0;
            self.body_bytes = self.body_bytes.saturating_sub(dropped);
            return Ok(Step::Restart);
        }
        if block.offset() != before {
            return Err(ExchangeError::BadAnswer("another block than was asked for"));
        }
        if before == 0 {
            // Begun anew.
            let observe = download.options.observe();
            (download.code, download.options) = (message.code, message.options.to_options(received.frame));
            keep_observe(&mut download.options, observe.filter(|_| download.restarts > 0));
        }
        let announced = message.options.uint(OptionNumber::SIZE2).unwrap_or(0);
        let end = before.saturating_add(message.payload.len() as u64);
        if announced.max(end.saturating_add(block.more.into())) > limit && !download.streamed {
            return Err(ExchangeError::TooLarge { limit });
        }
        (download.szx, download.received) = (download.szx.min(block.szx), end);
        let step = if block.more { Step::More } else { Step::Whole };
        if download.streamed {
            return Ok(step);
        }
        if !self.account(message.payload.len()) {
            return Err(ExchangeError::Busy("octets of bodies in transfer"));
        }
        let download = self.active_mut(key).and_then(|active| active.download.as_mut()).ok_or(gone)?;
        download.body.extend_from_slice(message.payload);
        Ok(step)
    }

    fn report_progress(&mut self, key: Key, received: &Received<'_>) {
        let total = received.message.options.uint(OptionNumber::SIZE2);
        let Some(active) = self.active_mut(key) else { return };
        let received = active.download.as_ref().map_or(0, |download| download.received);
        let sent = active.payload.bytes().len() as u64;
        let id = ExchangeId(key.pack());
        self.event(Event::Progress { id, sent, received, total });
    }

    fn download_whole(&mut self, now: Now, key: Key) {
        let Some(download) = self.active_mut(key).and_then(|active| active.download.as_mut()) else { return };
        let body = std::mem::take(&mut download.body);
        let (code, options) = (download.code, download.options.clone());
        self.body_bytes = self.body_bytes.saturating_sub(body.len());
        self.answer_whole(now, key, Response { code, options, payload: Payload::Whole(body.freeze()) });
    }

    /// To the application, as what it was fetched for.
    fn answer_whole(&mut self, now: Now, key: Key, response: Response) {
        match self.fetch_purpose(key) {
            Some(Purpose::Notification { seen, how }) => {
                if !response.code.is_success() {
                    return self.request_failed(now, key, ExchangeError::BadAnswer("the rest was refused"));
                }
                self.deactivate(now, key);
                self.notified(key, seen, how, response);
            }
            _ => self.finish(now, key, response),
        }
    }
}

/// What is asked for without Observe does not say that the observation goes on; the first message did.
fn keep_observe(options: &mut Options, sequence: Option<u32>) {
    if let Some(sequence) = sequence {
        options.remove(OptionNumber::OBSERVE);
        options.push_uint(OptionNumber::OBSERVE, sequence.into());
    }
}

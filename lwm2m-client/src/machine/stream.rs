//! Values that reach their handler block by block. [RFC 7959] [Core 1.2 §6.3.3]

use lwm2m_core::{
    Bytes, Kind, Now, ObjectId, PeerId, Rejection, ResourceDef,
    coap::{BodyId, InboundId, Request, Segment},
    codec::{ContentFormat, DecodeError},
    ops::{Body, Downlink, DownlinkAnswer, WriteMode},
};

use super::{
    CALL_TIMEOUT, ClientMachine,
    account::Held,
    call::{Call, Purpose},
    downlink::NOT_YET,
    operation::{Operation, Serve, Stage, Work, is_streamed},
};
use crate::{
    BodyReader, Cx,
    body::{BodyFeed, pipe},
    object::Described,
};

/// A body on its way to its handler.
pub(super) struct Stream {
    inbound: InboundId,
    feed: BodyFeed,
    /// Until the handler has it.
    reader: Option<BodyReader>,
}

impl ClientMachine {
    /// Bodies of these resources are not collected.
    pub(super) fn stream_routes(&mut self, object: ObjectId, described: Option<&Described>) {
        for resource in described.into_iter().flat_map(|described| &described.streamed) {
            if self.streamed.contains(&(object, *resource)) {
                continue;
            }
            self.streamed.push((object, *resource));
            let exact = |text: String| Segment::Exact(text.into());
            let mut route: Vec<_> = self.config.tree.segments().map(|s| exact(s.to_owned())).collect();
            route.extend([exact(object.to_string()), Segment::Any, exact(resource.to_string())]);
            self.endpoint.stream_route(&route);
        }
    }

    /// The head of a request whose body follows.
    pub(super) fn on_request_head(&mut self, now: Now, id: InboundId, peer: PeerId, head: &Request) {
        let known = self.accounts.iter().position(|account| account.peer == Some(peer));
        let registered = known.filter(|position| {
            self.accounts.get(*position).is_some_and(|account| account.registered.is_some())
        });
        let admitted = match registered.filter(|_| self.stopping.is_none()) {
            None => Err(Rejection::unavailable("not registered", NOT_YET)),
            Some(account) => {
                let held = Held { id, request: head.clone(), observe: None };
                self.admit(now, account, &held).and_then(|(object, serve)| self.take(now, object, serve))
            }
        };
        if let Err(rejection) = admitted {
            self.endpoint.respond(now, id, (&rejection).into());
        }
    }

    fn take(&mut self, now: Now, object: ObjectId, serve: Serve) -> Result<(), Rejection> {
        let resource = serve.target.path.resource_id();
        let def = self.table.get(object).zip(resource).and_then(|(known, id)| known.def.resource(id));
        let Downlink::Write { body: Body::Streamed { format, size }, path, mode, .. } = &serve.downlink
        else {
            return Err(Rejection::method_not_allowed());
        };
        if path.depth() != 3 {
            return Err(Rejection::method_not_allowed());
        }
        // The body is the value as it is; a wrapping would have to be taken off by the handler.
        let plain = match def.map(ResourceDef::kind) {
            Some(Kind::Opaque) => ContentFormat::OPAQUE,
            _ => ContentFormat::TEXT,
        };
        if *format != plain || *mode != WriteMode::Replace {
            return Err(DecodeError::Unsupported(*format, *path).into());
        }
        let (feed, reader) = pipe(Some(*format), *size);
        self.streams.push(Stream { inbound: serve.inbound, feed, reader: Some(reader) });
        self.operations.serve(now, object, serve);
        Ok(())
    }

    pub(super) fn streams(&mut self, key: usize) -> bool {
        match self.operations.get_mut(key) {
            Some(Operation { work: Work::Serve(serve), .. }) => is_streamed(&serve.downlink),
            _ => false,
        }
    }

    pub(super) fn begin_stream(&mut self, now: Now, key: usize, cx: Cx) {
        let Some(Operation { work: Work::Serve(serve), .. }) = self.operations.get_mut(key) else { return };
        let (inbound, path) = (serve.inbound, serve.target.path);
        let stream = self.streams.iter_mut().find(|stream| stream.inbound == inbound);
        let Some((feed, Some(body))) = stream.map(|stream| (stream.feed.clone(), stream.reader.take()))
        else {
            return self.refuse(now, key, Rejection::internal("the body is gone"));
        };
        self.ask(now, key, Stage::Running, Call::WriteStream { cx, path, body });
        self.call(Purpose::Body(inbound), None, Call::BodyWanted(feed));
    }

    /// The next part: the handler has so long to keep it.
    pub(super) fn on_body(&mut self, now: Now, id: InboundId, bytes: Bytes, last: bool) {
        let Some(stream) = self.streams.iter().find(|stream| stream.inbound == id) else { return };
        stream.feed.push(bytes, last);
        if let Some(key) = self.operations.of_inbound(id) {
            self.calls.postpone(Purpose::Operation(key), Some(now.mono.after(CALL_TIMEOUT)));
        }
    }

    /// The handler has kept what it got.
    pub(super) fn on_body_wanted(&mut self, now: Now, id: InboundId) {
        let Some(stream) = self.streams.iter().find(|stream| stream.inbound == id) else { return };
        if stream.feed.is_ended() {
            return;
        }
        let feed = stream.feed.clone();
        self.endpoint.accept_more(now, BodyId::Inbound(id));
        self.call(Purpose::Body(id), None, Call::BodyWanted(feed));
        // Now it waits for the server; the endpoint knows how long.
        if let Some(key) = self.operations.of_inbound(id) {
            self.calls.postpone(Purpose::Operation(key), None);
        }
    }

    pub(super) fn on_body_gone(&mut self, now: Now, id: InboundId) {
        if let Some(stream) = self.streams.iter().find(|stream| stream.inbound == id) {
            stream.feed.broken();
        }
        if let Some(key) = self.operations.of_inbound(id) {
            self.calls.postpone(Purpose::Operation(key), Some(now.mono.after(CALL_TIMEOUT)));
        }
    }

    pub(super) fn written(&mut self, now: Now, key: usize) {
        if let Some(Operation { work: Work::Serve(serve), .. }) = self.operations.get_mut(key) {
            let path = serve.target.path;
            self.mark(path);
        }
        self.respond(now, key, &DownlinkAnswer::Done);
    }

    /// The request is answered.
    pub(super) fn end_stream(&mut self, id: InboundId) {
        for stream in self.streams.extract_if(.., |stream| stream.inbound == id) {
            stream.feed.broken();
        }
    }
}

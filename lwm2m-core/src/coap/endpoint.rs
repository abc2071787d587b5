//! The CoAP endpoint machine. [RFC 7252 §4, §5]

use std::sync::Arc;

use bytes::Bytes;

use super::{BodyId, Call, Delivery, DeliveryId, Event, ExchangeId, InboundId, Request, Response, Segment};
use crate::{CallId, Entry, Link, Now, Output, PeerId, Route, StoreError};

/// What peers can push on, and how far.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {}

/// Configuration of an [`Endpoint`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// What peers can push on, and how far.
    pub limits: Limits,
    /// Confirmable notifications wait for [`Endpoint::settle`] before they are acknowledged.
    pub settle_notifications: bool,
}

/// What was refused, dropped or repeated, counted since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {}

/// One endpoint per shard, for all its peers.
///
/// Four kinds of methods: getters; `handle_*` (what the network, the clock and answered calls say); commands (what
/// the application wants); [`Endpoint::poll_output`]. After every mutation drain until [`Output::Timeout`].
#[derive(Debug)]
pub struct Endpoint {}

#[allow(unused_variables, missing_docs, clippy::needless_pass_by_value, clippy::todo)]
impl Endpoint {
    pub fn new(config: Arc<Config>, seed: [u8; 32]) -> Self {
        todo!()
    }
    /// A link came up. A route that is known already keeps its peer.
    pub fn handle_up(&mut self, now: Now, route: Route, link: Link) -> PeerId {
        todo!()
    }
    /// New MTU, timers or limits of a live link.
    pub fn handle_change(&mut self, now: Now, route: Route, link: Link) {
        todo!()
    }
    /// A link is gone: its exchanges fail, its observers end, the peer is forgotten.
    pub fn handle_down(&mut self, now: Now, route: Route) {
        todo!()
    }
    /// Cannot fail: bad input is answered or dropped as RFC 7252 §4.2, §4.3 say, and counted.
    pub fn handle_frame(&mut self, now: Now, route: Route, frame: Bytes) {
        todo!()
    }
    pub fn handle_timeout(&mut self, now: Now) {
        todo!()
    }
    /// Answers to `Output::Call`.
    pub fn handle_result(&mut self, now: Now, id: CallId, entry: Result<Option<Entry>, StoreError>) {
        todo!()
    }
    /// Sends a request. With an Observe option (0) the exchange lives until cancelled or ended.
    pub fn request(&mut self, now: Now, peer: PeerId, request: Request, how: Delivery) -> ExchangeId {
        todo!()
    }
    /// Answers. Leaves by the route the request came by; late, an empty ACK has gone out and this becomes a separate
    /// response. A response to an Observe that carries the Observe option begins the relation.
    pub fn respond(&mut self, now: Now, id: InboundId, response: Response) -> DeliveryId {
        todo!()
    }
    /// A notification in a relation. The endpoint adds the Observe option. A code that is no success ends the relation.
    pub fn notify(&mut self, now: Now, id: InboundId, response: Response, how: Delivery) -> DeliveryId {
        todo!()
    }
    /// Ends a relation from our side without a message; the next notification of it cannot be sent.
    pub fn end_observation(&mut self, now: Now, id: InboundId) {
        todo!()
    }
    /// Acknowledges (kept) or leaves unacknowledged (refused) a confirmable notification.
    pub fn settle(&mut self, now: Now, id: ExchangeId, seen: u32, kept: bool) {
        todo!()
    }
    /// Bodies of requests whose path begins so are not collected.
    pub fn stream_route(&mut self, uri: &[Segment]) {
        todo!()
    }
    /// The answer to our request comes as `ResponseHead` and `Body`.
    pub fn stream_answer(&mut self, id: ExchangeId) {
        todo!()
    }
    /// The last part of an incoming streamed body is kept: the next may come.
    pub fn accept_more(&mut self, now: Now, body: BodyId) {
        todo!()
    }
    /// A part of an outgoing streamed body.
    pub fn provide(&mut self, now: Now, body: BodyId, offset: u64, bytes: Bytes, last: bool) {
        todo!()
    }
    /// Gives up a request, or an observation: the next notification is reset. [RFC 7641 §3.6]
    pub fn cancel(&mut self, now: Now, id: ExchangeId) {
        todo!()
    }
    /// Registered peers are not displaced by others.
    pub fn set_registered(&mut self, peer: PeerId, registered: bool) {
        todo!()
    }
    /// The peer behind a route.
    pub fn peer_at(&self, route: Route) -> Option<PeerId> {
        todo!()
    }
    /// The route of a peer.
    pub fn route_of(&self, peer: PeerId) -> Option<Route> {
        todo!()
    }
    /// The peer's link parameters.
    pub fn link_of(&self, peer: PeerId) -> Option<&Link> {
        todo!()
    }
    pub fn counters(&self) -> &Counters {
        todo!()
    }
    /// The next output. Call until [`Output::Timeout`].
    pub fn poll_output(&mut self, now: Now) -> Output<Call, Event> {
        todo!()
    }
}

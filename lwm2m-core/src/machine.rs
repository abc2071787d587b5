//! What driver and simulated network see of a machine, and what machines have in common.

mod above;
mod calls;
mod deadlines;

pub use self::{
    above::{AboveCoap, poll_output},
    calls::{Calls, FORGOTTEN},
    deadlines::Deadlines,
};

use bytes::Bytes;

use crate::{
    BoxFuture, Mono, Now, Route,
    transport::{ShardId, Target, TransportError, TransportEvent},
};

/// A question to the outside. Its answer comes back through `handle_result`, once, or never if the machine gave up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u64);

/// What a machine wants. After every mutation drain until `Timeout`, which is the last word.
#[must_use = "drain until `Output::Timeout`"]
#[derive(Debug)]
pub enum Output<C, E> {
    /// Send a frame.
    Transmit {
        /// Which way.
        route: Route,
        /// The whole frame.
        frame: Bytes,
    },
    /// Ask the outside.
    Call {
        /// For the answer.
        id: CallId,
        /// The question.
        what: C,
    },
    /// Tell the outside.
    Event(E),
    /// Nothing more until then (or until something happens).
    Timeout(Option<Mono>),
}

/// A role's machine as driver and simulation see it: a CoAP endpoint and the role's own rules above it.
pub trait Machine: Send + Unpin + 'static {
    /// What handles want of it.
    type Command: Send + 'static;
    /// What it asks the outside.
    type Call: Send + 'static;
    /// What the outside answers.
    type Answer: Send + 'static;
    /// What it tells the outside.
    type Event: Send + 'static;

    /// A transport has something to say.
    fn handle_link(&mut self, now: Now, transport: u8, event: TransportEvent);
    /// The deadline of the last [`Output::Timeout`] has passed.
    fn handle_timeout(&mut self, now: Now);
    /// A call is answered.
    fn handle_result(&mut self, now: Now, id: CallId, answer: Answer<Self::Answer>);
    /// A handle wants something.
    fn handle_command(&mut self, now: Now, command: Self::Command);
    /// The next output. Call until [`Output::Timeout`].
    fn poll_output(&mut self, now: Now) -> Output<Call<Self::Call>, Self::Event>;
}

/// A question to the outside. All but `Role` the driver answers itself.
#[derive(Debug)]
pub enum Call<C> {
    /// Open a link.
    Connect {
        /// Position of the transport in its driver.
        transport: u8,
        /// Where to.
        target: Target,
    },
    /// Close a link. Answered with its route.
    Disconnect(Route),
    /// This frame, and those that follow on its link, belong to another shard. No answer; the machine forgets the link.
    Redirect {
        /// The link.
        route: Route,
        /// Whose frames they are.
        shard: ShardId,
        /// The first of them.
        frame: Bytes,
    },
    /// The peer of a restored link has answered something new: what it had sent before is not taken any more. Answered with
    /// the route.
    Fresh(Route),
    /// An answer would come too late: drop its future.
    Abandon(CallId),
    /// For the role's own [`Perform`].
    Role(C),
}

/// An answer from the outside.
#[derive(Debug)]
pub enum Answer<A> {
    /// The link is being opened, or is closed. `Up` or `Down` follows as an event.
    Link(Result<Route, TransportError>),
    /// From the role's own [`Perform`].
    Role(A),
    /// The call panicked: there will be no other answer.
    Lost,
}

/// Turns a call into the future that answers it; hands events to their readers. The same in driver and simulation.
///
/// How many calls run, how long, and in which order (per endpoint, per object) is the machine's business.
pub trait Perform<M: Machine>: Send + Unpin + 'static {
    /// The future that answers.
    fn perform(&mut self, call: M::Call) -> BoxFuture<'static, M::Answer>;
    /// Never waits: readers that lag lose the oldest and are told how many.
    fn publish(&mut self, event: M::Event);
}

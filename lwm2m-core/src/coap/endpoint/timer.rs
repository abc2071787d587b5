//! What the endpoint waits for.

use super::table::Key;
pub(super) use crate::timer::TimerId;

/// The deadlines of a shard.
pub(super) type Timers = crate::timer::Timers<Reason>;

/// Why the endpoint wants to be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// A confirmable message was not acknowledged. [RFC 7252 §4.2]
    Retransmit(Key),
    /// A request is still unanswered: acknowledge it, or give it up. [RFC 7252 §5.2.2]
    Unanswered(Key),
    /// An exchange of ours waits for its answer.
    Answer(Key),
    /// A part of a body was expected.
    Transfer(Key),
    /// The oldest remembered message ID, or wait for a peer, ends.
    Forget,
}

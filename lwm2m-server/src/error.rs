//! What can go wrong.

use std::{io, sync::Arc};

#[cfg(feature = "tokio")]
use lwm2m_core::driver::OpenError;
use lwm2m_core::{
    EndpointName, PathError, Rejection, StoreError, ValueError,
    coap::ExchangeError,
    codec::{DecodeError, EncodeError},
};

/// A client was asked and gave no value.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// No client of this name is registered.
    #[error("{0} is not registered")]
    NotRegistered(EndpointName),
    /// The client sleeps, and the request was not to wait: see `Request::expires`.
    #[error("{0} is asleep, and the request has no time to wait for it")]
    Asleep(EndpointName),
    /// The client was sent away with Disable and is not back yet, and the request was not to wait: see
    /// `Request::expires`.
    #[error("{0} is disabled, and the request has no time to wait for it")]
    Disabled(EndpointName),
    /// The client was not heard before the time of the request to wait was over; nothing was sent.
    #[error("the client was not heard in time")]
    Expired,
    /// A newer request for the same place took its place in the queue; nothing was sent.
    #[error("a newer request has replaced it")]
    Superseded,
    /// Somebody took the request out of the queue; nothing was sent.
    #[error("cancelled")]
    Cancelled,
    /// Observations, streamed bodies and raw requests cannot be posted; nothing was sent.
    #[error("this cannot be posted: only an operation with one answer can")]
    NotPostable,
    /// The store does not keep the request now; nothing was sent.
    #[error("the store does not keep the request now")]
    NotStored,
    /// Too much waits for this client, or for all; nothing was sent.
    #[error("too many requests wait")]
    QueueFull,
    /// The client refused.
    #[error("refused: {0}")]
    Refused(Rejection),
    /// No answer in the time that the request had.
    #[error("no answer in time")]
    TimedOut {
        /// Did a message leave?
        sent: bool,
    },
    /// The registration ended, or the client registered anew, before the answer came.
    #[error("the registration ended: {reason}")]
    Ended {
        /// Why.
        reason: EndReason,
        /// Did a message leave?
        sent: bool,
    },
    /// The text or ids name no place that this operation can have.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The messages did not get through.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    /// The answer was not understood.
    #[error("the answer was not understood: {0}")]
    Decode(#[from] DecodeError),
    /// The request cannot be written in its format; nothing was sent.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The answer holds something else than was asked for.
    #[error("the answer is of another kind: {0}")]
    Value(#[from] ValueError),
    /// The answer is none that this operation has.
    #[error("the answer does not belong to the request")]
    WrongAnswer,
    /// The body to be sent failed.
    #[error("the body failed: {0}")]
    Body(Arc<io::Error>),
    /// The server has been shut down.
    #[error("the server has been shut down")]
    Stopped,
}

impl RequestError {
    /// May the same request succeed later without anything being fixed?
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        match self {
            Self::NotRegistered(_)
            | Self::Asleep(_)
            | Self::Disabled(_)
            | Self::Expired
            | Self::NotStored
            | Self::QueueFull
            | Self::TimedOut { .. }
            | Self::Ended { .. } => true,
            Self::Refused(rejection) => rejection.is_temporary(),
            Self::Exchange(error) => matches!(
                error,
                ExchangeError::TimedOut { .. }
                    | ExchangeError::Reset
                    | ExchangeError::LinkGone { .. }
                    | ExchangeError::Busy(_)
                    | ExchangeError::HoldOff(_)
            ),
            _ => false,
        }
    }

    /// May the client have done it all the same? Then do not simply repeat an Execute or a Create.
    #[must_use]
    pub const fn may_have_been_applied(&self) -> bool {
        match self {
            Self::TimedOut { sent } | Self::Ended { sent, .. } => *sent,
            Self::Exchange(ExchangeError::LinkGone { sent }) => *sent,
            Self::Exchange(error) => matches!(
                error,
                ExchangeError::TimedOut { .. }
                    | ExchangeError::TooLarge { .. }
                    | ExchangeError::BadAnswer(_)
                    | ExchangeError::Cancelled
            ),
            // A refusal of class 4, and "not now", say that nothing was done; 5.00 and 5.04 do not.
            Self::Refused(rejection) => rejection.code.class() == 5 && !rejection.is_temporary(),
            Self::Decode(_) | Self::Value(_) | Self::WrongAnswer | Self::Body(_) | Self::Stopped => true,
            _ => false,
        }
    }
}

/// Why a registration, and what hangs on it, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EndReason {
    /// The client de-registered.
    Deregistered,
    /// Its lifetime passed without an Update.
    Expired,
    /// The client registered anew.
    Replaced,
    /// Another client is at its address now; where it is itself is not known until its next Update.
    Displaced,
    /// The client did not take up the observation: the value is the only one.
    NotObserved,
}

impl std::fmt::Display for EndReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Deregistered => "the client has de-registered",
            Self::Expired => "its lifetime is over",
            Self::Replaced => "the client has registered anew",
            Self::Displaced => "another client uses its address",
            Self::NotObserved => "the client does not observe this",
        })
    }
}

/// A server did not start, or cannot answer.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// Nowhere to listen, a place where one cannot, or no random numbers.
    #[cfg(feature = "tokio")]
    #[error(transparent)]
    Open(#[from] OpenError),
    /// What is to be observed of every client is no place.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The store cannot answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The server has been shut down.
    #[error("the server has been shut down")]
    Stopped,
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// A caller who repeats what is temporary and was not applied never executes twice.
    #[test]
    fn errors_say_whether_to_repeat() {
        let table: [(RequestError, bool, bool); 16] = [
            (RequestError::Asleep("a".into()), true, false),
            (RequestError::Disabled("a".into()), true, false),
            (RequestError::Expired, true, false),
            (RequestError::Superseded, false, false),
            (RequestError::NotRegistered("a".into()), true, false),
            (RequestError::QueueFull, true, false),
            (RequestError::TimedOut { sent: false }, true, false),
            (RequestError::TimedOut { sent: true }, true, true),
            (RequestError::Ended { reason: EndReason::Replaced, sent: true }, true, true),
            (ExchangeError::TimedOut { attempts: 5 }.into(), true, true),
            (ExchangeError::LinkGone { sent: false }.into(), true, false),
            (ExchangeError::HoldOff(Duration::from_secs(1)).into(), true, false),
            (ExchangeError::BadAnswer("").into(), false, true),
            (RequestError::Refused(Rejection::not_found()), false, false),
            (RequestError::Refused(Rejection::unavailable("", Duration::from_secs(1))), true, false),
            (RequestError::Refused(Rejection::internal("")), false, true),
        ];
        for (error, temporary, applied) in table {
            assert_eq!(
                (error.is_temporary(), error.may_have_been_applied()),
                (temporary, applied),
                "{error:?}"
            );
        }
    }
}

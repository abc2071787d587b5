//! The operations as types: what each one gives back.

use std::{fmt, marker::PhantomData};

use lwm2m_core::{
    FromNode, InstanceId, Node, ObjectLink, Path, ValueError, coap,
    codec::{self, Timed},
    ops::DownlinkAnswer,
};

use crate::{Composite, Observation, RequestError, machine::Answered, observation::Source};

/// An operation. Sealed: its types are those of this module.
pub trait Op: sealed::Sealed + Send + 'static {
    /// What the caller gets.
    type Output: Send + 'static;

    #[doc(hidden)]
    fn finish(finished: Finished) -> Result<Self::Output, RequestError>;
}

mod sealed {
    /// Cannot be implemented elsewhere: it cannot be named.
    #[allow(unnameable_types, reason = "nobody else is to implement it")]
    pub trait Sealed {}
}

/// What came back, and what it came back to.
pub struct Finished {
    pub(crate) answered: Answered,
    pub(crate) path: Path,
    pub(crate) instance: Option<InstanceId>,
    pub(crate) source: Option<Source>,
}

impl fmt::Debug for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finished").field("answered", &self.answered).finish_non_exhaustive()
    }
}

macro_rules! ops {
    ($($(#[$doc:meta])* $name:ident $(<$value:ident: $bound:path>)? => $output:ty, |$finished:ident| $body:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name $(<$value>(PhantomData<fn() -> $value>))?;

        impl $(<$value: $bound>)? sealed::Sealed for $name $(<$value>)? {}

        impl $(<$value: $bound>)? Op for $name $(<$value>)? {
            type Output = $output;

            fn finish($finished: Finished) -> Result<$output, RequestError> {
                $body
            }
        }
    )*};
}

ops! {
    /// Read.
    Read<T: FromNode> => T, |finished| match finished.answered {
        Answered::Operation(DownlinkAnswer::Values(values)) => value(values, finished.path),
        _ => Err(RequestError::WrongAnswer),
    };
    /// Discover.
    Discover => Vec<ObjectLink>, |finished| match finished.answered {
        Answered::Operation(DownlinkAnswer::Links(links)) => Ok(links),
        _ => Err(RequestError::WrongAnswer),
    };
    /// Create. The new instance; `None` if the client chose its id and did not say which.
    Create => Option<InstanceId>, |finished| match finished.answered {
        Answered::Operation(DownlinkAnswer::Created(chosen)) => Ok(chosen.or(finished.instance)),
        _ => Err(RequestError::WrongAnswer),
    };
    /// Write.
    Write => (), |finished| done(&finished);
    /// Write-Attributes.
    WriteAttributes => (), |finished| done(&finished);
    /// Execute.
    Execute => (), |finished| done(&finished);
    /// Delete.
    Delete => (), |finished| done(&finished);
    /// Read-Composite.
    ReadComposite => Composite, |finished| match finished.answered {
        Answered::Operation(DownlinkAnswer::Values(values)) => Ok(Composite::of(&values)),
        _ => Err(RequestError::WrongAnswer),
    };
    /// Write-Composite.
    WriteComposite => (), |finished| done(&finished);
    /// Observe-Composite.
    ObserveComposite => Observation<Composite>, |finished| observing(finished);
    /// A CoAP request as it is.
    Raw => coap::Response, |finished| match finished.answered {
        Answered::Raw(response) => Ok(response),
        _ => Err(RequestError::WrongAnswer),
    };
    /// Observe.
    Observe<T: FromNode> => Observation<T>, |finished| observing(finished);
}

fn observing<T: FromNode>(finished: Finished) -> Result<Observation<T>, RequestError> {
    match (finished.answered, finished.source) {
        (Answered::Observing { observation, first }, Some(source)) => {
            Ok(Observation::new(source, observation, first))
        }
        _ => Err(RequestError::WrongAnswer),
    }
}

fn done(finished: &Finished) -> Result<(), RequestError> {
    match finished.answered {
        Answered::Operation(DownlinkAnswer::Done) => Ok(()),
        _ => Err(RequestError::WrongAnswer),
    }
}

/// The value that was asked for: of several times the last. An object without instances has no values at all.
pub(crate) fn value<T: FromNode>(mut values: Vec<Timed>, path: Path) -> Result<T, RequestError> {
    let node = match values.pop() {
        Some(last) => last.node,
        None if path.ids().len() == 1 => Node::Object(Default::default()),
        None => return Err(RequestError::WrongAnswer),
    };
    codec::take(node).map_err(|error: ValueError| error.into())
}

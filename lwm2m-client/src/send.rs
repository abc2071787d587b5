//! What a program tells servers without being asked. [Core 1.2 §6.4.6]

use lwm2m_core::{
    IntoNode, Location, Path, PathError, Rejection, StoreError, Tree, UnixTime,
    coap::ExchangeError,
    codec::{EncodeError, Stamp, Timed},
};

/// Measured values, each with its place and its time: for [`Client::send_measured`](crate::Client::send_measured).
///
/// ```
/// use lwm2m_client::{Measurements, UnixTime, objects::Temperature};
/// let at = |seconds: i64| UnixTime(seconds * 1_000_000);
/// let measured = Measurements::new()
///     .at(at(1_700_000_000), Temperature::SENSOR_VALUE.at(0), 20.5)
///     .at(at(1_700_000_060), Temperature::SENSOR_VALUE.at(0), 20.75)
///     .now("/3/0/9", 95);
/// # let _ = measured;
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use = "they are to be given to `Client::send_measured`"]
pub struct Measurements {
    values: Vec<(Option<UnixTime>, Path, lwm2m_core::Node)>,
    /// The first place that is none.
    wrong: Option<PathError>,
}

#[allow(clippy::needless_pass_by_value, reason = "places are small, and given as literals")]
impl Measurements {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A value, and when it was measured.
    pub fn at<T: IntoNode>(self, time: UnixTime, at: impl Location<T>, value: T) -> Self {
        self.add(Some(time), at, value)
    }

    /// A value of this moment.
    pub fn now<T: IntoNode>(self, at: impl Location<T>, value: T) -> Self {
        self.add(None, at, value)
    }

    fn add<T: IntoNode>(mut self, time: Option<UnixTime>, at: impl Location<T>, value: T) -> Self {
        match at.as_path() {
            Ok(path) => self.values.push((time, path, value.into_node())),
            Err(error) => drop(self.wrong.get_or_insert(error)),
        }
        self
    }

    #[cfg_attr(not(feature = "tokio"), allow(dead_code, reason = "for handles"))]
    pub(crate) fn into_values(self) -> Result<Vec<Timed>, PathError> {
        if let Some(error) = self.wrong {
            return Err(error);
        }
        let timed = |(time, path, node): (Option<UnixTime>, _, _)| Timed {
            at: time.map(Stamp::At),
            tree: Tree::DEFAULT,
            path,
            node,
        };
        Ok(self.values.into_iter().map(timed).collect())
    }
}

/// Why a server did not take what was sent.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// The server has muted Send, as every server has until it, or the account, says otherwise.
    #[error("server {0} has muted Send")]
    Muted(u16),
    /// No server can be sent to: all have muted it, or speak LwM2M 1.0.
    #[error("no server takes what is sent")]
    NoServer,
    /// There is no account with this short server ID.
    #[error("no account for server {0}")]
    UnknownServer(u16),
    /// What is to be sent is not there, or a server could not read it either.
    #[error("{path} cannot be sent: {rejection}")]
    NotReadable {
        /// Where.
        path: Path,
        /// What a Read would be answered.
        rejection: Rejection,
    },
    /// A place is none.
    #[error(transparent)]
    Path(#[from] PathError),
    /// There is nothing to send.
    #[error("there is nothing to send")]
    Empty,
    /// Too much waits for this server already.
    #[error("too much waits for server {0}")]
    Full(u16),
    /// The format cannot carry the values, or they exclude each other.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The server refused.
    #[error("server {server} refused: {rejection}")]
    Refused {
        /// Its short server ID.
        server: u16,
        /// What it answered.
        rejection: Rejection,
    },
    /// The server answered with something else than an answer.
    #[error("server {server}: {error}")]
    Exchange {
        /// Its short server ID.
        server: u16,
        /// What went wrong.
        error: ExchangeError,
    },
    /// It is not in the state store, and is not sent either: there is no store, or it has refused.
    #[error("it cannot be kept{}", .0.as_ref().map(|error| format!(": {error}")).unwrap_or_default())]
    NotKept(Option<StoreError>),
    /// The client has ended.
    #[error("the client has ended")]
    Ended,
}

impl SendError {
    /// May the same call succeed later without anything being changed?
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        match self {
            Self::Full(_) | Self::NotKept(Some(_)) => true,
            Self::Refused { rejection, .. } | Self::NotReadable { rejection, .. } => rejection.is_temporary(),
            _ => false,
        }
    }
}

#[cfg(feature = "tokio")]
pub use self::sending::Sending;

#[cfg(feature = "tokio")]
mod sending {
    use std::{fmt, future::IntoFuture};

    use lwm2m_core::{BoxFuture, codec::ContentFormat};

    use super::SendError;
    use crate::{
        Client,
        machine::{Command, NewSend, Reply, What},
    };

    /// A Send on its way to be awaited; it does nothing before.
    ///
    /// While a server cannot be reached its part waits, in order, and goes with the times at which its values were taken.
    /// Dropping the future does not take it back. With a [state store](crate::ClientBuilder::state) what waits outlives a
    /// restart, as far as it was written by then ([`Backlog`](crate::Backlog)); how it ends then,
    /// [`ClientEvent::NotSent`](crate::ClientEvent::NotSent) tells if it fails.
    #[must_use = "nothing is sent until it is awaited"]
    pub struct Sending {
        client: Client,
        what: Result<What, SendError>,
        to: Option<u16>,
        format: Option<ContentFormat>,
        stored: bool,
    }

    impl Sending {
        pub(crate) const fn new(client: Client, what: Result<What, SendError>) -> Self {
            Self { client, what, to: None, format: None, stored: false }
        }

        /// Ends as soon as it is in the state store, instead of with the answers of the servers: from then on it is
        /// delivered whatever happens to the device, as long as the servers take it; twice, if the device stops between a
        /// server's answer and the next write. `Err` with [`SendError::NotKept`]: nothing was kept or sent.
        pub fn stored(self) -> Self {
            Self { stored: true, ..self }
        }

        /// To this server alone. Default: to every server that has not muted it.
        pub fn to(self, server: u16) -> Self {
            Self { to: Some(server), ..self }
        }

        /// The format, which must have times where values have. Default: the most compact one that the version has.
        pub fn format(self, format: ContentFormat) -> Self {
            Self { format: Some(format), ..self }
        }

        async fn run(self) -> Result<(), SendError> {
            let Self { client, what, to, format, stored } = self;
            let what = what?;
            let send = |reply| Command::Send(Box::new(NewSend { reply, what, to, format, stored }));
            match client.ask(send).await {
                Ok(Reply::Sent(result)) => result,
                _ => Err(SendError::Ended),
            }
        }
    }

    impl IntoFuture for Sending {
        type Output = Result<(), SendError>;
        type IntoFuture = BoxFuture<'static, Self::Output>;

        fn into_future(self) -> Self::IntoFuture {
            Box::pin(self.run())
        }
    }

    impl fmt::Debug for Sending {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_struct("Sending").field("to", &self.to).finish_non_exhaustive()
        }
    }
}

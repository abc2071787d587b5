//! Why the client could not do what its program wanted.

use lwm2m_core::{Path, PathError, Rejection, StoreError, coap::ExchangeError, transport::TransportError};

/// Why the client could not do what its program wanted.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// Something stands at this path already.
    #[error("{0} exists already")]
    Occupied(Path),
    /// The object is there, but as another type or as a handler.
    #[error("{0} is held as another type")]
    OtherType(Path),
    /// Nothing stands at this path.
    #[error("{0} does not exist")]
    Missing(Path),
    /// The object has one instance, number 0.
    #[error("{0}: the object has a single instance, number 0")]
    SingleInstance(Path),
    /// A path cannot be built.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The URI of a server cannot be understood.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// A Security or Server instance cannot be used as an account.
    #[error("the account: {0}")]
    Account(&'static str),
    /// The operating system gave no random seed.
    #[error("no random seed: {0}")]
    Seed(String),
    /// No transport carries what the server's URI asks for.
    #[error("no transport for {0}")]
    NoTransport(String),
    /// The builder was given no server.
    #[error("no server account")]
    NoServer,
    /// The builder was given no bootstrap server.
    #[error("no bootstrap server")]
    NoBootstrapServer,
    /// Two accounts have one short server ID, or it is 0 or 65535.
    #[error("short server ID {0} is reserved or used twice")]
    ShortServerId(u16),
    /// There is no account with this short server ID.
    #[error("no account for server {0}")]
    UnknownServer(u16),
    /// The endpoint name is empty or too long, or has control characters.
    #[error("an endpoint name has 1 to {} octets and no control characters", lwm2m_core::MAX_ENDPOINT_NAME)]
    EndpointName,
    /// The server refused.
    #[error("the server refused: {0}")]
    Refused(Rejection),
    /// The device was not reset: an object or the store refuses. Nothing has changed.
    #[error("not reset: {0}")]
    NotReset(Rejection),
    /// The client has ended.
    #[error("the client has ended")]
    Ended,
    /// Too many commands wait.
    #[error("too many commands wait")]
    Busy,
    /// The state store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ClientError {
    /// May the same call succeed later without anything being changed?
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        match self {
            Self::Busy | Self::Store(_) => true,
            Self::Refused(rejection) | Self::NotReset(rejection) => rejection.is_temporary(),
            _ => false,
        }
    }
}

/// Why a server could not be reached.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unreachable {
    /// No link could be made, or it went down.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The server did not answer.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
}

//! What a client tells its program.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use futures_core::Stream;
use lwm2m_core::{Path, Rejection, StoreError};

use crate::{BootstrapFailure, CardError, SendError, bus::Reader, error::Unreachable};

/// What happened to the client.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ClientEvent {
    /// A server has accepted our registration.
    Registered {
        /// Its short server ID.
        server: u16,
    },
    /// A server has accepted an update of our registration.
    Updated {
        /// Its short server ID.
        server: u16,
    },
    /// We have left a server.
    Deregistered {
        /// Its short server ID.
        server: u16,
    },
    /// A server refuses us.
    Refused {
        /// Its short server ID.
        server: u16,
        /// What it answered.
        rejection: Rejection,
        /// When it will be tried again; `None`: not by itself.
        retry_in: Option<Duration>,
    },
    /// A server could not be reached. Told once for all the frames that a server's silence or its network refuses, and
    /// again when the next attempt is another one.
    Unreachable {
        /// Its short server ID.
        server: u16,
        /// Why.
        error: Unreachable,
        /// What will be tried next.
        next: Attempt,
        /// When it will be tried; `None`: not by itself.
        retry_in: Option<Duration>,
    },
    /// The lifetime of our registration ran out before the server answered an Update: it has forgotten us. A Register
    /// follows at once. [Core 1.2 §6.2.2]
    Lapsed {
        /// Its short server ID.
        server: u16,
    },
    /// In queue mode: nothing was said for the awake window. The server expects nothing of us before our next message, so
    /// that a device may turn off its radio. [Core 1.2 §6.5]
    Asleep {
        /// Its short server ID.
        server: u16,
    },
    /// In queue mode: we have spoken, and listen again.
    Awake {
        /// The short server ID of the server.
        server: u16,
    },
    /// A server has begun to observe.
    Observed {
        /// Its short server ID.
        server: u16,
        /// What.
        path: Path,
    },
    /// An observation has ended.
    Unobserved {
        /// The short server ID of its server.
        server: u16,
        /// Of what.
        path: Path,
    },
    /// A server has created an instance.
    Created {
        /// Its short server ID.
        server: u16,
        /// The instance.
        path: Path,
    },
    /// A server has deleted an instance.
    Deleted {
        /// Its short server ID.
        server: u16,
        /// The instance.
        path: Path,
    },
    /// A notification was not delivered, and its observation has ended: the client registers anew. With Notification
    /// Storing it is kept until the server observes again.
    Undelivered {
        /// The short server ID of its server.
        server: u16,
        /// Of what.
        path: Path,
    },
    /// What was to be sent to a server, and whose caller waits no more because it was in the state store, was not taken:
    /// it is gone.
    NotSent {
        /// Its short server ID.
        server: u16,
        /// Why.
        error: SendError,
    },
    /// A server has told us to leave it and to stay silent. Afterwards the client registers by itself.
    Disabled {
        /// Its short server ID.
        server: u16,
        /// For how long.
        duration: Duration,
    },
    /// A bootstrap server or a smartcard has given us these servers; registrations follow.
    Bootstrapped {
        /// The short server IDs of all servers that we have now.
        servers: Vec<u16>,
    },
    /// There was no bootstrap, and nothing has changed.
    BootstrapFailed {
        /// Why.
        error: BootstrapFailure,
        /// When it will be tried again.
        retry_in: Duration,
    },
    /// Nothing was taken from the smartcard, and nothing has changed. Told once for the same card.
    SmartcardRefused {
        /// Why.
        error: CardError,
    },
    /// The device is what it was when it was made: what servers and bootstrap have written is gone, and servers are being
    /// left. Then it begins as after its first start. [Core 1.2 §E.4, resource 5]
    FactoryReset,
    /// A bootstrap is to begin.
    BootstrapWanted {
        /// Why.
        cause: BootstrapCause,
    },
    /// What was kept over the restart cannot be read. Servers do not hear of us before it is.
    StateUnavailable {
        /// Why.
        error: StoreError,
        /// When the store is asked again.
        retry_in: Duration,
    },
    /// This reader was too slow for so many events.
    Missed(u64),
}

/// What a client tries next with a server that cannot be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Attempt {
    /// To register.
    Register,
    /// To update the registration.
    Update,
    /// To leave.
    Deregister,
}

/// Why a client turns to its bootstrap server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BootstrapCause {
    /// A server has executed the Bootstrap-Request Trigger. [Core 1.2 §E.2, resource 9]
    Triggered {
        /// Its short server ID.
        server: u16,
    },
    /// There is no server account. [Core 1.2 §6.1.1]
    NoServer,
    /// The program wants it: [`Client::bootstrap`](crate::Client::bootstrap).
    Program,
    /// All attempts to register with a server have failed. [Core 1.2 §E.2, resource 16]
    RegistrationFailed {
        /// Its short server ID.
        server: u16,
    },
}

/// Events of a client, oldest first. Bounded: a reader that lags gets [`ClientEvent::Missed`].
pub struct Events(pub(crate) Reader<ClientEvent>);

impl Events {
    /// The next event; `None` when the client has ended.
    pub async fn next(&mut self) -> Option<ClientEvent> {
        self.0.next().await
    }
}

impl Stream for Events {
    type Item = ClientEvent;
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<ClientEvent>> {
        self.0.poll_next(cx)
    }
}

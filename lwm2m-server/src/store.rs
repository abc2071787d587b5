//! Where registrations outlive the server.

mod memory;

#[cfg(feature = "test-util")]
pub mod conformance;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use lwm2m_core::{
    Attributes, EndpointName, Path, StoreError, Tree, UnixTime, Version, codec::ContentFormat, ops::Downlink,
};

pub use self::memory::Memory;
use crate::{Registration, RegistrationId};

/// Registrations and what hangs on them, in one place, so that removal is atomic.
///
/// The server is the truth for clients that it hears; the store is what it has after a restart. A Register, an Update
/// that changes something and a De-register are answered after [`ServerStore::apply`] returned. An Update that changes
/// nothing is answered at once and written behind, with the next batch: after a crash a lifetime may end early by the
/// time that a batch takes.
///
/// `store::conformance` (feature `test-util`) tests an implementation.
#[async_trait]
pub trait ServerStore: Send + Sync + 'static {
    /// Applies what arrived in one go, in its order; each change wholly or not at all. One outcome per change.
    ///
    /// A shard has one call open at a time. Changes may come again after an `Err`: they say how things are, not by how
    /// much they differ.
    ///
    /// # Errors
    /// The store is down: clients are answered 5.03. A list of outcomes that is too short or too long counts as that.
    async fn apply(&self, changes: &[Change]) -> Result<Vec<Outcome>, StoreError>;

    /// What is stored, by endpoint name, from the first name after `after`; an empty list after the last. Asked when
    /// the server starts.
    ///
    /// # Errors
    /// The store is down: the server does not start.
    async fn list(&self, after: Option<&str>, max: usize) -> Result<Vec<Stored>, StoreError>;
}

/// One change.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// A new registration. It replaces one of the same endpoint with its observations; the queue goes on with it.
    Register(Arc<Registration>),
    /// A registration as it is now, also whether its client was told to leave ([`Registration::presence`]); its
    /// observations stay.
    Update(Arc<Registration>),
    /// A registration was updated and nothing else changed.
    Touch {
        /// Which.
        id: RegistrationId,
        /// When.
        updated: UnixTime,
        /// When it ends now.
        expires: Option<UnixTime>,
    },
    /// A registration is over, with everything that hangs on it.
    Deregister(RegistrationId),
    /// A client that was sent away with Disable has left: its registration is over, but nothing that hangs on it. It is
    /// due back then, and registers anew.
    Leave {
        /// Which.
        id: RegistrationId,
        /// When it is due back.
        until: UnixTime,
    },
    /// An observation that goes on without a reader. The same one again changes nothing.
    Observe {
        /// Of this registration.
        id: RegistrationId,
        /// What.
        observation: StoredObservation,
    },
    /// A request waits for a client. One of the same number is replaced where it stands; others stay in their order.
    Enqueue {
        /// Whom for.
        endpoint: EndpointName,
        /// The request.
        request: StoredRequest,
    },
    /// Such a request is over.
    Dequeue {
        /// Whose.
        endpoint: EndpointName,
        /// Which.
        number: u64,
    },
    /// Such an observation is over.
    Forget {
        /// Of this registration.
        id: RegistrationId,
        /// What.
        observation: StoredObservation,
    },
}

impl Change {
    /// Of a client that leaves, for good or `until` it is due back.
    pub(crate) fn end_of(id: RegistrationId, until: Option<UnixTime>) -> Self {
        until.map_or(Self::Deregister(id), |until| Self::Leave { id, until })
    }
}

/// A posted request that waits for its client.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRequest {
    /// Its name.
    pub number: u64,
    /// What to ask.
    pub operation: Downlink,
    /// The format that it was asked for with.
    pub format: Option<ContentFormat>,
    /// How long the client may take to answer.
    pub timeout: Duration,
    /// When it no longer waits.
    pub expires: UnixTime,
    /// The highest goes first.
    pub priority: u8,
    /// It may be done twice.
    pub repeat: bool,
    /// It may have left.
    pub sent: bool,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It is kept.
    Done,
    /// The registration is not there.
    NotFound,
}

/// A registration with everything that hangs on it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Stored {
    /// The registration.
    pub registration: Arc<Registration>,
    /// The observations that go on without a reader. The server begins them anew when it hears the client.
    pub observations: Vec<StoredObservation>,
    /// The requests that wait for it, in the order in which they came.
    pub queue: Vec<StoredRequest>,
    /// The registration is over, see [`Change::Leave`]: when the client is due back.
    pub away: Option<UnixTime>,
}

impl Stored {
    /// A registration that nothing hangs on.
    #[must_use]
    pub const fn new(registration: Arc<Registration>) -> Self {
        Self { registration, observations: Vec::new(), queue: Vec::new(), away: None }
    }
}

impl StoredObservation {
    /// As a client of this version can be asked for it: attributes with an Observe are since 1.2.
    pub(crate) fn for_version(&self, version: Version) -> Self {
        let attributes = if version < Version::V1_2 { Attributes::default() } else { self.attributes };
        Self { attributes, ..self.clone() }
    }
}

/// What is observed.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredObservation {
    /// The tree.
    pub tree: Tree,
    /// The place in it; the root for a composite observation.
    pub path: Path,
    /// The places of a composite observation.
    pub places: Vec<Path>,
    /// The format of the notifications.
    pub format: Option<ContentFormat>,
    /// The attributes that it was asked for with.
    pub attributes: Attributes,
}

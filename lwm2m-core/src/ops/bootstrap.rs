//! The bootstrap interface: what a device asks, and what a bootstrap server does with it. [Core 1.2 §6.1]
//! [Transport 1.2 §6.4.2]
//!
//! Its operations look like those of a server and are others: they reach objects that no server sees, write whole
//! objects and the root, and need no right. Their paths stand in the default tree always.

mod downlink;
mod uplink;

use std::fmt;

use crate::{Links, Node, Path, Rejection, codec::ContentFormat, codec::Timed};

pub use self::uplink::PREFERRED;

/// Device to bootstrap server.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Uplink {
    /// Bootstrap-Request. [Core 1.2 §6.1.7.1]
    Request {
        /// `ep`; may be left out where the security layer says it.
        endpoint: Option<crate::EndpointName>,
        /// `pct`: the format that the device wants to be written in. Since 1.1.
        preferred: Option<ContentFormat>,
    },
    /// Bootstrap-Pack-Request: everything in one answer. Since 1.2. [Core 1.2 §6.1.7.7]
    Pack {
        /// `ep`; may be left out where the security layer says it.
        endpoint: Option<crate::EndpointName>,
        /// `acc`: the instances that the account of the bootstrap server consists of. Since 1.2.1.
        accounts: Vec<Path>,
        /// The format that the device accepts.
        accept: Option<ContentFormat>,
    },
}

/// Answer to an [`Uplink`].
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum UplinkAnswer {
    /// A bootstrap follows: 2.04.
    Accepted,
    /// The pack: 2.05. Each value with its place.
    Pack(Vec<Timed>),
    /// Refused.
    Refused(Rejection),
}

/// Bootstrap server to device.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Downlink {
    /// Bootstrap-Discover of everything or of an object. [Core 1.2 §6.1.7.3]
    Discover(Path),
    /// Bootstrap-Read of object 1 or 2, or of one of their instances. Since 1.1. [Core 1.2 §6.1.7.6]
    Read(Path),
    /// Bootstrap-Write of an object, an instance or a resource. [Core 1.2 §6.1.7.4]
    Write(Path, Node),
    /// Bootstrap-Delete of everything, an object or an instance. [Core 1.2 §6.1.7.5]
    Delete(Path),
    /// Bootstrap-Finish. [Core 1.2 §6.1.7.2]
    Finish,
}

/// Answer to a [`Downlink`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum DownlinkAnswer {
    /// Done: 2.04, 2.02.
    Done,
    /// What there is.
    Links(Links),
    /// What stands at the place that was read.
    Values(Vec<Timed>),
    /// Refused.
    Refused(Rejection),
}

/// Which [`Downlink`] an answer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verb {
    /// Bootstrap-Discover.
    Discover,
    /// Bootstrap-Read.
    Read,
    /// Bootstrap-Write.
    Write,
    /// Bootstrap-Delete.
    Delete,
    /// Bootstrap-Finish.
    Finish,
}

/// Operation and place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// The operation.
    pub verb: Verb,
    /// The place; the root for a Finish.
    pub path: Path,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.verb {
            Verb::Finish => f.write_str("Finish"),
            verb => write!(f, "{verb:?} {}", self.path),
        }
    }
}

impl Downlink {
    /// Operation and place.
    #[must_use]
    pub const fn target(&self) -> Target {
        let (verb, path) = match self {
            Self::Discover(path) => (Verb::Discover, *path),
            Self::Read(path) => (Verb::Read, *path),
            Self::Write(path, _) => (Verb::Write, *path),
            Self::Delete(path) => (Verb::Delete, *path),
            Self::Finish => (Verb::Finish, Path::ROOT),
        };
        Target { verb, path }
    }
}

/// How many values: some of them may be keys.
impl fmt::Debug for UplinkAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted => f.write_str("Accepted"),
            Self::Pack(values) => write!(f, "Pack({} values)", values.len()),
            Self::Refused(rejection) => f.debug_tuple("Refused").field(rejection).finish(),
        }
    }
}

/// Operation and place: what is written may be a key.
impl fmt::Debug for Downlink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.target(), f)
    }
}

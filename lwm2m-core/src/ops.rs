//! Operations as values, and their mapping to CoAP. [Core 1.2 §6] [Transport 1.2 §6.4]
//!
//! Client and server machines speak only these. A value waits, is stored and is sent by another process: no waker, no
//! closure is part of it.
//!
//! The bootstrap interface has a module of its own, [`bootstrap`].
//!
//! The four mappings: [`Uplink`] and [`UplinkAnswer`], [`Downlink`] and [`DownlinkAnswer`], each with `to_coap` and
//! `from_coap`. What an answer needs to know of its request is small and `Clone`: an [`UplinkVerb`], a [`Target`].

pub mod bootstrap;
mod composite;
mod location;
mod manage;
mod register;
mod rejection;
mod send;
mod target;

use std::time::Duration;

pub use self::{
    location::Location,
    register::MAX_LIFETIME,
    target::{Target, Verb},
};

use bytes::Bytes;

use crate::{
    Arguments, AttributeEdit, Attributes, Binding, EndpointName, InstanceId, Node, ObjectId, ObjectLink,
    Path, Rejection, Tree, Version,
    codec::{ContentFormat, NewInstances, Patch, Timed},
};

/// Client to server.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Uplink {
    /// Register. [Core 1.2 §6.2.1]
    Register(Register),
    /// Update. [Core 1.2 §6.2.2]
    Update {
        /// What the server gave at Register.
        location: Location,
        /// Only what changed.
        change: Update,
    },
    /// De-register. [Core 1.2 §6.2.3]
    Deregister {
        /// What the server gave at Register.
        location: Location,
    },
    /// Send. Since 1.1. [Core 1.2 §6.4.6]
    Send {
        /// What the client tells, each value with its place and, where it says so, its time.
        values: Vec<Timed>,
        /// The format that carries them.
        format: ContentFormat,
    },
}

/// Answer to an [`Uplink`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum UplinkAnswer {
    /// Done: 2.04, 2.02.
    Done,
    /// Registered: 2.01.
    Registered {
        /// For Update and De-register.
        location: Location,
    },
    /// Refused.
    Refused(Rejection),
}

/// Which [`Uplink`] an answer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UplinkVerb {
    /// Register.
    Register,
    /// Update.
    Update,
    /// De-register.
    Deregister,
    /// Send.
    Send,
}

/// Parameters of a Register.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Register {
    /// `ep`. Since 1.1 it may be left out where the security layer says it.
    pub endpoint: Option<EndpointName>,
    /// `lt`, at most [`MAX_LIFETIME`]. Zero: for ever. Servers take 86400 s where it is missing.
    pub lifetime: Option<Duration>,
    /// `lwm2m`.
    pub version: Version,
    /// `b`; `U` where it is missing.
    pub bindings: Vec<Binding>,
    /// `Q`, or a Q in the `b` of 1.0.
    pub queue_mode: bool,
    /// `sms`.
    pub sms: Option<String>,
    /// `pid`.
    pub profile: Option<String>,
    /// Parameters that are not known, in order.
    pub extra: Vec<(String, Option<String>)>,
    /// `rt="oma.lwm2m"` of the root link.
    pub tree: Tree,
    /// `ct` of the root link.
    pub formats: Vec<ContentFormat>,
    /// The objects and instances.
    pub objects: Vec<ObjectLink>,
}

impl Register {
    /// A Register of this version, over UDP, that says nothing else.
    #[must_use]
    pub fn new(version: Version) -> Self {
        Self {
            endpoint: None,
            lifetime: None,
            version,
            bindings: vec![Binding::Udp],
            queue_mode: false,
            sms: None,
            profile: None,
            extra: Vec::new(),
            tree: Tree::DEFAULT,
            formats: Vec::new(),
            objects: Vec::new(),
        }
    }
}

/// What an Update changes. Empty: only the lifetime runs anew.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Update {
    /// `lt`.
    pub lifetime: Option<Duration>,
    /// `b`.
    pub bindings: Option<Vec<Binding>>,
    /// `Q`, or for LwM2M 1.0 a Q in `b` or its absence. `Some(false)` is said in 1.0 alone, beside `b`.
    pub queue_mode: Option<bool>,
    /// `sms`.
    pub sms: Option<String>,
    /// Parameters that are not known, in order.
    pub extra: Vec<(String, Option<String>)>,
    /// The complete list of objects and instances, with tree and formats.
    pub links: Option<crate::Links>,
}

/// Server to client. `tree` stands beside every path.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Downlink {
    /// Read. [Core 1.2 §6.3.1]
    Read {
        /// The tree.
        tree: Tree,
        /// Object, instance, resource or resource instance.
        path: Path,
    },
    /// Discover. [Core 1.2 §6.3.2]
    Discover {
        /// The tree.
        tree: Tree,
        /// Object, instance or resource.
        path: Path,
        /// How deep, 0 to 3. Since 1.2.
        depth: Option<u8>,
    },
    /// Write. [Core 1.2 §6.3.3]
    Write {
        /// The tree.
        tree: Tree,
        /// Instance, resource or resource instance.
        path: Path,
        /// Replace or Partial Update.
        mode: WriteMode,
        /// The value.
        body: Body,
    },
    /// Write-Attributes. [Core 1.2 §6.3.4]
    WriteAttributes {
        /// The tree.
        tree: Tree,
        /// Object, instance, resource or resource instance.
        path: Path,
        /// What is set and what is taken away there.
        edit: AttributeEdit,
    },
    /// Execute. [Core 1.2 §6.3.5]
    Execute {
        /// The tree.
        tree: Tree,
        /// Resource.
        path: Path,
        /// Its arguments.
        arguments: Arguments,
    },
    /// Create. [Core 1.2 §6.3.6]
    Create {
        /// The tree.
        tree: Tree,
        /// The object.
        object: ObjectId,
        /// At most one without an id.
        new: NewInstances,
    },
    /// Delete. [Core 1.2 §6.3.7]
    Delete {
        /// The tree.
        tree: Tree,
        /// Instance; since 1.2 resource instance.
        path: Path,
    },
    /// Observe. [Core 1.2 §6.4.1]
    Observe {
        /// The tree.
        tree: Tree,
        /// Object, instance, resource or resource instance.
        path: Path,
        /// For this observation, instead of what is attached to the node. Since 1.2.
        attributes: Attributes,
    },
    /// Cancel an observation actively: Observe with value 1. [Core 1.2 §6.4.3]
    CancelObserve {
        /// The tree.
        tree: Tree,
        /// As in the Observe.
        path: Path,
        /// As in the Observe.
        attributes: Attributes,
    },
    /// Read-Composite. Since 1.1. [Core 1.2 §6.3.8]
    ReadComposite {
        /// The tree.
        tree: Tree,
        /// Places of any depth; the root stands for everything.
        paths: Vec<Path>,
    },
    /// Write-Composite: all of it or nothing. Since 1.1. [Core 1.2 §6.3.9]
    WriteComposite {
        /// The tree.
        tree: Tree,
        /// What to set and what to remove, in this order.
        patch: Vec<Patch>,
    },
    /// Observe-Composite. Since 1.1. [Core 1.2 §6.4.4]
    ObserveComposite {
        /// The tree.
        tree: Tree,
        /// As in a Read-Composite.
        paths: Vec<Path>,
        /// For this observation, instead of what is attached to the nodes. Since 1.2; those that look at a value have
        /// no place here.
        attributes: Attributes,
    },
    /// Cancel such an observation actively. [Core 1.2 §6.4.5]
    CancelObserveComposite {
        /// The tree.
        tree: Tree,
        /// As in the Observe-Composite.
        paths: Vec<Path>,
        /// As in the Observe-Composite.
        attributes: Attributes,
    },
}

/// What a Write carries.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Body {
    /// A node.
    Node(Node),
    /// A body that is streamed; its bytes follow beside the operation.
    Streamed {
        /// Its format.
        format: ContentFormat,
        /// Its size in octets, if known.
        size: Option<u64>,
    },
}

/// Replace (PUT) or Partial Update (POST).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WriteMode {
    /// What the body lacks goes.
    Replace,
    /// What the body lacks stays.
    Partial,
}

/// Answer to a [`Downlink`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum DownlinkAnswer {
    /// Done: 2.04, 2.02.
    Done,
    /// Values: 2.05.
    Values(Vec<Timed>),
    /// Created: 2.01; the instance, where the client chose its id.
    Created(Option<InstanceId>),
    /// Links of a Discover.
    Links(Vec<ObjectLink>),
    /// Refused.
    Refused(Rejection),
}

/// A raw body in a format that is not decoded here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// Its format.
    pub format: ContentFormat,
    /// Its octets.
    pub bytes: Bytes,
}

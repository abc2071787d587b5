//! LwM2M server: manages a fleet of devices.

mod error;
mod events;
pub mod machine;
mod registration;
mod resource;
mod sink;

#[cfg(feature = "tokio")]
mod body;
#[cfg(feature = "tokio")]
mod directory;
#[cfg(feature = "tokio")]
mod handle;
#[cfg(feature = "tokio")]
mod inbox;
#[cfg(feature = "tokio")]
mod observation;
#[cfg(feature = "tokio")]
pub mod op;
#[cfg(feature = "tokio")]
mod perform;
#[cfg(feature = "tokio")]
mod request;
#[cfg(feature = "tokio")]
mod server;
#[cfg(feature = "tokio")]
mod waiting;

pub use lwm2m_core::{
    self, Address, Arguments, AsPath, Binding, Bytes, Code, EndpointName, Executable, FromNode, Identity,
    InstanceId, IntoNode, Location, Model, Node, ObjectDef, ObjectId, ObjectLink, ObjectType, ObjectVersion,
    Objlnk, Path, PathError, Rejection, ResourceId, ResourceKey, Time, Tree, Typed, UnixTime, Value, Version,
    async_trait, coap, codec, security, transport,
};
pub use lwm2m_derive::ObjectViaServer as Object;
pub use lwm2m_objects as objects;

#[cfg(feature = "tokio")]
pub use self::{
    body::Body,
    events::Events,
    handle::ClientHandle,
    observation::{Notification, Observation},
    request::Request,
    server::{Server, ServerBuilder},
};
pub use self::{
    error::{EndReason, RequestError, ServerError},
    events::{ServerEvent, Updated},
    registration::{NotARegistrationId, Registration, RegistrationId},
    resource::Resource,
    sink::{Data, DataSink, DataSource, SinkError},
};

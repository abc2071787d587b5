//! The shared core of the LwM2M SDK.
//!
//! A table of contents; the floors of `ARCHITECTURE.md`, lowest first. Programs depend on `lwm2m-client`,
//! `lwm2m-server` or `lwm2m-bootstrap`, which re-export what they need of this crate.

// floor 0
mod arguments;
pub mod bus;
mod code;
pub mod file;
mod identity;
mod node;
mod object;
mod path;
mod rejection;
mod secret;
#[cfg(feature = "serde")]
mod serde;
mod store_error;
mod table;
mod time;
mod timer;
mod value;
mod version;
// floor 1
mod attributes;
mod credentials;
mod endpoint;
mod link;
mod model;
mod peer;
// floors 2 and 3
pub mod coap;
pub mod codec;
#[cfg(feature = "dtls")]
pub mod dtls;
pub mod ops;
// floor 4
pub mod machine;
pub mod security;
pub mod transport;
// floor 5
#[cfg(feature = "tokio")]
pub mod driver;
#[cfg(feature = "metrics")]
pub mod metrics;
#[cfg(feature = "test-util")]
pub mod sim;

#[cfg(feature = "ddf")]
pub use self::model::ddf;
pub use async_trait::async_trait;
pub use bytes::Bytes;
/// ```
/// use lwm2m_core::{Enumeration, Object, Node, ObjectType, ResourceChange, Value};
///
/// #[derive(Enumeration, Clone, Copy, Debug, Default, PartialEq, Eq)]
/// pub enum Mode {
///     #[default]
///     Off = 0,
///     Slow = 1,
///     Fast = 5,
/// }
///
/// #[derive(Object, Clone, Debug, Default)]
/// #[object(id = 32801)]
/// pub struct Pump {
///     #[resource(id = 0, ops = "rw", mandatory)]
///     pub mode: Mode,
/// }
///
/// let mut pump = Pump::default();
/// let unknown = ResourceChange::Set(Pump::MODE.id(), Node::Value(Value::Integer(2)));
/// assert_eq!(pump.write(unknown).unwrap_err().to_string(), "4.00 Bad Request: Mode (0) must be one of 0, 1, 5");
/// assert_eq!(i64::from(Mode::Fast), 5);
/// ```
///
pub use lwm2m_derive::Enumeration;
/// ```
/// use std::collections::BTreeMap;
/// use lwm2m_core::{Arguments, Done, Executable, Object, ObjectType, Rejection, ResourceChange, Value};
///
/// #[derive(Object, Clone, Debug, Default, PartialEq)]
/// #[object(id = 32800, version = "1.0", multiple)]
/// pub struct Fan {
///     #[resource(id = 0, ops = "rw", mandatory, range(0, 3000), unit = "1/min")]
///     pub speed: i64,
///     #[resource(id = 1, ops = "rw", enumeration(0, 1, 2))]
///     pub mode: Option<i64>,
///     #[resource(id = 2, ops = "r", unit = "Cel")]
///     pub blade_temperature: BTreeMap<u16, f64>,
///     #[resource(id = 3, execute = Fan::stop)]
///     pub stop: Executable,
/// }
///
/// impl Fan {
///     fn stop(&mut self, _arguments: &Arguments) -> Result<Done, Rejection> {
///         self.speed = 0;
///         Ok(Done::DONE)
///     }
/// }
///
/// let mut fan = Fan::default();
/// let too_fast = ResourceChange::Set(Fan::SPEED.id(), lwm2m_core::Node::Value(Value::Integer(5000)));
/// assert_eq!(fan.write(too_fast).unwrap_err().to_string(), "4.00 Bad Request: Speed (0) must be 0 to 3000");
/// ```
///
pub use lwm2m_derive::Object;

#[doc(hidden)]
pub use self::object::field as __field;
#[cfg(feature = "serde")]
#[doc(hidden)]
pub use self::object::serde as __serde;
pub use self::{
    arguments::{Arguments, ArgumentsError},
    attributes::{Attribute, AttributeEdit, AttributeError, AttributeTree, Attributes},
    code::Code,
    credentials::{Association, Credentials, Endpoints, Entry, Hint, Matching, Usage},
    endpoint::{EndpointName, InvalidEndpointName, MAX_ENDPOINT_NAME},
    identity::Identity,
    link::{LinkError, Links, MAX_LINK_PAYLOAD, MAX_LINKS, ObjectLink},
    machine::{CallId, Output},
    model::{Definitions, Interval, Model, NoModel, ObjectDef, Ops, ResourceDef},
    node::{FromNode, IntoNode, Node, ValueError, ValueType},
    object::{
        BoxFuture, Done, Executable, MAX_RESOURCE_INSTANCES, ObjectType, ResourceChange, Selection, Values,
    },
    path::{
        AsExecutable, AsPath, InstanceId, Location, ObjectId, Path, PathError, RESERVED_ID, ResourceId,
        ResourceKey, Tree, Typed,
    },
    peer::{Address, Binding, DEFAULT_MTU, Framing, Link, LinkId, PeerId, Route, Transmission},
    rejection::Rejection,
    secret::{Secret, SecretText},
    store_error::StoreError,
    time::{Mono, Now, UnixTime},
    value::{Corelnk, Kind, NotAnObjlnk, Objlnk, Time, Value},
    version::{ObjectVersion, Version, VersionError},
};

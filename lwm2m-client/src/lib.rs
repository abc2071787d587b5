//! LwM2M client: puts a device under management.

mod account;
mod body;
#[cfg(feature = "tokio")]
mod builder;
mod bus;
#[cfg(feature = "tokio")]
mod client;
mod dispatch;
mod error;
mod events;
mod handler;
pub mod machine;
mod object;
mod policy;
mod state_store;

pub use lwm2m_core::{self, async_trait, codec, transport};
pub use lwm2m_objects as objects;

pub use self::{
    account::{Retry, ServerAccount},
    body::{BodyError, BodyReader},
    error::{ClientError, Unreachable},
    events::{ClientEvent, Events},
    handler::{Caller, Change, Cx, ObjectHandler, Prepared},
    machine::Status,
    object::{Instance, Mounted, Objects, Served, ServedEvents},
    policy::Policy,
    state_store::{Edit, MemoryState, Record, StateStore},
};
#[cfg(feature = "tokio")]
pub use self::{
    builder::{ClientBuilder, ClientDriver},
    client::Client,
};

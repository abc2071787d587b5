//! LwM2M client: puts a device under management.

mod body;
mod bus;
mod error;
mod events;
mod handler;
pub mod machine;
mod objects;
mod policy;
mod state_store;

pub use lwm2m_core::{self, async_trait};

pub use self::{
    body::{BodyError, BodyReader},
    error::{ClientError, Unreachable},
    events::{ClientEvent, Events},
    handler::{Caller, Change, Cx, ObjectHandler, Prepared},
    objects::{Instance, Mounted, Objects, Served, ServedEvents},
    policy::Policy,
    state_store::{Edit, MemoryState, Record, StateStore},
};

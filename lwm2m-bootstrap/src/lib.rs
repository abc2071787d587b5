//! LwM2M bootstrap server: gives devices the servers they are to register with.
//!
//! A device comes with nothing but the account of the bootstrap server; what is to become of it is a [`Plan`], and a
//! [`PlanSource`] says which. A closure will do:
//!
//! ```no_run
//! use lwm2m_bootstrap::{Account, BootstrapServer, Plan, Session, StoreError, transport::Listen};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! fn plan(device: &Session) -> Result<Option<Plan>, StoreError> {
//!     let server = Account::no_sec(123, "coap://lwm2m.example");
//!     Ok(Some(Plan::new().delete("/0").delete("/1").account(server).write("/3/0/14", "+02:00")))
//! }
//!
//! let server = BootstrapServer::builder().listen(Listen::udp("[::]:5683")).plans(plan).start().await?;
//! let mut events = server.events();
//! while let Some(event) = events.next().await {
//!     println!("{event:?}");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Plans
//!
//! A plan is data: steps in order, and Bootstrap-Finish after them. Before the first one reaches the device all are
//! checked ([`Plan::check`]): unknown objects, values of the wrong type, accounts that lack keys, short server IDs that are
//! used twice, a device that would be left without a server.
//!
//! What a device has stays unless the plan deletes it. An [`Account`] takes the instance ids that the same server had, or
//! free ones; [`Plan::access`] leaves what is said of other servers. So this adds a server to whatever there is:
//!
//! ```
//! use lwm2m_bootstrap::{Account, InstanceId, ObjectId, Plan, objects::oma::AccessControl};
//!
//! let mut rights = AccessControl::new(ObjectId(3), InstanceId(0), 1);
//! rights.acl.insert(2, AccessControl::READ);
//! let plan = Plan::new()
//!     .account(Account::psk(2, "coaps://second.example", "thermo-7", b"sixteen byte key".to_vec()))
//!     .access(rights);
//! # plan.check(&lwm2m_bootstrap::objects::Registry).unwrap();
//! ```
//!
//! Where a plan depends on the device, a source asks in one round and decides in the next:
//!
//! ```
//! use lwm2m_bootstrap::{Account, ObjectId, Plan, PlanSource, Session, StoreError, async_trait};
//!
//! struct Fleet;
//!
//! #[async_trait]
//! impl PlanSource for Fleet {
//!     async fn plan(&self, device: &Session) -> Result<Option<Plan>, StoreError> {
//!         if device.round == 0 {
//!             return Ok(Some(Plan::new().discover("/").then_ask()));
//!         }
//!         let plan = Plan::new().delete("/0").delete("/1").account(Account::no_sec(123, "coap://lwm2m.example"));
//!         let has_clock_zone = !device.instances(ObjectId(3)).is_empty();
//!         Ok(Some(if has_clock_zone { plan.write("/3/0/14", "+02:00") } else { plan }))
//!     }
//! }
//! ```
//!
//! Plans in a file, which is checked when it is read and read again when it changes, are `FilePlans` (feature `file`); those
//! in a database, which can be changed one by one, `DatabasePlans` (feature `redb`).
//!
//! A step that fails ends the bootstrap, and the device goes back to what it was; [`Plan::or_continue`] and
//! [`Plan::or_retry`] say otherwise. A plan of one round without questions also answers a Bootstrap-Pack-Request, if it
//! deletes whole what it writes anew: a pack replaces every instance of the objects that it holds, but the Device (3).
//!
//! # Keys
//!
//! The keys that devices prove themselves to the bootstrap server with ([`BootstrapBuilder::credentials`]) and those that
//! plans write are separate. Endpoint names go with the former: a device gets the plan of the name that its keys prove.
//! Without protection anybody can say any name, and is given its keys in the clear: plans that write keys are for
//! `coaps`.
//!
//! # Without tokio
//!
//! With `default-features = false` the crate is [`machine`] and the plans, for programs with a runtime of their own. The
//! feature `test-util` adds `BootstrapBuilder::start_in`, which runs a server on a host of the simulated network.

mod account;
mod error;
mod events;
pub mod machine;
mod plan;
mod source;

#[cfg(feature = "tokio")]
mod perform;
#[cfg(feature = "tokio")]
mod server;

pub use lwm2m_core::{
    self, Address, AsPath, Bytes, Code, EndpointName, FromNode, Identity, InstanceId, IntoNode, Model, Node,
    ObjectDef, ObjectId, ObjectLink, ObjectType, Objlnk, Path, PathError, Rejection, ResourceId, ResourceKey,
    Secret, StoreError, Time, Tree, UnixTime, Value, Version, async_trait, coap, codec, ops, security,
    transport,
};
pub use lwm2m_derive::{EnumerationViaBootstrap as Enumeration, ObjectViaBootstrap as Object};
pub use lwm2m_objects as objects;

#[cfg(feature = "redb")]
pub use self::source::{DatabaseError, DatabasePlans};
#[cfg(feature = "file")]
pub use self::source::{FileError, FilePlans};
pub use self::{
    account::Account,
    error::{BootstrapError, StartError},
    events::BootstrapEvent,
    plan::{MAX_STEPS, Otherwise, Plan, PlanError, Step, What},
    source::{PlanSource, Reply, Session},
};
#[cfg(feature = "tokio")]
pub use lwm2m_core::driver::OpenError;

#[cfg(feature = "tokio")]
pub use self::{
    events::Events,
    server::{BootstrapBuilder, BootstrapServer},
};

//! LwM2M server: manages a fleet of devices.
//!
//! A [`Server`] listens where it is told, registers the clients that come, and hands out a [`ClientHandle`] for each by
//! its endpoint name:
//!
//! ```no_run
//! use std::time::Duration;
//! use lwm2m_server::{Server, ServerEvent, objects::Temperature, transport::Listen};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let server = Server::builder().listen(Listen::udp("[::]:5683")).start().await?;
//! let mut events = server.events();
//! while let Some(event) = events.next().await {
//!     let ServerEvent::Registered { registration, .. } = event else { continue };
//!     println!("{} has {} objects and instances", registration.endpoint, registration.objects().len());
//!     let client = server.client(&registration.endpoint);
//!     let celsius: f64 = client.read(Temperature::SENSOR_VALUE.at(0)).timeout(Duration::from_secs(5)).await?;
//!     client.write("/3/0/14", "+02:00").await?;
//!     client.execute(Temperature::RESET.at(0)).await?;
//!     println!("{celsius} °C");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Requests
//!
//! Every verb of [`ClientHandle`] gives a [`Request`]: set what differs from the defaults (a timeout, a format), then
//! await it. A place is a text (`"/3303/0/5700"`), a [`Path`] or a typed key such as `Temperature::SENSOR_VALUE.at(0)`,
//! which fixes the type of the value. A whole instance can be read as a struct that derives [`Object`]; the server must
//! know its definition: those of the registry it does, your own it learns by `.model(vec![Fan::DEF])` of the builder
//! ([`ObjectType`], which has `DEF`, must be in scope). A struct for both ends belongs in a crate of its own that depends on
//! `lwm2m-core` and takes the derive from there.
//!
//! A [`RequestError`] says whether trying again can help ([`RequestError::is_temporary`]) and whether the client may have
//! acted all the same ([`RequestError::may_have_been_applied`]): do not simply repeat an Execute then.
//!
//! # Observations
//!
//! [`ClientHandle::observe`] gives an [`Observation`], a stream with the present value in front:
//!
//! ```no_run
//! # use lwm2m_server::{ClientHandle, RequestError, objects::Temperature};
//! # async fn example(client: ClientHandle) -> Result<(), RequestError> {
//! let mut temperature = client.observe(Temperature::SENSOR_VALUE.at(0)).await?;
//! while let Some(notification) = temperature.next().await {
//!     println!("{} °C", notification?.value);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! It ends when the registration does, and says why. A reader that lags loses the oldest values and hears how many.
//! What must not be lost goes to a [`DataSink`]: the device has its acknowledgement only after the sink has the value.
//!
//! # Keys
//!
//! `Listen::dtls` wants keys: [`security::MemoryKeys`], [`security::FileKeys`] (a file as the program `keys` of the repository
//! writes it), or a [`security::CredentialStore`] of your own. They say which endpoint names a device may register
//! under; changes hold at once, and end the sessions of what was removed ([`ServerEvent::SessionEnded`]).
//!
//! ```no_run
//! use lwm2m_server::{Server, security::{Credential, MemoryKeys}, transport::Listen};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let keys = MemoryKeys::default();
//! keys.put(Credential::psk("key-7", *b"sixteen octets..").endpoint("thermo-7"))?;
//! let server = Server::builder().listen(Listen::dtls("[::]:5684")).credentials(keys.clone()).start().await?;
//! keys.put(Credential::psk("key-8", *b"another sixteen!").endpoint("thermo-8"))?; // a device that comes later
//! # drop(server);
//! # Ok(())
//! # }
//! ```
//!
//! What keys do not decide, an [`Authorizer`] does, which is asked about every Register, Update and Send.
//!
//! # Clients that sleep, or were sent away
//!
//! A request to a client in queue mode that is asleep fails with [`RequestError::Asleep`], one to a client that was told to
//! Disable with [`RequestError::Disabled`], unless it may wait: give it [`Request::expires`], or all of them
//! [`ServerBuilder::queue`]. [`Request::post`] puts it into the queue without waiting, and its outcome comes as
//! [`ServerEvent::Posted`]. [`ClientHandle::presence`] says whether a client can be reached.
//!
//! ```no_run
//! # use std::time::Duration;
//! # use lwm2m_server::{ClientHandle, RequestError};
//! # async fn example(client: ClientHandle) -> Result<(), RequestError> {
//! let day = Duration::from_secs(86_400);
//! client.write("/3/0/14", "+02:00").expires(day).await?;
//! let number = client.execute("/3/0/4").expires(day).post().await?;
//! # let _ = number;
//! # Ok(())
//! # }
//! ```
//!
//! With a [`ServerStore`] registrations, observations without a reader and posted requests outlive the server.
//!
//! # Several places at once, and Send
//!
//! [`ClientHandle::read_composite`], [`ClientHandle::write_composite`] (all of it or nothing) and
//! [`ClientHandle::observe_composite`] name any places of one client, since LwM2M 1.1:
//!
//! ```no_run
//! # use lwm2m_server::{Batch, ClientHandle, RequestError, objects::{Server, Temperature}};
//! # async fn example(client: ClientHandle) -> Result<(), RequestError> {
//! let both = client.read_composite(["/3303/0/5700", "/3/0/9"]).await?;
//! let (celsius, battery): (Option<f64>, Option<i64>) = (both.get("/3303/0/5700")?, both.get("/3/0/9")?);
//! client.write_composite(Batch::new().set(Server::LIFETIME.at(0), 600).set("/3/0/14", "+02:00")).await?;
//! # Ok(())
//! # }
//! ```
//!
//! What clients send of their own accord comes to the [`DataSink`] and as [`ServerEvent::Sent`].
//!
//! [`Server::group`] asks many clients the same, so many at a time, and gives a result for each; sleepers do not hold up
//! the others.
//!
//! # Shards
//!
//! A server consists of shards, one per core unless told otherwise. Each has a socket of its own (the kernel spreads
//! clients over them by address) and runs without locks: a `machine::ServerMachine` under a driver. Where a client is
//! registered makes no difference to its handle.
//!
//! # Without tokio
//!
//! With `default-features = false` the crate is [`machine`] alone, for programs with a runtime of their own. The feature
//! `test-util` adds `ServerBuilder::start_in`, which runs a server on a host of the simulated network.

mod authorize;
mod error;
mod events;
pub mod machine;
#[cfg(feature = "metrics")]
pub mod metrics;
mod presence;
mod registration;
mod resource;
mod sink;
pub mod store;

#[cfg(feature = "tokio")]
mod body;
#[cfg(feature = "tokio")]
mod composite;
#[cfg(feature = "tokio")]
mod directory;
#[cfg(feature = "tokio")]
mod group;
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
    self, Address, Arguments, AsPath, Attribute, AttributeEdit, Attributes, Binding, Bytes, Code,
    Credentials, EndpointName, Endpoints, Entry, Executable, FromNode, Hint, Identity, InstanceId, IntoNode,
    Location, Model, Node, ObjectDef, ObjectId, ObjectLink, ObjectType, ObjectVersion, Objlnk, Path,
    PathError, Rejection, ResourceId, ResourceKey, Secret, SecretText, StoreError, Time, Tree, Typed,
    UnixTime, Value, Version, async_trait, coap, codec, security, transport,
};
pub use lwm2m_derive::{EnumerationViaServer as Enumeration, ObjectViaServer as Object};
pub use lwm2m_objects as objects;

pub use self::{
    authorize::{Asked, Asking, Attached, Authorizer, Verdict},
    error::{EndReason, RequestError, ServerError},
    events::{PostOutcome, Sent, ServerEvent, Updated},
    presence::Presence,
    registration::{NotARegistrationId, Registration, RegistrationId},
    resource::Resource,
    sink::{Data, DataSink, DataSource, SinkError},
    store::ServerStore,
};
#[cfg(feature = "tokio")]
pub use lwm2m_core::driver::OpenError;

#[cfg(feature = "tokio")]
pub use self::{
    body::Body,
    composite::{Batch, Composite},
    events::Events,
    group::{Group, GroupRequest},
    handle::ClientHandle,
    observation::{Notification, Observation},
    request::Request,
    server::{Server, ServerBuilder},
};

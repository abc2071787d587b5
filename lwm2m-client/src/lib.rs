//! LwM2M client: puts a device under management.
//!
//! A device has *objects*; their *instances* hold *resources*. The client registers with one or several servers, keeps
//! the registrations alive, lets servers read, write and execute what they may, and tells observers what changes.
//!
//! # A thermometer
//!
//! ```no_run
//! use std::time::Duration;
//! use lwm2m_client::{Client, ServerAccount, objects::Temperature, transport::Target};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = ServerAccount::new(1, Target::new("coap://localhost:5683")).lifetime(Duration::from_secs(300));
//! let builder = Client::builder("urn:dev:ops:32473-thermo-7").server(server);
//! let thermometer = builder.objects().add(0, Temperature { sensor_value: 20.0, ..Temperature::default() })?;
//! let client = builder.start().await?;
//! client.registered().await?;
//! thermometer.set(Temperature::SENSOR_VALUE, 20.5); // observers hear of /3303/0/5700
//! client.shutdown().await?; // de-registers
//! # Ok(())
//! # }
//! ```
//!
//! Security (0), Server (1) and Device (3) are there without being added: the accounts make the first two, and
//! [`ClientBuilder::device`] describes the third.
//!
//! # Objects of your own
//!
//! A struct with `#[derive(Object)]` is an object whose values the client holds ([`Objects::add`], [`Instance`]):
//!
//! ```
//! use lwm2m_client::{Arguments, Done, Executable, Object, Rejection};
//!
//! #[derive(Object, Clone, Debug, Default, PartialEq)]
//! #[object(id = 32800, version = "1.0")]
//! struct Fan {
//!     #[resource(id = 0, ops = "rw", mandatory, range(0, 3000), unit = "1/min")]
//!     speed: i64,
//!     #[resource(id = 1, execute = Fan::stop)]
//!     stop: Executable,
//! }
//!
//! impl Fan {
//!     fn stop(&mut self, _arguments: &Arguments) -> Result<Done, Rejection> {
//!         self.speed = 0;
//!         Ok(Done::DONE) // or `Done::then(future)`: runs once the server has the answer
//!     }
//! }
//! ```
//!
//! Servers create and delete instances of it if it is `multiple`, and the program says what a new instance begins with
//! ([`Objects::creatable`]). Without that, Create and Delete are answered 4.05.
//!
//! ```
//! # use lwm2m_client::{Client, ClientError, Object};
//! #[derive(Object, Clone, Debug, Default, PartialEq)]
//! #[object(id = 32801, version = "1.0", multiple)]
//! struct Timer {
//!     #[resource(id = 0, ops = "rw", mandatory, unit = "s")]
//!     seconds: i64,
//! }
//!
//! # fn main() -> Result<(), ClientError> {
//! # let builder = Client::builder("kitchen");
//! builder.objects().add(0, Timer { seconds: 300 })?;
//! builder.objects().creatable(|_instance| Timer { seconds: 60 })?;
//! # Ok(())
//! # }
//! ```
//!
//! [`ClientEvent::Created`] and [`ClientEvent::Deleted`] tell of it.
//!
//! Where hardware, a database or another process holds the values, implement [`ObjectHandler`] and mount it with
//! [`Objects::mount`].
//!
//! # Keys
//!
//! Where the URI is `coaps://`, the account has keys: a pre-shared key ([`ServerAccount::psk`]), or [`Credentials`] with a
//! raw public key or certificates. The program `keys` of the repository makes them; `SECURITY.md` says which to choose.
//!
//! ```no_run
//! use lwm2m_client::{Association, Credentials, Matching, Secret, ServerAccount, Usage, transport::Target};
//!
//! # fn accounts() -> std::io::Result<()> {
//! let psk = ServerAccount::psk(1, "coaps://lwm2m.example", "thermo-7", *b"sixteen octets..");
//! let authority = Association {
//!     usage: Some(Usage::TrustAnchor),
//!     matching: Matching::Exact,
//!     data: std::fs::read("keys/Example_CA.der")?.into(),
//! };
//! let certificate = Credentials::Certificate {
//!     chain: vec![std::fs::read("keys/thermo-7.der")?.into()],
//!     key: Secret::new(std::fs::read("keys/thermo-7.key.der")?),
//!     trust: Vec::new(),
//!     peer: Some(authority), // signs the server's certificate, which has to have its host name
//! };
//! let account = ServerAccount::new(1, Target::new("coaps://lwm2m.example").credentials(certificate));
//! # let _ = (psk, account);
//! # Ok(())
//! # }
//! ```
//!
//! # From a bootstrap server
//!
//! A device may leave the factory with nothing but [`BootstrapAccount`]: [`ClientBuilder::bootstrap`]. It then has a
//! [state store](ClientBuilder::state), so that the servers it was given outlive a restart. What the factory gives may
//! also stand in a file ([`ClientBuilder::factory`]) or on a smartcard ([`ClientBuilder::smartcard`]).
//!
//! ```no_run
//! use lwm2m_client::{BootstrapAccount, Client, FileState};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let account = BootstrapAccount::psk("coaps://bootstrap.example", "thermo-7", *b"sixteen octets..");
//! let builder = Client::builder("thermo-7").bootstrap(account).state(FileState::open("device.state")?);
//! let client = builder.start().await?;
//! client.registered().await?; // with the servers that it was given, now or before the last restart
//! # Ok(())
//! # }
//! ```
//!
//! A device that can be reset to the state of delivery ([`ClientBuilder::device`], `/3/0/5`) begins there again.
//!
//! # Over a restart
//!
//! With a [`StateStore`] ([`FileState`], or your own) what servers have changed is kept before it is acknowledged:
//! accounts, access rights, attributes, instances they made. Values of your own objects are kept where you say so
//! ([`Objects::keep`]).
//!
//! # Several servers
//!
//! Each [`ServerAccount`] has a registration, observations and attributes of its own. What each of them may do is said by
//! object 2 ([`ClientBuilder::access`]), and after it by a [`Policy`] of the program.
//!
//! # Devices that sleep
//!
//! With [`ServerAccount::queue_mode`] the server holds requests back until it hears the device. The client says when nobody
//! expects it to listen ([`ClientEvent::Asleep`], [`Status::awake`]) and when it has to wake up next
//! ([`Status::next_deadline`]).
//!
//! # What happens by itself
//!
//! Register, Update before the lifetime ends and when lifetime, binding or the list of objects change, a new Register
//! when the server has forgotten us, retries with growing waits, an older version where the server does not know
//! ours. [`Client::events`] tells of it; [`Client::status`] tells devices that sleep when they are needed.
//!
//! # Telling servers unasked
//!
//! [`Client::send`] sends the present values of some places, [`Client::send_measured`] values with their times. Send is
//! muted by default ([`ServerAccount::allow_send`]; a plan of a bootstrap server sets Mute Send, `/1/x/23`, to false). What
//! cannot be delivered waits for the server; with a [state store](ClientBuilder::state) over a restart, too, as [`Backlog`]
//! says, and for sure with `Sending::stored`.
//!
//! # Without a runtime
//!
//! Without the feature `tokio` the crate is [`machine::ClientMachine`] and the data model, without socket, clock or task:
//! see [`ClientBuilder::into_machine`].

mod account;
mod backlog;
mod body;
mod bootstrap;
mod builder;
#[cfg(feature = "tokio")]
mod client;
mod dispatch;
#[cfg(feature = "tokio")]
mod driver;
mod error;
mod events;
mod factory;
mod handler;
pub mod machine;
#[cfg(all(feature = "metrics", feature = "tokio"))]
pub mod metrics;
mod object;
mod policy;
#[cfg_attr(not(feature = "tokio"), allow(dead_code, reason = "without a driver nobody waits"))]
mod reply;
mod send;
pub mod smartcard;
mod state;
pub mod state_store;

use lwm2m_core::bus;
pub use lwm2m_core::{
    self, Arguments, Association, Binding, Bytes, Code, Corelnk, Credentials, Done, EndpointName, Executable,
    FromNode, InstanceId, IntoNode, Kind, Matching, Node, ObjectDef, ObjectId, ObjectType, Objlnk, Ops, Path,
    Rejection, ResourceChange, ResourceDef, ResourceId, ResourceKey, Secret, SecretText, Selection,
    StoreError, Time, Tree, UnixTime, Usage, Value, Values, Version, async_trait, codec, transport,
};
pub use lwm2m_derive::{EnumerationViaClient as Enumeration, ObjectViaClient as Object};
pub use lwm2m_objects as objects;

pub use self::{
    account::{Retry, ServerAccount},
    backlog::Backlog,
    body::{BodyError, BodyReader},
    bootstrap::{BootstrapAccount, BootstrapFailure},
    builder::{ClientBuilder, Parts},
    dispatch::Dispatch,
    error::{ClientError, Unreachable},
    events::{Attempt, BootstrapCause, ClientEvent, Events},
    factory::{Factory, FactoryError},
    handler::{Caller, Change, Cx, ObjectHandler, Prepared},
    machine::Status,
    object::{Instance, Mounted, Objects, Served, ServedEvents},
    policy::Policy,
    send::{Measurements, SendError},
    smartcard::{CardError, Smartcard},
    state_store::{MemoryState, StateStore},
};
#[cfg(feature = "tokio")]
pub use self::{client::Client, driver::ClientDriver, send::Sending, state_store::FileState};

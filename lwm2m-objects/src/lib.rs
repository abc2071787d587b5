//! Object definitions of the OMA registry and typed structs for the common ones.
//!
//! Ids, names, operations, types, ranges and units are those of the registry. [`Registry`] is the model of all of
//! them, in every version known here. A struct holds one instance, in the newest version, and brings keys for its
//! resources:
//!
//! ```
//! use lwm2m_objects::{Device, Temperature};
//!
//! let device = Device { manufacturer: Some("Example".to_owned()), ..Device::default() };
//! let sensor = Temperature { sensor_value: 20.0, ..Temperature::default() };
//! let place = Temperature::SENSOR_VALUE.at(0); // /3303/0/5700, known to hold an f64
//! # let _ = (device, sensor, place);
//! ```
//!
//! Definitions are switched on by family, each a feature: a program carries what it names. By default `oma` and
//! `ipso`; `all` are all. The structs of [`oma`] are there with the family, those of Security, Server and Device always.
//! The structs of [`ipso`] are many: those of the families switched on come with `types`. With the feature `serde` structs
//! are maps of their fields, without keys and passwords.

pub mod ipso;
pub mod oma;
mod registry;

pub use self::{
    ipso::{LightControl, Temperature},
    oma::{Device, Security, Server},
    registry::{Registry, WithRegistry},
};

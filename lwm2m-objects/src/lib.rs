//! Object definitions of the OMA registry and typed structs for the common ones.
//!
//! Ids, names, operations, types, ranges and units are those of the registry, each object in its newest version
//! there. A struct holds one instance and brings keys for its resources:
//!
//! ```
//! use lwm2m_objects::{Device, Temperature};
//!
//! let device = Device { manufacturer: Some("Example".to_owned()), ..Device::default() };
//! let sensor = Temperature { sensor_value: 20.0, ..Temperature::default() };
//! let place = Temperature::SENSOR_VALUE.at(0); // /3303/0/5700, known to hold an f64
//! # let _ = (device, sensor, place);
//! ```

mod ipso;
mod oma;
mod registry;

pub use self::{
    ipso::{LightControl, Temperature},
    oma::{Device, Security, Server},
    registry::Registry,
};

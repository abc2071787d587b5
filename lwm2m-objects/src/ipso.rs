//! Smart objects: sensors and actuators.

mod light_control;
mod temperature;

pub use self::{light_control::LightControl, temperature::Temperature};

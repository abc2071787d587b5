//! LwM2M server: manages a fleet of devices.
mod error;
mod events;
pub mod machine;
mod registration;
pub use error::*;
pub use events::*;
pub use registration::{NotARegistrationId, Registration, RegistrationId};

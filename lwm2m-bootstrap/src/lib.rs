//! The bootstrap server of the LwM2M SDK.
//!
//! **Not there yet**: provisioning comes with a later version; see the status table of the project's README. The
//! crate holds its place in the workspace and re-exports the core that the bootstrap server will stand on.

pub use lwm2m_core;

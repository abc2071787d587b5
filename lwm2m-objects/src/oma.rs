//! Objects of the Open Mobile Alliance: the core of LwM2M.

mod device;
mod security;
mod server;

pub use self::{device::Device, security::Security, server::Server};

//! What the programs of this directory share: flags, the console, and how values look.

pub mod cli;
pub mod console;
pub mod device;
pub mod fleet;
pub mod inspect;
pub mod keys;
pub mod manage;
#[cfg(feature = "prometheus")]
pub mod metrics;
pub mod relay;
pub mod secure;
pub mod show;
pub mod signals;
pub mod text;

/// The README's program is run as it stands.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

//! What can go wrong.

#[cfg(feature = "tokio")]
use lwm2m_core::driver::OpenError;
use lwm2m_core::{
    Rejection, StoreError,
    coap::ExchangeError,
    codec::{DecodeError, EncodeError},
};

use crate::PlanError;

/// Why a device was not bootstrapped.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BootstrapError {
    /// The device has refused a step.
    #[error("refused: {0}")]
    Refused(Rejection),
    /// The device has refused Bootstrap-Finish, and the source has nothing to mend it with.
    #[error("Bootstrap-Finish is refused: {0}")]
    NotFinished(Rejection),
    /// The messages did not get through.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    /// The answer was not understood.
    #[error("the answer was not understood: {0}")]
    Decode(#[from] DecodeError),
    /// A value cannot be written in the format that the device wants.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The plan is wrong; nothing of it reached the device.
    #[error("the plan is wrong: {0}")]
    Plan(#[from] PlanError),
    /// There is nothing for this device.
    #[error("there is no plan for this device")]
    NoPlan,
    /// The source of plans did not answer.
    #[error(transparent)]
    Source(#[from] StoreError),
    /// The sessions keep too many answers of devices.
    #[error("there is no room for the answer of the device")]
    NoRoom,
    /// It took too long as a whole.
    #[error("the bootstrap took too long")]
    TimedOut,
    /// The source of plans has been asked too often.
    #[error("too many rounds")]
    Rounds,
    /// The device has begun anew.
    #[error("the device has begun anew")]
    Superseded,
    /// No instance id is free.
    #[error("no instance of /{0} is free")]
    Full(u16),
}

/// Why a bootstrap server does not run.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Nowhere to listen, a place where one cannot, or no random numbers.
    #[cfg(feature = "tokio")]
    #[error(transparent)]
    Open(#[from] OpenError),
    /// No source of plans was given.
    #[error("no source of plans")]
    NoPlans,
    /// The server has been shut down.
    #[error("the bootstrap server has been shut down")]
    Stopped,
}

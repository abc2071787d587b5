//! What happens to devices that bootstrap.

use std::sync::Arc;
#[cfg(feature = "tokio")]
use std::{
    pin::Pin,
    task::{Context, Poll},
};

use lwm2m_core::{EndpointName, Identity, Rejection, ops::bootstrap::Target};

use crate::BootstrapError;

/// Something happened to a device that bootstraps.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum BootstrapEvent {
    /// A device has come, and there is a plan for it.
    Started {
        /// Its endpoint name.
        endpoint: EndpointName,
        /// Who it proved to be.
        identity: Identity,
    },
    /// A device has refused a step, and the plan goes on all the same, or tries again.
    StepRefused {
        /// Its endpoint name.
        endpoint: EndpointName,
        /// Operation and place.
        step: Target,
        /// Its answer.
        error: Arc<BootstrapError>,
        /// Will it be tried again?
        again: bool,
    },
    /// A device has what the plan says.
    Finished {
        /// Its endpoint name.
        endpoint: EndpointName,
        /// How often the source of plans was asked.
        rounds: u32,
        /// Operations that were carried out.
        operations: u32,
    },
    /// A device was given its plan as a pack. Whether it takes it, it does not say.
    PackGiven {
        /// Its endpoint name.
        endpoint: EndpointName,
    },
    /// A device was not bootstrapped: it goes back to what it was.
    Failed {
        /// Its endpoint name.
        endpoint: EndpointName,
        /// Operation and place, where it was one of them.
        step: Option<Target>,
        /// Why.
        error: Arc<BootstrapError>,
    },
    /// A request was refused before a session began.
    Refused {
        /// The endpoint name, if it says one that it may use.
        endpoint: Option<EndpointName>,
        /// What it was told.
        rejection: Rejection,
    },
    /// The reader was too slow: this many events are lost.
    Missed(u64),
}

/// What happens, from now on. Bounded: a reader that lags loses the oldest and gets [`BootstrapEvent::Missed`].
#[cfg(feature = "tokio")]
#[derive(Debug)]
pub struct Events(pub(crate) lwm2m_core::bus::Reader<BootstrapEvent>);

#[cfg(feature = "tokio")]
impl Events {
    /// The next event. `None`: the server has been shut down.
    pub async fn next(&mut self) -> Option<BootstrapEvent> {
        self.0.next().await
    }
}

#[cfg(feature = "tokio")]
impl futures_core::Stream for Events {
    type Item = BootstrapEvent;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<BootstrapEvent>> {
        self.0.poll_next(cx)
    }
}

//! Who may register and tell what.

use std::sync::Arc;

use async_trait::async_trait;
use lwm2m_core::{EndpointName, Path, Rejection, StoreError, ops::Uplink, transport::Remote};

use crate::RegistrationId;

/// Decides over what clients ask of the server: Register, Update, De-register and Send, and notifications if it wants. A
/// decision may attach data to the registration, such as the tenant that the device belongs to.
///
/// Asked after the rules that need no decision: that the message is well-formed, that the endpoint name is one that its
/// keys allow, and that the registration is the client's own. The client waits meanwhile: after
/// [`Limits::call_timeout`](crate::machine::Limits::call_timeout), or when too many questions are open, it is answered
/// 5.03 and tries again later.
///
/// ```
/// # use lwm2m_server::{Asked, Asking, Authorizer, Rejection, Verdict, async_trait, lwm2m_core::{StoreError, ops::Uplink}};
/// struct Tenants;
///
/// #[async_trait]
/// impl Authorizer for Tenants {
///     async fn authorize(&self, asked: &Asked) -> Result<Verdict, StoreError> {
///         match (&asked.what, asked.endpoint.split_once(':')) {
///             (Asking::Uplink(Uplink::Register(_)), Some((tenant, _))) => Ok(Verdict::allow().with("tenant", tenant)),
///             (Asking::Uplink(Uplink::Register(_)), None) => Ok(Verdict::refuse("the name has no tenant")),
///             _ => Ok(Verdict::allow()),
///         }
///     }
/// }
/// ```
#[async_trait]
pub trait Authorizer: Send + Sync + 'static {
    /// May this be?
    ///
    /// # Errors
    /// It cannot be decided now: the client is answered 5.03.
    async fn authorize(&self, asked: &Asked) -> Result<Verdict, StoreError>;

    /// Is every notification of an observation to be decided over, too? Read once, when the server starts. Default no.
    fn decides_over_notifications(&self) -> bool {
        false
    }
}

/// What is asked, by whom.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Asked {
    /// The endpoint name that it is about.
    pub endpoint: EndpointName,
    /// Its registration. `None` for a Register.
    pub registration: Option<RegistrationId>,
    /// What was attached to that.
    pub attached: Attached,
    /// Address and proven identity of who asks.
    pub from: Remote,
    /// What.
    pub what: Asking,
}

/// What a client does.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Asking {
    /// It asks for this.
    Uplink(Uplink),
    /// It notifies of this place; the root for several.
    Notification(Path),
}

/// Data that the program attached to a registration: names and values in order.
pub type Attached = Arc<[(String, String)]>;

/// A decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict(pub(crate) Result<Vec<(String, String)>, Rejection>);

impl Verdict {
    /// It may be.
    #[must_use]
    pub const fn allow() -> Self {
        Self(Ok(Vec::new()))
    }

    /// It may not: 4.03. An observation whose notification may not be is cancelled.
    #[must_use]
    pub fn refuse(why: impl Into<String>) -> Self {
        Self::refuse_with(Rejection::new(lwm2m_core::Code::FORBIDDEN, why.into()))
    }

    /// It may not, with an answer of one's choice.
    #[must_use]
    pub const fn refuse_with(rejection: Rejection) -> Self {
        Self(Err(rejection))
    }

    /// Attaches a value to the registration. What was attached before under other names goes, if anything is attached
    /// now: it is always the whole that the last such decision said.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        if let Ok(attached) = &mut self.0 {
            attached.push((name.into(), value.into()));
        }
        self
    }
}

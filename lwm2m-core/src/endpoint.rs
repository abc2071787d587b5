//! The endpoint client name. [Core 1.2 §7.3]

use std::{borrow::Borrow, fmt, ops::Deref, sync::Arc};

/// Longest endpoint name that is accepted, in octets. A Uri-Query option holds 255 with `ep=`. [RFC 7252 §5.10]
pub const MAX_ENDPOINT_NAME: usize = 252;

/// Why a text cannot be the name of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidEndpointName {
    /// It has no octets.
    #[error("is empty")]
    Empty,
    /// It has more than [`MAX_ENDPOINT_NAME`] octets.
    #[error("is longer than {MAX_ENDPOINT_NAME} octets")]
    TooLong,
    /// It would change lines of logs, terminals and lists that it stands in.
    #[error("has a control character")]
    Control,
}

/// Name of a client, unique per server: any text, by recommendation a URN. Clones share one text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndpointName(Arc<str>);

impl EndpointName {
    /// A name as it is.
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self(name.into())
    }

    /// Can a client go by this name?
    ///
    /// # Errors
    /// It cannot, and why.
    pub fn check(&self) -> Result<(), InvalidEndpointName> {
        if self.0.is_empty() {
            return Err(InvalidEndpointName::Empty);
        }
        if self.0.len() > MAX_ENDPOINT_NAME {
            return Err(InvalidEndpointName::TooLong);
        }
        if self.0.contains(char::is_control) {
            return Err(InvalidEndpointName::Control);
        }
        Ok(())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for EndpointName {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for EndpointName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for EndpointName {
    fn from(name: &str) -> Self {
        Self(Arc::from(name))
    }
}

impl From<String> for EndpointName {
    fn from(name: String) -> Self {
        Self(Arc::from(name))
    }
}

impl From<&EndpointName> for EndpointName {
    fn from(name: &EndpointName) -> Self {
        name.clone()
    }
}

impl fmt::Display for EndpointName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for EndpointName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

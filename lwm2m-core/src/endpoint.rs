//! The endpoint client name. [Core 1.2 §7.3]

use std::{borrow::Borrow, fmt, ops::Deref, sync::Arc};

/// Longest endpoint name that is accepted, in octets. A Uri-Query option holds 255 with `ep=`. [RFC 7252 §5.10]
pub const MAX_ENDPOINT_NAME: usize = 252;

/// Name of a client, unique per server: any text, by recommendation a URN. Clones share one text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndpointName(Arc<str>);

impl EndpointName {
    /// A name as it is.
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self(name.into())
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

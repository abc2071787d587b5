//! What a handler answers when it refuses.

use std::{borrow::Cow, fmt, time::Duration};

use crate::Code;

/// A refusal: becomes a response code and a diagnostic payload. [RFC 7252 §5.5.2]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// A code of class 4 or 5.
    pub code: Code,
    /// For people: what was wrong, and where. May be empty.
    pub detail: Cow<'static, str>,
    /// When to try again; becomes the Max-Age of a 5.03 or 4.29.
    pub retry_after: Option<Duration>,
}

impl Rejection {
    /// A refusal with a reason.
    pub fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { code, detail: detail.into(), retry_after: None }
    }

    /// 4.00: the request cannot be understood or its value is wrong.
    pub fn bad_request(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::BAD_REQUEST, detail)
    }

    /// 4.01: the caller has no right to do this.
    pub fn unauthorized(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::UNAUTHORIZED, detail)
    }

    /// 4.04: nothing stands at this path.
    #[must_use]
    pub const fn not_found() -> Self {
        Self { code: Code::NOT_FOUND, detail: Cow::Borrowed(""), retry_after: None }
    }

    /// 4.05: what stands there does not support this operation.
    #[must_use]
    pub const fn method_not_allowed() -> Self {
        Self { code: Code::METHOD_NOT_ALLOWED, detail: Cow::Borrowed(""), retry_after: None }
    }

    /// 5.00: something broke on this side.
    pub fn internal(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::INTERNAL_SERVER_ERROR, detail)
    }

    /// 5.03: not now; try again after `retry_after`.
    pub fn unavailable(detail: impl Into<Cow<'static, str>>, retry_after: Duration) -> Self {
        Self { retry_after: Some(retry_after), ..Self::new(Code::SERVICE_UNAVAILABLE, detail) }
    }

    /// May the same request succeed later without anything being changed?
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        matches!(self.code, Code::SERVICE_UNAVAILABLE | Code::TOO_MANY_REQUESTS)
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.detail.is_empty() { self.code.fmt(f) } else { write!(f, "{}: {}", self.code, self.detail) }
    }
}

impl std::error::Error for Rejection {}

//! Response and method codes. [RFC 7252 §12.1] [Core 1.2 §6.1.3]

use std::fmt;

/// CoAP code byte: class in the upper three bits, detail in the lower five. Other bindings map to it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub u8);

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $class:literal . $detail:literal $text:literal;)*) => {
        impl Code {
            $($(#[$doc])* pub const $name: Self = Self($class << 5 | $detail);)*

            /// The name of the code in its registry, or an empty text.
            #[must_use]
            pub const fn reason(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                    _ => "",
                }
            }
        }
    };
}

codes! {
    /// 0.00
    EMPTY = 0 . 0 "Empty";
    /// 0.01
    GET = 0 . 1 "GET";
    /// 0.02
    POST = 0 . 2 "POST";
    /// 0.03
    PUT = 0 . 3 "PUT";
    /// 0.04
    DELETE = 0 . 4 "DELETE";
    /// 0.05 [RFC 8132 §2]
    FETCH = 0 . 5 "FETCH";
    /// 0.06 [RFC 8132 §3]
    PATCH = 0 . 6 "PATCH";
    /// 0.07 [RFC 8132 §3]
    IPATCH = 0 . 7 "iPATCH";
    /// 2.01
    CREATED = 2 . 1 "Created";
    /// 2.02
    DELETED = 2 . 2 "Deleted";
    /// 2.03
    VALID = 2 . 3 "Valid";
    /// 2.04
    CHANGED = 2 . 4 "Changed";
    /// 2.05
    CONTENT = 2 . 5 "Content";
    /// 2.31 [RFC 7959 §2.9.1]
    CONTINUE = 2 . 31 "Continue";
    /// 4.00
    BAD_REQUEST = 4 . 0 "Bad Request";
    /// 4.01
    UNAUTHORIZED = 4 . 1 "Unauthorized";
    /// 4.02
    BAD_OPTION = 4 . 2 "Bad Option";
    /// 4.03
    FORBIDDEN = 4 . 3 "Forbidden";
    /// 4.04
    NOT_FOUND = 4 . 4 "Not Found";
    /// 4.05
    METHOD_NOT_ALLOWED = 4 . 5 "Method Not Allowed";
    /// 4.06
    NOT_ACCEPTABLE = 4 . 6 "Not Acceptable";
    /// 4.08 [RFC 7959 §2.9.2]
    REQUEST_ENTITY_INCOMPLETE = 4 . 8 "Request Entity Incomplete";
    /// 4.09 [RFC 8132 §3.4]
    CONFLICT = 4 . 9 "Conflict";
    /// 4.12
    PRECONDITION_FAILED = 4 . 12 "Precondition Failed";
    /// 4.13
    REQUEST_ENTITY_TOO_LARGE = 4 . 13 "Request Entity Too Large";
    /// 4.15
    UNSUPPORTED_CONTENT_FORMAT = 4 . 15 "Unsupported Content-Format";
    /// 4.29 [RFC 8516]
    TOO_MANY_REQUESTS = 4 . 29 "Too Many Requests";
    /// 5.00
    INTERNAL_SERVER_ERROR = 5 . 0 "Internal Server Error";
    /// 5.01
    NOT_IMPLEMENTED = 5 . 1 "Not Implemented";
    /// 5.02
    BAD_GATEWAY = 5 . 2 "Bad Gateway";
    /// 5.03
    SERVICE_UNAVAILABLE = 5 . 3 "Service Unavailable";
    /// 5.04
    GATEWAY_TIMEOUT = 5 . 4 "Gateway Timeout";
    /// 5.05
    PROXYING_NOT_SUPPORTED = 5 . 5 "Proxying Not Supported";
}

impl Code {
    /// 0 for requests and Empty, 2, 4 or 5 for responses, 7 for signals.
    #[must_use]
    pub const fn class(self) -> u8 {
        self.0 >> 5
    }

    /// The lower five bits.
    #[must_use]
    pub const fn detail(self) -> u8 {
        self.0 & 0x1f
    }

    /// A method: 0.01 to 0.31.
    #[must_use]
    pub const fn is_request(self) -> bool {
        self.class() == 0 && self.0 != 0
    }

    /// A response of class 2, 4 or 5.
    #[must_use]
    pub const fn is_response(self) -> bool {
        matches!(self.class(), 2 | 4 | 5)
    }

    /// Class 2.
    #[must_use]
    pub const fn is_success(self) -> bool {
        self.class() == 2
    }
}

/// `4.04 Not Found`; methods by their name.
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.is_request(), self.reason()) {
            (true, name) if !name.is_empty() => f.write_str(name),
            (_, "") => write!(f, "{}.{:02}", self.class(), self.detail()),
            (_, name) => write!(f, "{}.{:02} {name}", self.class(), self.detail()),
        }
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_print_as_people_write_them() {
        assert_eq!(Code(0x84).to_string(), "4.04 Not Found");
        assert_eq!(Code(0x5f).to_string(), "2.31 Continue");
        assert_eq!(Code(0x45), Code::CONTENT);
        assert_eq!(Code::GET.to_string(), "GET");
        assert_eq!(Code(0xe1).to_string(), "7.01");
    }
}

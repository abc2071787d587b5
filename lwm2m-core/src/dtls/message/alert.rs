//! Alerts. [RFC 5246 §7.2]

use std::fmt;

use crate::dtls::{Refusal, reader::whole};

/// An alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Alert {
    /// Does it end the association?
    pub fatal: bool,
    /// What it says.
    pub description: AlertDescription,
}

impl Alert {
    /// One that ends the association.
    #[must_use]
    pub const fn fatal(description: AlertDescription) -> Self {
        Self { fatal: true, description }
    }

    /// One that does not.
    #[must_use]
    pub const fn warning(description: AlertDescription) -> Self {
        Self { fatal: false, description }
    }

    /// The whole content of a record.
    ///
    /// # Errors
    /// It is not two octets, or of a level that does not exist.
    pub fn parse(content: &[u8]) -> Result<Self, Refusal> {
        let (level, description) = whole(content, "alert", |r| Ok((r.u8()?, r.u8()?)))?;
        let fatal = match level {
            1 => false,
            2 => true,
            _ => return Err(Refusal::illegal("alert level")),
        };
        Ok(Self { fatal, description: AlertDescription(description) })
    }

    /// The whole content of a record.
    #[must_use]
    pub const fn to_octets(self) -> [u8; 2] {
        [if self.fatal { 2 } else { 1 }, self.description.0]
    }
}

impl fmt::Display for Alert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", if self.fatal { "fatal" } else { "warning" }, self.description)
    }
}

/// What an alert says. Numbers without a name are kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AlertDescription(pub u8);

macro_rules! descriptions {
    ($($name:ident = $number:literal, $text:literal;)*) => {
        impl AlertDescription {
            $(#[doc = concat!("`", $text, "`")] pub const $name: Self = Self($number);)*

            /// Its name in the registry, if it has one.
            #[must_use]
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($number => Some($text),)*
                    _ => None,
                }
            }
        }
    };
}

descriptions! {
    CLOSE_NOTIFY = 0, "close_notify";
    UNEXPECTED_MESSAGE = 10, "unexpected_message";
    BAD_RECORD_MAC = 20, "bad_record_mac";
    RECORD_OVERFLOW = 22, "record_overflow";
    HANDSHAKE_FAILURE = 40, "handshake_failure";
    BAD_CERTIFICATE = 42, "bad_certificate";
    UNSUPPORTED_CERTIFICATE = 43, "unsupported_certificate";
    CERTIFICATE_REVOKED = 44, "certificate_revoked";
    CERTIFICATE_EXPIRED = 45, "certificate_expired";
    CERTIFICATE_UNKNOWN = 46, "certificate_unknown";
    ILLEGAL_PARAMETER = 47, "illegal_parameter";
    UNKNOWN_CA = 48, "unknown_ca";
    ACCESS_DENIED = 49, "access_denied";
    DECODE_ERROR = 50, "decode_error";
    DECRYPT_ERROR = 51, "decrypt_error";
    PROTOCOL_VERSION = 70, "protocol_version";
    INSUFFICIENT_SECURITY = 71, "insufficient_security";
    INTERNAL_ERROR = 80, "internal_error";
    INAPPROPRIATE_FALLBACK = 86, "inappropriate_fallback";
    USER_CANCELED = 90, "user_canceled";
    NO_RENEGOTIATION = 100, "no_renegotiation";
    MISSING_EXTENSION = 109, "missing_extension";
    UNSUPPORTED_EXTENSION = 110, "unsupported_extension";
    UNRECOGNIZED_NAME = 112, "unrecognized_name";
    BAD_CERTIFICATE_STATUS_RESPONSE = 113, "bad_certificate_status_response";
    UNKNOWN_PSK_IDENTITY = 115, "unknown_psk_identity";
    CERTIFICATE_REQUIRED = 116, "certificate_required";
    NO_APPLICATION_PROTOCOL = 120, "no_application_protocol";
}

impl fmt::Display for AlertDescription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "alert {}", self.0),
        }
    }
}

impl fmt::Debug for AlertDescription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_is_two_octets() {
        let alert = Alert::parse(&[2, 115]).unwrap();
        assert_eq!(alert, Alert::fatal(AlertDescription::UNKNOWN_PSK_IDENTITY));
        assert_eq!(alert.to_string(), "fatal unknown_psk_identity");
        assert_eq!(Alert::parse(&[1, 200]).unwrap().to_octets(), [1, 200]);
        assert!(
            Alert::parse(&[3, 0]).is_err()
                && Alert::parse(&[2]).is_err()
                && Alert::parse(&[2, 0, 0]).is_err()
        );
    }
}

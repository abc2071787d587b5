//! Numbers of options, and what is defined for each. [RFC 7252 §5.4, §5.10]

use std::{fmt, ops::RangeInclusive, str};

/// Number of an option. [RFC 7252 §5.10]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OptionNumber(pub u16);

/// What an option's value is. [RFC 7252 §3.2]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Empty,
    Opaque,
    String,
    Uint,
}

/// What is defined for an option.
struct Rule {
    name: &'static str,
    form: Form,
    length: RangeInclusive<u16>,
    repeatable: bool,
}

macro_rules! repeatable {
    () => {
        false
    };
    (repeatable) => {
        true
    };
}

macro_rules! options {
    ($($(#[$doc:meta])* $name:ident = $number:literal $text:literal $form:ident $length:expr $(, $repeatable:ident)?;)*) => {
        impl OptionNumber {
            $($(#[$doc])* pub const $name: Self = Self($number);)*

            const fn rule(self) -> Option<Rule> {
                match self.0 {
                    $($number => Some(Rule {
                        name: $text,
                        form: Form::$form,
                        length: $length,
                        repeatable: repeatable!($($repeatable)?),
                    }),)*
                    _ => None,
                }
            }
        }
    };
}

options! {
    /// ETags, one of which the target must have. [RFC 7252 §5.10.8.1]
    IF_MATCH = 1 "If-Match" Opaque 0..=8, repeatable;
    /// Host of the target. [RFC 7252 §5.10.1]
    URI_HOST = 3 "Uri-Host" String 1..=255;
    /// Version of a representation. [RFC 7252 §5.10.6]
    ETAG = 4 "ETag" Opaque 1..=8, repeatable;
    /// The target must not exist. [RFC 7252 §5.10.8.2]
    IF_NONE_MATCH = 5 "If-None-Match" Empty 0..=0;
    /// Request: register or deregister. Notification: its sequence number. [RFC 7641 §2]
    OBSERVE = 6 "Observe" Uint 0..=3;
    /// Port of the target. [RFC 7252 §5.10.1]
    URI_PORT = 7 "Uri-Port" Uint 0..=2;
    /// A segment of the path of what was created. [RFC 7252 §5.10.7]
    LOCATION_PATH = 8 "Location-Path" String 0..=255, repeatable;
    /// The message is protected end to end. [RFC 8613 §2]
    OSCORE = 9 "OSCORE" Opaque 0..=255;
    /// A segment of the path of the target. [RFC 7252 §5.10.1]
    URI_PATH = 11 "Uri-Path" String 0..=255, repeatable;
    /// Format of the payload. [RFC 7252 §5.10.3]
    CONTENT_FORMAT = 12 "Content-Format" Uint 0..=2;
    /// Seconds that a response is fresh, 60 if absent. [RFC 7252 §5.10.5]
    MAX_AGE = 14 "Max-Age" Uint 0..=4;
    /// A parameter of the target. [RFC 7252 §5.10.1]
    URI_QUERY = 15 "Uri-Query" String 0..=255, repeatable;
    /// Format the requester can read. [RFC 7252 §5.10.4]
    ACCEPT = 17 "Accept" Uint 0..=2;
    /// A parameter of what was created. [RFC 7252 §5.10.7]
    LOCATION_QUERY = 20 "Location-Query" String 0..=255, repeatable;
    /// Block of a response body. [RFC 7959 §2.1]
    BLOCK2 = 23 "Block2" Uint 0..=3;
    /// Block of a request body. [RFC 7959 §2.1]
    BLOCK1 = 27 "Block1" Uint 0..=3;
    /// Size of a response body in octets. [RFC 7959 §4]
    SIZE2 = 28 "Size2" Uint 0..=4;
    /// Target of a request to a proxy. [RFC 7252 §5.10.2]
    PROXY_URI = 35 "Proxy-Uri" String 1..=1034;
    /// Scheme of a request to a proxy. [RFC 7252 §5.10.2]
    PROXY_SCHEME = 39 "Proxy-Scheme" String 1..=255;
    /// Size of a request body in octets. [RFC 7252 §5.10.9]
    SIZE1 = 60 "Size1" Uint 0..=4;
    /// Proof that a request is fresh. [RFC 9175 §2]
    ECHO = 252 "Echo" Opaque 1..=40;
    /// Classes of responses that are not wanted. [RFC 7967 §2]
    NO_RESPONSE = 258 "No-Response" Uint 0..=1;
    /// Tells block transfers to one target apart. [RFC 9175 §3]
    REQUEST_TAG = 292 "Request-Tag" Opaque 0..=8, repeatable;
}

impl OptionNumber {
    /// Must be understood: odd numbers. [RFC 7252 §5.4.1]
    #[must_use]
    pub const fn is_critical(self) -> bool {
        self.0 & 1 == 1
    }

    /// A proxy that does not know it must not forward it. [RFC 7252 §5.4.2]
    #[must_use]
    pub const fn is_unsafe(self) -> bool {
        self.0 & 2 == 2
    }

    /// Is no part of the key of a cache. [RFC 7252 §5.4.2]
    #[must_use]
    pub const fn is_no_cache_key(self) -> bool {
        self.0 & 0x1e == 0x1c
    }

    /// May it occur more than once? `true` where nothing is defined here. [RFC 7252 §5.4.5]
    #[must_use]
    pub const fn is_repeatable(self) -> bool {
        match self.rule() {
            Some(rule) => rule.repeatable,
            None => true,
        }
    }

    /// Lengths in octets that its value may have; any where nothing is defined here. [RFC 7252 §5.4.3]
    #[must_use]
    pub const fn length(self) -> RangeInclusive<u16> {
        match self.rule() {
            Some(rule) => rule.length,
            None => 0..=u16::MAX,
        }
    }

    /// Is `value` of a length and form that the option may have? One that is not counts as an option that is not
    /// recognised. [RFC 7252 §5.4.3]
    #[must_use]
    pub fn allows(self, value: &[u8]) -> bool {
        let Some(rule) = self.rule() else { return true };
        u16::try_from(value.len()).is_ok_and(|length| rule.length.contains(&length))
            && (rule.form != Form::String || str::from_utf8(value).is_ok())
    }

    /// The name in the registry, or an empty text.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self.rule() {
            Some(rule) => rule.name,
            None => "",
        }
    }

    /// What its value is; octets where nothing is defined here.
    pub(super) const fn form(self) -> Form {
        match self.rule() {
            Some(rule) => rule.form,
            None => Form::Opaque,
        }
    }
}

/// `Uri-Path`; numbers without a name as `option 65000`.
impl fmt::Display for OptionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            "" => write!(f, "option {}", self.0),
            name => f.write_str(name),
        }
    }
}

impl fmt::Debug for OptionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of RFC 7252 §5.10, columns C, U, N, R, and those of the later documents.
    #[test]
    fn properties_are_those_of_the_registries() {
        let text = |number: OptionNumber| {
            let flag = |set: bool, letter| if set { letter } else { '-' };
            [
                flag(number.is_critical(), 'C'),
                flag(number.is_unsafe(), 'U'),
                flag(number.is_no_cache_key(), 'N'),
                flag(number.is_repeatable(), 'R'),
            ]
            .iter()
            .collect::<String>()
        };
        for (number, wanted) in [
            (OptionNumber::IF_MATCH, "C--R"),
            (OptionNumber::URI_HOST, "CU--"),
            (OptionNumber::ETAG, "---R"),
            (OptionNumber::IF_NONE_MATCH, "C---"),
            (OptionNumber::OBSERVE, "-U--"),
            (OptionNumber::URI_PATH, "CU-R"),
            (OptionNumber::MAX_AGE, "-U--"),
            (OptionNumber::ACCEPT, "C---"),
            (OptionNumber::BLOCK1, "CU--"),
            (OptionNumber::SIZE1, "--N-"),
            (OptionNumber::SIZE2, "--N-"),
            (OptionNumber::ECHO, "--N-"),
            (OptionNumber::NO_RESPONSE, "-U--"),
            (OptionNumber::REQUEST_TAG, "---R"),
        ] {
            assert_eq!(text(number), wanted, "{number}");
        }
    }

    #[test]
    fn values_are_checked_by_length_and_form() {
        assert!(OptionNumber::ETAG.allows(&[1]));
        assert!(!OptionNumber::ETAG.allows(&[]));
        assert!(!OptionNumber::ETAG.allows(&[0; 9]));
        assert!(!OptionNumber::IF_NONE_MATCH.allows(&[0]));
        assert!(OptionNumber::URI_PATH.allows("grün".as_bytes()));
        assert!(!OptionNumber::URI_PATH.allows(&[0xff]));
        assert!(!OptionNumber::URI_PATH.allows(&[b'a'; 256]));
        assert!(OptionNumber(65000).allows(&[0xff; 300]));
    }

    #[test]
    fn numbers_print_by_name() {
        assert_eq!(OptionNumber::NO_RESPONSE.to_string(), "No-Response");
        assert_eq!(OptionNumber(65000).to_string(), "option 65000");
    }
}

//! Refusals as responses, and back. [RFC 7252 §5.5.2, §5.9.3.4] [RFC 8516]

use std::time::Duration;

use crate::{
    Code, Rejection,
    coap::{OptionNumber, Response},
};

/// Max-Age where a response does not say one. [RFC 7252 §5.10.5]
const DEFAULT_MAX_AGE: Duration = Duration::from_secs(60);

/// What is kept of the reason that a peer gives, in octets. Attack: refusals of a mebibyte each, which events and sessions
/// would keep.
const MAX_REASON: usize = 1024;

/// The reason becomes the diagnostic payload, the wait the Max-Age in whole seconds, rounded up. A code that is no
/// error becomes 5.00.
impl From<&Rejection> for Response {
    fn from(rejection: &Rejection) -> Self {
        let is_error = matches!(rejection.code.class(), 4 | 5);
        let mut response = Self::new(if is_error { rejection.code } else { Code::INTERNAL_SERVER_ERROR });
        if let Some(wait) = rejection.retry_after {
            let seconds = wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0));
            response.options.push_uint(OptionNumber::MAX_AGE, seconds.min(u64::from(u32::MAX)));
        }
        response.with_payload(rejection.detail.as_bytes().to_vec())
    }
}

impl Rejection {
    /// The refusal that a response says; `None` for a success. 4.29 and 5.03 without Max-Age ask for 60 s. Of the reason at
    /// most 1024 octets are kept, in one line: it is the peer's text, and goes into logs.
    #[must_use]
    pub fn from_response(response: &Response) -> Option<Self> {
        if !matches!(response.code.class(), 4 | 5) {
            return None;
        }
        let mut rejection = Self::new(response.code, reason(response.payload.bytes()));
        if rejection.is_temporary() {
            let said = response.options.max_age().map(|seconds| Duration::from_secs(u64::from(seconds)));
            rejection.retry_after = Some(said.unwrap_or(DEFAULT_MAX_AGE));
        }
        Some(rejection)
    }
}

fn reason(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said.get(..MAX_REASON).unwrap_or(said));
    let mut reason = said.replace(char::is_control, " ");
    // What is no UTF-8 has grown.
    let end = (0..=MAX_REASON.min(reason.len())).rev().find(|end| reason.is_char_boundary(*end));
    reason.truncate(end.unwrap_or(0));
    reason
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_round_trips() {
        for rejection in [
            Rejection::not_found(),
            Rejection::bad_request("lt=abc is not a number of seconds"),
            Rejection::unavailable("busy", Duration::from_secs(5)),
            Rejection {
                retry_after: Some(Duration::from_secs(90)),
                ..Rejection::new(Code::TOO_MANY_REQUESTS, "ä")
            },
        ] {
            let response = Response::from(&rejection);
            assert_eq!(Rejection::from_response(&response), Some(rejection));
        }
    }

    /// Peers choose the text; whoever reads it must not be led astray, or be filled.
    #[test]
    fn the_reason_of_a_peer_is_one_short_line() {
        let response =
            Response::new(Code::BAD_REQUEST).with_payload(b"no\r\nregistered other\x1b[2J".to_vec());
        let rejection = Rejection::from_response(&response).unwrap();
        assert_eq!(rejection.detail, "no  registered other [2J");
        let response = Response::new(Code::BAD_REQUEST).with_payload(vec![b'x'; 1 << 20]);
        assert_eq!(Rejection::from_response(&response).unwrap().detail.len(), 1024);
        let response = Response::new(Code::BAD_REQUEST).with_payload(vec![0xB0; 1024]);
        let rejection = Rejection::from_response(&response).unwrap();
        assert_eq!(rejection.detail.len(), 1023, "each became a character of three octets");
        assert_eq!(Rejection::from_response(&Response::from(&rejection)), Some(rejection));
    }

    #[test]
    fn waits_are_whole_seconds_and_have_a_default() {
        let unavailable = Response::from(&Rejection::unavailable("", Duration::from_millis(1)));
        assert_eq!(unavailable.options.max_age(), Some(1));
        let for_ever = Response::from(&Rejection::unavailable("", Duration::MAX));
        assert_eq!(for_ever.options.max_age(), Some(u32::MAX));
        let silent = Rejection::from_response(&Response::new(Code::SERVICE_UNAVAILABLE)).unwrap();
        assert_eq!(silent.retry_after, Some(Duration::from_secs(60)));
    }

    #[test]
    fn a_success_is_never_a_refusal() {
        assert_eq!(Rejection::from_response(&Response::new(Code::CHANGED)), None);
        let wrong = Rejection::new(Code::CHANGED, "");
        assert_eq!(Response::from(&wrong).code, Code::INTERNAL_SERVER_ERROR);
    }
}

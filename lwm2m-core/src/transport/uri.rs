//! Server URIs: `coap://host[:port]`. [RFC 7252 §6] [RFC 8323 §8]

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use super::TransportError;

/// Scheme of a server URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scheme {
    /// `coap`, over UDP.
    Coap,
    /// `coaps`, over DTLS.
    Coaps,
    /// `coap+tcp`.
    CoapTcp,
    /// `coaps+tcp`, over TLS.
    CoapsTcp,
}

impl Scheme {
    /// As written in a URI.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Coap => "coap",
            Self::Coaps => "coaps",
            Self::CoapTcp => "coap+tcp",
            Self::CoapsTcp => "coaps+tcp",
        }
    }

    /// 5683 without, 5684 with security.
    #[must_use]
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Coap | Self::CoapTcp => 5683,
            Self::Coaps | Self::CoapsTcp => 5684,
        }
    }

    /// Does it ask for DTLS or TLS?
    #[must_use]
    pub const fn is_secure(self) -> bool {
        matches!(self, Self::Coaps | Self::CoapsTcp)
    }

    fn parse(name: &str) -> Option<Self> {
        let all = [Self::Coap, Self::Coaps, Self::CoapTcp, Self::CoapsTcp];
        all.into_iter().find(|scheme| scheme.name().eq_ignore_ascii_case(name))
    }
}

/// Host of a server URI.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// An address.
    Ip(IpAddr),
    /// A link-local IPv6 address with its zone. [RFC 6874]
    Zoned(Ipv6Addr, String),
    /// A name to look up.
    Name(String),
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(IpAddr::V4(ip)) => ip.fmt(f),
            Self::Ip(IpAddr::V6(ip)) => write!(f, "[{ip}]"),
            Self::Zoned(ip, zone) => write!(f, "[{ip}%25{zone}]"),
            Self::Name(name) => f.write_str(name),
        }
    }
}

/// A server URI: scheme, host and port. A path of `/` is allowed, anything else is refused.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Uri {
    /// Its scheme.
    pub scheme: Scheme,
    /// Its host.
    pub host: Host,
    /// Its port, or the default of the scheme.
    pub port: u16,
}

impl Uri {
    /// Reads a server URI.
    ///
    /// # Errors
    /// [`TransportError::BadTarget`] says what is wrong with it.
    pub fn parse(uri: &str) -> Result<Self, TransportError> {
        parse(uri).map_err(|why| TransportError::BadTarget { uri: uri.to_owned(), why })
    }

    /// The address, unless a name has to be looked up.
    #[must_use]
    pub fn socket_addr(&self) -> Option<SocketAddr> {
        match &self.host {
            Host::Ip(ip) => Some(SocketAddr::new(*ip, self.port)),
            Host::Zoned(..) | Host::Name(_) => None,
        }
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}", self.scheme.name(), self.host, self.port)
    }
}

fn parse(uri: &str) -> Result<Uri, &'static str> {
    let (scheme, rest) = uri.split_once("://").ok_or("a scheme such as coap:// is missing")?;
    let scheme = Scheme::parse(scheme).ok_or("the scheme is not coap, coaps, coap+tcp or coaps+tcp")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    if !matches!(path, "" | "/") {
        return Err("a server URI has no path, query or fragment");
    }
    if authority.contains('@') {
        return Err("a server URI has no user");
    }
    let (host, port) = split_port(authority)?;
    let port = port.map_or(Ok(scheme.default_port()), parse_port)?;
    Ok(Uri { scheme, host: parse_host(host)?, port })
}

/// Host, with the brackets of an address, and port.
fn split_port(authority: &str) -> Result<(&str, Option<&str>), &'static str> {
    if authority.starts_with('[') {
        let (host, rest) =
            authority.split_once(']').ok_or("the bracket of the IPv6 address is not closed")?;
        return match rest.strip_prefix(':') {
            Some(port) => Ok((host, Some(port))),
            None if rest.is_empty() => Ok((host, None)),
            None => Err("after the IPv6 address stands something else than a port"),
        };
    }
    match authority.split_once(':') {
        Some((_, port)) if port.contains(':') => Err("an IPv6 address needs brackets"),
        Some((host, port)) => Ok((host, Some(port))),
        None => Ok((authority, None)),
    }
}

fn parse_port(port: &str) -> Result<u16, &'static str> {
    if port.is_empty() || !port.bytes().all(|b| b.is_ascii_digit()) {
        return Err("the port is not a number");
    }
    match port.parse() {
        Ok(0) => Err("port 0 cannot be reached"),
        Ok(port) => Ok(port),
        Err(_) => Err("the port is greater than 65535"),
    }
}

fn parse_host(host: &str) -> Result<Host, &'static str> {
    if let Some(literal) = host.strip_prefix('[') {
        let (ip, zone) = match literal.split_once('%') {
            Some((ip, zone)) => (ip, Some(zone.strip_prefix("25").unwrap_or(zone))),
            None => (literal, None),
        };
        let ip: Ipv6Addr = ip.parse().map_err(|_| "the IPv6 address is malformed")?;
        return match zone {
            None => Ok(Host::Ip(IpAddr::V6(ip))),
            Some("") => Err("the zone of the IPv6 address is empty"),
            Some(zone) => Ok(Host::Zoned(ip, zone.to_owned())),
        };
    }
    if host.is_empty() {
        return Err("the host is missing");
    }
    if let Ok(ip) = host.parse::<Ipv4Addr>() {
        return Ok(Host::Ip(IpAddr::V4(ip)));
    }
    if host.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return Err("the IPv4 address is malformed");
    }
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_') || b >= 0x80;
    if host.len() > 253 || !host.bytes().all(plain) {
        return Err("the host is neither a name nor an address");
    }
    Ok(Host::Name(host.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(uri: &str) -> &'static str {
        match Uri::parse(uri) {
            Err(TransportError::BadTarget { why, .. }) => why,
            other => panic!("{uri}: {other:?}"),
        }
    }

    #[test]
    fn addresses_names_and_default_ports() {
        for (text, read) in [
            ("coap://192.0.2.1", "coap://192.0.2.1:5683"),
            ("COAP://[2001:db8::1]:61616/", "coap://[2001:db8::1]:61616"),
            ("coaps://lwm2m.example", "coaps://lwm2m.example:5684"),
            ("coap+tcp://_a-b.example:1", "coap+tcp://_a-b.example:1"),
            ("coap://[fe80::1%25eth0]", "coap://[fe80::1%25eth0]:5683"),
        ] {
            assert_eq!(Uri::parse(text).unwrap().to_string(), read);
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (uri, expected) in [
            ("lwm2m.example:5683", "a scheme such as coap:// is missing"),
            ("http://lwm2m.example", "the scheme is not coap, coaps, coap+tcp or coaps+tcp"),
            ("coap://", "the host is missing"),
            ("coap://:5683", "the host is missing"),
            ("coap://::1", "an IPv6 address needs brackets"),
            ("coap://[::1", "the bracket of the IPv6 address is not closed"),
            ("coap://[::1]5683", "after the IPv6 address stands something else than a port"),
            ("coap://[::g]", "the IPv6 address is malformed"),
            ("coap://1.2.3", "the IPv4 address is malformed"),
            ("coap://a:b", "the port is not a number"),
            ("coap://a:", "the port is not a number"),
            ("coap://a:+1", "the port is not a number"),
            ("coap://a:65536", "the port is greater than 65535"),
            ("coap://a:0", "port 0 cannot be reached"),
            ("coap://me@a", "a server URI has no user"),
            ("coap://a/rd", "a server URI has no path, query or fragment"),
            ("coap://a b", "the host is neither a name nor an address"),
        ] {
            assert_eq!(why(uri), expected, "{uri}");
        }
    }
}

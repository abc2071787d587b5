//! Names in certificates. [RFC 6125, Transport 1.2 §5.2.9]

use std::net::IpAddr;

use rustls_pki_types::ServerName;
use webpki::EndEntityCert;
use x509_cert::{
    Certificate,
    ext::pkix::{SubjectAltName, name::GeneralName},
};

/// So many names of a certificate are looked at. They are kept with the session.
pub const MAX_NAMES: usize = 16;
/// Octets of a name; longer ones are passed over.
pub const MAX_NAME: usize = 255;

/// Common name first, then the alternative names that are text or addresses.
pub(super) fn of(certificate: &Certificate) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let alternative = alternative(certificate);
    let all =
        common(certificate).into_iter().chain(alternative.iter().flat_map(|names| &names.0).filter_map(text));
    for name in all.filter(|name| !name.is_empty() && name.len() <= MAX_NAME) {
        if names.len() < MAX_NAMES && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

pub(super) fn common(certificate: &Certificate) -> Option<String> {
    let name = certificate.tbs_certificate().subject().common_name().ok()??;
    Some(name.value().into_owned())
}

fn alternative(certificate: &Certificate) -> Option<SubjectAltName> {
    let (_critical, names) = certificate.tbs_certificate().get_extension::<SubjectAltName>().ok()??;
    Some(names)
}

fn text(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(name)
        | GeneralName::UniformResourceIdentifier(name)
        | GeneralName::Rfc822Name(name) => Some(name.as_str().to_owned()),
        GeneralName::IpAddress(octets) => address(octets.as_bytes()).map(|address| address.to_string()),
        _ => None,
    }
}

fn address(octets: &[u8]) -> Option<IpAddr> {
    if let Ok(four) = <[u8; 4]>::try_from(octets) {
        return Some(four.into());
    }
    <[u8; 16]>::try_from(octets).ok().map(IpAddr::from)
}

/// Is it the certificate of this host?
///
/// A name has to be among the DNS names; where there are none, the common name may be it. An address has to be among
/// the addresses, the host of a URI, or the common name.
pub(super) fn is_for(leaf: &EndEntityCert<'_>, certificate: &Certificate, host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
    let Ok(name) = ServerName::try_from(host) else { return false };
    if leaf.verify_is_valid_for_subject_name(&name).is_ok() {
        return true;
    }
    let is_common = || common(certificate).is_some_and(|common| common.eq_ignore_ascii_case(host));
    match host.parse::<IpAddr>() {
        Ok(address) => uris(certificate, address) || is_common(),
        Err(_) => leaf.valid_dns_names().next().is_none() && !has_dns_name(certificate) && is_common(),
    }
}

/// Also one that no host can have hides the common name.
fn has_dns_name(certificate: &Certificate) -> bool {
    alternative(certificate)
        .is_some_and(|names| names.0.iter().any(|name| matches!(name, GeneralName::DnsName(_))))
}

fn uris(certificate: &Certificate, address: IpAddr) -> bool {
    let is_host = |name: &GeneralName| match name {
        GeneralName::UniformResourceIdentifier(uri) => host_of(uri.as_str()) == Some(address),
        _ => false,
    };
    alternative(certificate).is_some_and(|names| names.0.iter().any(is_host))
}

/// The address in `scheme://[user@]address[:port][/…]`.
fn host_of(uri: &str) -> Option<IpAddr> {
    let (_scheme, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0.parse().ok(),
        None => host.split(':').next()?.parse().ok(),
    }
}

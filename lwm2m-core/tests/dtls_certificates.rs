//! Which certificates hold: paths, usages, matching types, names, dates.

#![allow(clippy::unwrap_used)]

mod authority;

use authority::{Holder, dns, message, root, uri};
use bytes::Bytes;
use lwm2m_core::{
    Association, Matching, UnixTime, Usage,
    dtls::{
        Refusal,
        certificate::{
            ServerPolicy, Verified, fingerprint, verify_client, verify_raw_public_key, verify_server,
        },
        message::{Certificate, CertificateType},
    },
};
use rcgen::{ExtendedKeyUsagePurpose, SanType, date_time_ymd};

const HOST: &str = "server.example";
const NOW: UnixTime = UnixTime(1_764_000_000_000_000); // November 2025

fn check(
    chain: &[&Holder],
    host: &str,
    trust: &[&Holder],
    association: Option<&Association>,
    now: Option<UnixTime>,
) -> Result<Verified, Refusal> {
    let trust: Vec<Bytes> = trust.iter().map(|holder| holder.der.clone()).collect();
    let body = message(chain);
    let Certificate::X509(list) = Certificate::parse(CertificateType::X509, &body).unwrap() else { panic!() };
    verify_server(list, &ServerPolicy { host, association, trust: &trust }, now)
}

/// `ok` or the refusal.
fn said(result: Result<Verified, Refusal>) -> String {
    result.map_or_else(|refused| refused.to_string(), |_| "ok".to_owned())
}

fn association(usage: Option<Usage>, holder: &Holder) -> Association {
    Association { usage, matching: Matching::Exact, data: holder.der.clone() }
}

#[test]
fn a_path_leads_to_a_trusted_authority() {
    let (ca, other) = (root("CA", 1), root("Other", 2));
    let between = ca.authority("Between", 3);
    let server = between.server("x", 4, vec![dns(HOST)]);
    let verified = check(&[&server, &between], HOST, &[&other, &ca], None, Some(NOW)).unwrap();
    assert_eq!(verified.key, server.key.public());
    assert_eq!(verified.names, ["x", HOST]);
    assert!(verified.dates_checked);
    let result = |chain: &[&Holder], trust: &[&Holder]| said(check(chain, HOST, trust, None, Some(NOW)));
    assert_eq!(result(&[&server, &between, &other], &[&ca]), "ok", "what is too much does no harm");
    assert_eq!(result(&[&server], &[&ca]), "unknown_ca: issuer of the certificate");
    assert_eq!(result(&[&server, &between], &[&other]), "unknown_ca: issuer of the certificate");
    assert_eq!(result(&[&server, &between], &[]), "unknown_ca: issuer of the certificate");
    assert_eq!(result(&[], &[&ca]), "handshake_failure: no certificate");
    // An authority of the same name with another key.
    let forged = root("CA", 9).server("x", 4, vec![dns(HOST)]);
    assert_eq!(result(&[&forged], &[&ca]), "bad_certificate: signature of a certificate");
    // A server that signs.
    let below = server.server("y", 5, vec![dns(HOST)]);
    assert!(check(&[&below, &server, &between], HOST, &[&ca], None, Some(NOW)).is_err());
    let mut cut = server;
    cut.der = cut.der.slice(..cut.der.len() - 1);
    assert_eq!(result(&[&cut, &between], &[&ca]), "bad_certificate: syntax of the certificate");
}

#[test]
fn names_are_of_the_host() {
    let ca = root("CA", 1);
    let named = |name: &str, alternative: Vec<SanType>, host: &str| {
        said(check(&[&ca.server(name, 4, alternative)], host, &[&ca], None, Some(NOW)))
    };
    const OTHER: &str = "certificate_unknown: certificate of another host";
    assert_eq!(named("x", vec![dns("a.example"), dns(HOST)], HOST), "ok");
    assert_eq!(named("x", vec![dns("*.fleet.example")], "server.fleet.example"), "ok");
    assert_eq!(named("x", vec![dns("SERVER.example")], "Server.Example."), "ok");
    assert_eq!(named("x", vec![dns("other.example")], HOST), OTHER);
    assert_eq!(named(HOST, vec![], HOST), "ok", "the common name where there is no DNS name");
    assert_eq!(named(HOST, vec![dns("other.example")], HOST), OTHER, "and only there");
    assert_eq!(named("other.example", vec![], HOST), OTHER);
    let four = |address: [u8; 4]| SanType::IpAddress(address.into());
    assert_eq!(named("x", vec![four([192, 0, 2, 1])], "192.0.2.1"), "ok");
    assert_eq!(named("x", vec![four([192, 0, 2, 2])], "192.0.2.1"), OTHER);
    assert_eq!(named("x", vec![uri("coaps://192.0.2.1:5684/")], "192.0.2.1"), "ok");
    assert_eq!(named("x", vec![uri("coaps://192.0.2.1.example")], "192.0.2.1"), OTHER);
    assert_eq!(named("192.0.2.1", vec![], "192.0.2.1"), "ok");
    assert_eq!(named("x", vec![uri("coaps://[2001:db8::1]")], "[2001:db8::1]"), "ok");
    let six: std::net::IpAddr = "2001:db8::1".parse().unwrap();
    assert_eq!(named("x", vec![SanType::IpAddress(six)], "2001:db8:0::1"), "ok");
    assert_eq!(named("x", vec![dns(HOST)], "192.0.2.1"), OTHER);
    assert_eq!(named("x", vec![dns(HOST)], ""), OTHER);
}

#[test]
fn usages_say_what_the_account_names() {
    let (ca, other) = (root("CA", 1), root("Other", 2));
    let between = ca.authority("Between", 3);
    let server = between.server("x", 4, vec![dns(HOST)]);
    let chain = [&server, &between];
    let result = |usage, of: &Holder, trust: &[&Holder], host: &str| {
        said(check(&chain, host, trust, Some(&association(usage, of)), Some(NOW)))
    };
    const UNKNOWN: &str = "unknown_ca: issuer of the certificate";
    const NOT_IT: &str = "certificate_unknown: not the certificate of the account";
    const HOSTS: &str = "certificate_unknown: certificate of another host";
    // 0: trusted by the device, and by way of the account's.
    let usage = Some(Usage::CaConstraint);
    assert_eq!(result(usage, &ca, &[&ca, &other], HOST), "ok");
    assert_eq!(result(usage, &between, &[&ca], HOST), "ok");
    assert_eq!(result(usage, &other, &[&ca, &other], HOST), UNKNOWN);
    assert_eq!(result(usage, &ca, &[&other], HOST), UNKNOWN);
    assert_eq!(result(usage, &ca, &[&ca], "other.example"), HOSTS);
    // 1: trusted by the device, and the account's itself.
    let usage = Some(Usage::ServiceCertificate);
    assert_eq!(result(usage, &server, &[&ca], HOST), "ok");
    assert_eq!(result(usage, &server, &[&other], HOST), UNKNOWN);
    assert_eq!(result(usage, &between, &[&ca], HOST), NOT_IT);
    assert_eq!(result(usage, &server, &[&ca], "other.example"), HOSTS);
    // 2: the account's alone is trusted.
    let usage = Some(Usage::TrustAnchor);
    assert_eq!(result(usage, &ca, &[], HOST), "ok");
    assert_eq!(result(usage, &between, &[], HOST), "ok");
    assert_eq!(result(usage, &other, &[&ca], HOST), UNKNOWN);
    assert_eq!(result(usage, &ca, &[], "other.example"), HOSTS);
    // 3: the account's itself, whatever its name.
    let usage = Some(Usage::DomainIssued);
    assert_eq!(result(usage, &server, &[], "other.example"), "ok");
    assert_eq!(result(usage, &ca, &[&ca], HOST), NOT_IT);
    // LwM2M 1.0: itself, or its authority.
    assert_eq!(result(None, &server, &[], "other.example"), "ok");
    assert_eq!(result(None, &ca, &[], HOST), "ok");
    assert_eq!(result(None, &ca, &[], "other.example"), HOSTS);
    assert_eq!(result(None, &other, &[&ca], HOST), UNKNOWN);
}

#[test]
fn a_hash_names_a_certificate_as_well() {
    let ca = root("CA", 1);
    let server = ca.server("x", 4, vec![dns(HOST)]);
    let hashed = |usage, of: &Holder| Association {
        usage: Some(usage),
        matching: Matching::Sha256,
        data: Bytes::copy_from_slice(&fingerprint(&of.der)),
    };
    let result = |chain: &[&Holder], association: &Association| {
        said(check(chain, HOST, &[], Some(association), Some(NOW)))
    };
    assert_eq!(result(&[&server], &hashed(Usage::DomainIssued, &server)), "ok");
    assert_ne!(result(&[&server], &hashed(Usage::DomainIssued, &ca)), "ok");
    assert_eq!(
        result(&[&server, &ca], &hashed(Usage::TrustAnchor, &ca)),
        "ok",
        "the chain brings the authority"
    );
    assert_eq!(result(&[&server], &hashed(Usage::TrustAnchor, &ca)), "unknown_ca: authority of the account");
}

#[test]
fn dates_count_where_the_time_is_known() {
    let ca = root("CA", 1);
    let dated = |from, to| ca.sign(HOST, 4, |params| (params.not_before, params.not_after) = (from, to));
    let expired = dated(date_time_ymd(2021, 1, 1), date_time_ymd(2022, 1, 1));
    let early = dated(date_time_ymd(2029, 1, 1), date_time_ymd(2031, 1, 1));
    let result = |server: &Holder, now| said(check(&[server], HOST, &[&ca], None, now));
    assert_eq!(result(&expired, Some(NOW)), "certificate_expired: expired certificate");
    assert_eq!(result(&early, Some(NOW)), "certificate_expired: certificate that is not valid yet");
    assert_eq!(result(&expired, None), "ok");
    assert_eq!(result(&early, None), "ok");
    assert!(!check(&[&expired], HOST, &[&ca], None, None).unwrap().dates_checked);
    // Without a clock, too, there must have been a moment at which the whole chain was valid.
    let between = ca.sign("Between", 5, |params| {
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        params.not_after = date_time_ymd(2021, 1, 1);
    });
    let late = between.server(HOST, 6, vec![]);
    let later = between.sign(HOST, 6, |params| params.not_before = date_time_ymd(2022, 1, 1));
    assert_eq!(said(check(&[&late, &between], HOST, &[&ca], None, None)), "ok");
    assert_ne!(said(check(&[&later, &between], HOST, &[&ca], None, None)), "ok");
}

#[test]
fn clients_are_named_by_their_certificate() {
    let ca = root("CA", 1);
    let trust = [ca.der.clone()];
    let verified = |holder: &Holder| {
        let body = message(&[holder]);
        let Certificate::X509(list) = Certificate::parse(CertificateType::X509, &body).unwrap() else {
            panic!()
        };
        verify_client(list, &trust, Some(NOW)).map(|verified| verified.names)
    };
    let device = ca.sign("urn:dev:ops:1-2-3", 4, |params| {
        params.subject_alt_names = vec![uri("urn:dev:mac:0024befffe804ff1"), dns("thermo")];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    });
    assert_eq!(verified(&device).unwrap(), ["urn:dev:ops:1-2-3", "urn:dev:mac:0024befffe804ff1", "thermo"]);
    let server = ca.server("x", 5, vec![]);
    assert_eq!(
        verified(&server).unwrap_err().to_string(),
        "unsupported_certificate: extended key usage of the certificate"
    );
}

#[test]
fn raw_public_keys_are_compared() {
    let spki = authority::key(3).public().spki();
    assert_eq!(verify_raw_public_key(&spki, &spki, Matching::Exact).unwrap(), authority::key(3).public());
    assert!(verify_raw_public_key(&spki, &fingerprint(&spki), Matching::Sha256).is_ok());
    let other = authority::key(4).public().spki();
    assert!(verify_raw_public_key(&spki, &other, Matching::Exact).is_err());
    assert!(verify_raw_public_key(&spki, &fingerprint(&other), Matching::Sha256).is_err());
    assert!(verify_raw_public_key(&spki, &[], Matching::Sha512).is_err());
}

//! Accounts as instances of the Security object, and back. [Core 1.2 §E.1, §5.2.8]

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use lwm2m_core::{
    Association, Bytes, Credentials, Matching, Secret, Usage,
    security::blocks,
    transport::{Target, Uri},
};
use lwm2m_objects::{Security, oma::SecurityMode};

use super::ServerAccount;
use crate::{BootstrapAccount, ClientError};

/// Where to connect to, and with which keys. `trust`: authorities that the device itself trusts.
pub(crate) fn target(security: &Security, trust: &[Bytes]) -> Result<Target, ClientError> {
    let bad = |why| Err(ClientError::Account(why));
    let is_secure = Uri::parse(&security.server_uri)?.scheme.is_secure();
    let credentials = credentials(security, trust)?;
    match (is_secure, &credentials) {
        (true, None) => return bad("the URI is secure, the security mode is NoSec"),
        (false, Some(_)) => return bad("the security mode needs a secure URI, such as coaps://"),
        _ => {}
    }
    let mut target = Target::new(security.server_uri.as_str());
    target.credentials = credentials.map(Arc::new);
    target.server_name.clone_from(&security.sni);
    for number in security.dtls_tls_ciphersuite.values() {
        match u16::try_from(*number) {
            Ok(number) => target.suites.push(number),
            Err(_) => return bad("a cipher suite has two octets"),
        }
    }
    Ok(target)
}

fn credentials(security: &Security, trust: &[Bytes]) -> Result<Option<Credentials>, ClientError> {
    let bad = |why| Err(ClientError::Account(why));
    let key = security.secret_key.clone();
    if security.security_mode != SecurityMode::NoSec && key.expose().is_empty() {
        return bad("the secret key (5) is missing");
    }
    let matching = match security.matching_type {
        None => Matching::Exact,
        Some(number) => {
            Matching::from_number(number).ok_or(ClientError::Account("the matching type (13) is unknown"))?
        }
    };
    Ok(Some(match security.security_mode {
        SecurityMode::NoSec => return Ok(None),
        SecurityMode::PreSharedKey => {
            Credentials::Psk { identity: security.public_key_or_identity.clone(), key }
        }
        SecurityMode::RawPublicKey if security.server_public_key.is_empty() => {
            return bad("the server's public key (4) is missing");
        }
        SecurityMode::RawPublicKey => {
            private(&key)?;
            Credentials::RawPublicKey { key, peer: security.server_public_key.clone(), matching }
        }
        SecurityMode::Certificate => {
            let Some(chain) = blocks(&security.public_key_or_identity) else {
                return bad("the public key (3) is no certificate");
            };
            private(&key)?;
            let usage = match security.certificate_usage {
                None => None,
                Some(number) => match Usage::from_number(number) {
                    Some(usage) => Some(usage),
                    None => return bad("the certificate usage (15) is unknown"),
                },
            };
            let data = security.server_public_key.clone();
            let peer = (!data.is_empty()).then_some(Association { usage, matching, data });
            Credentials::Certificate { chain, key, trust: trust.to_vec(), peer }
        }
        SecurityMode::CertificateEnrolment => return bad("enrolment (EST) is not supported"),
        SecurityMode::Other(_) => return bad("the security mode (2) is unknown"),
    }))
}

/// A device that cannot prove itself would be refused for ever, in each handshake anew.
#[cfg(feature = "dtls")]
fn private(key: &Secret) -> Result<(), ClientError> {
    let key = lwm2m_core::dtls::key::PrivateKey::from_octets(key.expose());
    key.map(|_| ()).map_err(|_| ClientError::Account("the secret key (5) is no private key of P-256"))
}

#[cfg(not(feature = "dtls"))]
fn private(_key: &Secret) -> Result<(), ClientError> {
    Ok(())
}

/// The Security instance of an account.
pub(crate) fn security(account: &ServerAccount) -> Security {
    let Target { uri, server_name, suites, .. } = &account.target;
    let suites: BTreeMap<u16, u64> = (0..).zip(suites.iter().copied().map(u64::from)).collect();
    let mut security = Security {
        server_uri: uri.clone(),
        security_mode: SecurityMode::NoSec,
        short_server_id: Some(i64::from(account.short_server_id)),
        sni: server_name.clone(),
        dtls_tls_ciphersuite: suites,
        ..Security::default()
    };
    match account.target.credentials.as_deref() {
        Some(Credentials::Psk { identity, key }) => {
            security.security_mode = SecurityMode::PreSharedKey;
            (security.public_key_or_identity, security.secret_key) = (identity.clone(), key.clone());
        }
        Some(Credentials::RawPublicKey { key, peer, matching }) => {
            security.security_mode = SecurityMode::RawPublicKey;
            security.public_key_or_identity = public_half(key);
            (security.secret_key, security.server_public_key) = (key.clone(), peer.clone());
            security.matching_type = number(*matching);
        }
        Some(Credentials::Certificate { chain, key, peer, .. }) => {
            security.security_mode = SecurityMode::Certificate;
            security.public_key_or_identity = chain.concat().into();
            security.secret_key = key.clone();
            if let Some(Association { usage, matching, data }) = peer {
                security.server_public_key = data.clone();
                security.certificate_usage = usage.map(|usage| usage as u64);
                security.matching_type = number(*matching);
            }
        }
        _ => {}
    }
    security
}

/// The Security instance of the bootstrap server.
pub(crate) fn security_of_bootstrap(account: &BootstrapAccount) -> Security {
    let seconds = |time: Duration| i64::try_from(time.as_secs()).ok().filter(|seconds| *seconds > 0);
    Security {
        bootstrap_server: true,
        short_server_id: None,
        client_hold_off_time: seconds(account.hold_off),
        bootstrap_server_account_timeout: seconds(account.timeout),
        ..security(&ServerAccount::new(1, account.target.clone()))
    }
}

/// The default is not said.
fn number(matching: Matching) -> Option<u64> {
    Some(matching as u64).filter(|number| *number != 0)
}

#[cfg(feature = "dtls")]
fn public_half(key: &Secret) -> Bytes {
    let key = lwm2m_core::dtls::key::PrivateKey::from_octets(key.expose());
    key.map(|key| Bytes::copy_from_slice(&key.public().spki())).unwrap_or_default()
}

#[cfg(not(feature = "dtls"))]
fn public_half(_key: &Secret) -> Bytes {
    Bytes::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(credentials: Credentials) -> ServerAccount {
        let mut target = Target::new("coaps://lwm2m.example").credentials(credentials);
        target.server_name = Some("other.example".to_owned());
        target.suites = vec![0xC0A8, 0x00A8];
        ServerAccount::new(7, target)
    }

    #[test]
    fn an_account_survives_its_object() {
        let (key, data) = (Secret::new(vec![1; 32]), Bytes::from_static(b"\x30\x01\x07"));
        let chain = vec![data.clone(), Bytes::from_static(b"\x30\x82\x00\x02\x01\x02")];
        let peer = |usage, matching| Some(Association { usage, matching, data: data.clone() });
        let certificate = |peer| Credentials::Certificate {
            chain: chain.clone(),
            key: key.clone(),
            trust: Vec::new(),
            peer,
        };
        for credentials in [
            Credentials::Psk { identity: Bytes::from_static(b"thermo"), key: key.clone() },
            Credentials::RawPublicKey { key: key.clone(), peer: data.clone(), matching: Matching::Sha256 },
            certificate(None),
            certificate(peer(None, Matching::Exact)),
            certificate(peer(Some(Usage::CaConstraint), Matching::Exact)),
            certificate(peer(Some(Usage::DomainIssued), Matching::Sha512)),
        ] {
            let account = account(credentials);
            let read = target(&security(&account), &[]).unwrap();
            assert_eq!(read, account.target);
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let psk = Credentials::Psk { identity: Bytes::from_static(b"a"), key: Secret::new(vec![1; 16]) };
        let good = security(&account(psk));
        let why = |security: &Security| target(security, &[]).unwrap_err().to_string();
        let plain = Security { server_uri: "coap://lwm2m.example".to_owned(), ..good.clone() };
        assert_eq!(why(&plain), "the account: the security mode needs a secure URI, such as coaps://");
        let no_key = Security { secret_key: Secret::default(), ..good.clone() };
        assert_eq!(why(&no_key), "the account: the secret key (5) is missing");
        let raw = Security { security_mode: SecurityMode::RawPublicKey, ..good.clone() };
        assert_eq!(why(&raw), "the account: the server's public key (4) is missing");
        let none = Security { security_mode: SecurityMode::NoSec, ..good.clone() };
        assert_eq!(why(&none), "the account: the URI is secure, the security mode is NoSec");
        #[cfg(feature = "dtls")]
        {
            let public = Bytes::from_static(b"\x30\x01\x07");
            let raw = Security { server_public_key: public, ..raw };
            assert_eq!(why(&raw), "the account: the secret key (5) is no private key of P-256");
        }
        let certificate = Security { security_mode: SecurityMode::Certificate, ..good };
        assert_eq!(why(&certificate), "the account: the public key (3) is no certificate");
    }
}

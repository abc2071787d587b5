//! Certificates for tests: authorities, and what they sign.

#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

use bytes::{Bytes, BytesMut};
use lwm2m_core::dtls::{key::PrivateKey, message::Certificate as CertificateMessage, prf::sha256};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod,
    KeyUsagePurpose, PublicKeyData, SanType, SerialNumber, SignatureAlgorithm, SigningKey, date_time_ymd,
};

/// A key as rcgen wants it.
struct Key {
    private: PrivateKey,
    point: Vec<u8>,
}

impl Key {
    fn new(private: &PrivateKey) -> Self {
        Self { private: private.clone(), point: private.public().spki()[26..].to_vec() }
    }
}

impl PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        &self.point
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_ECDSA_P256_SHA256
    }
}

impl SigningKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(self.private.sign(&sha256(&[message])).unwrap().as_signature().der.to_vec())
    }
}

/// A certificate and its key.
#[derive(Clone)]
pub(crate) struct Holder {
    /// DER.
    pub(crate) der: Bytes,
    pub(crate) key: PrivateKey,
    params: CertificateParams,
}

/// Different for every seed.
pub(crate) fn key(seed: u8) -> PrivateKey {
    PrivateKey::from_octets(&[seed; 32]).unwrap()
}

fn params(name: &str, seed: u8) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    if !name.is_empty() {
        params.distinguished_name.push(DnType::CommonName, name);
    }
    params.serial_number = Some(SerialNumber::from_slice(&[seed]));
    params.key_identifier_method = KeyIdMethod::PreSpecified(vec![seed; 20]);
    (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2030, 1, 1));
    params
}

/// An authority that nobody signed.
pub(crate) fn root(name: &str, seed: u8) -> Holder {
    let key = key(seed);
    let mut params = params(name, seed);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let der = params.self_signed(&Key::new(&key)).unwrap().der().to_vec().into();
    Holder { der, key, params }
}

impl Holder {
    /// Signs with this one's key.
    pub(crate) fn sign(&self, name: &str, seed: u8, change: impl FnOnce(&mut CertificateParams)) -> Holder {
        let key = key(seed);
        let mut params = params(name, seed);
        change(&mut params);
        let issuer = Issuer::from_params(&self.params, Key::new(&self.key));
        let der = params.signed_by(&Key::new(&key), &issuer).unwrap().der().to_vec().into();
        Holder { der, key, params }
    }

    /// An authority below this one.
    pub(crate) fn authority(&self, name: &str, seed: u8) -> Holder {
        self.sign(name, seed, |params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained))
    }

    /// A server with these alternative names.
    pub(crate) fn server(&self, name: &str, seed: u8, alternative: Vec<SanType>) -> Holder {
        self.sign(name, seed, |params| {
            params.subject_alt_names = alternative;
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        })
    }
}

pub(crate) fn dns(name: &str) -> SanType {
    SanType::DnsName(name.try_into().unwrap())
}

pub(crate) fn uri(name: &str) -> SanType {
    SanType::URI(name.try_into().unwrap())
}

/// A Certificate message.
pub(crate) fn message(chain: &[&Holder]) -> BytesMut {
    let mut out = BytesMut::new();
    let chain: Vec<_> = chain.iter().map(|holder| &holder.der).collect();
    CertificateMessage::encode_chain(&chain, &mut out);
    out
}

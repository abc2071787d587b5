//! LwM2M Security (0), version 1.2. [Core 1.2 §E.1]

use std::collections::BTreeMap;

use lwm2m_core::{Bytes, Enumeration, Object, Objlnk, Secret};

/// LwM2M Security (0): an account, that is where a server is and how to be safe with it.
///
/// Only bootstrap writes it; no server reads it.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 0, version = "1.2", name = "LWM2M Security", multiple, mandatory, serde)]
pub struct Security {
    /// Where the server is; the scheme says over which transport.
    #[resource(id = 0, ops = "none", name = "LWM2M Server URI", mandatory, range(0, 255))]
    pub server_uri: String,
    /// Is this the account of a bootstrap server?
    #[resource(id = 1, ops = "none", name = "Bootstrap-Server", mandatory)]
    pub bootstrap_server: bool,
    /// How the connection is protected.
    #[resource(id = 2, ops = "none", mandatory, range(0, 4))]
    pub security_mode: SecurityMode,
    /// Identity of a pre-shared key, or our public key or certificate.
    #[resource(id = 3, ops = "none", name = "Public Key or Identity", mandatory)]
    pub public_key_or_identity: Bytes,
    /// The server's public key or certificate.
    #[resource(id = 4, ops = "none", mandatory)]
    pub server_public_key: Bytes,
    /// Pre-shared key or private key.
    #[resource(id = 5, ops = "none", mandatory)]
    pub secret_key: Secret,
    /// 1 DTLS, 2 secured packets by smartcard, 3 none; from 204 as the vendor defines.
    #[resource(id = 6, ops = "none", name = "SMS Security Mode", range(0, 255))]
    pub sms_security_mode: Option<i64>,
    /// KIc, KID, SPI and TAR. Bootstrap servers in the field write it empty where there is none.
    #[resource(id = 7, ops = "none", name = "SMS Binding Key Parameters", enumeration(0, 6))]
    pub sms_binding_key_parameters: Option<Bytes>,
    /// One, two or three keys of 16 octets; or none, likewise.
    #[resource(id = 8, ops = "none", name = "SMS Binding Secret Key(s)", enumeration(0, 16, 32, 48))]
    pub sms_binding_secret_keys: Option<Secret>,
    /// The only number that SMS are taken from.
    #[resource(id = 9, ops = "none", name = "LwM2M Server SMS Number")]
    pub server_sms_number: Option<String>,
    /// Which Server instance this account belongs to.
    #[resource(id = 10, ops = "none", name = "Short Server ID", range(1, 65534))]
    pub short_server_id: Option<i64>,
    /// Wait before a bootstrap that the client begins.
    #[resource(id = 11, ops = "none", unit = "s")]
    pub client_hold_off_time: Option<i64>,
    /// The bootstrap account goes this long after bootstrap; 0: never.
    #[resource(id = 12, ops = "none", name = "Bootstrap-Server Account Timeout", unit = "s")]
    pub bootstrap_server_account_timeout: Option<i64>,
    /// How resource 4 is to be compared: 0 as it is, 1 by SHA-256, 2 SHA-384, 3 SHA-512.
    #[resource(id = 13, ops = "none", range(0, 3))]
    pub matching_type: Option<u64>,
    /// Name to ask for and to find in the certificate, in place of the host in the URI.
    #[resource(id = 14, ops = "none", name = "SNI")]
    pub sni: Option<String>,
    /// 0 CA constraint, 1 service certificate, 2 trust anchor, 3 domain-issued.
    #[resource(id = 15, ops = "none", range(0, 3))]
    pub certificate_usage: Option<u64>,
    /// The only ciphersuites to offer, as IANA numbers them: `0xc0a8` for both octets.
    #[resource(id = 16, ops = "none", name = "DTLS/TLS Ciphersuite")]
    pub dtls_tls_ciphersuite: BTreeMap<u16, u64>,
    /// The OSCORE instance that protects this account.
    #[resource(id = 17, ops = "none", name = "OSCORE Security Mode")]
    pub oscore_security_mode: Option<Objlnk>,
    /// Groups for the key exchange, the best first, as IANA numbers them.
    #[resource(id = 18, ops = "none", name = "Groups To Use by Client", range(0, 65535))]
    pub groups_to_use_by_client: BTreeMap<u16, u64>,
    /// Signature algorithms that the server takes, as IANA numbers them.
    #[resource(id = 19, ops = "none", name = "Signature Algorithms Supported by Server", range(0, 65535))]
    pub signature_algorithms_supported_by_server: BTreeMap<u16, u64>,
    /// Signature algorithms to use, the best first.
    #[resource(id = 20, ops = "none", name = "Signature Algorithms To Use by Client", range(0, 65535))]
    pub signature_algorithms_to_use_by_client: BTreeMap<u16, u64>,
    /// Signature algorithms that the server takes in certificates.
    #[resource(
        id = 21,
        ops = "none",
        name = "Signature Algorithm Certs Supported by Server",
        range(0, 65535)
    )]
    pub signature_algorithm_certs_supported_by_server: BTreeMap<u16, u64>,
    /// Of TLS 1.3: bit 0 pre-shared keys, bit 1 early data, bit 2 pre-shared keys with forward secrecy, bit 3 certificates.
    #[resource(id = 22, ops = "none", name = "TLS 1.3 Features To Use by Client", range(0, 65535))]
    pub tls_1_3_features_to_use_by_client: Option<u64>,
    /// Bit 0 server name, 1 fragment length, 2 status, 3 heartbeat, 4 ALPN, 5 certificate timestamps, 6 certificate
    /// compression, 7 record size, 8 ticket pinning, 9 authorities, 10 OID filters, 11 late authentication, 12 connection id.
    #[resource(id = 23, ops = "none", name = "TLS Extensions Supported by Server", range(0, 65535))]
    pub tls_extensions_supported_by_server: Option<u64>,
    /// Bits as those of [`tls_extensions_supported_by_server`](Self::tls_extensions_supported_by_server).
    #[resource(id = 24, ops = "none", name = "TLS Extensions To Use by Client", range(0, 65535))]
    pub tls_extensions_to_use_by_client: Option<u64>,
    /// Further places of the same server.
    #[resource(id = 25, ops = "none", name = "Secondary LwM2M Server URI", range(0, 255))]
    pub secondary_lwm2m_server_uri: BTreeMap<u16, String>,
    /// The MQTT instance of an account over MQTT.
    #[resource(id = 26, ops = "none", name = "MQTT Server")]
    pub mqtt_server: Option<Objlnk>,
    /// Keys of COSE.
    #[resource(id = 27, ops = "none", name = "LwM2M COSE Security")]
    pub cose_security: BTreeMap<u16, Objlnk>,
    /// Port of the server over non-IP.
    #[resource(id = 28, ops = "none", name = "RDS Destination Port", range(0, 15))]
    pub rds_destination_port: Option<i64>,
    /// Port of the device over non-IP.
    #[resource(id = 29, ops = "none", name = "RDS Source Port", range(0, 15))]
    pub rds_source_port: Option<i64>,
    /// Application over non-IP.
    #[resource(id = 30, ops = "none", name = "RDS Application ID")]
    pub rds_application_id: Option<String>,
}

/// How the connection to a server is protected.
#[derive(Enumeration, Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SecurityMode {
    /// By a key that both ends know.
    #[default]
    PreSharedKey,
    /// By public keys without certificates.
    RawPublicKey,
    /// By certificates.
    Certificate,
    /// Not at all.
    NoSec,
    /// By certificates that the client enrols for (EST).
    CertificateEnrolment,
    /// A number of a newer version, or of a vendor.
    #[enumeration(other)]
    Other(i64),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_do_not_show() {
        let account = Security {
            secret_key: Secret::new(b"hunter2".to_vec()),
            sms_binding_secret_keys: Some(Secret::new(b"hunter2".to_vec())),
            ..Security::default()
        };
        let shown = format!("{account:?}");
        assert!(!shown.contains("hunter") && !shown.contains("104"), "{shown}");
    }
}

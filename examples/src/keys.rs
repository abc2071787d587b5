//! What the program `keys` makes: pre-shared keys, key pairs, authorities and what they sign.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::BytesMut;
use lwm2m_core::{
    Bytes, Secret,
    dtls::{
        certificate::{ServerPolicy, common_name, fingerprint, verify_client, verify_server},
        key::PrivateKey,
        message::{Certificate, CertificateType},
        prf::sha256,
    },
    file::owner_only,
};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyIdMethod, KeyUsagePurpose, PublicKeyData, SanType, SerialNumber, SignatureAlgorithm, SigningKey,
    date_time_ymd,
};

/// Octets that nobody can guess.
///
/// # Errors
/// The system has none.
pub fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut octets = [0; N];
    getrandom::fill(&mut octets).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(octets)
}

/// A new private key of P-256.
///
/// # Errors
/// The system has no random octets.
pub fn private_key() -> io::Result<PrivateKey> {
    let mut failed = Ok(());
    let key = PrivateKey::generate(|octets| match random() {
        Ok(random) => *octets = random,
        Err(error) => {
            failed = Err(error);
            octets[31] = 1; // Ends the search; the key is thrown away.
        }
    });
    failed.map(|()| key)
}

/// In hexadecimal.
#[must_use]
pub fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// What a certificate is for.
#[derive(Clone, Debug)]
pub enum Holder {
    /// An authority that signs others.
    Authority,
    /// A device; its endpoint name is the common name.
    Device,
    /// A server with these host names and addresses.
    Server(Vec<String>),
}

/// A certificate in DER and its key.
#[derive(Clone, Debug)]
pub struct Certified {
    /// The certificate.
    pub der: Bytes,
    /// Its key.
    pub key: PrivateKey,
}

/// A new authority. It signs itself.
///
/// # Errors
/// The name cannot be in a certificate, or the system has no random octets.
pub fn authority(name: &str, days: u32) -> Result<Certified, String> {
    let key = private_key().map_err(|error| error.to_string())?;
    let params = params(name, &Holder::Authority, days, &key)?;
    let certificate = params.self_signed(&Signer::new(&key)).map_err(|error| error.to_string())?;
    Ok(Certified { der: certificate.der().to_vec().into(), key })
}

/// A certificate that an authority signs, with a new key.
///
/// # Errors
/// The name cannot be in a certificate, or the authority is none that [`authority`] made.
pub fn certificate(by: &Certified, name: &str, holder: &Holder, days: u32) -> Result<Certified, String> {
    let key = private_key().map_err(|error| error.to_string())?;
    let params = params(name, holder, days, &key)?;
    let authority = common_name(&by.der).ok().flatten().ok_or("the authority has no common name")?;
    let issuer =
        Issuer::new(self::params(&authority, &Holder::Authority, days, &by.key)?, Signer::new(&by.key));
    let certificate = params.signed_by(&Signer::new(&key), &issuer).map_err(|error| error.to_string())?;
    let certified = Certified { der: certificate.der().to_vec().into(), key };
    check(&certified, by, holder)?;
    Ok(certified)
}

/// Whoever is given the authority must be able to verify what it signed.
fn check(certified: &Certified, by: &Certified, holder: &Holder) -> Result<(), String> {
    let trust = [by.der.clone()];
    let mut body = BytesMut::new();
    Certificate::encode_chain(&[&certified.der], &mut body);
    let Ok(Certificate::X509(chain)) = Certificate::parse(CertificateType::X509, &body) else {
        return Err("the certificate is too long".to_owned());
    };
    let verified = match holder {
        Holder::Server(hosts) => hosts.iter().try_for_each(|host| {
            let policy = ServerPolicy { host, association: None, trust: &trust };
            verify_server(chain, &policy, None).map(|_| ())
        }),
        Holder::Device | Holder::Authority => verify_client(chain, &trust, None).map(|_| ()),
    };
    verified.map_err(|refused| {
        format!("what this authority signs does not hold ({refused}): is its key another's?")
    })
}

fn params(name: &str, holder: &Holder, days: u32, key: &PrivateKey) -> Result<CertificateParams, String> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    let mut serial: [u8; 16] = random().map_err(|error| error.to_string())?;
    serial[0] = serial[0] & 0x7F | 0x40; // Positive, and of full length. [RFC 5280 §4.1.2.2]
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    let identifier = fingerprint(&key.public().spki());
    params.key_identifier_method = KeyIdMethod::PreSpecified(identifier[..20].to_vec());
    params.use_authority_key_identifier_extension = !matches!(holder, Holder::Authority);
    let now = now();
    let day = Duration::from_secs(86_400);
    let begin = date_time_ymd(1970, 1, 1);
    params.not_before = begin + now.saturating_sub(day); // Clocks of devices are not exact.
    params.not_after = begin + now + day * days;
    match holder {
        Holder::Authority => {
            params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
            params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        }
        Holder::Device => {
            params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        }
        Holder::Server(hosts) => {
            params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
            for host in hosts {
                params.subject_alt_names.push(alternative(host)?);
            }
        }
    }
    Ok(params)
}

fn alternative(host: &str) -> Result<SanType, String> {
    match host.parse() {
        Ok(address) => Ok(SanType::IpAddress(address)),
        Err(_) => host.try_into().map(SanType::DnsName).map_err(|_| format!("{host}: not a host name")),
    }
}

#[allow(clippy::disallowed_methods, reason = "a program")]
fn now() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

/// A key as rcgen wants it.
struct Signer {
    key: PrivateKey,
    point: Vec<u8>,
}

impl Signer {
    fn new(key: &PrivateKey) -> Self {
        Self { key: key.clone(), point: key.public().spki()[26..].to_vec() }
    }
}

impl PublicKeyData for Signer {
    fn der_bytes(&self) -> &[u8] {
        &self.point
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_ECDSA_P256_SHA256
    }
}

impl SigningKey for Signer {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let signed = self.key.sign(&sha256(&[message])).map_err(|_| rcgen::Error::RemoteKeyError)?;
        Ok(signed.as_signature().der.to_vec())
    }
}

/// A directory for what is made.
#[derive(Clone, Debug)]
pub struct Directory(pub PathBuf);

impl Directory {
    /// Writes `STEM.key.pem`, `STEM.key.der`, `STEM.pub.pem` and `STEM.pub.der`. Never over a key that is there.
    ///
    /// # Errors
    /// There is one, or the system says so.
    pub fn write_key(&self, stem: &str, key: &PrivateKey) -> Result<(), String> {
        self.write_secret(&format!("{stem}.key.pem"), &key.to_pem())?;
        self.write_secret(&format!("{stem}.key.der"), &key.to_pkcs8())?;
        let spki = key.public().spki();
        self.write(&format!("{stem}.pub.pem"), pem("PUBLIC KEY", &spki).as_bytes())?;
        self.write(&format!("{stem}.pub.der"), &spki)
    }

    /// Writes what [`Directory::write_key`] does, and `STEM.pem` and `STEM.der`.
    ///
    /// # Errors
    /// There is such a key, or the system says so.
    pub fn write_certificate(&self, stem: &str, certified: &Certified) -> Result<(), String> {
        self.write_key(stem, &certified.key)?;
        self.write(&format!("{stem}.pem"), pem("CERTIFICATE", &certified.der).as_bytes())?;
        self.write(&format!("{stem}.der"), &certified.der)
    }

    /// Reads what [`Directory::write_certificate`] wrote.
    ///
    /// # Errors
    /// It is not there, or is something else.
    pub fn read_certificate(&self, stem: &str) -> Result<Certified, String> {
        let read = |name: &str| {
            let path = self.0.join(format!("{stem}{name}"));
            fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
        };
        let key = Secret::new(read(".key.der")?);
        let key =
            PrivateKey::from_octets(key.expose()).map_err(|error| format!("{stem}.key.der: {error}"))?;
        Ok(Certified { der: read(".der")?.into(), key })
    }

    fn write(&self, name: &str, octets: &[u8]) -> Result<(), String> {
        fs::create_dir_all(&self.0).map_err(|error| format!("{}: {error}", self.0.display()))?;
        let path = self.0.join(name);
        fs::write(&path, octets).map_err(|error| format!("{}: {error}", path.display()))
    }

    fn write_secret(&self, name: &str, secret: &Secret) -> Result<(), String> {
        fs::create_dir_all(&self.0).map_err(|error| format!("{}: {error}", self.0.display()))?;
        let path = self.0.join(name);
        let written = owner_only()
            .write(true)
            .create_new(true)
            .open(&path)
            .and_then(|mut file| io::Write::write_all(&mut file, secret.expose()));
        written.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => {
                format!("{}: there is one already, and keys are not overwritten", path.display())
            }
            _ => format!("{}: {error}", path.display()),
        })
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    let digits = STANDARD.encode(der);
    let (mut text, mut rest) = (format!("-----BEGIN {label}-----\n"), digits.as_str());
    while !rest.is_empty() {
        let (line, next) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = next;
    }
    text + &format!("-----END {label}-----\n")
}

/// A name as that of a file.
#[must_use]
pub fn stem(name: &str) -> String {
    name.chars()
        .map(|char| if char.is_ascii_alphanumeric() || "._-".contains(char) { char } else { '_' })
        .collect()
}

/// A path as a word of a file of credentials.
#[must_use]
pub fn word(path: &Path) -> String {
    let mut word = String::new();
    for octet in path.as_os_str().as_encoded_bytes() {
        if octet.is_ascii_graphic() && !b"%*#".contains(octet) {
            word.push(char::from(*octet));
        } else {
            word += &format!("%{octet:02X}");
        }
    }
    word
}

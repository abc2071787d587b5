//! Flags for keys and places to listen, and what they become.

use std::{fmt, fs, path::PathBuf, str::FromStr};

use lwm2m_client::ServerAccount;
use lwm2m_core::{
    Association, Bytes, Credentials, Matching, Secret, Usage,
    security::{Credential, FileKeys, MemoryKeys, blocks},
    transport::{Listen, Scheme, Target, TransportError, Uri},
};

/// A pre-shared key as it is typed: `IDENTITY:HEXKEY`.
#[derive(Clone)]
pub struct Psk {
    identity: String,
    key: Secret,
}

impl FromStr for Psk {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Names of devices have colons, too.
        let (identity, digits) = text.rsplit_once(':').ok_or("IDENTITY:HEXKEY is expected")?;
        let key = hex(digits).filter(|key| !key.is_empty()).ok_or("the key is not hexadecimal")?;
        if identity.is_empty() {
            return Err("the identity is missing");
        }
        Ok(Self { identity: identity.to_owned(), key: Secret::new(key) })
    }
}

/// Never with the key.
impl fmt::Debug for Psk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Psk({})", self.identity)
    }
}

/// Where a server listens, with which keys; the ports are those without and with protection if nothing is said.
#[derive(clap::Args, Clone, Debug)]
pub struct Doors<const PLAIN: u16, const SECURE: u16> {
    #[arg(long, value_name = "URI")]
    #[arg(help = format!(
        "Where to listen; may be given several times [default: coap://[::]:{PLAIN}, with keys coaps://[::]:{SECURE}]"
    ))]
    listen: Vec<Place>,
    /// The key of a device, whose endpoint name is the identity; may be given several times. Others on this machine can
    /// read command lines: --credentials is better than this
    #[arg(long, value_name = "IDENTITY:HEXKEY")]
    psk: Vec<Psk>,
    /// File of credentials, as `keys` writes them
    #[arg(long, alias = "keys", value_name = "FILE", conflicts_with = "psk")]
    credentials: Option<PathBuf>,
}

/// The keys of a server, and where they are.
#[derive(Debug)]
pub enum Held {
    /// There are none.
    Nowhere,
    /// In memory.
    Memory(MemoryKeys),
    /// In a file, which can be read again.
    File(FileKeys),
}

impl<const PLAIN: u16, const SECURE: u16> Doors<PLAIN, SECURE> {
    /// The keys.
    ///
    /// # Errors
    /// The file, or a key, cannot be used.
    pub fn keys(&self) -> Result<Held, String> {
        if let Some(path) = &self.credentials {
            if !path.exists() {
                return Err(format!("{}: there is no such file; `keys` makes one", path.display()));
            }
            return FileKeys::open(path).map(Held::File).map_err(|error| error.to_string());
        }
        if self.psk.is_empty() {
            return Ok(Held::Nowhere);
        }
        let keys = MemoryKeys::default();
        for Psk { identity, key } in &self.psk {
            let credential = Credential::psk(identity.clone(), key.expose());
            if keys.ids().contains(&credential.id()) {
                return Err(format!("--psk {identity}: there are two keys of this identity"));
            }
            keys.put(credential).map_err(|error| format!("--psk {identity}: {error}"))?;
        }
        Ok(Held::Memory(keys))
    }

    /// Where to listen: what is said, else one place, which is secure if there are keys.
    ///
    /// # Errors
    /// A secure place has no keys, or keys have no secure place: whoever gives keys must not be served in the clear.
    pub fn places(&self) -> Result<Vec<Place>, String> {
        let wanted = self.listen.iter().any(|place| place.scheme.is_secure());
        match (self.listen.is_empty(), wanted, self.psk.is_empty() && self.credentials.is_none()) {
            (true, _, true) => Ok(vec![format!("coap://[::]:{PLAIN}").parse()?]),
            (true, _, false) => Ok(vec![format!("coaps://[::]:{SECURE}").parse()?]),
            (false, true, true) => {
                Err("coaps needs keys: --psk IDENTITY:HEXKEY or --credentials FILE".to_owned())
            }
            (false, false, false) => Err(format!(
                "there are keys, but no place to listen is secure: say --listen coaps://[::]:{SECURE} too"
            )),
            (false, ..) => Ok(self.listen.clone()),
        }
    }
}

/// Keys of a client, for all its servers.
#[derive(clap::Args, Clone, Debug)]
pub struct ClientKeys {
    /// A key that the device shares with the server
    #[arg(long, value_name = "IDENTITY:HEXKEY", conflicts_with = "key")]
    psk: Option<Psk>,
    /// The device's private key, PEM or DER: as a raw public key, or with --certificate
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The device's certificate, PEM or DER, with those between it and the authority
    #[arg(long, value_name = "FILE", requires = "key")]
    certificate: Option<PathBuf>,
    /// The server's public key, where the device has a raw public key
    #[arg(long, value_name = "FILE", requires = "key", conflicts_with = "certificate")]
    server_key: Option<PathBuf>,
    /// The server's certificate: this one and no other
    #[arg(long, value_name = "FILE", requires = "certificate", conflicts_with = "authority")]
    server_certificate: Option<PathBuf>,
    /// The certificate of the authority that signs the server's, which must have the server's name
    #[arg(long, value_name = "FILE", requires = "certificate")]
    authority: Option<PathBuf>,
}

impl ClientKeys {
    /// Are there keys, but nothing to protect with them?
    ///
    /// # Errors
    /// So it is: whoever gives keys must not speak in the clear.
    pub fn check<'a>(&self, mut uris: impl Iterator<Item = &'a str>) -> Result<(), String> {
        let unused = (self.psk.is_some() || self.key.is_some()) && !uris.any(is_secure);
        if unused { Err("there are keys, but no URI begins with coaps://".to_owned()) } else { Ok(()) }
    }

    /// The account of a server: with keys where its URI asks for them.
    ///
    /// # Errors
    /// A file cannot be read, or something is missing.
    pub fn account(&self, short_server_id: u16, uri: &str) -> Result<ServerAccount, String> {
        let target = Target::new(uri);
        if !is_secure(uri) {
            return Ok(ServerAccount::new(short_server_id, target));
        }
        let credentials = self.credentials()?.ok_or_else(|| {
            format!(
                "{uri} needs keys: --psk IDENTITY:HEXKEY, or --key FILE with --server-key or --certificate"
            )
        })?;
        Ok(ServerAccount::new(short_server_id, target.credentials(credentials)))
    }

    fn credentials(&self) -> Result<Option<Credentials>, String> {
        if let Some(Psk { identity, key }) = &self.psk {
            return Ok(Some(Credentials::Psk { identity: identity.clone().into(), key: key.clone() }));
        }
        let Some(path) = &self.key else { return Ok(None) };
        let key = Secret::new(read(path)?);
        let Some(certificate) = &self.certificate else {
            let path = self.server_key.as_ref().ok_or("--key needs --server-key, or --certificate")?;
            let [peer] = <[Bytes; 1]>::try_from(all(path)?)
                .map_err(|_| format!("{}: not one public key", path.display()))?;
            return Ok(Some(Credentials::RawPublicKey { key, peer, matching: Matching::Exact }));
        };
        let (path, usage) = match (&self.server_certificate, &self.authority) {
            (Some(path), _) => (path, Usage::DomainIssued),
            (None, Some(path)) => (path, Usage::TrustAnchor),
            (None, None) => return Err("--certificate needs --authority or --server-certificate".to_owned()),
        };
        let [data] = <[Bytes; 1]>::try_from(all(path)?)
            .map_err(|_| format!("{}: not one certificate", path.display()))?;
        let peer = Some(Association { usage: Some(usage), matching: Matching::Exact, data });
        Ok(Some(Credentials::Certificate { chain: all(certificate)?, key, trust: Vec::new(), peer }))
    }
}

fn is_secure(uri: &str) -> bool {
    Uri::parse(uri).is_ok_and(|uri| uri.scheme.is_secure())
}

fn read(path: &PathBuf) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn all(path: &PathBuf) -> Result<Vec<Bytes>, String> {
    blocks(&read(path)?).ok_or_else(|| format!("{}: neither PEM nor DER", path.display()))
}

/// A place to listen, as it is typed.
#[derive(Clone, Debug)]
pub struct Place {
    /// Where.
    pub listen: Listen,
    /// With or without protection.
    pub scheme: Scheme,
}

impl FromStr for Place {
    type Err = String;

    fn from_str(uri: &str) -> Result<Self, String> {
        let listen = uri.parse().map_err(|error: TransportError| error.to_string())?;
        let secure = uri.split_once("://").is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("coaps"));
        Ok(Self { listen, scheme: if secure { Scheme::Coaps } else { Scheme::Coap } })
    }
}

fn hex(digits: &str) -> Option<Vec<u8>> {
    let digit = |char: char| char.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let digits: Vec<u8> = digits.chars().map(digit).collect::<Option<_>>()?;
    let octet = |pair: &[u8]| pair.iter().fold(0, |octet, digit| octet << 4 | digit);
    digits.len().is_multiple_of(2).then(|| digits.chunks_exact(2).map(octet).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_stands_behind_the_last_colon() {
        let psk: Psk = "urn:dev:ops:32473-a:00fF".parse().unwrap();
        assert_eq!((psk.identity.as_str(), psk.key.expose()), ("urn:dev:ops:32473-a", &[0, 255][..]));
        assert_eq!(format!("{psk:?}"), "Psk(urn:dev:ops:32473-a)");
        for wrong in ["", "thermo", "thermo:", ":00", "thermo:0", "thermo:xy"] {
            assert!(wrong.parse::<Psk>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn keys_and_secure_places_go_together() {
        let doors = |psk: &[&str], listen: &[&str]| Doors::<1, 2> {
            listen: listen.iter().map(|uri| uri.parse().unwrap()).collect(),
            psk: psk.iter().map(|psk| psk.parse().unwrap()).collect(),
            credentials: None,
        };
        let places = |psk: &[&str], listen: &[&str]| {
            let found = doors(psk, listen).places();
            found.map(|places| places.iter().map(|place| place.scheme).collect::<Vec<_>>())
        };
        let (none, some) = ([], ["a:00"]);
        assert_eq!(places(&none, &[]), Ok(vec![Scheme::Coap]));
        assert_eq!(places(&some, &[]), Ok(vec![Scheme::Coaps]));
        assert_eq!(places(&none, &["coap://[::]"]), Ok(vec![Scheme::Coap]));
        let both = ["coap://127.0.0.1", "coaps://[::]"];
        assert_eq!(places(&some, &both), Ok(vec![Scheme::Coap, Scheme::Coaps]));
        assert!(places(&none, &both).is_err());
        assert!(places(&some, &["coap://[::]"]).is_err(), "keys, and all in the clear");
        assert!(doors(&["a:00", "a:01"], &[]).keys().is_err(), "which is it?");
        let device = |psk: &str| ClientKeys {
            psk: Some(psk.parse().unwrap()),
            key: None,
            certificate: None,
            server_key: None,
            server_certificate: None,
            authority: None,
        };
        assert!(device("a:00").check(["coap://a", "coap://b"].into_iter()).is_err());
        assert!(device("a:00").check(["coap://a", "coaps://b"].into_iter()).is_ok());
    }
}

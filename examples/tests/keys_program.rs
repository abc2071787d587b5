//! The program `keys`: what it makes is what client and server take, and what OpenSSL takes where that is at hand.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use bytes::BytesMut;
use lwm2m_core::{
    Bytes, Credentials, Endpoints, Hint,
    dtls::{
        certificate::{ServerPolicy, verify_client, verify_server},
        key::PrivateKey,
        message::{Certificate, CertificateType},
    },
    security::{CredentialStore as _, FileKeys},
};

struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("lwm2m-keys-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn keys(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_keys")).args(arguments).current_dir(&self.0).output().unwrap()
    }

    fn made(&self, arguments: &[&str]) -> String {
        let output = self.keys(arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.join(name)).unwrap()
    }

    fn store(&self) -> FileKeys {
        FileKeys::open(self.0.join("credentials")).unwrap()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn only(name: &str) -> Endpoints {
    Endpoints::Only(vec![name.into()])
}

#[tokio::test]
async fn a_pre_shared_key_goes_into_the_file_and_is_shown() {
    let directory = Directory::new("psk");
    let said =
        directory.made(&["psk", "thermo", "--identity", "thermo-2026", "--credentials", "credentials"]);
    let hint = Hint::Psk { identity: Bytes::from_static(b"thermo-2026") };
    let entry = directory.store().lookup(&hint).await.unwrap().unwrap();
    let Credentials::Psk { key, .. } = &*entry.credentials else { panic!() };
    let digits: String = key.expose().iter().map(|octet| format!("{octet:02x}")).collect();
    assert_eq!((entry.endpoints, digits.len()), (only("thermo"), 32));
    assert!(said.contains(&digits));
    let again = directory.made(&["psk", "thermo"]);
    assert!(!again.contains(&digits), "every key is another");
    let taken =
        directory.keys(&["psk", "valve", "--identity", "thermo-2026", "--credentials", "credentials"]);
    assert!(String::from_utf8_lossy(&taken.stderr).contains("--identity"), "a device uses that one");
    let entry = directory.store().lookup(&hint).await.unwrap().unwrap();
    assert_eq!(entry.endpoints, only("thermo"));
}

#[tokio::test]
async fn a_fleet_gets_a_key_for_each_device() {
    let directory = Directory::new("many");
    directory.made(&["psk", "thermo", "--credentials", "credentials"]);
    let said = directory.made(&["psk", "fleet-", "--count", "300", "--credentials", "credentials"]);
    assert!(said.contains("--prefix fleet-") && said.len() < 300, "{said}");
    let store = directory.store();
    assert_eq!(store.ids().len(), 301);
    let mut keys = Vec::new();
    for name in ["thermo", "fleet-0", "fleet-299"] {
        let hint = Hint::Psk { identity: Bytes::from(name) };
        let entry = store.lookup(&hint).await.unwrap().unwrap();
        assert_eq!(entry.endpoints, only(name));
        let Credentials::Psk { key, .. } = &*entry.credentials else { panic!() };
        assert!(!keys.contains(&key.expose().to_vec()), "every key is another");
        keys.push(key.expose().to_vec());
    }
    assert!(!directory.keys(&["psk", "fleet-", "--count", "300"]).status.success(), "nowhere to put them");
}

#[tokio::test]
async fn raw_public_keys_are_found_by_the_store() {
    let directory = Directory::new("rpk");
    directory.made(&["public-key", "meter", "--endpoint", "urn:dev:ops:1", "--credentials", "credentials"]);
    directory.made(&["public-key", "server", "--own", "--credentials", "credentials"]);
    let store = directory.store();
    let spki = Bytes::from(directory.read("keys/meter.pub.der"));
    let entry = store.lookup(&Hint::RawPublicKey(spki.clone())).await.unwrap().unwrap();
    assert_eq!(entry.endpoints, only("urn:dev:ops:1"));
    for form in ["keys/meter.key.der", "keys/meter.key.pem"] {
        assert_eq!(PrivateKey::from_octets(&directory.read(form)).unwrap().public().spki()[..], spki[..]);
    }
    let own = store
        .lookup(&Hint::Own { name: None, raw_public_key: true, certificate: false })
        .await
        .unwrap()
        .unwrap();
    let Credentials::RawPublicKey { key, .. } = &*own.credentials else { panic!() };
    assert_eq!(key.expose(), directory.read("keys/server.key.der"));
    let output = directory.keys(&["public-key", "meter"]);
    assert!(!output.status.success(), "a key is never overwritten");
}

#[test]
fn certificates_hold() {
    let directory = Directory::new("x509");
    directory.made(&["authority", "Example CA", "--credentials", "credentials"]);
    let host = ["--host", "lwm2m.example", "--host", "192.0.2.1"];
    let authority = ["--authority", "Example CA"];
    directory.made(
        &[&["certificate", "server"], &authority[..], &host, &["--credentials", "credentials"]].concat(),
    );
    directory.made(&[&["certificate", "urn:dev:ops:1"], &authority[..]].concat());
    let chain = |name| {
        let mut body = BytesMut::new();
        Certificate::encode_chain(&[directory.read(name)], &mut body);
        body
    };
    let trust = [Bytes::from(directory.read("keys/Example_CA.der"))];
    let body = chain("keys/server.der");
    let Certificate::X509(server) = Certificate::parse(CertificateType::X509, &body).unwrap() else {
        panic!()
    };
    for host in ["lwm2m.example", "192.0.2.1"] {
        verify_server(server, &ServerPolicy { host, association: None, trust: &trust }, None).unwrap();
    }
    let body = chain("keys/urn_dev_ops_1.der");
    let Certificate::X509(device) = Certificate::parse(CertificateType::X509, &body).unwrap() else {
        panic!()
    };
    assert_eq!(verify_client(device, &trust, None).unwrap().names, ["urn:dev:ops:1"]);
    assert_eq!(directory.store().ids().len(), 2);
    openssl_agrees(&directory.0.join("keys"));
}

fn openssl_agrees(keys: &Path) {
    let openssl = |arguments: &[&str]| Command::new("openssl").args(arguments).current_dir(keys).output();
    if openssl(&["version"]).is_err() {
        return;
    }
    for certificate in ["server.pem", "urn_dev_ops_1.pem"] {
        let output = openssl(&["verify", "-x509_strict", "-CAfile", "Example_CA.pem", certificate]).unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    for key in ["server.key.pem", "server.key.der"] {
        assert!(openssl(&["pkey", "-in", key, "-noout", "-check"]).unwrap().status.success());
    }
}

#[cfg(unix)]
#[test]
fn private_keys_are_for_their_owner() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = Directory::new("modes");
    directory.made(&["public-key", "meter", "--credentials", "credentials"]);
    for name in ["keys/meter.key.pem", "keys/meter.key.der", "credentials"] {
        assert_eq!(
            fs::metadata(directory.0.join(name)).unwrap().permissions().mode() & 0o777,
            0o600,
            "{name}"
        );
    }
}

#[test]
fn what_goes_wrong_is_said() {
    let directory = Directory::new("wrong");
    let output = directory.keys(&["certificate", "thermo", "--authority", "nobody"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("nobody.key.der"));
    assert_eq!(output.status.code(), Some(1));
}

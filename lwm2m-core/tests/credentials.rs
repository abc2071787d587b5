//! Stores of keys: whose keys are found, how they are replaced while sessions live, and what stands in the file.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod authority;

use std::{
    fs,
    path::{Path, PathBuf},
    pin::Pin,
    task::{Context, Poll, Waker},
};

use authority::{Holder, root, uri};
use futures_core::Stream as _;
use lwm2m_core::{
    Bytes, Credentials, Endpoints, Entry, Hint, Identity, Secret,
    dtls::certificate::fingerprint,
    security::{Change, Changes, Credential, CredentialStore, FileError, FileKeys, MemoryKeys, rule},
};

const KEY: &[u8] = b"sixteen byte key";

fn lookup(store: &impl CredentialStore, hint: &Hint) -> Option<Entry> {
    let mut future = store.lookup(hint);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(found) => found.unwrap(),
        Poll::Pending => panic!("these stores never wait"),
    }
}

fn psk(identity: &str) -> Hint {
    Hint::Psk { identity: Bytes::copy_from_slice(identity.as_bytes()) }
}

fn own(host: Option<&str>, raw_public_key: bool, certificate: bool) -> Hint {
    Hint::Own { name: host.map(str::to_owned), raw_public_key, certificate }
}

fn only(names: &[&str]) -> Endpoints {
    Endpoints::Only(names.iter().map(|name| (*name).into()).collect())
}

fn endpoints(store: &impl CredentialStore, hint: &Hint) -> Option<Endpoints> {
    lookup(store, hint).map(|entry| entry.endpoints)
}

fn told(changes: &mut Changes) -> Vec<Change> {
    let mut cx = Context::from_waker(Waker::noop());
    std::iter::from_fn(|| match Pin::new(&mut *changes).poll_next(&mut cx) {
        Poll::Ready(change) => change,
        Poll::Pending => None,
    })
    .collect()
}

#[test]
fn a_pre_shared_key_is_found_by_its_identity() {
    let keys = MemoryKeys::default().psk("id", KEY, "thermo");
    keys.put(Credential::psk("own name", *b"key")).unwrap();
    let entry = lookup(&keys, &psk("id")).unwrap();
    let Credentials::Psk { identity, key } = &*entry.credentials else { panic!() };
    assert_eq!((&identity[..], key.expose()), (&b"id"[..], KEY));
    assert_eq!(entry.endpoints, only(&["thermo"]));
    assert_eq!(endpoints(&keys, &psk("own name")), Some(only(&["own name"])), "the rule names it");
    assert!(lookup(&keys, &psk("other")).is_none());
    let strict = keys.rule(|_| Endpoints::Only(vec![]));
    assert_eq!(endpoints(&strict, &psk("own name")), Some(only(&[])), "a rule of the program");
    for (identity, key) in [("id", vec![]), ("id", vec![0; 257]), (&*"i".repeat(257), vec![1])] {
        assert!(strict.put(Credential::psk(identity.to_owned(), key)).is_err());
    }
    assert!(!format!("{strict:?} {entry:?}").contains("sixteen"), "no key is printed");
}

#[test]
fn keys_are_replaced_with_overlap_and_removal_ends_sessions() {
    let keys = MemoryKeys::default().psk("old", KEY, "thermo");
    let mut changes = keys.changes();
    keys.put(Credential::psk("new", *b"another").endpoint("thermo")).unwrap();
    assert_eq!(keys.of_endpoint("thermo").len(), 2);
    assert!(lookup(&keys, &psk("old")).is_some() && lookup(&keys, &psk("new")).is_some());
    assert!(told(&mut changes).is_empty(), "both hold");
    assert!(keys.remove(&Credential::psk("old", *b"").id()));
    assert!(lookup(&keys, &psk("old")).is_none());
    let peer = |identity: &'static str| Identity::Psk(Bytes::from_static(identity.as_bytes()));
    let [change] = &told(&mut changes)[..] else { panic!() };
    assert!(change.concerns(&peer("old")) && !change.concerns(&peer("new")));
    assert!(!keys.remove(&Credential::psk("old", *b"").id()));
    // The same again says nothing; another key under the same identity does.
    keys.put(Credential::psk("new", *b"another").endpoint("thermo")).unwrap();
    assert!(told(&mut changes).is_empty());
    keys.put(Credential::psk("new", *b"a third").endpoint("thermo")).unwrap();
    assert!(told(&mut changes)[0].concerns(&peer("new")));
}

#[test]
fn public_keys_and_certificates_belong_to_endpoints() {
    let keys = MemoryKeys::default();
    let spki = Bytes::copy_from_slice(&authority::key(3).public().spki());
    let hint = Hint::RawPublicKey(spki.clone());
    assert!(lookup(&keys, &hint).is_none());
    keys.put(Credential::public_key(&spki).unwrap()).unwrap();
    let name: String = fingerprint(&spki).iter().map(|octet| format!("{octet:02x}")).collect();
    assert_eq!(endpoints(&keys, &hint), Some(only(&[&name])), "the hash is the name");
    keys.put(Credential::public_key(&spki).unwrap().endpoint("meter")).unwrap();
    assert_eq!(endpoints(&keys, &hint), Some(only(&["meter"])));

    let ca = root("CA", 1);
    let device = ca.sign("thermo", 4, |params| params.subject_alt_names = vec![uri("urn:dev:ops:1")]);
    let hint = Hint::Certificate(device.der.clone());
    assert!(lookup(&keys, &hint).is_none(), "no authority");
    keys.put(Credential::Authority(ca.der.clone())).unwrap();
    let entry = lookup(&keys, &hint).unwrap();
    assert_eq!(entry.endpoints, only(&["thermo", "urn:dev:ops:1"]));
    let Credentials::Certificate { trust, .. } = &*entry.credentials else { panic!() };
    assert_eq!(trust[..], *std::slice::from_ref(&ca.der));
    let identity = Identity::Certificate { names: vec!["thermo".into()], der: device.der.clone() };
    assert_eq!(rule::common_name(&identity), only(&["thermo"]));

    let mut changes = keys.changes();
    let withdrawn = Credential::Certificate { sha256: fingerprint(&device.der), endpoints: vec![] };
    keys.put(withdrawn).unwrap();
    assert_eq!(endpoints(&keys, &hint), Some(only(&[])), "withdrawn");
    assert!(told(&mut changes)[0].concerns(&identity));
    assert!(keys.remove(&Credential::Authority(ca.der).id()));
    assert!(told(&mut changes)[0].concerns(&identity));
    assert!(lookup(&keys, &hint).is_none());
    assert!(keys.put(Credential::Authority(Bytes::from_static(b"no certificate"))).is_err());
}

#[test]
fn the_own_key_is_that_of_the_host_and_of_what_the_peer_can_verify() {
    let keys = MemoryKeys::default();
    let ca = root("CA", 1);
    let (one, other) = (ca.server("one", 4, vec![]), ca.server("other", 5, vec![]));
    let certificate = |holder: &Holder, host: Option<&str>| Credential::OwnCertificate {
        chain: vec![holder.der.clone()],
        key: holder.key.to_pkcs8(),
        host: host.map(str::to_owned),
    };
    assert!(lookup(&keys, &own(None, true, true)).is_none());
    keys.put(certificate(&one, None)).unwrap();
    keys.put(certificate(&other, Some("other.example"))).unwrap();
    keys.put(Credential::OwnKey { key: Secret::new(vec![7; 32]), host: None }).unwrap();
    let leaf = |hint: &Hint| match &*lookup(&keys, hint).unwrap().credentials {
        Credentials::Certificate { chain, .. } => chain[0].clone(),
        Credentials::RawPublicKey { .. } => Bytes::from_static(b"raw"),
        _ => panic!(),
    };
    assert_eq!(leaf(&own(None, true, true)), one.der);
    assert_eq!(leaf(&own(Some("Other.example"), false, true)), other.der);
    assert_eq!(leaf(&own(Some("third.example"), false, true)), one.der);
    assert_eq!(&leaf(&own(Some("other.example"), true, false))[..], b"raw");
    assert!(lookup(&keys, &own(None, false, false)).is_none());
    let mixed = Credential::OwnCertificate { chain: vec![one.der], key: other.key.to_pkcs8(), host: None };
    assert_eq!(keys.put(mixed).unwrap_err().to_string(), "the key is not that of the certificate");
}

/// A directory of one test, gone with it.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("lwm2m-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, content).unwrap();
        permit(&path, 0o600);
        path
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(unix)]
fn permit(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn permit(_path: &Path, _mode: u32) {}

#[test]
fn a_file_is_read_changed_and_read_again() {
    let directory = Directory::new("keys");
    let ca = root("CA", 1);
    let server = ca.server("server", 4, vec![]);
    directory.file("server.key.pem", server.key.to_pem().expose());
    directory.file("server.der", [&server.der[..], &ca.der].concat());
    directory.file("ca.der", &ca.der);
    let text = "# remark\n\npsk a%20name 00ff one two%25\nauthority file:ca.der\n\
                own-certificate * file:server.key.pem file:server.der\n";
    let path = directory.file("keys", text);
    let keys = FileKeys::open(&path).unwrap();
    assert_eq!(endpoints(&keys, &psk("a name")), Some(only(&["one", "two%"])));
    let Credentials::Certificate { chain, .. } =
        &*lookup(&keys, &own(None, false, true)).unwrap().credentials
    else {
        panic!()
    };
    assert_eq!(chain[..], [server.der, ca.der]);
    keys.put(Credential::psk("new\nline", *b"key").endpoint("three")).unwrap();
    keys.put(Credential::psk("a name", *b"\x01").endpoint("one")).unwrap();
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        "# remark\n\npsk a%20name 01 one\nauthority file:ca.der\n\
         own-certificate * file:server.key.pem file:server.der\npsk new%0Aline 6b6579 three\n"
    );
    let again = FileKeys::open(&path).unwrap();
    assert_eq!(again.ids(), keys.ids());
    assert_eq!(endpoints(&again, &psk("new\nline")), Some(only(&["three"])));
    // Somebody else removes a line: those sessions end, and no others.
    let mut changes = again.changes();
    assert!(keys.remove(&Credential::psk("new\nline", *b"").id()).unwrap());
    again.reload().unwrap();
    let [change] = &told(&mut changes)[..] else { panic!() };
    assert!(change.concerns(&Identity::Psk(Bytes::from_static(b"new\nline"))));
    assert!(lookup(&again, &psk("new\nline")).is_none() && lookup(&again, &psk("a name")).is_some());
    assert_eq!(fs::read_dir(&directory.0).unwrap().count(), 4, "nothing is left beside the file");
}

#[test]
fn many_are_written_at_once_or_none() {
    let directory = Directory::new("many");
    let path = directory.file("keys", "# first\npsk id-7 00\n");
    #[cfg(unix)]
    permit(&path, 0o600);
    let keys = FileKeys::open(&path).unwrap();
    let named = |n: u32| Credential::psk(format!("id-{n}"), n.to_be_bytes());
    let broken = [named(1), Credential::psk("none", *b"")];
    assert!(keys.put_all(broken).is_err());
    assert_eq!((keys.ids().len(), fs::read_to_string(&path).unwrap().lines().count()), (1, 2));
    keys.put_all((0..5000).map(named).chain([Credential::psk("id-9", *b"last")])).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(
        text.starts_with("# first\npsk id-7 00000007\npsk id-0 00000000\n"),
        "those that stay, then the new"
    );
    let again = FileKeys::open(&path).unwrap();
    assert_eq!((again.ids().len(), again.ids()), (5000, keys.ids()));
    let Credentials::Psk { key, .. } = &*lookup(&again, &psk("id-9")).unwrap().credentials else { panic!() };
    assert_eq!(key.expose(), b"last");
}

#[test]
fn every_kind_of_credential_is_written_and_read() {
    let directory = Directory::new("kinds");
    let path = directory.0.join("keys");
    let keys = FileKeys::open(&path).unwrap();
    let ca = root("CA", 1);
    let server = ca.server("server", 4, vec![]);
    let (chain, key) = (vec![server.der.clone(), ca.der.clone()], server.key.to_pkcs8());
    for credential in [
        Credential::psk("id", *b"key").endpoint("a b").endpoint("#"),
        Credential::public_key(&server.key.public().spki()).unwrap().endpoint("c"),
        Credential::Certificate { sha256: [7; 32], endpoints: vec![] },
        Credential::Authority(ca.der),
        Credential::OwnKey { key: Secret::new(vec![7; 32]), host: Some("*".into()) },
        Credential::OwnCertificate { chain, key, host: None },
    ] {
        keys.put(credential).unwrap();
    }
    let again = FileKeys::open(&path).unwrap();
    assert_eq!(again.ids(), keys.ids());
    assert_eq!(again.ids().len(), 6);
    assert_eq!(endpoints(&again, &psk("id")), Some(only(&["a b", "#"])));
    let Credentials::Certificate { chain, key, .. } =
        &*lookup(&again, &own(None, false, true)).unwrap().credentials
    else {
        panic!()
    };
    assert_eq!((chain.len(), key.expose()), (2, server.key.to_pkcs8().expose()));
}

#[test]
fn a_wrong_line_is_named_and_changes_nothing() {
    let directory = Directory::new("wrong");
    let path = directory.file("keys", "psk a 00\n");
    let keys = FileKeys::open(&path).unwrap();
    let said = |text: &str| {
        directory.file("keys", text);
        let said = keys.reload().unwrap_err().to_string();
        assert!(lookup(&keys, &psk("a")).is_some());
        said.strip_prefix(&format!("{}, ", path.display())).unwrap().to_owned()
    };
    assert_eq!(said("psk b 00\npsk a\n"), "line 2: the key is missing");
    assert_eq!(said("psk a 0\n"), "line 1: the key is not hexadecimal");
    assert_eq!(said("psk a 00\n\npsk a 01\n"), "line 3: psk a stands in an earlier line");
    assert_eq!(said("psk %4 00\n"), "line 1: % without two hexadecimal digits");
    assert_eq!(said("password a 00\n"), "line 1: no such kind of credential");
    assert_eq!(said("authority 00\n"), "line 1: neither file:PATH nor der:BASE64");
    assert_eq!(said("authority der:!\n"), "line 1: not BASE64");
    assert_eq!(said("authority der:AAAA\n"), "line 1: neither PEM nor DER");
    assert_eq!(said("authority der:MAA=\n"), "line 1: not a certificate with a key of P-256");
    assert_eq!(said("own-key * der:MAA=\n"), "line 1: not a private key of P-256");
    assert_eq!(said("own-key * der:MAA= more\n"), "line 1: a word too many");
    assert_eq!(said("public-key sha256:00 x\n"), "line 1: SHA-256 has 64 hexadecimal digits");
    assert!(said("authority file:missing\n").contains("missing"));
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = Directory::new("permissions");
    let path = directory.file("keys", "psk a 00\n");
    permit(&path, 0o640);
    assert!(matches!(FileKeys::open(&path), Err(FileError::Permissions { .. })));
    let new = directory.0.join("new");
    let keys = FileKeys::open(&new).unwrap();
    assert!(!new.exists());
    keys.put(Credential::psk("a", *b"key")).unwrap();
    assert_eq!(fs::metadata(&new).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!format!("{keys:?}").contains("key\""));
}

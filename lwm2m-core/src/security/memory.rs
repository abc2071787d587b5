//! A store of keys in memory.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use async_trait::async_trait;
use bytes::Bytes;

use super::{Changes, Credential, CredentialId, CredentialStore, InvalidCredential, Publisher, rule};
use crate::{
    Credentials, EndpointName, Endpoints, Entry, Hint, Identity, Secret, StoreError,
    dtls::certificate::{fingerprint, names},
};

type Rule = dyn Fn(&Identity) -> Endpoints + Send + Sync;

/// Keys in memory. Clones share them: a program keeps one to change keys while the server runs.
///
/// ```
/// use lwm2m_core::security::{Credential, MemoryKeys};
///
/// let keys = MemoryKeys::default().psk("thermo", b"sixteen byte key", "thermo");
/// // Later: a new key for the same device. Both hold until the old one is removed, which ends its sessions.
/// keys.put(Credential::psk("thermo-2", *b"another 16 bytes").endpoint("thermo")).unwrap();
/// let old = Credential::psk("thermo", *b"").id();
/// assert!(keys.remove(&old));
/// assert_eq!(keys.of_endpoint("thermo").len(), 1);
/// ```
#[derive(Clone, Default)]
pub struct MemoryKeys(Arc<Shared>);

#[derive(Default)]
struct Shared {
    table: RwLock<Table>,
    publisher: Publisher,
}

#[derive(Default)]
struct Table {
    all: HashMap<CredentialId, Held>,
    /// Of all authorities; `None` if there are none.
    trust: Option<Arc<Credentials>>,
    rule: Option<Arc<Rule>>,
}

struct Held {
    credential: Credential,
    /// Ready to be handed out.
    credentials: Option<Arc<Credentials>>,
}

impl MemoryKeys {
    /// With a pre-shared key of an endpoint.
    ///
    /// # Panics
    /// The identity has more than 256 octets, or the key is empty or has more than 256. Use [`MemoryKeys::put`] for
    /// keys that do not come from the program itself.
    #[must_use]
    pub fn psk(self, identity: impl Into<Bytes>, key: &[u8], endpoint: impl Into<EndpointName>) -> Self {
        if let Err(invalid) = self.put(Credential::psk(identity, key).endpoint(endpoint)) {
            panic!("{invalid}");
        }
        self
    }

    /// Which endpoint names a peer may use whose credential names none. Default [`rule::default`].
    #[must_use]
    pub fn rule(self, rule: impl Fn(&Identity) -> Endpoints + Send + Sync + 'static) -> Self {
        self.write().rule = Some(Arc::new(rule));
        self
    }

    /// Adds a credential. One of the same [`Credential::id`] is replaced, which ends the sessions it was used for.
    ///
    /// # Errors
    /// It cannot be used; nothing has changed.
    pub fn put(&self, credential: Credential) -> Result<(), InvalidCredential> {
        credential.check()?;
        let id = credential.id();
        let (replaced, withdrawn) = {
            let mut table = self.write();
            if let Some(held) = table.all.get(&id)
                && same(&held.credential, &credential)
            {
                return Ok(());
            }
            let withdrawn = matches!(credential, Credential::Certificate { .. });
            let replaced = table.put(id.clone(), credential);
            (replaced, withdrawn)
        };
        // A certificate that is named for the first time went by other names before.
        if replaced || withdrawn {
            self.tell(&id);
        }
        Ok(())
    }

    /// Removes a credential, which ends the sessions it was used for. `false`: there is none.
    #[must_use = "it may not have been there"]
    pub fn remove(&self, id: &CredentialId) -> bool {
        let removed = self.write().remove(id);
        if removed {
            self.tell(id);
        }
        removed
    }

    /// The credentials that name this endpoint.
    #[must_use]
    pub fn of_endpoint(&self, name: &str) -> Vec<CredentialId> {
        let table = self.read();
        let of = |held: &&Held| held.credential.endpoints().iter().any(|endpoint| &**endpoint == name);
        let mut ids: Vec<_> = table.all.values().filter(of).map(|held| held.credential.id()).collect();
        ids.sort();
        ids
    }

    /// All credentials.
    #[must_use]
    pub fn ids(&self) -> Vec<CredentialId> {
        let mut ids: Vec<_> = self.read().all.keys().cloned().collect();
        ids.sort();
        ids
    }

    /// Holds exactly these from now on. Sessions of what changed or went end; the others go on.
    pub(super) fn replace_all(&self, credentials: Vec<Credential>) -> Result<(), InvalidCredential> {
        credentials.iter().try_for_each(Credential::check)?;
        let wanted: HashSet<CredentialId> = credentials.iter().map(Credential::id).collect();
        for id in self.ids() {
            if !wanted.contains(&id) {
                let _ = self.remove(&id);
            }
        }
        credentials.into_iter().try_for_each(|credential| self.put(credential))
    }

    fn tell(&self, id: &CredentialId) {
        if let Some(change) = id.change() {
            self.0.publisher.send(&change);
        }
    }

    /// Nothing that panics runs under this lock.
    fn read(&self) -> RwLockReadGuard<'_, Table> {
        self.0.table.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Table> {
        self.0.table.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl CredentialStore for MemoryKeys {
    async fn lookup(&self, hint: &Hint) -> Result<Option<Entry>, StoreError> {
        let (found, rule) = {
            let table = self.read();
            (table.find(hint), table.rule.clone())
        };
        // The rule is the program's: it runs without the lock.
        Ok(found.map(|(credentials, endpoints, identity)| {
            let by_rule = |identity: &Identity| {
                rule.as_ref().map_or_else(|| rule::default(identity), |rule| rule(identity))
            };
            let endpoints = endpoints.unwrap_or_else(|| by_rule(&identity));
            Entry { credentials, endpoints }
        }))
    }

    fn changes(&self) -> Changes {
        self.0.publisher.subscribe()
    }
}

impl fmt::Debug for MemoryKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemoryKeys({} credentials)", self.read().all.len())
    }
}

/// What was found: credentials, the endpoints if they are named, and who it is if not.
type Found = (Arc<Credentials>, Option<Endpoints>, Identity);

impl Table {
    fn find(&self, hint: &Hint) -> Option<Found> {
        match hint {
            Hint::Psk { identity } => {
                self.of_peer(&CredentialId::Psk(identity.clone()), Identity::Psk(identity.clone()))
            }
            Hint::RawPublicKey(spki) => {
                let id = CredentialId::PublicKey(fingerprint(spki));
                self.of_peer(&id, Identity::RawPublicKey(spki.clone()))
            }
            Hint::Certificate(der) => {
                let trust = self.trust.clone()?;
                let named = self.all.get(&CredentialId::Certificate(fingerprint(der)));
                let endpoints = named.map(|held| Endpoints::Only(held.credential.endpoints().to_vec()));
                let names = names(der).unwrap_or_default();
                Some((trust, endpoints, Identity::Certificate { names, der: der.clone() }))
            }
            Hint::Own { name, raw_public_key, certificate } => {
                let own = self.own(name.as_deref(), *raw_public_key, *certificate)?;
                Some((own, Some(Endpoints::Only(Vec::new())), Identity::Unsecured))
            }
            Hint::Oscore { .. } => None,
        }
    }

    fn of_peer(&self, id: &CredentialId, identity: Identity) -> Option<Found> {
        let held = self.all.get(id)?;
        let endpoints = held.credential.endpoints();
        let endpoints = (!endpoints.is_empty()).then(|| Endpoints::Only(endpoints.to_vec()));
        Some((held.credentials.clone()?, endpoints, identity))
    }

    /// A certificate before a raw public key, that of the host before that of every other.
    fn own(&self, host: Option<&str>, raw_public_key: bool, certificate: bool) -> Option<Arc<Credentials>> {
        let host = host.map(str::to_ascii_lowercase);
        let hosts = if host.is_some() { [host, None] } else { [None, None] };
        let held = |id| self.all.get(&id).and_then(|held| held.credentials.clone());
        let certificates = || hosts.iter().find_map(|host| held(CredentialId::OwnCertificate(host.clone())));
        let keys = || hosts.iter().find_map(|host| held(CredentialId::OwnKey(host.clone())));
        certificate.then(certificates).flatten().or_else(|| raw_public_key.then(keys).flatten())
    }

    /// `true`: there was one.
    fn put(&mut self, id: CredentialId, credential: Credential) -> bool {
        let credentials = credential.credentials();
        let is_authority = matches!(credential, Credential::Authority(_));
        let replaced = self.all.insert(id, Held { credential, credentials }).is_some();
        if is_authority {
            self.trust = self.trusted();
        }
        replaced
    }

    fn remove(&mut self, id: &CredentialId) -> bool {
        let removed = self.all.remove(id).is_some();
        if removed && matches!(id, CredentialId::Authority(_)) {
            self.trust = self.trusted();
        }
        removed
    }

    fn trusted(&self) -> Option<Arc<Credentials>> {
        let trust: Vec<Bytes> = (self.all.values())
            .filter_map(|held| match &held.credential {
                Credential::Authority(der) => Some(der.clone()),
                _ => None,
            })
            .collect();
        (!trust.is_empty()).then(|| {
            Arc::new(Credentials::Certificate {
                chain: Vec::new(),
                key: Secret::default(),
                trust,
                peer: None,
            })
        })
    }
}

fn same(a: &Credential, b: &Credential) -> bool {
    match (a, b) {
        (
            Credential::Psk { key: a, endpoints: ours, .. },
            Credential::Psk { key: b, endpoints: theirs, .. },
        ) => subtle::ConstantTimeEq::ct_eq(a.expose(), b.expose()).into() && ours == theirs,
        (Credential::PublicKey { endpoints: ours, .. }, Credential::PublicKey { endpoints: theirs, .. })
        | (
            Credential::Certificate { endpoints: ours, .. },
            Credential::Certificate { endpoints: theirs, .. },
        ) => ours == theirs,
        (Credential::Authority(_), Credential::Authority(_)) => true, // Named by its hash.
        _ => false,
    }
}

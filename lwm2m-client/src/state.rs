//! From what a client has kept to what it begins with.

use std::sync::Arc;

use lwm2m_core::{Bytes, Credentials, InstanceId, ObjectType as _, StoreError, transport::Target};
use lwm2m_objects::{Security, Server};

use crate::{
    ClientError, Objects, StateStore, account,
    object::Definition,
    state_store::{
        Edit, Record,
        layout::{self, Fate, Kept, Key},
    },
};

/// What a client begins with.
#[derive(Debug)]
pub struct Loaded {
    pub(crate) accounts: Accounts,
    /// Records that are not object instances.
    pub(crate) records: Vec<Record>,
}

/// Accounts, as the Security and Server instances say.
#[derive(Debug)]
pub struct Accounts {
    pub(crate) servers: Vec<Provisioned>,
    /// The account of the bootstrap server, if there is one.
    pub(crate) bootstrap: Option<Box<(InstanceId, Security)>>,
}

impl Accounts {
    pub(crate) fn of(objects: &Objects) -> Self {
        let mut accounts = objects.instances::<Security>().into_iter();
        let bootstrap = accounts.find(|account| account.get().bootstrap_server);
        let bootstrap = bootstrap.map(|account| Box::new((account.id(), account.get())));
        Self { servers: provisioned(objects), bootstrap }
    }
}

/// A Security instance and the Server instance with its short server ID.
#[derive(Debug)]
pub(crate) struct Provisioned {
    pub(crate) short_server_id: u16,
    /// Of object 1.
    pub(crate) server: InstanceId,
    pub(crate) security: Security,
}

/// Reads the store once, before anything is sent, and makes the objects what they were.
pub(crate) async fn load(store: Option<Arc<dyn StateStore>>, objects: Objects) -> Result<Loaded, StoreError> {
    let mut records = match &store {
        Some(store) => begin(&**store).await?,
        None => Vec::new(),
    };
    restore(&objects, &records);
    if let Some(store) = &store {
        forget_sessions(&**store, &objects, &records).await?;
    }
    records.retain(|record| !matches!(Key::parse(&record.key), None | Some(Key::Instance(..) | Key::Layout)));
    Ok(Loaded { accounts: Accounts::of(&objects), records })
}

/// Sessions with servers that there is no account of any more.
async fn forget_sessions(
    store: &dyn StateStore,
    objects: &Objects,
    records: &[Record],
) -> Result<(), StoreError> {
    let known: Vec<String> =
        objects.instances::<Security>().into_iter().map(|account| account.get().server_uri).collect();
    let gone = records.iter().filter(|record| {
        layout::session_of(&record.key).is_some_and(|uri| !known.iter().any(|known| known == uri))
    });
    let edits: Vec<Edit> = gone.map(|record| Edit::Delete { key: record.key.clone() }).collect();
    if edits.is_empty() { Ok(()) } else { store.commit(&edits).await }
}

/// Nothing is left but the layout.
pub(crate) async fn empty(store: &dyn StateStore) -> Result<(), StoreError> {
    let records = store.load_all().await?;
    let all = records.into_iter().filter(|record| Key::parse(&record.key) != Some(Key::Layout));
    let edits: Vec<_> = all.map(|record| Edit::Delete { key: record.key }).collect();
    if edits.is_empty() { Ok(()) } else { store.commit(&edits).await }
}

async fn begin(store: &dyn StateStore) -> Result<Vec<Record>, StoreError> {
    let records = store.load_all().await?;
    if let Some(first) = layout::check_layout(&records)? {
        store.commit(&[first]).await?;
    }
    Ok(records)
}

/// Accounts first by their Security instances: a Server instance that was kept for an account which the program has
/// given up, or given another number, must not become another server's.
fn restore(objects: &Objects, records: &[Record]) {
    let instances = |object| {
        records.iter().filter_map(move |record| match Key::parse(&record.key)? {
            key @ Key::Instance(of, _) if (of == Security::DEF.id()) == object => Some((key, record)),
            _ => None,
        })
    };
    for (key, record) in instances(true) {
        objects.restore(key, &record.value);
    }
    let known = known_servers(objects);
    for (key, record) in instances(false) {
        if !is_orphan(objects, &known, key, &record.value) {
            objects.restore(key, &record.value);
        }
    }
}

fn known_servers(objects: &Objects) -> Vec<i64> {
    let accounts = objects.instances::<Security>();
    accounts.iter().filter_map(|account| account.get().short_server_id).collect()
}

fn is_orphan(objects: &Objects, known: &[i64], key: Key, value: &[u8]) -> bool {
    let Key::Instance(object, instance) = key else { return false };
    if object != Server::DEF.id() {
        return false;
    }
    let Ok(Kept { fate: Fate::Is(values), .. }) = Kept::of(key, value, &Definition::Constant(Server::DEF))
    else {
        return false;
    };
    let mut kept = Server::default();
    for (resource, node) in values {
        let _ = kept.write(lwm2m_core::ResourceChange::Set(resource, node));
    }
    let there = objects.instance::<Server>(instance.0).map(|there| there.get().short_server_id);
    let taken = |there: i64| there != kept.short_server_id && known.contains(&there);
    !known.contains(&kept.short_server_id) || there.is_some_and(taken)
}

/// The server accounts that Security and Server instances make. [Core 1.2 §E.1]
pub(crate) fn provisioned(objects: &Objects) -> Vec<Provisioned> {
    let servers = objects.instances::<Server>();
    let accounts = objects.instances::<Security>().into_iter().map(|account| account.get());
    let accounts = accounts.filter(|account| !account.bootstrap_server).filter_map(|security| {
        let id = security.short_server_id?;
        let server = servers.iter().find(|server| server.get().short_server_id == id)?;
        Some(Provisioned { short_server_id: u16::try_from(id).ok()?, server: server.id(), security })
    });
    accounts.collect()
}

/// Where the server of an account is and how to be safe with it. `known`: what the program says of it; `authorities`:
/// whom the device trusts where that says nothing.
pub(crate) fn target(
    security: &Security,
    known: Option<&Target>,
    authorities: &[Bytes],
) -> Result<Target, ClientError> {
    let trust = match known.and_then(|known| known.credentials.as_deref()) {
        Some(Credentials::Certificate { trust, .. }) if !trust.is_empty() => trust.as_slice(),
        _ => authorities,
    };
    let target = account::target(security, trust)?;
    // The very keys that the program gave: sessions are resumed with these alone.
    Ok(known.filter(|known| **known == target).cloned().unwrap_or(target))
}

/// What the program says of an account, with the authorities that the device trusts where that says none.
pub(crate) fn trusting(mut target: Target, authorities: &[Bytes]) -> Target {
    if let Some(Credentials::Certificate { chain, key, trust, peer }) = target.credentials.as_deref()
        && trust.is_empty()
        && !authorities.is_empty()
    {
        let (chain, key, peer) = (chain.clone(), key.clone(), peer.clone());
        target.credentials =
            Some(Arc::new(Credentials::Certificate { chain, key, trust: authorities.to_vec(), peer }));
    }
    target
}

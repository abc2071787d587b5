//! What every [`StateStore`] must do, as a test for those who write one.
//!
//! ```
//! # use lwm2m_client::{MemoryState, lwm2m_core::sim::Net, state_store};
//! Net::seeded(1).run(state_store::conformance::check(&MemoryState::default()));
//! ```

#![allow(clippy::unwrap_used, reason = "a test: what is not as it must be panics")]

use lwm2m_core::Bytes;

use super::{Edit, Record, StateStore};

/// Checks an empty store. It is left empty.
///
/// # Panics
/// The store does something else than it must.
pub async fn check(store: &dyn StateStore) {
    assert_eq!(kept(store).await, [], "the store is empty at first");
    a_commit_puts_and_deletes_in_order(store).await;
    any_octets_are_kept(store).await;
    many_records_are_kept(store).await;
}

async fn a_commit_puts_and_deletes_in_order(store: &dyn StateStore) {
    store.commit(&[put(b"a", b"1"), put(b"b", b"2"), put(b"a", b"3")]).await.unwrap();
    assert_eq!(kept(store).await, [record(b"a", b"3"), record(b"b", b"2")], "the later Put of a key stands");
    store.commit(&[delete(b"a"), put(b"c", b"4"), delete(b"absent"), delete(b"c")]).await.unwrap();
    assert_eq!(
        kept(store).await,
        [record(b"b", b"2")],
        "what is deleted is gone; deleting nothing is no error"
    );
    store.commit(&[]).await.unwrap();
    assert_eq!(kept(store).await, [record(b"b", b"2")], "a commit of nothing changes nothing");
    store.commit(&[delete(b"b")]).await.unwrap();
}

async fn any_octets_are_kept(store: &dyn StateStore) {
    let strange: &[(&[u8], &[u8])] =
        &[(b"", b"empty key"), (b"\0", b""), (b"\0\0", b"\xff\0\n"), (b"\xff/..", b"x")];
    let puts: Vec<_> = strange.iter().map(|(key, value)| put(key, value)).collect();
    store.commit(&puts).await.unwrap();
    let wanted: Vec<_> = strange.iter().map(|(key, value)| record(key, value)).collect();
    assert_eq!(kept(store).await, wanted, "keys and values are octets, each different key a record");
    let deletes: Vec<_> = strange.iter().map(|(key, _)| delete(key)).collect();
    store.commit(&deletes).await.unwrap();
}

async fn many_records_are_kept(store: &dyn StateStore) {
    let keys: Vec<_> = (0..300_u16).map(u16::to_be_bytes).collect();
    let puts: Vec<_> = keys.iter().map(|key| put(key, &[0x5a; 100])).collect();
    store.commit(&puts).await.unwrap();
    assert_eq!(kept(store).await.len(), keys.len());
    let deletes: Vec<_> = keys.iter().map(|key| delete(key)).collect();
    store.commit(&deletes).await.unwrap();
    assert_eq!(kept(store).await, []);
}

/// In the order of keys: a store may list them in any.
async fn kept(store: &dyn StateStore) -> Vec<Record> {
    let mut records = store.load_all().await.unwrap();
    records.sort_by(|a, b| a.key.cmp(&b.key));
    records
}

fn record(key: &[u8], value: &[u8]) -> Record {
    Record { key: key.to_vec(), value: Bytes::copy_from_slice(value) }
}

fn put(key: &[u8], value: &[u8]) -> Edit {
    Edit::Put(record(key, value))
}

fn delete(key: &[u8]) -> Edit {
    Edit::Delete { key: key.to_vec() }
}

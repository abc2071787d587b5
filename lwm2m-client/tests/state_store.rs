//! Stores for the state of a client: what is committed is there after a restart.

use std::{fs, path::PathBuf};

use lwm2m_client::{
    Bytes, FileState, MemoryState, StateStore,
    lwm2m_core::sim::Net,
    state_store::{Edit, Record, conformance},
};

/// A directory of its own for each test; gone with it.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("lwm2m-state-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).expect("a directory for the test");
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("state")
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn put(key: &[u8], value: &'static [u8]) -> Edit {
    Edit::Put(Record { key: key.to_vec(), value: Bytes::from_static(value) })
}

#[test]
fn the_one_in_memory_conforms() {
    Net::seeded(1).run(conformance::check(&MemoryState::default()));
}

#[tokio::test]
async fn the_one_in_a_file_conforms() {
    let directory = Directory::new("conformance");
    conformance::check(&FileState::open(directory.file()).unwrap()).await;
}

#[tokio::test]
async fn what_is_committed_is_there_when_the_file_is_opened_again() {
    let directory = Directory::new("again");
    let store = FileState::open(directory.file()).unwrap();
    store.commit(&[put(b"/1/0", b"account"), put(b"/2/0", b"acl")]).await.unwrap();
    drop(store);
    let store = FileState::open(directory.file()).unwrap();
    let records = store.load_all().await.unwrap();
    let values: Vec<_> = records.iter().map(|record| record.value.as_ref()).collect();
    assert_eq!(values, [b"account".as_slice(), b"acl"]);
}

#[tokio::test]
async fn what_a_power_cut_left_beside_the_file_does_no_harm() {
    let directory = Directory::new("cut");
    let store = FileState::open(directory.file()).unwrap();
    store.commit(&[put(b"a", b"old")]).await.unwrap();
    drop(store);
    fs::write(directory.0.join("state.new"), b"half of the n").unwrap();
    let store = FileState::open(directory.file()).unwrap();
    assert_eq!(store.load_all().await.unwrap().first().unwrap().value.as_ref(), b"old");
    store.commit(&[put(b"a", b"new")]).await.unwrap();
    assert_eq!(store.load_all().await.unwrap().first().unwrap().value.as_ref(), b"new");
}

#[tokio::test]
async fn a_second_client_is_refused() {
    let directory = Directory::new("second");
    let _first = FileState::open(directory.file()).unwrap();
    let refused = FileState::open(directory.file()).unwrap_err().to_string();
    assert!(refused.contains("state: another client has it open"), "{refused}");
}

#[tokio::test]
async fn a_damaged_file_is_refused_with_the_place() {
    let directory = Directory::new("damaged");
    let store = FileState::open(directory.file()).unwrap();
    store.commit(&[put(b"a", b"value")]).await.unwrap();
    drop(store);
    let mut bytes = fs::read(directory.file()).unwrap();
    bytes.truncate(bytes.len() - 2);
    fs::write(directory.file(), &bytes).unwrap();
    let refused = FileState::open(directory.file()).unwrap_err().to_string();
    assert!(refused.contains("byte "), "{refused}");
    fs::write(directory.file(), b"[server]\n").unwrap();
    assert!(FileState::open(directory.file()).is_err());
}

#[tokio::test]
async fn a_commit_that_fails_changes_nothing() {
    let directory = Directory::new("fails");
    let store = FileState::open(directory.file()).unwrap();
    store.commit(&[put(b"a", b"old")]).await.unwrap();
    fs::create_dir(directory.0.join("state.new")).unwrap(); // the new content has no place
    assert!(store.commit(&[put(b"a", b"new")]).await.is_err());
    assert_eq!(store.load_all().await.unwrap().first().unwrap().value.as_ref(), b"old");
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = Directory::new("owner");
    let store = FileState::open(directory.file()).unwrap();
    store.commit(&[put(b"a", b"key")]).await.unwrap();
    assert_eq!(fs::metadata(directory.file()).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_record_does_not_show_its_value() {
    let shown = format!("{:?}", put(b"/0/0", b"secret"));
    assert!(!shown.contains("secret") && shown.contains("6 octets"), "{shown}");
}

use std::{
    fmt,
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use lwm2m_core::{Bytes, StoreError, async_trait, file};
use minicbor::{Decoder, Encoder, data::Tag};

use super::{Edit, Record, StateStore, memory::Records};

/// Marks the file, and the form of what follows: a map from key to value, both byte strings. [RFC 8949 §3.4.6 and
/// its registry of tags: "application specific" numbers]
const TAG: u64 = 0x4C77_4D32_0001;

/// Keeps records in one file, for a device with a file system. Clones share it.
///
/// Each commit replaces the file whole: after a power cut the device finds what was before or what is after. The
/// file belongs to its owner alone, since it holds keys. A second process that opens it is refused; what tells it so
/// is the file `NAME.lock` beside it.
#[derive(Clone)]
pub struct FileState {
    shared: Arc<Shared>,
}

struct Shared {
    path: PathBuf,
    records: Mutex<Records>,
    /// Held as long as the store is.
    _lock: File,
}

impl FileState {
    /// Opens the file, or begins with nothing where there is none. It blocks, which is no matter at start.
    ///
    /// # Errors
    /// Another process has it open, the file system refuses, or the file is damaged; the error names the file.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let named = |error: io::Error| StoreError::new(format!("{}: {error}", path.display()));
        let lock = lock(path).map_err(named)?;
        let records = match fs::read(path) {
            Ok(bytes) => {
                let mut decoder = Decoder::new(&bytes);
                decode(&mut decoder).map_err(|error| {
                    StoreError::new(format!("{}: byte {}: {error}", path.display(), decoder.position()))
                })?
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Records::default(),
            Err(error) => return Err(named(error)),
        };
        let shared = Shared { path: path.to_owned(), records: Mutex::new(records), _lock: lock };
        Ok(Self { shared: Arc::new(shared) })
    }
}

#[async_trait]
impl StateStore for FileState {
    async fn load_all(&self) -> Result<Vec<Record>, StoreError> {
        Ok(self.shared.records.lock().unwrap_or_else(PoisonError::into_inner).list())
    }

    async fn commit(&self, changes: &[Edit]) -> Result<(), StoreError> {
        let (shared, changes) = (self.shared.clone(), changes.to_vec());
        let written = tokio::task::spawn_blocking(move || shared.commit(&changes));
        written.await.map_err(StoreError::new)?
    }
}

impl Shared {
    fn commit(&self, changes: &[Edit]) -> Result<(), StoreError> {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = records.clone();
        next.apply(changes);
        if next != *records {
            let written = file::replace(&self.path, &encode(&next));
            written.map_err(|error| StoreError::new(format!("{}: {error}", self.path.display())))?;
            *records = next;
        }
        Ok(())
    }
}

impl fmt::Debug for FileState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FileState").field(&self.shared.path).finish()
    }
}

fn lock(path: &Path) -> io::Result<File> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = file::owner_only().write(true).create(true).truncate(false).open(name)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(io::Error::other("another client has it open")),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn encode(records: &Records) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    let mut write = || {
        encoder.tag(Tag::new(TAG))?.map(records.0.len() as u64)?;
        records.0.iter().try_for_each(|(key, value)| encoder.bytes(key)?.bytes(value).map(|_| ()))
    };
    let written: Result<(), minicbor::encode::Error<std::convert::Infallible>> = write();
    debug_assert!(written.is_ok(), "a vector takes everything");
    encoder.into_writer()
}

/// Where it fails, the decoder stands at the place.
fn decode(decoder: &mut Decoder<'_>) -> Result<Records, minicbor::decode::Error> {
    let wrong = |why| Err(minicbor::decode::Error::message(why));
    if decoder.tag()?.as_u64() != TAG {
        return wrong("this is no file of a client's state, or of a later version");
    }
    let Some(count) = decoder.map()? else { return wrong("the number of records is missing") };
    let mut records = Records::default();
    for _ in 0..count {
        let key = decoder.bytes()?.to_vec();
        records.0.insert(key, Bytes::copy_from_slice(decoder.bytes()?));
    }
    if decoder.position() == decoder.input().len() {
        Ok(records)
    } else {
        wrong("something follows the last record")
    }
}

//! A store of keys in a file.

use std::{
    collections::{HashMap, HashSet},
    fmt, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use zeroize::Zeroizing;

use super::{
    Changes, Credential, CredentialId, CredentialStore, InvalidCredential, LineError, MemoryKeys,
    line::{format, parse},
};
use crate::{Endpoints, Entry, Hint, Identity, StoreError};

/// Keys in a file that only its owner may read, and in memory. Clones share them.
///
/// The file is text, one credential a line:
///
/// ```text
/// # A device with a pre-shared key, in hexadecimal. Without an endpoint its identity is that.
/// psk thermo 000102030405060708090a0b0c0d0e0f
/// # Another whose key is being replaced: both hold until one of the lines is gone.
/// psk valve-2025 8f1e... valve
/// psk valve-2026 03ab... valve
/// # One with a raw public key (SubjectPublicKeyInfo).
/// public-key file:meter.pub.pem meter
/// # Certificates of devices are signed by this authority. Their names are the endpoints.
/// authority file:ca.pem
/// # Except for this one, which is withdrawn.
/// certificate file:stolen.pem
/// # What this server proves itself with, whichever name it is asked for by.
/// own-key         * file:server.key.pem
/// own-certificate * file:server.key.pem file:server.pem
/// ```
///
/// Changes are written to a new file that takes the place of the old one; remarks stay. Reads and writes are of a
/// local file, and short: only [`open`](FileKeys::open), [`put`](FileKeys::put), [`put_all`](FileKeys::put_all),
/// [`remove`](FileKeys::remove) and [`reload`](FileKeys::reload) do them.
#[derive(Clone)]
pub struct FileKeys(Arc<Inner>);

struct Inner {
    path: PathBuf,
    lines: Mutex<Vec<Line>>,
    keys: MemoryKeys,
}

/// A line, and which credential it is if it is one.
struct Line {
    text: Zeroizing<String>,
    id: Option<CredentialId>,
}

/// A file of keys that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The system says so.
    #[error("{path}: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Others could read the keys.
    #[error("{path}: others than its owner may read or write it: chmod 600 {path}")]
    Permissions {
        /// The file.
        path: PathBuf,
    },
    /// A line cannot be read.
    #[error("{path}, line {line}: {error}")]
    Line {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        error: LineError,
    },
    /// Two lines are about the same.
    #[error("{path}, line {line}: {id} stands in an earlier line")]
    Twice {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What.
        id: CredentialId,
    },
    /// A credential cannot be used.
    #[error(transparent)]
    Invalid(#[from] InvalidCredential),
}

impl FileKeys {
    /// Reads a file. One that is not there is made, empty, when the first key is put.
    ///
    /// # Errors
    /// It cannot be read, others may read it, or a line is wrong.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, FileError> {
        let path = path.into();
        let (lines, credentials) = load(&path)?;
        let keys = MemoryKeys::default();
        keys.replace_all(credentials)?;
        Ok(Self(Arc::new(Inner { path, lines: Mutex::new(lines), keys })))
    }

    /// Which endpoint names a peer may use whose credential names none. Default [`rule::default`](super::rule::default).
    #[must_use]
    pub fn rule(self, rule: impl Fn(&Identity) -> Endpoints + Send + Sync + 'static) -> Self {
        let _ = self.0.keys.clone().rule(rule);
        self
    }

    /// Reads the file again, after somebody changed it. Sessions of what changed or went end; the others go on.
    ///
    /// # Errors
    /// As for [`FileKeys::open`]; nothing has changed.
    pub fn reload(&self) -> Result<(), FileError> {
        let mut lines = self.lines();
        let (read, credentials) = load(&self.0.path)?;
        self.0.keys.replace_all(credentials)?;
        *lines = read;
        Ok(())
    }

    /// Writes a credential, then uses it. One of the same [`Credential::id`] is replaced, which ends its sessions.
    ///
    /// # Errors
    /// It cannot be used or written; nothing has changed.
    pub fn put(&self, credential: Credential) -> Result<(), FileError> {
        self.put_all([credential])
    }

    /// Writes many credentials at once, then uses them, each as with [`FileKeys::put`]. Of several of the same
    /// [`Credential::id`] the last counts.
    ///
    /// # Errors
    /// One of them cannot be used, or the file cannot be written; nothing has changed.
    pub fn put_all(&self, credentials: impl IntoIterator<Item = Credential>) -> Result<(), FileError> {
        let credentials: Vec<Credential> = credentials.into_iter().collect();
        credentials.iter().try_for_each(Credential::check)?;
        let mut new: HashMap<CredentialId, Zeroizing<String>> =
            credentials.iter().map(|credential| (credential.id(), format(credential))).collect();
        let mut lines = self.lines();
        let mut put = Vec::with_capacity(lines.len().saturating_add(new.len()));
        // Those that are replaced stay where they are; the others follow in their order.
        for line in lines.iter() {
            let text = line.id.as_ref().and_then(|id| new.remove(id)).unwrap_or_else(|| line.text.clone());
            put.push(Line { text, id: line.id.clone() });
        }
        for id in credentials.iter().map(Credential::id) {
            if let Some(text) = new.remove(&id) {
                put.push(Line { text, id: Some(id) });
            }
        }
        write(&self.0.path, put.iter().map(|line| line.text.as_str())).map_err(|error| self.io(error))?;
        *lines = put;
        Ok(credentials.into_iter().try_for_each(|credential| self.0.keys.put(credential))?)
    }

    /// Removes a credential from the file and ends its sessions. `false`: there is none.
    ///
    /// # Errors
    /// The file cannot be written; nothing has changed.
    pub fn remove(&self, id: &CredentialId) -> Result<bool, FileError> {
        let mut lines = self.lines();
        let stays = |line: &&Line| line.id.as_ref() != Some(id);
        if lines.iter().all(|line| stays(&line)) {
            return Ok(false);
        }
        write(&self.0.path, lines.iter().filter(stays).map(|line| line.text.as_str()))
            .map_err(|error| self.io(error))?;
        lines.retain(|line| line.id.as_ref() != Some(id));
        Ok(self.0.keys.remove(id))
    }

    /// The credentials that name this endpoint.
    #[must_use]
    pub fn of_endpoint(&self, name: &str) -> Vec<CredentialId> {
        self.0.keys.of_endpoint(name)
    }

    /// All credentials.
    #[must_use]
    pub fn ids(&self) -> Vec<CredentialId> {
        self.0.keys.ids()
    }

    fn lines(&self) -> MutexGuard<'_, Vec<Line>> {
        self.0.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn io(&self, error: io::Error) -> FileError {
        FileError::Io { path: self.0.path.clone(), error }
    }
}

#[async_trait]
impl CredentialStore for FileKeys {
    async fn lookup(&self, hint: &Hint) -> Result<Option<Entry>, StoreError> {
        self.0.keys.lookup(hint).await
    }

    fn changes(&self) -> Changes {
        self.0.keys.changes()
    }
}

impl fmt::Debug for FileKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileKeys({}, {:?})", self.0.path.display(), self.0.keys)
    }
}

fn load(path: &Path) -> Result<(Vec<Line>, Vec<Credential>), FileError> {
    let io = |error| FileError::Io { path: path.to_owned(), error };
    let text = match fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), Vec::new())),
        Err(error) => return Err(io(error)),
    };
    if others_may(&fs::metadata(path).map_err(io)?) {
        return Err(FileError::Permissions { path: path.to_owned() });
    }
    let directory = path.parent().unwrap_or(Path::new(""));
    let (mut lines, mut credentials) = (Vec::new(), Vec::new());
    let mut earlier = HashSet::new();
    for (line, text) in (1..).zip(text.lines()) {
        let credential =
            parse(text, directory).map_err(|error| FileError::Line { path: path.to_owned(), line, error })?;
        let id = credential.as_ref().map(Credential::id);
        if let Some(id) = &id
            && !earlier.insert(id.clone())
        {
            return Err(FileError::Twice { path: path.to_owned(), line, id: id.clone() });
        }
        lines.push(Line { text: Zeroizing::new(text.to_owned()), id });
        credentials.extend(credential);
    }
    Ok((lines, credentials))
}

/// A new file takes the place of the old one only when all of it is on the disk: whenever the power fails, one of them
/// is there.
fn write<'a>(path: &Path, lines: impl Iterator<Item = &'a str>) -> io::Result<()> {
    let mut text = Zeroizing::new(String::new());
    for line in lines {
        text.push_str(line);
        text.push('\n');
    }
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut new = name.to_owned();
    new.push(".new");
    let new = path.with_file_name(new);
    // What an attempt before left behind may belong to others.
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => (),
    }
    let mut file = owner_only().write(true).create_new(true).open(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    sync_directory(path)
}

#[cfg(unix)]
fn owner_only() -> fs::OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = fs::OpenOptions::new();
    options.mode(0o600);
    options
}

#[cfg(not(unix))]
fn owner_only() -> fs::OpenOptions {
    fs::OpenOptions::new()
}

#[cfg(unix)]
fn others_may(file: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.permissions().mode() & 0o077 != 0
}

/// Who may read is a matter of the directory here.
#[cfg(not(unix))]
const fn others_may(_file: &fs::Metadata) -> bool {
    false
}

#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(directory)?.sync_all()
}

#[cfg(not(unix))]
const fn sync_directory(_path: &Path) -> io::Result<()> {
    Ok(())
}

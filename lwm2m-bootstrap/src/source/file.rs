//! Plans in a file.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use lwm2m_core::{Model, NoModel, StoreError, async_trait};
use lwm2m_objects::WithRegistry;

use super::{
    recipe::Recipes,
    text::{self, Located, Wrong},
};
use crate::{Plan, PlanSource, Session};

/// Plans in a file of TOML, or of JSON if its name ends so. The first plan whose `endpoint` fits a device is its.
///
/// ```toml
/// [[plan]]
/// endpoint = "thermo-*"               # a name, or its beginning; left out: every device
/// delete = ["/0", "/1"]
///
/// [[plan.server]]
/// id = 123                            # the short server ID
/// uri = "coaps://lwm2m.example"
/// identity = "{endpoint}"             # of a pre-shared key; {endpoint} is the name of the device
/// key = "file:keys/{endpoint}.key"    # or hex:.., base64:.., text:..
/// lifetime = 300
///
/// [[plan.write]]
/// path = "/3/0/14"
/// value = "+02:00"
/// otherwise = "continue"              # not every device has a clock
/// ```
///
/// What else may stand in it:
///
/// | in | keys |
/// |---|---|
/// | `[[plan]]` | `endpoint`, `delete`, and `server`, `rights`, `write`, which are carried out in this order |
/// | `[[plan.server]]` | `id`, `uri` and no keys: without protection |
/// | | `identity`, `key`: a pre-shared key |
/// | | `public-key`, `key`, `server-public-key`: raw public keys, in DER |
/// | | `certificate`, `key`, `server-certificate`, `certificate-usage`: certificates, in DER |
/// | | `lifetime` in seconds, `binding` (`"UQ"`: with queue mode), `order`, `secondary`, `server-name`; `mute-send = false`, without which the device sends nothing of its own accord ([Core 1.2 §E.2, resource 23]); `instances = [0, 1]`, of Security and Server |
/// | `[[plan.rights]]` | `path`, `owner`, `servers = { 123 = "RWE", 0 = "R" }` |
/// | `[[plan.write]]` | `path`, `value` |
///
/// A server and a write may have `otherwise`, if the device refuses: `"fail"`, `"continue"` or `{ retry = 3, wait = 5 }`, in
/// seconds.
///
/// Everything is checked when the file is read: places and types against the definitions, accounts for what they lack. A
/// file that has changed is read again when the next device comes; if it is wrong, the plans that were stay.
pub struct FilePlans {
    path: PathBuf,
    model: Arc<dyn Model>,
    state: Mutex<State>,
}

struct State {
    recipes: Arc<Recipes>,
    seen: Option<(SystemTime, u64)>,
    error: Option<FileError>,
}

/// A file of plans that cannot be read.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The system says so.
    #[error("{path}: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        error: Arc<std::io::Error>,
    },
    /// Something in it is wrong.
    #[error("{path}, line {line}: {why}")]
    Line {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong. Says nothing of what is secret.
        why: String,
    },
}

impl FilePlans {
    /// Reads a file, and checks it with the definitions of the OMA registry.
    ///
    /// # Errors
    /// It cannot be read, or something in it is wrong: which line.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, FileError> {
        Self::open_with(path, NoModel)
    }

    /// The same with definitions beside those of the registry, and before them: for `vec![Fan::DEF]` of your own objects.
    /// [`BootstrapBuilder::model`](crate::BootstrapBuilder::model) gets the same, since each plan is checked once more
    /// before it reaches a device.
    ///
    /// # Errors
    /// As for [`FilePlans::open`].
    pub fn open_with(path: impl Into<PathBuf>, model: impl Model) -> Result<Self, FileError> {
        let (path, model): (PathBuf, Arc<dyn Model>) = (path.into(), Arc::new(WithRegistry(model)));
        let seen = seen(&path);
        let recipes = Arc::new(load(&path, &*model)?);
        Ok(Self { path, model, state: Mutex::new(State { recipes, seen, error: None }) })
    }

    /// Why the file, as it is now, is not used. `None`: it is.
    #[must_use]
    pub fn error(&self) -> Option<FileError> {
        self.lock().error.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The file is local and small; it is read when it has changed.
    fn current(&self) -> Arc<Recipes> {
        let mut state = self.lock();
        let now = seen(&self.path);
        if now != state.seen {
            state.seen = now;
            match load(&self.path, &*self.model) {
                Ok(recipes) => (state.recipes, state.error) = (Arc::new(recipes), None),
                Err(error) => {
                    tracing::warn!(target: "lwm2m::bootstrap", %error, "the plans that were stay");
                    state.error = Some(error);
                }
            }
        }
        state.recipes.clone()
    }
}

#[async_trait]
impl PlanSource for FilePlans {
    async fn plan(&self, session: &Session) -> Result<Option<Plan>, StoreError> {
        if session.round > 0 {
            // It would say the same again.
            return Ok(None);
        }
        let plan = self.current().plan(&session.endpoint, &*self.model, directory(&self.path));
        plan.map_err(|wrong| {
            let text = fs::read_to_string(&self.path).unwrap_or_default();
            StoreError::new(FileError::at_line(&self.path, &text, wrong).to_string())
        })
    }
}

impl fmt::Debug for FilePlans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FilePlans").field("path", &self.path).finish_non_exhaustive()
    }
}

/// What `file:` is relative to.
pub(super) fn directory(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

fn seen(path: &Path) -> Option<(SystemTime, u64)> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

fn load(path: &Path, model: &dyn Model) -> Result<Recipes, FileError> {
    let (text, root) = read(path)?;
    Recipes::read(&root, model, directory(path)).map_err(|wrong| FileError::at_line(path, &text, wrong))
}

/// The text of a file, and what stands in it.
pub(super) fn read(path: &Path) -> Result<(String, Located), FileError> {
    let io = |error| FileError::Io { path: path.to_owned(), error: Arc::new(error) };
    let text = fs::read_to_string(path).map_err(io)?;
    let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let root = if is_json { text::json(&text) } else { text::toml(&text) };
    match root {
        Ok(root) => Ok((text, root)),
        Err(wrong) => Err(FileError::at_line(path, &text, wrong)),
    }
}

impl FileError {
    pub(super) fn at_line(path: &Path, text: &str, wrong: Wrong) -> Self {
        Self::Line { path: path.to_owned(), line: line_of(text, wrong.at), why: wrong.why }
    }
}

/// The line of an octet, counted from 1.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
    before.iter().filter(|octet| **octet == b'\n').count().saturating_add(1)
}

//! Plans in an embedded database.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use lwm2m_core::{EndpointName, Model, NoModel, StoreError, async_trait, file};
use lwm2m_objects::WithRegistry;
use redb::{Database, ReadableDatabase as _, Table, TableDefinition, backends::FileBackend};

use super::{
    file::{FileError, directory, line_of, read},
    recipe::Recipes,
    text::{self, Wrong},
};
use crate::{Plan, PlanSource, Session};

/// By endpoint name, or its beginning and `*`: the plan, in JSON. A format that is not compatible has another name.
const PLANS: TableDefinition<'_, &str, &str> = TableDefinition::new("lwm2m-bootstrap-plans-1");

/// Largest plan, in octets. One that is larger is a mistake of whoever made it, and every device would pay for it.
const MAX_PLAN: usize = 1 << 20;

/// Plans in an embedded database, one for each endpoint name, or for all that begin alike. They are checked when they are
/// written, can be changed while the server runs, and outlive it. Clones are the same database.
///
/// A plan is a table of JSON, as those of [`FilePlans`](crate::FilePlans) are, without `endpoint`:
///
/// ```no_run
/// use lwm2m_bootstrap::DatabasePlans;
///
/// # fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let plans = DatabasePlans::open("plans.redb")?;
/// plans.put("thermo-*", r#"{
///     "delete": ["/0", "/1"],
///     "server": [{ "id": 123, "uri": "coaps://lwm2m.example", "identity": "{endpoint}", "key": "file:keys/{endpoint}.key" }]
/// }"#)?;
/// plans.put("thermo-7", r#"{ "write": [{ "path": "/3/0/14", "value": "+02:00" }] }"#)?;
/// # Ok(())
/// # }
/// ```
///
/// Of those that fit a device, the plan with its whole name comes first, then the one with the longest beginning. `file:`
/// is relative to the directory of the database. The file holds keys: it is made for its owner alone. Only one process can
/// open it at a time.
///
/// What changes it returns when the medium has it, and blocks until then.
#[derive(Clone)]
pub struct DatabasePlans(Arc<Inner>);

struct Inner {
    path: PathBuf,
    database: Database,
    model: Arc<dyn Model>,
}

/// A database of plans that cannot be used, or a plan that it does not take.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// The database says so.
    #[error("{path}: {error}")]
    Database {
        /// Its file.
        path: PathBuf,
        /// Why.
        error: Arc<dyn std::error::Error + Send + Sync>,
    },
    /// Something in a plan is wrong. Nothing has changed.
    #[error("plan of {endpoint}, line {line}: {why}")]
    Plan {
        /// Whose.
        endpoint: String,
        /// Counted from 1.
        line: usize,
        /// What is wrong. Says nothing of what is secret.
        why: String,
    },
    /// A file of plans is wrong. Nothing has changed.
    #[error(transparent)]
    File(#[from] FileError),
}

impl DatabasePlans {
    /// Opens a database, or makes it. Plans are checked with the definitions of the OMA registry.
    ///
    /// # Errors
    /// It cannot be opened, or is none.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, DatabaseError> {
        Self::open_with(path, NoModel)
    }

    /// The same with definitions beside those of the registry, and before them: for `vec![Fan::DEF]` of your own objects.
    /// [`BootstrapBuilder::model`](crate::BootstrapBuilder::model) gets the same, since each plan is checked once more
    /// before it reaches a device.
    ///
    /// # Errors
    /// As for [`DatabasePlans::open`].
    pub fn open_with(path: impl Into<PathBuf>, model: impl Model) -> Result<Self, DatabaseError> {
        let path: PathBuf = path.into();
        let opened = file::owner_only().read(true).write(true).create(true).truncate(false).open(&path);
        let database = opened
            .map_err(redb::DatabaseError::from)
            .and_then(FileBackend::new)
            .and_then(|file| redb::Builder::new().create_with_backend(file))
            .map_err(|error| failed(&path, error.into()))?;
        let plans = Self(Arc::new(Inner { path, database, model: Arc::new(WithRegistry(model)) }));
        // So that there is something to read.
        plans.change(|_| Ok(()))?;
        Ok(plans)
    }

    /// The plan of an endpoint name, or of its beginning and `*`, in place of the one that was.
    ///
    /// # Errors
    /// Something in it is wrong, or it cannot be written. The plan that was stays.
    pub fn put(&self, endpoint: &str, plan: &str) -> Result<(), DatabaseError> {
        if plan.len() > MAX_PLAN {
            let why = format!("a plan has at most {MAX_PLAN} octets");
            return Err(DatabaseError::Plan { endpoint: endpoint.to_owned(), line: 1, why });
        }
        self.recipes(endpoint, plan)?;
        self.change(|table| table.insert(endpoint, plan).map(drop))
    }

    /// Takes over all plans of a file of TOML or JSON, as [`FilePlans`](crate::FilePlans) reads it, each in place of the
    /// one with the same `endpoint`; or none of them. How many they are. From then on, `file:` is relative to the directory
    /// of the database, and so it is here.
    ///
    /// # Errors
    /// Something in the file is wrong: which line; or the database cannot be written.
    pub fn import(&self, file: impl AsRef<Path>) -> Result<usize, DatabaseError> {
        let file = file.as_ref();
        let (text, root) = read(file)?;
        let at_line = |wrong| FileError::at_line(file, &text, wrong);
        let recipes = Recipes::read(&root, &*self.0.model, directory(&self.0.path)).map_err(at_line)?;
        let plans = recipes.plans(&root).map_err(at_line)?;
        self.change(|table| {
            for (endpoint, plan) in &plans {
                table.insert(&**endpoint, &**plan)?;
            }
            Ok(())
        })?;
        Ok(plans.len())
    }

    /// Removes a plan. Was there one?
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn remove(&self, endpoint: &str) -> Result<bool, DatabaseError> {
        let mut found = false;
        self.change(|table| {
            found = table.remove(endpoint)?.is_some();
            Ok(())
        })?;
        Ok(found)
    }

    /// The plan under this very name, with the keys that are in it.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn get(&self, endpoint: &str) -> Result<Option<String>, DatabaseError> {
        self.look(|table| Ok(table.get(endpoint)?.map(|plan| plan.value().to_owned())))
    }

    /// The names that have plans, in order: at most `max`, from the first that comes after `after`.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn endpoints(&self, after: Option<&str>, max: usize) -> Result<Vec<String>, DatabaseError> {
        use std::ops::Bound;
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        self.look(|table| {
            let names = table.range::<&str>((from, Bound::Unbounded))?.take(max);
            names.map(|entry| Ok(entry?.0.value().to_owned())).collect()
        })
    }

    /// What fits a device best: the name that it stands under, and the plan.
    fn find(&self, device: &str) -> Result<Option<(String, String)>, DatabaseError> {
        self.look(|table| {
            if let Some(plan) = table.get(device)? {
                return Ok(Some((device.to_owned(), plan.value().to_owned())));
            }
            let ends = device.char_indices().map(|(at, _)| at).chain([device.len()]).rev();
            for beginning in ends.filter_map(|at| device.get(..at)) {
                let name = format!("{beginning}*");
                if let Some(plan) = table.get(&*name)? {
                    return Ok(Some((name, plan.value().to_owned())));
                }
            }
            Ok(None)
        })
    }

    fn plan_of(&self, device: &EndpointName) -> Result<Option<Plan>, DatabaseError> {
        let Some((name, text)) = self.find(device)? else { return Ok(None) };
        // The definitions may be others than they were when it was written.
        let recipes = self.recipes(&name, &text)?;
        let plan = recipes.plan(device, &*self.0.model, directory(&self.0.path));
        plan.map_err(|wrong| wrong_plan(&name, &text, wrong))
    }

    fn recipes(&self, endpoint: &str, plan: &str) -> Result<Recipes, DatabaseError> {
        let root = text::json(plan);
        let recipes =
            root.and_then(|root| Recipes::one(&root, endpoint, &*self.0.model, directory(&self.0.path)));
        recipes.map_err(|wrong| wrong_plan(endpoint, plan, wrong))
    }

    /// All of it, or nothing.
    fn change(
        &self,
        change: impl FnOnce(&mut Table<'_, &'static str, &'static str>) -> Result<(), redb::StorageError>,
    ) -> Result<(), DatabaseError> {
        let run = || -> Result<(), redb::Error> {
            let transaction = self.0.database.begin_write()?;
            change(&mut transaction.open_table(PLANS)?)?;
            Ok(transaction.commit()?)
        };
        run().map_err(|error| failed(&self.0.path, error))
    }

    fn look<T>(
        &self,
        look: impl FnOnce(&redb::ReadOnlyTable<&'static str, &'static str>) -> Result<T, redb::StorageError>,
    ) -> Result<T, DatabaseError> {
        let run =
            || -> Result<T, redb::Error> { Ok(look(&self.0.database.begin_read()?.open_table(PLANS)?)?) };
        run().map_err(|error| failed(&self.0.path, error))
    }
}

#[async_trait]
impl PlanSource for DatabasePlans {
    async fn plan(&self, session: &Session) -> Result<Option<Plan>, StoreError> {
        if session.round > 0 {
            // It would say the same again.
            return Ok(None);
        }
        // Of a few pages, which the database keeps in memory.
        self.plan_of(&session.endpoint).map_err(|error| StoreError::new(error.to_string()))
    }
}

impl fmt::Debug for DatabasePlans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DatabasePlans").field("path", &self.0.path).finish_non_exhaustive()
    }
}

fn failed(path: &Path, error: redb::Error) -> DatabaseError {
    DatabaseError::Database { path: path.to_owned(), error: Arc::new(error) }
}

fn wrong_plan(endpoint: &str, text: &str, wrong: Wrong) -> DatabaseError {
    let line = line_of(text, wrong.at);
    DatabaseError::Plan { endpoint: endpoint.to_owned(), line, why: wrong.why }
}

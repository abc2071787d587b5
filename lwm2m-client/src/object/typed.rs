//! A typed object: its instances are Rust values that the client holds.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use lwm2m_core::{
    Arguments, Code, Done, InstanceId, ObjectId, ObjectType, Rejection, ResourceChange, ResourceId,
    Selection, Values, async_trait,
};

use super::{
    Feed, Instance, Keeper,
    given::{again, take_away},
    instance::{Cell, Origin, Served},
};
use crate::{
    Caller, Change, Cx, ObjectHandler, Prepared,
    state_store::layout::{Fate, Kept},
};

pub(super) type Factory<T> = Box<dyn Fn(InstanceId) -> T + Send + Sync>;
pub(super) type Cells<T> = BTreeMap<InstanceId, Arc<Cell<T>>>;

pub(crate) struct TypedObject<T> {
    /// Shared with the futures that commit.
    pub(super) cells: Arc<Mutex<Cells<T>>>,
    /// Instances of the program that servers have deleted.
    pub(super) gone: Arc<Mutex<Cells<T>>>,
    pub(super) feed: Arc<Feed>,
    /// Present: servers may create and delete instances.
    factory: OnceLock<Factory<T>>,
    /// Makes an instance that was kept, where servers may not.
    pub(super) maker: OnceLock<Factory<T>>,
    /// What servers change is in the client's store.
    kept: AtomicBool,
}

pub(super) fn lock<T>(cells: &Mutex<Cells<T>>) -> MutexGuard<'_, Cells<T>> {
    cells.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T: ObjectType> TypedObject<T> {
    pub(crate) fn new(feed: Arc<Feed>) -> Self {
        let kept = AtomicBool::new(false);
        let (factory, maker) = (OnceLock::new(), OnceLock::new());
        Self { cells: Arc::default(), gone: Arc::default(), feed, factory, maker, kept }
    }

    pub(super) const OBJECT: ObjectId = T::DEF.id();

    /// `None`: the instance exists.
    pub(crate) fn add(&self, instance: InstanceId, value: T) -> Option<Instance<T>> {
        let cell = Arc::new(Cell::new(value, Origin::Program));
        let mut cells = lock(&self.cells);
        if cells.contains_key(&instance) {
            return None;
        }
        cells.insert(instance, cell.clone());
        drop(cells);
        lock(&self.gone).remove(&instance);
        self.feed.structure(Self::OBJECT);
        Some(self.handle(instance, cell))
    }

    pub(crate) fn remove(&self, instance: InstanceId) -> Option<T> {
        let cell = lock(&self.cells).remove(&instance)?;
        self.feed.structure(Self::OBJECT);
        Some(cell.retire())
    }

    pub(crate) fn instance(&self, instance: InstanceId) -> Option<Instance<T>> {
        let cell = self.cell(instance)?;
        Some(self.handle(instance, cell))
    }

    pub(crate) fn all(&self) -> Vec<Instance<T>> {
        lock(&self.cells).iter().map(|(id, cell)| self.handle(*id, cell.clone())).collect()
    }

    pub(crate) fn set_factory(&self, make: Factory<T>) {
        // The first factory stays: there is no reason to have two.
        let _ = self.factory.set(make);
        self.keep(None);
    }

    /// From now on what servers change is kept, and found again at start.
    pub(crate) fn keep(&self, make: Option<Factory<T>>) {
        self.kept.store(true, Ordering::Relaxed);
        if let Some(make) = make {
            let _ = self.maker.set(make);
        }
    }

    fn handle(&self, instance: InstanceId, cell: Arc<Cell<T>>) -> Instance<T> {
        Instance::new(instance, cell, self.feed.clone())
    }

    fn cell(&self, instance: InstanceId) -> Option<Arc<Cell<T>>> {
        lock(&self.cells).get(&instance).cloned()
    }

    /// `bootstrap`: may do what servers may not, with all that an instance has.
    fn stage(&self, staged: &mut Staged<T>, change: Change, bootstrap: bool) -> Result<(), Rejection> {
        let instance = change.instance();
        let maker = self.factory.get().or_else(|| self.maker.get().filter(|_| bootstrap));
        match change {
            Change::Create { values, .. } => {
                let make = maker.ok_or_else(|| fixed(Self::OBJECT, instance))?;
                if self.cell(instance).is_some() || staged.contains_key(&instance) {
                    return Err(Rejection::bad_request(format!("/{}/{instance} exists", Self::OBJECT)));
                }
                let mut value = make(instance);
                apply(&mut value, &sets(values))?;
                staged.insert(instance, Stage::Create(value));
            }
            Change::Delete { .. } => {
                if maker.is_none() {
                    return Err(fixed(Self::OBJECT, instance));
                }
                self.cell(instance).ok_or_else(Rejection::not_found)?;
                staged.insert(instance, Stage::Delete);
            }
            Change::Replace { values, .. } if bootstrap => {
                self.write(staged, instance, restored::<T>(values, true))?;
            }
            Change::Replace { values, .. } => self.write(staged, instance, replacement::<T>(values))?,
            Change::Resource { change, .. } => self.write(staged, instance, vec![change])?,
        }
        Ok(())
    }

    /// Tries the changes on a copy; the commit applies them to the value as it is then.
    fn write(
        &self,
        staged: &mut Staged<T>,
        instance: InstanceId,
        changes: Vec<ResourceChange>,
    ) -> Result<(), Rejection> {
        let stage = match staged.entry(instance) {
            Entry::Occupied(stage) => stage.into_mut(),
            Entry::Vacant(free) => {
                let cell = self.cell(instance).ok_or_else(Rejection::not_found)?;
                free.insert(Stage::Write { trial: cell.get(), changes: Vec::new() })
            }
        };
        match stage {
            Stage::Write { trial, changes: earlier } => {
                apply(trial, &changes)?;
                earlier.extend(changes);
                Ok(())
            }
            Stage::Create(value) => apply(value, &changes),
            Stage::Delete => Err(Rejection::not_found()),
        }
    }
}

impl<T: ObjectType> TypedObject<T> {
    fn to_keep(&self, staged: &Staged<T>) -> Vec<Kept> {
        let fate = |instance: &InstanceId, stage: &Stage<T>| match stage {
            Stage::Create(value) | Stage::Write { trial: value, .. } if self.is_given(*instance, value) => {
                Fate::Given(whole(value))
            }
            Stage::Create(value) | Stage::Write { trial: value, .. } => Fate::Is(whole(value)),
            Stage::Delete if self.is_of_program(*instance) => Fate::Gone,
            Stage::Delete => Fate::Forgotten,
        };
        let kept = staged.iter().map(|(instance, stage)| Kept {
            object: Self::OBJECT,
            instance: *instance,
            fate: fate(instance, stage),
        });
        kept.collect()
    }
}

impl<T: ObjectType> Keeper for TypedObject<T> {
    fn keeps(&self) -> bool {
        self.kept.load(Ordering::Relaxed)
    }

    fn makes(&self) -> bool {
        self.factory.get().is_some() || self.maker.get().is_some()
    }

    fn given(&self) -> Vec<(InstanceId, Values)> {
        self.all_given()
    }

    fn reset(&self) -> Prepared {
        self.return_to_given()
    }

    fn restore(&self, kept: Kept) -> Result<(), Rejection> {
        let instance = kept.instance;
        let values = match kept.fate {
            Fate::Is(values) => values,
            Fate::Gone | Fate::Forgotten | Fate::Given(_) => {
                take_away(&self.cells, &self.gone, instance);
                self.feed.structure(Self::OBJECT);
                return Ok(());
            }
        };
        match self.cell(instance) {
            Some(cell) => {
                let changes = restored::<T>(values, self.maker.get().is_some());
                let (written, changed) = cell.serve(|value| apply(value, &changes));
                self.feed.values(Self::OBJECT, instance, &changed);
                written
            }
            None => {
                let make = self.factory.get().or_else(|| self.maker.get());
                let make = make.ok_or_else(|| fixed(Self::OBJECT, instance))?;
                let mut value = make(instance);
                apply(&mut value, &restored::<T>(values, true))?;
                lock(&self.cells).insert(instance, Arc::new(Cell::new(value, Origin::Server)));
                self.feed.structure(Self::OBJECT);
                Ok(())
            }
        }
    }
}

/// The program has given no factory.
fn fixed(object: ObjectId, instance: InstanceId) -> Rejection {
    let text = format!("/{object}/{instance}: servers neither create nor delete instances of this object");
    Rejection::new(Code::METHOD_NOT_ALLOWED, text)
}

/// What a batch will do, by instance.
type Staged<T> = BTreeMap<InstanceId, Stage<T>>;

pub(super) enum Stage<T> {
    Create(T),
    Delete,
    Write { trial: T, changes: Vec<ResourceChange> },
}

fn apply<T: ObjectType>(value: &mut T, changes: &[ResourceChange]) -> Result<(), Rejection> {
    changes.iter().try_for_each(|change| value.write(change.clone()))
}

/// All that an instance has, also what servers cannot read.
pub(super) fn whole<T: ObjectType>(value: &T) -> Values {
    let every = T::DEF.resources().iter().filter(|def| !def.ops().can_execute());
    value.read(&Selection::Only(every.map(|def| (def.id(), None)).collect()))
}

fn sets(values: Values) -> Vec<ResourceChange> {
    values.into_iter().map(|(resource, node)| ResourceChange::Set(resource, node)).collect()
}

/// What is given is set; optional writable resources that are not given go.
fn replacement<T: ObjectType>(values: Values) -> Vec<ResourceChange> {
    let absent = |resource: &ResourceId| !values.iter().any(|(given, _)| given == resource);
    let gone = T::DEF.resources().iter().filter(|def| def.ops().can_write() && !def.is_mandatory());
    let gone: Vec<_> = gone.map(|def| def.id()).filter(absent).map(ResourceChange::Remove).collect();
    sets(values).into_iter().chain(gone).collect()
}

/// What was kept is set, and what it lacks goes. What servers cannot write is the program's business, unless the whole
/// instance is theirs.
pub(super) fn restored<T: ObjectType>(values: Values, whole: bool) -> Vec<ResourceChange> {
    let theirs = |id: ResourceId| T::DEF.resource(id).is_some_and(|def| whole || def.ops().can_write());
    let absent = |id: &ResourceId| !values.iter().any(|(given, _)| given == id);
    let optional = T::DEF.resources().iter().filter(|def| !def.is_mandatory() && !def.ops().can_execute());
    let gone: Vec<_> = optional.map(|def| def.id()).filter(absent).map(ResourceChange::Remove).collect();
    let all = sets(values).into_iter().chain(gone);
    all.filter(|change| theirs(change.resource())).collect()
}

#[async_trait]
impl<T: ObjectType> ObjectHandler for TypedObject<T> {
    async fn instances(&self) -> Vec<InstanceId> {
        lock(&self.cells).keys().copied().collect()
    }

    async fn read(&self, _cx: &Cx, instance: InstanceId, wanted: &Selection) -> Result<Values, Rejection> {
        let cell = self.cell(instance).ok_or_else(Rejection::not_found)?;
        Ok(cell.read(wanted))
    }

    async fn prepare(&self, cx: &Cx, batch: Vec<Change>) -> Result<Prepared, Rejection> {
        let mut staged = Staged::new();
        let bootstrap = cx.caller == Caller::Bootstrap;
        batch.into_iter().try_for_each(|change| self.stage(&mut staged, change, bootstrap))?;
        let kept = if self.keeps() { self.to_keep(&staged) } else { Vec::new() };
        let (cells, gone, feed) = (self.cells.clone(), self.gone.clone(), self.feed.clone());
        let prepared = Prepared::new(async move {
            for (instance, stage) in staged {
                commit(&cells, &gone, &feed, instance, stage);
            }
        });
        Ok(prepared.keeping(kept))
    }

    async fn execute(
        &self,
        _cx: &Cx,
        instance: InstanceId,
        resource: ResourceId,
        arguments: Arguments,
    ) -> Result<Done, Rejection> {
        let cell = self.cell(instance).ok_or_else(Rejection::not_found)?;
        let (done, changed) = cell.change_checked(|value| value.execute(resource, &arguments), Result::is_ok);
        let done = done?;
        let changed = changed.map_err(|rejection| {
            tracing::warn!(object = %Self::OBJECT, %instance, %resource, %rejection, "not executed");
            Rejection::internal(rejection.detail)
        })?;
        self.feed.values(Self::OBJECT, instance, &changed);
        cell.tell(&vec![Served::Executed(resource, arguments)]);
        Ok(done)
    }

    fn has(&self, instance: InstanceId, resource: ResourceId) -> bool {
        self.cell(instance).is_some_and(|cell| cell.has(resource))
    }
}

fn commit<T: ObjectType>(
    cells: &Mutex<Cells<T>>,
    gone: &Mutex<Cells<T>>,
    feed: &Feed,
    instance: InstanceId,
    stage: Stage<T>,
) {
    let object = T::DEF.id();
    match stage {
        Stage::Create(value) => {
            let cell = again(gone, instance, &value);
            let cell = cell.unwrap_or_else(|| Arc::new(Cell::new(value, Origin::Server)));
            lock(cells).insert(instance, cell);
            feed.structure(object);
        }
        Stage::Delete => {
            let gone = take_away(cells, gone, instance);
            feed.structure(object);
            if let Some(cell) = gone {
                cell.tell(&vec![Served::Deleted]);
            }
        }
        Stage::Write { changes, .. } => {
            let Some(cell) = lock(cells).get(&instance).cloned() else { return };
            // What the trial took, the value takes; a value that the program changed since keeps its other resources.
            let (_, changed) = cell.serve(|value| apply(value, &changes).is_ok());
            feed.values(object, instance, &changed);
            // Replace takes away what the server does not name; what was not there is nothing to tell of.
            let gone = |change: &ResourceChange| match change {
                ResourceChange::Remove(id) => !changed.iter().any(|(resource, _)| resource == id),
                _ => false,
            };
            let told = changes.iter().filter(|change| !gone(change));
            cell.tell(&told.map(|change| Served::Written(change.resource(), item(change))).collect());
        }
    }
}

const fn item(change: &ResourceChange) -> Option<u16> {
    match change {
        ResourceChange::SetItem(_, item, _) | ResourceChange::RemoveItem(_, item) => Some(*item),
        _ => None,
    }
}

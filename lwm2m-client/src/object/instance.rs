//! The program's handle to a typed instance.

use std::{
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use futures_core::Stream;
use lwm2m_core::{
    Arguments, InstanceId, IntoNode, ObjectType, Path, Rejection, ResourceChange, ResourceId, ResourceKey,
    Selection, Values,
};

use super::Feed;
use crate::bus::{Bus, Reader};

/// A typed instance: read it, change it, and observers are told exactly what changed. Clones are the same instance.
pub struct Instance<T> {
    id: InstanceId,
    cell: Arc<Cell<T>>,
    feed: Arc<Feed>,
}

impl<T: ObjectType> Instance<T> {
    pub(crate) const fn new(id: InstanceId, cell: Arc<Cell<T>>, feed: Arc<Feed>) -> Self {
        Self { id, cell, feed }
    }

    /// The instance's number.
    #[must_use]
    pub const fn id(&self) -> InstanceId {
        self.id
    }

    /// Is it still part of the client? A server may have deleted it.
    #[must_use]
    pub fn exists(&self) -> bool {
        !self.cell.lock().retired
    }

    /// A copy of the value.
    #[must_use]
    pub fn get(&self) -> T {
        self.cell.get()
    }

    /// Sets one resource; its cost does not depend on the others. A key of another object does not compile. Observers
    /// are told if the value differs. A value that the resource does not take (out of range) changes nothing, and is told
    /// to the log alone: `warn`, with the reason.
    pub fn set<V: IntoNode>(&self, key: ResourceKey<T, V>, value: V) {
        let resource = key.id();
        let selection = Selection::Only(vec![(resource, None)]);
        let mut state = self.cell.lock();
        if state.retired {
            return;
        }
        let before = state.value.read(&selection);
        if let Err(rejection) = state.value.write(ResourceChange::Set(resource, value.into_node())) {
            tracing::warn!(object = %T::DEF.id(), instance = %self.id, %resource, %rejection, "not set");
            return;
        }
        let differs = state.value.read(&selection) != before;
        drop(state);
        if differs {
            self.feed.values(T::DEF.id(), self.id, &[(resource, None)]);
        }
    }

    /// Changes the value atomically, then tells observers exactly what differs, down to resource instances. If a resource
    /// does not take what it is given (out of range), nothing is changed at all, and the log has a `warn` with the reason.
    /// `f` must not use this instance's other handles: it runs under their lock.
    pub fn update<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        let (result, changed) = self.cell.change_checked(f, |_| true);
        match changed {
            Ok(changed) if self.exists() => self.feed.values(T::DEF.id(), self.id, &changed),
            Ok(_) => {}
            Err(rejection) => {
                tracing::warn!(object = %T::DEF.id(), instance = %self.id, %rejection, "not updated");
            }
        }
        result
    }

    /// Writes, executes and deletion by servers, after they took effect. Bounded: a reader that lags loses the oldest.
    #[must_use]
    pub fn changes(&self) -> ServedEvents {
        ServedEvents(self.cell.served.subscribe())
    }
}

impl<T> Clone for Instance<T> {
    fn clone(&self) -> Self {
        Self { id: self.id, cell: self.cell.clone(), feed: self.feed.clone() }
    }
}

/// Says which instance it is, not what it holds: there may be keys in it.
impl<T: ObjectType> fmt::Debug for Instance<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Instance(/{}/{})", T::DEF.id(), self.id)
    }
}

/// What a server did to an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Served {
    /// It wrote a resource, or one resource instance.
    Written(ResourceId, Option<u16>),
    /// It executed a resource.
    Executed(ResourceId, Arguments),
    /// It deleted the instance.
    Deleted,
    /// The reader was too slow for so many requests.
    Missed(u64),
}

/// What servers do to an instance; one item a request.
pub struct ServedEvents(Reader<Vec<Served>>);

impl ServedEvents {
    /// The next request's changes; `None` when the instance and its handles are gone.
    pub async fn next(&mut self) -> Option<Vec<Served>> {
        self.0.next().await
    }
}

impl Stream for ServedEvents {
    type Item = Vec<Served>;
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Vec<Served>>> {
        self.0.poll_next(cx)
    }
}

/// The value, shared by the object and the handles.
pub(crate) struct Cell<T> {
    state: Mutex<State<T>>,
    pub(crate) origin: Origin,
    served: Bus<Vec<Served>>,
}

/// Where an instance comes from: the program adds its own again at the next start.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    Program,
    /// A server or bootstrap made it, now or before the last restart.
    Server,
}

struct State<T> {
    value: T,
    /// What the program had made of it when a server first changed it. An instance that servers made has none.
    given: Option<Box<T>>,
    /// No longer part of the client.
    retired: bool,
}

type ChangedResources = Vec<(ResourceId, Option<u16>)>;

impl<T> Cell<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: ObjectType> Cell<T> {
    pub(crate) fn new(value: T, origin: Origin) -> Self {
        let state = Mutex::new(State { value, given: None, retired: false });
        Self { state, origin, served: Bus::new(|missed| vec![Served::Missed(missed)]) }
    }

    pub(crate) fn get(&self) -> T {
        self.lock().value.clone()
    }

    pub(crate) fn read(&self, wanted: &Selection) -> Values {
        self.lock().value.read(wanted)
    }

    /// On behalf of a server: what the program gave stays known.
    pub(crate) fn serve<R>(&self, f: impl FnOnce(&mut T) -> R) -> (R, ChangedResources) {
        self.remember();
        let mut state = self.lock();
        let before = state.value.clone();
        let result = f(&mut state.value);
        let changed = state.value.changed(&before);
        (result, changed)
    }

    /// What the program gives is as it is now, unless it is known already.
    pub(crate) fn remember(&self) {
        let mut state = self.lock();
        if self.origin == Origin::Program && state.given.is_none() {
            state.given = Some(Box::new(state.value.clone()));
        }
    }

    /// What the program gave.
    pub(crate) fn given(&self) -> T {
        let state = self.lock();
        state.given.as_deref().unwrap_or(&state.value).clone()
    }

    /// It is part of the client again, with what the program gave: in full, or with what `wanted` selects.
    pub(crate) fn return_to_given(&self, wanted: impl FnOnce(&T, &mut T)) -> ChangedResources {
        let mut state = self.lock();
        state.retired = false;
        let Some(given) = state.given.take() else { return Vec::new() };
        let before = state.value.clone();
        wanted(&given, &mut state.value);
        state.value.changed(&before)
    }

    /// Lets code of the program change the value. Nothing has changed where the definition does not allow it, where the
    /// result is none to `keep`, where the code panics, and where the instance is no longer part of the client.
    pub(crate) fn change_checked<R>(
        &self,
        f: impl FnOnce(&mut T) -> R,
        keep: impl FnOnce(&R) -> bool,
    ) -> (R, Result<ChangedResources, Rejection>) {
        let mut state = self.lock();
        let mut value = state.value.clone();
        let result = f(&mut value);
        if state.retired || !keep(&result) {
            return (result, Ok(Vec::new()));
        }
        let changed = value.changed(&state.value);
        let values = value.read(&Selection::Only(changed.clone()));
        let checked = values.iter().try_for_each(|(resource, node)| {
            let Some(def) = T::DEF.resource(*resource) else { return Ok(()) };
            node.leaves(Path::ROOT).iter().try_for_each(|(_, value)| def.check(value))
        });
        if checked.is_ok() {
            state.value = value;
        }
        (result, checked.map(|()| changed))
    }

    pub(crate) fn has(&self, resource: ResourceId) -> bool {
        self.lock().value.has(resource)
    }

    pub(crate) fn tell(&self, served: &Vec<Served>) {
        self.served.publish(served);
    }

    pub(crate) fn retire(&self) -> T {
        let mut state = self.lock();
        state.retired = true;
        state.value.clone()
    }
}

//! What the program gave, whatever servers and bootstrap have made of it since: the factory state of a typed object.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use lwm2m_core::{InstanceId, ObjectType, Values};

use super::{
    instance::{Cell, Origin, Served},
    typed::{Cells, TypedObject, lock, restored, whole},
};
use crate::Prepared;

impl<T: ObjectType> TypedObject<T> {
    /// Is this what the program gave, and nothing else?
    pub(super) fn is_given(&self, instance: InstanceId, value: &T) -> bool {
        let cell = lock(&self.cells).get(&instance).filter(|cell| cell.origin == Origin::Program).cloned();
        let cell = cell.or_else(|| lock(&self.gone).get(&instance).cloned());
        cell.is_some_and(|cell| whole(&cell.given()) == whole(value))
    }

    /// Does the program add this instance at start?
    pub(super) fn is_of_program(&self, instance: InstanceId) -> bool {
        let cell = lock(&self.cells).get(&instance).map(|cell| cell.origin);
        cell == Some(Origin::Program) || lock(&self.gone).contains_key(&instance)
    }

    /// Every instance of the program, as it gave it.
    pub(super) fn all_given(&self) -> Vec<(InstanceId, Values)> {
        let mut all: BTreeMap<InstanceId, Values> = BTreeMap::new();
        for cells in [&self.cells, &self.gone] {
            let cells = lock(cells);
            let theirs = cells.iter().filter(|(_, cell)| cell.origin == Origin::Program);
            all.extend(theirs.map(|(id, cell)| (*id, whole(&cell.given()))));
        }
        all.into_iter().collect()
    }

    /// What servers made goes, what they deleted is there again, what they wrote is as it was. What the program alone
    /// says of an instance is its business and stays, unless the whole instance is bootstrap's.
    pub(super) fn return_to_given(&self) -> Prepared {
        let (cells, gone, feed) = (self.cells.clone(), self.gone.clone(), self.feed.clone());
        let whole_instances = self.maker.get().is_some();
        Prepared::new(async move {
            let mut deleted = Vec::new();
            let mut live = lock(&cells);
            let before: Vec<InstanceId> = live.keys().copied().collect();
            live.retain(|_, cell| {
                let stays = cell.origin == Origin::Program;
                if !stays {
                    cell.retire();
                    deleted.push(cell.clone());
                }
                stays
            });
            live.append(&mut lock(&gone));
            let after: Vec<(InstanceId, Arc<Cell<T>>)> =
                live.iter().map(|(id, cell)| (*id, cell.clone())).collect();
            drop(live);
            for (instance, cell) in &after {
                let changed = cell.return_to_given(|given, value| put_back(given, value, whole_instances));
                if !changed.is_empty() {
                    feed.values(Self::OBJECT, *instance, &changed);
                    cell.tell(&changed.into_iter().map(|(id, item)| Served::Written(id, item)).collect());
                }
            }
            if !after.iter().map(|(id, _)| *id).eq(before) {
                feed.structure(Self::OBJECT);
            }
            deleted.iter().for_each(|cell| cell.tell(&vec![Served::Deleted]));
        })
    }
}

fn put_back<T: ObjectType>(given: &T, value: &mut T, whole_instance: bool) {
    if whole_instance {
        *value = given.clone();
        return;
    }
    for change in restored::<T>(whole(given), false) {
        let resource = change.resource();
        if let Err(rejection) = value.write(change) {
            tracing::warn!(object = %T::DEF.id(), %resource, %rejection, "not as it was given");
        }
    }
}

/// Takes an instance out. One of the program can come back.
pub(super) fn take_away<T: ObjectType>(
    cells: &Mutex<Cells<T>>,
    gone: &Mutex<Cells<T>>,
    instance: InstanceId,
) -> Option<Arc<Cell<T>>> {
    let cell = lock(cells).remove(&instance)?;
    cell.remember();
    cell.retire();
    if cell.origin == Origin::Program {
        lock(gone).insert(instance, cell.clone());
    }
    Some(cell)
}

/// The instance of the program that had this number, if it is to be what it was.
pub(super) fn again<T: ObjectType>(
    gone: &Mutex<Cells<T>>,
    instance: InstanceId,
    value: &T,
) -> Option<Arc<Cell<T>>> {
    let mut gone = lock(gone);
    if whole(&gone.get(&instance)?.given()) != whole(value) {
        return None;
    }
    let cell = gone.remove(&instance)?;
    drop(gone);
    cell.return_to_given(|given, value| *value = given.clone());
    Some(cell)
}

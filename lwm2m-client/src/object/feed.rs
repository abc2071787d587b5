//! What changed since the machine last looked.

use std::{
    collections::BTreeSet,
    future::poll_fn,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Poll, Waker},
};

use lwm2m_core::{InstanceId, ObjectId, Path, ResourceId};

/// How many changed places are kept apart. Above it they are merged to whole objects: a program that changes much
/// while the driver is not polled must not grow the client without bound.
const PLACES: usize = 64;

/// Changes, merged until the machine takes them. Costs the same however many observers there are.
#[derive(Default)]
pub(crate) struct Feed(Mutex<State>);

#[derive(Default)]
struct State {
    changed: Changed,
    waker: Option<Waker>,
}

/// What changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Places with new values.
    pub values: BTreeSet<Path>,
    /// Objects that came or went, or whose list of instances changed.
    pub structure: BTreeSet<ObjectId>,
}

impl Feed {
    pub(crate) fn values(
        &self,
        object: ObjectId,
        instance: InstanceId,
        resources: &[(ResourceId, Option<u16>)],
    ) {
        if resources.is_empty() {
            return;
        }
        let paths = resources.iter().filter_map(|(resource, item)| {
            let path = Path::new(&[object.0, instance.0, resource.0]).ok()?;
            item.map_or(Some(path), |item| path.push(item).ok())
        });
        self.add(|changed| {
            changed.values.extend(paths);
            if changed.values.len() > PLACES {
                changed.values = changed.values.iter().filter_map(whole_object).collect();
            }
        });
    }

    pub(crate) fn structure(&self, object: ObjectId) {
        self.add(|changed| {
            changed.structure.insert(object);
        });
    }

    /// Waits until something has changed, and takes it.
    pub(crate) async fn next(&self) -> Changed {
        poll_fn(|cx| {
            let mut state = self.lock();
            if state.changed != Changed::default() {
                return Poll::Ready(std::mem::take(&mut state.changed));
            }
            state.waker = Some(cx.waker().clone());
            Poll::Pending
        })
        .await
    }

    fn add(&self, f: impl FnOnce(&mut Changed)) {
        let mut state = self.lock();
        f(&mut state.changed);
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn whole_object(path: &Path) -> Option<Path> {
    Path::object(path.object_id()?).ok()
}

#[cfg(test)]
mod tests {
    use std::{pin::pin, task::Context};

    use super::*;

    fn take(feed: &Feed) -> Option<Changed> {
        match pin!(feed.next()).as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(changed) => Some(changed),
            Poll::Pending => None,
        }
    }

    #[test]
    fn changes_merge_until_they_are_taken() {
        let feed = Feed::default();
        assert_eq!(take(&feed), None);
        let sensor = (ObjectId(3303), InstanceId(0));
        feed.values(sensor.0, sensor.1, &[(ResourceId(5700), None), (ResourceId(5701), Some(2))]);
        feed.values(sensor.0, sensor.1, &[(ResourceId(5700), None)]);
        feed.structure(ObjectId(3));
        let changed = take(&feed).unwrap();
        let texts: Vec<_> = changed.values.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["/3303/0/5700", "/3303/0/5701/2"]);
        assert_eq!(changed.structure, BTreeSet::from([ObjectId(3)]));
        assert_eq!(take(&feed), None);
    }

    #[test]
    fn many_changes_become_whole_objects() {
        let feed = Feed::default();
        for instance in 0..1000 {
            feed.values(ObjectId(3303), InstanceId(instance), &[(ResourceId(5700), None)]);
        }
        let changed = take(&feed).unwrap();
        assert!(changed.values.len() <= PLACES);
        assert!(changed.values.contains(&"/3303".parse().unwrap()));
    }
}

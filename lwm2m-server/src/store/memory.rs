//! A store that lasts as long as its process.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Bound,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use lwm2m_core::{EndpointName, StoreError};

use super::{Change, Outcome, ServerStore, Stored};
use crate::{Registration, RegistrationId};

/// Keeps registrations in memory: they outlive the server, not the process. Clones are the same store.
#[derive(Clone, Debug, Default)]
pub struct Memory(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    by_name: BTreeMap<EndpointName, Stored>,
    names: HashMap<RegistrationId, EndpointName>,
}

impl Memory {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn get(&mut self, id: RegistrationId) -> Option<&mut Stored> {
        self.by_name.get_mut(self.names.get(&id)?)
    }

    /// `None`: there is no such registration.
    fn apply(&mut self, change: &Change) -> Option<()> {
        match change {
            Change::Register(registration) => {
                let (id, name) = (registration.id, registration.endpoint.clone());
                let mut stored = Stored::new(registration.clone());
                if let Some(old) = self.by_name.remove(&name) {
                    self.names.remove(&old.registration.id);
                    stored.queue = old.queue;
                }
                self.by_name.insert(name.clone(), stored);
                self.names.insert(id, name);
            }
            Change::Update(registration) => self.get(registration.id)?.registration = registration.clone(),
            Change::Touch { id, updated, expires } => {
                let stored = self.get(*id)?;
                let before = Registration::clone(&stored.registration);
                stored.registration =
                    Arc::new(Registration { updated: *updated, expires: *expires, ..before });
            }
            Change::Deregister(id) => {
                let name = self.names.remove(id)?;
                self.by_name.remove(&name);
            }
            Change::Leave { id, until } => self.get(*id)?.away = Some(*until),
            Change::Observe { id, observation } => {
                let stored = self.get(*id)?;
                if !stored.observations.contains(observation) {
                    stored.observations.push(observation.clone());
                }
            }
            Change::Enqueue { endpoint, request } => {
                let queue = &mut self.by_name.get_mut(endpoint)?.queue;
                match queue.iter_mut().find(|known| known.number == request.number) {
                    Some(known) => known.clone_from(request),
                    None => queue.push(request.clone()),
                }
            }
            Change::Dequeue { endpoint, number } => {
                self.by_name.get_mut(endpoint)?.queue.retain(|request| request.number != *number);
            }
            Change::Forget { id, observation } => {
                self.get(*id)?.observations.retain(|kept| kept != observation);
            }
        }
        Some(())
    }
}

#[async_trait]
impl ServerStore for Memory {
    async fn apply(&self, changes: &[Change]) -> Result<Vec<Outcome>, StoreError> {
        let mut state = self.lock();
        let outcome = |change| state.apply(change).map_or(Outcome::NotFound, |()| Outcome::Done);
        Ok(changes.iter().map(outcome).collect())
    }

    async fn list(&self, after: Option<&str>, max: usize) -> Result<Vec<Stored>, StoreError> {
        let state = self.lock();
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        Ok(state
            .by_name
            .range::<str, _>((from, Bound::Unbounded))
            .take(max)
            .map(|(_, s)| s.clone())
            .collect())
    }
}

//! Which shard has which endpoint. Asked when a client registers and when one is sent to, never per message.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{PoisonError, RwLock},
};

use lwm2m_core::EndpointName;

use crate::RegistrationId;

/// Locks that share the names: shards seldom wait for one another.
const PARTS: usize = 16;

type Part = RwLock<HashMap<EndpointName, Seat>>;

/// A registration, and whether its client has proved who it is.
#[derive(Clone, Copy, Debug)]
struct Seat {
    id: RegistrationId,
    secure: bool,
}

/// A client that proved who it is has the endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused;

#[derive(Debug)]
pub(crate) struct Directory {
    parts: [Part; PARTS],
    hasher: RandomState,
}

impl Directory {
    pub(crate) fn new() -> Self {
        Self { parts: std::array::from_fn(|_| RwLock::default()), hasher: RandomState::new() }
    }

    /// The endpoint is here now. Gives where it was.
    pub(crate) fn claim(
        &self,
        endpoint: EndpointName,
        id: RegistrationId,
        secure: bool,
    ) -> Result<Option<RegistrationId>, Refused> {
        let Some(part) = self.part(&endpoint) else { return Ok(None) };
        let mut part = part.write().unwrap_or_else(PoisonError::into_inner);
        if !secure && part.get(&endpoint).is_some_and(|seat| seat.secure) {
            return Err(Refused);
        }
        Ok(part.insert(endpoint, Seat { id, secure }).map(|before| before.id).filter(|before| *before != id))
    }

    /// Has a client the endpoint that proved who it is?
    pub(crate) fn is_proved(&self, endpoint: &str) -> bool {
        let Some(part) = self.part(endpoint) else { return false };
        part.read().unwrap_or_else(PoisonError::into_inner).get(endpoint).is_some_and(|seat| seat.secure)
    }

    /// The endpoint was here before the server began; unless it has come already. Gives where it is.
    pub(crate) fn restore(&self, endpoint: EndpointName, id: RegistrationId, secure: bool) -> RegistrationId {
        let Some(part) = self.part(&endpoint) else { return id };
        let mut part = part.write().unwrap_or_else(PoisonError::into_inner);
        part.entry(endpoint).or_insert(Seat { id, secure }).id
    }

    /// The registration is gone. If the endpoint has a newer one, that stays.
    pub(crate) fn release(&self, endpoint: &str, id: RegistrationId) {
        let Some(part) = self.part(endpoint) else { return };
        let mut part = part.write().unwrap_or_else(PoisonError::into_inner);
        if part.get(endpoint).is_some_and(|seat| seat.id == id) {
            part.remove(endpoint);
        }
    }

    pub(crate) fn find(&self, endpoint: &str) -> Option<RegistrationId> {
        let part = self.part(endpoint)?.read().unwrap_or_else(PoisonError::into_inner);
        part.get(endpoint).map(|seat| seat.id)
    }

    fn part(&self, endpoint: &str) -> Option<&Part> {
        let hash = self.hasher.hash_one(endpoint) as usize;
        self.parts.get(hash % PARTS)
    }
}

#[cfg(test)]
mod tests {
    use lwm2m_core::transport::ShardId;

    use super::*;

    #[test]
    fn who_was_faster_than_the_restart_stays_where_it_is() {
        let directory = Directory::new();
        let (stored, new) = (RegistrationId::new(ShardId(0), 1, 1), RegistrationId::new(ShardId(1), 2, 2));
        assert_eq!(directory.restore("a".into(), stored, false), stored);
        assert_eq!(directory.claim("b".into(), new, false), Ok(None));
        assert_eq!(directory.restore("b".into(), stored, false), new);
        assert_eq!(directory.find("b"), Some(new));
    }

    #[test]
    fn the_newest_registration_stays() {
        let directory = Directory::new();
        let first = RegistrationId::new(ShardId(0), 1, 1);
        let second = RegistrationId::new(ShardId(1), 2, 2);
        assert_eq!(directory.claim("a".into(), first, true), Ok(None));
        assert_eq!(directory.claim("a".into(), second, true), Ok(Some(first)));
        assert_eq!(directory.claim("a".into(), first, false), Err(Refused));
        directory.release("a", first);
        assert_eq!(directory.find("a"), Some(second));
        directory.release("a", second);
        assert_eq!(directory.find("a"), None);
    }
}

//! Which request or observation an exchange of the CoAP endpoint belongs to.

use lwm2m_core::coap::ExchangeId;

/// Set in the number of an observation.
const OBSERVATION: u32 = 1 << 31;
/// Nobody's.
const NOBODY: u32 = u32::MAX;

/// Which of ours an exchange belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Request(u32),
    Observation(u32),
}

/// By the index of the exchange; the endpoint keeps indices dense. Four octets an exchange: whether the owner still
/// means this exchange, it says itself.
#[derive(Debug, Default)]
pub(crate) struct Exchanges {
    dense: Vec<u32>,
    /// Those that failed before they began have no index; their end is reported at once.
    failed: Vec<(ExchangeId, u32)>,
}

impl Exchanges {
    pub(crate) fn get(&self, id: ExchangeId) -> Option<Owner> {
        let number = match id.index() {
            Some(index) => *self.dense.get(index as usize)?,
            None => self.failed.iter().find(|(failed, _)| *failed == id)?.1,
        };
        match number {
            NOBODY => None,
            _ if number & OBSERVATION != 0 => Some(Owner::Observation(number & !OBSERVATION)),
            _ => Some(Owner::Request(number)),
        }
    }

    pub(crate) fn set(&mut self, id: ExchangeId, owner: Owner) {
        let number = match owner {
            Owner::Request(key) => key & !OBSERVATION,
            Owner::Observation(key) => key | OBSERVATION,
        };
        let Some(index) = id.index() else { return self.failed.push((id, number)) };
        let index = index as usize;
        if index >= self.dense.len() {
            self.dense.resize(index.saturating_add(1), NOBODY);
        }
        if let Some(at) = self.dense.get_mut(index) {
            *at = number;
        }
    }

    pub(crate) fn remove(&mut self, id: ExchangeId) {
        match id.index() {
            Some(index) => {
                if let Some(at) = self.dense.get_mut(index as usize) {
                    *at = NOBODY;
                }
            }
            None => self.failed.retain(|(failed, _)| *failed != id),
        }
    }
}

//! Bootstrap from a smartcard: before anything else at start, and again where the card has changed. [Core 1.2 §6.1.6.2]

use std::time::Duration;

use lwm2m_core::{InstanceId, Mono, Now, ObjectId, StoreError};

use super::{
    Phase,
    consistency::Before,
    stage::{Stage, Touched},
};
use crate::{
    ClientEvent,
    machine::{
        ClientMachine,
        batch::Batches,
        call::{Call, Purpose},
    },
    smartcard::{CardError, Found},
    state_store::{Edit, layout::Key},
};

/// How long a card may take for all its files: 32 KiB at 9600 bit/s, and as much again.
const READING: Duration = Duration::from_secs(90);
/// When a card that cannot be read is asked again, or a store that did not take what it brings.
const READ_AGAIN: Duration = Duration::from_secs(60);

/// How far the client is with its card.
#[derive(Default)]
pub(in crate::machine) struct Card {
    /// To be read at this moment.
    at: Option<Mono>,
    is_read: bool,
    /// It has not had its turn yet: servers do not hear of us before. [Core 1.2 §6.1.1]
    due: bool,
    /// What is on it, and waits to be taken; `None` inside: nothing.
    found: Option<Option<Found>>,
    /// It is being taken.
    pub(super) at_work: bool,
    /// A bootstrap was to begin at this moment; it does unless the card is taken.
    waiting: Option<Mono>,
    taken: Taken,
    /// What is to be taken.
    coming: Taken,
    /// What was refused: the program is told once.
    refused: Option<Refused>,
}

#[derive(PartialEq)]
enum Refused {
    Content(Option<u64>),
    Unread(CardError),
}

/// What was taken from a card.
#[derive(Clone, Default)]
struct Taken {
    /// `None`: nothing.
    fingerprint: Option<u64>,
    touched: Touched,
}

impl Card {
    /// `present`: the device has a place for one.
    pub(in crate::machine) fn new(present: bool) -> Self {
        Self { at: present.then_some(Mono(0)), due: present, ..Self::default() }
    }

    pub(in crate::machine) const fn is_due(&self) -> bool {
        self.due
    }

    /// What was taken before the restart.
    pub(in crate::machine) fn restore(&mut self, record: &[u8]) {
        self.taken = Taken::read(record).unwrap_or_default();
    }

    /// When it must be looked after, unless it waits for something else than time.
    pub(super) fn deadline(&self) -> Option<Mono> {
        self.at.filter(|_| !self.is_read && self.found.is_none())
    }

    /// What the store is to hold when these changes are true.
    pub(super) fn edits(&self, changes: &Batches) -> Option<Edit> {
        if self.at_work {
            return Some(self.coming.edit());
        }
        let left = self.without(changes);
        (left.touched != self.taken.touched).then(|| left.edit())
    }

    /// They are true.
    pub(super) fn applied(&mut self, changes: &Batches) {
        self.taken = if self.at_work { std::mem::take(&mut self.coming) } else { self.without(changes) };
        if std::mem::take(&mut self.at_work) {
            (self.due, self.refused) = (false, None);
        }
    }

    /// What a bootstrap server has made anew is not the card's any more.
    fn without(&self, changes: &Batches) -> Taken {
        let mut left = self.taken.clone();
        for (object, batch) in changes {
            for change in batch {
                left.touched.remove(&(*object, change.instance()));
            }
        }
        left
    }
}

impl Taken {
    fn edit(&self) -> Edit {
        let Some(fingerprint) = self.fingerprint else { return Key::Card.delete() };
        let mut record = fingerprint.to_be_bytes().to_vec();
        for (object, instance) in &self.touched {
            record.extend(object.0.to_be_bytes());
            record.extend(instance.0.to_be_bytes());
        }
        Key::Card.put(record)
    }

    fn read(record: &[u8]) -> Option<Self> {
        let (fingerprint, places) = record.split_at_checked(8)?;
        let (places, _) = places.as_chunks::<4>();
        let touched = places.iter().map(|[a, b, c, d]| {
            (ObjectId(u16::from_be_bytes([*a, *b])), InstanceId(u16::from_be_bytes([*c, *d])))
        });
        let fingerprint = Some(u64::from_be_bytes(fingerprint.try_into().ok()?));
        Some(Self { fingerprint, touched: touched.collect() })
    }
}

impl ClientMachine {
    /// It may have changed: after a Register or an Update, or because the program says so.
    pub(in crate::machine) fn look_at_card(&mut self, now: Now) {
        if self.config.card {
            self.boot.card.at = Some(now.mono);
        }
    }

    pub(super) fn drive_card(&mut self, now: Now) -> bool {
        if self.stopping.is_some() || !self.is_settled() {
            return false;
        }
        if self.boot.card.deadline().is_some_and(|at| at <= now.mono) {
            (self.boot.card.at, self.boot.card.is_read) = (None, true);
            self.call(Purpose::Card, Some(now.mono.after(READING)), Call::Smartcard);
            return true;
        }
        if self.boot.card.found.is_none() || !self.operations.is_empty() {
            return false;
        }
        self.boot.card.waiting = match self.boot.phase {
            Phase::Off => None,
            Phase::Waiting(at) => Some(at),
            _ => return false,
        };
        self.boot.card.at_work = true;
        self.read_objects(now);
        true
    }

    pub(in crate::machine) fn on_card(&mut self, now: Now, found: Result<Option<Found>, CardError>) {
        self.boot.card.is_read = false;
        let found = match found {
            Ok(found) => found,
            Err(CardError::Absent) => None,
            Err(error) => {
                if matches!(error, CardError::Failed(_)) {
                    self.boot.card.at = Some(now.mono.after(READ_AGAIN));
                }
                return self.card_refused(Refused::Unread(error.clone()), error);
            }
        };
        let fingerprint = found.as_ref().map(|found| found.data.fingerprint());
        let known = self.boot.card.taken.fingerprint == fingerprint
            || self.boot.card.refused == Some(Refused::Content(fingerprint));
        if known {
            self.boot.card.due = false;
        } else {
            self.boot.card.found = Some(found);
        }
    }

    /// The objects are known: the card makes of them what it says.
    pub(super) fn take_card(&mut self, now: Now, mut stage: Stage) {
        let found = self.boot.card.found.take().flatten();
        let before = Before::of(&stage);
        stage.return_to_given(&self.boot.card.taken.touched);
        let fingerprint = found.as_ref().map(|found| found.data.fingerprint());
        self.boot.card.coming = Taken { fingerprint, touched: Touched::new() };
        if let Some(found) = &found {
            match stage.take_card(&self.table, found) {
                Ok(touched) => self.boot.card.coming.touched = touched,
                Err(error) => return self.card_unfit(error),
            }
        }
        (self.boot.stage, self.boot.before) = (Some(stage), Some(before));
        self.begin_finish(now, None);
    }

    /// Nothing of it is taken.
    pub(super) fn card_unfit(&mut self, error: CardError) {
        let fingerprint = self.boot.card.coming.fingerprint;
        self.card_left();
        self.card_refused(Refused::Content(fingerprint), error);
    }

    /// The same for now: the store, or an object, was not ready.
    pub(super) fn card_not_kept(&mut self, now: Now, error: &StoreError) {
        self.card_left();
        self.boot.card.at = Some(now.mono.after(READ_AGAIN));
        let error = CardError::Failed(error.to_string());
        self.card_refused(Refused::Unread(error.clone()), error);
    }

    fn card_left(&mut self) {
        self.boot.card.at_work = false;
        (self.boot.stage, self.boot.before) = (None, None);
        self.boot.phase = self.boot.card.waiting.take().map_or(Phase::Off, Phase::Waiting);
    }

    fn card_refused(&mut self, refused: Refused, error: CardError) {
        self.boot.card.due = false;
        if self.boot.card.refused.as_ref() != Some(&refused) {
            tracing::warn!(endpoint = %self.config.endpoint, %error, "nothing is taken from the smartcard");
            self.boot.card.refused = Some(refused);
            self.publish(ClientEvent::SmartcardRefused { error });
        }
    }
}

//! Which objects there are: kept in step with the handlers.

use std::time::Duration;

use lwm2m_core::{Mono, Now, ObjectId, Path};

use super::{
    CALL_TIMEOUT, ClientMachine, Progress,
    call::{Call, Purpose},
    table::{ACCESS_CONTROL, SERVER},
};
use crate::object::{Changed, Described};

/// When a handler that did not say which instances it has is asked again.
const DESCRIBE_AGAIN: Duration = Duration::from_secs(60);

/// An object whose handler is being asked what there is, or will be.
pub(super) struct Describing {
    object: ObjectId,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Asked. Servers hear nothing before the answer.
    Asked,
    /// Asked, and something has changed since: the answer is out of date.
    Stale,
    /// The handler hangs: asked again at this moment.
    Resting(Mono),
    /// Asked again; nobody waits for it.
    AskedAgain,
}

impl ClientMachine {
    /// Waits for the next change by the program.
    pub(super) fn watch(&mut self, _now: Now) {
        self.call(Purpose::Changes, None, Call::Changes);
    }

    pub(super) fn on_changed(&mut self, now: Now, changed: Changed) {
        for path in changed.values {
            self.settings_stale |= path.object_id() == Some(SERVER);
            self.access_changed(path);
            self.mark(path);
        }
        for object in changed.structure {
            self.describe(now, object);
        }
        self.watch(now);
    }

    /// Asks the handler of an object what there is. One call an object is out at a time: two could be answered in either
    /// order.
    pub(super) fn describe(&mut self, now: Now, object: ObjectId) {
        match self.describing_mut(object) {
            Some(known) if !matches!(known.stage, Stage::Resting(_)) => known.stage = Stage::Stale,
            Some(known) => {
                known.stage = Stage::Asked;
                self.ask_what_is_there(now, object);
            }
            None => {
                self.describing.push(Describing { object, stage: Stage::Asked });
                self.ask_what_is_there(now, object);
            }
        }
    }

    /// A server has made or removed an instance: an answer that is on its way may not know of it.
    pub(super) fn describe_once_more(&mut self, object: ObjectId) {
        if let Some(known) = self.describing_mut(object)
            && !matches!(known.stage, Stage::Resting(_))
        {
            known.stage = Stage::Stale;
        }
    }

    fn ask_what_is_there(&mut self, now: Now, object: ObjectId) {
        let deadline = now.mono.after(CALL_TIMEOUT);
        self.call(Purpose::Describe(object), Some(deadline), Call::Describe { object });
    }

    fn describing_mut(&mut self, object: ObjectId) -> Option<&mut Describing> {
        self.describing.iter_mut().find(|known| known.object == object)
    }

    pub(super) fn on_described(&mut self, now: Now, object: ObjectId, described: Option<Described>) {
        if let Some(known) = self.describing_mut(object)
            && known.stage == Stage::Stale
        {
            known.stage = Stage::Asked;
            return self.ask_what_is_there(now, object);
        }
        self.settings_stale |= object == SERVER;
        let before = self.table.get(object).map(|known| known.instances.clone());
        let after = described.as_ref().map(|known| known.instances.clone());
        self.stream_routes(object, described.as_ref());
        self.table.set(object, described);
        if object == ACCESS_CONTROL {
            self.access_described();
        }
        self.detach_gone(now, object, before.as_deref().unwrap_or_default());
        if before != after
            && let Ok(path) = Path::object(object)
        {
            self.mark(path);
        }
        self.describing.retain(|known| known.object != object);
        self.described();
    }

    /// The handler hangs: what was known of its object stays, until it says more.
    pub(super) fn not_described(&mut self, now: Now, object: ObjectId) {
        tracing::warn!(%object, "the handler did not say which instances it has");
        if let Some(known) = self.describing_mut(object) {
            known.stage = Stage::Resting(now.mono.after(DESCRIBE_AGAIN));
        }
        self.described();
    }

    /// Handlers that did not answer get another chance.
    pub(super) fn describe_again(&mut self, now: Now) {
        let is_due = |known: &&mut Describing| matches!(known.stage, Stage::Resting(at) if at <= now.mono);
        while let Some(known) = self.describing.iter_mut().find(is_due) {
            known.stage = Stage::AskedAgain;
            let object = known.object;
            self.ask_what_is_there(now, object);
        }
    }

    pub(super) fn describing_deadline(&self) -> Option<Mono> {
        let resting = self.describing.iter().filter_map(|known| match known.stage {
            Stage::Resting(at) => Some(at),
            _ => None,
        });
        resting.min()
    }

    fn described(&mut self) {
        if !self.is_describing() {
            self.progress = Progress::Ready;
            self.fingerprint = self.table.fingerprint();
        }
    }

    fn is_describing(&self) -> bool {
        self.describing.iter().any(|known| matches!(known.stage, Stage::Asked | Stage::Stale))
    }

    /// Is the list of objects complete, as far as the program has told?
    pub(super) fn is_settled(&self) -> bool {
        self.progress == Progress::Ready && !self.is_describing()
    }
}

//! Which objects there are: kept in step with the handlers.

use lwm2m_core::{Now, ObjectId, Path};

use super::{
    CALL_TIMEOUT, ClientMachine, Progress,
    call::{Call, Purpose},
    table::SERVER,
};
use crate::object::{Changed, Described};

impl ClientMachine {
    /// Waits for the next change by the program.
    pub(super) fn watch(&mut self, _now: Now) {
        self.call(Purpose::Changes, None, Call::Changes);
    }

    pub(super) fn on_changed(&mut self, now: Now, changed: Changed) {
        for path in changed.values {
            self.settings_stale |= path.object_id() == Some(SERVER);
            self.mark(path);
        }
        for object in changed.structure {
            self.describing += 1;
            let deadline = now.mono.after(CALL_TIMEOUT);
            self.call(Purpose::Describe(object), Some(deadline), Call::Describe { object });
        }
        self.watch(now);
    }

    pub(super) fn on_described(&mut self, object: ObjectId, described: Option<Described>) {
        self.settings_stale |= object == SERVER;
        let before = self.table.get(object).map(|known| known.instances.clone());
        let after = described.as_ref().map(|known| known.instances.clone());
        self.stream_routes(object, described.as_ref());
        self.table.set(object, described);
        if before != after
            && let Ok(path) = Path::object(object)
        {
            self.mark(path);
        }
        self.described();
    }

    /// The handler hangs: what was known of its object stays.
    pub(super) fn not_described(&mut self, object: ObjectId) {
        tracing::warn!(%object, "the handler did not say which instances it has");
        self.described();
    }

    fn described(&mut self) {
        self.describing = self.describing.saturating_sub(1);
        if self.describing == 0 {
            self.progress = Progress::Ready;
            self.fingerprint = self.table.fingerprint();
        }
    }

    /// Is the list of objects complete, as far as the program has told?
    pub(super) fn is_settled(&self) -> bool {
        self.progress == Progress::Ready && self.describing == 0
    }
}

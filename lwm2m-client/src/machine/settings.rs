//! What the Server instances say: read again when they may have changed. [Core 1.2 §E.2]

use lwm2m_core::{Now, Selection};

use super::{
    ClientMachine,
    account::Settings,
    call::Call,
    operation::{Stage, Work},
    snapshot::Found,
    table::SERVER,
};
use crate::Caller;

impl ClientMachine {
    /// Once the list of objects is known.
    pub(super) fn refresh_settings(&mut self) {
        if self.settings_stale && self.is_settled() && !self.operations.reads_settings() {
            self.settings_stale = false;
            self.operations.push(SERVER, Work::Settings, None);
        }
    }

    pub(super) fn begin_settings(&mut self, now: Now, key: usize) {
        let instances = self.accounts.iter().map(|account| account.instance);
        let there = instances.filter(|instance| self.table.has_instance(SERVER, *instance));
        let wanted = there.map(|instance| (instance, Selection::All)).collect();
        let cx = self.cx(now, Caller::Local);
        self.ask(now, key, Stage::Running, Call::Read { cx, object: SERVER, wanted });
    }

    pub(super) fn on_settings(&mut self, key: usize, found: &Found) {
        self.operations.remove(key);
        for (instance, values) in found {
            for position in 0..self.accounts.len() {
                let account = self.accounts.get_mut(position).filter(|account| account.instance == *instance);
                let Some(account) = account else { continue };
                let settings = Settings::of(values);
                if account.settings != settings {
                    let discards = account.settings.storing && !settings.storing;
                    account.settings = settings;
                    self.judge_anew(position, None);
                    if discards {
                        self.discard_stored(position);
                    }
                }
            }
        }
    }
}

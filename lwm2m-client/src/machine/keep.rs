//! What outlives the process: read at start, written before a change is answered.

use std::time::Duration;

use lwm2m_core::{AttributeTree, Now, ObjectId, Path, Rejection, StoreError};

use super::{
    CALL_TIMEOUT, ClientMachine, Progress,
    account::Account,
    call::{Call, Purpose},
};
use crate::{
    ClientEvent, Prepared, ServerAccount,
    builder::transport_for,
    state::{self, Accounts, Loaded, Provisioned},
    state_store::{
        Edit, Record,
        layout::{self, Fate, Kept, Key},
    },
};

/// When a store that did not answer is asked again. Until then servers do not hear of us: we would know neither whose we
/// are nor what they have told us.
const LOAD_AGAIN: Duration = Duration::from_secs(10);

/// When a server may repeat what the store did not take.
const WRITE_AGAIN: Duration = Duration::from_secs(10);

impl ClientMachine {
    pub(super) fn load(&mut self, now: Now) {
        self.progress = Progress::Loading;
        self.call(Purpose::Load, Some(now.mono.after(CALL_TIMEOUT)), Call::Load);
    }

    pub(super) fn on_loaded(&mut self, now: Now, loaded: Result<Loaded, StoreError>) {
        match loaded {
            Ok(loaded) => {
                self.progress = Progress::Started;
                self.begin_with(loaded.accounts);
                for record in &loaded.records {
                    self.restore(now, record);
                }
                self.watch(now);
            }
            Err(error) => {
                let again = self.jitter.lengthen(LOAD_AGAIN);
                self.progress = Progress::Created(now.mono.after(again));
                self.publish(ClientEvent::StateUnavailable { error, retry_in: again });
            }
        }
    }

    pub(super) fn begin_with(&mut self, accounts: Accounts) {
        for account in &accounts.servers {
            self.add_account(account);
        }
        let servers = accounts.servers.into_iter();
        self.boot.securities = servers.map(|account| (account.short_server_id, account.security)).collect();
        self.bootstrap = accounts.bootstrap;
    }

    /// The account of this server, unless bootstrap has taken it away.
    pub(super) fn account_with(&self, server: u16) -> Option<usize> {
        self.accounts.iter().position(|account| !account.is_gone() && account.server() == server)
    }

    /// An account that Security and Server instances make. What they do not say, the program says.
    pub(super) fn add_account(&mut self, account: &Provisioned) {
        let Some(made) = self.account_of(account) else { return };
        match self.accounts.iter_mut().find(|account| account.is_vacant()) {
            Some(place) => *place = made,
            None => self.accounts.push(made),
        }
    }

    pub(super) fn account_of(&self, account: &Provisioned) -> Option<Account> {
        let id = account.short_server_id;
        let known = self.config.accounts.iter().find(|known| known.short_server_id == id);
        let target =
            state::target(&account.security, known.map(|known| &known.target), &self.config.authorities);
        let found = target.and_then(|target| {
            let transport = transport_for(&target, &self.config.transports)?;
            Ok((target, transport))
        });
        let (target, transport) = match found {
            Ok(found) => found,
            Err(error) => {
                tracing::warn!(server = id, %error, "an account cannot be served");
                return None;
            }
        };
        let mut config = known.cloned().unwrap_or_else(|| ServerAccount::new(id, target.clone()));
        config.target = target;
        Some(Account::new(config, account.server, transport))
    }

    fn restore(&mut self, now: Now, record: &Record) {
        let server = match Key::parse(&record.key) {
            Some(key @ (Key::Notifications(..) | Key::Send(..))) => return self.found_waiting(key, record),
            Some(Key::Attributes(server) | Key::Disabled(server)) => server,
            Some(Key::Card) => return self.boot.card.restore(&record.value),
            Some(Key::Purge) => {
                let left = layout::read_purge(&record.value, now.wall);
                self.boot.purge_at = left.map(|left| now.mono.after(left));
                return;
            }
            _ => return,
        };
        let Some(position) = self.account_with(server) else { return };
        match (Key::parse(&record.key), self.accounts.get_mut(position)) {
            (Some(Key::Attributes(_)), Some(account)) => {
                account.attributes = layout::read_attributes(&record.value);
            }
            (Some(Key::Disabled(_)), _) => {
                if let Some((until, total)) = layout::read_disabled(&record.value) {
                    self.still_disabled(now, position, until, total);
                }
            }
            _ => {}
        }
    }

    /// What the store must hold before this takes effect.
    pub(super) fn edits(&self, prepared: &[Prepared]) -> Result<Vec<Edit>, Rejection> {
        if !self.config.keeps {
            return Ok(Vec::new());
        }
        let kept: Vec<&Kept> = prepared.iter().flat_map(Prepared::kept).collect();
        let mut edits = Vec::with_capacity(kept.len());
        for kept in &kept {
            let Some(known) = self.table.get(kept.object) else { continue };
            let edit = (*kept).clone().edit(&known.def);
            edits.push(edit.map_err(|error| Rejection::internal(error.to_string()))?);
        }
        let gone = kept.iter().filter(|kept| !matches!(kept.fate, Fate::Is(_) | Fate::Given(_)));
        let gone = gone.filter_map(|kept| Path::new(&[kept.object.0, kept.instance.0]).ok());
        edits.extend(self.without_attributes(&gone.collect::<Vec<_>>()));
        Ok(edits)
    }

    /// What servers have attached, without what is at these paths and below. Nothing where nothing is attached there.
    pub(super) fn without_attributes(&self, gone: &[Path]) -> Vec<Edit> {
        let touched = self
            .accounts
            .iter()
            .filter(|account| gone.iter().any(|path| account.attributes.below(*path).next().is_some()));
        let edits = touched.map(|account| {
            let mut left = account.attributes.clone();
            gone.iter().for_each(|path| left.remove(*path));
            layout::attributes(account.server(), &left)
        });
        edits.collect()
    }

    /// The attributes of an account are to be these.
    pub(super) fn keep_attributes(&self, server: u16, tree: &AttributeTree) -> Vec<Edit> {
        if self.config.keeps { vec![layout::attributes(server, tree)] } else { Vec::new() }
    }

    /// The program has taken instances away: what was kept of them must not come back.
    pub(super) fn forget_gone(&mut self, now: Now, object: ObjectId, gone: &[Path]) {
        let keeps = self.table.get(object).is_some_and(|known| known.keeps);
        if !self.config.keeps || gone.is_empty() {
            return;
        }
        let mut edits = self.without_attributes(gone);
        if keeps {
            let instances = gone.iter().filter_map(|path| path.instance_id());
            edits.extend(instances.map(|instance| Key::Instance(object, instance).delete()));
        }
        self.write_down(now, edits);
    }

    /// Writes without anybody waiting for it.
    pub(super) fn write_down(&mut self, now: Now, edits: Vec<Edit>) {
        // What a Factory Reset has erased does not come back.
        if self.config.keeps && !edits.is_empty() && !self.is_resetting() {
            let deadline = Some(now.mono.after(CALL_TIMEOUT));
            self.call(Purpose::Keep, deadline, Call::Commit { edits, prepared: Vec::new() });
        }
    }
}

/// The store did not take a change: the server may repeat it.
pub(super) fn not_kept(error: &StoreError) -> Rejection {
    tracing::warn!(%error, "the state could not be written");
    Rejection::unavailable("the device cannot keep it now", WRITE_AGAIN)
}

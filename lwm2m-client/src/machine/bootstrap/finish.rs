//! Bootstrap-Finish: what has been made is checked, prepared, kept and then true; or nothing of it. [Core 1.2 §6.1.7.2]

use std::{collections::BTreeSet, time::Duration};

use lwm2m_core::{
    Code, Now, Rejection, ResourceChange, ResourceId, StoreError, Value,
    coap::{InboundId, Response},
};

use super::{
    LINGER, Phase, SECURITY, SILENCE,
    consistency::{check, unbootstrap},
    stage::Stage,
};
use crate::{
    BootstrapFailure, Caller, Change, ClientEvent, Prepared,
    machine::{
        CALL_TIMEOUT, ClientMachine,
        account::Phase as AccountPhase,
        batch::Batches,
        call::{Call, Purpose},
    },
    smartcard::CardError,
    state::{Accounts, Provisioned},
    state_store::{
        Edit,
        layout::{self, Key, session},
    },
};

/// When the account of the bootstrap server is to go after all, that something did not let go.
const PURGE_AGAIN: Duration = Duration::from_secs(60);
/// Last Bootstrapped. [Core 1.2 §E.2]
const LAST_BOOTSTRAPPED: ResourceId = ResourceId(12);

impl ClientMachine {
    /// `inbound`: the Bootstrap-Finish; `None`: a pack.
    pub(super) fn begin_finish(&mut self, now: Now, inbound: Option<InboundId>) {
        let (Some(stage), Some(before)) = (&self.boot.stage, &self.boot.before) else { return };
        let mut stage = stage.clone();
        let gone = unbootstrap(&mut stage, before);
        let of_card = self.boot.card.at_work;
        if let Err(why) = check(&stage, before, &self.config, of_card) {
            return self.inconsistent(now, inbound, why);
        }
        self.boot.gone = gone;
        // A card may bring no more than the way to the bootstrap server: its time begins when that has done its work.
        self.boot.purge_after = if of_card { None } else { timeout(&stage) };
        let mut batches = stage.changes();
        stamp(&mut batches, now);
        self.boot.phase = Phase::Finishing(inbound);
        let cx = self.cx(now, Caller::Bootstrap);
        let deadline = Some(now.mono.after(CALL_TIMEOUT));
        self.boot.changes.clone_from(&batches);
        self.call(Purpose::PrepareBootstrap, deadline, Call::Prepare { cx, batches });
    }

    /// The bootstrap server may mend it. [Core 1.2 §6.1.7.2]
    fn inconsistent(&mut self, now: Now, inbound: Option<InboundId>, why: String) {
        tracing::info!(endpoint = %self.config.endpoint, why, "the configuration is inconsistent");
        if self.boot.card.at_work {
            return self.card_unfit(CardError::Inconsistent(why));
        }
        let Some(inbound) = inbound else { return self.pack_unfit(&why) };
        self.endpoint.respond(now, inbound, (&Rejection::new(Code::NOT_ACCEPTABLE, why)).into());
        self.boot.phase = Phase::Open(now.mono.after(SILENCE));
    }

    /// All handlers agree, or one does not.
    pub(in crate::machine) fn on_bootstrap_prepared(
        &mut self,
        now: Now,
        prepared: Result<Vec<Prepared>, Rejection>,
    ) {
        let inbound = match self.boot.phase {
            Phase::Finishing(inbound) => inbound,
            Phase::Purging => None,
            _ => return,
        };
        let edits = prepared.and_then(|prepared| Ok((self.edits(&prepared)?, prepared)));
        let (mut edits, prepared) = match edits {
            Ok(found) => found,
            Err(rejection) if matches!(self.boot.phase, Phase::Purging) => {
                tracing::warn!(%rejection, "the account of the bootstrap server stays");
                return self.purge_again(now);
            }
            Err(rejection) => return self.inconsistent(now, inbound, rejection.to_string()),
        };
        if self.config.keeps {
            for server in &self.boot.gone {
                edits.extend([Key::Attributes(*server).delete(), Key::Disabled(*server).delete()]);
                edits.extend(self.backlog.of(*server).map(Key::delete));
                let uri = self.boot.securities.get(server).map(|security| &security.server_uri);
                edits.extend(uri.map(|uri| Edit::Delete { key: session(uri) }));
            }
            edits.push(layout::purge(now.wall, self.boot.purge_after));
            edits.extend(self.boot.card.edits(&self.boot.changes));
        }
        // It cannot be taken back: it has the time that the store takes.
        self.call(Purpose::Provision, None, Call::Provision { edits, prepared });
    }

    pub(in crate::machine) fn on_provisioned(&mut self, now: Now, result: Result<Accounts, StoreError>) {
        let inbound = match self.boot.phase {
            Phase::Finishing(inbound) => inbound,
            Phase::Purging => {
                let Ok(accounts) = result else { return self.purge_again(now) };
                self.boot.phase = Phase::Off;
                self.bootstrap_applied();
                self.bootstrap = accounts.bootstrap;
                return;
            }
            _ => return,
        };
        let accounts = match result {
            Ok(accounts) => accounts,
            Err(error) => {
                tracing::warn!(endpoint = %self.config.endpoint, %error, "the bootstrap could not be kept");
                let later = Rejection::unavailable("the device cannot keep it now", super::SOON);
                match inbound {
                    _ if self.boot.card.at_work => self.card_not_kept(now, &error),
                    Some(inbound) => {
                        self.endpoint.respond(now, inbound, (&later).into());
                        self.boot.phase = Phase::Open(now.mono.after(SILENCE));
                    }
                    None => self.bootstrap_failed(now, BootstrapFailure::Refused(later)),
                }
                return;
            }
        };
        if let Some(inbound) = inbound {
            self.endpoint.respond(now, inbound, Response::new(Code::CHANGED));
        }
        self.boot.phase =
            if self.boot.card.at_work { Phase::Off } else { Phase::Done(now.mono.after(LINGER)) };
        self.bootstrap_applied();
        (self.boot.stage, self.boot.before) = (None, None);
        (self.boot.failures, self.boot.no_pack, self.boot.cause) = (0, false, None);
        let servers = accounts.servers.iter().map(|account| account.short_server_id).collect();
        self.publish(ClientEvent::Bootstrapped { servers });
        self.take_accounts(now, accounts);
    }

    /// What has become true is not what the program did.
    fn bootstrap_applied(&mut self) {
        let changes = std::mem::take(&mut self.boot.changes);
        self.boot.card.applied(&changes);
        for (object, batch) in changes {
            for change in &batch {
                self.applied(None, object, change);
            }
        }
    }

    /// Servers come, go and move: those that stay as they were notice nothing.
    fn take_accounts(&mut self, now: Now, accounts: Accounts) {
        for position in 0..self.accounts.len() {
            let Some(account) = self.accounts.get(position).filter(|account| !account.is_gone()) else {
                continue;
            };
            let server = account.server();
            match accounts.servers.iter().find(|new| new.short_server_id == server) {
                None => self.lose_server(now, position),
                Some(new) => self.keep_server(now, position, new),
            }
        }
        for new in &accounts.servers {
            if self.account_with(new.short_server_id).is_none() {
                self.add_account(new);
            }
        }
        let securities = accounts.servers.into_iter().map(|new| (new.short_server_id, new.security));
        self.boot.securities = securities.collect();
        self.boot.purge_at = self.boot.purge_after.map(|after| now.mono.after(after));
        self.bootstrap = accounts.bootstrap;
        self.settings_stale = true;
    }

    /// It is told, if it can be, and forgotten.
    pub(in crate::machine) fn lose_server(&mut self, now: Now, position: usize) {
        self.end_observations(now, position);
        self.refuse_held(now, position);
        self.abandon_sends(position);
        let Some(account) = self.accounts.get_mut(position) else { return };
        account.lose();
        let reachable = account.peer.is_some() && account.registered.is_some();
        if reachable && matches!(account.phase, AccountPhase::Idle) {
            self.leave(now, position);
        } else {
            self.left(position);
        }
        self.drive_gone(now, position);
    }

    /// A server that is gone keeps its link until it has heard so.
    pub(in crate::machine) fn drive_gone(&mut self, now: Now, position: usize) {
        let Some(account) = self.accounts.get(position) else { return };
        if account.is_gone() && matches!(account.phase, AccountPhase::Left) && account.route.is_some() {
            self.hang_up(now, position);
            self.forget_peer(now, position);
            self.enter(position, AccountPhase::Left);
        }
    }

    fn keep_server(&mut self, now: Now, position: usize, new: &Provisioned) {
        let before = self.boot.securities.get(&new.short_server_id);
        let moved = before.is_none_or(|before| !same_way(before, &new.security));
        let before = before.map(|before| before.server_uri.clone());
        let made = self.account_of(new);
        let Some(account) = self.accounts.get_mut(position) else { return };
        account.instance = new.server;
        if let (true, Some(made)) = (moved, made) {
            (account.config.target, account.transport) = (made.config.target, made.transport);
            self.end_observations(now, position);
            self.register_anew(now, position);
            self.forget_peer(now, position);
            if let Some(before) = before {
                self.write_down(now, vec![Edit::Delete { key: session(&before) }]);
            }
        }
    }

    fn purge_again(&mut self, now: Now) {
        self.boot.phase = Phase::Off;
        self.boot.purge_at = Some(now.mono.after(PURGE_AGAIN));
    }

    /// The account of the bootstrap server has had its time. [Core 1.2 §E.1, resource 12]
    pub(super) fn purge(&mut self, now: Now) {
        self.boot.purge_at = None;
        let Some((instance, account)) = self.bootstrap.as_deref() else { return };
        let mut batches = vec![(SECURITY, vec![Change::Delete { instance: *instance }])];
        let linked =
            account.oscore_security_mode.filter(|link| self.table.has_instance(link.object, link.instance));
        batches.extend(linked.map(|link| (link.object, vec![Change::Delete { instance: link.instance }])));
        (self.boot.gone, self.boot.purge_after) = (BTreeSet::new(), None);
        self.boot.phase = Phase::Purging;
        let cx = self.cx(now, Caller::Bootstrap);
        let deadline = Some(now.mono.after(CALL_TIMEOUT));
        self.boot.changes.clone_from(&batches);
        self.call(Purpose::PrepareBootstrap, deadline, Call::Prepare { cx, batches });
    }
}

/// How long the account of the bootstrap server stays after this bootstrap; `None`: for good. [Core 1.2 §E.1, resource 12]
fn timeout(stage: &Stage) -> Option<Duration> {
    let accounts =
        stage.typed::<lwm2m_objects::Security>().into_iter().filter_map(|(_, account)| account.ok());
    let mut bootstrap = accounts.filter(|account| account.bootstrap_server);
    let seconds = u64::try_from(bootstrap.next()?.bootstrap_server_account_timeout?).ok();
    seconds.filter(|seconds| *seconds > 0).map(Duration::from_secs)
}

/// Is the server reached as before? Otherwise it needs a new session. [Core 1.2 §5.2.8]
fn same_way(before: &lwm2m_objects::Security, after: &lwm2m_objects::Security) -> bool {
    let way = |account: &lwm2m_objects::Security| lwm2m_objects::Security {
        client_hold_off_time: None,
        bootstrap_server_account_timeout: None,
        ..account.clone()
    };
    way(before) == way(after)
}

/// Server instances that were written say when. [Core 1.2 §E.2, resource 12]
fn stamp(batches: &mut Batches, now: Now) {
    let Some(wall) = now.wall else { return };
    let stamp = || lwm2m_core::Node::Value(Value::Time(wall.0.div_euclid(1_000_000)));
    for change in batches.iter_mut().filter(|(object, _)| object.0 == 1).flat_map(|(_, batch)| batch) {
        match change {
            Change::Create { values, .. } | Change::Replace { values, .. } => {
                if !values.iter().any(|(id, _)| *id == LAST_BOOTSTRAPPED) {
                    values.push((LAST_BOOTSTRAPPED, stamp()));
                }
            }
            Change::Resource { change: ResourceChange::Set(..), .. } | Change::Resource { .. } => {}
            Change::Delete { .. } => {}
        }
    }
}

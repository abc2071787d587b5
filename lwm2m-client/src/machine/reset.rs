//! Factory Reset: the store is emptied, the objects are what the program gave, every server is left, and all begins anew.
//! [Core 1.2 §E.4, resource 5]

use std::time::Duration;

use lwm2m_core::{Done, Mono, Now, ObjectId, Path, Rejection, coap::DeliveryId, ops::DownlinkAnswer};

use super::{
    CALL_TIMEOUT, ClientMachine,
    account::Phase,
    bootstrap,
    call::{Call, Purpose, Reply},
    operation::Stage as OperationStage,
};
use crate::{Caller, ClientError, ClientEvent, state::Accounts};

/// How long servers may take for the answer to our De-register: two transmissions with the default timing.
const LEAVING: Duration = Duration::from_secs(6);
/// How long the answer to the Execute is waited for that could not go with its acknowledgement.
const ANSWERING: Duration = Duration::from_secs(10);

/// `/3/x/5`
pub(super) fn is_factory_reset(path: Path) -> bool {
    path.object_id() == Some(ObjectId(3)) && path.resource_id().is_some_and(|id| id.0 == 5)
}

/// What is said to servers meanwhile.
pub(super) fn occupied() -> Rejection {
    Rejection::unavailable("the device is being reset", ANSWERING)
}

/// A reset on its way.
pub(super) struct Reset {
    asked: Asked,
    stage: Stage,
}

enum Asked {
    /// An Execute, which the handler of the object has agreed to.
    Server(usize, Option<Done>),
    Program(u64),
}

enum Stage {
    /// What is being written must be written before it is erased. Given up at this moment.
    Settling(Mono),
    Erasing,
    /// The answer goes first.
    Answering(Accounts, Option<DeliveryId>, Mono),
    Leaving(Accounts, Mono),
    /// What the links have written while they ended, such as their sessions, goes too.
    Sweeping(Accounts),
}

impl ClientMachine {
    /// Nobody is served meanwhile, and nothing is written.
    pub(super) const fn is_resetting(&self) -> bool {
        self.reset.is_some()
    }

    /// A server has executed it.
    pub(super) fn begin_reset(&mut self, now: Now, key: usize, done: Done) {
        if let Some(operation) = self.operations.get_mut(key) {
            operation.stage = OperationStage::Committing;
        }
        let stage = Stage::Settling(now.mono.after(CALL_TIMEOUT));
        self.reset = Some(Reset { asked: Asked::Server(key, Some(done)), stage });
    }

    /// The program wants it: somebody holds the button.
    pub(super) fn reset_wanted(&mut self, now: Now, reply: u64) {
        if self.reset.is_some() || self.is_bootstrapping() || self.stopping.is_some() {
            return self.reply(reply, Reply::Done(Err(ClientError::Busy)));
        }
        let stage = Stage::Settling(now.mono.after(CALL_TIMEOUT));
        self.reset = Some(Reset { asked: Asked::Program(reply), stage });
    }

    pub(super) fn drive_reset(&mut self, now: Now) -> bool {
        let Some(reset) = &mut self.reset else { return false };
        match &mut reset.stage {
            Stage::Settling(until) => {
                let until = *until;
                let ours = match &reset.asked {
                    Asked::Server(key, _) => Some(*key),
                    Asked::Program(_) => None,
                };
                let writes = self.calls.is_out(Purpose::Keep) || self.calls.is_out(Purpose::Backlog);
                if writes || self.operations.runs_beside(ours) || !self.is_settled() {
                    if until <= now.mono {
                        self.on_reset(now, Err(Rejection::unavailable("the device is at work", ANSWERING)));
                    }
                    return until <= now.mono;
                }
                // What has not begun does not begin any more.
                for key in self.operations.waiting_requests() {
                    self.refuse(now, key, occupied());
                }
                if let Some(reset) = &mut self.reset {
                    reset.stage = Stage::Erasing;
                }
                let cx = self.cx(now, Caller::Local);
                // It cannot be taken back: it has the time that the store takes.
                self.call(Purpose::Reset, None, Call::Reset { cx });
            }
            Stage::Erasing | Stage::Sweeping(_) => return false,
            Stage::Answering(_, Some(_), until) if *until > now.mono => return false,
            Stage::Answering(..) => self.leave_all(now),
            Stage::Leaving(_, until) => {
                let left = self.accounts.iter().all(|account| matches!(account.phase, Phase::Left));
                if !left && *until > now.mono {
                    return false;
                }
                self.hang_up_all(now);
            }
        }
        true
    }

    pub(super) fn reset_deadline(&self) -> Option<Mono> {
        match &self.reset.as_ref()?.stage {
            Stage::Answering(_, _, until) | Stage::Leaving(_, until) => Some(*until),
            Stage::Settling(until) => Some(*until),
            Stage::Erasing | Stage::Sweeping(_) => None,
        }
    }

    pub(super) fn on_reset(&mut self, now: Now, result: Result<Accounts, Rejection>) {
        let Some(mut reset) = self.reset.take() else { return };
        let accounts = match result {
            Ok(accounts) => accounts,
            Err(rejection) => {
                tracing::warn!(endpoint = %self.config.endpoint, %rejection, "no factory reset");
                return match reset.asked {
                    Asked::Server(key, _) => self.refuse(now, key, rejection),
                    Asked::Program(reply) => {
                        self.reply(reply, Reply::Done(Err(ClientError::NotReset(rejection))));
                    }
                };
            }
        };
        let answer = match &mut reset.asked {
            Asked::Program(reply) => {
                let reply = *reply;
                self.reply(reply, Reply::Done(Ok(())));
                None
            }
            Asked::Server(key, done) => {
                let (key, done) = (*key, done.take());
                let delivery = self.respond(now, key, &DownlinkAnswer::Done);
                self.after.extend(delivery.zip(done));
                delivery
            }
        };
        reset.stage = Stage::Answering(accounts, answer, now.mono.after(ANSWERING));
        self.reset = Some(reset);
        self.publish(ClientEvent::FactoryReset);
    }

    /// The answer has arrived, or never will.
    pub(super) fn reset_answered(&mut self, id: DeliveryId) {
        if let Some(Reset { stage: Stage::Answering(_, answer, _), .. }) = &mut self.reset
            && *answer == Some(id)
        {
            *answer = None;
        }
    }

    fn leave_all(&mut self, now: Now) {
        if let Some(reset) = &mut self.reset
            && let Stage::Answering(accounts, ..) = std::mem::replace(&mut reset.stage, Stage::Erasing)
        {
            reset.stage = Stage::Leaving(accounts, now.mono.after(LEAVING));
        }
        for position in 0..self.accounts.len() {
            self.lose_server(now, position);
        }
    }

    fn hang_up_all(&mut self, now: Now) {
        for position in 0..self.accounts.len() {
            self.left(position);
            self.hang_up(now, position);
            self.enter(position, Phase::Left);
        }
        self.end_bootstrap_link(now);
        if let Some(reset) = &mut self.reset
            && let Stage::Leaving(accounts, _) = std::mem::replace(&mut reset.stage, Stage::Erasing)
        {
            reset.stage = Stage::Sweeping(accounts);
        }
        if self.config.keeps {
            self.call(Purpose::Sweep, Some(now.mono.after(CALL_TIMEOUT)), Call::Sweep);
        } else {
            self.begin_anew();
        }
    }

    /// As after the first start.
    pub(super) fn begin_anew(&mut self) {
        let Some(Reset { stage: Stage::Sweeping(accounts), .. }) = self.reset.take() else { return };
        self.boot = bootstrap::Bootstrap::new(self.config.card);
        self.backlog = super::backlog::Ledger::default();
        self.begin_with(accounts);
        self.settings_stale = true;
    }

    /// The operation that wants it has been given up, or it will never be answered.
    pub(super) fn reset_lost(&mut self, now: Now) {
        self.on_reset(now, Err(Rejection::internal("the objects did not answer")));
    }
}

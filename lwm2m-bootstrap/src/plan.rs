//! What becomes of a device: data, made by a [`PlanSource`](crate::PlanSource) and carried out by the machine.

mod check;

use std::{fmt, time::Duration};

use lwm2m_core::{AsPath, IntoNode, Location, Node, ObjectId, ObjectType, Path, PathError};
use lwm2m_objects::oma::AccessControl;

use crate::Account;

/// Steps of a plan. A source that goes wrong must not fill the server.
pub const MAX_STEPS: usize = 1000;

/// Steps in order, then Bootstrap-Finish; or the question what comes next ([`Plan::then_ask`]).
///
/// ```
/// use lwm2m_bootstrap::{Account, Plan};
///
/// let plan = Plan::new()
///     .delete("/0")
///     .delete("/1")
///     .account(Account::no_sec(123, "coap://lwm2m.example"))
///     .write("/3/0/14", "+02:00")
///     .or_continue(); // not every device has a clock
/// # plan.check(&lwm2m_bootstrap::objects::Registry).unwrap();
/// ```
///
/// What a plan writes is checked against the definitions before anything reaches a device ([`Plan::check`]).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    steps: Vec<Step>,
    again: bool,
    wrong: Option<(usize, PathError)>,
}

/// One step of a [`Plan`].
#[derive(Clone, PartialEq)]
pub struct Step {
    /// What is done.
    pub what: What,
    /// What to do when the device refuses it, or does not answer.
    pub otherwise: Otherwise,
}

/// What a step does.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum What {
    /// Bootstrap-Discover of `/` or of an object. The answer is in [`Session::answers`](crate::Session) of the next round.
    Discover(Path),
    /// Bootstrap-Read of objects 1 and 2 and of their instances; likewise.
    Read(Path),
    /// Bootstrap-Delete of `/`, an object or an instance.
    Delete(Path),
    /// Bootstrap-Write of an object, an instance or a resource.
    Write(Path, Node),
    /// Writes an account, with instance ids that fit.
    Account(Box<Account>),
    /// Writes an access-control instance. One about the same place is changed: what it says of other servers stays.
    Access(Box<AccessControl>),
    /// Writes an instance under a free id.
    Add(ObjectId, Node),
}

/// What to do when a step fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Otherwise {
    /// The bootstrap has failed; the device returns to what it was.
    #[default]
    Fail,
    /// The next step.
    Continue,
    /// The same again, then [`Otherwise::Fail`].
    Retry {
        /// How often.
        times: u8,
        /// After this time, or later where the device says so.
        wait: Duration,
    },
}

/// A plan that must not reach a device.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{why}", StepNumber(*step))]
pub struct PlanError {
    /// Which step, counted from 0; `None`: the plan as a whole.
    pub step: Option<usize>,
    /// What is wrong. Says nothing of what is secret.
    pub why: String,
}

struct StepNumber(Option<usize>);

impl fmt::Display for StepNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |step| write!(f, "step {}: ", step.saturating_add(1)))
    }
}

#[allow(clippy::needless_pass_by_value, reason = "names of places are given away, as everywhere")]
impl Plan {
    /// Nothing but Bootstrap-Finish.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Deletes `/`, an object or an instance. Devices keep the account of the bootstrap server and `/3/0` all the same.
    #[must_use]
    pub fn delete(self, at: impl AsPath) -> Self {
        self.step(at.as_path().map(What::Delete))
    }

    /// Asks what there is at `/` or of an object, for the next round.
    #[must_use]
    pub fn discover(self, at: impl AsPath) -> Self {
        self.step(at.as_path().map(What::Discover))
    }

    /// Reads object 1 or 2 or one of their instances, for the next round. Since LwM2M 1.1.
    #[must_use]
    pub fn read(self, at: impl AsPath) -> Self {
        self.step(at.as_path().map(What::Read))
    }

    /// Writes an object, an instance or a resource.
    #[must_use]
    pub fn write<T: IntoNode>(self, at: impl Location<T>, value: T) -> Self {
        self.step(at.as_path().map(|path| What::Write(path, value.into_node())))
    }

    /// Writes an account.
    #[must_use]
    pub fn account(self, account: Account) -> Self {
        self.step(Ok(What::Account(Box::new(account))))
    }

    /// Says what servers may do with an instance.
    #[must_use]
    pub fn access(self, access: AccessControl) -> Self {
        self.step(Ok(What::Access(Box::new(access))))
    }

    /// Writes an instance under a free id.
    #[must_use]
    pub fn add_instance<T: ObjectType>(self, value: T) -> Self {
        self.step(Ok(What::Add(T::DEF.id(), value.into_node())))
    }

    /// If the last step fails, goes on with the next.
    #[must_use]
    pub fn or_continue(self) -> Self {
        self.otherwise(Otherwise::Continue)
    }

    /// If the last step fails, tries it again.
    #[must_use]
    pub fn or_retry(self, times: u8, wait: Duration) -> Self {
        self.otherwise(Otherwise::Retry { times, wait })
    }

    /// What to do if the last step fails.
    #[must_use]
    pub fn otherwise(mut self, otherwise: Otherwise) -> Self {
        if let Some(step) = self.steps.last_mut() {
            step.otherwise = otherwise;
        }
        self
    }

    /// After these steps the source is asked again, with their answers, instead of Bootstrap-Finish.
    #[must_use]
    pub fn then_ask(mut self) -> Self {
        self.again = true;
        self
    }

    /// The steps.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Is the source asked again after the steps?
    #[must_use]
    pub const fn asks_again(&self) -> bool {
        self.again
    }

    pub(crate) fn into_steps(self) -> Vec<Step> {
        self.steps
    }

    #[cfg(feature = "file")]
    pub(crate) fn push(&mut self, step: Step) {
        self.steps.push(step);
    }

    fn step(mut self, what: Result<What, PathError>) -> Self {
        match what {
            Ok(what) => self.steps.push(Step { what, otherwise: Otherwise::Fail }),
            Err(error) => {
                self.wrong.get_or_insert((self.steps.len(), error));
            }
        }
        self
    }
}

/// Operation and place: what is written may be a key.
impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Discover(path) => write!(f, "Discover {path}"),
            Self::Read(path) => write!(f, "Read {path}"),
            Self::Delete(path) => write!(f, "Delete {path}"),
            Self::Write(path, _) => write!(f, "Write {path}"),
            Self::Account(account) => match account.short_server_id() {
                Some(id) => write!(f, "account of server {id}"),
                None => f.write_str("account of a bootstrap server"),
            },
            Self::Access(access) => {
                write!(f, "rights to /{}/{}", access.object_id, access.object_instance_id)
            }
            Self::Add(object, _) => write!(f, "new instance of /{object}"),
        }
    }
}

impl fmt::Debug for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.otherwise {
            Otherwise::Fail => fmt::Display::fmt(&self.what, f),
            otherwise => write!(f, "{} or {otherwise:?}", self.what),
        }
    }
}

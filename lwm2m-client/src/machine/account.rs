//! One server account: what is configured, and how the registration stands.

use std::time::Duration;

use lwm2m_core::{
    AttributeTree, Attributes, Binding, CallId, InstanceId, Mono, Node, PeerId, RESERVED_ID, ResourceId,
    Route, Value, Values, Version,
    coap::{ExchangeId, InboundId, Observe, Request},
    ops::{Location, MAX_LIFETIME},
};

use super::{awake::Awake, disable::Disabled, send::Outbox};
use crate::{Retry, ServerAccount};

/// Lifetime of an account whose Server instance says nothing that can be used. [Core 1.2 §6.2.1]
pub(crate) const DEFAULT_LIFETIME: Duration = Duration::from_secs(86_400);

/// How long a Disable lasts where the Server instance does not say. [Core 1.2 §E.2]
const DISABLE_TIMEOUT: Duration = Duration::from_secs(86_400);

/// One server account. Nothing is shared between accounts but the objects. [Core 1.2 §6.2]
pub(crate) struct Account {
    pub(crate) config: ServerAccount,
    /// Of object 1, and of object 0.
    pub(crate) instance: InstanceId,
    /// Position of the transport that carries it.
    pub(crate) transport: u8,
    /// What the Server instance says now.
    pub(crate) settings: Settings,
    /// The version to register with; goes down on 4.12.
    pub(crate) version: Version,
    pub(crate) phase: Phase,
    pub(crate) route: Option<Route>,
    pub(crate) peer: Option<PeerId>,
    /// The same without its link: what it repeats over the next one is known.
    pub(crate) lost: Option<PeerId>,
    /// Present while the server has us in its list, as far as we know.
    pub(crate) registered: Option<Registered>,
    /// It has had its turn: the first attempt is made or its delay runs. [Core 1.2 §6.2.1.1]
    pub(crate) begun: bool,
    /// There has been a registration since the start.
    pub(crate) succeeded: bool,
    /// The server is not to hear of us.
    pub(crate) disabled: Option<Disabled>,
    /// Failed attempts since the last success.
    pub(crate) failures: u32,
    /// It has been told that frames do not reach the server, and nothing was heard of it since.
    pub(crate) trouble_told: bool,
    /// An Update is wanted even if nothing changed.
    pub(crate) update_wanted: bool,
    /// Requests that came before the answer to our Register.
    pub(crate) held: Vec<Held>,
    /// Whether the server may expect to be heard.
    pub(crate) awake: Awake,
    /// Bootstrap has taken it away; only its De-register is still to be heard.
    gone: bool,
    /// What the server has attached to nodes; outlives the registration.
    pub(crate) attributes: AttributeTree,
    /// What the program tells this server.
    pub(crate) outbox: Outbox,
}

/// A request that waits for the registration.
pub(crate) struct Held {
    pub(crate) id: InboundId,
    pub(crate) request: Request,
    pub(crate) observe: Option<Observe>,
}

pub(crate) enum Phase {
    /// Not connected; to be started at this moment.
    Waiting(Mono),
    /// The transport opens a link; this call asked for it.
    Connecting(CallId),
    /// The link is being made; given up at this moment.
    Opening(Mono),
    Registering(ExchangeId, Said),
    /// Nothing is on its way.
    Idle,
    Updating(ExchangeId, Said),
    Leaving(ExchangeId),
    /// Silent until the server may hear of us again.
    Disabled,
    /// No further attempt by itself.
    GivenUp,
    /// De-registered, or given up for good.
    Left,
}

pub(crate) struct Registered {
    pub(crate) location: Location,
    /// The last success.
    pub(crate) since: Mono,
    /// What the server knows of us.
    pub(crate) said: Said,
    /// The next keep-alive; a server that asked to wait moves it.
    pub(crate) update_at: Option<Mono>,
}

/// What a Register or Update said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) lifetime: Duration,
    pub(crate) bindings: Vec<Binding>,
    pub(crate) queue_mode: bool,
    /// Of the list of objects.
    pub(crate) fingerprint: u64,
}

impl Account {
    pub(crate) fn new(config: ServerAccount, instance: InstanceId, transport: u8) -> Self {
        Self {
            settings: Settings::default(),
            version: config.versions.1,
            config,
            instance,
            transport,
            phase: Phase::Waiting(Mono(0)),
            route: None,
            peer: None,
            lost: None,
            registered: None,
            begun: false,
            succeeded: false,
            disabled: None,
            failures: 0,
            trouble_told: false,
            update_wanted: false,
            held: Vec::new(),
            awake: Awake::default(),
            gone: false,
            attributes: AttributeTree::default(),
            outbox: Outbox::default(),
        }
    }

    /// Has bootstrap taken it away?
    pub(crate) const fn is_gone(&self) -> bool {
        self.gone
    }

    /// Bootstrap takes it away: nothing that is said of the data model concerns it any more.
    pub(crate) fn lose(&mut self) {
        self.gone = true;
        self.instance = InstanceId(RESERVED_ID);
        self.attributes = AttributeTree::default();
    }

    /// Can another account take its place?
    pub(crate) const fn is_vacant(&self) -> bool {
        self.gone && matches!(self.phase, Phase::Left) && self.route.is_none()
    }

    pub(crate) const fn server(&self) -> u16 {
        self.config.short_server_id
    }

    /// What a Register says now. `fingerprint`: of the list of objects.
    pub(crate) fn to_say(&self, fingerprint: u64) -> Said {
        Said {
            lifetime: self.lifetime(),
            bindings: self.settings.bindings.clone(),
            queue_mode: self.queue_mode(),
            fingerprint,
        }
    }

    /// Is this still what a Register would say, but for the list of objects?
    pub(crate) fn is_known(&self, said: &Said) -> bool {
        said.lifetime == self.lifetime()
            && said.queue_mode == self.queue_mode()
            && said.bindings == self.settings.bindings
    }

    fn lifetime(&self) -> Duration {
        self.settings.lifetime.min(MAX_LIFETIME)
    }

    const fn queue_mode(&self) -> bool {
        self.settings.queue_mode || self.config.queue_mode
    }

    /// Is there a registration, and is it to stay?
    pub(crate) fn can_be_told(&self) -> bool {
        let leaves = matches!(self.phase, Phase::Leaving(_) | Phase::Left) || self.disabled.is_some();
        !leaves && self.registered.is_some() && self.peer.is_some()
    }

    pub(crate) fn expires(&self) -> Option<Mono> {
        let registered = self.registered.as_ref()?;
        let lifetime = registered.said.lifetime;
        (!lifetime.is_zero()).then(|| registered.since.after(lifetime))
    }

    /// Is something on its way?
    pub(crate) const fn is_busy(&self) -> bool {
        !matches!(
            self.phase,
            Phase::Idle | Phase::Left | Phase::Waiting(_) | Phase::Disabled | Phase::GivenUp
        )
    }

    /// Of the Server instance; what it does not say, the program says.
    pub(crate) fn retry(&self) -> Retry {
        let (said, known) = (&self.settings.retry, &self.config.retry);
        Retry {
            count: said.count.unwrap_or(known.count),
            timer: said.timer.unwrap_or(known.timer),
            sequence_delay: said.sequence_delay.unwrap_or(known.sequence_delay),
            sequences: said.sequences.unwrap_or(known.sequences),
        }
    }

    /// May the next server in the order be registered with?
    pub(crate) fn lets_others_begin(&self) -> bool {
        let failed = self.failures >= self.retry().attempts() || matches!(self.phase, Phase::GivenUp);
        let gone = matches!(self.phase, Phase::Left | Phase::Disabled);
        self.succeeded || gone || (failed && !self.settings.blocks)
    }
}

/// What the Server instance of an account says. [Core 1.2 §E.2]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) lifetime: Duration,
    pub(crate) pmin: Duration,
    pub(crate) pmax: Option<Duration>,
    pub(crate) bindings: Vec<Binding>,
    /// A Q in the binding of LwM2M 1.0.
    pub(crate) queue_mode: bool,
    /// Default Notification Mode, since 1.2.
    pub(crate) confirmable: bool,
    /// Notification Storing When Disabled or Offline; true where it is absent.
    pub(crate) storing: bool,
    /// Mute Send, since 1.1; true where it is absent.
    pub(crate) mute_send: bool,
    pub(crate) disable_timeout: Duration,
    /// Registration Priority Order; `None`: independent of other servers.
    pub(crate) order: Option<u64>,
    pub(crate) initial_delay: Duration,
    /// Registration Failure Block.
    pub(crate) blocks: bool,
    /// Bootstrap on Registration Failure.
    pub(crate) bootstraps: bool,
    pub(crate) retry: SaidRetry,
}

/// Resources 17 to 20, where they are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SaidRetry {
    count: Option<u32>,
    timer: Option<Duration>,
    sequence_delay: Option<Duration>,
    sequences: Option<u32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lifetime: DEFAULT_LIFETIME,
            pmin: Duration::ZERO,
            pmax: None,
            bindings: vec![Binding::Udp],
            queue_mode: false,
            confirmable: false,
            disable_timeout: DISABLE_TIMEOUT,
            order: None,
            initial_delay: Duration::ZERO,
            blocks: false,
            bootstraps: true,
            retry: SaidRetry::default(),
            mute_send: true,
            storing: true,
        }
    }
}

impl Settings {
    /// The periods of observations that nothing else is said for. [Core 1.2 §5.1.2]
    pub(crate) fn periods(&self) -> Attributes {
        let seconds = |period: Duration| u32::try_from(period.as_secs()).unwrap_or(u32::MAX);
        let mut periods = Attributes::default().pmin(seconds(self.pmin));
        periods.pmax = self.pmax.map(seconds);
        periods
    }

    /// From the resources of a Server instance.
    pub(crate) fn of(values: &Values) -> Self {
        let integer = |id| match find(values, id) {
            Some(Value::Integer(number)) => u64::try_from(*number).ok(),
            Some(Value::Unsigned(number)) => Some(*number),
            _ => None,
        };
        let seconds = |id| integer(id).map(|seconds| Duration::from_secs(clamped(seconds).into()));
        let boolean = |id| match find(values, id) {
            Some(Value::Boolean(said)) => Some(*said),
            _ => None,
        };
        let default = Self::default();
        let (bindings, queue_mode) = match find(values, 7) {
            Some(Value::String(text)) => bindings(text).unwrap_or((default.bindings, false)),
            _ => (default.bindings, false),
        };
        Self {
            lifetime: seconds(1).unwrap_or(DEFAULT_LIFETIME),
            pmin: seconds(2).unwrap_or_default(),
            pmax: seconds(3).filter(|pmax| !pmax.is_zero()),
            bindings,
            queue_mode,
            confirmable: integer(26) == Some(1),
            disable_timeout: seconds(5).unwrap_or(DISABLE_TIMEOUT),
            order: integer(13),
            initial_delay: seconds(14).unwrap_or_default(),
            blocks: boolean(15).unwrap_or(false),
            bootstraps: boolean(16).unwrap_or(true),
            retry: SaidRetry {
                count: integer(17).map(clamped),
                timer: seconds(18),
                sequence_delay: seconds(19),
                sequences: integer(20).map(clamped),
            },
            mute_send: boolean(23).unwrap_or(true),
            storing: boolean(6).unwrap_or(true),
        }
    }
}

fn clamped(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn find(values: &Values, resource: u16) -> Option<&Value> {
    values.iter().find_map(|(id, node)| match node {
        Node::Value(value) if *id == ResourceId(resource) => Some(value),
        _ => None,
    })
}

/// The bindings of a binding text that are known here, and whether it has a Q. `None`: no such text. [Core 1.2 §6.2.1.2]
pub(crate) fn bindings(text: &str) -> Option<(Vec<Binding>, bool)> {
    let twice =
        text.chars().enumerate().any(|(i, letter)| text.chars().skip(i + 1).any(|other| other == letter));
    if text.is_empty() || twice || !text.chars().all(|letter| "UMHTSNQ".contains(letter)) {
        return None;
    }
    let known: Vec<_> = text.chars().filter_map(Binding::from_letter).collect();
    let reachable = text.chars().any(|letter| letter != 'Q');
    reachable.then(|| (known, text.contains('Q')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binding_texts_of_every_version_are_understood() {
        assert_eq!(bindings("U"), Some((vec![Binding::Udp], false)));
        assert_eq!(bindings("UQS"), Some((vec![Binding::Udp, Binding::Sms], true)));
        assert_eq!(bindings("TU"), Some((vec![Binding::Tcp, Binding::Udp], false)));
        for wrong in ["", "Q", "X", "u", "UU", "U Q"] {
            assert_eq!(bindings(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn settings_have_the_defaults_of_the_specification() {
        assert_eq!(Settings::of(&Vec::new()), Settings::default());
        let integer = |id, number| (ResourceId(id), Node::Value(Value::Integer(number)));
        let settings = Settings::of(&vec![integer(1, -5), integer(2, 3), integer(3, 0), integer(26, 1)]);
        assert_eq!(settings.lifetime, DEFAULT_LIFETIME);
        assert_eq!(settings.pmin, Duration::from_secs(3));
        assert_eq!(settings.pmax, None);
        assert!(settings.confirmable);
    }
}

//! Puts a client together.

use std::{fmt, sync::Arc};

use lwm2m_core::{
    Binding, Bytes, EndpointName, Executable, InstanceId, ObjectId, ObjectType as _, Tree, coap,
    transport::{Scheme, Target, Transport, Uri},
};
use lwm2m_objects::{Device, Security, Server, oma::AccessControl};

use crate::{
    Backlog, BootstrapAccount, ClientError, ClientEvent, Dispatch, Events, Factory, Objects, Policy,
    ServerAccount, Smartcard, StateStore,
    account::{security, security_of_bootstrap, target},
    bus::Bus,
    machine::{ClientMachine, Config},
    reply::Replies,
    state::trusting,
    state_store::Sessions,
};

/// Puts a client together: transports, accounts, objects.
///
/// Objects that are added before the client starts are in its first Register; those that come later in an Update.
/// Without a transport the client opens UDP sockets as it needs them, and speaks DTLS where the URI says `coaps`.
#[must_use = "a client runs once it is started or its driver is polled"]
pub struct ClientBuilder {
    endpoint: EndpointName,
    pub(crate) transports: Vec<Box<dyn Transport>>,
    pub(crate) accounts: Vec<ServerAccount>,
    pub(crate) bootstrap: Option<BootstrapAccount>,
    factory: Factory,
    objects: Objects,
    events: Arc<Bus<ClientEvent>>,
    device: Option<Device>,
    policy: Option<Arc<dyn Policy>>,
    state: Option<Arc<dyn StateStore>>,
    backlog: Backlog,
    authorities: Vec<Bytes>,
    pub(crate) card: Option<Arc<dyn Smartcard>>,
    access: Option<Vec<AccessControl>>,
    tree: Tree,
    coap: Option<Arc<coap::Config>>,
    seed: Option<[u8; 32]>,
}

/// A client without a driver: the machine, what performs its calls, and the transports.
pub type Parts = (ClientMachine, Dispatch, Vec<Box<dyn Transport>>);

impl ClientBuilder {
    /// A client with this endpoint name, and nothing else yet.
    pub fn new(endpoint: impl Into<EndpointName>) -> Self {
        Self {
            endpoint: endpoint.into(),
            transports: Vec::new(),
            accounts: Vec::new(),
            bootstrap: None,
            factory: Factory::default(),
            objects: Objects::new(),
            events: Arc::new(Bus::new(ClientEvent::Missed)),
            device: None,
            policy: None,
            state: None,
            backlog: Backlog::default(),
            authorities: Vec::new(),
            card: None,
            access: None,
            tree: Tree::DEFAULT,
            coap: None,
            seed: None,
        }
    }

    /// Adds a transport. An account uses the first that carries the scheme of its server's URI.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transports.push(Box::new(transport));
        self
    }

    /// Adds a server. Each account has a life of its own.
    pub fn server(mut self, account: ServerAccount) -> Self {
        self.accounts.push(account);
        self
    }

    /// The bootstrap server, which gives the device its servers: when it has none, when none takes it, and when one says
    /// so. With a [state store](ClientBuilder::state) they outlive a restart.
    pub fn bootstrap(mut self, account: BootstrapAccount) -> Self {
        self.bootstrap = Some(account);
        self
    }

    /// Accounts from a file, instead of [`ClientBuilder::server`] and [`ClientBuilder::bootstrap`]. What the resources of
    /// the instances do not say is as in [`ServerAccount::new`] and [`BootstrapAccount::new`]. The client does not start
    /// where accounts of both have the same place.
    pub fn factory(mut self, factory: Factory) -> Self {
        self.factory = factory;
        self
    }

    /// The smartcard, which may bring accounts: it is asked before anything else. What it brings stands in place of what
    /// the program gives of the same objects; a card that is taken out or changed takes its accounts with it. With a
    /// [state store](ClientBuilder::state) what bootstrap has made of them since outlives a restart. [Core 1.2 §6.1.6.2]
    pub fn smartcard(mut self, card: impl Smartcard) -> Self {
        self.card = Some(Arc::new(card));
        self
    }

    /// Certificates (DER) of authorities that the device trusts: accounts whose Certificate Usage is 0 or 1 need one above
    /// the certificate of their server, those that bootstrap brings as well. An account with authorities of its own has
    /// these alone. [Core 1.2 §5.2.8.7]
    pub fn authorities(mut self, certificates: impl IntoIterator<Item = Bytes>) -> Self {
        self.authorities.extend(certificates);
        self
    }

    /// The Device object (3), instance 0. Without it, one that says nothing but which bindings there are. A device that can
    /// be reset to the state of delivery says so ([`Device::factory_reset`]); the client does it then.
    pub fn device(mut self, device: Device) -> Self {
        self.device = Some(device);
        self
    }

    /// A further check before any handler is asked.
    pub fn policy(mut self, policy: impl Policy) -> Self {
        self.policy = Some(Arc::new(policy));
        self
    }

    /// Keeps what servers and bootstrap have written: accounts, access rights, attributes, instances that servers made,
    /// how long a server is not to hear of us, what waits for servers (see [`Backlog`]), and the sessions of DTLS, which go
    /// on after a restart without a handshake where the server uses connection IDs, and are resumed elsewhere. It holds
    /// keys: let nobody read it. What is found there at start counts more than what the program gives:
    /// who wants to begin anew removes it. See also [`Objects::keep`]. Without a store a restart forgets all of it.
    pub fn state(mut self, store: impl StateStore) -> Self {
        self.state = Some(Arc::new(store));
        self
    }

    /// When notifications and Sends that wait for servers are written to the [state store](ClientBuilder::state).
    pub fn backlog(mut self, when: Backlog) -> Self {
        self.backlog = when;
        self
    }

    /// Access control (object 2): each of these says what servers may do with one instance, or who may create instances
    /// of an object. With several servers, what nothing is said about is nobody's; what a server creates is its own.
    /// With one server, and without any of these, access control is not in force. [Core 1.2 §8]
    ///
    /// Without this, and without adding [`AccessControl`] to the objects, every server may do everything.
    pub fn access(mut self, rules: impl IntoIterator<Item = AccessControl>) -> Self {
        self.access.get_or_insert_default().extend(rules);
        self
    }

    /// Serves the objects below an alternate path, such as `/lwm2m`. [Core 1.2 §6.4.1]
    pub fn tree(mut self, tree: Tree) -> Self {
        self.tree = tree;
        self
    }

    /// Limits and timers of CoAP. Clients of one process can share one.
    pub fn coap(mut self, config: Arc<coap::Config>) -> Self {
        self.coap = Some(config);
        self
    }

    /// Where tokens and waits come from, instead of the operating system: the same seed gives the same run. Tokens
    /// that can be guessed let others answer for a server; this is for tests.
    pub fn seed(mut self, seed: [u8; 32]) -> Self {
        self.seed = Some(seed);
        self
    }

    /// The objects of the client to be.
    #[must_use]
    pub fn objects(&self) -> &Objects {
        &self.objects
    }

    /// Its events, from the first on.
    #[must_use]
    pub fn events(&self) -> Events {
        Events(self.events.subscribe())
    }

    /// The client without a driver. For programs with an event loop of their own, which take the reply to a command from [`Event::Reply`].
    ///
    /// [`Event::Reply`]: crate::machine::Event::Reply
    ///
    /// # Errors
    /// There is no account, or one cannot be served: two have one short server ID, or no transport carries the URI.
    /// Without the feature `tokio` there must be a [`ClientBuilder::seed`].
    pub fn into_machine(mut self) -> Result<Parts, ClientError> {
        if self.endpoint.check().is_err() {
            return Err(ClientError::EndpointName);
        }
        let transports: Vec<_> = self.transports.iter().map(|t| (t.binding(), t.is_secure())).collect();
        self.add_accounts(&transports)?;
        self.add_device(&transports)?;
        self.add_access()?;
        for account in &mut self.accounts {
            account.target = trusting(account.target.clone(), &self.authorities);
        }
        if let Some(account) = &mut self.bootstrap {
            account.target = trusting(account.target.clone(), &self.authorities);
        }
        if let Some(store) = &self.state {
            let sessions = Arc::new(Sessions(Arc::clone(store)));
            self.transports.iter_mut().for_each(|transport| transport.keep_sessions(sessions.clone()));
        }
        let seed = self.seed.map_or_else(system_seed, Ok)?;
        let config = Config {
            endpoint: self.endpoint,
            tree: self.tree,
            policy: self.policy,
            coap: self.coap.unwrap_or_default(),
            accounts: self.accounts,
            bootstrap: self.bootstrap,
            transports,
            authorities: self.authorities,
            card: self.card.is_some(),
            keeps: self.state.is_some(),
            backlog: self.backlog,
        };
        let dispatch = Dispatch {
            objects: self.objects,
            store: self.state,
            card: self.card,
            events: self.events,
            replies: Replies::default(),
        };
        Ok((ClientMachine::new(Arc::new(config), seed), dispatch, self.transports))
    }

    /// The Security and Server instances of the accounts, as real objects.
    fn add_accounts(&self, transports: &[(Binding, bool)]) -> Result<(), ClientError> {
        let factory = &self.factory;
        if self.accounts.is_empty()
            && self.bootstrap.is_none()
            && self.card.is_none()
            && factory.securities.is_empty()
        {
            return Err(ClientError::NoServer);
        }
        let first = u16::from(self.bootstrap.is_some());
        if let Some(account) = &self.bootstrap {
            self.add_bootstrap(account, transports)?;
        }
        let mut known = Vec::new();
        for (instance, account) in (0_u16..).zip(&self.accounts) {
            let id = account.short_server_id;
            if known.contains(&id) || id == 0 || id == u16::MAX {
                return Err(ClientError::ShortServerId(id));
            }
            transport_for(&account.target, transports)?;
            let security = security(account);
            target(&security, &[])?;
            self.objects.add(instance.saturating_add(first), security)?;
            self.objects.add(instance, server(account))?;
            known.push(id);
        }
        for (instance, security) in &factory.securities {
            let id = security.short_server_id.and_then(|id| u16::try_from(id).ok());
            if let Some(id) = id.filter(|id| known.contains(id)) {
                return Err(ClientError::ShortServerId(id));
            }
            transport_for(&target(security, &[])?, transports)?;
            self.objects.add(instance.0, security.clone())?;
        }
        for (instance, server) in &factory.servers {
            self.objects.add(instance.0, server.clone())?;
        }
        self.objects.keep_whole(|_| Security::default())?;
        self.objects.keep_whole(|_| with_actions(Server::default()))
    }

    /// Object 2, if there is any access control. The machine itself makes and removes instances of it.
    fn add_access(&self) -> Result<(), ClientError> {
        for (instance, rules) in (0_u16..).zip(self.access.iter().flatten()) {
            self.objects.add(instance, rules.clone())?;
        }
        if self.access.is_some()
            || self.bootstrap.is_some()
            || self.card.is_some()
            || self.factory.securities.values().any(|account| account.bootstrap_server)
            || self.objects.handler(AccessControl::DEF.id()).is_some()
        {
            let bare = |_| AccessControl::new(ObjectId(1), InstanceId(0), AccessControl::BOOTSTRAP);
            self.objects.keep_whole(bare)?;
            self.objects.creatable(bare)?;
        }
        Ok(())
    }

    /// The account of the bootstrap server comes first: what it writes finds its place behind it.
    fn add_bootstrap(
        &self,
        account: &BootstrapAccount,
        transports: &[(Binding, bool)],
    ) -> Result<(), ClientError> {
        transport_for(&account.target, transports)?;
        let security = security_of_bootstrap(account);
        target(&security, &[])?;
        self.objects.add(0, security)?;
        Ok(())
    }

    fn add_device(&self, transports: &[(Binding, bool)]) -> Result<(), ClientError> {
        let mut letters: Vec<char> = transports.iter().map(|(binding, _)| binding.letter()).collect();
        letters.sort_unstable();
        letters.dedup();
        let plain = || Device { supported_binding_and_modes: letters.iter().collect(), ..Device::default() };
        match &self.device {
            Some(device) => drop(self.objects.add(0, device.clone())?),
            // The program may have a Device of its own, typed or not.
            None if self.objects.handler(ObjectId(3)).is_none() => drop(self.objects.add(0, plain())?),
            None => {}
        }
        Ok(())
    }
}

#[cfg(feature = "tokio")]
fn system_seed() -> Result<[u8; 32], ClientError> {
    lwm2m_core::driver::seed().map_err(|error| ClientError::Seed(error.to_string()))
}

#[cfg(not(feature = "tokio"))]
fn system_seed() -> Result<[u8; 32], ClientError> {
    Err(ClientError::Seed("give one to the builder".to_owned()))
}

/// The first transport that carries the URI.
pub(crate) fn transport_for(target: &Target, transports: &[(Binding, bool)]) -> Result<u8, ClientError> {
    let uri = Uri::parse(&target.uri)?;
    let binding = match uri.scheme {
        Scheme::Coap | Scheme::Coaps => Binding::Udp,
        Scheme::CoapTcp | Scheme::CoapsTcp => Binding::Tcp,
        _ => return Err(ClientError::NoTransport(target.uri.clone())),
    };
    let wanted = (binding, uri.scheme.is_secure());
    let position = transports.iter().position(|transport| *transport == wanted);
    let position = position.and_then(|position| u8::try_from(position).ok());
    position.ok_or_else(|| ClientError::NoTransport(target.uri.clone()))
}

/// What every account can be told to do. Without a bootstrap server, the trigger is refused.
pub(crate) fn with_actions(server: Server) -> Server {
    Server { disable: Some(Executable), bootstrap_request_trigger: Some(Executable), ..server }
}

/// The Server instance of an account.
pub(crate) fn server(account: &ServerAccount) -> Server {
    let said = Server {
        short_server_id: i64::from(account.short_server_id),
        lifetime: i64::try_from(account.lifetime.as_secs()).unwrap_or(i64::MAX),
        default_minimum_period: account.default_periods.0.map(i64::from),
        default_maximum_period: account.default_periods.1.map(i64::from),
        notification_storing: true,
        binding: account.binding.clone(),
        registration_priority_order: account.order.map(u64::from),
        initial_registration_delay_timer: Some(account.initial_delay.as_secs()).filter(|delay| *delay > 0),
        registration_failure_block: account.failure_block.then_some(true),
        bootstrap_on_registration_failure: (!account.bootstrap_on_failure).then_some(false),
        mute_send: account.allow_send.then_some(false),
        ..Server::default()
    };
    with_actions(said)
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

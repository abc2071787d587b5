//! The program's handle to its client.

use std::{fmt, sync::Arc};

use lwm2m_core::{AsPath, EndpointName, driver::Handle};

use crate::{
    ClientBuilder, ClientError, ClientEvent, Dispatch, Events, Measurements, Objects, SendError, Sending,
    bus::Bus,
    machine::{Command, Reply, Status, What},
    reply::Replies,
};

/// A running LwM2M client. Clones share it; it ends with [`Client::shutdown`], or with the last clone.
#[derive(Clone)]
pub struct Client(Arc<Shared>);

struct Shared {
    objects: Objects,
    events: Arc<Bus<ClientEvent>>,
    replies: Replies,
    handle: Handle<Command>,
}

impl Client {
    /// Puts together a client with this endpoint name.
    pub fn builder(endpoint: impl Into<EndpointName>) -> ClientBuilder {
        ClientBuilder::new(endpoint.into())
    }

    /// What becomes a client once its driver has a handle.
    pub(crate) fn prepare(dispatch: &Dispatch) -> impl FnOnce(Handle<Command>) -> Self + use<> {
        let (objects, events) = (dispatch.objects.clone(), dispatch.events.clone());
        let replies = dispatch.replies.clone();
        move |handle| Self(Arc::new(Shared { objects, events, replies, handle }))
    }

    /// The objects: add, change, mount, take away.
    #[must_use]
    pub fn objects(&self) -> &Objects {
        &self.0.objects
    }

    /// Events from now on.
    #[must_use]
    pub fn events(&self) -> Events {
        Events(self.0.events.subscribe())
    }

    /// Waits until the client is registered with every server.
    ///
    /// # Errors
    /// The client has ended.
    pub async fn registered(&self) -> Result<(), ClientError> {
        let mut events = self.events();
        loop {
            let registered = self.status().await?.registered;
            let mut accounts = self.objects().instances::<lwm2m_objects::Server>();
            let none = accounts.is_empty();
            accounts.retain(|account| {
                !registered.iter().any(|server| i64::from(*server) == account.get().short_server_id)
            });
            // A device without servers waits for its bootstrap.
            if accounts.is_empty() && !none {
                return Ok(());
            }
            events.next().await.ok_or(ClientError::Ended)?;
        }
    }

    /// Sends an Update to a server now. Changes of lifetime, binding and objects are told without it.
    ///
    /// # Errors
    /// There is no such account, or the client has ended.
    pub async fn update_registration(&self, server: u16) -> Result<(), ClientError> {
        self.done(|reply| Command::Update { server, reply }).await
    }

    /// Tells servers the present values of these places, unasked. Since LwM2M 1.1. [Core 1.2 §6.4.6]
    ///
    /// ```no_run
    /// # async fn example(client: lwm2m_client::Client) -> Result<(), lwm2m_client::SendError> {
    /// client.send(["/3303/0/5700", "/3/0/9"]).await?; // `Ok`: the server has it
    /// # Ok(())
    /// # }
    /// ```
    pub fn send<P: AsPath>(&self, at: impl IntoIterator<Item = P>) -> Sending {
        let paths: Result<Vec<_>, _> = at.into_iter().map(|place| place.as_path()).collect();
        Sending::new(self.clone(), paths.map(What::Places).map_err(SendError::from))
    }

    /// Tells servers values that were measured before. Since LwM2M 1.1. [Core 1.2 §6.4.6]
    pub fn send_measured(&self, measured: Measurements) -> Sending {
        Sending::new(self.clone(), measured.into_values().map(What::Values).map_err(SendError::from))
    }

    /// Turns to the bootstrap server now, although there may be servers. [`ClientEvent::Bootstrapped`] and
    /// [`ClientEvent::BootstrapFailed`] tell how it went.
    ///
    /// # Errors
    /// There is no bootstrap server, or the client has ended.
    pub async fn bootstrap(&self) -> Result<(), ClientError> {
        self.done(|reply| Command::Bootstrap { reply }).await
    }

    /// This device has other addresses or routes than before: connects and registers anew.
    ///
    /// # Errors
    /// The client has ended.
    pub async fn network_changed(&self) -> Result<(), ClientError> {
        self.0.handle.send(Command::NetworkChanged).await.map_err(|_| ClientError::Ended)
    }

    /// Back to the state of delivery, as when a server executes Factory Reset (`/3/0/5`): the store is emptied, the objects
    /// are what the program gave, servers are left, and all begins anew. For a device with a button for it.
    ///
    /// # Errors
    /// The client is being bootstrapped or reset, an object or the store refuses, or the client has ended.
    pub async fn factory_reset(&self) -> Result<(), ClientError> {
        self.done(|reply| Command::FactoryReset { reply }).await
    }

    /// A smartcard was put in, taken out or rewritten: looks at it. The client does so by itself at start and after every
    /// Register and Update.
    ///
    /// # Errors
    /// The client has ended.
    pub async fn smartcard_changed(&self) -> Result<(), ClientError> {
        self.0.handle.send(Command::SmartcardChanged).await.map_err(|_| ClientError::Ended)
    }

    /// How the client stands: when it must run again, whether something is on its way, when the registration ends. For
    /// devices that sleep.
    ///
    /// # Errors
    /// The client has ended.
    pub async fn status(&self) -> Result<Status, ClientError> {
        match self.ask(|reply| Command::Status { reply }).await? {
            Reply::Status(status) => Ok(*status),
            Reply::Done(_) | Reply::Sent(_) => Err(ClientError::Ended),
        }
    }

    /// Hands counters and gauges to the recorder of the `metrics` facade, with this label as `endpoint`; see
    /// [`crate::metrics`].
    ///
    /// # Errors
    /// The client has ended.
    #[cfg(feature = "metrics")]
    pub async fn record_metrics(&self, endpoint: &str) -> Result<(), ClientError> {
        crate::metrics::record(endpoint, &self.status().await?);
        Ok(())
    }

    /// De-registers everywhere, then stops. A server that does not answer is left after some seconds. (A server's
    /// `shutdown` has no such answer to wait for, and nothing that can fail.)
    ///
    /// # Errors
    /// The client has ended already.
    pub async fn shutdown(self) -> Result<(), ClientError> {
        self.done(|reply| Command::Shutdown { reply }).await
    }

    async fn done(&self, command: impl FnOnce(u64) -> Command) -> Result<(), ClientError> {
        match self.ask(command).await? {
            Reply::Done(result) => result,
            Reply::Status(_) | Reply::Sent(_) => Ok(()),
        }
    }

    pub(crate) async fn ask(&self, command: impl FnOnce(u64) -> Command) -> Result<Reply, ClientError> {
        let expected = self.0.replies.expect();
        self.0.handle.send(command(expected.reply)).await.map_err(|_| ClientError::Ended)?;
        expected.wait().await.ok_or(ClientError::Ended)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("objects", &self.0.objects).finish_non_exhaustive()
    }
}

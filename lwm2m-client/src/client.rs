//! The program's handle to its client.

use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use lwm2m_core::{EndpointName, driver::Handle};
use tokio::sync::oneshot;

use crate::{
    ClientBuilder, ClientError, ClientEvent, Events, Objects,
    bus::Bus,
    dispatch::Replies,
    machine::{Command, Reply, Status},
};

/// A running LwM2M client. Clones share it; it ends with [`Client::shutdown`], or with the last clone.
#[derive(Clone)]
pub struct Client(Arc<Shared>);

struct Shared {
    objects: Objects,
    events: Arc<Bus<ClientEvent>>,
    waiting: Waiting,
    handle: Handle<Command>,
    last_reply: AtomicU64,
}

impl Client {
    /// Puts together a client with this endpoint name.
    pub fn builder(endpoint: impl Into<EndpointName>) -> ClientBuilder {
        ClientBuilder::new(endpoint.into())
    }

    pub(crate) fn new(
        objects: Objects,
        events: Arc<Bus<ClientEvent>>,
        waiting: Waiting,
        handle: Handle<Command>,
    ) -> Self {
        Self(Arc::new(Shared { objects, events, waiting, handle, last_reply: AtomicU64::new(0) }))
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
        let mut accounts = self.objects().instances::<lwm2m_objects::Server>();
        loop {
            let registered = self.status().await?.registered;
            accounts.retain(|account| {
                !registered.iter().any(|server| i64::from(*server) == account.get().short_server_id)
            });
            if accounts.is_empty() {
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

    /// This device has other addresses or routes than before: connects and registers anew.
    ///
    /// # Errors
    /// The client has ended.
    pub async fn network_changed(&self) -> Result<(), ClientError> {
        self.0.handle.send(Command::NetworkChanged).await.map_err(|_| ClientError::Ended)
    }

    /// How the client stands: when it must run again, whether something is on its way, when the registration ends. For
    /// devices that sleep.
    ///
    /// # Errors
    /// The client has ended.
    pub async fn status(&self) -> Result<Status, ClientError> {
        match self.ask(|reply| Command::Status { reply }).await? {
            Reply::Status(status) => Ok(status),
            Reply::Done(_) => Err(ClientError::Ended),
        }
    }

    /// De-registers everywhere, then stops. A server that does not answer is left after some seconds.
    ///
    /// # Errors
    /// The client has ended already.
    pub async fn shutdown(self) -> Result<(), ClientError> {
        self.done(|reply| Command::Shutdown { reply }).await
    }

    async fn done(&self, command: impl FnOnce(u64) -> Command) -> Result<(), ClientError> {
        match self.ask(command).await? {
            Reply::Done(result) => result,
            Reply::Status(_) => Ok(()),
        }
    }

    async fn ask(&self, command: impl FnOnce(u64) -> Command) -> Result<Reply, ClientError> {
        let reply = self.0.last_reply.fetch_add(1, Ordering::Relaxed);
        let (sender, receiver) = oneshot::channel();
        self.0.waiting.add(reply, sender);
        self.0.handle.send(command(reply)).await.map_err(|_| ClientError::Ended)?;
        receiver.await.map_err(|_| ClientError::Ended)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("objects", &self.0.objects).finish_non_exhaustive()
    }
}

/// Who waits for which reply. Shared by the handles and the driver.
#[derive(Clone, Default)]
pub(crate) struct Waiting(Arc<Mutex<Vec<Asked>>>);

/// A reply's number and who waits for it.
type Asked = (u64, oneshot::Sender<Reply>);

impl Waiting {
    fn add(&self, reply: u64, sender: oneshot::Sender<Reply>) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|(_, sender)| !sender.is_closed());
        waiting.push((reply, sender));
    }
}

impl Replies for Waiting {
    fn reply(&mut self, reply: u64, what: Reply) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(position) = waiting.iter().position(|(id, _)| *id == reply) {
            let (_, sender) = waiting.swap_remove(position);
            let _ = sender.send(what); // its asker may have gone
        }
    }
}

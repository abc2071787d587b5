//! What a driver needs of a server: answers to the machine's calls, and readers for its events.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicU64, Ordering},
};

use lwm2m_core::{
    BoxFuture,
    driver::{Running, WeakHandle},
    machine::Perform,
    security::CredentialStore,
    transport::ShardId,
};
use tokio::sync::oneshot;

use crate::{
    Authorizer, DataSink, Registration, RegistrationId, RequestError, Resource, ServerStore, Verdict,
    directory::{Directory, Refused},
    events::Hub,
    machine::{Answer, Answered, BodyPart, Call, Claim, Command, Event, Heritage, ServerMachine, home},
    waiting::{Outcome, Waiter, Waiting},
};

/// What all shards and all handles of a server share.
pub(crate) struct Shared {
    pub(crate) shards: Vec<ShardSide>,
    pub(crate) directory: Directory,
    pub(crate) events: Hub,
    pub(crate) resources: Vec<Arc<dyn Resource>>,
    pub(crate) keys: Arc<dyn CredentialStore>,
    pub(crate) sink: Option<Arc<dyn DataSink>>,
    pub(crate) store: Option<Arc<dyn ServerStore>>,
    pub(crate) authorizer: Option<Arc<dyn Authorizer>>,
    numbers: AtomicU64,
    pub(crate) running: Running,
}

/// What the program has plugged in.
pub(crate) struct Plugged {
    pub(crate) resources: Vec<Arc<dyn Resource>>,
    pub(crate) keys: Arc<dyn CredentialStore>,
    pub(crate) sink: Option<Arc<dyn DataSink>>,
    pub(crate) store: Option<Arc<dyn ServerStore>>,
    pub(crate) authorizer: Option<Arc<dyn Authorizer>>,
}

/// The way to one shard, and who waits for it.
#[derive(Default)]
pub(crate) struct ShardSide {
    pub(crate) waiting: Waiting,
    /// Set before the driver runs.
    machine: OnceLock<WeakHandle<Command>>,
}

impl ShardSide {
    pub(crate) fn set_machine(&self, machine: WeakHandle<Command>) {
        self.machine.set(machine).ok();
    }

    /// For commands that may be lost: what they end, ends later by itself.
    pub(crate) fn try_send(&self, command: Command) {
        if let Some(machine) = self.machine.get().and_then(WeakHandle::upgrade) {
            machine.try_send(command).ok();
        }
    }
}

impl Shared {
    pub(crate) fn new(shards: u8, events: Hub, plugged: Plugged) -> Self {
        let Plugged { resources, keys, sink, store, authorizer } = plugged;
        Self {
            shards: (0..shards).map(|_| ShardSide::default()).collect(),
            directory: Directory::new(),
            events,
            resources,
            keys,
            sink,
            store,
            authorizer,
            numbers: AtomicU64::new(0),
            running: Running::new(shards),
        }
    }

    /// The store has requests up to this number.
    pub(crate) fn number_after(&self, number: u64) {
        self.numbers.fetch_max(number.saturating_add(1), Ordering::Relaxed);
    }

    /// Names a request.
    pub(crate) fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn shard(&self, shard: ShardId) -> Option<&ShardSide> {
        self.shards.get(usize::from(shard.0))
    }

    /// The shard that holds a registration.
    pub(crate) fn home(&self, id: RegistrationId) -> ShardId {
        home(id, u8::try_from(self.shards.len()).unwrap_or(u8::MAX))
    }

    /// The shard that an endpoint is registered with.
    pub(crate) fn shard_of(&self, endpoint: &str) -> Option<ShardId> {
        if self.shards.len() == 1 {
            Some(ShardId(0))
        } else {
            self.directory.find(endpoint).map(|id| self.home(id))
        }
    }

    /// Sends a command that has a number, and waits for its outcome.
    pub(crate) async fn ask(&self, shard: ShardId, command: impl FnOnce(u64) -> Command) -> Outcome {
        let side = self.shard(shard).ok_or(RequestError::Stopped)?;
        let machine = side.machine.get().and_then(WeakHandle::upgrade).ok_or(RequestError::Stopped)?;
        let (answer, outcome) = oneshot::channel();
        let number = self.number();
        if !side.waiting.wait(number, Waiter { answer, progress: None, body: None, parked: None }) {
            return Err(RequestError::Stopped);
        }
        if machine.send(command(number)).await.is_err() {
            side.waiting.forget_caller(number);
            return Err(RequestError::Stopped);
        }
        drop(machine);
        outcome.await.unwrap_or(Err(RequestError::Stopped))
    }

    /// The endpoint has registration `id` now; where it was, it ends, and what waits for it goes with it.
    async fn evict(
        &self,
        before: Option<RegistrationId>,
        id: RegistrationId,
    ) -> (Option<Arc<Registration>>, Heritage) {
        let elsewhere = before.map(|before| (before, self.home(before)));
        let Some((before, shard)) = elsewhere.filter(|(_, shard)| *shard != id.shard()) else {
            return Default::default();
        };
        match self.ask(shard, |request| Command::Evict { request, id: before }).await {
            Ok(Answered::Evicted(registration, heritage)) => {
                for number in heritage.mail.numbers() {
                    let waiter = self.shard(shard).and_then(|side| side.waiting.take(number));
                    if let Some((side, waiter)) = self.shard(id.shard()).zip(waiter) {
                        side.waiting.wait(number, waiter);
                    }
                    let reader = self.shard(shard).and_then(|side| side.waiting.take_reader(number));
                    if let Some((side, reader)) = self.shard(id.shard()).zip(reader) {
                        side.waiting.read(number, reader);
                    }
                }
                (registration, heritage)
            }
            _ => Default::default(),
        }
    }

    /// Takes back a request that nobody waits for any more; its client may have come to another shard since.
    pub(crate) fn cancel(&self, number: u64) {
        if let Some(side) = self.shards.iter().find(|side| side.waiting.forget_caller(number)) {
            side.try_send(Command::Cancel { request: number });
        }
    }
}

/// Performs for one shard.
pub(crate) struct Performer {
    shard: ShardId,
    shared: Arc<Shared>,
}

impl Performer {
    pub(crate) fn new(shard: ShardId, shared: Arc<Shared>) -> Self {
        Self { shard, shared }
    }

    async fn answer(shard: ShardId, shared: Arc<Shared>, call: Call) -> Answer {
        match call {
            Call::Claim { endpoint, id, secure } => {
                Answer::Claimed(match shared.directory.claim(endpoint.clone(), id, secure) {
                    Ok(before) => {
                        let (replaced, heritage) = shared.evict(before, id).await;
                        Claim::Granted(replaced, heritage)
                    }
                    Err(Refused) => {
                        let shard = shared.shard_of(&endpoint).and_then(|shard| shared.shard(shard));
                        if let Some(side) = shard.filter(|_| shared.store.is_some()) {
                            side.try_send(Command::StoreAgain { endpoint });
                        }
                        Claim::Refused
                    }
                })
            }
            Call::MayClaim { endpoint } => {
                let refused = shared.directory.is_proved(&endpoint);
                Answer::Claimed(if refused {
                    Claim::Refused
                } else {
                    Claim::Granted(None, Heritage::default())
                })
            }
            Call::Resource { resource, request, from } => {
                let resource = shared.resources.get(resource).cloned();
                Answer::Resource(match resource {
                    Some(resource) => resource.handle(request, &from).await,
                    None => (&lwm2m_core::Rejection::not_found()).into(),
                })
            }
            Call::Apply(changes) => Answer::Applied(match &shared.store {
                Some(store) => store.apply(&changes).await,
                None => Ok(Vec::new()),
            }),
            Call::Accept(batch) => Answer::Accepted(match &shared.sink {
                Some(sink) => sink.accept(&batch).await,
                None => Ok(()),
            }),
            Call::NextBody { request, max } => {
                let feed = shared.shard(shard).and_then(|side| side.waiting.body(request));
                Answer::Body(match feed {
                    Some(feed) => feed.lock().await.next(max).await,
                    None => Ok(BodyPart { bytes: bytes::Bytes::new(), last: true }),
                })
            }
            Call::Authorize(asked) => Answer::Authorized(match &shared.authorizer {
                Some(authorizer) => authorizer.authorize(&asked).await,
                None => Ok(Verdict::allow()),
            }),
            Call::Credentials(hint) => Answer::Credentials(shared.keys.lookup(&hint).await),
        }
    }
}

impl Perform<ServerMachine> for Performer {
    fn perform(&mut self, call: Call) -> BoxFuture<'static, Answer> {
        Box::pin(Self::answer(self.shard, self.shared.clone(), call))
    }

    fn publish(&mut self, event: Event) {
        let Some(side) = self.shared.shard(self.shard) else { return };
        match event {
            Event::Finished { request, result } => {
                let begun = match &result {
                    Ok(Answered::Observing { observation, .. }) => *observation,
                    _ => None,
                };
                if !side.waiting.finish(request, result)
                    && let Some(observation) = begun
                {
                    side.try_send(Command::EndObservation { observation });
                }
            }
            Event::Queued { request } => side.waiting.queued(request),
            Event::Progress { request, sent, total } => side.waiting.progress(request, sent, total),
            Event::Notified { reader, observation, result } => {
                if !side.waiting.notify(reader, result) {
                    side.try_send(Command::EndObservation { observation });
                }
            }
            Event::ObservationEnded { reader, error } => side.waiting.end_reader(reader, error),
            Event::Gone { endpoint, id } => self.shared.directory.release(&endpoint, id),
            Event::NotRegistered { endpoint, id } => {
                let has = self.shared.shard_of(&endpoint).and_then(|shard| self.shared.shard(shard));
                match has {
                    Some(has) => has.try_send(Command::StoreAgain { endpoint }),
                    None => side.try_send(Command::Unstore { id }),
                }
            }
            Event::Public(event) => self.shared.events.publish(&event),
        }
    }
}

impl Drop for Performer {
    fn drop(&mut self) {
        if let Some(side) = self.shared.shard(self.shard) {
            side.waiting.close();
        }
        self.shared.running.end_one(|| self.shared.events.close());
    }
}

//! Turns the machine's calls into what the handlers of the objects do, and its events into what readers see.

use std::{fmt, sync::Arc, time::Duration};

use lwm2m_core::{
    BoxFuture, InstanceId, ObjectId, Rejection, Selection, StoreError, Values, machine::Perform,
    transport::TransportError,
};
use lwm2m_objects::Server;

use crate::{
    ClientEvent, Cx, ObjectHandler, Objects, Prepared, Smartcard, StateStore, Unreachable,
    bus::Bus,
    machine::{Answer, Batches, Call, ClientMachine, Event, FoundMany, Shot, WantedMany, present},
    object::Definition,
    reply::Replies,
    smartcard,
    state::{self, Accounts},
    state_store::Edit,
};

/// When a server may repeat a Factory Reset that the store did not take.
const RESET_AGAIN: Duration = Duration::from_secs(10);

/// What performs the calls of one client: asks the handlers of its objects, tells its readers of events.
pub struct Dispatch {
    pub(crate) objects: Objects,
    pub(crate) store: Option<Arc<dyn StateStore>>,
    pub(crate) card: Option<Arc<dyn Smartcard>>,
    pub(crate) events: Arc<Bus<ClientEvent>>,
    pub(crate) replies: Replies,
}

impl fmt::Debug for Dispatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dispatch").field("objects", &self.objects).finish_non_exhaustive()
    }
}

/// The driver has ended.
impl Drop for Dispatch {
    fn drop(&mut self) {
        self.replies.end();
        self.events.close();
    }
}

impl Perform<ClientMachine> for Dispatch {
    fn perform(&mut self, call: Call) -> BoxFuture<'static, Answer> {
        let objects = self.objects.clone();
        match call {
            Call::Load => {
                let store = self.store.clone();
                Box::pin(async move { Answer::Loaded(state::load(store, objects).await) })
            }
            Call::Smartcard => {
                let card = self.card.clone();
                Box::pin(async move {
                    Answer::Smartcard(match card {
                        Some(card) => smartcard::find(&*card).await,
                        None => Ok(None),
                    })
                })
            }
            Call::Reset { cx } => {
                let store = self.store.clone();
                Box::pin(async move { Answer::Reset(reset(store, objects, cx).await) })
            }
            Call::Sweep => {
                let store = self.store.clone();
                Box::pin(async move {
                    if let Some(store) = store
                        && let Err(error) = state::empty(&*store).await
                    {
                        tracing::warn!(%error, "something of the time before the reset may be left");
                    }
                    Answer::Ended
                })
            }
            Call::Changes => {
                let feed = objects.feed();
                Box::pin(async move { Answer::Changed(feed.next().await) })
            }
            Call::Provision { edits, prepared } => {
                let store = self.store.clone();
                Box::pin(async move {
                    let committed = commit(store, edits, prepared).await;
                    Answer::Provisioned(committed.map(|()| Accounts::of(&objects)))
                })
            }
            Call::Commit { edits, prepared } => {
                let store = self.store.clone();
                Box::pin(async move { Answer::Committed(commit(store, edits, prepared).await) })
            }
            Call::BodyWanted(feed) => Box::pin(async move {
                feed.wanted().await;
                Answer::BodyWanted
            }),
            Call::After(done) => Box::pin(async move {
                if let Some(after) = done.into_after() {
                    after.await;
                }
                Answer::Ended
            }),
            call => Box::pin(handle(objects, call)),
        }
    }

    fn publish(&mut self, event: Event) {
        match event {
            Event::Public(event) => {
                self.note_alert(&event);
                self.events.publish(&event);
            }
            Event::Reply { reply, what } => self.replies.reply(reply, what),
        }
    }
}

/// What the store refuses does not take effect: dropped, what is prepared rolls back.
async fn commit(
    store: Option<Arc<dyn StateStore>>,
    edits: Vec<Edit>,
    prepared: Vec<Prepared>,
) -> Result<(), StoreError> {
    if let Some(store) = store.filter(|_| !edits.is_empty()) {
        store.commit(&edits).await?;
    }
    for prepared in prepared {
        prepared.await;
    }
    Ok(())
}

/// The store first: after a power cut the device is what it was, or what it was when it was made.
async fn reset(store: Option<Arc<dyn StateStore>>, objects: Objects, cx: Cx) -> Result<Accounts, Rejection> {
    let prepared = objects.reset(&cx).await?;
    if let Some(store) = store {
        let emptied = state::empty(&*store).await;
        emptied.map_err(|error| Rejection::unavailable(error.to_string(), RESET_AGAIN))?;
    }
    for prepared in prepared {
        prepared.await;
    }
    Ok(Accounts::of(&objects))
}

impl Dispatch {
    /// The Server instance tells the last alert. [Core 1.2 §E.2, resource 11]
    fn note_alert(&self, event: &ClientEvent) {
        let ClientEvent::Unreachable {
            server,
            error: Unreachable::Transport(TransportError::Security { alert: Some(alert), .. }),
            ..
        } = event
        else {
            return;
        };
        for instance in self.objects.instances::<Server>() {
            if instance.get().short_server_id == i64::from(*server) {
                instance.set(Server::TLS_DTLS_ALERT_CODE, u64::from(*alert));
            }
        }
    }
}

async fn handle(objects: Objects, call: Call) -> Answer {
    match call {
        Call::Describe { object } => Answer::Described(objects.describe(object).await),
        Call::Read { cx, object, wanted } => Answer::Read(read(&objects, &cx, object, wanted).await),
        Call::List { cx, object, instances } => Answer::Listed(match objects.handler(object) {
            None => Err(Rejection::not_found()),
            Some((def, handler)) => {
                let mut listed = Vec::with_capacity(instances.len());
                for instance in instances {
                    match list(&def, &*handler, &cx, instance).await {
                        Ok(resources) => listed.push((instance, resources)),
                        Err(rejection) => return Answer::Listed(Err(rejection)),
                    }
                }
                Ok(listed)
            }
        }),
        Call::ReadMany { cx, wanted } => Answer::ReadMany(read_many(&objects, &cx, wanted).await),
        Call::Prepare { cx, batches } => Answer::Prepared(prepare(&objects, &cx, batches).await),
        Call::Execute { cx, path, arguments } => {
            let place = (path.object_id(), path.instance_id(), path.resource_id());
            let (Some(object), Some(instance), Some(resource)) = place else {
                return Answer::Executed(Err(Rejection::method_not_allowed()));
            };
            Answer::Executed(match objects.handler(object) {
                None => Err(Rejection::not_found()),
                Some((_, handler)) => handler.execute(&cx, instance, resource, arguments).await,
            })
        }
        Call::WriteStream { cx, path, body } => {
            Answer::Written(match path.object_id().and_then(|object| objects.handler(object)) {
                None => Err(Rejection::not_found()),
                Some((_, handler)) => handler.write_stream(&cx, path, body).await,
            })
        }
        Call::Shoot { cx, objects: wanted } => Answer::Shots(shoot(&objects, &cx, wanted).await),
        Call::Load
        | Call::Smartcard
        | Call::Sweep
        | Call::Reset { .. }
        | Call::Provision { .. }
        | Call::Changes
        | Call::Commit { .. }
        | Call::After(_)
        | Call::BodyWanted(_) => Answer::Ended,
    }
}

async fn read(
    objects: &Objects,
    cx: &Cx,
    object: ObjectId,
    wanted: Vec<(InstanceId, Selection)>,
) -> Result<Vec<(InstanceId, Values)>, Rejection> {
    let (_, handler) = objects.handler(object).ok_or_else(Rejection::not_found)?;
    let mut found = Vec::with_capacity(wanted.len());
    for (instance, selection) in wanted {
        found.push((instance, handler.read(cx, instance, &selection).await?));
    }
    Ok(found)
}

/// Objects with the values that are wanted of them; of the others their instances alone.
async fn shoot(
    objects: &Objects,
    cx: &Cx,
    wanted: Vec<(ObjectId, Vec<(InstanceId, Selection)>)>,
) -> Result<Vec<Shot>, Rejection> {
    let mut shots = Vec::with_capacity(wanted.len());
    for (object, instances) in wanted {
        let Some((def, handler)) = objects.handler(object) else { continue };
        let mut found = Vec::with_capacity(instances.len());
        for (instance, selection) in instances {
            let nothing = matches!(&selection, Selection::Only(wanted) if wanted.is_empty());
            let values = if nothing { Values::new() } else { handler.read(cx, instance, &selection).await? };
            found.push((instance, values));
        }
        let (free, given) = (objects.makes(object), objects.given(object));
        shots.push(Shot { def, free, instances: found, given });
    }
    Ok(shots)
}

async fn read_many(objects: &Objects, cx: &Cx, wanted: WantedMany) -> FoundMany {
    let mut found = FoundMany::with_capacity(wanted.len());
    for (object, instance, selection) in wanted {
        let values = match objects.handler(object) {
            Some((_, handler)) => handler.read(cx, instance, &selection).await,
            None => Err(Rejection::not_found()),
        };
        found.push((object, instance, values));
    }
    found
}

/// What was prepared before a refusal is dropped, and so rolled back.
async fn prepare(objects: &Objects, cx: &Cx, batches: Batches) -> Result<Vec<Prepared>, Rejection> {
    let mut prepared = Vec::with_capacity(batches.len());
    for (object, batch) in batches {
        let (_, handler) = objects.handler(object).ok_or_else(Rejection::not_found)?;
        prepared.push(handler.prepare(cx, batch).await?);
    }
    Ok(prepared)
}

async fn list(
    def: &Definition,
    handler: &dyn ObjectHandler,
    cx: &Cx,
    instance: InstanceId,
) -> Result<Vec<(lwm2m_core::ResourceId, Option<Vec<u16>>)>, Rejection> {
    let all = handler.read(cx, instance, &Selection::All).await?;
    Ok(present(def, &all, |resource| handler.has(instance, resource)))
}

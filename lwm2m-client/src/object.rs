//! The objects of a client: typed values and dynamic handlers behind one trait.

mod feed;
mod given;
mod instance;
mod typed;

use std::{
    any::Any,
    fmt,
    ops::Deref,
    sync::{Arc, PoisonError, RwLock},
};

use lwm2m_core::{
    InstanceId, ObjectDef, ObjectId, ObjectType, Path, RESERVED_ID, Rejection, ResourceId, Values,
    async_trait,
};

pub use self::feed::Changed;
pub(crate) use self::feed::Feed;
pub use self::instance::{Instance, Served, ServedEvents};
use self::typed::TypedObject;
use crate::{
    ClientError, ObjectHandler, Prepared,
    state_store::layout::{Kept, Key},
};

/// The objects of a client. Clones are the same objects.
#[derive(Clone)]
pub struct Objects(Arc<Shared>);

struct Shared {
    /// Ordered by id. A client has a handful.
    table: RwLock<Vec<Entry>>,
    feed: Arc<Feed>,
}

#[derive(Clone)]
struct Entry {
    id: ObjectId,
    def: Definition,
    handler: Arc<dyn ObjectHandler>,
    /// The [`TypedObject`] behind `handler`, if it is one. It tells its changes itself.
    typed: Option<Arc<dyn Any + Send + Sync>>,
    /// Likewise.
    keeper: Option<Arc<dyn Keeper>>,
}

/// A typed object whose instances may be kept over a restart.
pub(crate) trait Keeper: Send + Sync {
    fn keeps(&self) -> bool;
    /// Can instances be made and deleted?
    fn makes(&self) -> bool;
    /// What the program gave, instance by instance.
    fn given(&self) -> Vec<(InstanceId, Values)>;
    /// Makes that true again.
    fn reset(&self) -> Prepared;
    fn restore(&self, kept: Kept) -> Result<(), Rejection>;
}

/// What the machine must know of an object.
#[derive(Clone, Debug)]
pub struct Described {
    pub(crate) def: Definition,
    pub(crate) instances: Vec<InstanceId>,
    pub(crate) streamed: Vec<ResourceId>,
    /// The handler reports every change itself, those of servers too.
    pub(crate) reports: bool,
    /// What servers change is kept over a restart.
    pub(crate) keeps: bool,
}

/// A definition: a constant, or one made at run time.
#[derive(Clone, Debug)]
pub enum Definition {
    /// A constant.
    Constant(&'static ObjectDef),
    /// Made at run time.
    Shared(Arc<ObjectDef>),
}

impl Deref for Definition {
    type Target = ObjectDef;
    fn deref(&self) -> &ObjectDef {
        match self {
            Self::Constant(def) => def,
            Self::Shared(def) => def,
        }
    }
}

impl Objects {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Shared { table: RwLock::default(), feed: Arc::default() }))
    }

    /// Adds an instance whose value the client holds.
    ///
    /// # Errors
    /// The instance exists, the object has a single instance and `instance` is not 0, or the object is held as
    /// another type.
    pub fn add<T: ObjectType>(&self, instance: u16, value: T) -> Result<Instance<T>, ClientError> {
        let object = T::DEF.id();
        let path = Path::new(&[object.0, instance])?;
        if !T::DEF.is_multiple() && instance != 0 {
            return Err(ClientError::SingleInstance(path));
        }
        let typed = self.typed::<T>()?;
        typed.add(InstanceId(instance), value).ok_or(ClientError::Occupied(path))
    }

    /// An instance of a typed object, for example one that a server has created.
    #[must_use]
    pub fn instance<T: ObjectType>(&self, instance: u16) -> Option<Instance<T>> {
        self.find_typed::<T>()?.instance(InstanceId(instance))
    }

    /// Every instance of a typed object.
    #[must_use]
    pub fn instances<T: ObjectType>(&self) -> Vec<Instance<T>> {
        self.find_typed::<T>().map_or_else(Vec::new, |typed| typed.all())
    }

    /// Takes an instance away. Its handles keep the last value and change nothing any more.
    ///
    /// # Errors
    /// It does not exist, or the object is held as another type.
    pub fn remove<T: ObjectType>(&self, instance: u16) -> Result<T, ClientError> {
        let path = Path::new(&[T::DEF.id().0, instance])?;
        let missing = ClientError::Missing(path);
        let Some(typed) = self.find_typed::<T>() else { return Err(missing) };
        typed.remove(InstanceId(instance)).ok_or(missing)
    }

    /// Lets servers create and delete instances of `T`. `make` gives the value that a new instance begins with; what
    /// the server sends is written over it. Without this, Create and Delete are answered 4.05. With a
    /// [state store](crate::ClientBuilder::state), the object is kept as by [`Objects::keep`].
    ///
    /// # Errors
    /// The object is held as another type.
    pub fn creatable<T: ObjectType>(
        &self,
        make: impl Fn(InstanceId) -> T + Send + Sync + 'static,
    ) -> Result<(), ClientError> {
        self.typed::<T>()?.set_factory(Box::new(make));
        Ok(())
    }

    /// What servers write to instances of `T` is kept over a restart, if the client has a
    /// [state store](crate::ClientBuilder::state): at start it is written over what the program has added. Say so before the
    /// client starts. Security, Server, Access Control and what is [creatable](Objects::creatable) are kept without it. What
    /// the program changes, functions for Execute among it, is not: it is the program's to store.
    ///
    /// # Errors
    /// The object is held as another type.
    pub fn keep<T: ObjectType>(&self) -> Result<(), ClientError> {
        self.typed::<T>()?.keep(None);
        Ok(())
    }

    /// The same, with all that an instance has, and also where the program adds none.
    pub(crate) fn keep_whole<T: ObjectType>(
        &self,
        make: impl Fn(InstanceId) -> T + Send + Sync + 'static,
    ) -> Result<(), ClientError> {
        self.typed::<T>()?.keep(Some(Box::new(make)));
        Ok(())
    }

    /// Makes an instance what it was before the restart. What cannot be is passed over with a warning.
    pub(crate) fn restore(&self, key: Key, value: &[u8]) {
        let Key::Instance(object, instance) = key else { return };
        let Some(entry) = self.entry(object) else { return };
        let Some(keeper) = entry.keeper.filter(|keeper| keeper.keeps()) else { return };
        match Kept::of(key, value, &entry.def) {
            Ok(kept) => {
                if let Err(rejection) = keeper.restore(kept) {
                    tracing::warn!(%object, %instance, %rejection, "a kept instance is not restored");
                }
            }
            Err(error) => tracing::warn!(%object, %instance, %error, "a kept instance cannot be read"),
        }
    }

    /// Mounts an object whose values `handler` holds: hardware, a database, another process.
    ///
    /// # Errors
    /// The object exists.
    pub fn mount(&self, def: ObjectDef, handler: impl ObjectHandler) -> Result<Mounted, ClientError> {
        let object = def.id();
        let entry = Entry {
            id: object,
            def: Definition::Shared(Arc::new(def)),
            handler: Arc::new(handler),
            typed: None,
            keeper: None,
        };
        self.insert(entry)?;
        Ok(Mounted { object, feed: self.0.feed.clone() })
    }

    /// Takes a whole object away.
    ///
    /// # Errors
    /// It does not exist.
    pub fn unmount(&self, object: ObjectId) -> Result<(), ClientError> {
        let path = Path::object(object)?;
        let mut table = self.0.table.write().unwrap_or_else(PoisonError::into_inner);
        let position = table.binary_search_by_key(&object, |entry| entry.id);
        table.remove(position.map_err(|_| ClientError::Missing(path))?);
        drop(table);
        self.0.feed.structure(object);
        Ok(())
    }

    pub(crate) fn feed(&self) -> Arc<Feed> {
        self.0.feed.clone()
    }

    /// The definition and handler of an object.
    pub(crate) fn handler(&self, object: ObjectId) -> Option<(Definition, Arc<dyn ObjectHandler>)> {
        self.entry(object).map(|entry| (entry.def, entry.handler))
    }

    /// Can bootstrap make and delete its instances? Those of a handler, servers can.
    pub(crate) fn makes(&self, object: ObjectId) -> bool {
        self.entry(object).and_then(|entry| entry.keeper).is_some_and(|keeper| keeper.makes())
    }

    /// What the program gave of an object that bootstrap can make instances of.
    pub(crate) fn given(&self, object: ObjectId) -> Vec<(InstanceId, Values)> {
        let keeper = self.entry(object).and_then(|entry| entry.keeper);
        keeper.filter(|keeper| keeper.makes()).map_or_else(Vec::new, |keeper| keeper.given())
    }

    /// Back to the state of delivery, object by object.
    pub(crate) async fn reset(&self, cx: &crate::Cx) -> Result<Vec<Prepared>, Rejection> {
        let entries = self.0.table.read().unwrap_or_else(PoisonError::into_inner).clone();
        let mut prepared = Vec::with_capacity(entries.len());
        for entry in entries {
            prepared.push(match entry.keeper {
                Some(keeper) => keeper.reset(),
                None => entry.handler.factory_reset(cx).await?,
            });
        }
        Ok(prepared)
    }

    /// `None`: there is no such object (any more).
    pub(crate) async fn describe(&self, object: ObjectId) -> Option<Described> {
        let entry = self.entry(object)?;
        let mut instances = entry.handler.instances().await;
        instances.retain(|instance| instance.0 != RESERVED_ID);
        instances.sort_unstable();
        instances.dedup();
        let streamed = entry.handler.streamed().to_vec();
        let keeps = entry.keeper.is_some_and(|keeper| keeper.keeps());
        Some(Described { def: entry.def, instances, streamed, reports: entry.typed.is_some(), keeps })
    }

    fn entry(&self, object: ObjectId) -> Option<Entry> {
        let table = self.0.table.read().unwrap_or_else(PoisonError::into_inner);
        let position = table.binary_search_by_key(&object, |entry| entry.id).ok()?;
        table.get(position).cloned()
    }

    fn insert(&self, entry: Entry) -> Result<(), ClientError> {
        let object = entry.id;
        let path = Path::object(object)?;
        let mut table = self.0.table.write().unwrap_or_else(PoisonError::into_inner);
        let Err(position) = table.binary_search_by_key(&object, |entry| entry.id) else {
            return Err(ClientError::Occupied(path));
        };
        table.insert(position, entry);
        drop(table);
        self.0.feed.structure(object);
        Ok(())
    }

    fn find_typed<T: ObjectType>(&self) -> Option<Arc<TypedObject<T>>> {
        self.entry(T::DEF.id())?.typed?.downcast().ok()
    }

    /// The typed object, made where there is none.
    fn typed<T: ObjectType>(&self) -> Result<Arc<TypedObject<T>>, ClientError> {
        if let Some(typed) = self.find_typed::<T>() {
            return Ok(typed);
        }
        let typed = Arc::new(TypedObject::<T>::new(self.0.feed.clone()));
        let entry = Entry {
            id: T::DEF.id(),
            def: Definition::Constant(T::DEF),
            handler: typed.clone(),
            typed: Some(typed.clone()),
            keeper: Some(typed.clone()),
        };
        match self.insert(entry) {
            Ok(()) => Ok(typed),
            // Another thread was quicker, or the object is there in another form.
            Err(ClientError::Occupied(path)) => self.find_typed::<T>().ok_or(ClientError::OtherType(path)),
            Err(error) => Err(error),
        }
    }
}

impl fmt::Debug for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = self.0.table.read().unwrap_or_else(PoisonError::into_inner);
        f.debug_list().entries(table.iter().map(|entry| entry.id)).finish()
    }
}

/// A mounted object: its handler's way to say that values changed by themselves.
#[derive(Clone)]
pub struct Mounted {
    object: ObjectId,
    feed: Arc<Feed>,
}

impl Mounted {
    /// These resources of an instance have new values; `Some` names one resource instance. Observers are told.
    pub fn changed(&self, instance: InstanceId, resources: &[(ResourceId, Option<u16>)]) {
        self.feed.values(self.object, instance, resources);
    }

    /// Instances came or went: the handler is asked for its list, and servers are told.
    pub fn instances_changed(&self) {
        self.feed.structure(self.object);
    }
}

impl fmt::Debug for Mounted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mounted(/{})", self.object)
    }
}

/// So that one implementation can be mounted and kept.
#[async_trait]
impl<H: ObjectHandler> ObjectHandler for Arc<H> {
    async fn instances(&self) -> Vec<InstanceId> {
        (**self).instances().await
    }
    async fn read(
        &self,
        cx: &crate::Cx,
        instance: InstanceId,
        wanted: &lwm2m_core::Selection,
    ) -> Result<Values, Rejection> {
        (**self).read(cx, instance, wanted).await
    }
    async fn prepare(&self, cx: &crate::Cx, batch: Vec<crate::Change>) -> Result<Prepared, Rejection> {
        (**self).prepare(cx, batch).await
    }
    async fn execute(
        &self,
        cx: &crate::Cx,
        instance: InstanceId,
        resource: ResourceId,
        arguments: lwm2m_core::Arguments,
    ) -> Result<lwm2m_core::Done, Rejection> {
        (**self).execute(cx, instance, resource, arguments).await
    }
    fn has(&self, instance: InstanceId, resource: ResourceId) -> bool {
        (**self).has(instance, resource)
    }
    fn streamed(&self) -> &[ResourceId] {
        (**self).streamed()
    }
    async fn factory_reset(&self, cx: &crate::Cx) -> Result<Prepared, Rejection> {
        (**self).factory_reset(cx).await
    }
    async fn write_stream(
        &self,
        cx: &crate::Cx,
        path: Path,
        body: crate::BodyReader,
    ) -> Result<(), Rejection> {
        (**self).write_stream(cx, path, body).await
    }
}

//! What answers for an object: hardware, a database, another process, or a typed value.

use std::{fmt, future::Future, pin::Pin, task};

use lwm2m_core::{
    Arguments, BoxFuture, Done, InstanceId, Now, Path, Rejection, ResourceChange, ResourceId, Selection,
    Tree, Values, async_trait,
};

use crate::{body::BodyReader, state_store::layout::Kept};

/// Who asks, of which tree, and when.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Cx {
    /// Who asks.
    pub caller: Caller,
    /// The tree that the request was made in.
    pub tree: Tree,
    /// When the request was taken up.
    pub now: Now,
}

impl Cx {
    pub(crate) const fn new(caller: Caller, tree: Tree, now: Now) -> Self {
        Self { caller, tree, now }
    }
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Caller {
    /// The server with this short server ID.
    Server(u16),
    /// The bootstrap server.
    Bootstrap,
    /// The client itself, for a notification or its own housekeeping.
    Local,
}

/// One object, all its instances.
///
/// Only `instances` and `read` must be written; the rest answers 4.05. What a handler is asked has been checked
/// against the object's definition: the instance exists, the resources are known, the operation is allowed and
/// values are of the right kind and range. Changing calls of one client never overlap, and none overlaps a read of
/// the same object.
///
/// A lamp on a pin, which is asked when it is read and reserved while it is written:
///
/// ```
/// use std::sync::Arc;
/// use lwm2m_client::{
///     Change, Cx, FromNode, InstanceId, IntoNode, ObjectHandler, Prepared, Rejection, ResourceChange, ResourceId,
///     Selection, Values, async_trait,
/// };
/// use tokio::sync::{Mutex, OwnedMutexGuard};
///
/// const ON_OFF: ResourceId = ResourceId(5850);
///
/// struct Lamp {
///     pin: Arc<Mutex<bool>>,
/// }
///
/// #[async_trait]
/// impl ObjectHandler for Lamp {
///     async fn instances(&self) -> Vec<InstanceId> {
///         vec![InstanceId(0)]
///     }
///
///     async fn read(&self, _cx: &Cx, _instance: InstanceId, _wanted: &Selection) -> Result<Values, Rejection> {
///         Ok(vec![(ON_OFF, self.pin.lock().await.into_node())])
///     }
///
///     async fn prepare(&self, _cx: &Cx, batch: Vec<Change>) -> Result<Prepared, Rejection> {
///         let mut pin: OwnedMutexGuard<bool> = self.pin.clone().lock_owned().await;
///         let mut on = *pin;
///         for change in batch {
///             let Change::Resource { change: ResourceChange::Set(ON_OFF, node), .. } = change else {
///                 return Err(Rejection::method_not_allowed());
///             };
///             on = bool::from_node(node).map_err(|error| Rejection::bad_request(error.to_string()))?;
///         }
///         Ok(Prepared::new(async move { *pin = on })) // dropped instead, it changes nothing and frees the pin
///     }
/// }
/// ```
///
/// A function of it that waits for the hardware, may fail, and has something to do once the server has the answer:
///
/// ```
/// # use std::{sync::Arc, time::Duration};
/// # use lwm2m_client::{Arguments, Cx, Done, InstanceId, ObjectHandler, Rejection, ResourceId, Selection, Values, async_trait};
/// # struct Bus;
/// # impl Bus {
/// #     async fn calibrate(&self) -> Result<(), std::io::Error> { Ok(()) }
/// #     async fn restart(&self) {}
/// # }
/// # struct Valve { bus: Arc<Bus> }
/// # #[async_trait]
/// # impl ObjectHandler for Valve {
/// #     async fn instances(&self) -> Vec<InstanceId> { vec![InstanceId(0)] }
/// #     async fn read(&self, _: &Cx, _: InstanceId, _: &Selection) -> Result<Values, Rejection> { Ok(Vec::new()) }
/// async fn execute(&self, _cx: &Cx, _: InstanceId, _: ResourceId, arguments: Arguments) -> Result<Done, Rejection> {
///     if !arguments.is_empty() {
///         return Err(Rejection::bad_request("no argument is known"));
///     }
///     let busy = |error: std::io::Error| Rejection::unavailable(error.to_string(), Duration::from_secs(10));
///     self.bus.calibrate().await.map_err(busy)?;
///     let bus = self.bus.clone();
///     Ok(Done::then(async move { bus.restart().await }))
/// }
/// # }
/// ```
///
/// In the definition such a resource is `ResourceDef::new(1, "Calibrate", Kind::Executable, Ops::E)`.
///
/// It becomes part of a client with [`Objects::mount`], under a definition of the object. What changes by itself, or by
/// the program, is told with [`Mounted::changed`]; what servers write or execute, the client knows.
///
/// ```
/// # use std::{sync::Arc, time::Duration};
/// # use lwm2m_client::{Client, Cx, InstanceId, ObjectHandler, Rejection, ResourceId, Selection, ServerAccount, Values, async_trait};
/// # use lwm2m_client::transport::Target;
/// # use tokio::sync::Mutex;
/// # const ON_OFF: ResourceId = ResourceId(5850);
/// # struct Lamp { pin: Arc<Mutex<bool>> }
/// # #[async_trait]
/// # impl ObjectHandler for Lamp {
/// #     async fn instances(&self) -> Vec<InstanceId> { vec![InstanceId(0)] }
/// #     async fn read(&self, _: &Cx, _: InstanceId, _: &Selection) -> Result<Values, Rejection> { Ok(Vec::new()) }
/// # }
/// use lwm2m_client::{Kind, ObjectDef, Ops, ResourceDef};
///
/// const RESOURCES: &[ResourceDef] = &[ResourceDef::new(ON_OFF.0, "On/Off", Kind::Boolean, Ops::RW).mandatory()];
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let pin = Arc::new(Mutex::new(false));
/// let builder = Client::builder("lamp-1").server(ServerAccount::new(1, Target::new("coap://localhost:5683")));
/// let definition = ObjectDef::new(3311, "Light Control", RESOURCES).multiple();
/// let lamp = builder.objects().mount(definition, Lamp { pin: pin.clone() })?;
/// let client = builder.start().await?;
///
/// *pin.lock().await = true; // somebody has pressed the button
/// lamp.changed(InstanceId(0), &[(ON_OFF, None)]); // whoever observes it is told
/// # Ok(())
/// # }
/// ```
///
/// [`Objects::mount`]: crate::Objects::mount
/// [`Mounted::changed`]: crate::Mounted::changed
#[async_trait]
pub trait ObjectHandler: Send + Sync + 'static {
    /// The instances there are. Asked when the object is mounted and after [`Mounted::instances_changed`]; instances
    /// that a server creates or deletes are known without asking.
    ///
    /// [`Mounted::instances_changed`]: crate::Mounted::instances_changed
    async fn instances(&self) -> Vec<InstanceId>;

    /// One consistent snapshot of one instance: what `wanted` selects and the instance has.
    ///
    /// # Errors
    /// Becomes the answer to the request.
    async fn read(&self, cx: &Cx, instance: InstanceId, wanted: &Selection) -> Result<Values, Rejection>;

    /// Checks and reserves everything, changes nothing. Several objects of one request are all prepared before one
    /// is committed; between the two nobody reads this object.
    ///
    /// # Errors
    /// The request is refused as a whole.
    async fn prepare(&self, cx: &Cx, batch: Vec<Change>) -> Result<Prepared, Rejection> {
        let _ = (cx, batch);
        Err(Rejection::method_not_allowed())
    }

    /// Runs an executable resource.
    ///
    /// # Errors
    /// Becomes the answer to the request.
    async fn execute(
        &self,
        cx: &Cx,
        instance: InstanceId,
        resource: ResourceId,
        arguments: Arguments,
    ) -> Result<Done, Rejection> {
        let _ = (cx, instance, resource, arguments);
        Err(Rejection::method_not_allowed())
    }

    /// Has the instance this resource, of those that are only written or executed? Asked for a Discover. By default it
    /// has all that the definition has.
    fn has(&self, instance: InstanceId, resource: ResourceId) -> bool {
        let _ = (instance, resource);
        true
    }

    /// Resources whose writes are not collected in memory.
    fn streamed(&self) -> &[ResourceId] {
        &[]
    }

    /// Back to the state of delivery: a server has executed Factory Reset (`/3/0/5`), or the program wants it. Checks and
    /// reserves as `prepare` does; what it returns takes effect when the store of the client is empty. By default
    /// nothing, for handlers that keep nothing. Typed objects do it by themselves.
    ///
    /// # Errors
    /// The device is not reset at all.
    async fn factory_reset(&self, cx: &Cx) -> Result<Prepared, Rejection> {
        let _ = cx;
        Ok(Prepared::new(std::future::ready(())))
    }

    /// Takes a value block by block. Ends with `Ok` after the last octet is kept, or refuses early.
    ///
    /// # Errors
    /// Becomes the answer to the request.
    async fn write_stream(&self, cx: &Cx, path: Path, body: BodyReader) -> Result<(), Rejection> {
        let _ = (cx, path, body);
        Err(Rejection::method_not_allowed())
    }
}

/// One step of a changing request.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// A new instance.
    Create {
        /// Chosen already: the server's, or the lowest free one.
        instance: InstanceId,
        /// What the server gave. Values of resources that it may not write are left out.
        values: Values,
    },
    /// The instance goes.
    Delete {
        /// Which.
        instance: InstanceId,
    },
    /// Write (Replace) of an instance: writable resources that `values` lacks go.
    Replace {
        /// Which.
        instance: InstanceId,
        /// Every writable resource that the instance is to have.
        values: Values,
    },
    /// One resource, or one instance of it.
    Resource {
        /// Of which instance.
        instance: InstanceId,
        /// What changes.
        change: ResourceChange,
    },
}

impl Change {
    /// The instance that changes.
    #[must_use]
    pub const fn instance(&self) -> InstanceId {
        match self {
            Self::Create { instance, .. }
            | Self::Delete { instance }
            | Self::Replace { instance, .. }
            | Self::Resource { instance, .. } => *instance,
        }
    }
}

/// A change that can no longer fail. Its future commits; dropped unpolled, it rolls back (let it own the guard that
/// does). A commit may wait but not fail: what can fail belongs in [`ObjectHandler::prepare`].
#[must_use = "dropped, it rolls back"]
pub struct Prepared {
    commit: BoxFuture<'static, ()>,
    kept: Vec<Kept>,
}

impl Prepared {
    /// Takes the future that commits.
    pub fn new(commit: impl Future<Output = ()> + Send + 'static) -> Self {
        Self { commit: Box::pin(commit), kept: Vec::new() }
    }

    /// What the store of the client is to hold before the future runs.
    pub(crate) fn keeping(mut self, kept: Vec<Kept>) -> Self {
        self.kept = kept;
        self
    }

    pub(crate) fn kept(&self) -> &[Kept] {
        &self.kept
    }
}

impl Future for Prepared {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> task::Poll<()> {
        self.commit.as_mut().poll(cx)
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Prepared")
    }
}

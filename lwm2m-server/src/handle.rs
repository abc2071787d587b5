//! One client, to be asked.

use std::{fmt, sync::Arc};

use lwm2m_core::{
    Arguments, AsExecutable, AsPath, AttributeEdit, Attributes, EndpointName, FromNode, InstanceId, IntoNode,
    Location, Node, ObjectId, ObjectType, Path, Tree, Values, coap,
    codec::ContentFormat,
    ops::{self, Downlink, WriteMode},
    transport::ShardId,
};

use crate::{
    Batch, Body, Presence, Registration, Request, RequestError,
    machine::{Answered, Ask, Command, Queued},
    op::{self, Op},
    perform::ShardSide,
    server::Inner,
};

/// A client by its endpoint name. Cheap to make and to clone; it need not be registered: requests fail while it is
/// not.
#[derive(Clone)]
pub struct ClientHandle {
    pub(crate) server: Arc<Inner>,
    endpoint: EndpointName,
    tree: Option<Tree>,
}

#[allow(clippy::needless_pass_by_value, reason = "places are small, and given as literals")]
impl ClientHandle {
    pub(crate) fn new(server: Arc<Inner>, endpoint: EndpointName) -> Self {
        Self { server, endpoint, tree: None }
    }

    /// Its name.
    #[must_use]
    pub fn endpoint(&self) -> &EndpointName {
        &self.endpoint
    }

    /// Its registration, as it is now. `None`: it is not registered.
    ///
    /// # Errors
    /// The server has been shut down.
    pub async fn registration(&self) -> Result<Option<Arc<Registration>>, RequestError> {
        let Some(shard) = self.server.shared.shard_of(&self.endpoint) else { return Ok(None) };
        let endpoint = self.endpoint.clone();
        match self.server.shared.ask(shard, |request| Command::Registration { request, endpoint }).await? {
            Answered::Registration(registration) => Ok(registration),
            _ => Err(RequestError::WrongAnswer),
        }
    }

    /// Whether it can be reached now.
    ///
    /// # Errors
    /// The server has been shut down.
    pub async fn presence(&self) -> Result<Presence, RequestError> {
        let Some(shard) = self.server.shared.shard_of(&self.endpoint) else { return Ok(Presence::Offline) };
        let endpoint = self.endpoint.clone();
        match self.server.shared.ask(shard, |request| Command::Presence { request, endpoint }).await? {
            Answered::Presence(presence) => Ok(presence),
            _ => Err(RequestError::WrongAnswer),
        }
    }

    /// The requests that wait for it or are on their way, in the order in which they are sent.
    ///
    /// # Errors
    /// The server has been shut down.
    pub async fn queue(&self) -> Result<Vec<Queued>, RequestError> {
        let Some(shard) = self.server.shared.shard_of(&self.endpoint) else { return Ok(Vec::new()) };
        let endpoint = self.endpoint.clone();
        match self.server.shared.ask(shard, |request| Command::Queue { request, endpoint }).await? {
            Answered::Queue(queued) => Ok(queued),
            _ => Err(RequestError::WrongAnswer),
        }
    }

    /// Takes a request out of the [queue](Self::queue): whoever waits for it gets [`RequestError::Cancelled`]. `false`:
    /// it does not wait there any more, or is on its way.
    ///
    /// # Errors
    /// The server has been shut down.
    pub async fn withdraw(&self, number: u64) -> Result<bool, RequestError> {
        let Some(shard) = self.server.shared.shard_of(&self.endpoint) else { return Ok(false) };
        let endpoint = self.endpoint.clone();
        let withdraw = |request| Command::Withdraw { request, endpoint, number };
        match self.server.shared.ask(shard, withdraw).await? {
            Answered::Withdrawn(done) => Ok(done),
            _ => Err(RequestError::WrongAnswer),
        }
    }

    /// The same client, with paths below another tree than the one it registered, see [`Tree::below`].
    #[must_use]
    pub fn in_tree(mut self, tree: Tree) -> Self {
        self.tree = Some(tree);
        self
    }

    /// Reads a resource, resource instance, instance or object. [Core 1.2 §6.3.1]
    pub fn read<T: FromNode>(&self, at: impl Location<T>) -> Request<op::Read<T>> {
        self.at(&at, |tree, path| Downlink::Read { tree, path })
    }

    /// Asks what is there, and with which attributes. [Core 1.2 §6.3.2]
    pub fn discover(&self, at: impl AsPath) -> Request<op::Discover> {
        self.at(&at, |tree, path| Downlink::Discover { tree, path, depth: None })
    }

    /// Replaces what is there; [`Request::partial`] keeps what the value does not have. [Core 1.2 §6.3.3]
    pub fn write<T: IntoNode>(&self, at: impl Location<T>, value: T) -> Request<op::Write> {
        let body = ops::Body::Node(value.into_node());
        self.at(&at, |tree, path| Downlink::Write { tree, path, mode: WriteMode::Replace, body })
    }

    /// Writes firmware and other large values: read as the client takes them.
    pub fn write_stream(
        &self,
        at: impl AsPath,
        format: ContentFormat,
        body: impl Body,
    ) -> Request<op::Write> {
        let streamed = ops::Body::Streamed { format, size: body.size() };
        let write = |tree, path| Downlink::Write { tree, path, mode: WriteMode::Replace, body: streamed };
        self.at(&at, write).body(Box::new(body))
    }

    /// Attaches attributes to an object, instance, resource or resource instance: they say when observers are told.
    /// An [`AttributeEdit`] also takes some away. [Core 1.2 §6.3.4]
    pub fn write_attributes(
        &self,
        at: impl AsPath,
        edit: impl Into<AttributeEdit>,
    ) -> Request<op::WriteAttributes> {
        let edit = edit.into();
        self.at(&at, |tree, path| Downlink::WriteAttributes { tree, path, edit })
    }

    /// Runs a resource; [`Request::arguments`] gives it arguments. [Core 1.2 §6.3.5]
    pub fn execute(&self, at: impl AsExecutable) -> Request<op::Execute> {
        self.at(&at, |tree, path| Downlink::Execute { tree, path, arguments: Arguments::default() })
    }

    /// Makes an instance; `None`: the client chooses its id. [Core 1.2 §6.3.6]
    pub fn create<T: ObjectType>(&self, instance: Option<u16>, value: T) -> Request<op::Create> {
        let values = match value.into_node() {
            Node::Instance(values) => values.into_iter().collect(),
            _ => Vec::new(),
        };
        self.create_with(T::DEF.id(), instance, values)
    }

    /// The same with values by resource, for objects that have no type.
    pub fn create_with(
        &self,
        object: ObjectId,
        instance: Option<u16>,
        values: Values,
    ) -> Request<op::Create> {
        let instance = instance.map(InstanceId);
        let path = Path::object(object);
        let create = |tree, _| Downlink::Create { tree, object, new: vec![(instance, values)] };
        self.request_at(path.map_err(RequestError::from), create).instance(instance)
    }

    /// Deletes an instance; since LwM2M 1.2 also a resource instance. [Core 1.2 §6.3.7]
    pub fn delete(&self, at: impl AsPath) -> Request<op::Delete> {
        self.at(&at, |tree, path| Downlink::Delete { tree, path })
    }

    /// Has the client tell changes by itself. [Core 1.2 §6.4.1]
    ///
    /// Every observation is one of its own, also of the same place.
    pub fn observe<T: FromNode>(&self, at: impl Location<T>) -> Request<op::Observe<T>> {
        self.at(&at, |tree, path| Downlink::Observe { tree, path, attributes: Attributes::default() })
    }

    /// Reads several places at once; `"/"` is everything. To mix keys of several types, give `&dyn AsPath`. What is not
    /// there, or not to be read, is left out. Since LwM2M 1.1. [Core 1.2 §6.3.8]
    pub fn read_composite<P: AsPath>(&self, at: impl IntoIterator<Item = P>) -> Request<op::ReadComposite> {
        self.at_many(at, |tree, paths| Downlink::ReadComposite { tree, paths })
    }

    /// Writes several places at once: all of it or nothing. Since LwM2M 1.1. [Core 1.2 §6.3.9]
    pub fn write_composite(&self, batch: Batch) -> Request<op::WriteComposite> {
        let tree = self.tree.clone().unwrap_or(Tree::DEFAULT);
        let patch = batch.into_patch().map_err(RequestError::from);
        self.request(patch.map(|patch| Ask::Operation(Downlink::WriteComposite { tree, patch })))
    }

    /// Observes several places at once: whichever changes, a notification has all of them. Since LwM2M 1.1.
    /// [Core 1.2 §6.4.4]
    pub fn observe_composite<P: AsPath>(
        &self,
        at: impl IntoIterator<Item = P>,
    ) -> Request<op::ObserveComposite> {
        let attributes = Attributes::default();
        self.at_many(at, |tree, paths| Downlink::ObserveComposite { tree, paths, attributes })
    }

    /// Sends a CoAP request as it is, for what lies below LwM2M.
    pub fn raw(&self, request: coap::Request) -> Request<op::Raw> {
        self.request(Ok(Ask::Raw(request)))
    }

    fn at<O: Op>(&self, at: &dyn AsPath, operation: impl FnOnce(Tree, Path) -> Downlink) -> Request<O> {
        self.request_at(at.as_path().map_err(RequestError::from), operation)
    }

    fn at_many<O: Op, P: AsPath>(
        &self,
        at: impl IntoIterator<Item = P>,
        operation: impl FnOnce(Tree, Vec<Path>) -> Downlink,
    ) -> Request<O> {
        let tree = self.tree.clone().unwrap_or(Tree::DEFAULT);
        let paths: Result<Vec<_>, _> = at.into_iter().map(|place| place.as_path()).collect();
        let paths = paths.map_err(RequestError::from);
        self.request(paths.map(|paths| Ask::Operation(operation(tree, paths))))
    }

    fn request_at<O: Op>(
        &self,
        path: Result<Path, RequestError>,
        operation: impl FnOnce(Tree, Path) -> Downlink,
    ) -> Request<O> {
        let place = *path.as_ref().unwrap_or(&Path::ROOT);
        let tree = self.tree.clone().unwrap_or(Tree::DEFAULT);
        let ask = path.map(|path| Ask::Operation(operation(tree, path)));
        self.request(ask).place(place)
    }

    pub(crate) fn request<O: Op>(&self, ask: Result<Ask, RequestError>) -> Request<O> {
        Request::new(self.clone(), ask)
    }

    pub(crate) fn shard_side(&self, shard: ShardId) -> Option<&ShardSide> {
        self.server.shared.shard(shard)
    }
}

impl fmt::Debug for ClientHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientHandle").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

//! Where plans come from.

#[cfg(feature = "redb")]
mod database;
#[cfg(feature = "file")]
mod file;
#[cfg(feature = "file")]
mod recipe;
#[cfg(feature = "file")]
mod text;
#[cfg(feature = "file")]
mod value;

use lwm2m_core::{
    Address, EndpointName, Identity, InstanceId, Links, Node, ObjectId, Path, Rejection, StoreError,
    async_trait,
    codec::{self, ContentFormat, Timed},
};

#[cfg(feature = "redb")]
pub use self::database::{DatabaseError, DatabasePlans};
#[cfg(feature = "file")]
pub use self::file::{FileError, FilePlans};
use crate::{Plan, What};

/// Says what is to become of a device. Implemented by the user (a closure will do), or one of those that come with this
/// crate.
#[async_trait]
pub trait PlanSource: Send + Sync + 'static {
    /// Asked once a round: when the device comes, after a plan that ends with [`Plan::then_ask`], and when the device
    /// has refused Bootstrap-Finish because what it has is not consistent.
    ///
    /// `Ok(None)`: nothing for this device, which is told so (4.00).
    ///
    /// # Errors
    /// The source could not answer: the device is told to come again (5.03).
    async fn plan(&self, session: &Session) -> Result<Option<Plan>, StoreError>;
}

#[async_trait]
impl<F> PlanSource for F
where
    F: Fn(&Session) -> Result<Option<Plan>, StoreError> + Send + Sync + 'static,
{
    async fn plan(&self, session: &Session) -> Result<Option<Plan>, StoreError> {
        self(session)
    }
}

/// A device that is being bootstrapped, as a [`PlanSource`] sees it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Session {
    /// Its endpoint name, which goes with its keys.
    pub endpoint: EndpointName,
    /// Who it proved to be.
    pub identity: Identity,
    /// Where it is.
    pub address: Address,
    /// The format that it wants to be written in.
    pub preferred: Option<ContentFormat>,
    /// It asked for a pack: the plan has one round and reads nothing.
    pub pack: bool,
    /// How often the source has been asked already.
    pub round: u32,
    /// What the steps of the round before brought, in order; those that were left out are not there.
    pub answers: Vec<(What, Reply)>,
    /// Why the device has refused Bootstrap-Finish, if that is why the source is asked again.
    pub not_finished: Option<Rejection>,
}

/// What a step brought.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Reply {
    /// Done.
    Done,
    /// What there is on the device.
    Links(Links),
    /// What was read.
    Values(Vec<Timed>),
    /// The device has refused it.
    Refused(Rejection),
}

impl Session {
    pub(crate) const fn new(endpoint: EndpointName, identity: Identity, address: Address) -> Self {
        Self {
            endpoint,
            identity,
            address,
            preferred: None,
            pack: false,
            round: 0,
            answers: Vec::new(),
            not_finished: None,
        }
    }

    /// What the last Discover of `/` or of this object found.
    #[must_use]
    pub fn instances(&self, object: ObjectId) -> Vec<InstanceId> {
        let links = self.answers.iter().rev().find_map(|(what, reply)| match (what, reply) {
            (What::Discover(path), Reply::Links(links))
                if path.is_root() || path.object_id() == Some(object) =>
            {
                Some(links)
            }
            _ => None,
        });
        let paths = links.into_iter().flat_map(|links| &links.objects).map(|link| link.path);
        let mut found: Vec<_> = paths
            .filter(|path| path.object_id() == Some(object))
            .filter_map(|path| path.instance_id())
            .collect();
        found.dedup();
        found
    }

    /// What stands at this place, if a Read brought it.
    #[must_use]
    pub fn value(&self, at: Path) -> Option<Node> {
        let above =
            |value: &Timed| value.path.contains(&at).then(|| within(&value.node, at, value.path.depth()))?;
        self.answers.iter().rev().find_map(|(_, reply)| match reply {
            Reply::Values(values) => values.iter().find_map(above).or_else(|| codec::node_at(at, values)),
            _ => None,
        })
    }
}

/// The part of a node that stands `depth` ids down the path.
fn within(node: &Node, at: Path, depth: u8) -> Option<Node> {
    let Some(id) = at.ids().get(usize::from(depth)).copied() else { return Some(node.clone()) };
    let below = match node {
        Node::Object(instances) => instances.get(&InstanceId(id)),
        Node::Instance(resources) => resources.get(&lwm2m_core::ResourceId(id)),
        _ => None,
    };
    within(below?, at, depth.checked_add(1)?)
}

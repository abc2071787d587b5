//! Accounts that a device has from the factory, in a file. [Core 1.2 §6.1.6.1]

use std::collections::{BTreeMap, BTreeSet};

use lwm2m_core::{
    Bytes, FromNode, InstanceId, Model, Node, ObjectDef, ObjectId, ObjectType, Path, ResourceId, Tree, Value,
    ValueError, Version,
    codec::{self, ContentFormat, Context, DecodeError, Timed},
};
use lwm2m_objects::{Security, Server};

use crate::{ClientError, account::target, builder::with_actions};

/// Accounts that a device has from the factory: instances of Security (0) and Server (1), that of the bootstrap server
/// among them or alone. [`ClientBuilder::factory`](crate::ClientBuilder::factory) takes it.
///
/// ```
/// use lwm2m_client::{Factory, codec::ContentFormat};
///
/// # fn main() -> Result<(), lwm2m_client::FactoryError> {
/// let file = br#"[
///     {"bn": "/0/0/", "n": "0", "vs": "coap://bootstrap.example"}, {"n": "1", "vb": true}, {"n": "2", "v": 3}
/// ]"#;
/// let factory = Factory::read(ContentFormat::SENML_JSON, file)?;
/// # let _ = factory;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Factory {
    pub(crate) securities: BTreeMap<InstanceId, Security>,
    pub(crate) servers: BTreeMap<InstanceId, Server>,
}

/// Why a file of accounts cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FactoryError {
    /// It is not of the format, or a value is not what its definition says.
    #[error(transparent)]
    Malformed(#[from] DecodeError),
    /// Only accounts stand in it.
    #[error("{0}: only objects 0 and 1 can be given so")]
    OtherObject(Path),
    /// Something is missing, or of another kind.
    #[error("{0}: {1}")]
    Value(Path, ValueError),
    /// It has no account.
    #[error("there is no account")]
    Empty,
    /// An account cannot be used.
    #[error("{0}: {1}")]
    Account(Path, ClientError),
    /// A Security and a Server instance must have the same short server ID.
    #[error("{0}: no instance of object {1} has this short server ID")]
    Alone(Path, ObjectId),
    /// A second account of the same server, or of a bootstrap server.
    #[error("{0}: there are two accounts of this server")]
    Twice(Path),
}

impl Factory {
    /// Reads the values of a file: SenML JSON, SenML CBOR or LwM2M CBOR, each under its path, as in a Bootstrap-Pack.
    ///
    /// # Errors
    /// The first thing that is wrong, and where.
    pub fn read(format: ContentFormat, octets: &[u8]) -> Result<Self, FactoryError> {
        let cx = Context { model: &Accounts, version: Version::V1_2, tree: &Tree::DEFAULT };
        let values = codec::decode_many(format, &cx, octets)?;
        let known = |path: Path| path.object_id().is_some_and(|id| Accounts.object(id).is_some());
        if let Some(other) = values.iter().find(|value| !known(value.path)) {
            return Err(FactoryError::OtherObject(other.path));
        }
        let factory = Self { securities: instances(&values, KEYS)?, servers: instances(&values, &[])? };
        factory.check()?;
        let servers = factory.servers.into_iter().map(|(id, server)| (id, with_actions(server)));
        Ok(Self { securities: factory.securities, servers: servers.collect() })
    }

    fn check(&self) -> Result<(), FactoryError> {
        if self.securities.is_empty() {
            return Err(FactoryError::Empty);
        }
        let mut servers = BTreeMap::new();
        for (instance, server) in &self.servers {
            let at = place(Server::DEF, *instance);
            if servers.insert(server.short_server_id, at).is_some() {
                return Err(FactoryError::Twice(at));
            }
        }
        let mut known = BTreeSet::new();
        for (instance, security) in &self.securities {
            let at = place(Security::DEF, *instance);
            target(security, &[]).map_err(|error| FactoryError::Account(at, error))?;
            let id = security.short_server_id.filter(|_| !security.bootstrap_server);
            if !known.insert(id) {
                return Err(FactoryError::Twice(at));
            }
            if security.bootstrap_server {
                continue;
            }
            if !id.is_some_and(|id| (1..i64::from(u16::MAX)).contains(&id)) {
                let error = ClientError::Account("the short server ID (10) is not from 1 to 65534");
                return Err(FactoryError::Account(at, error));
            }
            if id.and_then(|id| servers.remove(&id)).is_none() {
                return Err(FactoryError::Alone(at, Server::DEF.id()));
            }
        }
        let alone = servers.into_values().next();
        alone.map_or(Ok(()), |at| Err(FactoryError::Alone(at, Security::DEF.id())))
    }
}

/// There are keys in it.
impl std::fmt::Debug for Factory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let uris = self.securities.values().map(|security| &security.server_uri);
        f.write_str("Factory")?;
        f.debug_set().entries(uris).finish()
    }
}

fn place(def: &ObjectDef, instance: InstanceId) -> Path {
    Path::new(&[def.id().0, instance.0]).unwrap_or(Path::ROOT)
}

/// Of Security: which of them there have to be is a matter of the mode.
const KEYS: &[ResourceId] = &[ResourceId(3), ResourceId(4), ResourceId(5)];

/// The instances of an object; `empty` resources may be left out.
fn instances<T: ObjectType + FromNode>(
    values: &[Timed],
    empty: &[ResourceId],
) -> Result<BTreeMap<InstanceId, T>, FactoryError> {
    let of_object = values.iter().filter(|value| value.path.object_id() == Some(T::DEF.id()));
    let ids: BTreeSet<_> = of_object.filter_map(|value| value.path.instance_id()).collect();
    let instance = |id| {
        let at = place(T::DEF, id);
        let mut node = codec::node_at(at, values).ok_or(FactoryError::Empty)?;
        if let Node::Instance(resources) = &mut node {
            for key in empty {
                resources.entry(*key).or_insert(Node::Value(Value::Opaque(Bytes::new())));
            }
        }
        let instance = T::from_node(node).map_err(|error| FactoryError::Value(at, error))?;
        Ok((id, instance))
    };
    ids.into_iter().map(instance).collect()
}

/// Objects 0 and 1.
struct Accounts;

impl Model for Accounts {
    fn object(&self, id: ObjectId) -> Option<&ObjectDef> {
        [Security::DEF, Server::DEF].into_iter().find(|def| def.id() == id)
    }
}

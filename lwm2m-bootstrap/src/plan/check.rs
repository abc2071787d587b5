//! What is wrong with a plan, found before it reaches a device.

use std::collections::BTreeSet;

use lwm2m_core::{
    FromNode as _, IntoNode as _, Model, Node, ObjectDef, ObjectId, Path, ResourceDef, Value,
    transport::{TransportError, Uri},
};
use lwm2m_objects::{Security, Server, oma::SecurityMode};

use super::{MAX_STEPS, Plan, PlanError, What};
use crate::Account;

/// Longest PSK identity. [Core 1.2 §E.1]
const MAX_IDENTITY: usize = 128;
/// Longest pre-shared key. [Core 1.2 §E.1]
const MAX_PSK: usize = 64;
/// Schemes that this SDK has no transport for, and devices may have.
const OTHER_SCHEMES: [&str; 6] = ["tel", "sms", "mqtt", "mqtts", "lorawan", "nidd"];
/// Objects whose mandatory resources only bootstrap can give.
const COMPLETE: [u16; 4] = [0, 1, 2, 21];

impl Plan {
    /// Checks the plan: places and values against the definitions, accounts for what they lack.
    ///
    /// A plan that deletes all accounts must bring one; a Security and a Server instance must have a counterpart, where
    /// the plan leaves the device none.
    ///
    /// # Errors
    /// The first thing that is wrong, and in which step.
    pub fn check(&self, model: &dyn Model) -> Result<(), PlanError> {
        if let Some((step, error)) = &self.wrong {
            return Err(PlanError { step: Some(*step), why: error.to_string() });
        }
        if self.steps.len() > MAX_STEPS {
            return Err(PlanError { step: None, why: format!("more than {MAX_STEPS} steps") });
        }
        let mut accounts = Accounts::default();
        for (step, what) in self.steps.iter().map(|step| &step.what).enumerate() {
            what_is_wrong(what, model)
                .and_then(|()| accounts.add(what))
                .map_err(|why| PlanError { step: Some(step), why })?;
        }
        // What a round lacks the next may bring.
        if self.again { Ok(()) } else { accounts.complete().map_err(|why| PlanError { step: None, why }) }
    }
}

fn what_is_wrong(what: &What, model: &dyn Model) -> Result<(), String> {
    match what {
        What::Discover(path) if path.depth() > 1 => Err(format!("Discover cannot address {path}")),
        What::Read(path) => match path.ids() {
            [1 | 2] | [1 | 2, _] => Ok(()),
            _ => Err(format!("Read cannot address {path}: objects 1 and 2 and their instances alone")),
        },
        What::Delete(path) if path.depth() > 2 => Err(format!("Delete cannot address {path}")),
        What::Discover(_) | What::Delete(_) => Ok(()),
        What::Write(path, node) => write(*path, node, model),
        What::Account(account) => account_nodes(account, model),
        What::Access(access) => {
            if access.object_id < 1 {
                return Err("object 0 has no access control".to_owned());
            }
            instance(ObjectId(2), Path::new(&[2, 0]), &(**access).clone().into_node(), model)
        }
        What::Add(object, node) => instance(*object, Path::new(&[object.0, 0]), node, model),
    }
}

fn account_nodes(account: &Account, model: &dyn Model) -> Result<(), String> {
    security(&account.security)?;
    let of = |object: u16, node: &Node| instance(ObjectId(object), Path::new(&[object, 0]), node, model);
    of(0, &account.security.clone().into_node())?;
    if let Some(server) = &account.server {
        of(1, &server.clone().into_node())?;
    }
    if let Some(oscore) = &account.oscore {
        of(21, &oscore.clone().into_node())?;
    }
    account.apn.as_ref().map_or(Ok(()), |apn| of(11, &(**apn).clone().into_node()))
}

fn instance(
    object: ObjectId,
    at: Result<Path, lwm2m_core::PathError>,
    node: &Node,
    model: &dyn Model,
) -> Result<(), String> {
    let at = at.map_err(|error| error.to_string())?;
    write(at, node, model).map_err(|why| why.replacen(&at.to_string(), &format!("/{object}/*"), 1))
}

/// A value, its place and its definition.
fn write(path: Path, node: &Node, model: &dyn Model) -> Result<(), String> {
    let Some(object) = path.object_id() else { return Err("Write cannot address /".to_owned()) };
    let def = model.object(object).ok_or_else(|| format!("{path}: object {object} is not known"))?;
    if !def.is_multiple() && path.instance_id().is_some_and(|instance| instance.0 != 0) {
        return Err(format!("{path}: object {object} has a single instance, number 0"));
    }
    match (path.depth(), node) {
        (1, Node::Object(instances)) => instances.iter().try_for_each(|(id, node)| {
            let at = path.push(id.0).map_err(|error| error.to_string())?;
            write(at, node, model)
        }),
        (2, Node::Instance(resources)) => {
            for (id, node) in resources {
                let at = path.push(id.0).map_err(|error| error.to_string())?;
                resource(at, def, node)?;
            }
            missing(path, def, |id| resources.contains_key(&id))
        }
        (3, node) => resource(path, def, node),
        (1, _) => Err(format!("{path}: instances are expected")),
        (2, _) => Err(format!("{path}: resources are expected")),
        _ => Err(format!("Write cannot address {path}")),
    }
}

fn missing(
    path: Path,
    def: &ObjectDef,
    given: impl Fn(lwm2m_core::ResourceId) -> bool,
) -> Result<(), String> {
    let all = COMPLETE.contains(&def.id().0);
    let needed = def.resources().iter().filter(|known| known.is_mandatory() && !known.ops().can_execute());
    let lacking = needed.filter(|known| all || known.ops().can_write()).find(|known| !given(known.id()));
    lacking.map_or(Ok(()), |known| {
        Err(format!("{path}/{} ({}) is mandatory and missing", known.id(), known.name()))
    })
}

fn resource(at: Path, def: &ObjectDef, node: &Node) -> Result<(), String> {
    let known = at.resource_id().and_then(|id| def.resource(id));
    let known = known.ok_or_else(|| format!("{at}: {} has no such resource", def.name()))?;
    if known.ops().can_execute() {
        return Err(format!("{at} ({}) is executed, not written", known.name()));
    }
    match (known.is_multiple(), node) {
        (true, Node::Multiple(items)) => items.values().try_for_each(|item| value(at, known, item)),
        (false, Node::Value(item)) => value(at, known, item),
        (true, _) => Err(format!("{at} ({}) has resource instances", known.name())),
        (false, _) => Err(format!("{at} ({}) has one value", known.name())),
    }
}

fn value(at: Path, def: &ResourceDef, value: &Value) -> Result<(), String> {
    if !def.kind().takes(value) {
        let (wanted, found) = (def.kind(), value.kind());
        return Err(format!("{at} ({}) is {wanted}, not {found}", def.name()));
    }
    def.check(value).map_err(|rejection| format!("{at}: {}", rejection.detail))
}

/// What the definition of Security does not say.
fn security(account: &Security) -> Result<(), String> {
    let secure = scheme(&account.server_uri)?;
    let (identity, key) = (&account.public_key_or_identity, account.secret_key.expose());
    let server_key = &account.server_public_key;
    match account.security_mode {
        SecurityMode::NoSec if secure == Some(true) => {
            return Err(format!("{} needs keys, and the mode is NoSec", account.server_uri));
        }
        SecurityMode::NoSec => {}
        _ if secure == Some(false) => {
            return Err(format!("{} has no protection; the mode wants coaps", account.server_uri));
        }
        SecurityMode::PreSharedKey if identity.is_empty() || identity.len() > MAX_IDENTITY => {
            return Err(format!("a PSK identity has 1 to {MAX_IDENTITY} octets"));
        }
        SecurityMode::PreSharedKey if key.is_empty() || key.len() > MAX_PSK => {
            return Err(format!("a pre-shared key has 1 to {MAX_PSK} octets"));
        }
        SecurityMode::RawPublicKey | SecurityMode::Certificate => {
            for (missing, what) in [
                (identity.is_empty(), "the device's public key or certificate (3)"),
                (key.is_empty(), "the device's private key (5)"),
                (server_key.is_empty(), "the server's public key or certificate (4)"),
            ] {
                if missing {
                    return Err(format!("{what} is missing"));
                }
            }
        }
        _ => {}
    }
    match (account.bootstrap_server, account.short_server_id) {
        (false, None) => Err("a server's account needs a short server ID".to_owned()),
        _ => Ok(()),
    }
}

/// Is it protected? `None`: no scheme of ours.
fn scheme(uri: &str) -> Result<Option<bool>, String> {
    let other = uri.split_once(':').map(|(scheme, _)| scheme);
    if other.is_some_and(|scheme| OTHER_SCHEMES.contains(&scheme)) {
        return Ok(None);
    }
    match Uri::parse(uri) {
        Ok(uri) => Ok(Some(uri.scheme.is_secure())),
        Err(TransportError::BadTarget { uri, why }) => Err(format!("server URI {uri}: {why}")),
        Err(error) => Err(error.to_string()),
    }
}

/// The accounts of a plan, and what it leaves of those that the device has.
#[derive(Default)]
struct Accounts {
    securities: BTreeSet<i64>,
    servers: BTreeSet<i64>,
    bootstrap: bool,
    /// The device has no other Security, no other Server instances any more.
    cleared: (bool, bool),
}

impl Accounts {
    fn add(&mut self, what: &What) -> Result<(), String> {
        match what {
            What::Delete(path) => {
                self.cleared.0 |= matches!(path.ids(), [] | [0]);
                self.cleared.1 |= matches!(path.ids(), [] | [1]);
                Ok(())
            }
            What::Account(account) => {
                self.security(&account.security)?;
                account.server.as_ref().map_or(Ok(()), |server| self.server(server))
            }
            What::Write(path, node) => match (path.ids(), node) {
                ([0 | 1], Node::Object(instances)) => {
                    instances.values().try_for_each(|node| self.node(path.ids() == [0], node))
                }
                ([object @ (0 | 1), _], node) => self.node(*object == 0, node),
                _ => Ok(()),
            },
            What::Add(ObjectId(object @ (0 | 1)), node) => self.node(*object == 0, node),
            _ => Ok(()),
        }
    }

    fn node(&mut self, is_security: bool, node: &Node) -> Result<(), String> {
        if !is_security {
            let server = Server::from_node(node.clone()).map_err(|error| error.to_string())?;
            return self.server(&server);
        }
        let account = Security::from_node(node.clone()).map_err(|error| error.to_string())?;
        security(&account)?;
        self.security(&account)
    }

    fn security(&mut self, account: &Security) -> Result<(), String> {
        match account.short_server_id {
            _ if account.bootstrap_server => {
                let twice = std::mem::replace(&mut self.bootstrap, true);
                if twice { Err("two accounts of bootstrap servers".to_owned()) } else { Ok(()) }
            }
            Some(id) if !self.securities.insert(id) => {
                Err(format!("short server ID {id} is used by two accounts"))
            }
            _ => Ok(()),
        }
    }

    fn server(&mut self, server: &Server) -> Result<(), String> {
        let id = server.short_server_id;
        if self.servers.insert(id) {
            Ok(())
        } else {
            Err(format!("two Server instances have short server ID {id}"))
        }
    }

    fn complete(&self) -> Result<(), String> {
        if self.cleared.0 && self.securities.is_empty() {
            return Err(
                "all accounts are deleted and no server is given: the device would be lost".to_owned()
            );
        }
        if let Some(id) = self.securities.difference(&self.servers).next().filter(|_| self.cleared.1) {
            return Err(format!("the account with short server ID {id} has no Server instance"));
        }
        match self.servers.difference(&self.securities).next().filter(|_| self.cleared.0) {
            Some(id) => Err(format!("the Server instance with short server ID {id} has no account")),
            None => Ok(()),
        }
    }
}

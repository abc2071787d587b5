//! Does what the bootstrap server has made hang together? [Core 1.2 §6.1.7.2]

use std::collections::BTreeSet;

use lwm2m_core::{
    Credentials, InstanceId, IntoNode as _, Node, ObjectId, Objlnk, RESERVED_ID, ResourceId, Usage,
};
use lwm2m_objects::{
    Security, Server,
    oma::{AccessControl, SecurityMode},
};

use super::{
    super::account::bindings,
    stage::{ACCESS, SECURITY, SERVER, Stage},
};
use crate::{builder::transport_for, machine::Config, state};

/// The accounts as they were when the bootstrap began.
pub(super) struct Before {
    /// Short server IDs of accounts.
    pub(super) servers: BTreeSet<u16>,
    /// The bootstrap server had an account.
    pub(super) bootstrap: bool,
}

impl Before {
    pub(super) fn of(stage: &Stage) -> Self {
        let accounts: Vec<Security> =
            stage.typed::<Security>().into_iter().filter_map(|(_, account)| account.ok()).collect();
        let server = |account: &Security| u16::try_from(account.short_server_id?).ok();
        Self {
            servers: accounts.iter().filter(|a| !a.bootstrap_server).filter_map(server).collect(),
            bootstrap: accounts.iter().any(|account| account.bootstrap_server),
        }
    }
}

/// Everything of servers that have lost their account goes with it. [Core 1.2 §6.1.7.5]
///
/// Their Server instances go, unless bootstrap has written them; so do instances that only they could use. Where others
/// could use one too, their rights go, and another server becomes its owner.
pub(super) fn unbootstrap(stage: &mut Stage, before: &Before) -> BTreeSet<u16> {
    let gone: BTreeSet<u16> = before.servers.difference(&Before::of(stage).servers).copied().collect();
    for (id, server) in stage.typed::<Server>() {
        let lost = server.is_ok_and(|server| gone.iter().any(|id| i64::from(*id) == server.short_server_id));
        if lost && stage.is_untouched(SERVER, id) {
            stage.remove(SERVER, id);
        }
    }
    for (id, access) in stage.typed::<AccessControl>() {
        let Ok(access) = access else { continue };
        if stage.is_untouched(ACCESS, id) {
            disown(stage, id, access, &gone);
        }
    }
    gone
}

fn disown(stage: &mut Stage, id: InstanceId, mut access: AccessControl, gone: &BTreeSet<u16>) {
    let owned = gone.iter().any(|server| i64::from(*server) == access.access_control_owner);
    let before = access.acl.len();
    access.acl.retain(|server, _| !gone.contains(server));
    if !owned && access.acl.len() == before {
        return;
    }
    if owned {
        // The one with most to say: Write and Delete count.
        let weight = |rights: i64| {
            i64::from(rights & AccessControl::WRITE != 0) + i64::from(rights & AccessControl::DELETE != 0)
        };
        let heir = access.acl.iter().filter(|(server, _)| **server != 0);
        let heir = heir.max_by_key(|(server, rights)| (weight(**rights), u16::MAX - **server));
        match heir {
            Some((server, _)) => access.access_control_owner = i64::from(*server),
            None if !access.acl.contains_key(&0) => return delete_owned(stage, id, &access),
            None => access.access_control_owner = i64::from(AccessControl::BOOTSTRAP),
        }
    }
    let Node::Instance(values) = access.into_node() else { return };
    for resource in [ResourceId(2), ResourceId(3)] {
        if let Some(node) = values.get(&resource) {
            stage.set(ACCESS, id, resource, node.clone());
        }
    }
}

/// Nobody else could use it.
fn delete_owned(stage: &mut Stage, id: InstanceId, access: &AccessControl) {
    let place = |number: i64| u16::try_from(number).ok();
    if let (Some(object), Some(instance)) = (place(access.object_id), place(access.object_instance_id)) {
        let object = ObjectId(object);
        if instance != RESERVED_ID && stage.is_free(object) && object != SECURITY {
            stage.remove(object, InstanceId(instance));
        }
    }
    stage.remove(ACCESS, id);
}

/// What is wrong, and where. A card may take away the last account: another card, or another bootstrap, follows.
pub(super) fn check(stage: &Stage, before: &Before, config: &Config, of_card: bool) -> Result<(), String> {
    let mut accounts = Vec::new();
    for (id, account) in stage.typed::<Security>() {
        let account = account.map_err(|error| format!("/0/{id}: {error}"))?;
        security(&account, config).map_err(|why| format!("/0/{id}: {why}"))?;
        linked(stage, account.oscore_security_mode).map_err(|why| format!("/0/{id}/17: {why}"))?;
        accounts.push((id, account));
    }
    let bootstrap = accounts.iter().filter(|(_, account)| account.bootstrap_server).count();
    if bootstrap > 1 {
        return Err("there are two accounts of bootstrap servers".to_owned());
    }
    if before.bootstrap && bootstrap == 0 && !of_card {
        return Err("the account of the bootstrap server is missing".to_owned());
    }
    contexts(&accounts)?;
    let servers = servers(stage, &accounts)?;
    if servers == 0 && !of_card {
        return Err("there is no server account".to_owned());
    }
    access(stage)
}

/// How many there are.
fn servers(stage: &Stage, accounts: &[(InstanceId, Security)]) -> Result<usize, String> {
    let mut ids = BTreeSet::new();
    for (id, account) in accounts.iter().filter(|(_, account)| !account.bootstrap_server) {
        let server =
            account.short_server_id.ok_or_else(|| format!("/0/{id}/10: the short server ID is missing"))?;
        if !ids.insert(server) {
            return Err(format!("/0/{id}/10: short server ID {server} is used twice"));
        }
    }
    let mut known = BTreeSet::new();
    for (id, server) in stage.typed::<Server>() {
        let server = server.map_err(|error| format!("/1/{id}: {error}"))?;
        let number = server.short_server_id;
        if !ids.contains(&number) {
            return Err(format!("/1/{id}/0: no account has short server ID {number}"));
        }
        if !known.insert(number) {
            return Err(format!("/1/{id}/0: short server ID {number} is used twice"));
        }
        if u32::try_from(server.lifetime).is_err() {
            return Err(format!("/1/{id}/1: {} is no lifetime", server.lifetime));
        }
        if bindings(&server.binding).is_none() {
            return Err(format!("/1/{id}/7: {:?} is no binding", server.binding));
        }
        linked(stage, server.apn_link).map_err(|why| format!("/1/{id}/10: {why}"))?;
    }
    if let Some(number) = ids.difference(&known).next() {
        return Err(format!("the account with short server ID {number} has no Server instance"));
    }
    Ok(ids.len())
}

fn security(account: &Security, config: &Config) -> Result<(), String> {
    let known = config.accounts.iter().find(|known| {
        !account.bootstrap_server && account.short_server_id == Some(i64::from(known.short_server_id))
    });
    let of_bootstrap = config.bootstrap.as_ref().filter(|_| account.bootstrap_server);
    let known = known.map(|known| &known.target).or(of_bootstrap.map(|known| &known.target));
    let target = state::target(account, known, &config.authorities).map_err(|error| error.to_string())?;
    transport_for(&target, &config.transports).map_err(|error| error.to_string())?;
    let by_authority =
        |usage: Option<Usage>| matches!(usage, Some(Usage::CaConstraint | Usage::ServiceCertificate));
    if let Some(Credentials::Certificate { trust, peer, .. }) = target.credentials.as_deref()
        && trust.is_empty()
        && peer.as_ref().is_none_or(|peer| by_authority(peer.usage))
    {
        return Err("the certificate usage (15) needs an authority that the device trusts".to_owned());
    }
    match account.security_mode {
        SecurityMode::CertificateEnrolment | SecurityMode::Other(_) => {
            Err("the security mode (2) is not supported".to_owned())
        }
        _ => Ok(()),
    }
}

/// A context of OSCORE belongs to one account.
fn contexts(accounts: &[(InstanceId, Security)]) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for (id, account) in accounts {
        if let Some(link) = account.oscore_security_mode.filter(|link| *link != Objlnk::NULL)
            && !seen.insert(link.instance)
        {
            return Err(format!("/0/{id}/17: {link} is linked twice"));
        }
    }
    Ok(())
}

fn linked(stage: &Stage, link: Option<Objlnk>) -> Result<(), String> {
    match link {
        Some(link) if link != Objlnk::NULL && !stage.has(link.object, link.instance) => {
            Err(format!("{link} does not exist"))
        }
        _ => Ok(()),
    }
}

fn access(stage: &Stage) -> Result<(), String> {
    let mut places = BTreeSet::new();
    for (id, access) in stage.typed::<AccessControl>() {
        let access = access.map_err(|error| format!("/2/{id}: {error}"))?;
        let number = |value: i64| u16::try_from(value).map_err(|_| format!("/2/{id}: {value} is no id"));
        let (object, instance) = (ObjectId(number(access.object_id)?), number(access.object_instance_id)?);
        let there = if instance == RESERVED_ID {
            stage.has_object(object)
        } else {
            stage.has(object, InstanceId(instance))
        };
        if !there {
            return Err(format!("/2/{id}: /{object}/{instance} does not exist"));
        }
        if !places.insert((object, instance)) {
            return Err(format!("/2/{id}: /{object}/{instance} has two instances of access control"));
        }
    }
    Ok(())
}

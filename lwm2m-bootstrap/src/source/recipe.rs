//! What the tables of a file mean: recipes that make the plan of a device.

use std::{collections::BTreeMap, path::Path as FilePath, time::Duration};

use lwm2m_core::{Bytes, InstanceId, MAX_ENDPOINT_NAME, Model, ObjectId, Path, RESERVED_ID, Secret};
use lwm2m_objects::oma::AccessControl;

use super::{
    text::{Item, Located, Wrong, boolean, list, number, table, text, unknown},
    value::{node, octets},
};
use crate::{Account, Otherwise, Plan, PlanError, Step, What};

/// Stands for the endpoint name of the device.
const ENDPOINT: &str = "{endpoint}";

/// In order; the first that fits a device is its.
pub(super) struct Recipes(Vec<Recipe>);

struct Recipe {
    at: usize,
    /// A name, or its beginning and `*`.
    endpoint: String,
    steps: Vec<Ingredient>,
}

struct Ingredient {
    at: usize,
    what: Kind,
    otherwise: Otherwise,
}

enum Kind {
    Step(What),
    Server(Box<Server>),
}

/// An account whose texts may name the device.
struct Server {
    account: Account,
    uri: String,
    identity: Option<String>,
    key: Option<(usize, String)>,
    public: Option<(usize, String)>,
    server: Option<(usize, String)>,
}

impl Recipes {
    /// Reads the tables, and tries every plan on a device that does not exist.
    pub(super) fn read(root: &Located, model: &dyn Model, directory: &FilePath) -> Result<Self, Wrong> {
        let mut recipes = Vec::new();
        for (key, value) in table(root)? {
            match key.as_str() {
                "plan" => {
                    for plan in list(value)? {
                        recipes.push(recipe(plan, model, directory)?);
                    }
                }
                _ => return Err(unknown(value, key, "plan is")),
            }
        }
        if recipes.is_empty() {
            return Err(Wrong::new(root.at, "there is no plan"));
        }
        recipes.iter().try_for_each(|recipe| recipe.attempt(model, directory))?;
        Ok(Self(recipes))
    }

    /// The same of one plan, whose name stands elsewhere.
    #[cfg(feature = "redb")]
    pub(super) fn one(
        plan: &Located,
        endpoint: &str,
        model: &dyn Model,
        directory: &FilePath,
    ) -> Result<Self, Wrong> {
        let place = pattern(plan.at, endpoint)?;
        if let Some((_, value)) = table(plan)?.iter().find(|(name, _)| name == "endpoint") {
            return Err(Wrong::new(value.at, "endpoint is what the plan stands under"));
        }
        let recipe = Recipe { endpoint: place, ..recipe(plan, model, directory)? };
        recipe.attempt(model, directory)?;
        Ok(Self(vec![recipe]))
    }

    /// Each plan of the tables by its name, in JSON.
    #[cfg(feature = "redb")]
    pub(super) fn plans(&self, root: &Located) -> Result<BTreeMap<String, String>, Wrong> {
        let lists = table(root)?.iter().filter(|(name, _)| name == "plan");
        let lists = lists.map(|(_, plans)| list(plans)).collect::<Result<Vec<_>, _>>()?;
        let mut all = BTreeMap::new();
        for (recipe, plan) in self.0.iter().zip(lists.into_iter().flatten()) {
            let rest = table(plan)?.iter().filter(|(name, _)| name != "endpoint");
            let json = super::text::to_json(rest);
            if all.insert(recipe.endpoint.clone(), json).is_some() {
                return Err(Wrong::new(plan.at, format!("{} has a plan already", recipe.endpoint)));
            }
        }
        Ok(all)
    }

    /// `Ok(None)`: nothing for this device.
    pub(super) fn plan(
        &self,
        endpoint: &str,
        model: &dyn Model,
        directory: &FilePath,
    ) -> Result<Option<Plan>, Wrong> {
        let Some(recipe) = self.0.iter().find(|recipe| recipe.fits(endpoint)) else { return Ok(None) };
        let plan = recipe.make(endpoint, directory, true)?;
        plan.check(model).map_err(|error| recipe.wrong(error))?;
        Ok(Some(plan))
    }
}

impl Recipe {
    fn fits(&self, endpoint: &str) -> bool {
        match self.endpoint.strip_suffix('*') {
            Some(beginning) => endpoint.starts_with(beginning),
            None => self.endpoint == endpoint,
        }
    }

    /// Tries it on a device that does not exist; what its files are named after is not there, either.
    fn attempt(&self, model: &dyn Model, directory: &FilePath) -> Result<(), Wrong> {
        let tried = self.make("endpoint", directory, false)?;
        tried.check(model).map_err(|error| self.wrong(error))
    }

    fn wrong(&self, error: PlanError) -> Wrong {
        let at = error.step.and_then(|step| self.steps.get(step)).map_or(self.at, |step| step.at);
        Wrong::new(at, error.why)
    }

    /// `real`: files that the device names are read.
    fn make(&self, endpoint: &str, directory: &FilePath, real: bool) -> Result<Plan, Wrong> {
        let mut plan = Plan::new();
        for step in &self.steps {
            let what = match &step.what {
                Kind::Step(what) => what.clone(),
                Kind::Server(server) => What::Account(Box::new(server.make(endpoint, directory, real)?)),
            };
            plan.push(Step { what, otherwise: step.otherwise });
        }
        Ok(plan)
    }
}

impl Server {
    fn make(&self, endpoint: &str, directory: &FilePath, real: bool) -> Result<Account, Wrong> {
        let named = |text: &str| text.replace(ENDPOINT, endpoint);
        let load = |what: &Option<(usize, String)>| match what {
            None => Ok(None),
            Some((_, text)) if !real && text.contains(ENDPOINT) => Ok(Some(vec![0; 16])),
            Some((at, text)) => octets(text, named, directory).map(Some).map_err(|why| Wrong::new(*at, why)),
        };
        let (key, public, server) = (load(&self.key)?, load(&self.public)?, load(&self.server)?);
        let identity = self.identity.as_deref().map(named).map(Bytes::from);
        Ok(self.account.clone().security(|security| {
            security.server_uri = named(&self.uri);
            if let Some(identity) = public.map(Bytes::from).or(identity) {
                security.public_key_or_identity = identity;
            }
            if let Some(key) = key {
                security.secret_key = Secret::new(key);
            }
            if let Some(server) = server {
                security.server_public_key = server.into();
            }
        }))
    }
}

fn recipe(plan: &Located, model: &dyn Model, directory: &FilePath) -> Result<Recipe, Wrong> {
    let mut endpoint = "*".to_owned();
    let (mut deletes, mut servers, mut rights, mut writes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (key, value) in table(plan)? {
        match key.as_str() {
            "endpoint" => endpoint = pattern(value.at, text(value)?)?,
            "delete" => {
                for place in list(value)? {
                    deletes.push(step(place.at, What::Delete(path(place)?), Otherwise::Fail));
                }
            }
            "server" => servers = list(value)?.iter().map(account).collect::<Result<_, _>>()?,
            "rights" => rights = list(value)?.iter().map(access).collect::<Result<_, _>>()?,
            "write" => {
                writes = list(value)?
                    .iter()
                    .map(|entry| write(entry, model, directory))
                    .collect::<Result<_, _>>()?;
            }
            _ => return Err(unknown(value, key, "endpoint, delete, server, rights and write are")),
        }
    }
    let steps = [deletes, servers, rights, writes].into_iter().flatten().collect();
    Ok(Recipe { at: plan.at, endpoint, steps })
}

/// An endpoint name, or its beginning and `*`.
fn pattern(at: usize, name: &str) -> Result<String, Wrong> {
    let plain = name.strip_suffix('*').unwrap_or(name);
    if name.is_empty() || plain.contains('*') {
        return Err(Wrong::new(at, "endpoint is a name, or its beginning and one * at the end"));
    }
    if plain.len() > MAX_ENDPOINT_NAME {
        return Err(Wrong::new(at, format!("an endpoint name has at most {MAX_ENDPOINT_NAME} octets")));
    }
    Ok(name.to_owned())
}

const fn step(at: usize, what: What, otherwise: Otherwise) -> Ingredient {
    Ingredient { at, what: Kind::Step(what), otherwise }
}

fn account(server: &Located) -> Result<Ingredient, Wrong> {
    let (mut id, mut uri, mut identity) = (None, None, None);
    let (mut key, mut public, mut of_server) = (None, None, None);
    let (mut certificate, mut otherwise) = (None, Otherwise::Fail);
    let mut rest = Vec::new();
    for (name, value) in table(server)? {
        let located = || Ok((value.at, text(value)?.to_owned()));
        match name.as_str() {
            "id" => id = Some(number::<u16>(value)?),
            "uri" => uri = Some(text(value)?.to_owned()),
            "identity" => identity = Some(text(value)?.to_owned()),
            "key" => key = Some(located()?),
            "public-key" | "certificate" => {
                (certificate, public) = (Some(name == "certificate"), Some(located()?));
            }
            "server-public-key" | "server-certificate" => of_server = Some(located()?),
            "otherwise" => otherwise = refusal(value)?,
            _ => rest.push((name.as_str(), value)),
        }
    }
    let uri: String = uri.ok_or_else(|| Wrong::new(server.at, "uri is missing"))?;
    let id = id.ok_or_else(|| Wrong::new(server.at, "id, the short server ID, is missing"))?;
    let (place, none) = (uri.as_str(), Bytes::new);
    let mut made = match (certificate, &identity) {
        (Some(true), _) => Account::x509(id, place, none(), Vec::new(), none()),
        (Some(false), _) => Account::rpk(id, place, none(), Vec::new(), none()),
        (None, Some(_)) => Account::psk(id, place, "", Vec::new()),
        (None, None) => Account::no_sec(id, place),
    };
    for (name, value) in rest {
        made = setting(made, name, value)?;
    }
    let made = Server { account: made, uri, identity, key, public, server: of_server };
    Ok(Ingredient { at: server.at, what: Kind::Server(Box::new(made)), otherwise })
}

/// What an account says beside the way to its server.
fn setting(account: Account, name: &str, value: &Located) -> Result<Account, Wrong> {
    const KNOWN: &str = "id, uri, identity, key, public-key, certificate, server-public-key, server-certificate, \
                         server-name, certificate-usage, lifetime, binding, secondary, order, mute-send, instances and \
                         otherwise are";
    Ok(match name {
        "lifetime" => account.lifetime(Duration::from_secs(number::<u32>(value)?.into())),
        "binding" => account.binding(text(value)?),
        "secondary" => account.secondary(text(value)?),
        "order" => {
            let order = number::<u32>(value)?;
            account.server(|server| server.registration_priority_order = Some(order.into()))
        }
        "mute-send" => {
            let mute = boolean(value)?;
            account.server(|server| server.mute_send = Some(mute))
        }
        "server-name" => {
            let name = text(value)?.to_owned();
            account.security(|security| security.sni = Some(name))
        }
        "certificate-usage" => {
            let usage = number::<u8>(value)?;
            account.security(|security| security.certificate_usage = Some(usage.into()))
        }
        "instances" => match list(value)? {
            [security, server] => account.at(number(security)?, number(server)?),
            _ => return Err(Wrong::new(value.at, "instances are two numbers: of Security and of Server")),
        },
        _ => return Err(unknown(value, name, KNOWN)),
    })
}

fn access(entry: &Located) -> Result<Ingredient, Wrong> {
    let (mut place, mut owner, mut acl) = (None, AccessControl::BOOTSTRAP, BTreeMap::new());
    for (name, value) in table(entry)? {
        match name.as_str() {
            "path" => place = Some((path(value)?, value.at)),
            "owner" => owner = number(value)?,
            "servers" => {
                for (server, rights) in table(value)? {
                    let server: Result<u16, _> = server.parse();
                    let server =
                        server.map_err(|_| Wrong::new(rights.at, "a server is its short server ID"))?;
                    acl.insert(server, letters(rights)?);
                }
            }
            _ => return Err(unknown(value, name, "path, owner and servers are")),
        }
    }
    let (place, at) = place.ok_or_else(|| Wrong::new(entry.at, "path is missing"))?;
    let (object, instance) = match place.ids() {
        [object] => (*object, RESERVED_ID),
        [object, instance] => (*object, *instance),
        _ => {
            return Err(Wrong::new(
                at,
                "rights are of an instance, or of an object: to create instances of it",
            ));
        }
    };
    let mut access = AccessControl::new(ObjectId(object), InstanceId(instance), owner);
    access.acl = acl;
    Ok(step(entry.at, What::Access(Box::new(access)), Otherwise::Fail))
}

/// `RWEDC`, any of them.
fn letters(value: &Located) -> Result<i64, Wrong> {
    let mut rights = 0;
    for letter in text(value)?.chars() {
        rights |= match letter {
            'R' => AccessControl::READ,
            'W' => AccessControl::WRITE,
            'E' => AccessControl::EXECUTE,
            'D' => AccessControl::DELETE,
            'C' => AccessControl::CREATE,
            _ => return Err(Wrong::new(value.at, "rights are letters of RWEDC")),
        };
    }
    Ok(rights)
}

fn write(entry: &Located, model: &dyn Model, directory: &FilePath) -> Result<Ingredient, Wrong> {
    let (mut place, mut value, mut otherwise) = (None, None, Otherwise::Fail);
    for (name, found) in table(entry)? {
        match name.as_str() {
            "path" => place = Some((path(found)?, found.at)),
            "value" => value = Some(found),
            "otherwise" => otherwise = refusal(found)?,
            _ => return Err(unknown(found, name, "path, value and otherwise are")),
        }
    }
    let (place, at) = place.ok_or_else(|| Wrong::new(entry.at, "path is missing"))?;
    let value = value.ok_or_else(|| Wrong::new(entry.at, "value is missing"))?;
    let object = place.object_id().ok_or_else(|| Wrong::new(at, "/ is not written"))?;
    let def = model.object(object).ok_or_else(|| Wrong::new(at, format!("object {object} is not known")))?;
    Ok(step(entry.at, What::Write(place, node(def, place, value, directory)?), otherwise))
}

fn refusal(value: &Located) -> Result<Otherwise, Wrong> {
    match &value.item {
        Item::Text(text) if text == "fail" => Ok(Otherwise::Fail),
        Item::Text(text) if text == "continue" => Ok(Otherwise::Continue),
        Item::Table(entries) => {
            let (mut times, mut wait) = (1, Duration::from_secs(5));
            for (name, value) in entries {
                match name.as_str() {
                    "retry" => times = number(value)?,
                    "wait" => wait = Duration::from_secs(number::<u32>(value)?.into()),
                    _ => return Err(unknown(value, name, "retry and wait are")),
                }
            }
            Ok(Otherwise::Retry { times, wait })
        }
        _ => Err(Wrong::new(value.at, "otherwise is fail, continue or { retry = .., wait = .. }")),
    }
}

fn path(value: &Located) -> Result<Path, Wrong> {
    text(value)?.parse().map_err(|error: lwm2m_core::PathError| Wrong::new(value.at, error.to_string()))
}

//! What clients ask: Register, Update, De-register, and the resources of the program. [Core 1.2 §6.2]

use std::time::Duration;

use lwm2m_core::{
    Address, Bytes, Code, EndpointName, Identity, Links, NoModel, Now, PeerId, Rejection, Tree, UnixTime,
    Version,
    coap::{InboundId, OptionNumber, Options, Request, Response},
    codec::{ContentFormat, Context},
    ops::{Location, Register, Update, Uplink},
};

use super::{
    Call, Claim, Heritage, Job, ServerMachine,
    links::LinkSetId,
    persist::{Then, Updating},
    registration::{Bindings, Entry, Extra, New},
    send::is_send,
};
use crate::{Attached, RegistrationId, store::Change};

/// First segment of every location. [Core 1.2 §6.2.1]
const REGISTRATION_INTERFACE: &str = "rd";
/// The lifetime of a client that names none. [Core 1.0 §5.3.1]
const DEFAULT_LIFETIME: u32 = 86_400;
/// When to try again what is refused for want of room.
pub(super) const RETRY_AFTER: Duration = Duration::from_secs(60);

/// The object list of a Register or Update.
#[derive(Clone, Copy)]
enum Said<'a> {
    /// That of clients we have.
    Known(LinkSetId),
    /// New here; empty: none.
    Payload(&'a Bytes),
}

/// Who is to be answered.
#[derive(Clone, Copy)]
struct Asker {
    inbound: InboundId,
    peer: PeerId,
}

/// A Register that waits for the store or the directory.
#[derive(Clone, Debug)]
pub(crate) struct Claimed {
    pub(crate) inbound: InboundId,
    pub(crate) id: RegistrationId,
    pub(crate) name: EndpointName,
    /// Transport and address that it came from: its link may go meanwhile.
    pub(crate) from: Option<(u8, Address)>,
}

impl ServerMachine {
    pub(super) fn on_request(&mut self, now: Now, id: InboundId, peer: PeerId, request: &Request) {
        let first = request.options.uri_path().next();
        if self.config.authorizer && (is_send(request) || first == Some(REGISTRATION_INTERFACE)) {
            return self.ask_first(now, id, peer, request);
        }
        if is_send(request) {
            return self.on_send(now, id, peer, request);
        }
        if request.options.uri_path().next() != Some(REGISTRATION_INTERFACE) {
            return self.on_other_request(now, id, peer, request);
        }
        if let Err(rejection) = self.on_uplink(now, id, peer, request, None) {
            self.refuse_uplink(now, id, &rejection);
        }
    }

    pub(super) fn refuse_uplink(&mut self, now: Now, id: InboundId, rejection: &Rejection) {
        self.counters.refused += 1;
        tracing::debug!(target: "lwm2m::server", %rejection, "refused");
        self.respond(now, id, refusal(rejection));
    }

    /// `attached`: what the program says of the client, if it was asked and said something.
    pub(super) fn on_uplink(
        &mut self,
        now: Now,
        id: InboundId,
        peer: PeerId,
        request: &Request,
        attached: Option<Attached>,
    ) -> Result<(), Rejection> {
        let registered = path_id(request.options.uri_path()).and_then(|id| self.registrations.by_id(id));
        let version = registered.and_then(|slot| self.registrations.get(slot)).map(|entry| entry.version);
        let cx = Context { model: &NoModel, version: version.unwrap_or_default(), tree: &Tree::DEFAULT };
        let known = self.known_links(request, version);
        let uplink = match &known {
            Some((_, bare)) => Uplink::from_coap(bare, &cx)?,
            None => Uplink::from_coap(request, &cx)?,
        };
        let links = match known {
            Some((set, _)) => Said::Known(set),
            None => Said::Payload(request.payload.bytes()),
        };
        match uplink {
            Uplink::Register(register) => {
                let attached = attached.unwrap_or_default();
                self.register(now, Asker { inbound: id, peer }, register, links, attached)
            }
            Uplink::Update { location, change } => {
                let from = Asker { inbound: id, peer };
                let slot = self.registration_at(&location, peer)?;
                let same = attached.is_none();
                attached.into_iter().for_each(|attached| self.attach_data(slot, attached));
                self.update(now, from, slot, change, links, same)
            }
            Uplink::Deregister { location } => self.deregister(now, id, peer, &location),
            _ => Err(Rejection::not_found()),
        }
    }

    /// The link set of a payload that some client of the same version has registered with already, and the request
    /// without it: so it is read once.
    fn known_links(&self, request: &Request, version: Option<Version>) -> Option<(LinkSetId, Request)> {
        let payload = request.payload.bytes();
        if payload.is_empty() || !matches!(request.options.content_format(), None | Some(ContentFormat::LINK))
        {
            return None;
        }
        let said = || request.options.uri_query().find_map(|parameter| parameter.strip_prefix("lwm2m="));
        let version = version.or_else(|| said()?.parse().ok())?;
        let set = self.links.find(version, payload)?;
        Some((set, Request::new(request.method).with_options(request.options.clone())))
    }

    fn register(
        &mut self,
        now: Now,
        Asker { inbound, peer }: Asker,
        said: Register,
        links: Said<'_>,
        attached: Attached,
    ) -> Result<(), Rejection> {
        self.check_version(said.version)?;
        self.check_parameters(&said.extra)?;
        self.check_complete(&said, links)?;
        let name = self.endpoint_name(peer, said.endpoint.as_ref())?;
        let mut parsed = Links::default();
        parsed.tree = said.tree;
        parsed.formats = said.formats;
        parsed.objects = said.objects;
        let links = self.hold_links(said.version, links, parsed)?;
        let extra = Extra {
            sms: said.sms,
            profile: said.profile,
            parameters: said.extra,
            identity: self.peers.identity(peer).clone(),
            attached,
            ..Extra::default()
        };
        let new = New {
            name,
            peer,
            tag: rand_core::Rng::next_u64(&mut self.rng),
            registered: now.wall.unwrap_or(UnixTime(0)),
            links,
            lifetime: said.lifetime.map_or(DEFAULT_LIFETIME, seconds),
            version: said.version,
            bindings: said.bindings.into_iter().collect(),
            queue_mode: said.queue_mode,
            extra: extra.boxed(),
        };
        let endpoint = new.name.clone();
        let id = self.registrations.reserve(new).map_err(|new| {
            self.links.release(new.links);
            busy()
        })?;
        let address = self.peers.address(peer);
        let from = address.map(|address| (self.peers.transport(peer).unwrap_or(0), address));
        let claimed = Claimed { inbound, id, name: endpoint.clone(), from };
        if !self.config.store {
            return self.claim(now, claimed);
        }
        if self.config.shards > 1 && !self.peers.identity(peer).is_secure() {
            return self.ask_directory(now, id, Job::MayClaim(claimed), Call::MayClaim { endpoint });
        }
        self.store_registration(now, claimed)
    }

    /// What a client that proved nothing says must not take the place of another in the store.
    pub(super) fn on_may_claim(&mut self, now: Now, claimed: &Claimed, claim: &Claim) {
        if matches!(claim, Claim::Refused) {
            return self.not_claimed(now, claimed, &proved_by_another());
        }
        if let Err(rejection) = self.store_registration(now, claimed.clone()) {
            self.refuse_uplink(now, claimed.inbound, &rejection);
        }
    }

    pub(super) fn not_claimed(&mut self, now: Now, claimed: &Claimed, rejection: &Rejection) {
        self.drop_reserved(claimed.id);
        self.refuse_uplink(now, claimed.inbound, rejection);
    }

    fn store_registration(&mut self, now: Now, claimed: Claimed) -> Result<(), Rejection> {
        self.keep_place(&claimed);
        let slot = self.registrations.reserved(claimed.id);
        let Some(registration) = slot.and_then(|slot| self.view(now, slot)) else {
            return self.claim(now, claimed);
        };
        let id = claimed.id;
        self.store(Change::Register(registration), Then::Register(claimed)).map_err(|_| {
            self.drop_reserved(id);
            busy()
        })
    }

    /// Asks the directory whether another shard has the endpoint, if there is another shard.
    pub(super) fn claim(&mut self, now: Now, claimed: Claimed) -> Result<(), Rejection> {
        let Some(slot) = self.registrations.reserved(claimed.id).filter(|_| self.config.shards > 1) else {
            self.on_claimed(now, &claimed, Claim::Granted(None, Heritage::default()));
            return Ok(());
        };
        let Some(entry) = self.registrations.get(slot) else { return Ok(()) };
        let (endpoint, secure, id) = (entry.name.clone(), entry.is_secure(), claimed.id);
        let call = Call::Claim { endpoint, id, secure };
        self.ask_directory(now, id, Job::Claim(claimed), call)
    }

    fn ask_directory(&mut self, now: Now, id: RegistrationId, job: Job, call: Call) -> Result<(), Rejection> {
        self.call(now, job, call).map_err(|_| {
            self.drop_reserved(id);
            busy()
        })
    }

    fn update(
        &mut self,
        now: Now,
        Asker { inbound, peer }: Asker,
        slot: u32,
        mut change: Update,
        links: Said<'_>,
        same: bool,
    ) -> Result<(), Rejection> {
        self.check_parameters(&change.extra)?;
        let version = self.registrations.get(slot).map_or(Version::default(), |entry| entry.version);
        let links = match (links, change.links.take()) {
            (Said::Known(_), parsed) => Some(self.hold_links(version, links, parsed.unwrap_or_default())?),
            (Said::Payload(_), Some(parsed)) => Some(self.hold_links(version, links, parsed)?),
            (Said::Payload(_), None) => None,
        };
        let Some(id) = self.registrations.id(slot) else { return Err(unknown()) };
        let updating = Updating { inbound, peer, id, change, links };
        if !self.config.store {
            self.commit_update(now, updating);
            return Ok(());
        }
        let same = same
            && updating.links.is_none()
            && updating.change == Update::default()
            && self.disabled_until(slot).is_none()
            && self.peers.registration(peer) == Some(slot);
        let Some(after) = self.view_after(now, slot, &updating) else { return Err(busy()) };
        if same {
            self.store_behind(Change::Touch { id, updated: after.updated, expires: after.expires });
            self.commit_update(now, updating);
            return Ok(());
        }
        if let Err(Then::Update(updating)) =
            self.store(Change::Update(after), Then::Update(Box::new(updating)))
        {
            self.forget_updating(now, &updating, &busy());
        }
        Ok(())
    }

    /// The last step of an Update.
    pub(super) fn commit_update(&mut self, now: Now, updating: Updating) {
        let Updating { inbound, peer, id, change, links } = updating;
        let Some(slot) = self.registrations.by_id(id) else {
            links.into_iter().for_each(|links| self.links.release(links));
            return self.refuse_uplink(now, inbound, &unknown());
        };
        let before = self.view_if_asked_for(now, slot);
        if let Some(entry) = self.registrations.get_mut(slot) {
            entry.updated = now.wall.unwrap_or(UnixTime(0));
            entry.lifetime = change.lifetime.map_or(entry.lifetime, seconds);
            if let Some(bindings) = change.bindings {
                entry.bindings = bindings.into_iter().collect::<Bindings>();
            }
            entry.queue_mode = change.queue_mode.unwrap_or(entry.queue_mode);
            if change.sms.is_some() {
                entry.extra.get_or_insert_default().sms = change.sms;
            }
            if !change.extra.is_empty() {
                entry.extra.get_or_insert_default().parameters = change.extra;
            }
        }
        if let Some(links) = links {
            self.replace_links(slot, links);
        }
        self.registrations.renew(now.mono, slot);
        self.counters.updated += 1;
        self.respond(now, inbound, Response::new(Code::CHANGED));
        self.move_to(now, slot, peer);
        self.emit_updated(now, slot, before);
        self.not_disabled(now, slot);
        self.heard(now, slot);
    }

    fn deregister(
        &mut self,
        now: Now,
        inbound: InboundId,
        peer: PeerId,
        location: &Location,
    ) -> Result<(), Rejection> {
        let slot = self.registration_at(location, peer)?;
        let Some(id) = self.registrations.id(slot) else { return Err(unknown()) };
        let until = self.disabled_until(slot);
        if self.config.store {
            let then = Then::Deregister { inbound, id, until };
            return self.store(Change::end_of(id, until), then).map_err(|_| busy());
        }
        self.commit_deregister(now, inbound, id, until);
        Ok(())
    }

    /// The last step of a De-register.
    pub(super) fn commit_deregister(
        &mut self,
        now: Now,
        inbound: InboundId,
        id: RegistrationId,
        until: Option<UnixTime>,
    ) {
        let Some(slot) = self.registrations.by_id(id) else {
            return self.refuse_uplink(now, inbound, &unknown());
        };
        self.respond(now, inbound, Response::new(Code::DELETED));
        self.on_deregistered(now, slot, until);
    }

    /// The registration that a location names, if it is this peer's. Over NoSec whoever knows the location is its
    /// client: the address may have changed.
    pub(super) fn registration_at(&self, location: &Location, peer: PeerId) -> Result<u32, Rejection> {
        let slot = location_id(location).and_then(|id| self.registrations.by_id(id)).ok_or_else(unknown)?;
        let owner = self.registrations.get(slot).and_then(|entry| entry.extra.as_deref());
        let owner = owner.map_or(&Identity::Unsecured, |extra| &extra.identity);
        if owner == self.peers.identity(peer) { Ok(slot) } else { Err(unknown()) }
    }

    fn check_version(&self, version: Version) -> Result<(), Rejection> {
        let (oldest, newest) = (self.config.oldest, self.config.newest);
        if (oldest..=newest).contains(&version) {
            return Ok(());
        }
        let detail = format!("lwm2m={version}: this server speaks {oldest} to {newest}");
        Err(Rejection::new(Code::PRECONDITION_FAILED, detail))
    }

    fn check_parameters(&self, unknown: &[(String, Option<String>)]) -> Result<(), Rejection> {
        match unknown.first() {
            Some((name, _)) if self.config.strict => {
                Err(Rejection::bad_request(format!("unknown parameter {name}")))
            }
            _ => Ok(()),
        }
    }

    /// A list of objects stands in the Register, or with the profile that it names; no profile is known here. What old
    /// devices leave out without one, only a strict server misses. [Core 1.2 §6.2.1]
    fn check_complete(&self, said: &Register, links: Said<'_>) -> Result<(), Rejection> {
        let listed = !matches!(links, Said::Payload(payload) if payload.is_empty());
        if !listed && (self.config.strict || said.profile.is_some()) {
            return Err(Rejection::new(
                Code::CONFLICT,
                "the list of objects is missing, and no profile is known",
            ));
        }
        if self.config.strict && said.lifetime.is_none() && said.version > Version::V1_0 {
            return Err(Rejection::bad_request("lt is missing"));
        }
        Ok(())
    }

    /// The name that a client registers under: what it says, if it may; else what its keys say.
    pub(super) fn endpoint_name(
        &self,
        peer: PeerId,
        said: Option<&EndpointName>,
    ) -> Result<EndpointName, Rejection> {
        let name = self.peers.endpoints(peer).name(said)?;
        if !self.peers.identity(peer).is_secure() && self.is_proved(&name) {
            return Err(proved_by_another());
        }
        Ok(name)
    }

    /// Has a client this name that proved who it is?
    pub(super) fn is_proved(&self, name: &str) -> bool {
        let entry = self.registrations.by_name(name).and_then(|slot| self.registrations.get(slot));
        entry.is_some_and(Entry::is_secure)
    }

    /// One more holder of the link set that a payload is.
    fn hold_links(
        &mut self,
        version: Version,
        said: Said<'_>,
        parsed: Links,
    ) -> Result<LinkSetId, Rejection> {
        match said {
            Said::Known(set) => {
                self.links.hold_again(set);
                Ok(set)
            }
            Said::Payload(payload) => {
                let most = self.config.limits.links;
                if payload.len() > most {
                    let detail = format!("the object list is longer than {most} octets");
                    return Err(Rejection::new(Code::REQUEST_ENTITY_TOO_LARGE, detail));
                }
                self.links.hold(version, payload, || parsed).ok_or_else(busy)
            }
        }
    }

    /// A request to something else than the registration interface.
    fn on_other_request(&mut self, now: Now, inbound: InboundId, peer: PeerId, request: &Request) {
        let matches = |path: &Vec<String>| {
            let mut segments = request.options.uri_path();
            path.iter().all(|segment| segments.next() == Some(segment.as_str()))
        };
        let best = self.config.resources.iter().enumerate().filter(|(_, path)| matches(path));
        let best = best.max_by_key(|(_, path)| path.len()).map(|(resource, _)| resource);
        let (Some(resource), Some(from)) = (best, self.peers.remote(peer)) else {
            return self.respond(now, inbound, refusal(&Rejection::not_found()));
        };
        let call = Call::Resource { resource, request: request.clone(), from };
        if self.call(now, Job::Resource(inbound), call).is_err() {
            self.respond(now, inbound, refusal(&busy()));
        }
    }
}

/// The registration that a location names.
pub(super) fn location_id(location: &Location) -> Option<RegistrationId> {
    let mut segments = location.segments();
    let (interface, id) = (segments.next()?, segments.next()?);
    if interface != REGISTRATION_INTERFACE || segments.next().is_some() {
        return None;
    }
    id.parse().ok()
}

/// The registration that the path of a request names.
pub(super) fn path_id<'a>(mut path: impl Iterator<Item = &'a str>) -> Option<RegistrationId> {
    if path.next()? != REGISTRATION_INTERFACE {
        return None;
    }
    let id = path.next()?.parse().ok()?;
    path.next().is_none().then_some(id)
}

/// 2.01 with the location.
pub(super) fn created(id: RegistrationId) -> Response {
    let options = Options::new()
        .with(OptionNumber::LOCATION_PATH, REGISTRATION_INTERFACE.as_bytes())
        .with(OptionNumber::LOCATION_PATH, id.encode(&mut [0; 12]).as_bytes());
    Response::new(Code::CREATED).with_options(options)
}

pub(super) fn refusal(rejection: &Rejection) -> Response {
    rejection.into()
}

/// Who proves nothing cannot take the name of a client that did.
pub(super) fn proved_by_another() -> Rejection {
    Rejection::new(Code::FORBIDDEN, "ep is registered by a client that proved who it is")
}

/// There is no room now.
pub(super) fn busy() -> Rejection {
    Rejection::unavailable("the server has no room now", RETRY_AFTER)
}

pub(super) fn unknown() -> Rejection {
    Rejection::new(Code::NOT_FOUND, "no such registration")
}

/// Whole seconds, rounded up, so that a client that keeps its time is never too late.
fn seconds(lifetime: Duration) -> u32 {
    let up = u64::from(lifetime.subsec_nanos() > 0);
    u32::try_from(lifetime.as_secs().saturating_add(up)).unwrap_or(u32::MAX)
}

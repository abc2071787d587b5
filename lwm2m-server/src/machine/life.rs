//! What begins and ends a registration, and what the world hears of it.

use std::{sync::Arc, time::Duration};

use lwm2m_core::{Address, Binding, Identity, Now, PeerId, Route, UnixTime, transport::TransportError};

use super::{
    Answered, Claim, Event, Heritage, ServerMachine,
    links::LinkSetId,
    registration::{NONE, Reach},
    uplink::{self, Claimed},
};
use crate::{EndReason, Presence, Registration, RegistrationId, ServerEvent, Updated, store::Change};

/// A peer that does not exist.
pub(super) const NOWHERE: PeerId = PeerId { index: u32::MAX, generation: u32::MAX };

impl ServerMachine {
    /// The last step of a Register: nothing can refuse it any more.
    pub(super) fn on_claimed(&mut self, now: Now, claimed: &Claimed, claim: Claim) {
        let (inbound, id, name) = (claimed.inbound, claimed.id, claimed.name.clone());
        self.keep_place(claimed);
        let reserved =
            self.registrations.reserved(id).and_then(|slot| Some((slot, self.registrations.get(slot)?)));
        let reserved = reserved.map(|(slot, entry)| (slot, entry.peer, entry.is_secure()));
        let Some((slot, peer, secure)) = reserved else {
            claim.into_mail().into_iter().for_each(|mail| self.return_mail(mail));
            self.not_registered(now, claimed);
            return self.refuse_uplink(now, inbound, &uplink::busy()); // it registered elsewhere at the same moment
        };
        // Since it was let in, a client that proved who it is may have registered.
        let taken = !secure && self.is_proved(&name);
        let (elsewhere, mut heritage) = match claim {
            Claim::Granted(elsewhere, heritage) if !taken => (elsewhere, heritage),
            claim => {
                self.drop_reserved(id);
                // It waits for whoever has the name.
                let has = self.registrations.by_name(&name).unwrap_or(NONE);
                claim.into_mail().into_iter().for_each(|mail| self.put_mail(has, mail));
                self.store_again(now, &name);
                return self.refuse_uplink(now, inbound, &uplink::proved_by_another());
            }
        };
        let here = self.registrations.by_name(&name);
        let registered = here.is_some_and(|old| !self.registrations.is_away(old));
        let replaced = here.and_then(|old| {
            let view = self.view_if_asked_for(now, old).filter(|_| registered);
            heritage.observations = self.take_observations(old);
            heritage.mail = self.take_mail(now, old, false);
            let before = self.registrations.get(old).map(|entry| entry.peer);
            self.end(now, old, EndReason::Replaced);
            before
                .filter(|before| *before != peer)
                .into_iter()
                .for_each(|before| self.end_session(now, before));
            view
        });
        self.counters.replaced += u64::from(registered);
        self.registrations.publish(now.mono, slot);
        // Before it has its answer a client takes no requests, and `attach` may send the first. [Core 1.2 §6.2.1]
        self.respond(now, inbound, uplink::created(id));
        self.put_mail(slot, heritage.mail);
        // The store has dropped them with the registration before; the client may take them up late.
        for observation in heritage.observations.iter().cloned() {
            self.store_behind(Change::Observe { id, observation });
        }
        self.inherit(slot, heritage.observations);
        // What was kept again meanwhile, or came to another shard at the same moment, may stand in the store instead.
        if heritage.evicted || self.unstored.is_kept_again(&name) {
            self.store_again(now, &name);
        }
        if self.peers.address(peer).is_some() {
            self.attach(now, slot, peer);
        }
        self.counters.registered += 1;
        tracing::debug!(target: "lwm2m::server", endpoint = %name, %id, "registered");
        if let Some(registration) = self.view_if_asked_for(now, slot) {
            let replaced = replaced.or(elsewhere);
            self.emit(Event::Public(ServerEvent::Registered { registration, replaced }));
        }
        self.heard(now, slot);
    }

    /// The link of a Register may go while the store or the directory is asked: that is as if it went after the answer.
    pub(super) fn keep_place(&mut self, Claimed { id, from, .. }: &Claimed) {
        let Some(slot) = self.registrations.reserved(*id) else { return };
        if let Some(entry) = self.registrations.get_mut(slot)
            && self.peers.address(entry.peer).is_none()
        {
            entry.extra.get_or_insert_default().heard.clone_from(from);
        }
    }

    pub(super) fn drop_reserved(&mut self, id: RegistrationId) {
        let slot = self.registrations.reserved(id);
        if let Some(entry) = slot.and_then(|slot| self.registrations.remove(slot)) {
            self.links.release(entry.links);
            self.emit(Event::Gone { endpoint: entry.name, id });
        }
    }

    /// `until`: it was sent away, and is due back then.
    pub(super) fn on_deregistered(&mut self, now: Now, slot: u32, until: Option<UnixTime>) {
        let view = self.view_if_asked_for(now, slot);
        self.depart(now, slot, until, EndReason::Deregistered);
        self.counters.deregistered += 1;
        self.emit_gone(view, ServerEvent::Deregistered);
    }

    pub(super) fn expire_one(&mut self, now: Now) -> bool {
        let Some(slot) = self.registrations.pop_expired(now.mono) else { return false };
        if self.registrations.is_away(slot) {
            self.give_up(now, slot);
            return true;
        }
        // It may have left as it was told to, and its De-register got lost.
        let until = self.disabled_until(slot).filter(|until| *until > Self::wall(now));
        if let Some(id) = self.registrations.id(slot) {
            self.store_behind(Change::end_of(id, until));
        }
        let view = self.view_if_asked_for(now, slot);
        self.depart(now, slot, until, EndReason::Expired);
        self.counters.expired += 1;
        self.emit_gone(view, ServerEvent::Expired);
        true
    }

    fn depart(&mut self, now: Now, slot: u32, until: Option<UnixTime>, reason: EndReason) {
        match until {
            Some(until) => self.go_away(now, slot, until, reason),
            None => self.end(now, slot, reason),
        }
    }

    /// A link is down. Where it was a session of a registered client, the world hears of it.
    pub(super) fn session_ended(&mut self, now: Now, route: Route, error: TransportError) {
        let peer = self.endpoint.peer_at(route).filter(|peer| self.peers.identity(*peer).is_secure());
        let slot = peer.and_then(|peer| self.peers.registration(peer));
        if let Some(registration) = slot.and_then(|slot| self.view_if_asked_for(now, slot)) {
            self.emit(Event::Public(ServerEvent::SessionEnded { registration, error }));
        }
    }

    /// The client has registered in another session: nobody needs this one any more.
    fn end_session(&mut self, now: Now, peer: PeerId) {
        if self.peers.identity(peer).is_secure()
            && let Some(route) = self.endpoint.route_of(peer)
        {
            self.on_down(now, route);
            self.disconnect(route);
        }
    }

    /// The client is registered with another shard now.
    pub(super) fn on_evict(&mut self, now: Now, request: u64, id: RegistrationId) {
        self.drop_reserved(id);
        let slot = self.registrations.by_any_id(id);
        let registered = slot.is_some_and(|slot| !self.registrations.is_away(slot));
        let view = slot.filter(|_| registered).and_then(|slot| self.view(now, slot));
        let mut heritage = Heritage { evicted: true, ..Heritage::default() };
        if let Some(slot) = slot {
            heritage.observations = self.take_observations(slot);
            heritage.mail = self.take_mail(now, slot, true);
            let before = self.registrations.get(slot).map(|entry| entry.peer);
            self.end(now, slot, EndReason::Replaced);
            before.into_iter().for_each(|before| self.end_session(now, before));
            self.counters.replaced += u64::from(registered);
        }
        self.emit(Event::Finished { request, result: Ok(Answered::Evicted(view, heritage)) });
    }

    /// The client's address changed under its association.
    pub(super) fn on_moved(&mut self, now: Now, peer: PeerId, address: Address) {
        let slot = self.peers.registration(peer);
        let before = slot.and_then(|slot| self.view_if_asked_for(now, slot));
        self.peers.set_address(peer, address);
        if let Some(slot) = slot {
            self.emit_updated(now, slot, before);
        }
    }

    /// Requests to this registration go to this peer from now on.
    pub(super) fn attach(&mut self, now: Now, slot: u32, peer: PeerId) {
        if let Some(other) = self.peers.registration(peer).filter(|other| *other != slot) {
            self.displace(now, other);
        }
        let Some(entry) = self.registrations.get_mut(slot) else { return };
        entry.peer = peer;
        if let Some(extra) = &mut entry.extra {
            (extra.heard, extra.reach) = (None, Reach::There);
        }
        self.peers.set_registration(peer, Some(slot));
        self.endpoint.set_registered(peer, true);
        self.observe_again(now, slot);
    }

    /// The client is where this peer is: it takes that place, with its exchanges and observations. What must still
    /// leave to the peer has been sent.
    pub(super) fn move_to(&mut self, now: Now, slot: u32, peer: PeerId) {
        let Some(old) = self.registrations.get(slot).map(|entry| entry.peer).filter(|old| *old != peer)
        else {
            return;
        };
        if self.peers.address(peer).is_none() {
            return; // its link went while the store was asked
        }
        if self.peers.registration(old) != Some(slot) {
            return self.attach(now, slot, peer); // it had lost its place
        }
        if let Some(other) = self.peers.registration(peer) {
            self.displace(now, other);
        }
        self.endpoint.swap_links(old, peer);
        self.peers.swap(old, peer);
        if let Some(route) = self.endpoint.route_of(peer) {
            self.on_down(now, route);
            self.disconnect(route);
        }
        self.observe_anew(now, slot);
    }

    /// Another client has registered from this client's address: it is not there any more. It stays registered, and
    /// nothing reaches it before its next Update.
    fn displace(&mut self, now: Now, slot: u32) {
        self.end_observations(now, slot, EndReason::Displaced);
        self.end_requests(now, slot, EndReason::Displaced);
        self.lose_place(slot);
    }

    /// Nothing reaches it where it was.
    pub(super) fn lose_place(&mut self, slot: u32) {
        let Some(entry) = self.registrations.get_mut(slot) else { return };
        let peer = std::mem::replace(&mut entry.peer, NOWHERE);
        let extra = entry.extra.get_or_insert_default();
        if let Some(address) = self.peers.address(peer) {
            extra.heard = Some((self.peers.transport(peer).unwrap_or(0), address));
        }
        extra.reach = Reach::Lost;
        if self.peers.registration(peer) == Some(slot) {
            self.peers.set_registration(peer, None);
            self.endpoint.set_registered(peer, false);
        }
    }

    /// Ends a registration and all that hangs on it.
    pub(super) fn end(&mut self, now: Now, slot: u32, reason: EndReason) {
        self.forget_presence(slot);
        self.end_observations(now, slot, reason);
        self.end_requests(now, slot, reason);
        let Some(id) = self.registrations.id(slot) else { return };
        let Some(entry) = self.registrations.remove(slot) else { return };
        self.links.release(entry.links);
        if self.peers.registration(entry.peer) == Some(slot) {
            self.peers.set_registration(entry.peer, None);
            self.endpoint.set_registered(entry.peer, false);
        }
        tracing::debug!(target: "lwm2m::server", endpoint = %entry.name, %id, %reason, "registration ended");
        if self.config.shards > 1 {
            self.emit(Event::Gone { endpoint: entry.name, id });
        }
    }

    pub(super) fn replace_links(&mut self, slot: u32, links: LinkSetId) {
        if let Some(entry) = self.registrations.get_mut(slot) {
            let old = std::mem::replace(&mut entry.links, links);
            self.links.release(old);
        }
    }

    pub(super) fn emit_updated(&mut self, now: Now, slot: u32, before: Option<Arc<Registration>>) {
        if let Some((before, after)) = before.zip(self.view_if_asked_for(now, slot)) {
            self.emit(Event::Public(ServerEvent::Updated(Updated { before, after })));
        }
    }

    /// The registration has ended: the client is offline, unless it is only disabled.
    fn emit_gone(&mut self, of: Option<Arc<Registration>>, event: fn(Arc<Registration>) -> ServerEvent) {
        let Some(before) = of.filter(|_| self.config.interest.any()) else { return };
        let after = match before.presence {
            Presence::Disabled { .. } => before,
            _ => Arc::new(Registration { presence: Presence::Offline, ..(*before).clone() }),
        };
        self.emit(Event::Public(event(after)));
    }

    /// Nobody builds what nobody reads.
    pub(super) fn view_if_asked_for(&self, now: Now, slot: u32) -> Option<Arc<Registration>> {
        if self.config.interest.any() { self.view(now, slot) } else { None }
    }

    /// The registration as programs see it.
    pub(super) fn view(&self, now: Now, slot: u32) -> Option<Arc<Registration>> {
        let entry = self.registrations.get(slot)?;
        let extra = entry.extra.as_deref();
        let here =
            self.peers.address(entry.peer).map(|at| (self.peers.transport(entry.peer).unwrap_or(0), at));
        let (transport, address) = here.or_else(|| extra?.heard.clone())?;
        let wall = now.wall.unwrap_or(UnixTime(0));
        Some(Arc::new(Registration {
            id: self.registrations.id(slot)?,
            endpoint: entry.name.clone(),
            version: entry.version,
            lifetime: Duration::from_secs(entry.lifetime.into()),
            registered: entry.registered,
            updated: entry.updated,
            expires: self.registrations.remaining(now.mono, slot).map(|left| wall.after(left)),
            bindings: entry.bindings.iter().collect(),
            queue_mode: entry.queue_mode,
            sms: extra.and_then(|extra| extra.sms.clone()),
            profile: extra.and_then(|extra| extra.profile.clone()),
            extra: extra.map(|extra| extra.parameters.clone()).unwrap_or_default(),
            links: self.links.links(entry.links)?.clone(),
            identity: extra.map_or(Identity::Unsecured, |extra| extra.identity.clone()),
            binding: self.config.bindings.get(usize::from(transport)).copied().unwrap_or(Binding::Udp),
            address,
            disable_timeout: extra
                .and_then(|extra| extra.disable_timeout)
                .map(|seconds| Duration::from_secs(seconds.into())),
            presence: self.presence(slot),
            attached: self.attached(slot),
        }))
    }

    pub(super) fn on_list(&mut self, now: Now, request: u64, from: u32, max: usize) {
        let (mut registrations, mut next) = (Vec::new(), Some(from));
        while registrations.len() < max {
            let Some((slot, _)) = next.and_then(|from| self.registrations.next_from(from)) else {
                next = None;
                break;
            };
            registrations.extend(self.view(now, slot));
            next = slot.checked_add(1);
        }
        self.emit(Event::Finished { request, result: Ok(Answered::List { registrations, next }) });
    }
}

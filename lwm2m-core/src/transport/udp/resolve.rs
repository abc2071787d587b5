//! Names of servers: looked up at every connect, the next address after one that was silent.

use std::{
    future::Future,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use super::{Family, is_host};
use crate::{
    LinkId,
    transport::{Host, TransportError, Uri},
};

/// Look-ups at a time; the application asked for each.
const MAX_LOOKUPS: usize = 64;
/// Names whose last address is remembered.
const MAX_NAMES: usize = 64;
/// Addresses of a name that are looked at.
const MAX_ADDRESSES: usize = 32;

type Found = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

pub(super) struct Resolver {
    family: Family,
    lookups: Vec<Lookup>,
    tried: Vec<Tried>,
}

struct Lookup {
    link: LinkId,
    name: String,
    found: Found,
}

/// What became of the last address of a name.
struct Tried {
    name: String,
    link: LinkId,
    address: SocketAddr,
    /// Something came back.
    heard: bool,
}

pub(super) struct Resolved {
    pub(super) link: LinkId,
    pub(super) address: Result<SocketAddr, TransportError>,
}

impl Resolver {
    pub(super) fn new(family: Family) -> Self {
        Self { family, lookups: Vec::new(), tried: Vec::new() }
    }

    /// The address, if this socket can send there.
    pub(super) fn usable(&self, address: SocketAddr) -> Result<SocketAddr, &'static str> {
        let address = match address {
            SocketAddr::V6(v6) if v6.ip().to_ipv4_mapped().is_some() => {
                SocketAddr::new(address.ip().to_canonical(), address.port())
            }
            _ => address,
        };
        match (self.family, address) {
            _ if !is_host(address) => Err("no single host has this address"),
            (Family::V4, SocketAddr::V6(_)) => Err("the socket is bound to an IPv4 address"),
            (Family::V6, SocketAddr::V4(_)) => Err("the socket is bound to an IPv6 address"),
            _ => Ok(address),
        }
    }

    pub(super) fn start(&mut self, link: LinkId, uri: &Uri) -> Result<(), TransportError> {
        if self.lookups.len() >= MAX_LOOKUPS {
            return Err(TransportError::Overflow);
        }
        let host = match &uri.host {
            Host::Ip(ip) => ip.to_string(),
            Host::Zoned(ip, zone) => format!("{ip}%{zone}"),
            Host::Name(name) => name.clone(),
        };
        let (name, port) = (format!("{}:{}", uri.host, uri.port), uri.port);
        let found = Box::pin(async move {
            Ok(tokio::net::lookup_host((host, port)).await?.take(MAX_ADDRESSES).collect())
        });
        self.lookups.push(Lookup { link, name, found });
        Ok(())
    }

    pub(super) fn stop(&mut self, link: LinkId) {
        self.lookups.retain(|lookup| lookup.link != link);
    }

    /// A frame came by this link: its address is a good one.
    pub(super) fn heard(&mut self, link: LinkId) {
        for tried in &mut self.tried {
            tried.heard |= tried.link == link;
        }
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Resolved> {
        for position in 0..self.lookups.len() {
            let Some(lookup) = self.lookups.get_mut(position) else { break };
            if let Poll::Ready(found) = lookup.found.as_mut().poll(cx) {
                let Lookup { link, name, .. } = self.lookups.swap_remove(position);
                let address = self.choose(link, name, found);
                return Poll::Ready(Resolved { link, address });
            }
        }
        Poll::Pending
    }

    fn choose(
        &mut self,
        link: LinkId,
        name: String,
        found: io::Result<Vec<SocketAddr>>,
    ) -> Result<SocketAddr, TransportError> {
        let found = found.map_err(|error| TransportError::Io(Arc::new(error)))?;
        let usable: Vec<_> = found.into_iter().filter_map(|address| self.usable(address).ok()).collect();
        let before = self.tried.iter().position(|tried| tried.name == name).map(|p| self.tried.remove(p));
        let address =
            next(&usable, before.as_ref()).ok_or_else(|| TransportError::Unresolved(name.clone()))?;
        if self.tried.len() >= MAX_NAMES {
            self.tried.remove(0);
        }
        self.tried.push(Tried { name, link, address, heard: false });
        Ok(address)
    }
}

fn next(usable: &[SocketAddr], before: Option<&Tried>) -> Option<SocketAddr> {
    let position = match before {
        Some(tried) => match usable.iter().position(|address| *address == tried.address) {
            Some(position) if tried.heard => position,
            Some(position) => (position + 1) % usable.len(),
            None => 0,
        },
        None => 0,
    };
    usable.get(position).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: LinkId = LinkId { index: 0, generation: 0 };

    fn addresses(all: &[&str]) -> io::Result<Vec<SocketAddr>> {
        Ok(all.iter().map(|a| a.parse().unwrap()).collect())
    }

    #[test]
    fn a_silent_address_makes_room_for_the_next_and_a_good_one_stays() {
        let mut resolver = Resolver::new(Family::Both);
        let mut connect = |heard: bool| {
            let found = addresses(&["10.0.0.1:5683", "[2001:db8::1]:5683"]);
            let address = resolver.choose(LINK, "a:5683".into(), found).unwrap();
            if heard {
                resolver.heard(LINK);
            }
            address.is_ipv4()
        };
        assert!(connect(false));
        assert!(!connect(false));
        assert!(connect(true));
        assert!(connect(true));
    }

    #[test]
    fn only_addresses_that_the_socket_can_reach() {
        let mut resolver = Resolver::new(Family::V4);
        let found = addresses(&["[2001:db8::1]:5683", "224.0.1.187:5683", "10.0.0.1:5683"]);
        assert_eq!(resolver.choose(LINK, "a".into(), found).unwrap(), "10.0.0.1:5683".parse().unwrap());
        let none = resolver.choose(LINK, "b".into(), addresses(&["[2001:db8::1]:5683"]));
        assert!(matches!(none, Err(TransportError::Unresolved(name)) if name == "b"));
    }
}

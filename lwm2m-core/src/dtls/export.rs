//! Sessions outside of memory: a device that slept or restarted goes on without a handshake.
//!
//! A copy says which record numbers its holder may still use: those from a reserve on that the session in memory does
//! not touch before a later copy is stored. A restored session sends nothing before its own first copy is stored, so
//! that restoring the same copy twice repeats no number either. And should an old copy come back in spite of that, no
//! nonce is used again: restored sessions draw theirs anew. [RFC 6655 §3, RFC 5288 §3]
//!
//! What was received after the copy was made is not in it; whoever recorded that can play it back to a session restored
//! after a crash, until [`Endpoint::fresh`](super::Endpoint::fresh) says that the peer has answered something new. Copies of
//! [`Endpoint::suspend`](super::Endpoint::suspend) do not have this gap.

use std::sync::Arc;

use bytes::{BufMut as _, Bytes, BytesMut};
use zeroize::{Zeroize as _, Zeroizing};

use super::{
    Peer, Refusal,
    channel::{Channel, Numbers},
    message::SessionId,
    prf::{DirectionKeys, KeyBlock, MasterSecret, Side},
    reader::{Reader, put_vector8, put_vector16},
    resume::{Binding, Resumption, Terms},
    suite::Suite,
};
use crate::{EndpointName, Endpoints, Identity, Now, Secret, UnixTime};

const FORMAT: u8 = 2;

/// A copy of a session.
#[derive(Clone, Debug)]
pub struct Export {
    /// What to store. Whoever reads it can read and forge the session's records.
    pub state: Secret,
    /// Record numbers below this are the session's to use once the copy is stored.
    pub reserved: u64,
}

/// What a copy says of its session.
#[derive(Debug)]
#[non_exhaustive]
pub struct Glance {
    /// For a handshake instead.
    pub resumption: Option<Resumption>,
    /// The peer finds the session by a connection ID, wherever its records come from.
    pub moves: bool,
    /// The peer has proved itself with a certificate.
    certified: bool,
}

impl Glance {
    /// May the session go on, after a time that nobody has counted? Not if a certificate of the peer has expired since, or may
    /// have: a handshake looks at it again.
    #[must_use]
    pub fn holds(&self, now: Now) -> bool {
        self.resumption.as_ref().map_or(!self.certified, |resumption| resumption.still_holds(now))
    }
}

impl Export {
    /// Looks into a copy without going on with its session.
    ///
    /// # Errors
    /// It is not a copy of a session.
    pub fn glance(state: &[u8]) -> Result<Glance, NotASession> {
        let Kept { channel, resumption, peer, .. } = read(state, 0)?;
        let certified = matches!(peer.identity, Identity::Certificate { .. });
        Ok(Glance { resumption, moves: !channel.peer_cid().is_empty(), certified })
    }
}

/// A copy cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a copy of a session: {0}")]
pub struct NotASession(&'static str);

impl From<Refusal> for NotASession {
    fn from(refusal: Refusal) -> Self {
        Self(refusal.what)
    }
}

/// What a copy holds.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) side: Side,
    pub(super) suite: Suite,
    pub(super) channel: Box<Channel>,
    pub(super) peer: Arc<Peer>,
    pub(super) resumption: Option<Resumption>,
}

/// Writes a copy whose holder may use the numbers from `next` on.
pub(super) fn write(
    side: Side,
    suite: Suite,
    channel: &Channel,
    peer: &Peer,
    resumption: Option<&Resumption>,
    next: u64,
) -> Secret {
    // All at once: what is moved leaves a copy of the keys behind.
    let mut out = BytesMut::with_capacity(512 + room(peer));
    let (keys, encrypt_then_mac) = channel.keys(side);
    out.put_u8(FORMAT);
    out.put_u8(u8::from(side == Side::Server));
    out.put_u16(suite.id());
    out.put_u8(u8::from(encrypt_then_mac));
    for direction in [&keys.client, &keys.server] {
        out.extend_from_slice(&direction.mac);
        out.extend_from_slice(&direction.key);
        out.extend_from_slice(&direction.iv);
    }
    put_vector8(&mut out, channel.own_cid());
    put_vector8(&mut out, channel.peer_cid());
    out.put_u16(channel.longest());
    out.put_u64(next);
    out.put_u64(channel.next_received());
    put_peer(&mut out, peer);
    match resumption {
        Some(resumption) => {
            put_vector8(&mut out, resumption.id.as_slice());
            out.extend_from_slice(resumption.master.expose());
            out.extend_from_slice(&resumption.terms.binding.0);
            out.put_i64(resumption.terms.until.map_or(i64::MAX, |until| until.0));
        }
        None => out.put_u8(0),
    }
    let state = Secret::new(out.to_vec());
    out.zeroize();
    state
}

/// Octets of a peer, generously.
fn room(peer: &Peer) -> usize {
    let of_names =
        |names: &mut dyn Iterator<Item = usize>| names.map(|length| length.saturating_add(2)).sum();
    let identity: usize = match &peer.identity {
        Identity::Psk(octets) | Identity::RawPublicKey(octets) => octets.len(),
        Identity::Certificate { names, der } => {
            der.len().saturating_add(of_names(&mut names.iter().map(String::len)))
        }
        _ => 0,
    };
    let endpoints: usize = match &peer.endpoints {
        Endpoints::Only(names) => of_names(&mut names.iter().map(|name| name.len())),
        Endpoints::Any => 0,
    };
    identity.saturating_add(endpoints)
}

pub(super) fn read(state: &[u8], nonce: u64) -> Result<Kept, NotASession> {
    let mut reader = Reader::new(state, "length");
    let reader = &mut reader;
    if reader.u8()? != FORMAT {
        return Err(NotASession("format"));
    }
    let side = if reader.u8()? == 0 { Side::Client } else { Side::Server };
    let suite = Suite::from_id(reader.u16()?).ok_or(NotASession("suite"))?;
    let encrypt_then_mac = reader.u8()? != 0;
    let keys = KeyBlock { client: direction(reader)?, server: direction(reader)? };
    let (own, peer_cid) = (reader.vector8()?.into(), reader.vector8()?.into());
    let longest = usize::from(reader.u16()?);
    let (next, received) = (u64::from_be_bytes(*reader.array()?), u64::from_be_bytes(*reader.array()?));
    let peer = Arc::new(peer(reader)?);
    let id = SessionId::new(reader.vector8()?).ok_or(NotASession("session_id"))?;
    let resumption = if id.is_empty() {
        None
    } else {
        let octets = Zeroizing::new(*reader.array()?);
        let binding = Binding(*reader.array()?);
        let until = Some(i64::from_be_bytes(*reader.array()?)).filter(|until| *until != i64::MAX);
        let terms = Terms { binding, until: until.map(UnixTime) };
        Some(Resumption { id, master: MasterSecret::restore(*octets), suite, peer: peer.clone(), terms })
    };
    reader.finish()?;
    let channel = Channel::new(suite.cipher(), encrypt_then_mac, &keys, side).with_cids(own, peer_cid);
    let channel = Box::new(channel.limited(longest).restored(Numbers { next, received, nonce }));
    Ok(Kept { side, suite, channel, peer, resumption })
}

fn direction(reader: &mut Reader<'_>) -> Result<DirectionKeys, Refusal> {
    let mut keys = DirectionKeys::default();
    keys.mac.copy_from_slice(reader.array::<32>()?);
    keys.key.copy_from_slice(reader.array::<16>()?);
    keys.iv.copy_from_slice(reader.array::<4>()?);
    Ok(keys)
}

fn put_peer(out: &mut BytesMut, peer: &Peer) {
    out.put_u8(u8::from(peer.dates_checked));
    match &peer.identity {
        Identity::Psk(identity) => {
            out.put_u8(1);
            put_vector16(out, identity);
        }
        Identity::RawPublicKey(spki) => {
            out.put_u8(2);
            put_vector16(out, spki);
        }
        Identity::Certificate { names, der } => {
            out.put_u8(3);
            put_vector16(out, der);
            put_list(out, names.iter().map(String::as_bytes));
        }
        _ => out.put_u8(0),
    }
    match &peer.endpoints {
        Endpoints::Any => out.put_u8(0),
        Endpoints::Only(names) => {
            out.put_u8(1);
            put_list(out, names.iter().map(|name| name.as_bytes()));
        }
    }
}

fn peer(reader: &mut Reader<'_>) -> Result<Peer, NotASession> {
    let dates_checked = reader.u8()? != 0;
    let identity = match reader.u8()? {
        0 => Identity::Unsecured,
        1 => Identity::Psk(Bytes::copy_from_slice(reader.vector16()?)),
        2 => Identity::RawPublicKey(Bytes::copy_from_slice(reader.vector16()?)),
        3 => {
            let der = Bytes::copy_from_slice(reader.vector16()?);
            Identity::Certificate { names: list(reader)?, der }
        }
        _ => return Err(NotASession("identity")),
    };
    let endpoints = match reader.u8()? {
        0 => Endpoints::Any,
        1 => Endpoints::Only(list(reader)?.into_iter().map(EndpointName::from).collect()),
        _ => return Err(NotASession("endpoints")),
    };
    Ok(Peer { identity, endpoints, dates_checked })
}

/// What does not fit is left out: a copy then allows less, never more.
fn put_list<'a>(out: &mut BytesMut, items: impl ExactSizeIterator<Item = &'a [u8]>) {
    let most = usize::from(u16::MAX);
    out.put_u16(u16::try_from(items.len()).unwrap_or(u16::MAX));
    items.take(most).for_each(|item| put_vector16(out, item.get(..item.len().min(most)).unwrap_or_default()));
}

fn list(reader: &mut Reader<'_>) -> Result<Vec<String>, NotASession> {
    let count = reader.u16()?;
    let text =
        |octets: &[u8]| std::str::from_utf8(octets).map(str::to_owned).map_err(|_| NotASession("name"));
    (0..count).map(|_| text(reader.vector16()?)).collect()
}

//! A registration as programs see it.

use std::{fmt, str::FromStr, sync::Arc, time::Duration};

use crate::{Attached, Presence};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use lwm2m_core::{
    Address, Binding, EndpointName, Identity, Links, ObjectLink, Tree, UnixTime, Version, transport::ShardId,
};

/// Name of one registration: from Register until De-register, expiry or the next Register of the same endpoint.
///
/// Nine octets: the shard, its slot, and forty random bits, so that the location of one client does not tell that of
/// another. As text it has twelve characters and is the last segment of the location.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegistrationId([u8; Self::LEN]);

impl RegistrationId {
    const LEN: usize = 9;
    /// Slots of one shard.
    pub(crate) const SLOTS: u32 = 1 << 24;

    pub(crate) fn new(shard: ShardId, slot: u32, tag: u64) -> Self {
        let [_, s0, s1, s2] = slot.to_be_bytes();
        let [_, _, _, t0, t1, t2, t3, t4] = tag.to_be_bytes();
        Self([shard.0, s0, s1, s2, t0, t1, t2, t3, t4])
    }

    /// The shard that holds the registration.
    #[must_use]
    pub const fn shard(self) -> ShardId {
        let [shard, ..] = self.0;
        ShardId(shard)
    }

    pub(crate) const fn slot(self) -> u32 {
        let [_, a, b, c, ..] = self.0;
        u32::from_be_bytes([0, a, b, c])
    }

    pub(crate) const fn tag(self) -> u64 {
        let [_, _, _, _, a, b, c, d, e] = self.0;
        u64::from_be_bytes([0, 0, 0, a, b, c, d, e])
    }

    /// The text without an allocation.
    pub(crate) fn encode(self, text: &mut [u8; 12]) -> &str {
        let written = URL_SAFE_NO_PAD.encode_slice(self.0, text).unwrap_or(0);
        text.get(..written).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or("")
    }
}

impl fmt::Display for RegistrationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.encode(&mut [0; 12]))
    }
}

impl fmt::Debug for RegistrationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for RegistrationId {
    type Err = NotARegistrationId;

    fn from_str(text: &str) -> Result<Self, NotARegistrationId> {
        let mut octets = [0; Self::LEN];
        // The decoder wants room for its estimate, which counts whole groups of four characters.
        match URL_SAFE_NO_PAD.decode_slice(text, &mut octets) {
            Ok(Self::LEN) => Ok(Self(octets)),
            _ => Err(NotARegistrationId),
        }
    }
}

/// The text names no registration of this server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a registration is named by twelve characters of base64url")]
pub struct NotARegistrationId;

/// What a client said when it registered, and since. [Core 1.2 §6.2.1]
///
/// A picture of one moment: it does not change when the client updates its registration.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Registration {
    /// Its name on this server.
    pub id: RegistrationId,
    /// `ep`: the endpoint client name.
    pub endpoint: EndpointName,
    /// `lwm2m`: the version of the enabler that client and server speak.
    pub version: Version,
    /// `lt`: without an Update for so long the registration ends. Zero: it never does.
    pub lifetime: Duration,
    /// When the client registered.
    pub registered: UnixTime,
    /// When the client was last heard with Register or Update.
    pub updated: UnixTime,
    /// When the registration ends. `None`: never.
    pub expires: Option<UnixTime>,
    /// `b`: the bindings that the client supports.
    pub bindings: Vec<Binding>,
    /// `Q`: the client sleeps between its messages.
    pub queue_mode: bool,
    /// `sms`: its telephone number.
    pub sms: Option<String>,
    /// `pid`: its profile. Since LwM2M 1.2.
    pub profile: Option<String>,
    /// Parameters of the Register that are not known here, in order.
    pub extra: Vec<(String, Option<String>)>,
    /// The payload of the Register, or of the last Update that had one. Equal payloads share memory.
    pub links: Arc<Links>,
    /// Who the client proved to be.
    pub identity: Identity,
    /// How its last Register or Update came.
    pub binding: Binding,
    /// Where from. Requests go there.
    pub address: Address,
    /// What the [`Authorizer`](crate::Authorizer) attached.
    pub attached: Attached,
    /// Its Disable Timeout, where it was written to it or read from it. [Core 1.2 §E.2]
    pub disable_timeout: Option<Duration>,
    /// Whether the client could be reached at this moment. Stores keep whether it was told to leave.
    pub presence: Presence,
}

impl Registration {
    /// A registration that says no more than this, of lifetime zero, over UDP: for stores, which fill in the rest.
    #[must_use]
    pub fn new(id: RegistrationId, endpoint: EndpointName, version: Version, address: Address) -> Self {
        Self {
            id,
            endpoint,
            version,
            lifetime: Duration::ZERO,
            registered: UnixTime(0),
            updated: UnixTime(0),
            expires: None,
            bindings: vec![Binding::Udp],
            queue_mode: false,
            sms: None,
            profile: None,
            extra: Vec::new(),
            links: Arc::default(),
            identity: Identity::Unsecured,
            binding: Binding::Udp,
            address,
            attached: Attached::default(),
            disable_timeout: None,
            presence: Presence::Active,
        }
    }

    /// The objects and instances that the client has.
    #[must_use]
    pub fn objects(&self) -> &[ObjectLink] {
        &self.links.objects
    }

    /// Where the client's objects stand: the default tree, or one below an alternate path.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        &self.links.tree
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registration_id_is_twelve_characters_and_back() {
        let id = RegistrationId::new(ShardId(3), 0x00ab_cdef, 0x12_3456_789a);
        assert_eq!((id.shard(), id.slot(), id.tag()), (ShardId(3), 0x00ab_cdef, 0x12_3456_789a));
        assert_eq!(id.to_string().len(), 12);
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn other_texts_name_no_registration() {
        for text in ["", "A", "AAAAAAAAAAA", "AAAAAAAAAAAAA", "AAAAAAAAAAA=", "AAAA AAAAAAA", "äääääääääääää"]
        {
            assert_eq!(text.parse::<RegistrationId>(), Err(NotARegistrationId), "{text}");
        }
    }
}

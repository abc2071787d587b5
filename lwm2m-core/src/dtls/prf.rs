//! From premaster secret to keys and verify data. [RFC 5246 §5, §6.3, §8.1]

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize as _, ZeroizeOnDrop, Zeroizing};

use super::suite::Cipher;

/// Octets of a client's or server's random.
pub const RANDOM: usize = 32;
/// Octets of a transcript hash.
pub const HASH: usize = 32;
/// Octets in a Finished message.
pub const VERIFY_DATA: usize = 12;

/// Which end of an association.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The one that sent the ClientHello.
    Client,
    /// The other.
    Server,
}

impl Side {
    /// The other end.
    #[must_use]
    pub const fn peer(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }
}

/// What key exchange gives. Zeroed on drop.
#[derive(Clone)]
pub struct Premaster(Zeroizing<Vec<u8>>);

impl Premaster {
    /// From a pre-shared key. [RFC 4279 §2]
    #[must_use]
    pub fn psk(key: &[u8]) -> Self {
        Self::with_psk(&Zeroizing::new(vec![0; key.len()]), key)
    }

    /// From the x-coordinate of the Diffie-Hellman point, with its leading zeros. [RFC 8422 §5.10]
    #[must_use]
    pub fn ecdhe(shared: &[u8; 32]) -> Self {
        Self(Zeroizing::new(shared.to_vec()))
    }

    /// From both. [RFC 5489 §2]
    #[must_use]
    pub fn ecdhe_psk(shared: &[u8; 32], key: &[u8]) -> Self {
        Self::with_psk(shared, key)
    }

    fn with_psk(other: &[u8], key: &[u8]) -> Self {
        let mut octets = Zeroizing::new(Vec::with_capacity(other.len() + key.len() + 4));
        for part in [other, key] {
            // Stores keep keys far below 65536 octets.
            octets.extend_from_slice(&u16::try_from(part.len()).unwrap_or(u16::MAX).to_be_bytes());
            octets.extend_from_slice(part);
        }
        Self(octets)
    }
}

impl fmt::Debug for Premaster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Premaster(..)")
    }
}

/// The master secret of a session. Zeroed on drop; boxed, so that no copy stays where it is moved from.
#[derive(Clone)]
pub struct MasterSecret(Box<[u8; 48]>);

impl Drop for MasterSecret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for MasterSecret {}

impl MasterSecret {
    /// Bound to the transcript up to and including ClientKeyExchange. [RFC 7627 §4]
    #[must_use]
    pub fn extended(premaster: &Premaster, session_hash: &[u8; HASH]) -> Self {
        Self::from_prf(premaster, b"extended master secret", &[session_hash])
    }

    /// Bound to the randoms alone, with peers that know no extended master secret. [RFC 5246 §8.1]
    #[must_use]
    pub fn plain(premaster: &Premaster, client: &[u8; RANDOM], server: &[u8; RANDOM]) -> Self {
        Self::from_prf(premaster, b"master secret", &[client, server])
    }

    fn from_prf(premaster: &Premaster, label: &[u8], seed: &[&[u8]]) -> Self {
        let mut master = Self(Box::new([0; 48]));
        prf(&premaster.0, label, seed, &mut *master.0);
        master
    }

    /// Of a session that was kept.
    #[must_use]
    pub fn restore(octets: [u8; 48]) -> Self {
        Self(Box::new(octets))
    }

    /// The octets themselves. Do not print or store them in the clear.
    #[must_use]
    pub fn expose(&self) -> &[u8; 48] {
        &self.0
    }

    /// The keys of both directions. [RFC 5246 §6.3]
    #[must_use]
    pub fn key_block(&self, cipher: Cipher, client: &[u8; RANDOM], server: &[u8; RANDOM]) -> KeyBlock {
        let mut octets = Zeroizing::new([0; Cipher::CbcSha256.key_block()]);
        let (block, _) = octets.split_at_mut(cipher.key_block());
        prf(&*self.0, b"key expansion", &[server, client], block);
        let mut rest = &*block;
        let mut keys = KeyBlock::default();
        let mac = cipher.mac_key();
        let iv = cipher.fixed_iv();
        take(&mut rest, keys.client.mac.get_mut(..mac));
        take(&mut rest, keys.server.mac.get_mut(..mac));
        take(&mut rest, Some(&mut keys.client.key));
        take(&mut rest, Some(&mut keys.server.key));
        take(&mut rest, keys.client.iv.get_mut(..iv));
        take(&mut rest, keys.server.iv.get_mut(..iv));
        keys
    }

    /// What this side's Finished says about the transcript so far. Compare in constant time. [RFC 5246 §7.4.9]
    #[must_use]
    pub fn verify_data(&self, side: Side, transcript: &[u8; HASH]) -> [u8; VERIFY_DATA] {
        let label: &[u8] = match side {
            Side::Client => b"client finished",
            Side::Server => b"server finished",
        };
        let mut data = [0; VERIFY_DATA];
        prf(&*self.0, label, &[transcript], &mut data);
        data
    }
}

fn take(rest: &mut &[u8], place: Option<&mut [u8]>) {
    let Some(place) = place else { return };
    if let Some((head, tail)) = rest.split_at_checked(place.len()) {
        place.copy_from_slice(head);
        *rest = tail;
    }
}

impl fmt::Debug for MasterSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterSecret(..)")
    }
}

/// Keys of one direction. Zeroed on drop.
#[derive(Clone, Default, ZeroizeOnDrop)]
pub struct DirectionKeys {
    /// MAC key, for CBC suites.
    pub mac: [u8; 32],
    /// AES key.
    pub key: [u8; 16],
    /// The implicit half of the nonce, for AEAD suites.
    pub iv: [u8; 4],
}

impl fmt::Debug for DirectionKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DirectionKeys(..)")
    }
}

/// Keys of both directions.
#[derive(Clone, Debug, Default)]
pub struct KeyBlock {
    /// What the client writes with.
    pub client: DirectionKeys,
    /// What the server writes with.
    pub server: DirectionKeys,
}

impl KeyBlock {
    /// What this side writes with.
    #[must_use]
    pub const fn written_by(&self, side: Side) -> &DirectionKeys {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }
}

/// SHA-256 of the parts, one behind the other.
#[must_use]
pub fn sha256(parts: &[&[u8]]) -> [u8; HASH] {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().into()
}

/// `P_SHA256(secret, label + seed)`, as many octets as `out` has. [RFC 5246 §5]
pub fn prf(secret: &[u8], label: &[u8], seed: &[&[u8]], out: &mut [u8]) {
    // HMAC takes keys of every length; that this cannot fail is in its type alone unsaid.
    let Ok(keyed) = Hmac::<Sha256>::new_from_slice(secret) else { return };
    let seeded = |mut mac: Hmac<Sha256>| {
        mac.update(label);
        seed.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes()
    };
    let mut a = seeded(keyed.clone());
    for chunk in out.chunks_mut(HASH) {
        let mut mac = keyed.clone();
        mac.update(&a);
        let mut block = seeded(mac);
        chunk.iter_mut().zip(&block).for_each(|(octet, of)| *octet = *of);
        block.zeroize();
        let mut mac = keyed.clone();
        mac.update(&a);
        a = mac.finalize().into_bytes();
    }
    a.zeroize();
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector that the IETF's TLS list exchanged for the PRF with SHA-256.
    #[test]
    fn prf_gives_the_known_answer() {
        let secret = 0x9bbe_436b_a940_f017_b176_5284_9a71_db35_u128.to_be_bytes();
        let seed = 0xa0ba_9f93_6cda_3118_27a6_f796_ffd5_198c_u128.to_be_bytes();
        let mut out = [0; 100];
        prf(&secret, b"test label", &[&seed[..5], &seed[5..]], &mut out);
        let text: String = out.iter().map(|octet| format!("{octet:02x}")).collect();
        assert_eq!(
            text,
            "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af\
             0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701\
             87347b66"
        );
    }

    #[test]
    fn premasters_have_the_form_of_their_key_exchange() {
        assert_eq!(**Premaster::psk(b"key").0, *b"\0\x03\0\0\0\0\x03key");
        assert_eq!(Premaster::ecdhe(&[7; 32]).0[..], [7; 32]);
        let both = Premaster::ecdhe_psk(&[7; 32], b"key");
        assert_eq!(both.0[..], [&b"\0\x20"[..], &[7; 32], b"\0\x03key"].concat());
    }

    #[test]
    fn nothing_secret_is_printed() {
        let master = MasterSecret::restore([7; 48]);
        let keys = master.key_block(Cipher::Gcm, &[1; RANDOM], &[2; RANDOM]);
        let text = format!("{master:?} {keys:?} {:?}", Premaster::psk(b"key"));
        assert_eq!(
            text,
            "MasterSecret(..) KeyBlock { client: DirectionKeys(..), server: DirectionKeys(..) } Premaster(..)"
        );
    }
}

//! Cookies: proof that a client receives where it says it is, without memory of it. [RFC 6347 §4.2.1]

use std::{fmt, net::IpAddr, time::Duration};

use hmac::{Hmac, KeyInit as _, Mac as _};
use rand_chacha::ChaCha12Rng;
use rand_core::Rng as _;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

#[cfg(doc)]
use super::message::ClientHello;
use crate::{Address, Mono};

/// Octets of a cookie. Short, for the second ClientHello must fit one datagram.
pub(super) const COOKIE: usize = 16;
/// How long a key makes cookies; for as long again they are accepted.
const ROTATION: Duration = Duration::from_secs(60);

type Key = Zeroizing<[u8; 32]>;

/// The keys of our cookies.
pub(super) struct Cookies {
    current: Key,
    previous: Option<Key>,
    until: Mono,
}

impl fmt::Debug for Cookies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cookies(..)")
    }
}

impl Cookies {
    pub(super) fn new(rng: &mut ChaCha12Rng) -> Self {
        Self { current: fresh(rng), previous: None, until: Mono(0) }
    }

    /// The cookie of a hello message, and whether it shows it.
    ///
    /// `around` is what [`ClientHello::around_cookie`] gives.
    pub(super) fn check(
        &mut self,
        now: Mono,
        rng: &mut ChaCha12Rng,
        address: &Address,
        around: (&[u8], &[u8]),
        shown: &[u8],
    ) -> Result<(), [u8; COOKIE]> {
        self.rotate(now, rng);
        let current = cookie(&self.current, address, around);
        let previous = self.previous.as_ref().map(|key| cookie(key, address, around));
        let valid = |cookie: &[u8; COOKIE]| bool::from(cookie.as_slice().ct_eq(shown));
        if valid(&current) || previous.as_ref().is_some_and(valid) { Ok(()) } else { Err(current) }
    }

    fn rotate(&mut self, now: Mono, rng: &mut ChaCha12Rng) {
        if now < self.until {
            return;
        }
        let stale = now >= self.until.after(ROTATION);
        let before = std::mem::replace(&mut self.current, fresh(rng));
        self.previous = (!stale).then_some(before);
        self.until = now.after(ROTATION);
    }
}

fn fresh(rng: &mut ChaCha12Rng) -> Key {
    let mut key = Key::default();
    rng.fill_bytes(&mut *key);
    key
}

fn cookie(key: &Key, address: &Address, (before, behind): (&[u8], &[u8])) -> [u8; COOKIE] {
    // HMAC takes keys of every length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&**key) else { return [0; COOKIE] };
    match address {
        Address::Ip(address) => {
            mac.update(b"ip");
            match address.ip() {
                IpAddr::V4(ip) => mac.update(&ip.to_ipv6_mapped().octets()),
                IpAddr::V6(ip) => mac.update(&ip.octets()),
            }
            mac.update(&address.port().to_be_bytes());
        }
        Address::Msisdn(name) => [b"tel", name.as_bytes()].iter().for_each(|part| mac.update(part)),
        Address::NonIp(name) => [&b"non-ip"[..], name.as_bytes()].iter().for_each(|part| mac.update(part)),
    }
    for part in [before, behind] {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use rand_core::SeedableRng as _;

    use super::*;

    #[test]
    fn a_cookie_belongs_to_its_address_and_hello_and_expires() {
        let mut rng = ChaCha12Rng::from_seed([7; 32]);
        let mut cookies = Cookies::new(&mut rng);
        let at = |port| Address::Ip(([192, 0, 2, 1], port).into());
        let around: (&[u8], &[u8]) = (b"random", b"suites");
        let cookie = cookies.check(Mono(0), &mut rng, &at(1), around, b"").unwrap_err();
        let mut check = |seconds: u64, address, around, cookie: &[u8]| {
            cookies.check(Mono(seconds * 1_000_000), &mut rng, &address, around, cookie).is_ok()
        };
        assert!(check(59, at(1), around, &cookie));
        assert!(!check(59, at(2), around, &cookie));
        assert!(!check(59, at(1), (b"randomsuit", b"es"), &cookie));
        assert!(!check(59, at(1), around, &cookie[..15]));
        assert!(check(60, at(1), around, &cookie), "the key before the current one");
        assert!(!check(120, at(1), around, &cookie));
    }

    #[test]
    fn after_a_long_silence_no_old_key_counts() {
        let mut rng = ChaCha12Rng::from_seed([7; 32]);
        let mut cookies = Cookies::new(&mut rng);
        let at = Address::NonIp("meter".into());
        let cookie = cookies.check(Mono(0), &mut rng, &at, (b"", b""), b"").unwrap_err();
        assert!(cookies.check(Mono(1_000_000_000), &mut rng, &at, (b"", b""), &cookie).is_err());
    }
}

//! DTLS without the network: `cargo bench -p lwm2m-core --features dtls --bench dtls`.
//!
//! Records carry 64 octets, and are sealed into and opened in a buffer that is used again.

use std::hint::black_box;

use bytes::BytesMut;
use divan::Bencher;
use lwm2m_core::dtls::{
    cipher::RecordKeys,
    key::{KeyShare, PrivateKey},
    prf::{MasterSecret, Premaster, Side, sha256},
    record::{ContentType, RecordNumber, Records},
    suite::Suite,
};

fn main() {
    divan::main();
}

/// Suite and encrypt-then-MAC.
const KINDS: [(&str, Suite, bool); 4] = [
    ("CCM_8", Suite::PskCcm8, false),
    ("GCM", Suite::PskGcm, false),
    ("CBC, encrypt then MAC", Suite::PskCbc, true),
    ("CBC, MAC then encrypt", Suite::PskCbc, false),
];

fn kinds() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|(name, ..)| *name)
}

fn keys(name: &str) -> Option<RecordKeys> {
    let (_, suite, encrypt_then_mac) = KINDS.iter().find(|(kind, ..)| *kind == name)?;
    let block = MasterSecret::restore([7; 48]).key_block(suite.cipher(), &[1; 32], &[2; 32]);
    Some(RecordKeys::new(suite.cipher(), *encrypt_then_mac, block.written_by(Side::Client)))
}

fn seal(keys: &RecordKeys, out: &mut BytesMut) {
    out.clear();
    let number = RecordNumber::new(1, 9).unwrap_or_default();
    let sealed = keys.seal(out, ContentType::ApplicationData, number, b"", &[&[5; 64]], || [11; 16]);
    black_box(sealed).unwrap_or_default();
}

#[divan::bench(args = kinds(), sample_size = 500)]
fn protect_64(bencher: Bencher<'_, '_>, name: &str) {
    let Some(keys) = keys(name) else { return };
    let mut out = BytesMut::with_capacity(256);
    bencher.bench_local(|| seal(black_box(&keys), &mut out));
}

#[divan::bench(args = kinds(), sample_size = 500)]
fn unprotect_64(bencher: Bencher<'_, '_>, name: &str) {
    let Some(keys) = keys(name) else { return };
    let mut sealed = BytesMut::new();
    seal(&keys, &mut sealed);
    let mut datagram = sealed.clone();
    bencher.bench_local(|| {
        datagram.copy_from_slice(&sealed);
        let record = Records::new(&mut datagram, 0).next();
        record.is_some_and(|record| {
            record.is_ok_and(|record| keys.open(&record.header, record.cid, record.fragment).is_ok())
        })
    });
}

/// All hashing of a PSK handshake on one side: two secrets, the keys, both Finished.
#[divan::bench]
fn psk_key_schedule() -> bool {
    let premaster = Premaster::psk(black_box(&[1; 16]));
    let master = MasterSecret::extended(&premaster, &[3; 32]);
    let keys = master.key_block(Suite::PskCcm8.cipher(), &[1; 32], &[2; 32]);
    let data = [Side::Client, Side::Server].map(|side| master.verify_data(side, &[4; 32]));
    black_box((keys, data)).1[0] == [0; 12]
}

#[divan::bench]
fn ecdhe(bencher: Bencher<'_, '_>) {
    let peer = KeyShare::generate(|octets| *octets = [7; 32]);
    bencher.bench_local(|| KeyShare::generate(|octets| *octets = [9; 32]).agree(peer.point()).is_ok());
}

#[divan::bench]
fn sign(bencher: Bencher<'_, '_>) {
    let Ok(key) = PrivateKey::from_octets(&[9; 32]) else { return };
    let hash = sha256(&[b"signed"]);
    bencher.bench_local(|| key.sign(black_box(&hash)).is_ok());
}

#[divan::bench]
fn verify(bencher: Bencher<'_, '_>) {
    let Ok(key) = PrivateKey::from_octets(&[9; 32]) else { return };
    let hash = sha256(&[b"signed"]);
    let Ok(signed) = key.sign(&hash) else { return };
    let public = key.public();
    bencher.bench_local(|| public.verify(black_box(&hash), &signed.as_signature()).is_ok());
}

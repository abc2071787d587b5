//! Datagrams of DTLS: their records lie inside, one behind the other; none is opened that was not sealed; what is
//! sealed is opened, and not opened again after any change.

#![no_main]

use bytes::BytesMut;
use libfuzzer_sys::fuzz_target;
use lwm2m_core::dtls::{
    cipher::RecordKeys,
    message::{Alert, Fragments},
    prf::DirectionKeys,
    record::{ContentType, HEADER, MAX_PLAINTEXT, RecordNumber, Records},
    suite::Cipher,
};

fuzz_target!(|input: (u8, u8, u16, &[u8])| {
    let (kind, cid, change, bytes) = input;
    let (cipher, encrypt_then_mac) = match kind % 4 {
        0 => (Cipher::Ccm8, false),
        1 => (Cipher::Gcm, false),
        2 => (Cipher::CbcSha256, false),
        _ => (Cipher::CbcSha256, true),
    };
    let keys = DirectionKeys { mac: [1; 32], key: [2; 16], iv: [3; 4] };
    let keys = RecordKeys::new(cipher, encrypt_then_mac, &keys);
    let cid = usize::from(cid % 20);
    stranger(&keys, cid, bytes);
    own(&keys, &[7; 20][..cid], change, bytes);
});

fn stranger(keys: &RecordKeys, cid: usize, bytes: &[u8]) {
    let mut datagram = bytes.to_vec();
    let mut end = 0;
    for record in Records::new(&mut datagram, cid) {
        let Ok(record) = record else { continue };
        assert!(record.offset >= end + HEADER + record.cid.len());
        assert_eq!(&bytes[record.offset..record.offset + record.fragment.len()], record.fragment);
        end = record.offset + record.fragment.len();
        if record.header.number.epoch() == 0 {
            let read: usize = Fragments::new(record.fragment).flatten().map(|(_, body)| body.len()).sum();
            assert!(read <= record.fragment.len());
            let _ = Alert::parse(record.fragment);
        } else {
            // A tag of eight octets is not found by chance.
            assert!(keys.open(&record.header, record.cid, record.fragment).is_err());
        }
    }
}

fn own(keys: &RecordKeys, cid: &[u8], change: u16, content: &[u8]) {
    let content = &content[..content.len().min(MAX_PLAINTEXT)];
    let mut datagram = BytesMut::new();
    let number = RecordNumber::new(1, 5).unwrap();
    keys.seal(&mut datagram, ContentType::ApplicationData, number, cid, &[content], || [9; 16]).unwrap();
    let mut changed = datagram.clone();
    let record = Records::new(&mut datagram, cid.len()).next().unwrap().unwrap();
    let (content_type, range) = keys.open(&record.header, record.cid, record.fragment).unwrap();
    assert_eq!((content_type, &record.fragment[range]), (ContentType::ApplicationData, content));
    let at = usize::from(change / 8) % changed.len();
    changed[at] ^= 1 << (change % 8);
    if let Some(Ok(record)) = Records::new(&mut changed, cid.len()).next() {
        assert!(keys.open(&record.header, record.cid, record.fragment).is_err());
    }
}

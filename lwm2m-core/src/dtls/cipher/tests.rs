use proptest::prelude::*;

use super::*;

const KINDS: [(Cipher, bool); 4] =
    [(Cipher::Ccm8, false), (Cipher::Gcm, false), (Cipher::CbcSha256, true), (Cipher::CbcSha256, false)];

fn keys(kind: (Cipher, bool)) -> RecordKeys {
    let keys = DirectionKeys { mac: [3; 32], key: [5; 16], iv: [7; 4] };
    RecordKeys::new(kind.0, kind.1, &keys)
}

fn number(sequence: u64) -> RecordNumber {
    RecordNumber::new(1, sequence).unwrap()
}

fn sealed(keys: &RecordKeys, content_type: ContentType, cid: &[u8], content: &[u8]) -> BytesMut {
    let mut out = BytesMut::new();
    keys.seal(&mut out, content_type, number(9), cid, &[content], || [11; 16]).unwrap();
    out
}

fn opened(
    keys: &RecordKeys,
    datagram: &mut [u8],
    cid: usize,
) -> Result<(ContentType, Vec<u8>), NotAuthentic> {
    let mut records = record::Records::new(datagram, cid);
    let record = records.next().unwrap().unwrap();
    assert!(records.next().is_none());
    let (content_type, range) = keys.open(&record.header, record.cid, record.fragment)?;
    Ok((content_type, record.fragment[range].to_vec()))
}

proptest! {
    #[test]
    fn what_is_sealed_is_opened(
        kind in prop::sample::select(&KINDS[..]),
        content_type in prop::sample::select(&[ContentType::ApplicationData, ContentType::Handshake, ContentType::Alert][..]),
        cid in prop::collection::vec(any::<u8>(), 0..40),
        content in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        let keys = keys(kind);
        let mut datagram = sealed(&keys, content_type, &cid, &content);
        prop_assert!(datagram.len() <= record::HEADER + cid.len() + content.len() + 1 + keys.overhead());
        prop_assert_eq!(opened(&keys, &mut datagram, cid.len()), Ok((content_type, content)));
    }

    /// No octet of a record may change: type, version, number, connection ID, explicit nonce, text, tag or padding.
    #[test]
    fn a_changed_record_is_not_opened(
        kind in prop::sample::select(&KINDS[..]),
        with_cid: bool,
        content in prop::collection::vec(any::<u8>(), 0..40),
        at: prop::sample::Index,
        bit in 0..8_u8,
    ) {
        let cid: &[u8] = if with_cid { b"abcd" } else { b"" };
        let keys = keys(kind);
        let mut datagram = sealed(&keys, ContentType::ApplicationData, cid, &content);
        let at = at.index(datagram.len());
        datagram[at] ^= 1 << bit;
        let mut records = record::Records::new(&mut datagram, cid.len());
        if let Some(Ok(record)) = records.next() {
            prop_assert_eq!(keys.open(&record.header, record.cid, record.fragment), Err(NotAuthentic));
        }
    }

    #[test]
    fn a_shortened_record_is_not_opened(
        kind in prop::sample::select(&KINDS[..]),
        content in prop::collection::vec(any::<u8>(), 0..40),
        length: prop::sample::Index,
    ) {
        let keys = keys(kind);
        let datagram = sealed(&keys, ContentType::ApplicationData, b"", &content);
        let mut fragment = datagram[record::HEADER..].to_vec();
        fragment.truncate(length.index(fragment.len()));
        let header =
            Header { content_type: ContentType::ApplicationData, version: ProtocolVersion::DTLS_1_2, number: number(9) };
        prop_assert_eq!(keys.open(&header, b"", &mut fragment), Err(NotAuthentic));
    }
}

#[test]
fn parts_are_one_content() {
    for kind in KINDS {
        let keys = keys(kind);
        let mut out = BytesMut::from(&b"before"[..]);
        keys.seal(&mut out, ContentType::Handshake, number(9), b"", &[b"head", b"", b"body"], || [11; 16])
            .unwrap();
        assert_eq!(out[6..], sealed(&keys, ContentType::Handshake, b"", b"headbody"));
    }
}

#[test]
fn what_is_too_long_is_not_sealed() {
    for kind in KINDS {
        let keys = keys(kind);
        let longest = vec![1; MAX_PLAINTEXT];
        let mut datagram = sealed(&keys, ContentType::ApplicationData, b"cid", &longest);
        assert_eq!(opened(&keys, &mut datagram, 3), Ok((ContentType::ApplicationData, longest.clone())));
        let mut out = BytesMut::new();
        let parts: [&[u8]; 2] = [&longest, b"1"];
        let refused = keys.seal(&mut out, ContentType::ApplicationData, number(9), b"", &parts, || [11; 16]);
        assert_eq!((refused, out.len()), (Err(TooLong), 0));
    }
}

/// Seals an inner plaintext that is not ours: with padding, without a type, with a type that must not be inside.
#[test]
fn the_type_inside_is_found_behind_zeros_and_must_be_there() {
    for kind in KINDS {
        let keys = keys(kind);
        let inside = |inner: &[u8]| {
            // A classic record of the same content, then the header and what is authenticated of one with an ID.
            let fragment_length =
                sealed(&keys, ContentType::ApplicationData, b"", inner).len() - record::HEADER;
            let header = Header {
                content_type: ContentType::Cid,
                version: ProtocolVersion::DTLS_1_2,
                number: number(9),
            };
            let mut fragment = vec![0; fragment_length];
            let start = if kind.0.is_cbc() { 16 } else { 8 };
            fragment[start..start + inner.len()].copy_from_slice(inner);
            match &keys.0 {
                Kind::Ccm8(keys) => aead::seal::<aead::Ccm8>(keys, &header, b"cid", &mut fragment),
                Kind::Gcm(keys) => aead::seal::<aead::Gcm>(keys, &header, b"cid", &mut fragment),
                Kind::Cbc(keys) => cbc::seal(keys, &header, b"cid", inner.len(), &mut fragment),
            }
            .unwrap();
            let (content_type, range) = keys.open(&header, b"cid", &mut fragment)?;
            Ok((content_type, fragment[range].to_vec()))
        };
        assert_eq!(inside(b"hello\x17\0\0\0"), Ok((ContentType::ApplicationData, b"hello".to_vec())));
        assert_eq!(inside(b"\x16"), Ok((ContentType::Handshake, vec![])));
        assert_eq!(inside(b"\0\0\0"), Err(NotAuthentic), "no type");
        assert_eq!(inside(b""), Err(NotAuthentic), "nothing");
        assert_eq!(inside(b"hello\x19"), Err(NotAuthentic), "a record in a record");
        assert_eq!(inside(b"hello\x18"), Err(NotAuthentic), "a type that is not known");
    }
}

/// Computed with another implementation (AES-GCM of OpenSSL) from the layout of RFC 5288 §3.
#[test]
fn gcm_gives_the_known_answer() {
    let keys = DirectionKeys {
        mac: [0; 32],
        key: 0x000102030405060708090a0b0c0d0e0f_u128.to_be_bytes(),
        iv: [0x10, 0x11, 0x12, 0x13],
    };
    let keys = RecordKeys::new(Cipher::Gcm, false, &keys);
    let text: String = sealed(&keys, ContentType::ApplicationData, b"", b"hello")
        .iter()
        .map(|o| format!("{o:02x}"))
        .collect();
    assert_eq!(text, "17fefd0001000000000009001d00010000000000093446832bf638bbacc60dcc19f0f1fedd8ad66ecb36");
    let text: String = sealed(&keys, ContentType::ApplicationData, b"\x01\x02", b"hello")
        .iter()
        .map(|o| format!("{o:02x}"))
        .collect();
    assert_eq!(
        text,
        "19fefd00010000000000090102001e00010000000000093446832bf64ef52bd843be4f83f6e2936c3622c74f0e"
    );
}

/// Keys of one direction, a datagram as a foreign stack sealed it, the connection ID in it, and what it holds.
type Answer = (DirectionKeys, &'static str, &'static [u8], &'static [u8]);

/// Records that OpenSSL and Californium sealed.
#[test]
fn ccm_8_gives_the_known_answers() {
    let keys =
        |key: u128, iv: u32| DirectionKeys { mac: [0; 32], key: key.to_be_bytes(), iv: iv.to_be_bytes() };
    let answers: [Answer; 2] = [
        (
            keys(0xd982_6863_88e8_ac42_1ca5_21d7_ed39_8de3, 0xceb8_87c1),
            "17fefd000100000000000100160001000000000001d25929104f74a13486688d49bb64",
            b"",
            b"hello\n",
        ),
        (
            keys(0x91d7_c73a_a5da_d4a7_4c57_cc3f_692e_43ac, 0x4cda_1edf),
            "19fefd0001000000000001b37164ada3120016000100000000000182f6e6f35ff4165171f482dcd089",
            &[0xb3, 0x71, 0x64, 0xad, 0xa3, 0x12],
            b"hello",
        ),
    ];
    for (keys, known, cid, content) in answers {
        let keys = RecordKeys::new(Cipher::Ccm8, false, &keys);
        let mut sealed = BytesMut::new();
        keys.seal(&mut sealed, ContentType::ApplicationData, number(1), cid, &[content], || [0; 16]).unwrap();
        assert_eq!(sealed.iter().map(|octet| format!("{octet:02x}")).collect::<String>(), known);
        let found = opened(&keys, &mut sealed, cid.len());
        assert_eq!(found, Ok((ContentType::ApplicationData, content.to_vec())));
    }
}

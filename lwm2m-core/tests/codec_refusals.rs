//! A refusal names the byte that is wrong, and says why. It does not show values: they may be secret.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use lwm2m_core::{
    Kind, ObjectDef, Ops, Path, ResourceDef, Tree, Version,
    codec::{self, ContentFormat, Context, DecodeError},
};

static OBJECT: ObjectDef = {
    const RESOURCES: &[ResourceDef] = &const {
        [
            ResourceDef::new(0, "Name", Kind::String, Ops::RW),
            ResourceDef::new(1, "Level", Kind::Integer, Ops::RW),
            ResourceDef::new(2, "Sources", Kind::Integer, Ops::RW).multiple(),
            ResourceDef::new(3, "Key", Kind::Opaque, Ops::RW),
            ResourceDef::new(4, "Reset", Kind::Executable, Ops::E),
        ]
    };
    ObjectDef::new(9, "Object", RESOURCES).multiple()
};

fn refused(format: ContentFormat, at: &str, payload: &[u8]) -> DecodeError {
    let model = vec![&OBJECT];
    let cx = Context { model: &model, version: Version::V1_2, tree: &Tree::DEFAULT };
    codec::decode(format, &cx, at.parse::<Path>().unwrap(), payload).unwrap_err()
}

/// The refused byte is marked with a `^` before it.
#[test]
fn json_is_refused_at_the_field_that_is_wrong() {
    for (marked, why) in [
        (r#"[{"n":"/9/0/1","v":^"1"}]"#, "a number is expected here"),
        (r#"[{"n":"/9/0/1","v":^1.5}]"#, "/9/0/1: expected Integer, which has no fraction"),
        (
            r#"[{"n":"/9/0/0","vs":"a"},{"n":"/9/0/1","v":^9223372036854775808}]"#,
            "/9/0/1: the number is out of range",
        ),
        (r#"[{"n":^"/9/0/x","v":1}]"#, "\"/9/0/x\" is no path: an id is a decimal number"),
        (r#"[{"bn":"/9/0","n":^"1","v":1}]"#, "\"/9/01\" is no path: an id has no leading zero"),
        (r#"[{"n":^"/8/0/1","v":1}]"#, "/8/0/1 is outside the path of the request"),
        (r#"[{"n":"/9/0/1","v":1,"vs":^"1"}]"#, "the record has a value already"),
        (r#"[{"n":"/9/0/1","v":1},^{"n":"/9/0/0"}]"#, "the record has no value"),
        (r#"[{"n":"/9/0/1","v":1},{"n":^"/9/0/1","v":2}]"#, "/9/0/1 stands here twice"),
        (r#"[{"n":"/9/0/1","bv":^1,"v":1}]"#, "sums and base values are not used in LwM2M"),
        (r#"[{"bver":^11,"n":"/9/0/1","v":1}]"#, "a version of SenML up to 10 is expected here"),
        (r#"[{"n":"/9/0/1","v":1,"x_":^2}]"#, "this field must be understood, and is not"),
        (r#"[{"n":"/9/0/3","vd":^"A"}]"#, "/9/0/3: expected Opaque, which is Base64 here"),
        (r#"[{"n":"/9/0/2","v":^1}]"#, "/9/0/2: expected multiple, found Integer"),
        (r#"[{"n":"/9/0/1/0","v":^1}]"#, "/9/0/1/0: expected Integer, found multiple"),
        ("[{\"n\":\"/9/0/1\",\n \"v\":0^1}]", "invalid number"),
        (r#"[{"n":"/9/0/1","v":1}]^,"#, "trailing characters"),
    ] {
        let offset = marked.find('^').unwrap();
        let error = refused(ContentFormat::SENML_JSON, "/9/0", marked.replacen('^', "", 1).as_bytes());
        assert_eq!(error.offset(), Some(offset), "{marked}: {error}");
        assert!(error.to_string().ends_with(why), "{marked}: {error}");
    }
}

#[test]
fn binary_formats_are_refused_at_the_byte_that_is_wrong() {
    use ContentFormat as F;
    for (format, at, payload, offset, why) in [
        (F::CBOR, "/9/0/1", &[0xf6][..], 0, "null is no value"),
        (F::CBOR, "/9/0/1", &[0x18], 1, "the payload ends here, in the middle of an item"),
        (F::CBOR, "/9/0/1", &[0x01, 0x02], 1, "nothing more is expected here"),
        (F::CBOR, "/9/0/0", &[0x61, 0xff], 0, "no item of CBOR, or a number out of range"),
        // [{n: "/9/0/1", v: 1, v: 2}], [{n: "/9/0/1", v: ""}], [{n: "/9/0/1", 9: [[..]]}]
        (
            F::SENML_CBOR,
            "/9/0",
            b"\x81\xa3\x00\x66/9/0/1\x02\x01\x02\x02",
            12,
            "the record has this field twice",
        ),
        (F::SENML_CBOR, "/9/0", b"\x81\xa2\x00\x66/9/0/1\x02\x60", 11, "not of the type that its label says"),
        (F::SENML_CBOR, "/9/0", &[0x81, 0xa1, 0x09, 0x81, 0x81, 0x82, 0x00], 7, "in the middle of an item"),
        // {[9, 0]: {1: "a"}}, {[9, 0, 1]: {..}}, {[9, 65536]: ..}, {"9": ..}, {9: {0: 5}}
        (
            F::LWM2M_CBOR,
            "/9/0",
            &[0xa1, 0x82, 9, 0, 0xa1, 1, 0x61, b'a'],
            6,
            "/9/0/1: expected Integer, found String",
        ),
        (
            F::LWM2M_CBOR,
            "/9",
            &[0xa1, 0x82, 9, 0x1a, 0, 1, 0, 0, 1],
            3,
            "an id from 0 to 65535 is expected here",
        ),
        (F::LWM2M_CBOR, "/9", &[0xa1, 0x61, b'9', 1], 1, "a key is a number here, or some of them"),
        (F::LWM2M_CBOR, "/9", &[0xa1, 9, 0xa1, 0, 5], 3, "/9/0 has no value of its own: it is no resource"),
        (F::LWM2M_CBOR, "/9/0", &[0xa1, 0x82, 9, 0, 0xa0], 4, "a map is never empty"),
        (
            F::LWM2M_CBOR,
            "/9/0",
            &[0xa1, 0x83, 9, 0, 1, 0xf6],
            5,
            "/9/0/1: expected Integer, and null is none",
        ),
        (
            F::TLV,
            "/9/0",
            &[0xc1, 0, b'x', 0xc3, 1, 0, 0, 0],
            5,
            "expected Integer, which has 1, 2, 4 or 8 bytes",
        ),
    ] {
        let error = refused(format, at, payload);
        assert_eq!(error.offset(), Some(offset), "{payload:02x?}: {error}");
        assert!(error.to_string().ends_with(why), "{payload:02x?}: {error}");
    }
}

#[test]
fn null_stands_for_what_is_executed() {
    let model = vec![&OBJECT];
    let cx = Context { model: &model, version: Version::V1_2, tree: &Tree::DEFAULT };
    let payload = [0xa1, 0x82, 9, 0, 0xa2, 1, 5, 4, 0xf6];
    let read = codec::decode(ContentFormat::LWM2M_CBOR, &cx, "/9/0".parse().unwrap(), &payload).unwrap();
    assert_eq!(read.leaves("/9/0".parse().unwrap()).len(), 1);
}

#[test]
fn a_refusal_shows_no_value() {
    for payload in [
        r#""secret""#,
        r#"["secret"]"#,
        r#"[{"n":"/9/0/1","vs":"secret"}]"#,
        r#"[{"n":"/9/0/3","vd":"secret!"}]"#,
        r#"[{"n":"/9/0/1","v":1,"vb":"secret"}]"#,
        r#"{"secret":1}"#,
    ] {
        let error = refused(ContentFormat::SENML_JSON, "/9/0", payload.as_bytes());
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

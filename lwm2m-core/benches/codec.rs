//! Payloads of the everyday: `cargo bench -p lwm2m-core --bench codec`.

use std::{collections::BTreeMap, hint::black_box};

use divan::{AllocProfiler, Bencher};
use lwm2m_core::{
    Bytes, Kind, Links, Node, ObjectDef, Ops, Path, ResourceDef, ResourceId, Tree, UnixTime, Value, Version,
    codec::{self, ContentFormat, Context, Stamp, Timed},
};
use minicbor::{Decoder, data::Type, decode::Error};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

const REGISTER: &str = "</>;ct=\"110 112\",</1/0>,</1/1>,</3/0>,</4/0>,</5/0>,</6>,</3303>;ver=1.1,</3303/0>,</3303/1>,</3311/0>";

static TEMPERATURE: ObjectDef = {
    const RESOURCES: &[ResourceDef] =
        &const { [ResourceDef::new(5700, "Sensor Value", Kind::Float, Ops::R)] };
    ObjectDef::new(3303, "Temperature", RESOURCES).multiple()
};

/// The list of objects of a Register: ten links and a root link.
#[divan::bench]
fn parse_links(bencher: Bencher<'_, '_>) {
    bencher.bench_local(|| Links::parse(black_box(REGISTER)).map(|links| links.objects.len()));
}

#[divan::bench]
fn print_links(bencher: Bencher<'_, '_>) {
    let links = Links::parse(REGISTER).unwrap_or_default();
    bencher.bench_local(|| black_box(&links).to_string().len());
}

#[divan::bench(args = [0, 60, 110, 112, 11542, 11543, 11544], sample_size = 1000)]
fn write_temperature(bencher: Bencher<'_, '_>, format: u16) {
    let model = vec![&TEMPERATURE];
    let cx = Context { model: &model, version: Version::V1_1, tree: &Tree::DEFAULT };
    let at = Path::new(&[3303, 0, 5700]).unwrap_or_default();
    let node = Node::Value(Value::Float(21.5));
    let mut out = Vec::with_capacity(64);
    bencher.bench_local(|| {
        out.clear();
        codec::encode(ContentFormat(format), &cx, at, black_box(&node), &mut out)
    });
}

#[divan::bench(args = [0, 60, 110, 112, 11542, 11543, 11544], sample_size = 1000)]
fn read_temperature(bencher: Bencher<'_, '_>, format: u16) {
    let model = vec![&TEMPERATURE];
    let cx = Context { model: &model, version: Version::V1_1, tree: &Tree::DEFAULT };
    let at = Path::new(&[3303, 0, 5700]).unwrap_or_default();
    let mut payload = Vec::new();
    let written =
        codec::encode(ContentFormat(format), &cx, at, &Node::Value(Value::Float(21.5)), &mut payload);
    assert!(written.is_ok());
    bencher.bench_local(|| codec::decode(ContentFormat(format), &cx, at, black_box(&payload)).is_ok());
}

/// Ten resources of every common kind, about 90 bytes on the wire.
static DEVICE: ObjectDef = {
    const RESOURCES: &[ResourceDef] = &const {
        [
            ResourceDef::new(0, "Manufacturer", Kind::String, Ops::R),
            ResourceDef::new(1, "Model Number", Kind::String, Ops::R),
            ResourceDef::new(2, "Serial Number", Kind::String, Ops::R),
            ResourceDef::new(3, "Firmware Version", Kind::String, Ops::R),
            ResourceDef::new(9, "Battery Level", Kind::Integer, Ops::R),
            ResourceDef::new(10, "Memory Free", Kind::Integer, Ops::R),
            ResourceDef::new(13, "Current Time", Kind::Time, Ops::RW),
            ResourceDef::new(20, "Battery Status", Kind::Integer, Ops::R),
            ResourceDef::new(21, "Memory Total", Kind::Integer, Ops::R),
            ResourceDef::new(30, "Load", Kind::Float, Ops::R),
        ]
    };
    ObjectDef::new(3, "Device", RESOURCES)
};

fn device() -> Node {
    let text = |text: &str| Node::Value(Value::String(text.to_owned()));
    Node::Instance(BTreeMap::from([
        (ResourceId(0), text("Open Mobile Alliance")),
        (ResourceId(1), text("Lightweight M2M")),
        (ResourceId(2), text("345000123")),
        (ResourceId(3), text("1.0.2")),
        (ResourceId(9), Node::Value(Value::Integer(95))),
        (ResourceId(10), Node::Value(Value::Integer(15_360))),
        (ResourceId(13), Node::Value(Value::Time(1_700_000_000))),
        (ResourceId(20), Node::Value(Value::Integer(0))),
        (ResourceId(21), Node::Value(Value::Integer(65_536))),
        (ResourceId(30), Node::Value(Value::Float(0.15))),
    ]))
}

fn device_payload(format: u16) -> Vec<u8> {
    let model = vec![&DEVICE];
    let cx = Context { model: &model, version: Version::V1_2, tree: &Tree::DEFAULT };
    let mut payload = Vec::new();
    let at = Path::new(&[3, 0]).unwrap_or_default();
    let written = codec::encode(ContentFormat(format), &cx, at, &device(), &mut payload);
    assert!(written.is_ok());
    payload
}

#[divan::bench(args = [11544, 112, 11542, 110, 11543], sample_size = 100)]
fn read_device(bencher: Bencher<'_, '_>, format: u16) {
    let model = vec![&DEVICE];
    let cx = Context { model: &model, version: Version::V1_2, tree: &Tree::DEFAULT };
    let at = Path::new(&[3, 0]).unwrap_or_default();
    let payload = device_payload(format);
    assert_eq!(codec::decode(ContentFormat(format), &cx, at, &payload), Ok(device()));
    bencher.bench_local(|| codec::decode(ContentFormat(format), &cx, at, black_box(&payload)));
}

/// The same without a tree, into a vector that is made for it.
#[divan::bench(args = [11544, 112, 11542, 110, 11543], sample_size = 100)]
fn read_device_flat(bencher: Bencher<'_, '_>, format: u16) {
    let model = vec![&DEVICE];
    let cx = Context { model: &model, version: Version::V1_2, tree: &Tree::DEFAULT };
    let at = Path::new(&[3, 0]).unwrap_or_default();
    let payload = device_payload(format);
    bencher.bench_local(|| {
        let mut values = Vec::with_capacity(10);
        codec::decode_into(ContentFormat(format), &cx, at, black_box(&payload), &mut values).map(|()| values)
    });
}

#[divan::bench(args = [11544, 112, 11542, 110, 11543], sample_size = 100)]
fn write_device(bencher: Bencher<'_, '_>, format: u16) {
    let model = vec![&DEVICE];
    let cx = Context { model: &model, version: Version::V1_2, tree: &Tree::DEFAULT };
    let (at, node) = (Path::new(&[3, 0]).unwrap_or_default(), device());
    let mut out = Vec::with_capacity(512);
    bencher.bench_local(|| {
        out.clear();
        codec::encode(ContentFormat(format), &cx, at, black_box(&node), &mut out)
    });
}

/// What the same bytes cost with minicbor alone, its values in a vector of the right size.
#[divan::bench(args = [11544, 112], sample_size = 100)]
fn read_device_minicbor(bencher: Bencher<'_, '_>, format: u16) {
    let payload = device_payload(format);
    let all = if format == 112 { all_of_pack } else { all_of_maps };
    assert_eq!(all(&payload).map(|values| values.len()).ok(), Some(10));
    bencher.bench_local(|| all(black_box(&payload)));
}

fn all_of_maps(bytes: &[u8]) -> Result<Vec<Value>, Error> {
    let mut found = Vec::with_capacity(10);
    let mut decoder = Decoder::new(bytes);
    decoder.map()?;
    for _ in 0..decoder.array()?.unwrap_or(0) {
        black_box(decoder.u16()?);
    }
    for _ in 0..decoder.map()?.unwrap_or(0) {
        black_box(decoder.u16()?);
        found.push(value_of(&mut decoder)?);
    }
    Ok(found)
}

fn all_of_pack(bytes: &[u8]) -> Result<Vec<Value>, Error> {
    let mut found = Vec::with_capacity(10);
    let mut decoder = Decoder::new(bytes);
    for _ in 0..decoder.array()?.unwrap_or(0) {
        for _ in 0..decoder.map()?.unwrap_or(0) {
            match decoder.i8()? {
                0 | -2 => {
                    black_box(decoder.str()?);
                }
                _ => found.push(value_of(&mut decoder)?),
            }
        }
    }
    Ok(found)
}

fn value_of(decoder: &mut Decoder<'_>) -> Result<Value, Error> {
    Ok(match decoder.datatype()? {
        Type::U8 | Type::U16 | Type::U32 | Type::U64 => Value::Unsigned(decoder.u64()?),
        Type::F16 | Type::F32 | Type::F64 => Value::Float(decoder.f64()?),
        Type::Bool => Value::Boolean(decoder.bool()?),
        Type::String => Value::String(decoder.str()?.to_owned()),
        Type::Bytes => Value::Opaque(Bytes::copy_from_slice(decoder.bytes()?)),
        _ => Value::Integer(decoder.i64()?),
    })
}

/// A notification with its time.
#[divan::bench(args = [110, 112], sample_size = 1000)]
fn write_timed_temperature(bencher: Bencher<'_, '_>, format: u16) {
    let model = vec![&TEMPERATURE];
    let cx = Context { model: &model, version: Version::V1_1, tree: &Tree::DEFAULT };
    let values = timed_temperature();
    let mut out = Vec::with_capacity(64);
    bencher.bench_local(|| {
        out.clear();
        codec::encode_many(ContentFormat(format), &cx, black_box(&values), &mut out)
    });
}

#[divan::bench(args = [110, 112], sample_size = 1000)]
fn read_timed_temperature(bencher: Bencher<'_, '_>, format: u16) {
    let model = vec![&TEMPERATURE];
    let cx = Context { model: &model, version: Version::V1_1, tree: &Tree::DEFAULT };
    let at = Path::new(&[3303, 0, 5700]).unwrap_or_default();
    let mut payload = Vec::new();
    let written = codec::encode_many(ContentFormat(format), &cx, &timed_temperature(), &mut payload);
    assert!(written.is_ok());
    bencher.bench_local(|| codec::decode_timed(ContentFormat(format), &cx, at, black_box(&payload)));
}

fn timed_temperature() -> [Timed; 1] {
    let path = Path::new(&[3303, 0, 5700]).unwrap_or_default();
    let at = Some(Stamp::At(UnixTime(1_700_000_000_250_000)));
    [Timed { at, tree: Tree::DEFAULT, path, node: Node::Value(Value::Float(21.5)) }]
}

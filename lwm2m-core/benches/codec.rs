//! Payloads of the everyday: `cargo bench -p lwm2m-core --bench codec`.

use std::hint::black_box;

use divan::Bencher;
use lwm2m_core::{
    Kind, Links, Node, ObjectDef, Ops, Path, ResourceDef, Tree, Value, Version,
    codec::{self, ContentFormat, Context},
};

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

#[divan::bench(args = [0, 11542])]
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

#[divan::bench(args = [0, 11542])]
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

//! The vectors of the content formats: valid payloads decode to their values and canonical ones are written again,
//! invalid ones are refused with the response code of the vector.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::{BTreeMap, HashMap};

use lwm2m_core::{
    Bytes, Kind, Model, Node, ObjectDef, ObjectId, Ops, Path, Rejection, ResourceDef, ResourceId, Tree,
    Value, Version,
    codec::{self, ContentFormat, Context},
};
use serde_json::Value as Json;

const IMPLEMENTED: [&str; 3] = ["text", "opaque", "tlv"];

#[test]
fn every_vector() {
    let file: Json = serde_json::from_str(include_str!("vectors/vectors.json")).unwrap();
    let mut seen = HashMap::new();
    for vector in file["vectors"].as_array().unwrap() {
        let format = vector["format"].as_str().unwrap();
        if IMPLEMENTED.contains(&format) {
            check(vector);
            *seen.entry(format).or_insert(0) += 1;
        }
    }
    assert_eq!(seen, HashMap::from([("text", 33), ("opaque", 2), ("tlv", 81)]));
}

fn check(vector: &Json) {
    let id = &vector["id"];
    let format = ContentFormat(vector["content_format"].as_u64().unwrap().try_into().unwrap());
    let base: Path = vector["base_path"].as_str().unwrap().parse().unwrap();
    let items: Vec<_> = vector["items"].as_array().into_iter().flatten().map(item).collect();
    let model = Types::of(vector);
    let cx = Context { model: &model, version: Version::V1_1, tree: &Tree::DEFAULT };
    let payload = payload(vector);
    let decoded = if vector["mode"] == "create" {
        codec::decode_create(format, &cx, base.object_id().unwrap(), &payload).map(created)
    } else {
        codec::decode(format, &cx, base, &payload)
    };
    if vector["valid"] == false {
        let error = decoded.expect_err(&format!("{id}: {}", vector["reject_reason"]));
        let code = Rejection::from(error).code.to_string();
        assert_eq!(code.split(' ').next(), vector["coap_error"].as_str(), "{id}");
        return;
    }
    let node = decoded.unwrap_or_else(|error| panic!("{id}: {error}"));
    let leaves: Vec<_> = node.leaves(base).into_iter().map(|(path, value)| (path, value.clone())).collect();
    assert_eq!(leaves, in_order(&items), "{id}");
    if vector["canonical"] == true {
        let mut written = vec![0xaa];
        codec::encode(format, &cx, base, &tree(base, &items), &mut written).unwrap();
        assert_eq!(written[1..], payload, "{id}");
    }
}

fn created(new: codec::NewInstances) -> Node {
    let instance = |values: Vec<_>| Node::Instance(values.into_iter().collect());
    Node::Object(new.into_iter().map(|(id, values)| (id.unwrap(), instance(values))).collect())
}

fn in_order(items: &[(Path, Value)]) -> Vec<(Path, Value)> {
    let mut sorted = items.to_vec();
    sorted.sort_by_key(|(path, _)| *path);
    sorted
}

/// The node that holds these values, made without the codec.
fn tree(base: Path, items: &[(Path, Value)]) -> Node {
    if let [(path, value)] = items
        && *path == base
    {
        return Node::Value(value.clone());
    }
    let depth = usize::from(base.depth());
    if depth == 3 {
        return Node::Multiple(items.iter().map(|(path, value)| (path.ids()[3], value.clone())).collect());
    }
    let mut groups: BTreeMap<u16, Vec<_>> = BTreeMap::new();
    for (path, value) in items {
        groups.entry(path.ids()[depth]).or_default().push((*path, value.clone()));
    }
    let children = groups.into_iter().map(|(id, items)| (id, tree(base.push(id).unwrap(), &items)));
    if depth == 1 {
        Node::Object(children.map(|(id, node)| (id.into(), node)).collect())
    } else {
        Node::Instance(children.map(|(id, node)| (id.into(), node)).collect())
    }
}

fn item(json: &Json) -> (Path, Value) {
    let value = &json["value"];
    let text = match value {
        Json::String(text) => text.clone(),
        Json::Object(run) => {
            run["repeat"].as_str().unwrap().repeat(run["count"].as_u64().unwrap().try_into().unwrap())
        }
        other => other.to_string(),
    };
    let value = match kind(&json["type"]) {
        Kind::Integer => Value::Integer(text.parse().unwrap()),
        Kind::Unsigned => Value::Unsigned(text.parse().unwrap()),
        Kind::Float => Value::Float(text.parse().unwrap()),
        Kind::Boolean => Value::Boolean(text.parse().unwrap()),
        Kind::Opaque => Value::Opaque(Bytes::from(hex(&text))),
        Kind::Time => Value::Time(text.parse().unwrap()),
        Kind::Objlnk => Value::Objlnk(text.parse().unwrap()),
        Kind::Corelnk => Value::Corelnk(text),
        _ => Value::String(text),
    };
    (json["path"].as_str().unwrap().parse().unwrap(), value)
}

fn kind(name: &Json) -> Kind {
    match name.as_str().unwrap() {
        "string" => Kind::String,
        "integer" => Kind::Integer,
        "unsigned" => Kind::Unsigned,
        "float" => Kind::Float,
        "boolean" => Kind::Boolean,
        "opaque" => Kind::Opaque,
        "time" => Kind::Time,
        "objlnk" => Kind::Objlnk,
        "corelnk" => Kind::Corelnk,
        other => panic!("{other}"),
    }
}

fn payload(vector: &Json) -> Vec<u8> {
    match vector["hex_parts"].as_array() {
        None => hex(vector["hex"].as_str().unwrap()),
        Some(parts) => parts
            .iter()
            .flat_map(|part| {
                hex(part[0].as_str().unwrap()).repeat(part[1].as_u64().unwrap().try_into().unwrap())
            })
            .collect(),
    }
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<_> = text.chars().map(|c| c.to_digit(16).unwrap()).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] << 4 | pair[1]).unwrap()).collect()
}

/// The definitions that a vector implies: a path of four ids is of a multiple resource.
struct Types(HashMap<(ObjectId, ResourceId), ResourceDef>);

impl Types {
    fn of(vector: &Json) -> Self {
        let items = vector["items"].as_array().into_iter().flatten();
        let items = items.map(|item| (item["path"].as_str().unwrap(), &item["type"]));
        let types =
            vector["types"].as_object().into_iter().flatten().map(|(path, kind)| (path.as_str(), kind));
        let mut found = HashMap::new();
        for (path, name) in items.chain(types) {
            let path: Path = path.parse().unwrap();
            let (object, resource) = (path.object_id().unwrap(), path.resource_id().unwrap());
            let def = ResourceDef::new(resource.0, "", kind(name), Ops::RW);
            let def = if path.depth() == 4 { def.multiple() } else { def };
            found.insert((object, resource), def);
        }
        Self(found)
    }
}

impl Model for Types {
    fn object(&self, _id: ObjectId) -> Option<&ObjectDef> {
        None
    }

    fn resource(&self, object: ObjectId, resource: ResourceId) -> Option<&ResourceDef> {
        self.0.get(&(object, resource))
    }
}

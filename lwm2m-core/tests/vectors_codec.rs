//! The vectors of the content formats: valid payloads decode to their values and canonical ones are written again,
//! invalid ones are refused with the response code of the vector.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

use std::collections::{BTreeMap, HashMap};

use lwm2m_core::{
    Bytes, Kind, Model, Node, ObjectDef, ObjectId, Ops, Path, Rejection, ResourceDef, ResourceId, Tree,
    Value, Version,
    codec::{self, ContentFormat, Context, DecodeError, Patch, Stamp, Timed},
};
use serde_json::Value as Json;

/// What a payload means: values with their places and times in seconds, names, or what is removed.
type Found = (String, Option<Value>, Option<f64>);

#[test]
fn every_vector() {
    let file: Json = serde_json::from_str(include_str!("vectors/vectors.json")).unwrap();
    let mut seen = BTreeMap::new();
    for vector in file["vectors"].as_array().unwrap() {
        check(vector);
        *seen.entry(vector["format"].as_str().unwrap()).or_insert(0) += 1;
    }
    let expected = [
        ("cbor", 38),
        ("lwm2m-cbor", 33),
        ("oma-json", 7),
        ("opaque", 2),
        ("senml-cbor", 18),
        ("senml-etch-cbor", 2),
        ("senml-etch-json", 3),
        ("senml-json", 45),
        ("text", 33),
        ("tlv", 81),
    ];
    assert_eq!(seen, BTreeMap::from(expected), "none is left out");
}

fn check(vector: &Json) {
    let id = &vector["id"];
    let format = ContentFormat(vector["content_format"].as_u64().unwrap().try_into().unwrap());
    let base: Path = vector["base_path"].as_str().unwrap().parse().unwrap();
    let model = Types::of(vector);
    let cx = Context { model: &model, version: Version::V1_2, tree: &Tree::DEFAULT };
    let payload = payload(vector);
    let found = read(vector["mode"].as_str(), format, &cx, base, &payload);
    if vector["valid"] == false {
        let error = found.expect_err(&format!("{id}: {}", vector["reject_reason"]));
        assert!(error.offset().is_some_and(|offset| offset <= payload.len()), "{id}: {error:?}");
        let code = Rejection::from(error).code.to_string();
        assert_eq!(code.split(' ').next(), vector["coap_error"].as_str(), "{id}");
        return;
    }
    let (found, again) = found.unwrap_or_else(|error| panic!("{id}: {error}"));
    let items = vector["items"].as_array().unwrap();
    assert_eq!(in_order(found.clone()), in_order(items.iter().map(item).collect()), "{id}");
    if vector["canonical"] == true {
        assert_eq!(again, payload, "{id}");
    }
    let (twice, _) = read(vector["mode"].as_str(), format, &cx, base, &again).unwrap();
    assert_eq!(in_order(twice), in_order(found), "{id}, written again");
}

/// What the payload means, and the same written again.
fn read(
    mode: Option<&str>,
    format: ContentFormat,
    cx: &Context<'_>,
    at: Path,
    payload: &[u8],
) -> Result<(Vec<Found>, Vec<u8>), DecodeError> {
    let mut again = Vec::new();
    let found = match mode {
        Some("path") => {
            let paths = codec::decode_paths(format, cx, payload)?;
            codec::encode_paths(format, cx, &paths, &mut again).unwrap();
            paths.iter().map(|path| (path.to_string(), None, None)).collect()
        }
        Some("patch") => {
            let patch = codec::decode_patch(format, cx, payload)?;
            codec::encode_patch(format, cx, &patch, &mut again).unwrap();
            patch.into_iter().map(patched).collect()
        }
        Some("create") => {
            let object = at.object_id().unwrap();
            let new = codec::decode_create(format, cx, object, payload)?;
            codec::encode_create(format, cx, object, &new, &mut again).unwrap();
            created(object, new)
        }
        _ => {
            let timed = codec::decode_timed(format, cx, at, payload)?;
            if let [Timed { at: None, node, .. }] = &timed[..] {
                assert_eq!(codec::decode(format, cx, at, payload).as_ref(), Ok(node));
                codec::encode(format, cx, at, node, &mut again).unwrap();
            } else if codec::encode_many(format, cx, &timed, &mut again).is_err() {
                // times of before 1978 are read, and not written
                again = payload.to_vec();
            }
            timed.iter().flat_map(values).collect()
        }
    };
    Ok((found, again))
}

fn values(Timed { at, path, node, .. }: &Timed) -> Vec<Found> {
    let seconds = match at {
        Some(Stamp::At(time)) => Some(time.0 as f64 / 1e6),
        Some(Stamp::Ago(micros)) => Some(-(*micros as f64) / 1e6),
        None => None,
    };
    let leaves = node.leaves(*path).into_iter();
    leaves.map(|(path, value)| (path.to_string(), Some(value.clone()), seconds)).collect()
}

fn patched(patch: Patch) -> Found {
    match patch {
        Patch::Set(path, Node::Value(value)) => (path.to_string(), Some(value), None),
        Patch::Remove(path) => (path.to_string(), None, None),
        other => panic!("{other:?}"),
    }
}

/// 65535 stands for an id that is not given.
fn created(object: ObjectId, new: codec::NewInstances) -> Vec<Found> {
    let all = new.into_iter().flat_map(|(id, values)| {
        let place = format!("/{object}/{}", id.map_or(65535, |id| id.0));
        let node = Node::Instance(values.into_iter().collect());
        let leaves: Vec<_> =
            node.leaves("/0/0".parse().unwrap()).into_iter().map(|(p, v)| (p, v.clone())).collect();
        leaves.into_iter().map(move |(path, value)| {
            let below = path.to_string();
            (below.replacen("/0/0", &place, 1), Some(value), None)
        })
    });
    all.collect()
}

fn in_order(mut found: Vec<Found>) -> Vec<Found> {
    let ids = |path: &str| path.split('/').filter_map(|id| id.parse().ok()).collect::<Vec<u32>>();
    found.sort_by(|a, b| ids(&a.0).cmp(&ids(&b.0)).then(a.2.partial_cmp(&b.2).unwrap()));
    found
}

fn item(json: &Json) -> Found {
    let value = &json["value"];
    let text = match value {
        Json::String(text) => text.clone(),
        Json::Object(run) => {
            run["repeat"].as_str().unwrap().repeat(run["count"].as_u64().unwrap().try_into().unwrap())
        }
        other => other.to_string(),
    };
    let is_value = !matches!(json["type"].as_str(), Some("path" | "delete"));
    let value = is_value.then(|| match kind(&json["type"]) {
        Kind::Integer => Value::Integer(text.parse().unwrap()),
        Kind::Unsigned => Value::Unsigned(text.parse().unwrap()),
        Kind::Float => Value::Float(text.parse().unwrap()),
        Kind::Boolean => Value::Boolean(text.parse().unwrap()),
        Kind::Opaque => Value::Opaque(Bytes::from(hex(&text))),
        Kind::Time => Value::Time(text.parse().unwrap()),
        Kind::Objlnk => Value::Objlnk(text.parse().unwrap()),
        Kind::Corelnk => Value::Corelnk(text),
        _ => Value::String(text),
    });
    (json["path"].as_str().unwrap().to_owned(), value, json["time"].as_f64())
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
        let (mut found, mut mixed) = (HashMap::new(), Vec::new());
        for (path, name) in
            items.chain(types).filter(|(_, name)| !matches!(name.as_str(), Some("path" | "delete")))
        {
            let ids: Vec<u32> = path.split('/').skip(1).map(|id| id.parse().unwrap()).collect();
            let [object, _, resource, ..] = ids[..] else { continue };
            // some of the paths to refuse are none
            let (Ok(object), Ok(resource)) = (u16::try_from(object), u16::try_from(resource)) else {
                continue;
            };
            let def = ResourceDef::new(resource, "", kind(name), Ops::RW);
            let def = if ids.len() == 4 { def.multiple() } else { def };
            let place = (ObjectId(object), ResourceId(resource));
            if found.insert(place, def).is_some_and(|other: ResourceDef| other.kind() != kind(name)) {
                mixed.push(place);
            }
        }
        // of several kinds in one resource, as no definition has them
        mixed.iter().for_each(|place| drop(found.remove(place)));
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

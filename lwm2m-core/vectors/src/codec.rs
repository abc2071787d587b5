//! Payloads of the content formats.

use lwm2m_core::{
    NoModel, Node, ObjectId, Path, RESERVED_ID, Rejection, Tree, Value, Version,
    codec::{self, ContentFormat, Context, DecodeError, EncodeError, NewInstances, Patch, Stamp, Timed},
};

use serde_json::Value as Json;

use crate::{
    Fault, accepted,
    field::Fields,
    model::Implied,
    refused, same,
    value::{Item, ids},
};

pub(crate) fn check(vector: &Fields<'_>, strict: bool) -> Result<(), Fault> {
    let format = u16::try_from(vector.number("content_format")?).map_err(Fault::wrong)?;
    let base: Path = vector.text("base_path")?.parse().map_err(|error| format!("`base_path`: {error}"))?;
    let model = Implied::by(vector)?;
    let cx = Context { model: &model, version: Version::V1_2, tree: &Tree::DEFAULT };
    let payload = vector.payload()?;
    let (format, mode) = (ContentFormat(format), vector.text("mode").ok());
    match (Meaning::of(mode, format, &cx, base, &payload)?, vector.yes("valid")?) {
        (Ok(_), false) => Err(accepted(vector)),
        (Err(error), true) => Err(Fault::Wrong(format!("refused: {error}"))),
        (Err(error), false) => {
            let why = error.to_string();
            let has_place = !matches!(error, DecodeError::Unsupported(..));
            if strict && has_place && error.offset().is_none_or(|offset| offset > payload.len()) {
                return Err(Fault::Wrong(format!("the refusal names no byte of the payload: {error:?}")));
            }
            refused(vector, Rejection::from(error).code, why)
        }
        (Ok(meaning), true) => {
            // an executable resource has no value
            let items = vector.list("items")?.filter(|item| item.text("type") != Ok("none"));
            let items = items.map(Item::parse).collect::<Result<_, _>>()?;
            same("the meaning", &in_order(meaning.items()), &in_order(items))?;
            let canonical = matches!(vector.yes("canonical"), Ok(true));
            if !canonical && !strict {
                return Ok(());
            }
            let mut written = Vec::new();
            if let Err(error) = meaning.encode(format, &cx, base, &mut written) {
                // Times of before 1978 are read, and not written.
                let cannot = !canonical && meaning.has_times();
                return if cannot { Ok(()) } else { Err(Fault::Wrong(format!("not written: {error}"))) };
            }
            if canonical {
                same("what is written", &Octets(&written), &Octets(&payload))?;
            }
            match Meaning::of(mode, format, &cx, base, &written)? {
                Ok(again) => same("what is read again", &in_order(again.items()), &in_order(meaning.items())),
                Err(error) => Err(Fault::Wrong(format!("what was written is refused: {error}"))),
            }
        }
    }
}

/// A pack of SenML whose names are no paths: its records, and a refusal by what reads LwM2M.
pub(crate) fn senml(vector: &Fields<'_>) -> Result<(), Fault> {
    let payload = vector.payload()?;
    let is_json = payload.first() == Some(&b'[');
    let format = if is_json { ContentFormat::SENML_JSON } else { ContentFormat::SENML_CBOR };
    let found = match (codec::decode_senml(format, &payload), vector.yes("valid").unwrap_or(true)) {
        (Ok(found), true) => found,
        (Ok(_), false) => return Err(accepted(vector)),
        (Err(error), true) => return Err(Fault::Wrong(format!("refused: {error}"))),
        (Err(error), false) => return refused(vector, Rejection::from(error.clone()).code, error),
    };
    let cx = Context { model: &NoModel, version: Version::V1_2, tree: &Tree::DEFAULT };
    if found.iter().any(|record| record.name.parse::<Path>().is_err())
        && codec::decode_many(format, &cx, &payload).is_ok()
    {
        return Err(Fault::wrong("read as LwM2M, and its names are no paths"));
    }
    let mut found = found.into_iter();
    for wanted in vector.list("records")? {
        let record = found.next().ok_or_else(|| "a record is missing".to_owned())?;
        same("the name", &record.name.as_str(), &wanted.text("n")?)?;
        let time = wanted.0.get("t").and_then(Json::as_f64).map(|seconds| (seconds * 1e6).round() as i128);
        same("the time", &micros(record.at), &time)?;
        let value = ["v", "vs", "vb", "vd"].iter().find_map(|label| wanted.0.get(*label));
        same("the value", &shown(&record.value), &value.cloned())?;
    }
    same("what follows the last record", &found.next(), &None)
}

/// A number counts, not how it was written.
fn shown(value: &Value) -> Option<Json> {
    match value {
        Value::String(text) => Some(text.as_str().into()),
        Value::Boolean(yes) => Some((*yes).into()),
        Value::Float(number) => Some((*number).into()),
        Value::Integer(number) => Some((*number).into()),
        Value::Unsigned(number) => Some((*number).into()),
        Value::Opaque(octets) => {
            Some(octets.iter().map(|octet| format!("{octet:02x}")).collect::<String>().into())
        }
        _ => None,
    }
}

/// A payload that has been read, by the way it was read.
enum Meaning {
    Paths(Vec<Path>),
    Patch(Vec<Patch>),
    New(ObjectId, NewInstances),
    Values(Vec<Timed>),
}

impl Meaning {
    fn of(
        mode: Option<&str>,
        format: ContentFormat,
        cx: &Context<'_>,
        at: Path,
        payload: &[u8],
    ) -> Result<Result<Self, DecodeError>, Fault> {
        Ok(match mode {
            None => codec::decode_timed(format, cx, at, payload).map(Self::Values),
            Some("path") => codec::decode_paths(format, cx, payload).map(Self::Paths),
            Some("patch") => codec::decode_patch(format, cx, payload).map(Self::Patch),
            Some("create") => {
                let object = at.object_id().ok_or_else(|| "a Create has the path of an object".to_owned())?;
                codec::decode_create(format, cx, object, payload).map(|new| Self::New(object, new))
            }
            Some(_) => return Err(Fault::NotImplemented),
        })
    }

    fn has_times(&self) -> bool {
        matches!(self, Self::Values(values) if values.iter().any(|timed| timed.at.is_some()))
    }

    fn items(&self) -> Vec<Item> {
        let place = |path: &Path| path.ids().iter().map(|id| u32::from(*id)).collect();
        match self {
            Self::Paths(paths) => {
                paths.iter().map(|path| Item { path: place(path), value: None, time: None }).collect()
            }
            Self::Patch(patch) => patch.iter().flat_map(patched).collect(),
            Self::New(object, new) => created(*object, new),
            Self::Values(timed) => {
                timed.iter().flat_map(|timed| values(&timed.node, timed.path, micros(timed.at))).collect()
            }
        }
    }

    fn encode(
        &self,
        format: ContentFormat,
        cx: &Context<'_>,
        at: Path,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        match self {
            Self::Paths(paths) => codec::encode_paths(format, cx, paths, out),
            Self::Patch(patch) => codec::encode_patch(format, cx, patch, out),
            Self::New(object, new) => codec::encode_create(format, cx, *object, new, out),
            Self::Values(timed) => match &timed[..] {
                [Timed { at: None, node, .. }] => codec::encode(format, cx, at, node, out),
                several => codec::encode_many(format, cx, several, out),
            },
        }
    }
}

fn micros(at: Option<Stamp>) -> Option<i128> {
    at.map(|at| match at {
        Stamp::At(time) => i128::from(time.0),
        Stamp::Ago(micros) => -i128::from(micros),
    })
}

fn values(node: &Node, at: Path, time: Option<i128>) -> Vec<Item> {
    let item = |(path, value): (Path, &Value)| Item {
        path: path.ids().iter().map(|id| u32::from(*id)).collect(),
        value: Some(value.clone()),
        time,
    };
    node.leaves(at).into_iter().map(item).collect()
}

fn patched(patch: &Patch) -> Vec<Item> {
    match patch {
        Patch::Set(path, node) => values(node, *path, None),
        Patch::Remove(path) => {
            vec![Item { path: ids(&path.to_string()).unwrap_or_default(), value: None, time: None }]
        }
    }
}

/// 65535 stands for an id that is not given: no [`Path`] holds it.
fn created(object: ObjectId, new: &NewInstances) -> Vec<Item> {
    let instance = |(id, resources): &codec::NewInstance| {
        let node = Node::Instance(resources.iter().cloned().collect());
        let Ok(at) = Path::new(&[object.0, 0]) else { return Vec::new() };
        let mut items = values(&node, at, None);
        for item in &mut items {
            if let Some(instance) = item.path.get_mut(1) {
                *instance = u32::from(id.map_or(RESERVED_ID, |id| id.0));
            }
        }
        items
    };
    new.iter().flat_map(instance).collect()
}

fn in_order(mut items: Vec<Item>) -> Vec<Item> {
    items.sort_by(|a, b| (&a.path, a.time).cmp(&(&b.path, b.time)));
    items
}

#[derive(PartialEq)]
struct Octets<'a>(&'a [u8]);

impl std::fmt::Debug for Octets<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().take(64).try_for_each(|octet| write!(f, "{octet:02x}"))?;
        if self.0.len() > 64 { write!(f, ".. ({} octets)", self.0.len()) } else { Ok(()) }
    }
}

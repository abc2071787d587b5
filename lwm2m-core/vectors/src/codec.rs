//! Payloads of the content formats.

use lwm2m_core::{
    Node, ObjectId, Path, RESERVED_ID, Rejection, Tree, Version,
    codec::{self, ContentFormat, Context, DecodeError, EncodeError, NewInstances, Stamp, Timed},
};

use crate::{Fault, accepted, field::Fields, model::Implied, refused, same, value::Item};

pub(crate) fn check(vector: &Fields<'_>) -> Result<(), Fault> {
    let format = u16::try_from(vector.number("content_format")?).map_err(Fault::wrong)?;
    let base: Path = vector.text("base_path")?.parse().map_err(|error| format!("`base_path`: {error}"))?;
    let model = Implied::by(vector)?;
    let cx = Context { model: &model, version: Version::V1_2, tree: &Tree::DEFAULT };
    let payload = vector.payload()?;
    let (format, mode) = (ContentFormat(format), vector.text("mode").ok());
    if ![ContentFormat::TEXT, ContentFormat::OPAQUE, ContentFormat::TLV].contains(&format) {
        return Err(Fault::NotImplemented);
    }
    match (Meaning::of(mode, format, &cx, base, &payload)?, vector.yes("valid")?) {
        (Ok(_), false) => Err(accepted(vector)),
        (Err(error), true) => Err(Fault::Wrong(format!("refused: {error}"))),
        (Err(error), false) => {
            let why = error.to_string();
            refused(vector, Rejection::from(error).code, why)
        }
        (Ok(meaning), true) => {
            let items = vector.list("items")?.map(Item::parse).collect::<Result<_, _>>()?;
            same("the meaning", &in_order(meaning.items(base)), &in_order(items))?;
            if !matches!(vector.yes("canonical"), Ok(true)) {
                return Ok(());
            }
            let mut written = Vec::new();
            meaning
                .encode(format, &cx, base, &mut written)
                .map_err(|error| format!("not written: {error}"))?;
            same("what is written", &Octets(&written), &Octets(&payload))
        }
    }
}

/// A payload that has been read, by the way it was read.
enum Meaning {
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
            None => codec::decode(format, cx, at, payload)
                .map(|node| Self::Values(vec![Timed { at: None, tree: cx.tree.clone(), path: at, node }])),
            Some("create") => {
                let object = at.object_id().ok_or_else(|| "a Create has the path of an object".to_owned())?;
                codec::decode_create(format, cx, object, payload).map(|new| Self::New(object, new))
            }
            Some(_) => return Err(Fault::NotImplemented),
        })
    }

    fn items(&self, base: Path) -> Vec<Item> {
        match self {
            Self::New(object, new) => created(*object, new),
            Self::Values(timed) => {
                let _ = base;
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
            Self::New(object, new) => codec::encode_create(format, cx, *object, new, out),
            Self::Values(timed) => match &timed[..] {
                [Timed { at: None, node, .. }] => codec::encode(format, cx, at, node, out),
                _ => Err(EncodeError::Unsupported(format, at)),
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
    let item = |(path, value): (Path, &lwm2m_core::Value)| Item {
        path: path.ids().iter().map(|id| u32::from(*id)).collect(),
        value: Some(value.clone()),
        time,
    };
    node.leaves(at).into_iter().map(item).collect()
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

//! Payloads from values as people type them.

use lwm2m_core::{
    InstanceId, Node, Path, Values,
    codec::{self, ContentFormat, Context, Patch, Timed},
};

use crate::{
    inspect::decode::Mode,
    text::{self, Mistake},
};

/// The payload of these words: a value or `id=value` pairs; paths; `path=value` pairs, and `-path` to remove.
///
/// # Errors
/// A word is no value, or the format cannot carry it.
pub fn payload(
    cx: &Context<'_>,
    format: ContentFormat,
    at: Path,
    mode: Mode,
    words: &[String],
) -> Result<Vec<u8>, Mistake> {
    let said = words.join(" ");
    let mut out = Vec::new();
    match mode {
        Mode::Value => codec::encode(format, cx, at, &text::node(cx.model, at, &said)?, &mut out),
        Mode::Create => {
            let object = at.object_id().ok_or_else(|| Mistake::new("a Create has the path of an object"))?;
            let instance = Path::new(&[object.0, at.instance_id().map_or(0, |id| id.0)])?;
            let new: (Option<InstanceId>, Values) =
                (at.instance_id(), text::resources(cx.model, instance, &said)?.into_iter().collect());
            codec::encode_create(format, cx, object, &[new], &mut out)
        }
        Mode::Many => {
            let timed = |(path, node)| Timed { at: None, tree: cx.tree.clone(), path, node };
            let values: Vec<_> =
                words.iter().map(|word| Ok(timed(pair(cx, word)?))).collect::<Result<_, Mistake>>()?;
            codec::encode_many(format, cx, &values, &mut out)
        }
        Mode::Paths => {
            let paths: Vec<Path> = words.iter().map(|word| word.parse()).collect::<Result<_, _>>()?;
            codec::encode_paths(format, cx, &paths, &mut out)
        }
        Mode::Patch => {
            let patch: Vec<_> = words.iter().map(|word| part(cx, word)).collect::<Result<_, Mistake>>()?;
            codec::encode_patch(format, cx, &patch, &mut out)
        }
    }
    .map_err(|error| Mistake::new(error.to_string()))?;
    Ok(out)
}

/// `/3303/0/5700=21.5`
fn pair(cx: &Context<'_>, word: &str) -> Result<(Path, Node), Mistake> {
    let (path, value) = word.split_once('=').ok_or_else(|| {
        Mistake::new(format!("`{word}`: path=value is expected, for example /3303/0/5700=21.5"))
    })?;
    let path = path.parse()?;
    Ok((path, text::node(cx.model, path, value)?))
}

fn part(cx: &Context<'_>, word: &str) -> Result<Patch, Mistake> {
    match word.strip_prefix('-') {
        Some(path) => Ok(Patch::Remove(path.parse()?)),
        None => pair(cx, word).map(|(path, node)| Patch::Set(path, node)),
    }
}

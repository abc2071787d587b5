//! Payloads from values as people type them.

use lwm2m_core::{
    InstanceId, Path, Values,
    codec::{self, ContentFormat, Context},
};

use crate::{
    inspect::decode::Mode,
    text::{self, Mistake},
};

/// The payload of these words: a value, or `id=value` pairs.
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
        Mode::Value => {
            let node = text::node(cx.model, at, &said)?;
            codec::encode(format, cx, at, &node, &mut out)
        }
        Mode::Create => {
            let object = at.object_id().ok_or_else(|| Mistake::new("a Create has the path of an object"))?;
            let instance = Path::new(&[object.0, at.instance_id().map_or(0, |id| id.0)])?;
            let new: (Option<InstanceId>, Values) =
                (at.instance_id(), text::resources(cx.model, instance, &said)?.into_iter().collect());
            codec::encode_create(format, cx, object, &[new], &mut out)
        }
    }
    .map_err(|error| Mistake::new(error.to_string()))?;
    Ok(out)
}

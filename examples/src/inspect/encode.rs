//! Payloads from values as people type them.

use lwm2m_core::{
    InstanceId, Node, Path, UnixTime, Values,
    codec::{self, ContentFormat, Context, Patch, Stamp, Timed},
};

use crate::{
    inspect::decode::Mode,
    text::{self, Mistake},
};

/// The payload of these words: a value or `id=value` pairs; paths; `path=value` pairs, each perhaps with its time
/// before it (`1700000000@/3303/0/5700=21.5`), and `-path` to remove.
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
            let values: Vec<_> = words.iter().map(|word| timed(cx, word)).collect::<Result<_, Mistake>>()?;
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

/// A pair, perhaps after its time: `1700000000.25@/3303/0/5700=21.5`, or `-30@/3303/0/5700=21.5` for half a minute ago.
fn timed(cx: &Context<'_>, word: &str) -> Result<Timed, Mistake> {
    let (at, word) = match word.split_once("@/") {
        Some((time, _)) if !time.contains(['/', '=']) => (Some(stamp(time)?), word.get(time.len() + 1..)),
        _ => (None, Some(word)),
    };
    let (path, node) = pair(cx, word.unwrap_or_default())?;
    Ok(Timed { at, tree: cx.tree.clone(), path, node })
}

/// Seconds since 1970 or, up to zero, before now, with up to six digits after the point.
fn stamp(text: &str) -> Result<Stamp, Mistake> {
    let wrong = || {
        Mistake::new(format!(
            "`{text}`: a time is in seconds since 1970, or before now: 1700000000.25 or -30"
        ))
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (seconds, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    if seconds.is_empty() || !digits(seconds) || !digits(fraction) || fraction.len() > 6 {
        return Err(wrong());
    }
    let micros: i64 = format!("{seconds}{fraction:0<6}").parse().map_err(|_| wrong())?;
    match text.starts_with('-') || micros == 0 {
        true => Ok(Stamp::Ago(micros.unsigned_abs())),
        false => Ok(Stamp::At(UnixTime(micros))),
    }
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

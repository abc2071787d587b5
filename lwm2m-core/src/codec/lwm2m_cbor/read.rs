//! Reads maps of values.

use minicbor::{Decoder, data::Type};

use crate::{Kind, ObjectId, Path, RESERVED_ID, Tree};

use crate::codec::{
    Context, DecodeError, NewInstances, Patch, Timed,
    cbor::{self, broken, items},
    everyday::{Everyday, Place, Run},
    gather::{Created, Listed, One, Patched},
    leaf::{Leaf, Sink},
    scalar::Scalar,
    store::Store,
};

pub(in crate::codec) fn read<S: Store>(
    cx: &Context<'_>,
    at: Path,
    bytes: &[u8],
    store: &mut S,
) -> Result<(), DecodeError> {
    // an object without instances, as some devices write it
    let empty_object = at.depth() == 1 && bytes == [0xa0];
    if bytes.is_empty() || empty_object {
        return Ok(());
    }
    let sink = &mut One::new(cx, at, store);
    read_into(bytes, Reader { sink, cx, many: false, null: true })
}

pub(in crate::codec) fn decode_many(
    cx: &Context<'_>,
    (): (),
    bytes: &[u8],
) -> Result<Vec<Timed>, DecodeError> {
    let mut listed = Listed::new(cx);
    if !bytes.is_empty() {
        read_into(bytes, Reader { sink: &mut listed, cx, many: true, null: true })?;
    }
    listed.list()
}

pub(in crate::codec) fn decode_create(
    cx: &Context<'_>,
    object: ObjectId,
    bytes: &[u8],
) -> Result<NewInstances, DecodeError> {
    let mut created = Created::new(cx, object);
    if !bytes.is_empty() {
        read_into(bytes, Reader { sink: &mut created, cx, many: false, null: true })?;
    }
    created.instances(bytes.len())
}

pub(in crate::codec) fn decode_patch(
    cx: &Context<'_>,
    (): (),
    bytes: &[u8],
) -> Result<Vec<Patch>, DecodeError> {
    let mut patched = Patched::new(cx);
    read_into(bytes, Reader { sink: &mut patched, cx, many: false, null: false })?;
    Ok(patched.list())
}

fn read_into<S: Sink>(bytes: &[u8], mut reader: Reader<'_, S>) -> Result<(), DecodeError> {
    let mut decoder = Decoder::new(bytes);
    reader.map(&mut decoder, &ROOT)?;
    cbor::end(&decoder)
}

const ROOT: Leaf<'_> =
    Leaf { path: Path::ROOT, inside: false, nameless: false, tree: None, time: None, named: 0, offset: 0 };

/// Goes down by an id. The reserved one is "none", where an instance stands; the path has 0 there.
#[inline]
fn descend(leaf: &mut Leaf<'_>, id: u16, offset: usize) -> Result<(), DecodeError> {
    if id == RESERVED_ID && leaf.path.depth() == 1 {
        leaf.nameless = true;
        return descend(leaf, 0, offset);
    }
    leaf.path.go(id).map_err(|error| DecodeError::malformed(offset, error.why()))
}

/// An entry whose key is the id of a resource.
enum Entry {}

impl<'b> Everyday<'b> for Entry {
    type Found = &'b [u8];

    #[inline]
    fn next(rest: &'b [u8]) -> Option<(u16, &'b [u8])> {
        let (id, value) = cbor::head_of(rest, 0)?;
        Some((u16::try_from(id).ok()?, value))
    }

    #[inline]
    fn value(kind: Kind, found: &'b [u8], place: impl Place) -> Option<&'b [u8]> {
        cbor::typed(kind, found, place)
    }
}

struct Reader<'r, S: Sink> {
    sink: &'r mut S,
    cx: &'r Context<'r>,
    /// May values be of other trees?
    many: bool,
    /// May null stand for an executable resource?
    null: bool,
}

impl<S: Sink> Reader<'_, S> {
    fn map(&mut self, decoder: &mut Decoder<'_>, above: &Leaf<'_>) -> Result<(), DecodeError> {
        let start = decoder.position();
        let mut entries = cbor::map(decoder)?;
        let mut empty = true;
        let inside = above.inside || self.sink.covers(&above.path);
        self.sink.expect(entries.announced(), decoder.input().len().saturating_sub(start));
        let usual = inside && above.path.depth() == 2 && above.tree.is_none() && !above.nameless;
        let mut leaf = Leaf { inside, ..*above };
        loop {
            if usual {
                let run = &mut Run { instance: &above.path, most: entries.left(), after: None };
                let (left, taken) = self.sink.everyday::<Entry>(run, cbor::rest(decoder));
                cbor::go_on(decoder, left);
                entries.passed(taken);
                empty &= taken == 0;
            }
            if !entries.next(decoder)? {
                break;
            }
            empty = false;
            leaf.named = decoder.position();
            (leaf.path, leaf.nameless) = (above.path, above.nameless);
            if let Some(Ok(id)) = cbor::take_head(decoder, 0).map(u16::try_from) {
                let named = leaf.named;
                descend(&mut leaf, id, named)?;
                self.value(decoder, &mut leaf)?;
            } else {
                self.long_entry(decoder, &mut leaf)?;
            }
        }
        if empty { Err(DecodeError::malformed(start, "a map is never empty")) } else { Ok(()) }
    }

    /// An entry whose key is not just an id.
    #[cold]
    fn long_entry(&mut self, decoder: &mut Decoder<'_>, leaf: &mut Leaf<'_>) -> Result<(), DecodeError> {
        decoder.set_position(leaf.named);
        match self.long_key(decoder, leaf)? {
            Some(tree) => self.value(decoder, &mut Leaf { tree: Some(&tree), ..*leaf }),
            None => self.value(decoder, leaf),
        }
    }

    /// Reads one to four ids, and perhaps before all others the prefix of a tree.
    fn long_key(&self, decoder: &mut Decoder<'_>, place: &mut Leaf<'_>) -> Result<Option<Tree>, DecodeError> {
        let mut tree = None;
        match decoder.datatype().map_err(|error| broken(decoder, &error))? {
            Type::Array | Type::ArrayIndef => {
                let (start, before) = (decoder.position(), place.path);
                let announced = decoder.array().map_err(|error| broken(decoder, &error))?;
                let mut ids = items(announced);
                while ids.next(decoder)? {
                    match decoder.datatype().map_err(|error| broken(decoder, &error))? {
                        Type::String if place.path.is_root() && tree.is_none() => {
                            tree = Some(self.prefix(decoder)?);
                        }
                        _ => id(decoder, place)?,
                    }
                }
                if place.path == before && tree.is_none() {
                    return Err(DecodeError::malformed(start, "a key has at least one id"));
                }
            }
            Type::String if place.path.is_root() => tree = Some(self.prefix(decoder)?),
            _ => id(decoder, place)?,
        }
        Ok(tree)
    }

    /// The tree of a device behind a gateway.
    fn prefix(&self, decoder: &mut Decoder<'_>) -> Result<Tree, DecodeError> {
        let start = decoder.position();
        let segment = decoder.str().map_err(|error| broken(decoder, &error))?;
        if !self.many || segment.is_empty() || segment.contains('/') {
            return Err(DecodeError::malformed(start, "a key is a number here, or some of them"));
        }
        Tree::below(&format!("{}/{segment}", self.cx.tree.prefix()))
            .map_err(|error| DecodeError::malformed(start, error.to_string()))
    }

    fn value(&mut self, decoder: &mut Decoder<'_>, leaf: &mut Leaf<'_>) -> Result<(), DecodeError> {
        leaf.offset = decoder.position();
        if matches!(cbor::first(decoder), Some(0xa0..=0xbf)) {
            if leaf.path.depth() == 4 {
                return Err(DecodeError::malformed(leaf.offset, "a path has at most four ids"));
            }
            return self.map(decoder, leaf);
        }
        let mut scalar = Scalar::Null;
        cbor::scalar(decoder, &mut scalar)?;
        if !self.null && matches!(scalar, Scalar::Null) {
            return Err(DecodeError::malformed(leaf.offset, "null is no value"));
        }
        self.sink.leaf(leaf, &mut scalar)
    }
}

fn id(decoder: &mut Decoder<'_>, place: &mut Leaf<'_>) -> Result<(), DecodeError> {
    let start = decoder.position();
    let id = decoder.u16().map_err(|error| match error.is_end_of_input() {
        true => broken(decoder, &error),
        false => DecodeError::malformed(start, "an id from 0 to 65535 is expected here"),
    })?;
    descend(place, id, start)
}

//! Single resources of an instance, one after the other, each as it is defined: most of what devices send. They are read
//! in one go, without the detours that the rest takes.

use crate::{Kind, Path, Value};

use super::{
    gather::Left,
    lookup::Lookup,
    store::{Room, Store},
};

/// How a format writes a single resource in its usual form. What has another form, and what is wrong, is `None`: it is
/// read where everything is.
pub(super) trait Everyday<'b> {
    /// A value, before its kind is known.
    type Found;

    /// The id of the next resource and its value.
    fn next(rest: &'b [u8]) -> Option<(u16, Self::Found)>;

    /// Makes the value in its place and returns what follows it.
    fn value(kind: Kind, found: Self::Found, place: impl Place) -> Option<&'b [u8]>;
}

/// Where a value is made.
pub(super) trait Place {
    /// Inlined into each place that knows what the value is: one that is made elsewhere costs a stall to copy.
    fn put(self, value: Value);
}

/// Resources to read.
pub(super) struct Run<'r> {
    pub(super) instance: &'r Path,
    /// How many there are at most.
    pub(super) most: u64,
    /// Their ids are greater than this, and ascend.
    pub(super) after: Option<u16>,
}

/// Reads on as long as all is as usual. What is left, and how many were read.
#[inline]
pub(super) fn read<'b, F: Everyday<'b>, S: Store>(
    run: &mut Run<'_>,
    mut rest: &'b [u8],
    lookup: &mut Lookup<'_>,
    left: &mut Left,
    store: &mut S,
) -> (&'b [u8], u64) {
    let mut taken = 0;
    let [object, _] = *run.instance.ids() else { return (rest, taken) };
    let Some(mut definitions) = lookup.definitions(object) else { return (rest, taken) };
    let Some(mut room) = store.room(run.instance) else { return (rest, taken) };
    let most = left.at_most(run.most);
    while taken < most {
        let Some((id, found)) = F::next(rest) else { break };
        let ascends = run.after.is_none_or(|last| last < id);
        let Some(kind) = definitions.single(id).filter(|_| ascends) else { break };
        let Some(after) = room.add::<F>(id, kind, found) else { break };
        (rest, run.after) = (after, Some(id));
        taken = taken.saturating_add(1);
    }
    drop(room);
    lookup.went_on(definitions);
    left.took(taken);
    (rest, taken)
}

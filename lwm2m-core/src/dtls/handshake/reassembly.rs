//! Fragments become messages, and messages wait for their turn. [RFC 6347 §4.2.3]

use std::borrow::Cow;

use smallvec::SmallVec;

use crate::dtls::{
    Limits,
    message::{HandshakeHeader, HandshakeType},
};

/// How far a message may be ahead of the one that is awaited. No flight has more messages.
const AHEAD: u16 = 8;
/// Pieces of a message that do not touch. Attack: every other octet of a long message.
const PIECES: usize = 32;

/// A whole handshake message.
#[derive(Clone, Debug)]
pub(crate) struct Message<'a> {
    pub(crate) kind: HandshakeType,
    pub(crate) sequence: u16,
    pub(crate) epoch: u16,
    pub(crate) body: Cow<'a, [u8]>,
}

/// What became of a fragment.
#[derive(Debug)]
pub(super) enum Arrival<'a> {
    /// It is the awaited message, whole.
    Next(Message<'a>),
    /// It was kept.
    Kept,
    /// It belongs to a message that was handled long ago: the peer repeats its flight.
    Old,
    /// No room, or it contradicts what is here.
    Dropped,
}

/// What the peer has sent of its flight.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    /// `message_seq` of the awaited message.
    next: u16,
    partial: Vec<Partial>,
    octets: usize,
}

#[derive(Debug)]
struct Partial {
    kind: HandshakeType,
    sequence: u16,
    epoch: u16,
    length: usize,
    body: Vec<u8>,
    have: SmallVec<[(usize, usize); 2]>,
}

impl Inbox {
    pub(super) const fn new(next: u16) -> Self {
        Self { next, partial: Vec::new(), octets: 0 }
    }

    /// `message_seq` of the awaited message.
    pub(super) const fn awaited(&self) -> u16 {
        self.next
    }

    /// Awaits this message next: the peer's first. What came before it is of no use.
    pub(super) fn begin_at(&mut self, next: u16) {
        self.next = next;
        self.partial.retain(|partial| partial.sequence >= next);
        self.octets = self.partial.iter().map(|partial| partial.body.len()).sum();
    }

    /// A fragment arrived. With `hold`, even the awaited message is kept.
    pub(super) fn arrive<'a>(
        &mut self,
        limits: &Limits,
        header: &HandshakeHeader,
        epoch: u16,
        bytes: &'a [u8],
        hold: bool,
    ) -> Arrival<'a> {
        let ahead = header.message_seq.wrapping_sub(self.next);
        if ahead > u16::MAX / 2 {
            return Arrival::Old;
        }
        if ahead >= AHEAD {
            return Arrival::Dropped;
        }
        let length = header.length;
        if ahead == 0 && !hold && bytes.len() == length {
            self.skip();
            let (kind, sequence) = (header.kind, header.message_seq);
            return Arrival::Next(Message { kind, sequence, epoch, body: Cow::Borrowed(bytes) });
        }
        if self.keep(limits, header, epoch, bytes) { Arrival::Kept } else { Arrival::Dropped }
    }

    /// The awaited message, if it is whole.
    pub(super) fn next(&mut self) -> Option<Message<'static>> {
        let at = self.partial.iter().position(|partial| partial.sequence == self.next)?;
        if !self.partial.get(at)?.is_whole() {
            return None;
        }
        let Partial { kind, sequence, epoch, body, .. } = self.partial.swap_remove(at);
        self.octets = self.octets.saturating_sub(body.len());
        self.next = self.next.wrapping_add(1);
        Some(Message { kind, sequence, epoch, body: Cow::Owned(body) })
    }

    /// The awaited message was handled; pieces of it that came before are of no use.
    fn skip(&mut self) {
        if let Some(at) = self.partial.iter().position(|partial| partial.sequence == self.next) {
            let partial = self.partial.swap_remove(at);
            self.octets = self.octets.saturating_sub(partial.body.len());
        }
        self.next = self.next.wrapping_add(1);
    }

    fn keep(&mut self, limits: &Limits, header: &HandshakeHeader, epoch: u16, bytes: &[u8]) -> bool {
        let (length, start) = (header.length, header.fragment_offset);
        let Some(end) = start.checked_add(bytes.len()).filter(|end| *end <= length) else { return false };
        let (kind, sequence) = (header.kind, header.message_seq);
        let at = self.partial.iter().position(|partial| partial.sequence == sequence).unwrap_or_else(|| {
            let (body, have) = (Vec::new(), SmallVec::new());
            self.partial.push(Partial { kind, sequence, epoch, length, body, have });
            self.partial.len() - 1
        });
        let Some(partial) = self.partial.get_mut(at) else { return false };
        let same = partial.kind == kind && partial.length == length && partial.epoch == epoch;
        let more = end.saturating_sub(partial.body.len());
        if !same || self.octets.saturating_add(more) > limits.handshake_octets {
            return false;
        }
        self.octets += more;
        partial.put(start, end, bytes)
    }
}

impl Partial {
    fn is_whole(&self) -> bool {
        self.have.first() == Some(&(0, self.length))
    }

    fn put(&mut self, mut start: usize, mut end: usize, bytes: &[u8]) -> bool {
        if self.body.len() < end {
            self.body.resize(end, 0);
        }
        if let Some(place) = self.body.get_mut(start..end) {
            place.copy_from_slice(bytes);
        }
        self.have.retain(|&mut (from, to)| {
            let apart = to < start || end < from;
            if !apart {
                (start, end) = (start.min(from), end.max(to));
            }
            apart
        });
        if self.have.len() >= PIECES {
            return false;
        }
        self.have.push((start, end));
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn header(sequence: u16, length: usize, offset: usize) -> HandshakeHeader {
        HandshakeHeader {
            kind: HandshakeType::CERTIFICATE,
            length,
            message_seq: sequence,
            fragment_offset: offset,
            fragment_length: 0,
        }
    }

    fn arrive(inbox: &mut Inbox, header: HandshakeHeader, bytes: &[u8]) -> Arrival<'static> {
        match inbox.arrive(&Limits::default(), &header, 0, bytes, true) {
            Arrival::Next(_) => panic!("held"),
            Arrival::Kept => Arrival::Kept,
            Arrival::Old => Arrival::Old,
            Arrival::Dropped => Arrival::Dropped,
        }
    }

    #[test]
    fn messages_come_out_in_their_order() {
        let mut inbox = Inbox::new(1);
        arrive(&mut inbox, header(2, 2, 0), b"cd");
        assert!(inbox.next().is_none());
        arrive(&mut inbox, header(1, 2, 1), b"b");
        assert!(inbox.next().is_none());
        arrive(&mut inbox, header(1, 2, 0), b"a");
        assert_eq!(&*inbox.next().unwrap().body, b"ab");
        assert_eq!(&*inbox.next().unwrap().body, b"cd");
        assert!(inbox.next().is_none());
        assert_eq!(inbox.octets, 0);
        assert!(matches!(arrive(&mut inbox, header(2, 2, 0), b"cd"), Arrival::Old));
        assert!(matches!(arrive(&mut inbox, header(3 + AHEAD, 2, 0), b"cd"), Arrival::Dropped));
    }

    #[test]
    fn an_empty_message_is_whole_at_once() {
        let mut inbox = Inbox::new(0);
        arrive(&mut inbox, header(0, 0, 0), b"");
        assert!(inbox.next().unwrap().body.is_empty());
    }

    #[test]
    fn a_fragment_that_contradicts_is_dropped() {
        let mut inbox = Inbox::new(0);
        arrive(&mut inbox, header(0, 4, 0), b"ab");
        assert!(matches!(arrive(&mut inbox, header(0, 5, 2), b"cd"), Arrival::Dropped));
        let other = HandshakeHeader { kind: HandshakeType::FINISHED, ..header(0, 4, 2) };
        assert!(matches!(arrive(&mut inbox, other, b"cd"), Arrival::Dropped));
        assert!(matches!(arrive(&mut inbox, header(0, 4, 3), b"cd"), Arrival::Dropped), "past the end");
        arrive(&mut inbox, header(0, 4, 2), b"cd");
        assert_eq!(&*inbox.next().unwrap().body, b"abcd");
    }

    #[test]
    fn memory_is_bounded() {
        let limits = Limits::default();
        let mut inbox = Inbox::new(0);
        let long = vec![0; HandshakeType::CERTIFICATE.max_length()];
        for sequence in 0..AHEAD {
            let whole = header(sequence, long.len(), 0);
            arrive(&mut inbox, whole, &long);
        }
        assert!(inbox.octets <= limits.handshake_octets);
        let mut inbox = Inbox::new(0);
        let kept = (0..200)
            .step_by(2)
            .filter(|at| matches!(arrive(&mut inbox, header(0, 200, *at), b"x"), Arrival::Kept));
        assert_eq!(kept.count(), PIECES);
    }

    proptest! {
        #[test]
        fn any_order_and_overlap_gives_the_message(
            body in proptest::collection::vec(any::<u8>(), 1..200),
            cuts in proptest::collection::vec((any::<prop::sample::Index>(), 1_usize..64), 0..40),
        ) {
            let mut inbox = Inbox::new(0);
            let mut covered = vec![false; body.len()];
            for (start, length) in cuts {
                let start = start.index(body.len());
                let end = (start + length).min(body.len());
                arrive(&mut inbox, header(0, body.len(), start), &body[start..end]);
                covered[start..end].fill(true);
                let whole = covered.iter().all(|octet| *octet);
                match inbox.next() {
                    Some(message) => {
                        prop_assert!(whole);
                        prop_assert_eq!(&*message.body, &*body);
                        return Ok(());
                    }
                    None => prop_assert!(!whole),
                }
            }
        }
    }
}

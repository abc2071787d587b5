//! Messages that are sent together, and again until the peer answers. [RFC 6347 §4.2.4]

use bytes::BytesMut;
use rand_chacha::ChaCha12Rng;
use smallvec::SmallVec;

use super::transcript::Transcript;
use crate::dtls::{
    channel::{Channel, Mute},
    message::{Fragments, HANDSHAKE_HEADER, HandshakeHeader, HandshakeType, encode_handshake},
    prf::VERIFY_DATA,
    record::{ContentType, HEADER, Header, ProtocolVersion, Sequence, put_plain},
};

/// A datagram with less room than this gets no further fragment.
const SMALL: usize = 32;

/// The last flight of ours.
#[derive(Debug, Default)]
pub(super) struct Flight {
    /// Messages with their headers, as if uncut.
    messages: BytesMut,
    items: SmallVec<[Item; 6]>,
}

#[derive(Clone, Copy, Debug)]
enum Item {
    /// Goes out in the clear.
    Plain {
        start: usize,
        end: usize,
    },
    /// Goes out as one record, ClientHello: a server reads it without memory of pieces.
    Uncut {
        start: usize,
        end: usize,
    },
    /// Goes out protected.
    Protected {
        start: usize,
        end: usize,
    },
    ChangeCipherSpec,
}

/// What a flight needs to become datagrams.
pub(super) struct Sending<'a> {
    /// Octets of a datagram.
    pub(super) datagram: usize,
    /// Octets of content in a record.
    pub(super) longest: usize,
    /// Numbers of epoch 0.
    pub(super) plain: &'a mut Sequence,
    /// For what is protected.
    pub(super) channel: Option<&'a mut Channel>,
    pub(super) rng: &'a mut ChaCha12Rng,
    pub(super) arena: &'a mut BytesMut,
}

impl Flight {
    /// Begins anew.
    pub(super) fn clear(&mut self) {
        self.messages.clear();
        self.items.clear();
    }

    /// What its Finished says, which is its last message.
    pub(super) fn verify_data(&self) -> [u8; VERIFY_DATA] {
        self.messages.last_chunk().copied().unwrap_or_default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Adds a message, also to the transcript.
    pub(super) fn push(
        &mut self,
        transcript: &mut Transcript,
        sequence: &mut u16,
        kind: HandshakeType,
        body: impl FnOnce(&mut BytesMut),
    ) {
        let start = self.messages.len();
        encode_handshake(&mut self.messages, kind, *sequence, body);
        let end = self.messages.len();
        *sequence = sequence.wrapping_add(1);
        transcript.add_own(self.messages.get(start..end).unwrap_or_default());
        self.items.push(match kind {
            HandshakeType::CLIENT_HELLO => Item::Uncut { start, end },
            HandshakeType::FINISHED => Item::Protected { start, end },
            _ => Item::Plain { start, end },
        });
    }

    pub(super) fn push_change_cipher_spec(&mut self) {
        self.items.push(Item::ChangeCipherSpec);
    }

    /// Writes it into datagrams; every record gets a number of its own, also those that are sent again.
    pub(super) fn send(
        &self,
        sending: &mut Sending<'_>,
        mut transmit: impl FnMut(BytesMut),
    ) -> Result<(), Mute> {
        for item in &self.items {
            match *item {
                Item::Uncut { start, end } => {
                    let message = self.messages.get(start..end).unwrap_or_default();
                    sending.room(HEADER + message.len(), &mut transmit);
                    sending.put(ContentType::Handshake, &[message])?;
                }
                Item::Plain { start, end } => {
                    self.send_cut(self.messages.get(start..end).unwrap_or_default(), sending, &mut transmit)?;
                }
                Item::Protected { start, end } => {
                    sending.protected(self.messages.get(start..end).unwrap_or_default(), &mut transmit)?;
                }
                Item::ChangeCipherSpec => {
                    sending.room(HEADER + 1, &mut transmit);
                    sending.put(ContentType::ChangeCipherSpec, &[&[1]])?;
                }
            }
        }
        sending.flush(&mut transmit);
        Ok(())
    }

    fn send_cut(
        &self,
        message: &[u8],
        sending: &mut Sending<'_>,
        transmit: &mut impl FnMut(BytesMut),
    ) -> Result<(), Mute> {
        let Some(Ok((header, body))) = Fragments::new(message).next() else { return Ok(()) };
        let mut header = HandshakeHeader { fragment_length: 0, ..header };
        loop {
            let rest = body.get(header.fragment_offset..).unwrap_or_default();
            sending.room(HEADER + HANDSHAKE_HEADER + rest.len().min(SMALL), transmit);
            let room = sending.left().saturating_sub(HEADER).min(sending.longest);
            let room = room.saturating_sub(HANDSHAKE_HEADER).max(1);
            let (piece, _) = rest.split_at_checked(room).unwrap_or((rest, &[]));
            header.fragment_length = piece.len();
            sending.put(ContentType::Handshake, &[&header.to_octets(), piece])?;
            header.fragment_offset = header.fragment_offset.saturating_add(piece.len());
            if header.fragment_offset >= body.len() {
                return Ok(());
            }
        }
    }
}

impl Sending<'_> {
    /// Octets left in the datagram.
    fn left(&self) -> usize {
        self.datagram.saturating_sub(self.arena.len())
    }

    /// Begins another datagram if this one has no such room.
    fn room(&mut self, octets: usize, transmit: &mut impl FnMut(BytesMut)) {
        if self.left() < octets {
            self.flush(transmit);
        }
    }

    fn flush(&mut self, transmit: &mut impl FnMut(BytesMut)) {
        if !self.arena.is_empty() {
            transmit(self.arena.split());
        }
    }

    fn put(&mut self, content_type: ContentType, parts: &[&[u8]]) -> Result<(), Mute> {
        let number = self.plain.take().ok_or(Mute::Exhausted)?;
        let header = Header { content_type, version: ProtocolVersion::DTLS_1_2, number };
        put_plain(self.arena, header, parts);
        Ok(())
    }

    fn protected(&mut self, message: &[u8], transmit: &mut impl FnMut(BytesMut)) -> Result<(), Mute> {
        let Some(overhead) = self.channel.as_ref().map(|channel| channel.overhead()) else { return Ok(()) };
        self.room(overhead.saturating_add(message.len()), transmit);
        match &mut self.channel {
            Some(channel) => channel.seal(self.arena, self.rng, ContentType::Handshake, &[message]),
            None => Ok(()),
        }
    }
}

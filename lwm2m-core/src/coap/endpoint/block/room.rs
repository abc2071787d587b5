//! How large an answer may be: what the path takes, and what an address gets that has not proven itself.

use bytes::Bytes;
use rand_chacha::ChaCha12Rng;
use rand_core::{Rng, SeedableRng};

use super::{Asked, Part, block_at, size};
use crate::{
    Now,
    coap::{
        Block, Message, OptionNumber, Options, Payload, Response,
        endpoint::{Endpoint, block::serve::shortened, frame::encode},
    },
};

/// Headers of Ethernet, IPv6 and UDP: what counts for a victim is what comes by the wire. [RFC 9175 §2.4]
const HEADERS: usize = 62;

/// Octets of an Echo value of ours, and of its option.
const ECHO: usize = 8;
const ECHO_OPTION: usize = ECHO + 3;

/// What an answer may take.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Room {
    pub(in super::super) frame: usize,
    /// It would be larger for a peer that has proven itself.
    pub(in super::super) unproven: bool,
}

impl Endpoint {
    /// How large the answer may be. `repeated`: it is sent until it is acknowledged.
    pub(in super::super) fn room(&self, peer: u32, asked: &Asked, repeated: bool) -> Room {
        let Some(link) = self.peers.link(peer) else { return Room { frame: 0, unproven: false } };
        let Some(factor) = self.config.limits.amplification.filter(|_| !self.is_proven(peer)) else {
            return Room { frame: link.mtu, unproven: false };
        };
        let times = if repeated { 1 + usize::from(link.transmission.max_retransmit) } else { 1 };
        let all = (usize::from(asked.octets) + HEADERS) * usize::from(factor);
        let frame = (all / times).saturating_sub(HEADERS + ECHO_OPTION);
        Room { frame: frame.min(link.mtu), unproven: frame < link.mtu }
    }

    /// A peer that sends this back is where we sent it. [RFC 9175 §2.3]
    fn echo_for(&self, peer: u32) -> [u8; ECHO] {
        let id = self.peers.id(peer);
        let mut rng = ChaCha12Rng::from_seed(self.rng.get_seed());
        // Stream 0 is where everything else comes from.
        rng.set_stream(1 | u64::from(id.index) << 1 | u64::from(id.generation) << 33);
        rng.next_u64().to_be_bytes()
    }

    /// An answer that was cut for want of proof asks for it.
    pub(in super::super) fn push_echo(&mut self, peer: u32, room: Room, options: &mut Options) {
        if room.unproven {
            self.counters.unproven += 1;
            options.remove(OptionNumber::ECHO);
            options.push(OptionNumber::ECHO, &self.echo_for(peer));
        }
    }

    /// A request may bring the proof.
    pub(in super::super) fn take_echo(&mut self, peer: u32, message: &Message<'_>) {
        if let Some(echo) = message.options.first(OptionNumber::ECHO)
            && !self.is_proven(peer)
            && echo == self.echo_for(peer)
        {
            self.prove(peer);
        }
    }

    /// An answer in a frame that the path takes no more, made smaller: its first octets as a block, the rest is served
    /// when it is asked for. `None`: nobody could serve the rest, or it cannot be made smaller.
    pub(in super::super) fn cut_frame(
        &mut self,
        now: Now,
        peer: u32,
        asked: &Asked,
        frame: &Bytes,
        mtu: usize,
    ) -> Option<Bytes> {
        if self.protect.is_some() {
            return None;
        }
        let message = Message::parse(frame).ok()?;
        let mut response = message.to_response(frame);
        let szx = self.block_in(mtu, response.options.view());
        let observe = response.options.observe();
        if !response.code.is_success() {
            response = shortened(response, size(szx));
        } else if let Some(block) = response.options.block2() {
            response = self.smaller_block(peer, asked, response, block, szx)?;
        } else {
            response.options.remove(OptionNumber::OBSERVE);
            // Block1 stands in it already.
            let asked = Asked { block1: None, block2: Some(Block { num: 0, more: false, szx }), ..*asked };
            response = self.cut_response(now, peer, &asked, response, false);
            if let Some(sequence) = observe {
                response.options.push_uint(OptionNumber::OBSERVE, u64::from(sequence));
            }
        }
        let payload = response.payload.bytes();
        let smaller = Message { options: response.options.view(), payload, code: response.code, ..message };
        (smaller.encoded_len() <= mtu).then(|| encode(&mut self.arena, self.peers.len(), &smaller))
    }

    /// The beginning of a block, if the rest of the body is still there.
    fn smaller_block(
        &self,
        peer: u32,
        asked: &Asked,
        mut response: Response,
        block: Block,
        szx: u8,
    ) -> Option<Response> {
        let rest = |part: &Part| matches!(part, Part::Serve(_) | Part::Stream(_));
        let list = self.peers.get(peer)?.transfers;
        self.transfers.list(list).find(|(_, t)| t.target == asked.target && rest(&t.part))?;
        let payload = response.payload.bytes();
        let begin = payload.slice(..size(szx).min(payload.len()));
        let more = block.more || begin.len() < payload.len();
        let block = block_at(block.offset(), more, szx)?;
        response.options.remove(OptionNumber::BLOCK2);
        response.options.push_uint(OptionNumber::BLOCK2, block.to_uint());
        response.payload = Payload::Whole(begin);
        Some(response)
    }
}

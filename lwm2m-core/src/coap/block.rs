//! Value of the Block options. [RFC 7959 §2.2]

/// Largest number of a block: 20 bits. [RFC 7959 §2.2]
pub const MAX_BLOCK_NUMBER: u32 = (1 << 20) - 1;

/// Which block of a body a message holds or asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Block {
    /// NUM: which block, counted in blocks of [`Block::size`]. At most [`MAX_BLOCK_NUMBER`].
    pub num: u32,
    /// M: more follow.
    pub more: bool,
    /// SZX: 0 for 16 octets to 6 for 1024; 7 is BERT, for streams alone. [RFC 8323 §6]
    pub szx: u8,
}

impl Block {
    /// Reads the value of an option; `None` where it is longer than three octets.
    #[must_use]
    pub fn parse(value: &[u8]) -> Option<Self> {
        if value.len() > 3 {
            return None;
        }
        let bits = value.iter().fold(0, |bits: u32, octet| bits << 8 | u32::from(*octet));
        Some(Self { num: bits >> 4, more: bits & 8 != 0, szx: (bits & 7) as u8 })
    }

    /// The value of the option, to be written as an unsigned number.
    #[must_use]
    pub const fn to_uint(self) -> u64 {
        let more = if self.more { 8 } else { 0 };
        ((self.num & MAX_BLOCK_NUMBER) as u64) << 4 | more | (self.szx & 7) as u64
    }

    /// Octets of a block that is not the last: 16 to 1024. For BERT 1024, the unit its blocks are counted in.
    #[must_use]
    pub const fn size(self) -> usize {
        if self.szx >= 6 { 1024 } else { 16 << self.szx }
    }

    /// Where the block begins in its body, in octets.
    #[must_use]
    pub const fn offset(self) -> u64 {
        self.num as u64 * self.size() as u64
    }

    /// The largest SZX whose blocks have at most `octets`; `None` below 16.
    #[must_use]
    pub const fn szx_within(octets: usize) -> Option<u8> {
        match octets {
            0..16 => None,
            1024.. => Some(6),
            _ => Some((octets.ilog2() - 4) as u8),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_offsets_follow_the_exponent() {
        let block = Block { num: 3, more: true, szx: 2 };
        assert_eq!((block.size(), block.offset()), (64, 192));
        assert_eq!(Block { num: 1, more: false, szx: 7 }.size(), 1024);
        for (octets, szx) in
            [(15, None), (16, Some(0)), (31, Some(0)), (1023, Some(5)), (1024, Some(6)), (9000, Some(6))]
        {
            assert_eq!(Block::szx_within(octets), szx, "{octets}");
        }
    }
}

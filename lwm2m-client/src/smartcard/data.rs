//! `EF(LwM2M_Bootstrap)`: objects and their instances. [Core 1.2 §G.3.3]

use lwm2m_core::{Bytes, ObjectId};

use super::CardFault;

/// Octets of what stands before the objects: their number, and how many octets they have.
const HEAD: usize = 4;

/// The content of `EF(LwM2M_Bootstrap)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BootstrapData {
    /// In their order, each once.
    pub objects: Vec<CardObject>,
}

/// An object on a card.
#[derive(Clone, PartialEq, Eq)]
pub struct CardObject {
    /// Its number.
    pub object: ObjectId,
    /// Major and minor; `None`: 1.0, or that of the enabler.
    pub version: Option<(u8, u8)>,
    /// Where `tlv` begins in the file.
    pub offset: usize,
    /// Its instances in OMA TLV.
    pub tlv: Bytes,
}

/// There are keys in it.
impl std::fmt::Debug for CardObject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CardObject(/{}, {} octets at {})", self.object, self.tlv.len(), self.offset)
    }
}

impl BootstrapData {
    /// Reads a file. What stands behind the announced size is fill.
    ///
    /// # Errors
    /// Its lengths do not agree, or an object is there twice.
    pub fn parse(file: &[u8]) -> Result<Self, CardFault> {
        let mut cursor = Cursor { octets: file, at: 0 };
        let count = cursor.number("the number of objects is cut off")?;
        let size = cursor.number("the size is cut off")?;
        let end = HEAD.saturating_add(usize::from(size));
        let Some(octets) = file.get(..end) else {
            return Err(CardFault { offset: file.len(), why: "the file is shorter than it says" });
        };
        let mut cursor = Cursor { octets, at: HEAD };
        let mut objects: Vec<CardObject> = Vec::new();
        while cursor.at < end {
            let at = cursor.at;
            let object = cursor.object()?;
            if objects.iter().any(|known| known.object == object.object) {
                return Err(CardFault { offset: at, why: "an object is there twice" });
            }
            objects.push(object);
        }
        if objects.len() != usize::from(count) {
            return Err(CardFault { offset: 0, why: "the number of objects is another" });
        }
        if objects.is_empty() {
            return Err(CardFault { offset: 0, why: "there is no object" });
        }
        Ok(Self { objects })
    }

    /// Differs where the content does. It is written to the store: the same in every version of the crate.
    pub(crate) fn fingerprint(&self) -> u64 {
        // FNV-1a
        let mix = |hash: u64, octet: u8| (hash ^ u64::from(octet)).wrapping_mul(0x0100_0000_01b3);
        self.objects.iter().fold(0xcbf2_9ce4_8422_2325, |hash, object| {
            let (major, minor) = object.version.unwrap_or_default();
            let head = object.object.0.to_be_bytes().into_iter().chain([major, minor]);
            head.chain(object.tlv.iter().copied()).fold(hash, mix)
        })
    }
}

struct Cursor<'a> {
    octets: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn object(&mut self) -> Result<CardObject, CardFault> {
        let object = ObjectId(self.number("the number of an object is cut off")?);
        let version = match self.octet("a version is cut off")? {
            0 => None,
            major => Some((major, self.octet("a version is cut off")?)),
        };
        let at = self.at;
        let len = usize::from(self.number("the length of an object is cut off")?);
        let offset = self.at;
        let end = offset.saturating_add(len);
        let Some(tlv) = self.octets.get(offset..end) else {
            return Err(CardFault { offset: at, why: "the object is longer than what holds it" });
        };
        self.at = end;
        Ok(CardObject { object, version, offset, tlv: Bytes::copy_from_slice(tlv) })
    }

    fn octet(&mut self, why: &'static str) -> Result<u8, CardFault> {
        let octet = self.octets.get(self.at).copied().ok_or(CardFault { offset: self.at, why })?;
        self.at = self.at.saturating_add(1);
        Ok(octet)
    }

    fn number(&mut self, why: &'static str) -> Result<u16, CardFault> {
        Ok(u16::from_be_bytes([self.octet(why)?, self.octet(why)?]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &[u8] = &[0, 2, 0, 14, 0, 0, 0, 0, 2, 0xAA, 0xBB, 0, 3, 1, 2, 0, 1, 0xCC, 0xFF, 0xFF];

    #[test]
    fn objects_with_and_without_a_version_are_read() {
        let data = BootstrapData::parse(FILE).unwrap();
        let read: Vec<_> =
            data.objects.iter().map(|o| (o.object.0, o.version, o.offset, o.tlv.to_vec())).collect();
        assert_eq!(read, [(0, None, 9, vec![0xAA, 0xBB]), (3, Some((1, 2)), 17, vec![0xCC])]);
        let changed = [&FILE[..17], &[0xCD]].concat();
        assert_ne!(BootstrapData::parse(&changed).unwrap().fingerprint(), data.fingerprint());
    }

    #[test]
    fn what_does_not_agree_is_named_with_its_place() {
        for end in 0..18 {
            let fault = BootstrapData::parse(&FILE[..end]).unwrap_err();
            assert!(fault.offset <= end, "{end}: {fault:?}");
        }
        let with = |at: usize, octet: u8| {
            let mut file = FILE.to_vec();
            file[at] = octet;
            BootstrapData::parse(&file).map_err(|fault| (fault.offset, fault.why))
        };
        assert_eq!(with(1, 3), Err((0, "the number of objects is another")));
        assert_eq!(with(8, 10), Err((7, "the object is longer than what holds it")));
        assert_eq!(with(12, 0), Err((11, "an object is there twice")));
        assert_eq!(with(3, 13), Err((15, "the object is longer than what holds it")));
        assert_eq!(with(2, 1).unwrap_err().1, "the file is shorter than it says");
        assert_eq!(BootstrapData::parse(&[0; 4]).unwrap_err().why, "there is no object");
    }
}

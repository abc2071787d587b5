//! The directories of a card: `EF(DIR)`, `EF(ODF)` and `EF(DODF)`. [TS 102 221 §13.1, PKCS#15 v1.1 §5.5, §6.1, §6.9]

use lwm2m_core::Bytes;

use super::{
    CardFault,
    der::{Element, Reader},
};

/// The AID of PKCS#15.
pub const PKCS15: &[u8] = b"\xA0\x00\x00\x00\x63PKCS-15";

/// The object identifier of bootstrap data, 2.23.43.9.1. Cards are seen that wrap it once more.
const BOOTSTRAP: &[u8] = &[0x67, 0x2B, 0x09, 0x01];
const BOOTSTRAP_WRAPPED: &[u8] = &[0x06, 0x04, 0x67, 0x2B, 0x09, 0x01];

/// The deepest path: eight files.
const MAX_PATH: usize = 16;
/// The longest AID. [TS 101 220]
const MAX_AID: usize = 16;

const SEQUENCE: u8 = 0x30;
const OCTETS: u8 = 0x04;
const OBJECT_IDENTIFIER: u8 = 0x06;
const TEMPLATE: u8 = 0x61;
const AID: u8 = 0x4F;
/// `dataObjects [7]` of an ODF; within it a path.
const DATA_OBJECTS: u8 = 0xA7;
/// `oidDO [1]` of a DODF; and `typeAttributes [1]` of an entry.
const CONTEXT_1: u8 = 0xA1;

/// The AID of the PKCS#15 application in the records of `EF(DIR)`. `None`: the card has no such application.
///
/// # Errors
/// The octets are no application templates.
pub fn application(dir: &[u8]) -> Result<Option<Bytes>, CardFault> {
    let mut reader = Reader::new(dir);
    while let Some(Element { tag, at, mut content }) = reader.next()? {
        if tag != TEMPLATE {
            return Err(CardFault { offset: at, why: "an application template (61) is expected" });
        }
        let mut name = None;
        while let Some(element) = content.next()? {
            if element.tag == AID {
                name = Some(element.content.octets());
            }
        }
        let name = name.ok_or(CardFault { offset: at, why: "an application without a name (4F)" })?;
        // Who issues a card may add octets of its own.
        if name.starts_with(PKCS15) && name.len() <= MAX_AID {
            return Ok(Some(Bytes::copy_from_slice(name)));
        }
    }
    Ok(None)
}

/// The paths of the directories of data objects that an `EF(ODF)` names, the most important first.
///
/// # Errors
/// The octets are no object directory.
pub fn data_directories(odf: &[u8]) -> Result<Vec<Vec<u16>>, CardFault> {
    let mut reader = Reader::new(odf);
    let mut found = Vec::new();
    while let Some(Element { tag, at, mut content }) = reader.next()? {
        match tag {
            DATA_OBJECTS => {
                // The objects themselves instead of a path to them: not for us.
                if let Some(Element { tag: SEQUENCE, content, .. }) = content.next()? {
                    found.push(path(content)?);
                }
            }
            0xA0..=0xA8 => {}
            _ => return Err(CardFault { offset: at, why: "no kind of PKCS#15 objects" }),
        }
    }
    Ok(found)
}

/// The path of the bootstrap file, if this `EF(DODF)` has an entry for it.
///
/// # Errors
/// The octets are no directory of data objects.
pub fn bootstrap_path(dodf: &[u8]) -> Result<Option<Vec<u16>>, CardFault> {
    let mut reader = Reader::new(dodf);
    while let Some(Element { tag, at, content }) = reader.next()? {
        match tag {
            SEQUENCE | CONTEXT_1 => {
                if let Some(path) = entry(content)? {
                    return Ok(Some(path));
                }
            }
            0xA0 => {}
            _ => return Err(CardFault { offset: at, why: "no data object" }),
        }
    }
    Ok(None)
}

/// An opaque data object, or one with an object identifier. Either says whose it is.
fn entry(mut content: Reader<'_>) -> Result<Option<Vec<u16>>, CardFault> {
    content.expect(SEQUENCE, "the attributes of an object are expected")?;
    let mut class = content.expect(SEQUENCE, "the attributes of a data object are expected")?;
    let mut ours = false;
    while let Some(element) = class.next()? {
        ours |= is_bootstrap(&element);
    }
    while let Some(element) = content.next()? {
        if element.tag != CONTEXT_1 {
            continue;
        }
        let mut value = element.content;
        let mut inner = value.expect(SEQUENCE, "a path or an object identifier is expected")?;
        let whole = inner;
        return match inner.next()? {
            Some(id) if id.tag == OBJECT_IDENTIFIER && (ours || is_bootstrap(&id)) => {
                path(inner.expect(SEQUENCE, "a path is expected")?).map(Some)
            }
            Some(Element { tag: OCTETS, .. }) if ours => path(whole).map(Some),
            _ => Ok(None),
        };
    }
    Ok(None)
}

fn is_bootstrap(element: &Element<'_>) -> bool {
    let id = element.content.octets();
    element.tag == OBJECT_IDENTIFIER && (id == BOOTSTRAP || id == BOOTSTRAP_WRAPPED)
}

/// `Path`: what follows the file identifiers is of no use here.
fn path(mut content: Reader<'_>) -> Result<Vec<u16>, CardFault> {
    let octets = content.expect(OCTETS, "file identifiers are expected")?;
    let (pairs, rest) = octets.octets().as_chunks::<2>();
    if pairs.is_empty() || !rest.is_empty() || octets.octets().len() > MAX_PATH {
        return Err(octets.fault("a path has one to eight file identifiers of two octets"));
    }
    Ok(pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_found_by_either_identifier_and_others_are_passed_over() {
        let other = [
            0xA1, 0x13, 0x30, 0, 0x30, 0, 0xA1, 0x0D, 0x30, 0x0B, 6, 3, 0x67, 0x2B, 9, 0x30, 4, 4, 2, 0x11,
            0x11,
        ];
        let by_type = [
            0xA1, 0x14, 0x30, 0, 0x30, 0, 0xA1, 0x0E, 0x30, 0x0C, 6, 4, 0x67, 0x2B, 9, 1, 0x30, 4, 4, 2,
            0x64, 0x32,
        ];
        let by_class =
            [0x30, 0x12, 0x30, 0, 0x30, 6, 6, 4, 0x67, 0x2B, 9, 1, 0xA1, 6, 0x30, 4, 4, 2, 0x64, 0x33];
        assert_eq!(bootstrap_path(&other), Ok(None));
        assert_eq!(bootstrap_path(&[&other[..], &by_type].concat()), Ok(Some(vec![0x6432])));
        assert_eq!(bootstrap_path(&[&by_class[..], &[0xFF, 0xFF]].concat()), Ok(Some(vec![0x6433])));
        assert_eq!(bootstrap_path(&[]), Ok(None));
    }

    #[test]
    fn directories_of_data_objects_are_found_among_others() {
        let odf = [0xA4, 6, 0x30, 4, 4, 2, 0x44, 1, 0xA7, 6, 0x30, 4, 4, 2, 0x64, 0x30, 0, 0xFF];
        assert_eq!(data_directories(&odf), Ok(vec![vec![0x6430]]));
        let fault = |octets: &[u8]| data_directories(octets).map_err(|fault| (fault.offset, fault.why));
        assert_eq!(fault(&odf[..15]), Err((8, "the element is longer than what holds it")));
        assert_eq!(fault(&[0x02, 1, 7]), Err((0, "no kind of PKCS#15 objects")));
        let odd = [0xA7, 5, 0x30, 3, 4, 1, 0x64];
        assert_eq!(fault(&odd), Err((6, "a path has one to eight file identifiers of two octets")));
    }

    #[test]
    fn the_application_is_found_by_the_beginning_of_its_name() {
        let usim = [0x61, 9, 0x4F, 7, 0xA0, 0, 0, 0, 0x87, 0x10, 2, 0xFF, 0xFF];
        let mut pkcs15 = vec![0x61, 20, 0x4F, 13];
        pkcs15.extend_from_slice(PKCS15);
        pkcs15.extend_from_slice(&[7, 0x51, 3, 0x3F, 0, 1]);
        pkcs15[1] = u8::try_from(pkcs15.len() - 2).unwrap_or(0);
        assert_eq!(application(&usim), Ok(None));
        let found = application(&[&usim[..], &pkcs15].concat()).unwrap().unwrap();
        assert_eq!(found, [PKCS15, &[7]].concat());
        assert_eq!(application(&[0x62, 0]).unwrap_err().offset, 0);
    }
}

//! How the records of a client are named and written.
//!
//! A key is a letter and numbers, most significant octet first, so that records of a kind stand together. Letters that
//! are not known are left alone: a later version of this crate may have written them.

use std::time::Duration;

use lwm2m_core::{
    AttributeEdit, AttributeTree, Bytes, InstanceId, Node, ObjectDef, ObjectId, Path, StoreError, Tree,
    UnixTime, Values, Version,
    codec::{self, ContentFormat, Context},
};

use super::{Edit, Record};
use crate::object::Definition;

/// Of records of sessions; the URI of the server follows.
const SESSION: u8 = b't';

/// The key of the session with a server. [RFC 6347]
pub(crate) fn session(uri: &str) -> Vec<u8> {
    std::iter::once(SESSION).chain(uri.bytes()).collect()
}

/// The URI of the server whose session a record holds.
pub(crate) fn session_of(key: &[u8]) -> Option<&str> {
    let uri = key.strip_prefix(&[SESSION])?;
    std::str::from_utf8(uri).ok()
}

/// The form of all records. A store of a later one is not touched.
const LAYOUT: u8 = 1;

/// What a record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Key {
    /// The layout of the store.
    Layout,
    /// An object instance: what servers or bootstrap made of it.
    Instance(ObjectId, InstanceId),
    /// What a server has attached to nodes.
    Attributes(u16),
    /// Until when a server is not to hear of us.
    Disabled(u16),
    /// What an observation of a server has yet to tell, by a number of ours.
    Notifications(u16, u32),
    /// What is to be sent to a server; the lowest number first.
    Send(u16, u32),
    /// What was taken from a smartcard.
    Card,
    /// When the account of the bootstrap server goes.
    Purge,
}

impl Key {
    pub(crate) fn octets(self) -> Vec<u8> {
        let letter = match self {
            Self::Layout => b'v',
            Self::Instance(..) => b'i',
            Self::Attributes(_) => b'a',
            Self::Disabled(_) => b'd',
            Self::Notifications(..) => b'n',
            Self::Send(..) => b's',
            Self::Card => b'c',
            Self::Purge => b'p',
        };
        let mut octets = vec![letter];
        match self {
            Self::Layout | Self::Card | Self::Purge => {}
            Self::Instance(object, instance) => {
                octets.extend(object.0.to_be_bytes());
                octets.extend(instance.0.to_be_bytes());
            }
            Self::Attributes(server) | Self::Disabled(server) => octets.extend(server.to_be_bytes()),
            Self::Notifications(server, number) | Self::Send(server, number) => {
                octets.extend(server.to_be_bytes());
                octets.extend(number.to_be_bytes());
            }
        }
        octets
    }

    /// `None`: of a later version, or not ours.
    pub(crate) fn parse(octets: &[u8]) -> Option<Self> {
        let (letter, numbers) = octets.split_first()?;
        let number = |octets: &[u8]| octets.try_into().ok().map(u16::from_be_bytes);
        match (letter, numbers.len()) {
            (b'v', 0) => Some(Self::Layout),
            (b'i', 4) => {
                let (object, instance) = numbers.split_at_checked(2)?;
                Some(Self::Instance(ObjectId(number(object)?), InstanceId(number(instance)?)))
            }
            (b'a', 2) => number(numbers).map(Self::Attributes),
            (b'd', 2) => number(numbers).map(Self::Disabled),
            (b'n' | b's', 6) => {
                let (server, count) = numbers.split_at_checked(2)?;
                let (server, count) = (number(server)?, u32::from_be_bytes(count.try_into().ok()?));
                Some(match letter {
                    b'n' => Self::Notifications(server, count),
                    _ => Self::Send(server, count),
                })
            }
            (b'c', 0) => Some(Self::Card),
            (b'p', 0) => Some(Self::Purge),
            _ => None,
        }
    }

    /// The server that it is about.
    pub(crate) const fn server(self) -> Option<u16> {
        match self {
            Self::Layout | Self::Instance(..) | Self::Card | Self::Purge => None,
            Self::Attributes(server)
            | Self::Disabled(server)
            | Self::Notifications(server, _)
            | Self::Send(server, _) => Some(server),
        }
    }

    pub(crate) fn put(self, value: impl Into<Bytes>) -> Edit {
        Edit::Put(Record { key: self.octets(), value: value.into() })
    }

    pub(crate) fn delete(self) -> Edit {
        Edit::Delete { key: self.octets() }
    }
}

/// Is the store of a layout that is understood here? An empty one gets this change first.
pub(crate) fn check_layout(records: &[Record]) -> Result<Option<Edit>, StoreError> {
    let layout = records.iter().find(|record| Key::parse(&record.key) == Some(Key::Layout));
    match layout.map(|record| record.value.as_ref()) {
        None => Ok(Some(Key::Layout.put(vec![LAYOUT]))),
        Some([LAYOUT]) => Ok(None),
        Some(_) => Err(StoreError::new("the state was written by a later version of this client")),
    }
}

/// What becomes of the record of an instance.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fate {
    /// It is to be as these values say.
    Is(Values),
    /// It is gone, although the program adds it at start.
    Gone,
    /// It is gone, and the program knows nothing of it.
    Forgotten,
    /// It is what the program gives at start: these values.
    Given(Values),
}

/// An instance and what becomes of its record.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept {
    pub(crate) object: ObjectId,
    pub(crate) instance: InstanceId,
    pub(crate) fate: Fate,
}

const GONE: u8 = 0;
const IS: u8 = 1;

impl Kept {
    /// The change to the store. An instance is written as OMA TLV, after an octet that says that there is one.
    pub(crate) fn edit(self, def: &Definition) -> Result<Edit, StoreError> {
        let key = Key::Instance(self.object, self.instance);
        let values = match self.fate {
            Fate::Forgotten | Fate::Given(_) => return Ok(key.delete()),
            Fate::Gone => return Ok(key.put(vec![GONE])),
            Fate::Is(values) => values,
        };
        let path = Path::new(&[self.object.0, self.instance.0]).map_err(StoreError::new)?;
        let node = Node::Instance(values.into_iter().collect());
        let mut record = vec![IS];
        codec::encode(ContentFormat::TLV, &context(&One(def.clone())), path, &node, &mut record)
            .map_err(StoreError::new)?;
        Ok(key.put(record))
    }

    /// From a record. What the definition does not know is passed over.
    pub(crate) fn of(key: Key, value: &[u8], def: &Definition) -> Result<Self, StoreError> {
        let Key::Instance(object, instance) = key else { return Err(StoreError::new("no instance")) };
        let fate = match value.split_first() {
            Some((&GONE, [])) => Fate::Gone,
            Some((&IS, octets)) => {
                let path = Path::new(&[object.0, instance.0]).map_err(StoreError::new)?;
                let node = codec::decode(ContentFormat::TLV, &context(&One(def.clone())), path, octets);
                match node.map_err(StoreError::new)? {
                    Node::Instance(resources) => {
                        let known = |id: &lwm2m_core::ResourceId| def.resource(*id).is_some();
                        Fate::Is(resources.into_iter().filter(|(id, _)| known(id)).collect())
                    }
                    _ => return Err(StoreError::new("no instance")),
                }
            }
            _ => return Err(StoreError::new("an instance of a form that is not known")),
        };
        Ok(Self { object, instance, fate })
    }
}

struct One(Definition);

impl lwm2m_core::Model for One {
    fn object(&self, id: ObjectId) -> Option<&ObjectDef> {
        (id == self.0.id()).then_some(&*self.0)
    }
}

const fn context(model: &One) -> Context<'_> {
    Context { model, version: Version::V1_2, tree: &Tree::DEFAULT }
}

/// The record of what a server has attached: a line a node, as in a Write-Attributes.
pub(crate) fn attributes(server: u16, tree: &AttributeTree) -> Edit {
    if tree.is_empty() {
        return Key::Attributes(server).delete();
    }
    let lines = tree.iter().map(|(path, attributes)| {
        let parameters: Vec<_> = AttributeEdit::from(*attributes).parameters().collect();
        format!("{path}?{}\n", parameters.join("&"))
    });
    Key::Attributes(server).put(lines.collect::<String>())
}

/// From its record; a line that is not understood is passed over.
pub(crate) fn read_attributes(value: &[u8]) -> AttributeTree {
    let mut tree = AttributeTree::default();
    let mut lost = 0_u32;
    for line in String::from_utf8_lossy(value).lines() {
        let parsed = line.split_once('?').and_then(|(path, parameters)| {
            let edit = AttributeEdit::parse(parameters.split('&')).ok()?;
            tree.write(path.parse().ok()?, &edit).ok()
        });
        lost += u32::from(parsed.is_none());
    }
    if lost > 0 {
        tracing::warn!(lost, "attributes that were kept are not understood");
    }
    tree
}

/// The record of a server that we stay away from, and for how long altogether.
pub(crate) fn disabled(server: u16, until: UnixTime, total: Duration) -> Edit {
    let total = u32::try_from(total.as_secs()).unwrap_or(u32::MAX);
    Key::Disabled(server).put([&until.0.to_be_bytes()[..], &total.to_be_bytes()].concat())
}

/// The record of when the account of the bootstrap server goes. Without a clock its whole time is written: it begins
/// anew with every start.
pub(crate) fn purge(wall: Option<UnixTime>, after: Option<Duration>) -> Edit {
    let Some(after) = after else { return Key::Purge.delete() };
    let until = wall.map_or(UnixTime(i64::MAX), |wall| wall.after(after));
    let total = u32::try_from(after.as_secs()).unwrap_or(u32::MAX);
    Key::Purge.put([&until.0.to_be_bytes()[..], &total.to_be_bytes()].concat())
}

/// What is left of it. The clock may have been set meanwhile: it is never longer than it was.
pub(crate) fn read_purge(value: &[u8], wall: Option<UnixTime>) -> Option<Duration> {
    let (until, total) = read_disabled(value)?;
    let left =
        wall.map(|wall| Duration::from_micros(u64::try_from(until.0.saturating_sub(wall.0)).unwrap_or(0)));
    Some(left.map_or(total, |left| left.min(total)))
}

pub(crate) fn not_disabled(server: u16) -> Edit {
    Key::Disabled(server).delete()
}

pub(crate) fn read_disabled(value: &[u8]) -> Option<(UnixTime, Duration)> {
    let (until, total) = value.split_at_checked(8)?;
    let until = UnixTime(i64::from_be_bytes(until.try_into().ok()?));
    let total = u32::from_be_bytes(total.try_into().ok()?);
    Some((until, Duration::from_secs(total.into())))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use lwm2m_core::{Attributes, ObjectType, Secret, Selection};
    use lwm2m_objects::{Security, Server, oma::AccessControl};

    use super::*;

    #[test]
    fn every_key_is_read_back_and_strange_ones_are_left_alone() {
        let instance = Key::Instance(ObjectId(32800), InstanceId(258));
        let numbered = [Key::Notifications(3, 0x0102_0304), Key::Send(65534, u32::MAX)];
        for key in [Key::Layout, instance, Key::Attributes(1), Key::Disabled(65534), Key::Card, Key::Purge]
            .into_iter()
            .chain(numbered)
        {
            assert_eq!(Key::parse(&key.octets()), Some(key));
            assert_eq!(session_of(&key.octets()), None, "{key:?} is no session");
        }
        let kept = session("coaps://server");
        assert_eq!((session_of(&kept), Key::parse(&kept)), (Some("coaps://server"), None));
        for strange in [&b""[..], b"x", b"i\0\0", b"a", b"v1", b"offline/1"] {
            assert_eq!(Key::parse(strange), None, "{strange:?}");
        }
    }

    fn there_and_back<T: ObjectType>(value: &T) {
        let values = value.read(&Selection::All);
        let kept = Kept { object: T::DEF.id(), instance: InstanceId(7), fate: Fate::Is(values) };
        let Edit::Put(record) = kept.clone().edit(&Definition::Constant(T::DEF)).unwrap() else {
            panic!("it is written")
        };
        let key = Key::parse(&record.key).unwrap();
        let Fate::Is(mut read) = Kept::of(key, &record.value, &Definition::Constant(T::DEF)).unwrap().fate
        else {
            panic!("it is")
        };
        let Fate::Is(mut written) = kept.fate else { panic!("it is") };
        read.sort_by_key(|(id, _)| *id);
        written.sort_by_key(|(id, _)| *id);
        assert_eq!(read, written);
    }

    #[test]
    fn accounts_and_access_rights_are_read_back_whole() {
        let account = Security {
            server_uri: "coaps://server".to_owned(),
            secret_key: Secret::new(b"0123456789abcdef".to_vec()),
            short_server_id: Some(7),
            dtls_tls_ciphersuite: BTreeMap::from([(0, 0xc0a8)]),
            ..Security::default()
        };
        there_and_back(&account);
        let periods =
            Server { default_maximum_period: Some(60), mute_send: Some(false), ..Server::new(7, 60) };
        there_and_back(&periods);
        let mut rights = AccessControl::new(ObjectId(3), InstanceId(0), 7);
        rights.acl = BTreeMap::from([(0, 1), (7, 15)]);
        there_and_back(&rights);
    }

    #[test]
    fn attributes_are_read_back_and_a_damaged_line_costs_only_itself() {
        let mut tree = AttributeTree::default();
        let attributes = Attributes::default().pmin(5).gt(-1.5);
        tree.write("/3/0/9".parse().unwrap(), &attributes.into()).unwrap();
        tree.write("/3".parse().unwrap(), &Attributes::default().pmax(60).into()).unwrap();
        let Edit::Put(record) = super::attributes(1, &tree) else { panic!("it is written") };
        let read: Vec<_> = read_attributes(&record.value).iter().map(|(path, all)| (path, *all)).collect();
        assert_eq!(read, tree.iter().map(|(path, all)| (path, *all)).collect::<Vec<_>>());
        assert_eq!(read_attributes(b"/3?pmin=5\nnonsense\n/4?pmin=x\n").iter().count(), 1);
        assert_eq!(super::attributes(1, &AttributeTree::default()), Key::Attributes(1).delete());
    }

    #[test]
    fn the_end_of_a_disable_is_read_back() {
        let until = UnixTime::from_secs(1_700_000_000);
        let Edit::Put(record) = disabled(1, until, Duration::from_secs(300)) else { panic!("it is written") };
        assert_eq!(read_disabled(&record.value), Some((until, Duration::from_secs(300))));
        assert_eq!(read_disabled(b"short"), None);
    }

    #[test]
    fn a_store_of_a_later_layout_is_refused() {
        let of = |version: u8| vec![Record { key: b"v".to_vec(), value: Bytes::from(vec![version]) }];
        assert_eq!(check_layout(&of(LAYOUT)).unwrap(), None);
        assert!(check_layout(&of(LAYOUT + 1)).is_err());
        assert_eq!(check_layout(&[]).unwrap(), Some(Key::Layout.put(vec![LAYOUT])));
    }
}

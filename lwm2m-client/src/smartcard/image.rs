//! Images of cards, made octet by octet as an issuer makes them, and a card that serves one.

use std::{
    collections::BTreeMap,
    fmt, fs, io,
    path::{Path as FilePath, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use lwm2m_core::{
    Bytes, InstanceId, Model, Node, ObjectDef, ObjectId, ObjectType, Path, Selection, Tree, Version,
    async_trait,
    codec::{self, ContentFormat, Context},
    file::replace,
};

use super::{CardError, CardFile, PKCS15, Smartcard};
use crate::{
    BootstrapAccount, ServerAccount,
    account::{security, security_of_bootstrap},
    builder::server,
};

/// The files of a card.
pub type Files = BTreeMap<CardFile, Bytes>;

/// Where the files of a card stand, and how long they are: what stands behind the data is `FF`.
const DODF: u16 = 0x6430;
const BOOTSTRAP: u16 = 0x6432;
const FILL: usize = 8;

/// Number, version if it is said, instances in TLV.
type Object = (ObjectId, Option<(u8, u8)>, Vec<u8>);

/// Makes the files of a card.
#[derive(Clone, Default)]
pub struct CardImage {
    objects: Vec<Object>,
}

/// There are keys in it.
impl fmt::Debug for CardImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let objects = self.objects.iter().map(|(object, _, tlv)| (object.0, tlv.len()));
        f.write_str("CardImage, octets of objects: ")?;
        f.debug_map().entries(objects).finish()
    }
}

impl CardImage {
    /// A card without objects.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an object with these instances, with all that they have.
    ///
    /// # Panics
    /// TLV cannot carry them.
    #[must_use]
    pub fn object<T: ObjectType>(mut self, instances: impl IntoIterator<Item = (u16, T)>) -> Self {
        let every = T::DEF.resources().iter().filter(|def| !def.ops().can_execute());
        let every = Selection::Only(every.map(|def| (def.id(), None)).collect());
        let instances = instances
            .into_iter()
            .map(|(id, value)| (InstanceId(id), Node::Instance(value.read(&every).into_iter().collect())));
        let node = Node::Object(instances.collect());
        let (object, mut tlv) = (T::DEF.id(), Vec::new());
        let model = One(T::DEF);
        let cx = Context { model: &model, version: Version::V1_1, tree: &Tree::DEFAULT };
        let at = Path::object(object).unwrap_or(Path::ROOT);
        let written = codec::encode(ContentFormat::TLV, &cx, at, &node, &mut tlv);
        assert!(written.is_ok(), "{written:?}");
        self.objects.push((object, None, tlv));
        self
    }

    /// Adds the accounts of servers, in their order; that of the bootstrap server comes first.
    ///
    /// # Panics
    /// TLV cannot carry them.
    #[must_use]
    pub fn accounts(self, bootstrap: Option<&BootstrapAccount>, servers: &[ServerAccount]) -> Self {
        let ways = bootstrap.map(security_of_bootstrap).into_iter().chain(servers.iter().map(security));
        let image = self.object((0..).zip(ways));
        if servers.is_empty() { image } else { image.object((0..).zip(servers.iter().map(server))) }
    }

    /// Adds an object as it is to stand in the file.
    #[must_use]
    pub fn raw(mut self, object: u16, version: Option<(u8, u8)>, tlv: impl Into<Vec<u8>>) -> Self {
        self.objects.push((ObjectId(object), version, tlv.into()));
        self
    }

    /// `EF(LwM2M_Bootstrap)`, without fill.
    #[must_use]
    pub fn bootstrap(&self) -> Vec<u8> {
        let mut objects = Vec::new();
        for (object, version, tlv) in &self.objects {
            objects.extend(object.0.to_be_bytes());
            match version {
                Some((major, minor)) => objects.extend([*major, *minor]),
                None => objects.push(0),
            }
            objects.extend(length(tlv.len()));
            objects.extend(tlv);
        }
        let count = length(self.objects.len());
        [&count[..], &length(objects.len()), &objects].concat()
    }

    /// All files of the card: `EF(DIR)`, `EF(ODF)`, `EF(DODF)`, `EF(LwM2M_Bootstrap)`.
    #[must_use]
    pub fn files(&self) -> Files {
        let aid = Bytes::from_static(PKCS15);
        let path = |id: u16| der(0x30, &[der(0x04, &[id.to_be_bytes().to_vec()])]);
        // A USIM application stands before ours.
        let usim = der(0x61, &[der(0x4F, &[b"\xA0\x00\x00\x00\x87\x10\x02".to_vec()])]);
        let ours =
            [der(0x4F, &[PKCS15.to_vec()]), der(0x50, &[b"LwM2M".to_vec()]), der(0x51, &[vec![0x7F, 0x50]])];
        let dir = [filled(usim), filled(der(0x61, &ours))].concat();
        let odf = filled(der(0xA7, &[path(DODF)]));
        let id = der(0x06, &[vec![0x67, 0x2B, 0x09, 0x01]]);
        let of_type = der(0xA1, &[der(0x30, &[id, path(BOOTSTRAP)])]);
        let label = der(0x0C, &[b"LwM2M Bootstrap".to_vec()]);
        let dodf = filled(der(0xA1, &[der(0x30, &[]), der(0x30, &[label]), of_type]));
        let below = |id: u16| CardFile::named(&aid, vec![id]);
        let files = [
            (CardFile::dir(), dir),
            (below(0x5031), odf),
            (below(DODF), dodf),
            (below(BOOTSTRAP), filled(self.bootstrap())),
        ];
        files.into_iter().map(|(file, octets)| (file, Bytes::from(octets))).collect()
    }

    /// Writes the files into a directory, for [`CardDirectory`]. They belong to their owner alone: keys are in them.
    ///
    /// # Errors
    /// The file system refuses.
    pub fn write_to(&self, directory: impl AsRef<FilePath>) -> io::Result<()> {
        fs::create_dir_all(&directory)?;
        let files = self.files();
        files.iter().try_for_each(|(file, octets)| replace(&directory.as_ref().join(name(file)), octets))
    }
}

/// A card in a slot: it can be put in, taken out and damaged. Clones are the same slot.
#[derive(Clone, Debug, Default)]
pub struct SimulatedCard {
    slot: Arc<Mutex<Slot>>,
}

#[derive(Default)]
struct Slot {
    files: Option<Files>,
    fails: bool,
    reads: usize,
}

/// There are keys in the files.
impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files = self.files.as_ref().map(|files| files.iter().map(|(file, octets)| (file, octets.len())));
        let files = files.map(Vec::from_iter);
        f.debug_struct("Slot").field("files", &files).field("fails", &self.fails).finish_non_exhaustive()
    }
}

impl SimulatedCard {
    /// A slot with this card in it.
    #[must_use]
    pub fn with(files: Files) -> Self {
        let card = Self::default();
        card.insert(files);
        card
    }

    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a card in, instead of the one that was there.
    pub fn insert(&self, files: Files) {
        self.slot().files = Some(files);
    }

    /// Takes the card out.
    pub fn remove(&self) {
        self.slot().files = None;
    }

    /// From now on the card answers nothing, or does again.
    pub fn fail(&self, fails: bool) {
        self.slot().fails = fails;
    }

    /// How many files were read.
    #[must_use]
    pub fn reads(&self) -> usize {
        self.slot().reads
    }
}

#[async_trait]
impl Smartcard for SimulatedCard {
    async fn read(&self, file: &CardFile) -> Result<Option<Bytes>, CardError> {
        let mut slot = self.slot();
        slot.reads += 1;
        if slot.fails {
            return Err(CardError::Failed("no answer to reset".to_owned()));
        }
        let files = slot.files.as_ref().ok_or(CardError::Absent)?;
        Ok(files.get(file).cloned())
    }
}

/// A card whose files stand in a directory of the file system, named as [`CardFile`] is shown with `-` for `/`. A
/// directory that is not there is no card.
#[derive(Clone, Debug)]
pub struct CardDirectory(PathBuf);

impl CardDirectory {
    /// The card in this directory.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self(directory.into())
    }
}

#[async_trait]
impl Smartcard for CardDirectory {
    async fn read(&self, file: &CardFile) -> Result<Option<Bytes>, CardError> {
        if !self.0.is_dir() {
            return Err(CardError::Absent);
        }
        match fs::read(self.0.join(name(file))) {
            Ok(octets) => Ok(Some(octets.into())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(CardError::Failed(error.to_string())),
        }
    }
}

fn name(file: &CardFile) -> String {
    file.to_string().replace('/', "-")
}

fn filled(mut octets: Vec<u8>) -> Vec<u8> {
    octets.extend([0xFF; FILL]);
    octets
}

fn length(len: usize) -> [u8; 2] {
    u16::try_from(len).unwrap_or(u16::MAX).to_be_bytes()
}

fn der(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    let content = parts.concat();
    let mut out = vec![tag];
    match u8::try_from(content.len()) {
        Ok(len @ 0..=0x7F) => out.push(len),
        Ok(len) => out.extend([0x81, len]),
        Err(_) => out.extend([&[0x82][..], &length(content.len())].concat()),
    }
    out.extend(content);
    out
}

struct One(&'static ObjectDef);

impl Model for One {
    fn object(&self, id: ObjectId) -> Option<&ObjectDef> {
        (id == self.0.id()).then_some(self.0)
    }
}

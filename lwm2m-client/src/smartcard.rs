//! Bootstrap from a smartcard: what the client asks of the card, and how it finds its way there. [Core 1.2 §6.1.6.2,
//! Appendix G]
//!
//! A UICC tells in `EF(DIR)` that it has a PKCS#15 application; the `EF(ODF)` of that names directories of data objects;
//! one of them holds the entry of LwM2M, whose path leads to `EF(LwM2M_Bootstrap)`: objects and their instances in TLV.
//! The program brings [`Smartcard`], which reads files; everything else is done here. What is read is checked octet by
//! octet, and a refusal names file and offset.

mod data;
mod der;
mod directory;
#[cfg(feature = "test-util")]
pub mod image;

use std::fmt;

use lwm2m_core::{Bytes, async_trait};

pub use self::{
    data::{BootstrapData, CardObject},
    directory::{PKCS15, application, bootstrap_path, data_directories},
};

/// Octets of `EF(LwM2M_Bootstrap)`. [Core 1.2 §G.3.3]
pub const MAX_BOOTSTRAP_FILE: usize = 32 * 1024;
/// Octets of a directory: some tens of entries. A card that is broken, or made to harm, must not fill the device.
pub const MAX_DIRECTORY_FILE: usize = 4 * 1024;

/// The card in the device. The client reads it at start, after every Register and Update, and when the program says
/// that it was changed ([`Client::smartcard_changed`](crate::Client::smartcard_changed)).
///
/// What an implementation does for a file with an [application](CardFile::application): MANAGE CHANNEL to get a logical
/// channel, SELECT by the AID, SELECT by the path from there, READ BINARY. Where keys are on the card, the channel should
/// be one of GlobalPlatform SCP03, which is the implementation's business as well. [Core 1.2 §G.2, Appendix H]
#[async_trait]
pub trait Smartcard: Send + Sync + 'static {
    /// The whole of a file, fill octets (`FF` or `00`) at the end included; of `EF(DIR)` its records, one after the
    /// other. `None`: the card has no such file.
    ///
    /// # Errors
    /// [`CardError::Absent`] where no card is in its place, [`CardError::Failed`] where it cannot be read now.
    async fn read(&self, file: &CardFile) -> Result<Option<Bytes>, CardError>;
}

/// A file of a card.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CardFile {
    application: Option<Bytes>,
    path: Vec<u16>,
}

impl CardFile {
    /// `EF(DIR)`, below the master file.
    #[must_use]
    pub fn dir() -> Self {
        Self { application: None, path: vec![0x3F00, 0x2F00] }
    }

    /// By the path that a directory of the application names: absolute if it begins with the master file, `3F00`.
    fn named(application: &Bytes, path: Vec<u16>) -> Self {
        match path.split_first() {
            Some((0x3F00, _)) => Self { application: None, path },
            // "The current application".
            Some((0x7FFF, below)) => Self { application: Some(application.clone()), path: below.to_vec() },
            _ => Self { application: Some(application.clone()), path },
        }
    }

    /// The AID of the application below whose directory the path begins; `None`: at the master file.
    #[must_use]
    pub fn application(&self) -> Option<&[u8]> {
        self.application.as_deref()
    }

    /// File identifiers, from the outermost to that of the file.
    #[must_use]
    pub fn path(&self) -> &[u16] {
        &self.path
    }
}

/// `3F00/2F00`, `A000000063504B43532D3135/5031`
impl fmt::Display for CardFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.application().into_iter().flatten().try_for_each(|octet| write!(f, "{octet:02X}"))?;
        for (position, id) in self.path.iter().enumerate() {
            let slash = if position == 0 && self.application.is_none() { "" } else { "/" };
            write!(f, "{slash}{id:04X}")?;
        }
        Ok(())
    }
}

/// Why nothing was taken from the card.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CardError {
    /// No card is in its place.
    #[error("there is no card")]
    Absent,
    /// It cannot be read now.
    #[error("the card cannot be read: {0}")]
    Failed(String),
    /// A file is not what it should be.
    #[error("{file}, octet {offset}: {why}")]
    Malformed {
        /// Which.
        file: CardFile,
        /// Where, counted from 0.
        offset: usize,
        /// What is wrong.
        why: String,
    },
    /// The accounts it brings cannot be used.
    #[error("{0}")]
    Inconsistent(String),
}

/// What is wrong with the octets of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardFault {
    /// Where, counted from 0.
    pub offset: usize,
    /// What.
    pub why: &'static str,
}

impl CardFault {
    fn of(self, file: &CardFile) -> CardError {
        CardError::Malformed { file: file.clone(), offset: self.offset, why: self.why.to_owned() }
    }
}

/// What a card brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The file that it stands in.
    pub file: CardFile,
    /// What it says.
    pub data: BootstrapData,
}

/// Goes from `EF(DIR)` to the bootstrap data. `None`: the card has none, it is for something else.
///
/// # Errors
/// There is no card, it cannot be read, or a file is not what it should be.
pub async fn find(card: &dyn Smartcard) -> Result<Option<Found>, CardError> {
    let aid = match read(card, &CardFile::dir(), MAX_DIRECTORY_FILE).await? {
        Some(dir) => application(&dir).map_err(|fault| fault.of(&CardFile::dir()))?,
        // Without a directory, the application still has its name.
        None => Some(Bytes::from_static(PKCS15)),
    };
    let Some(aid) = aid else { return Ok(None) };
    let odf = CardFile::named(&aid, vec![0x5031]);
    let Some(octets) = read(card, &odf, MAX_DIRECTORY_FILE).await? else { return Ok(None) };
    for path in data_directories(&octets).map_err(|fault| fault.of(&odf))? {
        let dodf = CardFile::named(&aid, path);
        let Some(octets) = read(card, &dodf, MAX_DIRECTORY_FILE).await? else { continue };
        let Some(path) = bootstrap_path(&octets).map_err(|fault| fault.of(&dodf))? else { continue };
        let file = CardFile::named(&aid, path);
        let Some(octets) = read(card, &file, MAX_BOOTSTRAP_FILE).await? else {
            let why = "its directory names it, but it is not there".to_owned();
            return Err(CardError::Malformed { file, offset: 0, why });
        };
        let data = BootstrapData::parse(&octets).map_err(|fault| fault.of(&file))?;
        return Ok(Some(Found { file, data }));
    }
    Ok(None)
}

async fn read(card: &dyn Smartcard, file: &CardFile, most: usize) -> Result<Option<Bytes>, CardError> {
    let octets = card.read(file).await?;
    match octets.as_ref().map(Bytes::len) {
        Some(len) if len > most => {
            let why = format!("the file has {len} octets, of at most {most}");
            Err(CardError::Malformed { file: file.clone(), offset: most, why })
        }
        _ => Ok(octets),
    }
}

//! Firmware Update (5), version 1.2. [Core 1.2 §E.6]

use std::collections::BTreeMap;

use lwm2m_core::{Bytes, Enumeration, Executable, Object, Time};

/// Firmware Update (5): how a device gets a new firmware, pushed by a server or pulled from a URI.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 5, version = "1.2", serde)]
pub struct FirmwareUpdate {
    /// The image that a server pushes. A single NUL octet, or none, resets.
    #[resource(id = 0, ops = "w", mandatory)]
    pub package: Bytes,
    /// Where to pull the image from. Empty text resets.
    #[resource(id = 1, ops = "rw", name = "Package URI", mandatory, range(0, 255))]
    pub package_uri: String,
    /// Installs the image; in state [`FirmwareState::Downloaded`].
    #[resource(id = 2, execute, mandatory)]
    pub update: Executable,
    /// How far it is.
    #[resource(id = 3, ops = "r", mandatory, range(0, 3))]
    pub state: FirmwareState,
    /// How the last download or update ended.
    #[resource(id = 5, ops = "r", mandatory, range(0, 11))]
    pub update_result: FirmwareResult,
    /// Name of the package.
    #[resource(id = 6, ops = "r", name = "PkgName", range(0, 255))]
    pub pkg_name: Option<String>,
    /// Version of the package.
    #[resource(id = 7, ops = "r", name = "PkgVersion", range(0, 255))]
    pub pkg_version: Option<String>,
    /// Protocols of [`package_uri`](Self::package_uri); CoAP alone where there are none.
    #[resource(id = 8, ops = "r", range(0, 5))]
    pub firmware_update_protocol_support: BTreeMap<u16, FirmwareProtocol>,
    /// How images may come.
    #[resource(id = 9, ops = "r", mandatory, range(0, 2))]
    pub firmware_update_delivery_method: FirmwareDelivery,
    /// Gives up what is downloading or downloaded. `None`: this device cannot.
    #[resource(id = 10, execute)]
    pub cancel: Option<Executable>,
    /// How urgent the update is; mandatory where absent.
    #[resource(id = 11, ops = "rw", range(0, 2))]
    pub severity: Option<FirmwareSeverity>,
    /// When [`state`](Self::state) changed last.
    #[resource(id = 12, ops = "r")]
    pub last_state_change_time: Option<Time>,
    /// How long a user may put the update off; 0: not at all.
    #[resource(id = 13, ops = "rw", unit = "s")]
    pub maximum_defer_period: Option<u64>,
    /// Install as soon as the image is there?
    #[resource(id = 14, ops = "rw", name = "Automatic Upgrade at Download")]
    pub automatic_upgrade_at_download: Option<bool>,
}

/// How far a firmware update is.
#[derive(Enumeration, Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FirmwareState {
    /// Nothing is going on.
    #[default]
    Idle,
    /// The image is coming.
    Downloading,
    /// The image is there and has been checked.
    Downloaded,
    /// The image is being installed.
    Updating,
    /// A number of a newer version, or of a vendor.
    #[enumeration(other)]
    Other(i64),
}

/// How a firmware download or update ended.
#[derive(Enumeration, Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FirmwareResult {
    /// None yet.
    #[default]
    Initial,
    /// The new firmware runs.
    Success,
    /// The image is too large for the flash memory.
    NotEnoughFlash,
    /// Memory ran out during the download.
    OutOfRam,
    /// The connection was lost during the download.
    ConnectionLost,
    /// The image is damaged.
    IntegrityCheckFailed,
    /// The image is of a type that the device does not know.
    UnsupportedPackageType,
    /// Nothing was found at the URI.
    InvalidUri,
    /// The installation failed.
    UpdateFailed,
    /// The URI has a scheme that the device does not know.
    UnsupportedProtocol,
    /// A server cancelled it.
    Cancelled,
    /// The user put it off.
    Deferred,
    /// A number of a newer version, or of a vendor.
    #[enumeration(other)]
    Other(i64),
}

/// A protocol that images can be pulled over.
#[derive(Enumeration, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FirmwareProtocol {
    /// CoAP over UDP.
    Coap,
    /// CoAP over DTLS.
    Coaps,
    /// HTTP 1.1.
    Http,
    /// HTTPS 1.1.
    Https,
    /// CoAP over TCP.
    CoapTcp,
    /// CoAP over TLS.
    CoapTls,
    /// A number of a newer version, or of a vendor.
    #[enumeration(other)]
    Other(i64),
}

/// How images come to a device.
#[derive(Enumeration, Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FirmwareDelivery {
    /// From a URI.
    Pull,
    /// Written by a server.
    Push,
    /// Either way.
    #[default]
    Both,
    /// A number of a newer version, or of a vendor.
    #[enumeration(other)]
    Other(i64),
}

/// How urgent a firmware update is.
#[derive(Enumeration, Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FirmwareSeverity {
    /// It cannot wait.
    Critical,
    /// It has to be.
    #[default]
    Mandatory,
    /// As the user likes.
    Optional,
    /// A number of a newer version, or of a vendor.
    #[enumeration(other)]
    Other(i64),
}

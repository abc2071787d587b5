//! LWM2M Software Management (9), version 1.0.

use std::collections::BTreeMap;

use lwm2m_core::{Bytes, Enumeration, Executable, Object, Objlnk, SecretText};

/// LWM2M Software Management (9): one software package, from download to activation.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 9, version = "1.0", name = "LWM2M Software Management", multiple, serde)]
pub struct SoftwareManagement {
    /// Name of the package.
    #[resource(id = 0, ops = "r", name = "PkgName", mandatory, range(0, 255))]
    pub pkg_name: String,
    /// Version of the package.
    #[resource(id = 1, ops = "r", name = "PkgVersion", mandatory, range(0, 255))]
    pub pkg_version: String,
    /// The package that a server pushes.
    #[resource(id = 2, ops = "w")]
    pub package: Option<Bytes>,
    /// Where to pull the package from.
    #[resource(id = 3, ops = "w", name = "Package URI", range(0, 255))]
    pub package_uri: Option<String>,
    /// Installs the package; in state [`SoftwareState::Delivered`].
    #[resource(id = 4, execute, mandatory)]
    pub install: Executable,
    /// An object with the conditions of an update.
    #[resource(id = 5, ops = "r")]
    pub checkpoint: Option<Objlnk>,
    /// Removes the package; with argument 1 only to make room for a newer one.
    #[resource(id = 6, execute, mandatory)]
    pub uninstall: Executable,
    /// How far it is.
    #[resource(id = 7, ops = "r", mandatory, range(0, 4))]
    pub update_state: SoftwareState,
    /// Tell servers of new objects right after the installation?
    #[resource(id = 8, ops = "rw")]
    pub update_supported_objects: Option<bool>,
    /// How the last step ended.
    #[resource(id = 9, ops = "r", mandatory, range(0, 200))]
    pub update_result: SoftwareResult,
    /// Starts the installed software.
    #[resource(id = 10, execute, mandatory)]
    pub activate: Executable,
    /// Stops it.
    #[resource(id = 11, execute, mandatory)]
    pub deactivate: Executable,
    /// Is it active?
    #[resource(id = 12, ops = "r", mandatory)]
    pub activation_state: bool,
    /// An object with the settings of the software.
    #[resource(id = 13, ops = "rw")]
    pub package_settings: Option<Objlnk>,
    /// For the server of [`package_uri`](Self::package_uri).
    #[resource(id = 14, ops = "w", range(0, 255))]
    pub user_name: Option<String>,
    /// For the server of [`package_uri`](Self::package_uri).
    #[resource(id = 15, ops = "w", range(0, 255))]
    pub password: Option<SecretText>,
    /// What the device says about its last action.
    #[resource(id = 16, ops = "r")]
    pub status_reason: Option<String>,
    /// The components of the package, instances of object 14.
    #[resource(id = 17, ops = "r")]
    pub software_component_link: BTreeMap<u16, Objlnk>,
    /// How many components there are.
    #[resource(id = 18, ops = "r", name = "Software Component tree length", range(0, 255))]
    pub software_component_tree_length: Option<i64>,
}

/// How far a software package is.
#[derive(Enumeration, Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SoftwareState {
    /// Nothing is there.
    #[default]
    Initial,
    /// The package is coming.
    DownloadStarted,
    /// The package is there.
    Downloaded,
    /// The package has been checked and can be installed.
    Delivered,
    /// The software is installed.
    Installed,
    /// A number of a newer version, or of a vendor.
    #[enumeration(other)]
    Other(i64),
}

/// How a step of software management ended.
#[derive(Enumeration, Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(i64)]
pub enum SoftwareResult {
    /// None yet.
    #[default]
    Initial = 0,
    /// The package is coming.
    Downloading = 1,
    /// The software is installed.
    Installed = 2,
    /// The package is there and has been checked.
    Downloaded = 3,
    /// The package is too large.
    NotEnoughStorage = 50,
    /// Memory ran out during the download.
    OutOfMemory = 51,
    /// The connection was lost during the download.
    ConnectionLost = 52,
    /// The package is damaged.
    IntegrityCheckFailed = 53,
    /// The package is of a type that the device does not know.
    UnsupportedPackageType = 54,
    /// Nothing was found at the URI.
    InvalidUri = 56,
    /// An error of the device.
    DeviceError = 57,
    /// The installation failed.
    InstallFailed = 58,
    /// Removing it failed.
    UninstallFailed = 59,
    /// A number of a newer version, or of a vendor.
    #[enumeration(other)]
    Other(i64),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_does_not_show() {
        let software =
            SoftwareManagement { password: Some("hunter2".into()), ..SoftwareManagement::default() };
        assert!(!format!("{software:?}").contains("hunter2"));
    }
}

//! Objects of the Open Mobile Alliance, each in its newest version. [Core 1.2 Appendix E]
//!
//! [`Security`], [`Server`] and [`Device`] are always there: every client has them. The others come with the feature
//! `oma`. Objects 17 and 18 do not exist.
//!
//! Keys and passwords do not show in `Debug`, and serde (feature `serde`) leaves them out: they are empty in what is read,
//! and input that holds one is refused.

mod access_control;
#[cfg(feature = "oma")]
mod apn_connection_profile;
#[cfg(feature = "oma")]
mod bearer_selection;
#[cfg(feature = "oma")]
mod binary_app_data_container;
#[cfg(feature = "oma")]
mod cellular_connectivity;
#[cfg(feature = "oma")]
mod connectivity_monitoring;
#[cfg(feature = "oma")]
mod connectivity_statistics;
#[cfg(feature = "oma")]
mod cose;
#[cfg(feature = "oma")]
mod dev_cap_mgmt;
mod device;
#[cfg(feature = "oma")]
mod device_rf_capabilities;
#[cfg(feature = "oma")]
mod event_log;
#[cfg(feature = "oma")]
mod firmware_update;
#[cfg(feature = "oma")]
mod gateway;
#[cfg(feature = "oma")]
mod gateway_routing;
#[cfg(feature = "oma")]
mod location;
#[cfg(feature = "oma")]
mod lock_and_wipe;
#[cfg(feature = "oma")]
mod mqtt_server;
#[cfg(feature = "oma")]
mod nr_connectivity;
#[cfg(feature = "oma")]
mod oscore;
#[cfg(feature = "oma")]
mod portfolio;
mod security;
mod server;
#[cfg(feature = "oma")]
mod software_component;
#[cfg(feature = "oma")]
mod software_management;
#[cfg(feature = "oma")]
mod virtual_observe_notify;
#[cfg(feature = "oma")]
mod wlan_connectivity;

pub use self::{
    access_control::AccessControl,
    device::{BatteryStatus, Device, DeviceError, PowerSource},
    security::{Security, SecurityMode},
    server::Server,
};
#[cfg(feature = "oma")]
pub use self::{
    apn_connection_profile::ApnConnectionProfile,
    bearer_selection::BearerSelection,
    binary_app_data_container::BinaryAppDataContainer,
    cellular_connectivity::CellularConnectivity,
    connectivity_monitoring::{ConnectivityMonitoring, NetworkBearer},
    connectivity_statistics::ConnectivityStatistics,
    cose::Cose,
    dev_cap_mgmt::DevCapMgmt,
    device_rf_capabilities::DeviceRfCapabilities,
    event_log::EventLog,
    firmware_update::{
        FirmwareDelivery, FirmwareProtocol, FirmwareResult, FirmwareSeverity, FirmwareState, FirmwareUpdate,
    },
    gateway::Gateway,
    gateway_routing::GatewayRouting,
    location::Location,
    lock_and_wipe::{LockAndWipe, LockResult, LockState},
    mqtt_server::MqttServer,
    nr_connectivity::NrConnectivity,
    oscore::Oscore,
    portfolio::Portfolio,
    software_component::SoftwareComponent,
    software_management::{SoftwareManagement, SoftwareResult, SoftwareState},
    virtual_observe_notify::VirtualObserveNotify,
    wlan_connectivity::WlanConnectivity,
};

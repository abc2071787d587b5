//! LwM2M Gateway (25), version 2.0.

use lwm2m_core::{Corelnk, Object};

/// LwM2M Gateway (25): one device behind a gateway.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 25, version = "2.0", name = "LwM2M Gateway", multiple, serde)]
pub struct Gateway {
    /// The device.
    #[resource(id = 0, ops = "r", name = "Device ID", mandatory)]
    pub device_id: String,
    /// First segment of the paths of its objects.
    #[resource(id = 1, ops = "r", mandatory)]
    pub prefix: String,
    /// Its objects and instances, as a Register lists them.
    #[resource(id = 3, ops = "r", name = "IoT Device Objects", mandatory)]
    pub iot_device_objects: Corelnk,
}

impl Gateway {
    /// The device `device_id`, found below `prefix`.
    #[must_use]
    pub fn new(device_id: impl Into<String>, prefix: impl Into<String>, objects: Corelnk) -> Self {
        Self { device_id: device_id.into(), prefix: prefix.into(), iot_device_objects: objects }
    }
}

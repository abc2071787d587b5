//! BinaryAppDataContainer (19), version 1.0.

use std::collections::BTreeMap;

use lwm2m_core::{Bytes, Object, Time};

/// BinaryAppDataContainer (19): data of an application that only it understands.
#[derive(Object, Clone, Debug, PartialEq)]
#[object(id = 19, version = "1.0", name = "BinaryAppDataContainer", multiple, serde)]
pub struct BinaryAppDataContainer {
    /// The data.
    #[resource(id = 0, ops = "rw", mandatory)]
    pub data: BTreeMap<u16, Bytes>,
    /// 0 at once, 1 when possible, 2 the newest only; 101 to 254 as the application defines.
    #[resource(id = 1, ops = "rw")]
    pub data_priority: Option<i64>,
    /// When it was made.
    #[resource(id = 2, ops = "rw")]
    pub data_creation_time: Option<Time>,
    /// What it is; at most 32 octets.
    #[resource(id = 3, ops = "rw")]
    pub data_description: Option<String>,
    /// How it is encoded; at most 32 octets.
    #[resource(id = 4, ops = "rw")]
    pub data_format: Option<String>,
    /// Which application it is for; 16 bits.
    #[resource(id = 5, ops = "rw", name = "App ID")]
    pub app_id: Option<i64>,
}

impl BinaryAppDataContainer {
    /// One piece of data.
    #[must_use]
    pub fn new(data: impl Into<Bytes>) -> Self {
        Self {
            data: BTreeMap::from([(0, data.into())]),
            data_priority: None,
            data_creation_time: None,
            data_description: None,
            data_format: None,
            app_id: None,
        }
    }
}

//! LwM2M Gateway Routing (26), version 1.0.

use lwm2m_core::{Corelnk, Object, ObjectId};

/// LwM2M Gateway Routing (26): where the gateway finds an object of a device.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 26, version = "1.0", name = "LwM2M Gateway Routing", multiple, serde)]
pub struct GatewayRouting {
    /// The object as servers see it.
    #[resource(id = 0, ops = "r", name = "LwM2M Object ID", mandatory)]
    pub object_id: u64,
    /// Where it is; empty: the same.
    #[resource(id = 1, ops = "r", mandatory)]
    pub mapping_info: Corelnk,
}

impl GatewayRouting {
    /// Where `object` is.
    #[must_use]
    pub fn new(object: ObjectId, mapping_info: Corelnk) -> Self {
        Self { object_id: object.0.into(), mapping_info }
    }
}

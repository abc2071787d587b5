//! LwM2M Access Control (2), version 1.1. [Core 1.2 §E.3]

use std::collections::BTreeMap;

use lwm2m_core::{InstanceId, Object, ObjectId};

/// LwM2M Access Control (2): what each server may do with one object instance, or who may create instances of an
/// object.
#[derive(Object, Clone, Debug, PartialEq)]
#[object(id = 2, version = "1.1", name = "LwM2M Access Control", multiple, serde)]
pub struct AccessControl {
    /// The object that this is about.
    #[resource(id = 0, ops = "r", name = "Object ID", mandatory, range(1, 65534))]
    pub object_id: i64,
    /// Its instance; 65535: the object itself, that is the right to create instances.
    #[resource(id = 1, ops = "r", name = "Object Instance ID", mandatory, range(0, 65535))]
    pub object_instance_id: i64,
    /// Rights by short server ID, as sums of [`Self::READ`] and the others. 0: servers that are not listed.
    #[resource(id = 2, ops = "rw", name = "ACL", range(0, 31))]
    pub acl: BTreeMap<u16, i64>,
    /// Short server ID of the server that manages this instance; 65535: bootstrap.
    #[resource(id = 3, ops = "rw", mandatory, range(0, 65535))]
    pub access_control_owner: i64,
}

impl AccessControl {
    /// Read, Observe, Discover, Write-Attributes.
    pub const READ: i64 = 1;
    /// Write.
    pub const WRITE: i64 = 2;
    /// Execute.
    pub const EXECUTE: i64 = 4;
    /// Delete.
    pub const DELETE: i64 = 8;
    /// Create; of the object, not of an instance.
    pub const CREATE: i64 = 16;
    /// Owner of instances that only bootstrap may manage.
    pub const BOOTSTRAP: u16 = u16::MAX;

    /// About one instance, without rights: only `owner` may use it.
    #[must_use]
    pub fn new(object: ObjectId, instance: InstanceId, owner: u16) -> Self {
        Self {
            object_id: object.0.into(),
            object_instance_id: instance.0.into(),
            acl: BTreeMap::new(),
            access_control_owner: owner.into(),
        }
    }
}

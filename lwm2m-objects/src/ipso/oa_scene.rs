//! oA Scene (3404), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use std::collections::BTreeMap;

use lwm2m_core::{Bytes, Object};

/// oA Scene (3404).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3404, name = "oA Scene", multiple, serde)]
pub struct OaScene {
    /// Scene ID.
    #[resource(id = 650, ops = "rw", name = "Scene ID", mandatory, range(0, 65535))]
    pub scene_id: u64,
    /// Application Group ID.
    #[resource(id = 651, ops = "rw", name = "Application Group ID", mandatory, range(0, 65535))]
    pub application_group_id: u64,
    /// Transition Time, in ms.
    #[resource(id = 652, ops = "rw", mandatory, range(0, 60000), unit = "ms")]
    pub transition_time: u64,
    /// Scene Configuration.
    #[resource(id = 653, ops = "rw", mandatory)]
    pub scene_configuration: BTreeMap<u16, Bytes>,
    /// Changeable by User API.
    #[resource(id = 655, ops = "rw", name = "Changeable by User API", mandatory)]
    pub changeable_by_user_api: bool,
    /// Documentary Description.
    #[resource(id = 901, ops = "rw", range(0, 256))]
    pub documentary_description: Option<String>,
    /// ObjectVersion.
    #[resource(id = 4001, ops = "r", name = "ObjectVersion")]
    pub object_version: Option<String>,
}

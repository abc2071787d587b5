//! oA Basic Control (3387), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use std::collections::BTreeMap;

use lwm2m_core::{Bytes, Corelnk, Executable, Object};

/// oA Basic Control (3387).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3387, name = "oA Basic Control", multiple, serde)]
pub struct OaBasicControl {
    /// Control Function Status.
    #[resource(id = 800, ops = "r", mandatory, enumeration(0, 1, 2, 3, 255))]
    pub control_function_status: i64,
    /// Control Object Mode.
    #[resource(id = 801, ops = "rw", mandatory, enumeration(1, 2, 3))]
    pub control_object_mode: i64,
    /// Ghost Configuration.
    #[resource(id = 802, ops = "rw")]
    pub ghost_configuration: Option<bool>,
    /// Controlled Application Group ID.
    #[resource(id = 803, ops = "rw", name = "Controlled Application Group ID", mandatory, range(0, 65535))]
    pub controlled_application_group_id: i64,
    /// Supersede Heartbeat, in s.
    #[resource(id = 805, ops = "w", range(0, 65535), unit = "s")]
    pub supersede_heartbeat: Option<u64>,
    /// Push-Button Event Configuration.
    #[resource(id = 806, ops = "rw", name = "Push-Button Event Configuration", mandatory, range(0, 255))]
    pub push_button_event_configuration: u64,
    /// Presence Sensor Event Configuration.
    #[resource(id = 807, ops = "rw", mandatory, range(0, 255))]
    pub presence_sensor_event_configuration: u64,
    /// Active-Controller-List.
    #[resource(id = 811, ops = "r", name = "Active-Controller-List")]
    pub active_controller_list: BTreeMap<u16, Bytes>,
    /// Ghost Status.
    #[resource(id = 812, ops = "r", mandatory)]
    pub ghost_status: bool,
    /// Supersede Heartbeat Time, in s.
    #[resource(id = 813, ops = "rw", mandatory, unit = "s")]
    pub supersede_heartbeat_time: i64,
    /// Documentary Description.
    #[resource(id = 901, ops = "rw", range(0, 256))]
    pub documentary_description: Option<String>,
    /// Debug Mode Enabled.
    #[resource(id = 905, ops = "rw")]
    pub debug_mode_enabled: Option<bool>,
    /// Inject Test Event.
    #[resource(id = 906, ops = "rw", range(0, 65535))]
    pub inject_test_event: Option<u64>,
    /// Executing Object.
    #[resource(id = 909, ops = "rw", mandatory)]
    pub executing_object: Corelnk,
    /// Object Enabled.
    #[resource(id = 924, ops = "rw")]
    pub object_enabled: Option<bool>,
    /// Execute Inject.
    #[resource(id = 934, execute)]
    pub execute_inject: Option<Executable>,
    /// ObjectVersion.
    #[resource(id = 4001, ops = "r", name = "ObjectVersion")]
    pub object_version: Option<String>,
}

//! oA Logical Presence Sensor (3394), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Corelnk, Executable, Object};

/// oA Logical Presence Sensor (3394).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3394, name = "oA Logical Presence Sensor", multiple, serde)]
pub struct OaLogicalPresenceSensor {
    /// Documentary Description.
    #[resource(id = 901, ops = "rw", range(0, 256))]
    pub documentary_description: Option<String>,
    /// Application Group ID.
    #[resource(id = 903, ops = "rw", name = "Application Group ID", mandatory, range(0, 65535))]
    pub application_group_id: u64,
    /// Status Resend Time, in s.
    #[resource(id = 904, ops = "rw", mandatory, range(1, 600), unit = "s")]
    pub status_resend_time: u64,
    /// Debug Mode Enabled.
    #[resource(id = 905, ops = "rw")]
    pub debug_mode_enabled: Option<bool>,
    /// Inject Test Event.
    #[resource(id = 906, ops = "w")]
    pub inject_test_event: Option<bool>,
    /// Executing Object.
    #[resource(id = 909, ops = "rw", mandatory)]
    pub executing_object: Corelnk,
    /// Status Report Structure ID.
    #[resource(id = 919, ops = "rw", name = "Status Report Structure ID", mandatory, range(0, 255))]
    pub status_report_structure_id: u64,
    /// Object Enabled.
    #[resource(id = 924, ops = "rw", name = "Object Enabled")]
    pub object_enabled_924: Option<bool>,
    /// Object Enabled.
    #[resource(id = 934, execute, name = "Object Enabled")]
    pub object_enabled_934: Option<Executable>,
    /// ObjectVersion.
    #[resource(id = 4001, ops = "r", name = "ObjectVersion")]
    pub object_version: Option<String>,
    /// Digital Input State.
    #[resource(id = 5500, ops = "r", mandatory)]
    pub digital_input_state: bool,
    /// Busy to Clear delay, in ms.
    #[resource(id = 5903, ops = "rw", name = "Busy to Clear delay", unit = "ms")]
    pub busy_to_clear_delay: Option<i64>,
    /// Clear to Busy delay, in ms.
    #[resource(id = 5904, ops = "rw", name = "Clear to Busy delay", unit = "ms")]
    pub clear_to_busy_delay: Option<i64>,
}

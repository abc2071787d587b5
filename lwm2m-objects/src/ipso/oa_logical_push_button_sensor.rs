//! oA Logical Push-Button Sensor (3395), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Corelnk, Executable, Object};

/// oA Logical Push-Button Sensor (3395).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3395, name = "oA Logical Push-Button Sensor", multiple, serde)]
pub struct OaLogicalPushButtonSensor {
    /// Push-Button Event Value.
    #[resource(
        id = 202,
        ops = "r",
        name = "Push-Button Event Value",
        mandatory,
        enumeration(0, 1, 2, 3, 255)
    )]
    pub push_button_event_value: u64,
    /// Single Click Time, in ms.
    #[resource(id = 203, ops = "rw", mandatory, range(100, 60000), unit = "ms")]
    pub single_click_time: u64,
    /// Hold Repeat Time, in ms.
    #[resource(id = 204, ops = "rw", range(300, 60000), unit = "ms")]
    pub hold_repeat_time: Option<u64>,
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
    #[resource(id = 906, ops = "w", range(0, 65535))]
    pub inject_test_event: Option<i64>,
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
}

//! oA Logical Illuminance Sensor (3392), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Corelnk, Executable, Object};

/// oA Logical Illuminance Sensor (3392).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3392, name = "oA Logical Illuminance Sensor", multiple, serde)]
pub struct OaLogicalIlluminanceSensor {
    /// Less Than, in lx.
    #[resource(id = 400, ops = "rw", range(0, 65535), unit = "lx")]
    pub less_than: Option<u64>,
    /// Greater Than, in lx.
    #[resource(id = 401, ops = "rw", range(0, 65535), unit = "lx")]
    pub greater_than: Option<u64>,
    /// Step, in lx.
    #[resource(id = 402, ops = "rw", range(0, 65535), unit = "lx")]
    pub step: Option<u64>,
    /// Minimum Update Interval, in s.
    #[resource(id = 403, ops = "rw", mandatory, range(0, 65535), unit = "s")]
    pub minimum_update_interval: u64,
    /// Sensor Value, in lx.
    #[resource(id = 404, ops = "r", mandatory, range(0, 65535), unit = "lx")]
    pub sensor_value: u64,
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
    pub inject_test_event: Option<u64>,
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

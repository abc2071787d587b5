//! oA Logical Light-Point Actuator (3393), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use std::collections::BTreeMap;

use lwm2m_core::{Bytes, Corelnk, Executable, Object};

/// oA Logical Light-Point Actuator (3393).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3393, name = "oA Logical Light-Point Actuator", multiple, serde)]
pub struct OaLogicalLightPointActuator {
    /// Target OnOff.
    #[resource(id = 100, ops = "r", name = "Target OnOff", mandatory)]
    pub target_on_off: bool,
    /// Target Intensity.
    #[resource(id = 101, ops = "r", mandatory, range(0, 1))]
    pub target_intensity: f64,
    /// Dimming Time, in ms.
    #[resource(id = 106, ops = "rw", mandatory, range(0, 65535), unit = "ms")]
    pub dimming_time: u64,
    /// Transition Time, in ms.
    #[resource(id = 108, ops = "rw", mandatory, range(0, 65535), unit = "ms")]
    pub transition_time: u64,
    /// Step Size.
    #[resource(id = 109, ops = "rw", mandatory, range(0.000001, 1))]
    pub step_size: f64,
    /// Switch.
    #[resource(id = 117, ops = "w", mandatory)]
    pub switch: Bytes,
    /// Dim.
    #[resource(id = 118, ops = "w", mandatory)]
    pub dim: bool,
    /// Stop Transition.
    #[resource(id = 119, execute, mandatory)]
    pub stop_transition: Executable,
    /// Step.
    #[resource(id = 120, ops = "w", mandatory)]
    pub step: Bytes,
    /// Documentary Description.
    #[resource(id = 901, ops = "rw", range(0, 256))]
    pub documentary_description: Option<String>,
    /// Recall Scene.
    #[resource(id = 902, ops = "rw", mandatory, range(0, 65535))]
    pub recall_scene: u64,
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
    /// Priority.
    #[resource(id = 921, ops = "rw", mandatory, range(0, 5))]
    pub priority: u64,
    /// Scene Cache.
    #[resource(id = 922, ops = "rw")]
    pub scene_cache: BTreeMap<u16, Bytes>,
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

//! oA Logical Colour Temperature Light-Point Actuator (3391), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use std::collections::BTreeMap;

use lwm2m_core::{Bytes, Corelnk, Executable, Object};

/// oA Logical Colour Temperature Light-Point Actuator (3391).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3391, name = "oA Logical Colour Temperature Light-Point Actuator", multiple, serde)]
pub struct OaLogicalColourTemperatureLightPointActuator {
    /// Colour Temperature Changing Time, in ms.
    #[resource(id = 139, ops = "rw", mandatory, range(0, 65535), unit = "ms")]
    pub colour_temperature_changing_time: u64,
    /// Colour Temperature Transition Time, in ms.
    #[resource(id = 140, ops = "rw", mandatory, range(0, 65535), unit = "ms")]
    pub colour_temperature_transition_time: u64,
    /// Colour Temperature Step Size, in K.
    #[resource(id = 141, ops = "rw", mandatory, range(0, 65535), unit = "K")]
    pub colour_temperature_step_size: u64,
    /// Set Colour Temperature.
    #[resource(id = 142, ops = "w", mandatory)]
    pub set_colour_temperature: Bytes,
    /// Relative Change Colour Temperature.
    #[resource(id = 143, ops = "w", mandatory)]
    pub relative_change_colour_temperature: bool,
    /// Stop Transition.
    #[resource(id = 144, execute, mandatory)]
    pub stop_transition: Executable,
    /// Step Colour Temperature.
    #[resource(id = 145, ops = "w", mandatory)]
    pub step_colour_temperature: Bytes,
    /// Target Colour Temperature, in K.
    #[resource(id = 146, ops = "r", mandatory, range(0, 65535), unit = "K")]
    pub target_colour_temperature: u64,
    /// Documentary Description.
    #[resource(id = 901, ops = "rw", range(0, 256))]
    pub documentary_description: Option<String>,
    /// Recall Scene.
    #[resource(id = 902, ops = "w", mandatory, range(0, 65535))]
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
    #[resource(id = 924, ops = "rw")]
    pub object_enabled: Option<bool>,
    /// Execute Test Injection.
    #[resource(id = 934, execute)]
    pub execute_test_injection: Option<Executable>,
    /// ObjectVersion.
    #[resource(id = 4001, ops = "r", name = "ObjectVersion")]
    pub object_version: Option<String>,
}

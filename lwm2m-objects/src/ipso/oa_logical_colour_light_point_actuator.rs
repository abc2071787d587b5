//! oA Logical Colour Light-Point Actuator (3390), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use std::collections::BTreeMap;

use lwm2m_core::{Bytes, Corelnk, Executable, Object};

/// oA Logical Colour Light-Point Actuator (3390).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3390, name = "oA Logical Colour Light-Point Actuator", multiple, serde)]
pub struct OaLogicalColourLightPointActuator {
    /// Target Colour X.
    #[resource(id = 125, ops = "r", mandatory, range(0, 65535))]
    pub target_colour_x: u64,
    /// Target Colour Y.
    #[resource(id = 126, ops = "r", mandatory, range(0, 65535))]
    pub target_colour_y: u64,
    /// Colour Changing Time, in ms.
    #[resource(id = 127, ops = "rw", mandatory, range(0, 65535), unit = "ms")]
    pub colour_changing_time: u64,
    /// Colour Transition Time, in ms.
    #[resource(id = 128, ops = "rw", mandatory, range(0, 65535), unit = "ms")]
    pub colour_transition_time: u64,
    /// Hue Step Size.
    #[resource(id = 129, ops = "rw", mandatory, range(0, 65535))]
    pub hue_step_size: u64,
    /// Saturation Step Size.
    #[resource(id = 130, ops = "rw", mandatory, range(0, 65535))]
    pub saturation_step_size: u64,
    /// Set Colour.
    #[resource(id = 131, ops = "w", mandatory)]
    pub set_colour: Bytes,
    /// Relative Change Hue.
    #[resource(id = 132, ops = "w", mandatory)]
    pub relative_change_hue: bool,
    /// Step Hue.
    #[resource(id = 133, ops = "w", mandatory)]
    pub step_hue: Bytes,
    /// Relative Change Saturation.
    #[resource(id = 134, ops = "w", mandatory)]
    pub relative_change_saturation: bool,
    /// Step Saturation.
    #[resource(id = 135, ops = "w", mandatory)]
    pub step_saturation: Bytes,
    /// Stop Transition.
    #[resource(id = 136, execute, mandatory)]
    pub stop_transition: Executable,
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
    #[resource(id = 906, ops = "rw", range(0, 65535))]
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
    /// Execute Inject.
    #[resource(id = 934, execute)]
    pub execute_inject: Option<Executable>,
    /// ObjectVersion.
    #[resource(id = 4001, ops = "r", name = "ObjectVersion")]
    pub object_version: Option<String>,
}

//! Audio Clip (3339), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Bytes, Executable, Object};

/// Audio Clip (3339).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3339, name = "Audio Clip", multiple, serde)]
pub struct AudioClip {
    /// Clip.
    #[resource(id = 5522, ops = "rw", mandatory)]
    pub clip: Bytes,
    /// Trigger.
    #[resource(id = 5523, execute)]
    pub trigger: Option<Executable>,
    /// Duration, in s.
    #[resource(id = 5524, ops = "rw", unit = "s")]
    pub duration: Option<f64>,
    /// Level, in /100.
    #[resource(id = 5548, ops = "rw", range(0, 100), unit = "/100")]
    pub level: Option<f64>,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
}

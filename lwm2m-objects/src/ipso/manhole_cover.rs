//! Manhole Cover (3408), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// Manhole Cover (3408).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3408, name = "Manhole Cover", multiple, serde)]
pub struct ManholeCover {
    /// Safety Angle Threshold, in rad.
    #[resource(id = 1, ops = "r", mandatory, range(0, 180), unit = "rad")]
    pub safety_angle_threshold: i64,
    /// Manhole Cover Tilt, in rad.
    #[resource(id = 2, ops = "r", mandatory, range(0, 180), unit = "rad")]
    pub manhole_cover_tilt: i64,
    /// Cover Open Status.
    #[resource(id = 3, ops = "r", mandatory)]
    pub cover_open_status: bool,
}

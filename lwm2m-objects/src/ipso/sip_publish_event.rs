//! sipPublishEvent (3383), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// sipPublishEvent (3383).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3383, name = "sipPublishEvent", serde)]
pub struct SipPublishEvent {
    /// publishResult.
    #[resource(id = 0, ops = "r", name = "publishResult", mandatory)]
    pub publish_result: i64,
}

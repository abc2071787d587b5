//! emmFailureCauseEvent (3364), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// emmFailureCauseEvent (3364).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3364, name = "emmFailureCauseEvent", serde)]
pub struct EmmFailureCauseEvent {
    /// EMMCause.
    #[resource(id = 0, ops = "r", name = "EMMCause", mandatory)]
    pub emm_cause: i64,
}

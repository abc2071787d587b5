//! esmContextInfo (3360), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// esmContextInfo (3360).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3360, name = "esmContextInfo", serde)]
pub struct EsmContextInfo {
    /// contextType.
    #[resource(id = 0, ops = "r", name = "contextType", mandatory)]
    pub context_type: i64,
    /// bearerState.
    #[resource(id = 1, ops = "r", name = "bearerState", mandatory)]
    pub bearer_state: i64,
    /// radioBearerId.
    #[resource(id = 2, ops = "r", name = "radioBearerId", mandatory)]
    pub radio_bearer_id: i64,
    /// qci.
    #[resource(id = 3, ops = "r", name = "qci", mandatory)]
    pub qci: i64,
}

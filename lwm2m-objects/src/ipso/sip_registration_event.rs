//! SipRegistrationEvent (3382), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// SipRegistrationEvent (3382).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3382, name = "SipRegistrationEvent", serde)]
pub struct SipRegistrationEvent {
    /// registrationType.
    #[resource(id = 0, ops = "r", name = "registrationType", mandatory)]
    pub registration_type: i64,
    /// registrationResult.
    #[resource(id = 1, ops = "r", name = "registrationResult", mandatory)]
    pub registration_result: i64,
}

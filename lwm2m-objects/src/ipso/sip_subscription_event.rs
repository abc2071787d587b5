//! sipSubscriptionEvent (3384), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// sipSubscriptionEvent (3384).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3384, name = "sipSubscriptionEvent", serde)]
pub struct SipSubscriptionEvent {
    /// eventType.
    #[resource(id = 0, ops = "r", name = "eventType", mandatory)]
    pub event_type: i64,
    /// subscriptionResult.
    #[resource(id = 1, ops = "r", name = "subscriptionResult", mandatory)]
    pub subscription_result: i64,
}

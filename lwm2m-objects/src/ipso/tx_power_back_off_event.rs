//! txPowerBackOffEvent (3376), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// txPowerBackOffEvent (3376).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3376, name = "txPowerBackOffEvent", serde)]
pub struct TxPowerBackOffEvent {
    /// TxPowerBackoff.
    #[resource(id = 0, ops = "r", name = "TxPowerBackoff", mandatory)]
    pub tx_power_backoff: i64,
}

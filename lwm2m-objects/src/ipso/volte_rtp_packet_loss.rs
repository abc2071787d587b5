//! VoLTErtpPacketLoss (3386), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// VoLTErtpPacketLoss (3386).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3386, name = "VoLTErtpPacketLoss", serde)]
pub struct VolteRtpPacketLoss {
    /// ssrc.
    #[resource(id = 0, ops = "r", name = "ssrc", mandatory)]
    pub ssrc: i64,
    /// packetsLost.
    #[resource(id = 1, ops = "r", name = "packetsLost", mandatory)]
    pub packets_lost: i64,
}

//! pucchPowerControl (3379), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// pucchPowerControl (3379).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3379, name = "pucchPowerControl", serde)]
pub struct PucchPowerControl {
    /// pucchTxPowerValue.
    #[resource(id = 2, ops = "r", name = "pucchTxPowerValue", mandatory)]
    pub pucch_tx_power_value: i64,
    /// dlPathLoss.
    #[resource(id = 3, ops = "r", name = "dlPathLoss", mandatory)]
    pub dl_path_loss: i64,
    /// sysFrameNumber.
    #[resource(id = 6037, ops = "r", name = "sysFrameNumber", mandatory)]
    pub sys_frame_number: i64,
    /// subFrameNumber.
    #[resource(id = 6038, ops = "r", name = "subFrameNumber", mandatory)]
    pub sub_frame_number: i64,
}

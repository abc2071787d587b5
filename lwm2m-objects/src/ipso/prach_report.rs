//! PrachReport (3380), version 2.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// PrachReport (3380).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3380, version = "2.0", name = "PrachReport", serde)]
pub struct PrachReport {
    /// rachTxPower.
    #[resource(id = 2, ops = "r", name = "rachTxPower", mandatory)]
    pub rach_tx_power: i64,
    /// zadOffSeqNum.
    #[resource(id = 3, ops = "r", name = "zadOffSeqNum", mandatory)]
    pub zad_off_seq_num: i64,
    /// prachConfig.
    #[resource(id = 4, ops = "r", name = "prachConfig", mandatory)]
    pub prach_config: i64,
    /// preambleFormat.
    #[resource(id = 5, ops = "r", name = "preambleFormat", mandatory)]
    pub preamble_format: i64,
    /// maxTransmissionMsg3.
    #[resource(id = 6, ops = "r", name = "maxTransmissionMsg3", mandatory)]
    pub max_transmission_msg3: i64,
    /// raResponseWindowSize.
    #[resource(id = 7, ops = "r", name = "raResponseWindowSize", mandatory)]
    pub ra_response_window_size: i64,
    /// RachRequestResult.
    #[resource(id = 8, ops = "r", name = "RachRequestResult", mandatory)]
    pub rach_request_result: bool,
    /// ce_mode.
    #[resource(id = 9, ops = "r", name = "ce_mode", mandatory)]
    pub ce_mode: i64,
    /// ce_level.
    #[resource(id = 10, ops = "r", name = "ce_level", mandatory)]
    pub ce_level: i64,
    /// num_prach_repetition.
    #[resource(id = 11, ops = "r", name = "num_prach_repetition", mandatory)]
    pub num_prach_repetition: i64,
    /// prach_repetition_seq.
    #[resource(id = 12, ops = "r", name = "prach_repetition_seq", mandatory)]
    pub prach_repetition_seq: i64,
    /// sysFrameNumber.
    #[resource(id = 6037, ops = "r", name = "sysFrameNumber", mandatory)]
    pub sys_frame_number: i64,
    /// subFrameNumber.
    #[resource(id = 6038, ops = "r", name = "subFrameNumber", mandatory)]
    pub sub_frame_number: i64,
}

//! Event Log (20), version 2.1.

use lwm2m_core::{Bytes, Executable, Object};

/// Event Log (20): collects what happens on the device.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 20, version = "2.1", multiple, serde)]
pub struct EventLog {
    /// 0 generic, 1 system, 2 security, 3 event, 4 trace, 5 panic, 6 charging; from 100 as the vendor defines.
    #[resource(id = 4010, ops = "rw", name = "LogClass")]
    pub log_class: Option<i64>,
    /// Begins to collect; with argument 0 of 1 without emptying first. `None`: it runs always.
    #[resource(id = 4011, execute, name = "LogStart")]
    pub log_start: Option<Executable>,
    /// Ends collecting; with argument 0 of 1 empties. `None`: it runs always.
    #[resource(id = 4012, execute, name = "LogStop")]
    pub log_stop: Option<Executable>,
    /// Bit 0 stopped, bit 1 there is data, bit 2 error, bit 3 increments are sent.
    #[resource(id = 4013, ops = "r", name = "LogStatus")]
    pub log_status: Option<i64>,
    /// What was collected.
    #[resource(id = 4014, ops = "r", name = "LogData", mandatory)]
    pub log_data: Bytes,
    /// 0 octets, 1 TLV, 2 JSON, 3 CBOR; from 100 as the vendor defines.
    #[resource(id = 4015, ops = "rw", name = "LogDataFormat")]
    pub log_data_format: Option<i64>,
    /// What was collected since the last Send. It is only ever sent.
    #[resource(id = 4016, ops = "none", name = "LogDataIncremental")]
    pub log_data_incremental: Option<Bytes>,
    /// Least seconds between Sends of the increments; 0: none are sent.
    #[resource(id = 4017, ops = "rw", name = "LogDataIncrementalMinimumSendInterval")]
    pub log_data_incremental_minimum_send_interval: Option<u64>,
}

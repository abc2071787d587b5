//! Connectivity Statistics (7), version 1.0. [Core 1.2 §E.8]

use lwm2m_core::{Executable, Object};

/// Connectivity Statistics (7): what went over the network while it was counted.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 7, version = "1.0", serde)]
pub struct ConnectivityStatistics {
    /// SMS sent.
    #[resource(id = 0, ops = "r", name = "SMS Tx Counter")]
    pub sms_tx_counter: Option<i64>,
    /// SMS received.
    #[resource(id = 1, ops = "r", name = "SMS Rx Counter")]
    pub sms_rx_counter: Option<i64>,
    /// Kilobytes sent.
    #[resource(id = 2, ops = "r")]
    pub tx_data: Option<i64>,
    /// Kilobytes received.
    #[resource(id = 3, ops = "r")]
    pub rx_data: Option<i64>,
    /// Largest message.
    #[resource(id = 4, ops = "r", unit = "B")]
    pub max_message_size: Option<i64>,
    /// Average message.
    #[resource(id = 5, ops = "r", unit = "B")]
    pub average_message_size: Option<i64>,
    /// Makes the counters 0 and begins to count.
    #[resource(id = 6, execute, mandatory)]
    pub start: Executable,
    /// Ends counting; the counters stay.
    #[resource(id = 7, execute, mandatory)]
    pub stop: Executable,
    /// How long to count after Start; 0: until Stop.
    #[resource(id = 8, ops = "rw", unit = "s")]
    pub collection_period: Option<i64>,
}

//! Virtual Observe Notify (22), version 1.1.

use std::collections::BTreeMap;

use lwm2m_core::{Bytes, Corelnk, Object};

/// Virtual Observe Notify (22): one notification for many resources and conditions.
#[derive(Object, Clone, Debug, PartialEq)]
#[object(id = 22, version = "1.1", multiple, serde)]
pub struct VirtualObserveNotify {
    /// What to look at and when to tell; an empty text ends it.
    #[resource(id = 0, ops = "rw", name = "ObserveLinks", mandatory)]
    pub observe_links: BTreeMap<u16, Corelnk>,
    /// The report in SenML JSON.
    #[resource(id = 1, ops = "r", mandatory)]
    pub report: String,
    /// Report only what has changed?
    #[resource(id = 2, ops = "rw", name = "ResourceFilter")]
    pub resource_filter: Option<bool>,
    /// What to report; where absent, what is looked at.
    #[resource(id = 3, ops = "rw", name = "ReportLinks")]
    pub report_links: BTreeMap<u16, Corelnk>,
    /// 0 any condition is enough, 1 all have to hold.
    #[resource(id = 4, ops = "rw", name = "ObserveRelation")]
    pub observe_relation: Option<i64>,
    /// Content format of [`virtual_observe_report`](Self::virtual_observe_report); SenML JSON where absent.
    #[resource(id = 5, ops = "rw")]
    pub virtual_observe_report_format: Option<i64>,
    /// The report in that format.
    #[resource(id = 6, ops = "r")]
    pub virtual_observe_report: Option<Bytes>,
}

/// Looks at nothing.
impl Default for VirtualObserveNotify {
    fn default() -> Self {
        Self {
            observe_links: BTreeMap::from([(0, Corelnk::default())]),
            report: String::new(),
            resource_filter: None,
            report_links: BTreeMap::new(),
            observe_relation: None,
            virtual_observe_report_format: None,
            virtual_observe_report: None,
        }
    }
}

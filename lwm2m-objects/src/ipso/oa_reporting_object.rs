//! oA Reporting Object (3403), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use std::collections::BTreeMap;

use lwm2m_core::{Corelnk, Object};

/// oA Reporting Object (3403).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3403, name = "oA Reporting Object", multiple, serde)]
pub struct OaReportingObject {
    /// Documentary Description.
    #[resource(id = 901, ops = "rw", range(0, 256))]
    pub documentary_description: Option<String>,
    /// Application Group ID, in s.
    #[resource(id = 903, ops = "rw", name = "Application Group ID", mandatory, range(0, 65535), unit = "s")]
    pub application_group_id: u64,
    /// Status Resend Time, in s.
    #[resource(id = 904, ops = "rw", mandatory, range(1, 600), unit = "s")]
    pub status_resend_time: u64,
    /// Status Report Structure ID, in s.
    #[resource(
        id = 919,
        ops = "rw",
        name = "Status Report Structure ID",
        mandatory,
        range(1, 600),
        unit = "s"
    )]
    pub status_report_structure_id: u64,
    /// Reporting Object Instances.
    #[resource(id = 932, ops = "rw", mandatory)]
    pub reporting_object_instances: BTreeMap<u16, Corelnk>,
    /// Target Resource.
    #[resource(id = 933, ops = "rw", mandatory)]
    pub target_resource: Corelnk,
    /// ObjectVersion.
    #[resource(id = 4001, ops = "r", name = "ObjectVersion")]
    pub object_version: Option<String>,
}

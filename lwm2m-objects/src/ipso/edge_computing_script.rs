//! Edge computing script (3437), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Bytes, Object};

/// Edge computing script (3437).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3437, name = "Edge computing script", multiple, serde)]
pub struct EdgeComputingScript {
    /// Name.
    #[resource(id = 1, ops = "rw")]
    pub name: Option<String>,
    /// Signature.
    #[resource(id = 2, ops = "rw")]
    pub signature: Option<String>,
    /// Version.
    #[resource(id = 3, ops = "rw")]
    pub version: Option<String>,
    /// Script.
    #[resource(id = 4, ops = "rw", mandatory)]
    pub script: Bytes,
    /// Script format.
    #[resource(id = 5, ops = "rw", name = "Script format")]
    pub script_format: Option<String>,
    /// Non supported script.
    #[resource(id = 6, ops = "r", name = "Non supported script")]
    pub non_supported_script: Option<bool>,
    /// Non authorized script.
    #[resource(id = 7, ops = "r", name = "Non authorized script")]
    pub non_authorized_script: Option<bool>,
}

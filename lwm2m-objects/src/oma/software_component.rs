//! LWM2M Software Component (14), version 1.0.

use lwm2m_core::{Bytes, Executable, Object};

/// LWM2M Software Component (14): one part of a software package of object 9.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 14, version = "1.0", name = "LWM2M Software Component", multiple, serde)]
pub struct SoftwareComponent {
    /// Name of the component.
    #[resource(id = 0, ops = "r", range(0, 255))]
    pub component_identity: Option<String>,
    /// The component itself.
    #[resource(id = 1, ops = "r")]
    pub component_pack: Option<Bytes>,
    /// Its version.
    #[resource(id = 2, ops = "r", range(0, 255))]
    pub component_version: Option<String>,
    /// Starts it. `None`: it cannot be started by itself.
    #[resource(id = 3, execute)]
    pub activate: Option<Executable>,
    /// Stops it. `None`: it cannot be stopped by itself.
    #[resource(id = 4, execute)]
    pub deactivate: Option<Executable>,
    /// Is it active?
    #[resource(id = 5, ops = "r")]
    pub activation_state: Option<bool>,
}

//! LwM2M v1.1 Test Object (3442), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use std::collections::BTreeMap;

use lwm2m_core::{Bytes, Corelnk, Executable, Object, Objlnk, Time};

/// LwM2M v1.1 Test Object (3442).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3442, name = "LwM2M v1.1 Test Object", multiple, serde)]
pub struct TestObjectV11 {
    /// Reset values.
    #[resource(id = 0, execute, name = "Reset values")]
    pub reset_values: Option<Executable>,
    /// Randomize values.
    #[resource(id = 1, execute, name = "Randomize values")]
    pub randomize_values: Option<Executable>,
    /// Clear values.
    #[resource(id = 2, execute, name = "Clear values")]
    pub clear_values: Option<Executable>,
    /// Exec With Arguments.
    #[resource(id = 3, execute)]
    pub exec_with_arguments: Option<Executable>,
    /// Arguments List.
    #[resource(id = 4, ops = "r")]
    pub arguments_list: BTreeMap<u16, String>,
    /// Send Data.
    #[resource(id = 5, execute)]
    pub send_data: Option<Executable>,
    /// Resources to Send.
    #[resource(id = 6, ops = "rw", name = "Resources to Send")]
    pub resources_to_send: BTreeMap<u16, String>,
    /// String Value.
    #[resource(id = 110, ops = "rw")]
    pub string_value: Option<String>,
    /// Integer Value.
    #[resource(id = 120, ops = "rw")]
    pub integer_value: Option<i64>,
    /// Unsigned Integer Value.
    #[resource(id = 125, ops = "rw")]
    pub unsigned_integer_value: Option<u64>,
    /// Float Value.
    #[resource(id = 130, ops = "rw")]
    pub float_value: Option<f64>,
    /// Boolean Value.
    #[resource(id = 140, ops = "rw")]
    pub boolean_value: Option<bool>,
    /// Opaque Value.
    #[resource(id = 150, ops = "rw")]
    pub opaque_value: Option<Bytes>,
    /// Time Value.
    #[resource(id = 160, ops = "rw")]
    pub time_value: Option<Time>,
    /// ObjLink Value.
    #[resource(id = 170, ops = "rw", name = "ObjLink Value")]
    pub obj_link_value: Option<Objlnk>,
    /// CoreLnk Value.
    #[resource(id = 180, ops = "rw", name = "CoreLnk Value")]
    pub core_lnk_value: Option<Corelnk>,
    /// Multiple String Value.
    #[resource(id = 1110, ops = "rw")]
    pub multiple_string_value: BTreeMap<u16, String>,
    /// Multiple Integer Value.
    #[resource(id = 1120, ops = "rw")]
    pub multiple_integer_value: BTreeMap<u16, i64>,
    /// Multiple Unsigned Integer Value.
    #[resource(id = 1125, ops = "rw")]
    pub multiple_unsigned_integer_value: BTreeMap<u16, u64>,
    /// Multiple Float Value.
    #[resource(id = 1130, ops = "rw")]
    pub multiple_float_value: BTreeMap<u16, f64>,
    /// Multiple Boolean Value.
    #[resource(id = 1140, ops = "rw")]
    pub multiple_boolean_value: BTreeMap<u16, bool>,
    /// Multiple Opaque Value.
    #[resource(id = 1150, ops = "rw")]
    pub multiple_opaque_value: BTreeMap<u16, Bytes>,
    /// Multiple Time Value.
    #[resource(id = 1160, ops = "rw")]
    pub multiple_time_value: BTreeMap<u16, Time>,
    /// Multiple ObjLink Value.
    #[resource(id = 1170, ops = "rw", name = "Multiple ObjLink Value")]
    pub multiple_obj_link_value: BTreeMap<u16, Objlnk>,
    /// Multiple CoreLnk Value.
    #[resource(id = 1180, ops = "rw", name = "Multiple CoreLnk Value")]
    pub multiple_core_lnk_value: BTreeMap<u16, Corelnk>,
}

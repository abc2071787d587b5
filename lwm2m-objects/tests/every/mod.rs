//! The list of structs, and values that their definitions allow.

#![allow(dead_code, unused_macros, unused_imports, reason = "not every test needs all of it")]

use std::collections::BTreeMap;

use lwm2m_core::{
    Bytes, InstanceId, Interval, Kind, Node, ObjectDef, ObjectId, Objlnk, ResourceDef, ResourceId, Value,
};
use proptest::{collection::btree_map, prelude::*};

/// Calls a macro with every struct.
macro_rules! every {
    ($call:ident) => {
        $call! {
            security: lwm2m_objects::Security,
            server: lwm2m_objects::Server,
            access_control: lwm2m_objects::oma::AccessControl,
            device: lwm2m_objects::Device,
            connectivity_monitoring: lwm2m_objects::oma::ConnectivityMonitoring,
            firmware_update: lwm2m_objects::oma::FirmwareUpdate,
            location: lwm2m_objects::oma::Location,
            connectivity_statistics: lwm2m_objects::oma::ConnectivityStatistics,
            lock_and_wipe: lwm2m_objects::oma::LockAndWipe,
            software_management: lwm2m_objects::oma::SoftwareManagement,
            cellular_connectivity: lwm2m_objects::oma::CellularConnectivity,
            apn_connection_profile: lwm2m_objects::oma::ApnConnectionProfile,
            wlan_connectivity: lwm2m_objects::oma::WlanConnectivity,
            bearer_selection: lwm2m_objects::oma::BearerSelection,
            software_component: lwm2m_objects::oma::SoftwareComponent,
            dev_cap_mgmt: lwm2m_objects::oma::DevCapMgmt,
            portfolio: lwm2m_objects::oma::Portfolio,
            binary_app_data_container: lwm2m_objects::oma::BinaryAppDataContainer,
            event_log: lwm2m_objects::oma::EventLog,
            oscore: lwm2m_objects::oma::Oscore,
            virtual_observe_notify: lwm2m_objects::oma::VirtualObserveNotify,
            cose: lwm2m_objects::oma::Cose,
            mqtt_server: lwm2m_objects::oma::MqttServer,
            gateway: lwm2m_objects::oma::Gateway,
            gateway_routing: lwm2m_objects::oma::GatewayRouting,
            nr_connectivity: lwm2m_objects::oma::NrConnectivity,
            device_rf_capabilities: lwm2m_objects::oma::DeviceRfCapabilities,
            temperature: lwm2m_objects::Temperature,
            light_control: lwm2m_objects::LightControl,
        }
    };
}
pub(crate) use every;

pub(crate) type Resources = BTreeMap<ResourceId, Node>;

/// An instance: all that is mandatory, some of what is optional.
pub(crate) fn instance(def: &'static ObjectDef) -> impl Strategy<Value = Resources> {
    let values = def.resources().iter().filter(|resource| resource.kind() != Kind::Executable);
    let resources = values.map(|resource| {
        let id = resource.id();
        let node = if resource.is_mandatory() {
            node(resource).prop_map(Some).boxed()
        } else {
            proptest::option::of(node(resource)).boxed()
        };
        node.prop_map(move |node| Some((id, node?)))
    });
    resources.collect::<Vec<_>>().prop_map(|resources| resources.into_iter().flatten().collect())
}

/// What a resource may hold.
pub(crate) fn node(def: &'static ResourceDef) -> BoxedStrategy<Node> {
    if def.is_multiple() {
        btree_map(0_u16..65_535, value(def), 1..4).prop_map(Node::Multiple).boxed()
    } else {
        value(def).prop_map(Node::Value).boxed()
    }
}

/// A value that the definition allows.
pub(crate) fn value(def: &'static ResourceDef) -> BoxedStrategy<Value> {
    if def.bounds().is_empty() {
        return any_value(def.kind());
    }
    let kind = def.kind();
    proptest::sample::select(def.bounds()).prop_flat_map(move |bounds| within(kind, bounds)).boxed()
}

fn within(kind: Kind, bounds: Interval) -> BoxedStrategy<Value> {
    match (kind, bounds) {
        (Kind::Integer, Interval::Integer(a, b)) => (a..=b).prop_map(Value::Integer).boxed(),
        (Kind::Unsigned, Interval::Unsigned(a, b)) => (a..=b).prop_map(Value::Unsigned).boxed(),
        (Kind::Float, Interval::Float(a, b)) => (a..=b).prop_map(Value::Float).boxed(),
        (Kind::String, Interval::Unsigned(a, b)) => {
            (a..=b).prop_map(|length| Value::String("x".repeat(length as usize))).boxed()
        }
        (Kind::Opaque, Interval::Unsigned(a, b)) => {
            (a..=b).prop_map(|length| Value::Opaque(vec![0xa5; length as usize].into())).boxed()
        }
        strange => panic!("no definition is bounded like that: {strange:?}"),
    }
}

/// Any value of a kind.
pub(crate) fn any_value(kind: Kind) -> BoxedStrategy<Value> {
    match kind {
        Kind::String => any::<String>().prop_map(Value::String).boxed(),
        Kind::Corelnk => any::<String>().prop_map(Value::Corelnk).boxed(),
        Kind::Integer => any::<i64>().prop_map(Value::Integer).boxed(),
        Kind::Unsigned => any::<u64>().prop_map(Value::Unsigned).boxed(),
        Kind::Float => any::<f64>().prop_map(Value::Float).boxed(),
        Kind::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        Kind::Time => any::<i64>().prop_map(Value::Time).boxed(),
        Kind::Opaque => any::<Vec<u8>>().prop_map(|octets| Value::Opaque(octets.into())).boxed(),
        Kind::Objlnk => any::<(u16, u16)>()
            .prop_map(|(object, instance)| {
                Value::Objlnk(Objlnk { object: ObjectId(object), instance: InstanceId(instance) })
            })
            .boxed(),
        other => panic!("{other} has no values"),
    }
}

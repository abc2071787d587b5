//! What a program begins with is allowed by the definition.

use lwm2m_core::{Bytes, Corelnk, InstanceId, Node, ObjectId, ObjectType, Secret, Time};
use lwm2m_objects::{Device, LightControl, Security, Server, Temperature, oma::*};

/// Mandatory resources are there, and every value is within its bounds.
#[track_caller]
fn valid<T: ObjectType>(value: T) {
    let Node::Instance(resources) = value.into_node() else { panic!("no instance") };
    for def in T::DEF.resources().iter().filter(|def| def.kind() != lwm2m_core::Kind::Executable) {
        let values: Vec<_> = match resources.get(&def.id()) {
            None => Vec::new(),
            Some(Node::Value(value)) => vec![value],
            Some(Node::Multiple(items)) => items.values().collect(),
            Some(other) => panic!("{other:?}"),
        };
        assert!(!(values.is_empty() && def.is_mandatory()), "{}: {} is missing", T::DEF.name(), def.name());
        for value in values {
            assert_eq!(def.check(value), Ok(()), "{}", T::DEF.name());
        }
    }
}

#[test]
fn defaults_are_valid() {
    valid(Security::default());
    valid(Device::default());
    valid(FirmwareUpdate::default());
    valid(Location::default());
    valid(ConnectivityStatistics::default());
    valid(LockAndWipe::default());
    valid(SoftwareManagement::default());
    valid(CellularConnectivity::default());
    valid(ApnConnectionProfile::default());
    valid(BearerSelection::default());
    valid(SoftwareComponent::default());
    valid(DevCapMgmt::default());
    valid(EventLog::default());
    valid(VirtualObserveNotify::default());
    valid(NrConnectivity::default());
    valid(DeviceRfCapabilities::default());
    valid(Temperature::default());
    valid(LightControl::default());
}

#[test]
fn constructors_are_valid() {
    valid(Server::new(1, 300));
    valid(AccessControl::new(ObjectId(3), InstanceId(u16::MAX), AccessControl::BOOTSTRAP));
    valid(ConnectivityMonitoring::new(NetworkBearer::NbIot, -90, "10.0.0.2"));
    valid(Location::at(48.2, 16.4, Time(1_700_000_000)));
    valid(WlanConnectivity::station("wlan0", "0123456789ab", "house"));
    valid(Portfolio::of_host("1", "Example", "M1", "1.0"));
    valid(BinaryAppDataContainer::new("reading"));
    valid(Oscore::new(Secret::new(vec![1; 16]), Bytes::from_static(b"c"), Bytes::from_static(b"s")));
    valid(Cose::new("key", 10, "k".into()));
    valid(MqttServer::new("device7"));
    valid(Gateway::new("sensor-1", "d01", Corelnk("</3303/0>".into())));
    valid(GatewayRouting::new(ObjectId(3303), Corelnk::default()));
}

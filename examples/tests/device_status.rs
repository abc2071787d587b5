//! What a server learns about a device from its object 3: firmware version, power, errors. HLF-003, HLF-006, HLF-007.
//! HLF-033.

mod common;

use std::collections::BTreeMap;

use common::{Scene, with_shards};
use lwm2m_client::{
    Executable,
    objects::{
        Device,
        oma::{BatteryStatus, DeviceError, PowerSource},
    },
};

fn device() -> Device {
    Device {
        firmware_version: Some("1.0.0".into()),
        available_power_sources: BTreeMap::from([(0, PowerSource::InternalBattery), (1, PowerSource::Usb)]),
        power_source_voltage: BTreeMap::from([(0, 3800), (1, 5000)]),
        power_source_current: BTreeMap::from([(0, 125), (1, 900)]),
        battery_level: Some(100),
        battery_status: Some(BatteryStatus::Normal),
        reset_error_code: Some(Executable),
        ..Device::default()
    }
}

#[test]
fn the_firmware_version_is_read() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let _client = scene.start_device(scene.device().device(device())).await;
        let version = scene.server.client("device").read::<String>("/3/0/3").await.unwrap();
        assert_eq!(version, "1.0.0");
    });
}

#[test]
fn power_sources_are_read_one_by_one_and_together() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let _client = scene.start_device(scene.device().device(device())).await;
        let asked = scene.server.client("device");
        let sources = asked.read::<BTreeMap<u16, i64>>("/3/0/6").await.unwrap();
        assert_eq!(sources, BTreeMap::from([(0, 1), (1, 5)]));
        assert_eq!(asked.read::<i64>("/3/0/7/1").await.unwrap(), 5000);
        let whole = asked.read::<Device>("/3/0").await.unwrap();
        assert_eq!(whole.power_source_current, BTreeMap::from([(0, 125), (1, 900)]));
        assert_eq!(whole.battery_level, Some(100));
    });
}

#[test]
fn a_falling_battery_is_told() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let client = scene.start_device(scene.device().device(device())).await;
        let object = client.objects().instance::<Device>(0).unwrap();
        let mut levels = scene.server.client("device").observe::<i64>("/3/0/9").await.unwrap();
        assert_eq!(levels.next().await.unwrap().unwrap().value, 100);
        object.set(Device::BATTERY_LEVEL, 42);
        assert_eq!(levels.next().await.unwrap().unwrap().value, 42);
    });
}

#[test]
fn errors_are_told_and_reset() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let client = scene.start_device(scene.device().device(device())).await;
        let object = client.objects().instance::<Device>(0).unwrap();
        let asked = scene.server.client("device");
        let mut errors = asked.observe::<BTreeMap<u16, i64>>("/3/0/11").await.unwrap();
        assert_eq!(errors.next().await.unwrap().unwrap().value, BTreeMap::from([(0, 0)]));
        let (battery, navigation) = (DeviceError::LowBattery, DeviceError::NavigationFailure);
        object.update(|device| device.error_code = BTreeMap::from([(0, battery), (1, navigation)]));
        assert_eq!(errors.next().await.unwrap().unwrap().value, BTreeMap::from([(0, 1), (1, 3)]));
        object.update(|device| device.error_code = BTreeMap::from([(0, battery)]));
        assert_eq!(errors.next().await.unwrap().unwrap().value, BTreeMap::from([(0, 1)]));
        asked.execute("/3/0/12").await.unwrap();
        assert_eq!(errors.next().await.unwrap().unwrap().value, BTreeMap::from([(0, 0)]));
    });
}

//! A simulated device whose values change: Device (3), Temperature (3303) and Light Control (3311).

use std::collections::BTreeMap;

use lwm2m_client::{ClientError, Instance, Objects, Served};
use lwm2m_core::{Executable, ObjectType, Path, ResourceId, Selection};
use lwm2m_objects::{Device, LightControl, Registry, Server, Temperature, oma::PowerSource};

use crate::{console::Screen, show};

/// The instances of a simulated device, and the chance that moves them.
#[derive(Debug)]
pub struct Simulated {
    device: Instance<Device>,
    thermometer: Instance<Temperature>,
    chance: Chance,
    steps: u32,
}

impl Simulated {
    /// Adds the three objects to a client. Lamps may be created and deleted by servers. Devices with the same serial
    /// number behave alike.
    ///
    /// # Errors
    /// The client has such objects already.
    pub fn add_to(objects: &Objects, serial_number: &str) -> Result<Self, ClientError> {
        let device = objects.add(0, device(serial_number))?;
        let mut thermometer = Temperature { sensor_units: Some("Cel".to_owned()), ..Temperature::default() };
        thermometer.min_range_value = Some(-40.0);
        thermometer.max_range_value = Some(85.0);
        thermometer.measured(21.0);
        let thermometer = objects.add(0, thermometer)?;
        objects.add(0, lamp())?;
        objects.creatable(|_| lamp())?;
        Ok(Self { device, thermometer, chance: Chance::of(serial_number), steps: 0 })
    }

    /// Some time passes: the temperature wanders, now and then the battery loses a percent. Lamps change only when
    /// somebody writes them.
    pub fn step(&mut self) {
        self.steps = self.steps.wrapping_add(1);
        let by = self.chance.tenths();
        self.thermometer.update(|sensor| {
            let next = (sensor.sensor_value + by).clamp(15.0, 30.0);
            sensor.measured((next * 10.0).round() / 10.0);
        });
        if self.steps.is_multiple_of(10) {
            self.device.update(|device| {
                let level = device.battery_level.unwrap_or(100);
                device.battery_level = Some(if level <= 20 { 100 } else { level - 1 });
            });
        }
    }
}

/// Prints what servers do to the objects of a simulated device. Needs the context of a tokio runtime.
pub fn watch_all(objects: &Objects, screen: &Screen) {
    objects.instances::<Server>().into_iter().for_each(|server| watch(server, screen));
    objects.instances::<Device>().into_iter().for_each(|device| watch(device, screen));
    objects.instances::<Temperature>().into_iter().for_each(|sensor| watch(sensor, screen));
    objects.instances::<LightControl>().into_iter().for_each(|lamp| watch(lamp, screen));
}

/// Prints what servers do to one instance, in a task of its own.
pub fn watch<T: ObjectType>(instance: Instance<T>, screen: &Screen) {
    let screen = screen.clone();
    let mut changes = instance.changes();
    #[expect(clippy::disallowed_methods, reason = "a program")]
    tokio::spawn(async move {
        while let Some(request) = changes.next().await {
            for line in request.iter().flat_map(|served| lines(&instance, served)) {
                screen.line(line);
            }
        }
    });
}

/// `written /3311/0/5851 Light Control/0/Dimmer = 42 /100`, `executed /3/0/4 0='now'`
fn lines<T: ObjectType>(instance: &Instance<T>, served: &Served) -> Vec<String> {
    let path =
        |resource: ResourceId| Path::new(&[T::DEF.id().0, instance.id().0, resource.0]).unwrap_or_default();
    match served {
        Served::Written(resource, item) => {
            let values = instance.get().read(&Selection::Only(vec![(*resource, *item)]));
            let shown = values.iter().flat_map(|(_, node)| show::values(&Registry, path(*resource), node));
            let lines: Vec<_> = shown.map(|line| format!("written {line}")).collect();
            if lines.is_empty() { vec![format!("removed {}", path(*resource))] } else { lines }
        }
        Served::Executed(resource, arguments) => {
            vec![format!("executed {} {arguments}", path(*resource)).trim_end().to_owned()]
        }
        Served::Missed(count) => vec![format!("missed {count} requests: the program was too slow")],
        _ => Vec::new(),
    }
}

fn device(serial_number: &str) -> Device {
    Device {
        manufacturer: Some("LwM2M for Rust".to_owned()),
        model_number: Some("simulated".to_owned()),
        serial_number: Some(serial_number.to_owned()),
        firmware_version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        available_power_sources: BTreeMap::from([(0, PowerSource::InternalBattery)]),
        power_source_voltage: BTreeMap::from([(0, 3800)]),
        battery_level: Some(100),
        utc_offset: Some("+00:00".to_owned()),
        timezone: Some("Etc/UTC".to_owned()),
        device_type: Some("thermometer and lamp".to_owned()),
        factory_reset: Some(Executable),
        ..Device::default()
    }
}

fn lamp() -> LightControl {
    LightControl { dimmer: Some(100), application_type: Some(String::new()), ..LightControl::default() }
}

/// A small generator of numbers, the same for the same text.
#[derive(Debug)]
struct Chance(u64);

impl Chance {
    /// FNV-1a
    fn of(text: &str) -> Self {
        let hash = |state: u64, octet| (state ^ u64::from(octet)).wrapping_mul(0x0100_0000_01b3);
        Self(text.bytes().fold(0xcbf2_9ce4_8422_2325, hash))
    }

    /// From -0.3 to 0.3, but never 0: every step is a change.
    fn tenths(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let size = f64::from(1 + ((self.0 >> 33) % 3) as u8) / 10.0;
        if self.0 >> 63 == 0 { size } else { -size }
    }
}

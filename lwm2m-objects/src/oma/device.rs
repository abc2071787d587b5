//! Device (3), version 1.2. [Core 1.2 §E.4]

use std::collections::BTreeMap;

use lwm2m_core::{Arguments, Done, Enumeration, Executable, Object, Objlnk, Rejection, Time};

/// Device (3): what the device is and how it does. Every client has one instance, number 0.
#[derive(Object, Clone, Debug, PartialEq)]
#[object(id = 3, version = "1.2", mandatory, serde)]
pub struct Device {
    /// Who made it.
    #[resource(id = 0, ops = "r")]
    pub manufacturer: Option<String>,
    /// Which model it is.
    #[resource(id = 1, ops = "r")]
    pub model_number: Option<String>,
    /// Which piece it is.
    #[resource(id = 2, ops = "r")]
    pub serial_number: Option<String>,
    /// The firmware that runs.
    #[resource(id = 3, ops = "r")]
    pub firmware_version: Option<String>,
    /// Restart. The program hears of it as a change of the instance.
    #[resource(id = 4, execute, mandatory)]
    pub reboot: Executable,
    /// Back to the state of delivery: the client sees to it. `None`: this device cannot.
    #[resource(id = 5, execute)]
    pub factory_reset: Option<Executable>,
    /// Resource instances are shared with voltage and current.
    #[resource(id = 6, ops = "r", range(0, 7))]
    pub available_power_sources: BTreeMap<u16, PowerSource>,
    /// Millivolts.
    #[resource(id = 7, ops = "r")]
    pub power_source_voltage: BTreeMap<u16, i64>,
    /// Milliamperes.
    #[resource(id = 8, ops = "r")]
    pub power_source_current: BTreeMap<u16, i64>,
    /// Percent, of an internal battery.
    #[resource(id = 9, ops = "r", range(0, 100), unit = "/100")]
    pub battery_level: Option<i64>,
    /// Kilobytes.
    #[resource(id = 10, ops = "r")]
    pub memory_free: Option<i64>,
    /// One resource instance an error; a single [`DeviceError::None`] when there is none.
    #[resource(id = 11, ops = "r", mandatory, range(0, 32))]
    pub error_code: BTreeMap<u16, DeviceError>,
    /// Makes Error Code a single [`DeviceError::None`]. `None`: this device cannot.
    #[resource(id = 12, execute = Self::reset_errors)]
    pub reset_error_code: Option<Executable>,
    /// Now, as the device knows it; a server may set it.
    #[resource(id = 13, ops = "rw")]
    pub current_time: Option<Time>,
    /// As ISO 8601 writes it, for example `+02:00`.
    #[resource(id = 14, ops = "rw", name = "UTC Offset")]
    pub utc_offset: Option<String>,
    /// A name of the IANA time zone database.
    #[resource(id = 15, ops = "rw")]
    pub timezone: Option<String>,
    /// Letters of the bindings this device has.
    #[resource(id = 16, ops = "r", name = "Supported Binding and Modes", mandatory)]
    pub supported_binding_and_modes: String,
    /// What kind of device it is, in words of the manufacturer.
    #[resource(id = 17, ops = "r")]
    pub device_type: Option<String>,
    /// The hardware.
    #[resource(id = 18, ops = "r")]
    pub hardware_version: Option<String>,
    /// The software above the firmware.
    #[resource(id = 19, ops = "r")]
    pub software_version: Option<String>,
    /// Of an internal battery.
    #[resource(id = 20, ops = "r", range(0, 6))]
    pub battery_status: Option<BatteryStatus>,
    /// Kilobytes.
    #[resource(id = 21, ops = "r")]
    pub memory_total: Option<i64>,
    /// Further instances that tell about the device.
    #[resource(id = 22, ops = "r", name = "ExtDevInfo")]
    pub ext_dev_info: BTreeMap<u16, Objlnk>,
}

/// No error, reached over UDP; nothing optional.
impl Default for Device {
    fn default() -> Self {
        Self {
            manufacturer: None,
            model_number: None,
            serial_number: None,
            firmware_version: None,
            reboot: Executable,
            factory_reset: None,
            available_power_sources: BTreeMap::new(),
            power_source_voltage: BTreeMap::new(),
            power_source_current: BTreeMap::new(),
            battery_level: None,
            memory_free: None,
            error_code: no_error(),
            reset_error_code: None,
            current_time: None,
            utc_offset: None,
            timezone: None,
            supported_binding_and_modes: "U".to_owned(),
            device_type: None,
            hardware_version: None,
            software_version: None,
            battery_status: None,
            memory_total: None,
            ext_dev_info: BTreeMap::new(),
        }
    }
}

impl Device {
    fn reset_errors(&mut self, _arguments: &Arguments) -> Result<Done, Rejection> {
        self.error_code = no_error();
        Ok(Done::DONE)
    }
}

/// What feeds a device.
#[derive(Enumeration, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PowerSource {
    /// Direct current.
    Dc,
    /// A battery inside.
    InternalBattery,
    /// A battery outside.
    ExternalBattery,
    /// A fuel cell.
    FuelCell,
    /// Ethernet.
    Ethernet,
    /// USB.
    Usb,
    /// Alternating current.
    Ac,
    /// Sunlight.
    Solar,
    /// A number of a newer version, or of a vendor.
    #[enumeration(other)]
    Other(i64),
}

/// What is wrong with a device.
#[derive(Enumeration, Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DeviceError {
    /// Nothing.
    #[default]
    None,
    /// The battery is low.
    LowBattery,
    /// The external power supply is off.
    ExternalPowerOff,
    /// The receiver for satellite navigation has failed.
    NavigationFailure,
    /// The signal is weak.
    LowSignal,
    /// Memory has run out.
    OutOfMemory,
    /// SMS do not work.
    SmsFailure,
    /// IP does not work.
    IpFailure,
    /// Something attached does not work.
    PeripheralFailure,
    /// 16 to 32 as the device defines; else a number of a newer version.
    #[enumeration(other)]
    Other(i64),
}

/// How a battery does.
#[derive(Enumeration, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BatteryStatus {
    /// It works, on battery.
    Normal,
    /// It is being charged.
    Charging,
    /// It is full, and not on battery.
    Full,
    /// It has a fault.
    Damaged,
    /// It is low.
    Low,
    /// There is none.
    NotInstalled,
    /// Nobody knows.
    Unknown,
    /// A number of a newer version, or of a vendor.
    #[enumeration(other)]
    Other(i64),
}

fn no_error() -> BTreeMap<u16, DeviceError> {
    BTreeMap::from([(0, DeviceError::None)])
}

#[cfg(test)]
mod tests {
    use lwm2m_core::{Code, ObjectType as _};

    use super::*;

    #[test]
    fn errors_are_reset_to_a_single_zero_where_the_device_can() {
        let mut device = Device {
            error_code: BTreeMap::from([(0, DeviceError::LowBattery), (1, DeviceError::IpFailure)]),
            ..Device::default()
        };
        let reset = Device::RESET_ERROR_CODE.id();
        let refused = device.execute(reset, &Arguments::NONE).map(|_| ()).map_err(|error| error.code);
        assert_eq!(refused, Err(Code::NOT_FOUND));
        device.reset_error_code = Some(Executable);
        assert!(device.execute(reset, &Arguments::NONE).is_ok());
        assert_eq!(device.error_code, BTreeMap::from([(0, DeviceError::None)]));
    }
}

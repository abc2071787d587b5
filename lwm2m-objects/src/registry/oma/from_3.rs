//! Objects 3 to 5.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        3,
        "Device",
        const {
            &[
                R::new(0, "Manufacturer", String, Ops::R),
                R::new(1, "Model Number", String, Ops::R),
                R::new(2, "Serial Number", String, Ops::R),
                R::new(3, "Firmware Version", String, Ops::R),
                R::new(4, "Reboot", Executable, Ops::E).mandatory(),
                R::new(5, "Factory Reset", Executable, Ops::E),
                R::new(6, "Available Power Sources", Integer, Ops::R).multiple().range(0, 7),
                R::new(7, "Power Source Voltage", Integer, Ops::R).multiple().unit("mV"),
                R::new(8, "Power Source Current", Integer, Ops::R).multiple().unit("mA"),
                R::new(9, "Battery Level", Integer, Ops::R).range(0, 100).unit("%"),
                R::new(10, "Memory Free", Integer, Ops::R).unit("KB"),
                R::new(11, "Error Code", Integer, Ops::R).multiple().mandatory().range(0, 8),
                R::new(12, "Reset Error Code", Executable, Ops::E),
                R::new(13, "Current Time", Time, Ops::RW),
                R::new(14, "UTC Offset", String, Ops::RW),
                R::new(15, "Timezone", String, Ops::RW),
                R::new(16, "Supported Binding and Modes", String, Ops::R).mandatory(),
                R::new(17, "Device Type", String, Ops::R),
                R::new(18, "Hardware Version", String, Ops::R),
                R::new(19, "Software Version", String, Ops::R),
                R::new(20, "Battery Status", Integer, Ops::R).range(0, 6),
                R::new(21, "Memory Total", Integer, Ops::R),
                R::new(22, "ExtDevInfo", Objlnk, Ops::R).multiple(),
            ]
        },
    )
    .mandatory(),
    ObjectDef::new(
        3,
        "Device",
        const {
            &[
                R::new(0, "Manufacturer", String, Ops::R),
                R::new(1, "Model Number", String, Ops::R),
                R::new(2, "Serial Number", String, Ops::R),
                R::new(3, "Firmware Version", String, Ops::R),
                R::new(4, "Reboot", Executable, Ops::E).mandatory(),
                R::new(5, "Factory Reset", Executable, Ops::E),
                R::new(6, "Available Power Sources", Integer, Ops::R).multiple().range(0, 7),
                R::new(7, "Power Source Voltage", Integer, Ops::R).multiple(),
                R::new(8, "Power Source Current", Integer, Ops::R).multiple(),
                R::new(9, "Battery Level", Integer, Ops::R).range(0, 100).unit("%"),
                R::new(10, "Memory Free", Integer, Ops::R),
                R::new(11, "Error Code", Integer, Ops::R).multiple().mandatory().range(0, 8),
                R::new(12, "Reset Error Code", Executable, Ops::E),
                R::new(13, "Current Time", Time, Ops::RW),
                R::new(14, "UTC Offset", String, Ops::RW),
                R::new(15, "Timezone", String, Ops::RW),
                R::new(16, "Supported Binding and Modes", String, Ops::R).mandatory(),
                R::new(17, "Device Type", String, Ops::R),
                R::new(18, "Hardware Version", String, Ops::R),
                R::new(19, "Software Version", String, Ops::R),
                R::new(20, "Battery Status", Integer, Ops::R).range(0, 6),
                R::new(21, "Memory Total", Integer, Ops::R),
                R::new(22, "ExtDevInfo", Objlnk, Ops::R).multiple(),
            ]
        },
    )
    .version(1, 1)
    .mandatory(),
    ObjectDef::new(
        3,
        "Device",
        const {
            &[
                R::new(0, "Manufacturer", String, Ops::R),
                R::new(1, "Model Number", String, Ops::R),
                R::new(2, "Serial Number", String, Ops::R),
                R::new(3, "Firmware Version", String, Ops::R),
                R::new(4, "Reboot", Executable, Ops::E).mandatory(),
                R::new(5, "Factory Reset", Executable, Ops::E),
                R::new(6, "Available Power Sources", Integer, Ops::R).multiple().range(0, 7),
                R::new(7, "Power Source Voltage", Integer, Ops::R).multiple(),
                R::new(8, "Power Source Current", Integer, Ops::R).multiple(),
                R::new(9, "Battery Level", Integer, Ops::R).range(0, 100).unit("/100"),
                R::new(10, "Memory Free", Integer, Ops::R),
                R::new(11, "Error Code", Integer, Ops::R).multiple().mandatory().range(0, 32),
                R::new(12, "Reset Error Code", Executable, Ops::E),
                R::new(13, "Current Time", Time, Ops::RW),
                R::new(14, "UTC Offset", String, Ops::RW),
                R::new(15, "Timezone", String, Ops::RW),
                R::new(16, "Supported Binding and Modes", String, Ops::R).mandatory(),
                R::new(17, "Device Type", String, Ops::R),
                R::new(18, "Hardware Version", String, Ops::R),
                R::new(19, "Software Version", String, Ops::R),
                R::new(20, "Battery Status", Integer, Ops::R).range(0, 6),
                R::new(21, "Memory Total", Integer, Ops::R),
                R::new(22, "ExtDevInfo", Objlnk, Ops::R).multiple(),
            ]
        },
    )
    .version(1, 2)
    .mandatory(),
    ObjectDef::new(
        4,
        "Connectivity Monitoring",
        const {
            &[
                R::new(0, "Network Bearer", Integer, Ops::R).mandatory().range(0, 50),
                R::new(1, "Available Network Bearer", Integer, Ops::R).multiple().mandatory().range(0, 50),
                R::new(2, "Radio Signal Strength", Integer, Ops::R).mandatory().unit("dBm"),
                R::new(3, "Link Quality", Integer, Ops::R),
                R::new(4, "IP Addresses", String, Ops::R).multiple().mandatory(),
                R::new(5, "Router IP Addresses", String, Ops::R).multiple(),
                R::new(6, "Link Utilization", Integer, Ops::R).range(0, 100).unit("%"),
                R::new(7, "APN", String, Ops::R).multiple(),
                R::new(8, "Cell ID", Integer, Ops::R),
                R::new(9, "SMNC", Integer, Ops::R).range(0, 999).unit("%"),
                R::new(10, "SMCC", Integer, Ops::R).range(0, 999),
            ]
        },
    ),
    ObjectDef::new(
        4,
        "Connectivity Monitoring",
        const {
            &[
                R::new(0, "Network Bearer", Integer, Ops::R).mandatory().range(0, 50),
                R::new(1, "Available Network Bearer", Integer, Ops::R).multiple().mandatory().range(0, 50),
                R::new(2, "Radio Signal Strength", Integer, Ops::R).mandatory().unit("dBm"),
                R::new(3, "Link Quality", Integer, Ops::R),
                R::new(4, "IP Addresses", String, Ops::R).multiple().mandatory(),
                R::new(5, "Router IP Addresses", String, Ops::R).multiple(),
                R::new(6, "Link Utilization", Integer, Ops::R).range(0, 100).unit("%"),
                R::new(7, "APN", String, Ops::R).multiple(),
                R::new(8, "Cell ID", Integer, Ops::R),
                R::new(9, "SMNC", Integer, Ops::R).range(0, 999).unit("%"),
                R::new(10, "SMCC", Integer, Ops::R).range(0, 999),
                R::new(11, "SignalSNR", Integer, Ops::R).unit("dB"),
            ]
        },
    )
    .version(1, 1),
    ObjectDef::new(
        4,
        "Connectivity Monitoring",
        const {
            &[
                R::new(0, "Network Bearer", Integer, Ops::R).mandatory().range(0, 50),
                R::new(1, "Available Network Bearer", Integer, Ops::R).multiple().mandatory().range(0, 50),
                R::new(2, "Radio Signal Strength", Integer, Ops::R).mandatory(),
                R::new(3, "Link Quality", Integer, Ops::R),
                R::new(4, "IP Addresses", String, Ops::R).multiple().mandatory(),
                R::new(5, "Router IP Addresses", String, Ops::R).multiple(),
                R::new(6, "Link Utilization", Integer, Ops::R).range(0, 100).unit("%"),
                R::new(7, "APN", String, Ops::R).multiple(),
                R::new(8, "Cell ID", Integer, Ops::R),
                R::new(9, "SMNC", Integer, Ops::R).range(0, 999),
                R::new(10, "SMCC", Integer, Ops::R).range(0, 999),
                R::new(11, "SignalSNR", Integer, Ops::R).unit("dB"),
                R::new(12, "LAC", Integer, Ops::R),
            ]
        },
    )
    .version(1, 2),
    ObjectDef::new(
        4,
        "Connectivity Monitoring",
        const {
            &[
                R::new(0, "Network Bearer", Integer, Ops::R).mandatory().range(0, 50),
                R::new(1, "Available Network Bearer", Integer, Ops::R).multiple().mandatory().range(0, 50),
                R::new(2, "Radio Signal Strength", Integer, Ops::R).mandatory().unit("dBm"),
                R::new(3, "Link Quality", Integer, Ops::R),
                R::new(4, "IP Addresses", String, Ops::R).multiple().mandatory(),
                R::new(5, "Router IP Addresses", String, Ops::R).multiple(),
                R::new(6, "Link Utilization", Integer, Ops::R).range(0, 100).unit("/100"),
                R::new(7, "APN", String, Ops::R).multiple(),
                R::new(8, "Cell ID", Integer, Ops::R),
                R::new(9, "SMNC", Integer, Ops::R).range(0, 999),
                R::new(10, "SMCC", Integer, Ops::R).range(0, 999),
                R::new(11, "SignalSNR", Integer, Ops::R).unit("dB"),
                R::new(12, "LAC", Integer, Ops::R),
                R::new(13, "Coverage Enhancement Level", Integer, Ops::R).range(0, 4),
            ]
        },
    )
    .version(1, 3),
    ObjectDef::new(
        5,
        "Firmware Update",
        const {
            &[
                R::new(0, "Package", Opaque, Ops::W).mandatory(),
                R::new(1, "Package URI", String, Ops::RW).mandatory().range(0, 255),
                R::new(2, "Update", Executable, Ops::E).mandatory(),
                R::new(3, "State", Integer, Ops::R).mandatory().range(0, 3),
                R::new(5, "Update Result", Integer, Ops::R).mandatory().range(0, 9),
                R::new(6, "PkgName", String, Ops::R).range(0, 255),
                R::new(7, "PkgVersion", String, Ops::R).range(0, 255),
                R::new(8, "Firmware Update Protocol Support", Integer, Ops::R).multiple().range(0, 5),
                R::new(9, "Firmware Update Delivery Method", Integer, Ops::R).mandatory().range(0, 2),
            ]
        },
    ),
    ObjectDef::new(
        5,
        "Firmware Update",
        const {
            &[
                R::new(0, "Package", Opaque, Ops::W).mandatory(),
                R::new(1, "Package URI", String, Ops::RW).mandatory().range(0, 255),
                R::new(2, "Update", Executable, Ops::E).mandatory(),
                R::new(3, "State", Integer, Ops::R).mandatory().range(0, 3),
                R::new(5, "Update Result", Integer, Ops::R).mandatory().range(0, 11),
                R::new(6, "PkgName", String, Ops::R).range(0, 255),
                R::new(7, "PkgVersion", String, Ops::R).range(0, 255),
                R::new(8, "Firmware Update Protocol Support", Integer, Ops::R).multiple().range(0, 5),
                R::new(9, "Firmware Update Delivery Method", Integer, Ops::R).mandatory().range(0, 2),
                R::new(10, "Cancel", Executable, Ops::E),
                R::new(11, "Severity", Integer, Ops::RW).range(0, 2),
                R::new(12, "Last State Change Time", Time, Ops::R),
                R::new(13, "Maximum Defer Period", Unsigned, Ops::RW).unit("s"),
            ]
        },
    )
    .version(1, 1),
    ObjectDef::new(
        5,
        "Firmware Update",
        const {
            &[
                R::new(0, "Package", Opaque, Ops::W).mandatory(),
                R::new(1, "Package URI", String, Ops::RW).mandatory().range(0, 255),
                R::new(2, "Update", Executable, Ops::E).mandatory(),
                R::new(3, "State", Integer, Ops::R).mandatory().range(0, 3),
                R::new(5, "Update Result", Integer, Ops::R).mandatory().range(0, 11),
                R::new(6, "PkgName", String, Ops::R).range(0, 255),
                R::new(7, "PkgVersion", String, Ops::R).range(0, 255),
                R::new(8, "Firmware Update Protocol Support", Integer, Ops::R).multiple().range(0, 5),
                R::new(9, "Firmware Update Delivery Method", Integer, Ops::R).mandatory().range(0, 2),
                R::new(10, "Cancel", Executable, Ops::E),
                R::new(11, "Severity", Integer, Ops::RW).range(0, 2),
                R::new(12, "Last State Change Time", Time, Ops::R),
                R::new(13, "Maximum Defer Period", Unsigned, Ops::RW).unit("s"),
                R::new(14, "Automatic Upgrade at Download", Boolean, Ops::RW),
            ]
        },
    )
    .version(1, 2),
];

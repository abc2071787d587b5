//! Objects 10371 to 18831.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Interval, Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        10371,
        "Reboot Status",
        const {
            &[
                R::new(0, "Reboot State", Integer, Ops::R).mandatory().range(0, 2),
                R::new(1, "Reboot Error Message", String, Ops::R).mandatory(),
                R::new(2, "Reset Factory State", Integer, Ops::R).range(0, 3),
                R::new(3, "Reset Factory Error Message", String, Ops::R),
            ]
        },
    ),
    ObjectDef::new(
        10374,
        "Modbus Connection",
        const {
            &[
                R::new(0, "Address", String, Ops::RW).mandatory(),
                R::new(1, "Physical Layer Type", Integer, Ops::RW).mandatory().range(0, 2),
                R::new(2, "Enable", Boolean, Ops::RW).mandatory(),
                R::new(3, "Baudrate", Integer, Ops::RW).unit("bit/s"),
                R::new(4, "Stop Bits", Integer, Ops::RW).range(1, 2),
                R::new(5, "Parity", Integer, Ops::RW).range(0, 2),
                R::new(6, "Hardware Control Flow Mode", Integer, Ops::RW).range(0, 2),
                R::new(7, "Available RTU Ports", String, Ops::R).multiple(),
                R::new(8, "State", Integer, Ops::R).mandatory().range(0, 4),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10375,
        "Modbus Register Cluster",
        const {
            &[
                R::new(0, "Connection", Objlnk, Ops::RW).mandatory(),
                R::new(1, "Register Type", Integer, Ops::RW).mandatory().range(1, 4),
                R::new(2, "Unit ID", Integer, Ops::RW)
                    .mandatory()
                    .any_of(&[Interval::Integer(0, 247), Interval::Integer(255, 255)]),
                R::new(3, "Starting Register Address", Integer, Ops::RW).mandatory().range(0, 65535),
                R::new(4, "Quantity of Registers", Integer, Ops::RW).range(1, 2000),
                R::new(5, "Values", Integer, Ops::RW).multiple().mandatory().range(0, 65535),
                R::new(6, "Minimum Measured Values", Integer, Ops::R).multiple().range(0, 65535),
                R::new(7, "Maximum Measured Values", Integer, Ops::R).multiple().range(0, 65535),
                R::new(8, "Reset Minimum and Maximum Measured Values", Executable, Ops::E),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10376,
        "Periodic Activity",
        const {
            &[
                R::new(0, "Activity Name", String, Ops::R).mandatory(),
                R::new(1, "Activity Description", String, Ops::R).mandatory(),
                R::new(2, "Activity Settings", Opaque, Ops::RW),
                R::new(3, "Start Mask", String, Ops::RW).mandatory(),
                R::new(4, "Periodic Interval", Integer, Ops::RW).mandatory().unit("s"),
                R::new(5, "Run Period", Integer, Ops::RW).unit("s"),
                R::new(6, "Record", Opaque, Ops::R),
                R::new(7, "Record Head Index", Integer, Ops::R),
                R::new(8, "Record Tail Index", Integer, Ops::R),
                R::new(9, "Record Read Index", Integer, Ops::RW),
                R::new(10, "Record Dispatch Start Mask", String, Ops::RW),
                R::new(11, "Record Dispatch Interval", Integer, Ops::RW).unit("s"),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10377,
        "Data Monitoring",
        const {
            &[
                R::new(0, "Monitoring Name", String, Ops::R).mandatory(),
                R::new(1, "Monitoring Description", String, Ops::R).mandatory(),
                R::new(2, "Monitoring Settings", Opaque, Ops::RW),
                R::new(3, "Data", Opaque, Ops::R).mandatory(),
                R::new(4, "Data Sampling Start Mask", String, Ops::RW),
                R::new(5, "Data Sampling Interval", Integer, Ops::RW).unit("s"),
                R::new(6, "Data Sampling Run Period", Integer, Ops::RW).unit("s"),
                R::new(7, "Reference A", Opaque, Ops::RW).mandatory(),
                R::new(8, "Comparison A", Integer, Ops::RW).mandatory(),
                R::new(9, "Reference B", Opaque, Ops::RW),
                R::new(10, "Comparison B", Integer, Ops::RW),
                R::new(11, "Reference C", Opaque, Ops::RW),
                R::new(12, "Comparison C", Integer, Ops::RW),
                R::new(13, "Monitoring Results", Opaque, Ops::RW).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10378,
        "Edge Application Server Configuration",
        const {
            &[
                R::new(0, "Application Client ID", String, Ops::RW).mandatory(),
                R::new(1, "EAS ID", String, Ops::RW).multiple().mandatory(),
                R::new(2, "EAS Endpoint", String, Ops::RW).multiple().mandatory(),
                R::new(3, "Type", Integer, Ops::RW).multiple().range(1, 2),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10379,
        "Event Profile",
        const {
            &[
                R::new(0, "Events to Capture", Integer, Ops::RW).multiple().mandatory(),
                R::new(1, "Events Captured", Opaque, Ops::R).multiple().mandatory(),
                R::new(2, "Active Events", Integer, Ops::R).multiple(),
                R::new(3, "Events Configured as Alarm", Integer, Ops::RW).multiple(),
                R::new(4, "Alarms Captured", Opaque, Ops::R).multiple(),
                R::new(5, "Capture Event", Executable, Ops::E),
                R::new(6, "Clear Events", Executable, Ops::E).mandatory(),
                R::new(7, "Clear Alarms", Executable, Ops::E).mandatory(),
                R::new(8, "Maximum Event Count", Integer, Ops::RW).multiple(),
                R::new(9, "Maximum Event Period", Integer, Ops::RW).multiple().unit("s"),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10479,
        "Cellular Network and Bearer Control",
        const {
            &[
                R::new(0, "PLMN Name", String, Ops::R).mandatory(),
                R::new(1, "MCC", String, Ops::R).mandatory(),
                R::new(2, "MNC", String, Ops::R).mandatory(),
                R::new(3, "Network Bearer", Integer, Ops::R).mandatory().range(0, 50),
                R::new(4, "Currently In Use", Boolean, Ops::R).mandatory(),
                R::new(5, "Radio Signal Strength", Integer, Ops::R).mandatory().unit("dBm"),
                R::new(6, "Link Quality", Integer, Ops::R).mandatory(),
                R::new(7, "SignalSNR", Integer, Ops::R).unit("dB"),
                R::new(8, "Coverage Enhancement Level", Integer, Ops::R)
                    .any_of(&[Interval::Integer(0, 3), Interval::Integer(99, 99)]),
                R::new(9, "Select Network", Executable, Ops::E),
                R::new(10, "Select Network And Bearer", Executable, Ops::E),
                R::new(11, "Device Supports Manual Network Selection", Boolean, Ops::R),
                R::new(12, "Network Manually Selected", Boolean, Ops::R),
                R::new(13, "Device Supports Manual Bearer Selection", Boolean, Ops::R),
                R::new(14, "Bearer Manually Selected", Boolean, Ops::R),
                R::new(15, "Perform Network Scan", Executable, Ops::E).mandatory(),
                R::new(16, "Reset Network Selection", Executable, Ops::E),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10481,
        "Network Speed Test",
        const {
            &[
                R::new(0, "Perform Speed Test", Executable, Ops::E).mandatory(),
                R::new(1, "Last updated", Time, Ops::R).mandatory(),
                R::new(2, "Server address", String, Ops::RW).mandatory(),
                R::new(3, "Download Speed", Float, Ops::R).mandatory().unit("MB/s"),
                R::new(4, "Upload Speed", Float, Ops::R).mandatory().unit("MB/s"),
                R::new(5, "Ping Latency", Float, Ops::R).mandatory().unit("ms"),
            ]
        },
    ),
    ObjectDef::new(
        10482,
        "DYM IoT edge commands and data protocols",
        const {
            &[
                R::new(0, "MQTT Redis Information", Executable, Ops::E),
                R::new(1, "Disable Edge", Executable, Ops::E),
                R::new(2, "Enable Edge", Executable, Ops::E),
                R::new(3, "Delete Edge", Executable, Ops::E),
                R::new(4, "Plugin Management", String, Ops::RW),
                R::new(5, "Read data", String, Ops::R),
                R::new(6, "Write data", String, Ops::RW),
                R::new(7, "Write Data Operation", Executable, Ops::E),
                R::new(8, "Read data Operation", Executable, Ops::E).mandatory(),
                R::new(9, "Observe data", Executable, Ops::E),
                R::new(10, "Update Observe data", Executable, Ops::E),
                R::new(11, "Remove Observe data", Executable, Ops::E),
            ]
        },
    ),
    ObjectDef::new(
        18830,
        "MQTT Broker",
        const {
            &[
                R::new(0, "URI", String, Ops::RW).mandatory(),
                R::new(1, "Client Identifier", String, Ops::RW).mandatory(),
                R::new(2, "Clean Session", Boolean, Ops::RW).mandatory(),
                R::new(3, "Keep Alive", Unsigned, Ops::RW).mandatory().range(0, 65535).unit("s"),
                R::new(4, "User Name", String, Ops::RW),
                R::new(5, "Password", Opaque, Ops::RW).range(0, 65535),
                R::new(6, "Security Mode", Integer, Ops::RW).mandatory().range(0, 4),
                R::new(7, "Public Key or Identity", Opaque, Ops::RW),
                R::new(8, "MQTT Broker Public Key", Opaque, Ops::RW),
                R::new(9, "Secret Key", Opaque, Ops::W),
                R::new(10, "Certificate Usage", Integer, Ops::RW).range(0, 3),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        18831,
        "MQTT Publication",
        const {
            &[
                R::new(0, "Source", Corelnk, Ops::RW).mandatory(),
                R::new(1, "Broker", Objlnk, Ops::RW).mandatory(),
                R::new(2, "Topic", String, Ops::RW).mandatory(),
                R::new(3, "QoS", Unsigned, Ops::RW).mandatory().range(0, 2),
                R::new(4, "Retain", Boolean, Ops::RW).mandatory(),
                R::new(5, "Active", Boolean, Ops::RW),
                R::new(6, "Encoding", Unsigned, Ops::RW).range(0, 65535),
            ]
        },
    )
    .multiple(),
];

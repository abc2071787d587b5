//! Objects 10309 to 10324.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        10309,
        "Shareparkinglot",
        const {
            &[
                R::new(1, "LockID", Integer, Ops::R).mandatory(),
                R::new(2, "LockType", String, Ops::R),
                R::new(3, "LightSwitchState", Boolean, Ops::R).multiple(),
                R::new(4, "RSSI", Integer, Ops::R).multiple().mandatory().unit("dBm"),
                R::new(5, "BatteryCapacity", Float, Ops::R).multiple().float_range(0.0, 100.0).unit("%EL"),
                R::new(6, "DataUpTime", Time, Ops::R).multiple().mandatory(),
                R::new(5514, "Latitude", String, Ops::R).multiple(),
                R::new(5515, "Longitude", String, Ops::R).multiple(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10311,
        "Solar Radiation",
        const {
            &[
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5601, "Min Measured Value", Float, Ops::R),
                R::new(5602, "Max Measured Value", Float, Ops::R),
                R::new(5603, "Min Range Value", Float, Ops::R),
                R::new(5604, "Max Range Value", Float, Ops::R),
                R::new(5605, "Reset Min and Max Measured Values", Executable, Ops::E),
                R::new(5700, "Sensor Value", Float, Ops::R).mandatory(),
                R::new(5701, "Sensor Units", String, Ops::R),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5821, "Current Calibration", Float, Ops::RW),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        10313,
        "Gas Readings",
        const {
            &[
                R::new(6000, "Interval Period", Integer, Ops::R).mandatory().range(1, 864000).unit("s"),
                R::new(6001, "Interval Start Offset", Integer, Ops::R).range(0, 86399).unit("s"),
                R::new(6002, "Interval UTC Offset", String, Ops::R),
                R::new(6003, "Interval Collection Start Time", Time, Ops::R).mandatory(),
                R::new(6004, "Oldest Recorded Interval", Time, Ops::R).mandatory(),
                R::new(6005, "Last Delivered Interval", Time, Ops::RW),
                R::new(6006, "Latest Recorded Interval", Time, Ops::R).mandatory(),
                R::new(6007, "Interval Delivery Midnight Aligned", Boolean, Ops::RW).mandatory(),
                R::new(6008, "Interval Historical Read", Executable, Ops::E),
                R::new(6009, "Interval Historical Read Payload", Opaque, Ops::R),
                R::new(6010, "Interval Change Configuration", Executable, Ops::E),
                R::new(6026, "Start", Executable, Ops::E),
                R::new(6027, "Stop", Executable, Ops::E),
                R::new(6028, "Status", Integer, Ops::R),
                R::new(6029, "Latest Payload", Opaque, Ops::R).mandatory(),
                R::new(6041, "Sensor Warm-up Time", Integer, Ops::RW).range(0, 86400).unit("s"),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10314,
        "Particulates",
        const {
            &[
                R::new(5601, "Min Measured Value", Float, Ops::R),
                R::new(5602, "Max Measured Value", Float, Ops::R),
                R::new(5604, "Max Range Value", Float, Ops::R),
                R::new(5605, "Reset Min and Max Measured Values", Executable, Ops::E),
                R::new(5700, "Sensor Value", Float, Ops::R).mandatory(),
                R::new(5701, "Sensor Units", String, Ops::R),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(6043, "Measured Particle Size", Float, Ops::R).mandatory().unit("m"),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10315,
        "Robot",
        const {
            &[
                R::new(1, "Robot ID", String, Ops::R).mandatory().range(0, 255),
                R::new(2, "Robot Type", String, Ops::R).mandatory().range(0, 63),
                R::new(3, "Robot Serial Number", String, Ops::R).mandatory().range(0, 63),
                R::new(4, "Charging", Boolean, Ops::R).mandatory(),
                R::new(5, "Positioning", Boolean, Ops::R),
                R::new(6, "Location", Objlnk, Ops::R),
                R::new(51, "Battery Level", Integer, Ops::R).mandatory().range(0, 100).unit("%"),
                R::new(5852, "On time", Integer, Ops::RW).mandatory().unit("s"),
            ]
        },
    )
    .mandatory(),
    ObjectDef::new(
        10316,
        "RCU",
        const {
            &[
                R::new(1, "RCU ID", String, Ops::R).mandatory().range(0, 127),
                R::new(2, "RCU Serial Number", String, Ops::R).mandatory().range(0, 63),
                R::new(3, "RCU Software Version", String, Ops::R).mandatory().range(0, 63),
                R::new(4, "RCU OS Version", String, Ops::R).mandatory().range(0, 127),
                R::new(5, "RCU CPU Info", String, Ops::R).mandatory(),
                R::new(6, "RCU RAM Info", String, Ops::R).mandatory(),
                R::new(7, "RCU ROM Size", Integer, Ops::R).mandatory().unit("GB"),
                R::new(8, "RCU ROM Available Size", Integer, Ops::R).mandatory().unit("GB"),
                R::new(9, "SD Storage", Integer, Ops::R).mandatory().unit("GB"),
                R::new(10, "SD Available Storage", Integer, Ops::R).mandatory().unit("GB"),
                R::new(11, "RCU GPS Location", Objlnk, Ops::R),
                R::new(12, "Wi-Fi MAC", String, Ops::R),
                R::new(13, "Bluetooth MAC", String, Ops::R),
                R::new(14, "Camera Info", String, Ops::R),
                R::new(51, "Battery Level", Integer, Ops::R).mandatory().range(0, 100).unit("/100"),
                R::new(60, "Downloaded APP Packages", String, Ops::R).multiple().mandatory(),
                R::new(100, "RCU APPs", Objlnk, Ops::R).multiple(),
                R::new(5852, "On time", Integer, Ops::RW).mandatory().unit("s"),
            ]
        },
    )
    .mandatory(),
    ObjectDef::new(
        10318,
        "RCU PM",
        const {
            &[
                R::new(1, "CPU Usage", Integer, Ops::R).mandatory().range(0, 100).unit("/100"),
                R::new(2, "Max CPU Usage", Integer, Ops::R).mandatory().range(0, 100).unit("/100"),
                R::new(3, "Memory Usage", Integer, Ops::R).mandatory().range(0, 100).unit("/100"),
                R::new(4, "Storage Usage", Integer, Ops::R).mandatory().range(0, 100).unit("/100"),
                R::new(51, "Battery Level", Integer, Ops::R).mandatory().range(0, 100).unit("/100"),
                R::new(52, "Network Bandwidth", Float, Ops::R).mandatory().unit("Mbit/s"),
                R::new(53, "Mobile Signal", Integer, Ops::R).mandatory(),
                R::new(54, "GPS Signal", Integer, Ops::R),
                R::new(55, "Wi-Fi Signal", Integer, Ops::R).mandatory(),
                R::new(56, "UpLink Rate", Float, Ops::R).mandatory().unit("Mbit/s"),
                R::new(57, "DownLink Rate", Float, Ops::R).mandatory().unit("Mbit/s"),
                R::new(58, "Packet Loss Rate", Integer, Ops::R).mandatory().range(0, 100).unit("/100"),
                R::new(59, "Network Latency", Integer, Ops::R).mandatory().unit("ms"),
                R::new(300, "Battery Temperature", Float, Ops::R).mandatory().unit("Cel"),
            ]
        },
    )
    .mandatory(),
    ObjectDef::new(
        10319,
        "RCU Control",
        const {
            &[
                R::new(1, "RCU Diagnostics Mode", Boolean, Ops::R),
                R::new(2, "RCU Log Recording", Boolean, Ops::R),
                R::new(100, "RCU Shutdown", Executable, Ops::E).mandatory(),
                R::new(101, "RCU Restart", Executable, Ops::E).mandatory(),
                R::new(102, "RCU Deactivate", Executable, Ops::E).mandatory(),
                R::new(103, "RCU Reset", Executable, Ops::E).mandatory(),
                R::new(104, "RCU Diagnostics Mode Control", Executable, Ops::E).mandatory(),
                R::new(105, "RCU Log Recording Control", Executable, Ops::E).mandatory(),
            ]
        },
    )
    .mandatory(),
    ObjectDef::new(
        10320,
        "CCU",
        const {
            &[
                R::new(1, "CCU ID", String, Ops::R).mandatory(),
                R::new(2, "CCU FM Version", String, Ops::R).mandatory(),
                R::new(3, "CCU SW Version", String, Ops::R).mandatory(),
                R::new(4, "CCU Memory Size", Integer, Ops::R).mandatory().unit("GB"),
                R::new(5, "CCU Storage", Integer, Ops::R).mandatory().unit("GB"),
                R::new(6, "CCU Available Storage", Integer, Ops::R).mandatory().unit("GB"),
                R::new(100, "Downloaded APP Packages", String, Ops::R).multiple(),
                R::new(101, "CCU APPs", Objlnk, Ops::R).multiple(),
                R::new(5852, "On time", Integer, Ops::RW).mandatory().unit("s"),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10322,
        "CCU PM",
        const {
            &[
                R::new(1, "CPU Usage", Integer, Ops::R).range(0, 100).unit("%"),
                R::new(2, "Max CPU Usage", Integer, Ops::R).range(0, 100).unit("%"),
                R::new(3, "Memory Usage", Integer, Ops::R).range(0, 100).unit("%"),
                R::new(4, "Storage Usage", Integer, Ops::R).range(0, 100).unit("%"),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10323,
        "CCU Control",
        const {
            &[
                R::new(100, "CCU Restart", Executable, Ops::E).mandatory(),
                R::new(101, "CCU Reset", Executable, Ops::E).mandatory(),
                R::new(102, "CCU Self-checking", Executable, Ops::E).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10324,
        "ECU",
        const {
            &[
                R::new(1, "ECU ID", String, Ops::R).mandatory(),
                R::new(2, "ECU FM Version", String, Ops::R).mandatory(),
                R::new(5852, "On time", Integer, Ops::RW).mandatory().unit("s"),
            ]
        },
    )
    .multiple(),
];

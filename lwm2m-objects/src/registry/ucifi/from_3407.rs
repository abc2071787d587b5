//! Objects 3407 to 3415.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        3407,
        "Smoke Alarm",
        const {
            &[
                R::new(6044, "Battery Percentage", Float, Ops::R).float_range(0.0, 100.0),
                R::new(6045, "RSSI", Float, Ops::R).unit("dBW"),
                R::new(6046, "Smoke Sensor State", Boolean, Ops::R).mandatory(),
                R::new(6047, "Detected CO2 percentage", Float, Ops::R).float_range(0.0, 100.0).unit("/100"),
                R::new(6048, "Alarm loudness", Float, Ops::R).unit("dB"),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3408,
        "Manhole Cover",
        const {
            &[
                R::new(1, "Safety Angle Threshold", Integer, Ops::R).mandatory().range(0, 180).unit("rad"),
                R::new(2, "Manhole Cover Tilt", Integer, Ops::R).mandatory().range(0, 180).unit("rad"),
                R::new(3, "Cover Open Status", Boolean, Ops::R).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3410,
        "Device Extension",
        const {
            &[
                R::new(1, "GTIN model number", String, Ops::R),
                R::new(2, "Manufacturer identifier", String, Ops::R).mandatory(),
                R::new(3, "User-given name", String, Ops::RW),
                R::new(4, "Asset identifier", String, Ops::RW),
                R::new(5, "Installation date", Time, Ops::RW),
                R::new(6, "Software update", Boolean, Ops::RW),
                R::new(7, "Maintenance", Boolean, Ops::RW),
                R::new(8, "Configuration reset", Executable, Ops::E),
                R::new(9, "Device operating hours", Integer, Ops::R).unit("h"),
                R::new(10, "Additional firmware information", String, Ops::R),
                R::new(11, "DST Start", Time, Ops::RW).multiple().unit("s"),
                R::new(12, "DST End", Time, Ops::RW).multiple(),
                R::new(13, "DST Offset", String, Ops::RW).multiple(),
                R::new(14, "Uptime", Integer, Ops::R).unit("s"),
                R::new(15, "RFD device", Boolean, Ops::R),
            ]
        },
    )
    .version(2, 0),
    ObjectDef::new(
        3411,
        "Battery",
        const {
            &[
                R::new(1, "Battery level", Integer, Ops::R).mandatory().unit("/100"),
                R::new(2, "Battery capacity", Float, Ops::R).unit("Ah"),
                R::new(3, "Battery voltage", Float, Ops::R).unit("V"),
                R::new(4, "Type of battery", String, Ops::RW),
                R::new(5, "Low battery threshold", Integer, Ops::RW).unit("/100"),
                R::new(6, "Battery level too low", Boolean, Ops::R),
                R::new(7, "Battery shutdown", Boolean, Ops::RW),
                R::new(8, "Number of cycles", Integer, Ops::R),
                R::new(9, "Supply loss", Boolean, Ops::R),
                R::new(10, "Supply loss counter", Integer, Ops::R),
                R::new(11, "Supply loss counter reset", Executable, Ops::E),
                R::new(12, "Supply loss reason", String, Ops::R),
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3412,
        "LPWAN Communication",
        const {
            &[
                R::new(1, "Type of network", String, Ops::R),
                R::new(2, "IPv4 address", String, Ops::RW).multiple(),
                R::new(3, "IPv6 address", String, Ops::RW).multiple(),
                R::new(4, "Network address", String, Ops::RW).multiple(),
                R::new(5, "Secondary network address", String, Ops::RW).multiple(),
                R::new(6, "MAC address", String, Ops::RW).mandatory(),
                R::new(7, "Peer address", String, Ops::R).multiple(),
                R::new(8, "Multicast group address", String, Ops::RW).multiple(),
                R::new(9, "Multicast group key", String, Ops::RW).multiple(),
                R::new(10, "Data rate", Integer, Ops::RW).unit("B/s"),
                R::new(11, "Transmit power", Float, Ops::R).unit("dBm"),
                R::new(12, "Frequency", Float, Ops::RW).unit("Hz"),
                R::new(13, "Session time", Time, Ops::RW),
                R::new(14, "Session duration", Time, Ops::R).unit("s"),
                R::new(15, "Mesh node", Boolean, Ops::RW),
                R::new(16, "Maximum repeat time", Integer, Ops::RW),
                R::new(17, "Number of repeats", Integer, Ops::R),
                R::new(18, "Signal to noise ratio", Float, Ops::R).unit("dB"),
                R::new(19, "Communication failure", Boolean, Ops::R),
                R::new(20, "Received Signal Strength Indication", Float, Ops::R).unit("dBm"),
                R::new(21, "IMSI", String, Ops::R),
                R::new(22, "IMEI", String, Ops::R),
                R::new(23, "Current Communication Operator", String, Ops::R),
                R::new(24, "Integrated Circuit Card Identifier", String, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3413,
        "uCIFI Generic Actuator",
        const {
            &[
                R::new(1, "Default dimming level", Integer, Ops::RW).range(0, 100).unit("/100"),
                R::new(2, "Dimming level", Integer, Ops::R).range(0, 100).unit("/100"),
                R::new(3, "Command", Integer, Ops::RW).range(0, 100).unit("/100"),
                R::new(4, "Command in action", Integer, Ops::R).range(0, 100).unit("/100"),
                R::new(5, "Scheduler ID", Integer, Ops::RW).multiple(),
                R::new(6, "Invalid scheduler", Boolean, Ops::R),
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3414,
        "uCIFI data bridge",
        const {
            &[
                R::new(1, "Payload", Opaque, Ops::RW).mandatory(),
                R::new(2, "Hash", String, Ops::RW),
                R::new(3, "Cumulated daily data volume up", Integer, Ops::R).unit("B"),
                R::new(4, "Cumulated daily data volume down", Integer, Ops::R).unit("B"),
                R::new(5, "Cumulated daily data volume total", Integer, Ops::R).unit("B"),
                R::new(6, "Communication error", Boolean, Ops::R),
                R::new(7, "Data Priority", Integer, Ops::RW),
                R::new(8, "Data Creation Time", Time, Ops::RW),
                R::new(9, "Data Description", String, Ops::RW),
                R::new(10, "Data Format", String, Ops::RW),
                R::new(11, "App ID", Integer, Ops::RW),
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(2, 0)
    .multiple(),
    ObjectDef::new(
        3415,
        "Time synchronization",
        const {
            &[
                R::new(1, "NTP server address", String, Ops::RW).mandatory(),
                R::new(2, "Backup NTP server address", String, Ops::RW),
                R::new(3, "NTP period", Integer, Ops::RW).unit("h"),
                R::new(4, "Last time sync", Integer, Ops::R).unit("h"),
                R::new(5, "Time sync error", Boolean, Ops::R),
            ]
        },
    )
    .version(2, 0),
];

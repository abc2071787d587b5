//! Objects 10249 to 10264.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Interval, Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        10249,
        "Connected UE Report",
        const {
            &[
                R::new(0, "Connected User MMEC", Integer, Ops::R).mandatory().range(0, 255),
                R::new(1, "Connected User M-TMSI", Integer, Ops::R).mandatory().range(0, 4294967295),
                R::new(2, "Serving Cell (CrowdBox) eNB RSRP", Integer, Ops::R).mandatory().range(0, 97),
                R::new(3, "Serving Cell (CrowdBox) eNB RSRQ", Integer, Ops::R).mandatory().range(-30, 46),
                R::new(4, "Cumulative Timing Advance per Connected User", Integer, Ops::R).range(0, 65535),
                R::new(5, "Last downlink CQI report per Connected User", Integer, Ops::R)
                    .mandatory()
                    .range(0, 255),
                R::new(6, "Cumulative Downlink Throughput per Connected User", Integer, Ops::R)
                    .mandatory()
                    .range(0, 4294967295)
                    .unit("B"),
                R::new(7, "Cumulative Uplink Throughput per Connected User", Integer, Ops::R)
                    .mandatory()
                    .range(0, 4294967295)
                    .unit("B"),
                R::new(8, "Neighbour Cell Report", Objlnk, Ops::R).multiple().mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10250,
        "App Data Container",
        const {
            &[
                R::new(0, "UL data", Opaque, Ops::R).mandatory(),
                R::new(1, "DL data", Opaque, Ops::W).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        10251,
        "AT Command",
        const {
            &[
                R::new(0, "Command", String, Ops::RW).mandatory(),
                R::new(1, "Response", String, Ops::R).multiple().mandatory(),
                R::new(2, "Status", String, Ops::R).multiple().mandatory(),
                R::new(3, "Timeout", Integer, Ops::RW),
                R::new(4, "Run", Executable, Ops::E).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10252,
        "Manifest",
        const {
            &[
                R::new(1, "Manifest", Opaque, Ops::W).mandatory(),
                R::new(2, "State", Integer, Ops::R).mandatory().range(0, 8),
                R::new(3, "Manifest Result", Integer, Ops::R).mandatory().range(0, 19),
                R::new(4, "Payload Result", Opaque, Ops::R).mandatory(),
                R::new(5, "Asset Hash", Opaque, Ops::R).mandatory(),
                R::new(6, "Manifest version", Integer, Ops::R).mandatory(),
                R::new(7, "Asset Installation Progress", Integer, Ops::R).mandatory(),
                R::new(8, "Campaign Id", String, Ops::RW).mandatory(),
                R::new(9, "Manual Trigger", Executable, Ops::E).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        10253,
        "Confidential Data",
        const {
            &[
                R::new(0, "Public Key", Opaque, Ops::RW).mandatory(),
                R::new(1, "Application Data", Opaque, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        10254,
        "Current Loop Input",
        const {
            &[
                R::new(0, "Current Loop Input Current Value", Float, Ops::R)
                    .mandatory()
                    .any_of(&[Interval::Float(0.0, 0.0), Interval::Float(3.8, 20.5)])
                    .unit("mA"),
                R::new(5601, "Min Measured Value", Float, Ops::R),
                R::new(5602, "Max Measured Value", Float, Ops::R),
                R::new(5603, "Min Range Value", Float, Ops::R),
                R::new(5604, "Max Range Value", Float, Ops::R),
                R::new(5605, "Reset Min and Max Measured Values", Executable, Ops::E),
                R::new(5701, "Sensor Units", String, Ops::R),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5821, "Current Calibration", Float, Ops::RW),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10255,
        "Device Metadata",
        const {
            &[
                R::new(0, "Protocol supported", Integer, Ops::R).mandatory(),
                R::new(1, "Bootloader hash", Opaque, Ops::R).mandatory(),
                R::new(2, "OEM bootloader hash", Opaque, Ops::R).mandatory(),
                R::new(3, "Vendor", String, Ops::R).mandatory(),
                R::new(4, "Class", String, Ops::R).mandatory(),
                R::new(5, "Device", String, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        10256,
        "ECID-Signal Measurement Information",
        const {
            &[
                R::new(0, "physCellId", Integer, Ops::R).mandatory(),
                R::new(1, "ECGI", Integer, Ops::R),
                R::new(2, "arfcnEUTRA", Integer, Ops::R).mandatory(),
                R::new(3, "rsrp-Result", Integer, Ops::R).mandatory(),
                R::new(4, "rsrq-Result", Integer, Ops::R),
                R::new(5, "ue-RxTxTimeDiff", Integer, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10257,
        "Heat / Cooling meter",
        const {
            &[
                R::new(0, "Manufacturer", String, Ops::R),
                R::new(1, "Model Number", String, Ops::R),
                R::new(2, "Serial Number", String, Ops::R),
                R::new(3, "Description", String, Ops::R),
                R::new(11, "Error code", Integer, Ops::R).multiple(),
                R::new(12, "Flow temperature", Float, Ops::R).unit("Cel"),
                R::new(13, "Max Measured flow temperature", Float, Ops::R).unit("Cel"),
                R::new(14, "Return temperature", Float, Ops::R).unit("Cel"),
                R::new(15, "Max Measured return temperature", Float, Ops::R).unit("Cel"),
                R::new(16, "Temperature difference", Float, Ops::R).unit("K"),
                R::new(17, "Flow rate", Float, Ops::R).unit("m3/s"),
                R::new(18, "Max Measured flow", Float, Ops::R).unit("m3/s"),
                R::new(20, "Flow volume", Float, Ops::R).unit("m3"),
                R::new(21, "Return volume", Float, Ops::R).unit("m3"),
                R::new(5506, "Current Time", Time, Ops::RW),
                R::new(5800, "Instantaneous active power", Float, Ops::R).unit("W"),
                R::new(5802, "Max Measured active power", Float, Ops::R).multiple().mandatory().unit("W"),
                R::new(5805, "Cumulative active power", Float, Ops::R).unit("Wh"),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10258,
        "Current Loop Output",
        const {
            &[
                R::new(0, "Current Loop Output Current Value", Float, Ops::RW)
                    .mandatory()
                    .float_range(3.8, 20.5)
                    .unit("mA"),
                R::new(5603, "Min Range Value", Float, Ops::R),
                R::new(5604, "Max Range Value", Float, Ops::R),
                R::new(5701, "Sensor Units", String, Ops::R),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5821, "Current Calibration", Float, Ops::RW),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10259,
        "System Log",
        const {
            &[
                R::new(0, "Name", String, Ops::R).mandatory(),
                R::new(1, "Read All", String, Ops::R).mandatory(),
                R::new(2, "Read", String, Ops::R),
                R::new(3, "Enabled", Boolean, Ops::RW),
                R::new(4, "Capture Level", Integer, Ops::RW),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10260,
        "RDB",
        const {
            &[
                R::new(0, "Key", String, Ops::RW).mandatory(),
                R::new(1, "Value", String, Ops::RW),
                R::new(2, "Exists", Boolean, Ops::RW),
                R::new(3, "Persistent", Boolean, Ops::RW),
            ]
        },
    )
    .version(2, 0)
    .multiple(),
    ObjectDef::new(
        10262,
        "Interval Data Delivery",
        const {
            &[
                R::new(0, "Name", String, Ops::RW).mandatory(),
                R::new(1, "Interval Data Links", Objlnk, Ops::RW).multiple().mandatory(),
                R::new(2, "Latest Payload", Opaque, Ops::R).multiple().mandatory(),
                R::new(3, "Schedule", Objlnk, Ops::RW),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10263,
        "Event Data Delivery",
        const {
            &[
                R::new(0, "Name", String, Ops::RW).mandatory(),
                R::new(1, "Event Data Links", Objlnk, Ops::RW).multiple().mandatory(),
                R::new(2, "Latest Eventlog", Opaque, Ops::R).multiple().mandatory(),
                R::new(3, "Schedule", Objlnk, Ops::RW).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10264,
        "Delivery Schedule",
        const {
            &[
                R::new(0, "Schedule Start Time", Integer, Ops::RW).mandatory(),
                R::new(1, "Schedule UTC Offset", String, Ops::RW).mandatory(),
                R::new(2, "Delivery Frequency", Integer, Ops::RW).mandatory(),
                R::new(3, "Randomised Delivery Window", Integer, Ops::RW),
                R::new(4, "Number of Retries", Integer, Ops::RW),
                R::new(5, "Retry Period", Integer, Ops::RW),
            ]
        },
    )
    .multiple(),
];

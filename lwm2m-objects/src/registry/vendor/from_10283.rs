//! Objects 10283 to 10308.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Interval, Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        10283,
        "Device Reboot Event",
        const {
            &[
                R::new(6011, "Event Type", Integer, Ops::RW).mandatory(),
                R::new(6012, "Alarm Realtime", Boolean, Ops::RW).mandatory(),
                R::new(6013, "Alarm State", Boolean, Ops::R),
                R::new(6014, "Alarm Set Threshold", Float, Ops::RW),
                R::new(6015, "Alarm Set Operator", Integer, Ops::RW),
                R::new(6016, "Alarm Clear Threshold", Float, Ops::RW),
                R::new(6017, "Alarm Clear Operator", Integer, Ops::RW),
                R::new(6018, "Alarm Maximum Event Count", Integer, Ops::RW),
                R::new(6019, "Alarm Maximum Event Period", Integer, Ops::RW).range(1, 864000).unit("s"),
                R::new(6020, "Latest Delivered Event Time", Time, Ops::RW),
                R::new(6021, "Latest Recorded Event Time", Time, Ops::R).mandatory(),
                R::new(6022, "Alarm Clear", Executable, Ops::E),
                R::new(6023, "Alarm Auto Clear", Boolean, Ops::RW),
                R::new(6024, "Event Code", Integer, Ops::R).mandatory().range(100, 255),
                R::new(6025, "Latest Payload", Opaque, Ops::R).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10284,
        "Time Synchronisation Event",
        const {
            &[
                R::new(6011, "Event Type", Integer, Ops::RW).mandatory(),
                R::new(6012, "Alarm Realtime", Boolean, Ops::RW).mandatory(),
                R::new(6013, "Alarm State", Boolean, Ops::R),
                R::new(6014, "Alarm Set Threshold", Float, Ops::RW),
                R::new(6015, "Alarm Set Operator", Integer, Ops::RW),
                R::new(6016, "Alarm Clear Threshold", Float, Ops::RW),
                R::new(6017, "Alarm Clear Operator", Integer, Ops::RW),
                R::new(6018, "Alarm Maximum Event Count", Integer, Ops::RW),
                R::new(6019, "Alarm Maximum Event Period", Integer, Ops::RW).range(1, 864000).unit("s"),
                R::new(6020, "Latest Delivered Event Time", Time, Ops::RW),
                R::new(6021, "Latest Recorded Event Time", Time, Ops::R).mandatory(),
                R::new(6022, "Alarm Clear", Executable, Ops::E),
                R::new(6023, "Alarm Auto Clear", Boolean, Ops::RW),
                R::new(6024, "Event Code", Integer, Ops::R).mandatory().range(100, 255),
                R::new(6025, "Latest Payload", Opaque, Ops::R).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10285,
        "Presence Alarm",
        const {
            &[
                R::new(5501, "Digital Input Counter", Integer, Ops::R),
                R::new(5505, "Digital Input Counter Reset", Executable, Ops::E),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5751, "Sensor Type", String, Ops::R),
                R::new(5903, "Busy to Clear delay", Integer, Ops::RW).unit("ms"),
                R::new(5904, "Clear to Busy delay", Integer, Ops::RW).unit("ms"),
                R::new(6011, "Event Type", Integer, Ops::RW).mandatory(),
                R::new(6012, "Alarm Realtime", Boolean, Ops::RW).mandatory(),
                R::new(6013, "Alarm State", Boolean, Ops::R),
                R::new(6014, "Alarm Set Threshold", Float, Ops::RW),
                R::new(6015, "Alarm Set Operator", Integer, Ops::RW),
                R::new(6016, "Alarm Clear Threshold", Float, Ops::RW),
                R::new(6017, "Alarm Clear Operator", Integer, Ops::RW),
                R::new(6018, "Alarm Maximum Event Count", Integer, Ops::RW),
                R::new(6019, "Alarm Maximum Event Period", Integer, Ops::RW).range(1, 864000).unit("s"),
                R::new(6020, "Latest Delivered Event Time", Time, Ops::RW),
                R::new(6021, "Latest Recorded Event Time", Time, Ops::R).mandatory(),
                R::new(6022, "Alarm Clear", Executable, Ops::E),
                R::new(6023, "Alarm Auto Clear", Boolean, Ops::RW),
                R::new(6024, "Event Code", Integer, Ops::R).mandatory().range(100, 255),
                R::new(6025, "Latest Payload", Opaque, Ops::R).mandatory(),
                R::new(6040, "Sample Frequency", Float, Ops::RW).float_range(0.0, 86400.0).unit("s"),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6057, "Averaging Time Period", Float, Ops::RW)
                    .multiple()
                    .float_range(0.0, 86400.0)
                    .unit("s"),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10286,
        "App Fota Container",
        const {
            &[
                R::new(0, "UL data", Opaque, Ops::R).mandatory(),
                R::new(1, "DL data", Opaque, Ops::W).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        10290,
        "Voltage Logging",
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
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10291,
        "Voltage Transient",
        const {
            &[
                R::new(6000, "Interval Period", Integer, Ops::R).mandatory().range(1, 864000).unit("s"),
                R::new(6001, "Interval Start Offset", Integer, Ops::R).mandatory().range(0, 86399).unit("s"),
                R::new(6002, "Interval UTC Offset", String, Ops::R),
                R::new(6003, "Interval Collection Start Time", Time, Ops::R).mandatory(),
                R::new(6004, "Oldest Recorded Interval", Time, Ops::R).mandatory(),
                R::new(6005, "Last Delivered Interval", Time, Ops::RW).mandatory(),
                R::new(6006, "Latest Recorded Interval", Time, Ops::R).mandatory(),
                R::new(6007, "Interval Delivery Midnight Aligned", Boolean, Ops::RW).mandatory(),
                R::new(6008, "Interval Historical Read", Executable, Ops::E),
                R::new(6009, "Interval Historical Read Payload", Opaque, Ops::R),
                R::new(6010, "Interval Change Configuration", Executable, Ops::E),
                R::new(6026, "Start", Executable, Ops::E),
                R::new(6027, "Stop", Executable, Ops::E),
                R::new(6028, "Status", Integer, Ops::R),
                R::new(6029, "Latest Payload", Opaque, Ops::R).mandatory(),
                R::new(6040, "Sample Frequency", Float, Ops::RW)
                    .mandatory()
                    .float_range(0.0, 86400.0)
                    .unit("s"),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10292,
        "Pressure Transient",
        const {
            &[
                R::new(6000, "Interval Period", Integer, Ops::R).mandatory().range(1, 864000).unit("s"),
                R::new(6001, "Interval Start Offset", Integer, Ops::R).mandatory().range(0, 86399).unit("s"),
                R::new(6002, "Interval UTC Offset", String, Ops::R),
                R::new(6003, "Interval Collection Start Time", Time, Ops::R).mandatory(),
                R::new(6004, "Oldest Recorded Interval", Time, Ops::R).mandatory(),
                R::new(6005, "Last Delivered Interval", Time, Ops::RW).mandatory(),
                R::new(6006, "Latest Recorded Interval", Time, Ops::R).mandatory(),
                R::new(6007, "Interval Delivery Midnight Aligned", Boolean, Ops::RW).mandatory(),
                R::new(6008, "Interval Historical Read", Executable, Ops::E),
                R::new(6009, "Interval Historical Read Payload", Opaque, Ops::R),
                R::new(6010, "Interval Change Configuration", Executable, Ops::E),
                R::new(6026, "Start", Executable, Ops::E),
                R::new(6027, "Stop", Executable, Ops::E),
                R::new(6028, "Status", Integer, Ops::R),
                R::new(6029, "Latest Payload", Opaque, Ops::R).mandatory(),
                R::new(6040, "Sample Frequency", Float, Ops::RW)
                    .mandatory()
                    .float_range(0.0, 86400.0)
                    .unit("s"),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10299,
        "HostDevice",
        const {
            &[
                R::new(0, "Manufacturer", String, Ops::R).mandatory(),
                R::new(1, "Model", String, Ops::R).mandatory(),
                R::new(2, "UniqueID", String, Ops::R).mandatory(),
                R::new(3, "FirmwareVersion", String, Ops::R).mandatory(),
                R::new(4, "SoftwareVersion", String, Ops::R),
                R::new(5, "HardwareVersion", String, Ops::R),
                R::new(6, "DateStamp", String, Ops::R),
            ]
        },
    ),
    ObjectDef::new(
        10300,
        "LWM2M Meta Object",
        const {
            &[
                R::new(0, "ObjectID", Integer, Ops::R).mandatory(),
                R::new(1, "ObjectURN", String, Ops::R).mandatory(),
                R::new(2, "URI", String, Ops::R).multiple().mandatory(),
                R::new(3, "SHAType", Integer, Ops::R).range(0, 8),
                R::new(4, "ChecksumValue", String, Ops::R),
                R::new(4000, "ObjectInstanceHandle", Objlnk, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10308,
        "AT&T Connectivity Extension",
        const {
            &[
                R::new(1, "ICCID", String, Ops::R).mandatory(),
                R::new(2, "IMSI", String, Ops::R).mandatory(),
                R::new(3, "MSISDN", String, Ops::RW).mandatory(),
                R::new(4, "APN Retries", Integer, Ops::RW).mandatory(),
                R::new(5, "APN Retry Period", Integer, Ops::RW).mandatory().unit("s"),
                R::new(6, "APN Retry Back-Off Period", Integer, Ops::RW).mandatory().unit("s"),
                R::new(7, "SINR", Integer, Ops::R).mandatory(),
                R::new(8, "SRXLEV", Integer, Ops::R).mandatory(),
                R::new(9, "CE_LEVEL", Integer, Ops::R).mandatory().any_of(&[
                    Interval::Integer(0, 0),
                    Interval::Integer(1, 1),
                    Interval::Integer(2, 2),
                ]),
            ]
        },
    )
    .version(2, 0)
    .multiple(),
];

//! Objects 10265 to 10273.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        10265,
        "Leakage Detection Configuration",
        const {
            &[
                R::new(0, "Sample Times", Integer, Ops::RW).multiple().mandatory(),
                R::new(1, "Sample UTC Offset", String, Ops::RW),
                R::new(2, "Detection Mode", Integer, Ops::RW).mandatory().range(0, 3),
                R::new(3, "Top Frequency Count", Integer, Ops::RW),
                R::new(4, "Frequency Thresholds", Integer, Ops::RW).multiple().range(0, 999),
                R::new(5, "Frequency Values", Integer, Ops::R).multiple(),
                R::new(7, "Firmware Version", String, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        10266,
        "Water Flow Readings",
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
        10267,
        "Daily Maximum Flow Rate Readings",
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
        10268,
        "Temperature Readings",
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
        10269,
        "Pressure Readings",
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
        10270,
        "Battery Level Readings",
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
        10271,
        "Communications Activity Time Readings",
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
        10272,
        "Water Meter Customer Leakage Alarm",
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
        10273,
        "Water Meter Reverse Flow Alarm",
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
];

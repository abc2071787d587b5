//! Objects 10274 to 10282.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        10274,
        "Water Meter Empty Pipe Alarm",
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
        10275,
        "Water Meter Tamper Alarm",
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
        10276,
        "Water Meter High Pressure Alarm",
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
        10277,
        "Water Meter Low Pressure Alarm",
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
        10278,
        "High Temperature Alarm",
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
        10279,
        "Low Temperature Alarm",
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
        10280,
        "Water Network Leak Alarm",
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
        10281,
        "Low Battery Alarm",
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
        10282,
        "Daughter Board Failure Alarm",
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

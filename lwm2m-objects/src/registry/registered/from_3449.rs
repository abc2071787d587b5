//! Objects 3449 to 3458.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        3449,
        "Anemometer",
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
                R::new(5705, "Compass Direction", Float, Ops::R)
                    .mandatory()
                    .float_range(0.0, 360.0)
                    .unit("deg"),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(5751, "Sensor Type", String, Ops::R),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3450,
        "Wet Bulb Globe Temperature",
        const {
            &[
                R::new(1, "Estimation type", Integer, Ops::R),
                R::new(2, "Estimated Value", Float, Ops::R).unit("Cel"),
                R::new(3, "WBGT Threshold", Float, Ops::RW).unit("Cel"),
                R::new(4, "WBGT Alarm", Boolean, Ops::R),
                R::new(5, "WBGT Alarm Counter", Integer, Ops::R),
                R::new(6, "WBGT Alarm Counter Reset", Executable, Ops::E),
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(5601, "Min Measured Value", Float, Ops::R),
                R::new(5602, "Max Measured Value", Float, Ops::R),
                R::new(5603, "Min Range Value", Float, Ops::R),
                R::new(5604, "Max Range Value", Float, Ops::R),
                R::new(5605, "Reset Min and Max Measured Values", Executable, Ops::E),
                R::new(5700, "Sensor Value", Float, Ops::R).mandatory(),
                R::new(5750, "Application Type", String, Ops::RW),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3451,
        "Roll over sensor",
        const {
            &[
                R::new(1, "Angle", Float, Ops::R).mandatory().unit("rad"),
                R::new(2, "Minimum measured Angle", Float, Ops::R).unit("rad"),
                R::new(3, "Maximum measured angle", Float, Ops::R).unit("rad"),
                R::new(4, "Reset min max angles", Executable, Ops::E),
                R::new(5, "Out of position threshold", Float, Ops::RW).unit("rad"),
                R::new(6, "Out of position", Boolean, Ops::R),
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3452,
        "Program Scheduler",
        const {
            &[
                R::new(0, "Schedule Name", String, Ops::RW),
                R::new(1, "State", Boolean, Ops::RW).mandatory(),
                R::new(2, "Priority", Integer, Ops::RW).mandatory(),
                R::new(3, "Calendar Rules", Integer, Ops::RW).multiple(),
                R::new(4, "Program Function", Integer, Ops::RW).mandatory(),
                R::new(5, "Input Sources", String, Ops::RW).multiple(),
                R::new(6, "Output Instances", String, Ops::RW).multiple().mandatory(),
                R::new(7, "Output Targets", String, Ops::RW).multiple().mandatory(),
                R::new(8, "Compound Operation", Boolean, Ops::RW),
                R::new(9, "Off when inactive", Boolean, Ops::RW),
            ]
        },
    )
    .multiple()
    .mandatory(),
    ObjectDef::new(
        3453,
        "Calendar Rule",
        const {
            &[
                R::new(0, "Calendar Name", String, Ops::RW),
                R::new(1, "Calendar Type", Integer, Ops::RW),
                R::new(2, "Start Date", String, Ops::RW).multiple(),
                R::new(3, "End Date", String, Ops::RW).multiple(),
                R::new(4, "Date Rule", String, Ops::RW),
                R::new(5, "Calendar Active", Boolean, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3454,
        "Program Function",
        const {
            &[
                R::new(0, "Function Name", String, Ops::RW),
                R::new(1, "Run Condition", String, Ops::RW).multiple(),
                R::new(3, "Output Filter", Integer, Ops::RW).multiple(),
                R::new(4, "Time Input Array", String, Ops::RW).multiple().mandatory(),
                R::new(5, "Time Output Array", String, Ops::RW).multiple().mandatory(),
                R::new(6, "Single Sensor Input Array", String, Ops::RW).multiple(),
                R::new(7, "Multi Sensor Input Array", String, Ops::RW).multiple(),
                R::new(8, "Sensor Output Array", String, Ops::RW).multiple(),
                R::new(9, "Output Filter for Time Output", String, Ops::RW).multiple(),
                R::new(10, "Output Filter for Sensor Output", String, Ops::RW).multiple(),
            ]
        },
    )
    .multiple()
    .mandatory(),
    ObjectDef::new(
        3455,
        "Input Filter",
        const {
            &[
                R::new(0, "Input State", String, Ops::R),
                R::new(1, "Input Source", String, Ops::RW).multiple(),
                R::new(2, "Data Type", Integer, Ops::RW),
                R::new(3, "Evaluation Interval", Float, Ops::RW).unit("s"),
                R::new(4, "Step Filter", Float, Ops::RW),
                R::new(5903, "Busy to Clear delay", Integer, Ops::RW).unit("ms"),
                R::new(5904, "Clear to Busy delay", Integer, Ops::RW).unit("ms"),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3456,
        "Output Filter",
        const {
            &[
                R::new(0, "Operation", Integer, Ops::RW).mandatory(),
                R::new(1, "Delay", Float, Ops::RW).unit("s"),
                R::new(2, "Transaction", Integer, Ops::RW),
                R::new(3, "Expiration Time", Float, Ops::RW),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3457,
        "Program Manager",
        const {
            &[
                R::new(0, "Max number of Program Schedulers", Integer, Ops::RW).mandatory(),
                R::new(1, "Current number of Program Schedulers", Integer, Ops::R).mandatory(),
                R::new(2, "Max number of Program Functions", Integer, Ops::RW).mandatory(),
                R::new(3, "Current number of Program Functions", Integer, Ops::R).mandatory(),
                R::new(4, "Max number of Calendars", Integer, Ops::RW).mandatory(),
                R::new(5, "Current number of Calendar", Integer, Ops::R).mandatory(),
                R::new(6, "Max number of Actuators", Integer, Ops::RW).mandatory(),
                R::new(7, "Max number of Input Sources", Integer, Ops::RW),
                R::new(8, "Max number of Dates in Calendar", Integer, Ops::RW),
                R::new(9, "Max Flash Memory Allocated", Integer, Ops::RW).mandatory().unit("B"),
                R::new(10, "Flash Memory Free", Integer, Ops::R).unit("B"),
                R::new(11, "Error Conditions", Integer, Ops::R).mandatory(),
                R::new(12, "Clear errors", Executable, Ops::E),
                R::new(13, "Supported Capabilities", Integer, Ops::R),
                R::new(14, "Max Dynamic Memory Allocated", Integer, Ops::RW).unit("B"),
                R::new(15, "Dynamic Memory Free", Integer, Ops::R).unit("B"),
                R::new(16, "Reset schedule objects", Executable, Ops::E),
            ]
        },
    )
    .mandatory(),
    ObjectDef::new(
        3458,
        "Program Monitor",
        const {
            &[
                R::new(0, "Program Name", String, Ops::R).mandatory(),
                R::new(1, "Status", Integer, Ops::R).mandatory(),
                R::new(2, "Error Conditions", Integer, Ops::R).mandatory(),
                R::new(3, "Clear errors", Executable, Ops::E),
                R::new(4, "Evaluation Counter", Integer, Ops::R),
                R::new(5, "Execution Counter", Integer, Ops::R),
                R::new(6, "Counter Reset", Executable, Ops::E),
                R::new(7, "Last Execution", Time, Ops::R),
                R::new(8, "Last Control Output", String, Ops::R).multiple(),
            ]
        },
    )
    .multiple(),
];

//! Objects 3351 to 3369.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        3351,
        "powerupLog",
        const {
            &[
                R::new(0, "deviceName", String, Ops::R).mandatory(),
                R::new(1, "toolVersion", String, Ops::R).mandatory(),
                R::new(2, "IMEI", String, Ops::R).mandatory(),
                R::new(3, "IMSI", String, Ops::R).mandatory(),
                R::new(4, "MSISDN", String, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3352,
        "plmnSearchEvent",
        const {
            &[
                R::new(0, "timeScanStart", Integer, Ops::R).mandatory(),
                R::new(6030, "plmnID", Integer, Ops::R).mandatory(),
                R::new(6031, "BandIndicator", Integer, Ops::R).mandatory(),
                R::new(6032, "dlEarfcn", Integer, Ops::R).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3353,
        "scellID",
        const {
            &[
                R::new(2, "TrackingAreaCode", Integer, Ops::R).mandatory(),
                R::new(6030, "plmnID", Integer, Ops::R).mandatory(),
                R::new(6031, "BandIndicator", Integer, Ops::R).mandatory(),
                R::new(6033, "CellID", Integer, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3354,
        "cellReselectionEvent",
        const {
            &[
                R::new(0, "timeReselectionStart", Integer, Ops::R).mandatory(),
                R::new(3, "failureType", Integer, Ops::R).mandatory(),
                R::new(6032, "dlEarfcn", Integer, Ops::R).mandatory(),
                R::new(6033, "CellID", Integer, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3355,
        "handoverEvent",
        const {
            &[
                R::new(0, "timeHandoverStart", Integer, Ops::R).mandatory(),
                R::new(3, "handoverResult", Integer, Ops::R).mandatory(),
                R::new(4, "TargetEarfcn", Integer, Ops::R).mandatory(),
                R::new(5, "TargetPhysicalCellID", Integer, Ops::R).mandatory(),
                R::new(6, "targetCellRsrp", Integer, Ops::R).mandatory(),
                R::new(6032, "dlEarfcn", Integer, Ops::R).mandatory(),
                R::new(6033, "CellID", Integer, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3356,
        "radioLinkFailureEvent",
        const {
            &[
                R::new(0, "timeRLF", Integer, Ops::R).mandatory(),
                R::new(1, "rlfCause", Integer, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3357,
        "rrcStateChangeEvent",
        const {
            &[
                R::new(0, "rrcState", Integer, Ops::R).mandatory(),
                R::new(1, "rrcStateChangeCause", Integer, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3358,
        "rrcTimerExpiryEvent",
        const { &[R::new(0, "RrcTimerExpiryEvent", Integer, Ops::R).mandatory()] },
    ),
    ObjectDef::new(
        3359,
        "cellBlacklistEvent",
        const {
            &[
                R::new(6032, "dlEarfcn", Integer, Ops::R).mandatory(),
                R::new(6033, "CellID", Integer, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3360,
        "esmContextInfo",
        const {
            &[
                R::new(0, "contextType", Integer, Ops::R).mandatory(),
                R::new(1, "bearerState", Integer, Ops::R).mandatory(),
                R::new(2, "radioBearerId", Integer, Ops::R).mandatory(),
                R::new(3, "qci", Integer, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3361,
        "emmStateValue",
        const {
            &[
                R::new(0, "EmmState", Integer, Ops::R).mandatory(),
                R::new(1, "emmSubstate", Integer, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3362,
        "nasEmmTimerExpiryEvent",
        const { &[R::new(0, "NasEmmTimerExpiryEvent", Integer, Ops::R).mandatory()] },
    ),
    ObjectDef::new(
        3363,
        "nasEsmExpiryEvent",
        const { &[R::new(0, "NasEsmExpiryEvent", Integer, Ops::R).mandatory()] },
    ),
    ObjectDef::new(
        3364,
        "emmFailureCauseEvent",
        const { &[R::new(0, "EMMCause", Integer, Ops::R).mandatory()] },
    ),
    ObjectDef::new(
        3365,
        "rachLatency_delay",
        const {
            &[
                R::new(2, "rachLatencyVal", Integer, Ops::R).mandatory(),
                R::new(3, "delay", Integer, Ops::R).mandatory(),
                R::new(6037, "sysFrameNumber", Integer, Ops::R).mandatory(),
                R::new(6038, "subFrameNumber", Integer, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3366,
        "macRachAttemptEvent",
        const {
            &[
                R::new(0, "rachAttemptCounter", Integer, Ops::R).mandatory(),
                R::new(1, "MacRachAttemptEventType", Integer, Ops::R).mandatory(),
                R::new(2, "contentionBased", Boolean, Ops::R).mandatory(),
                R::new(3, "rachMessage", Integer, Ops::R).mandatory(),
                R::new(4, "preambleIndex", Integer, Ops::R).mandatory(),
                R::new(5, "preamblePowerOffset", Integer, Ops::R).mandatory(),
                R::new(6, "backoffTime", Integer, Ops::R).mandatory(),
                R::new(7, "msg2Result", Boolean, Ops::R).mandatory(),
                R::new(8, "timingAdjustmentValue", Integer, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3367,
        "macRachAttemptReasonEvent",
        const {
            &[
                R::new(0, "MacRachAttemptReasonType", Integer, Ops::R).mandatory(),
                R::new(1, "ueID", Integer, Ops::R).mandatory(),
                R::new(2, "contentionBased", Boolean, Ops::R).mandatory(),
                R::new(3, "preamble", Integer, Ops::R).mandatory(),
                R::new(4, "preambleGroupChosen", Boolean, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3368,
        "macTimerStatusEvent",
        const { &[R::new(0, "macTimerName", Integer, Ops::R).mandatory()] },
    ),
    ObjectDef::new(
        3369,
        "macTimingAdvanceEvent",
        const {
            &[
                R::new(0, "timerValue", Integer, Ops::R).mandatory(),
                R::new(1, "timingAdvance", Integer, Ops::R).mandatory(),
            ]
        },
    ),
];

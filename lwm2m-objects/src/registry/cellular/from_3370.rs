//! Objects 3370 to 3386.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        3370,
        "ServingCellMeasurement",
        const {
            &[
                R::new(6032, "dlEarfcn", Integer, Ops::R).mandatory(),
                R::new(6034, "pci", Integer, Ops::R).mandatory(),
                R::new(6035, "rsrp", Integer, Ops::R).mandatory(),
                R::new(6036, "rsrq", Integer, Ops::R).mandatory(),
                R::new(6037, "sysFrameNumber", Integer, Ops::R).mandatory(),
                R::new(6038, "subFrameNumber", Integer, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3371,
        "NeighborCellMeasurements",
        const {
            &[
                R::new(6032, "dlEarfcn", Integer, Ops::R).mandatory(),
                R::new(6034, "pci", Integer, Ops::R).mandatory(),
                R::new(6035, "rsrp", Integer, Ops::R).mandatory(),
                R::new(6036, "rsrq", Integer, Ops::R).mandatory(),
                R::new(6037, "sysFrameNumber", Integer, Ops::R).mandatory(),
                R::new(6038, "subFrameNumber", Integer, Ops::R).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        3372,
        "TimingAdvance",
        const {
            &[
                R::new(2, "timingAdvance", Integer, Ops::R).mandatory(),
                R::new(6037, "sysFrameNumber", Integer, Ops::R).mandatory(),
                R::new(6038, "subFrameNumber", Integer, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3373,
        "txPowerHeadroomEvent",
        const {
            &[
                R::new(2, "headroom-value", Integer, Ops::R).mandatory(),
                R::new(6037, "sysFrameNumber", Integer, Ops::R).mandatory(),
                R::new(6038, "subFrameNumber", Integer, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3374,
        "radioLinkMonitoring",
        const {
            &[
                R::new(2, "outOfSyncCount", Integer, Ops::R).mandatory(),
                R::new(3, "inSyncCount", Integer, Ops::R).mandatory(),
                R::new(4, "t310Timer", Boolean, Ops::R).mandatory(),
                R::new(6037, "sysFrameNumber", Integer, Ops::R).mandatory(),
                R::new(6038, "subFrameNumber", Integer, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3375,
        "PagingDRX",
        const {
            &[
                R::new(2, "pagingCycle", Integer, Ops::R).mandatory(),
                R::new(3, "DrxNb", Integer, Ops::R).mandatory(),
                R::new(4, "ueID", Integer, Ops::R).mandatory(),
                R::new(5, "drxSysFrameNumOffset", Integer, Ops::R).mandatory(),
                R::new(6, "drxSubFrameNumOffset", Integer, Ops::R).mandatory(),
                R::new(6032, "dlEarfcn", Integer, Ops::R).mandatory(),
                R::new(6034, "pci", Integer, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3376,
        "txPowerBackOffEvent",
        const { &[R::new(0, "TxPowerBackoff", Integer, Ops::R).mandatory()] },
    ),
    ObjectDef::new(
        3377,
        "Message3Report",
        const {
            &[
                R::new(0, "tpc", Integer, Ops::R).mandatory(),
                R::new(1, "resourceIndicatorValue", Integer, Ops::R).mandatory(),
                R::new(2, "cqi", Integer, Ops::R).mandatory(),
                R::new(3, "uplinkDelay", Boolean, Ops::R).mandatory(),
                R::new(4, "hoppingEnabled", Boolean, Ops::R).mandatory(),
                R::new(5, "numRb", Integer, Ops::R).mandatory(),
                R::new(6, "transportBlockSizeIndex", Integer, Ops::R).mandatory(),
                R::new(7, "ModulationType", Integer, Ops::R).mandatory(),
                R::new(8, "redundancyVersionIndex", Integer, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3378,
        "PbchDecodingResults",
        const {
            &[
                R::new(0, "servingCellID", Integer, Ops::R).mandatory(),
                R::new(1, "crcResult", Boolean, Ops::R).mandatory(),
                R::new(6037, "sysFrameNumber", Integer, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3379,
        "pucchPowerControl",
        const {
            &[
                R::new(2, "pucchTxPowerValue", Integer, Ops::R).mandatory(),
                R::new(3, "dlPathLoss", Integer, Ops::R).mandatory(),
                R::new(6037, "sysFrameNumber", Integer, Ops::R).mandatory(),
                R::new(6038, "subFrameNumber", Integer, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3380,
        "PrachReport",
        const {
            &[
                R::new(2, "rachTxPower", Integer, Ops::R).mandatory(),
                R::new(3, "zadOffSeqNum", Integer, Ops::R).mandatory(),
                R::new(4, "prachConfig", Integer, Ops::R).mandatory(),
                R::new(5, "preambleFormat", Integer, Ops::R).mandatory(),
                R::new(6, "maxTransmissionMsg3", Integer, Ops::R).mandatory(),
                R::new(7, "raResponseWindowSize", Integer, Ops::R).mandatory(),
                R::new(8, "RachRequestResult", Boolean, Ops::R).mandatory(),
                R::new(9, "ce_mode", Integer, Ops::R).mandatory(),
                R::new(10, "ce_level", Integer, Ops::R).mandatory(),
                R::new(11, "num_prach_repetition", Integer, Ops::R).mandatory(),
                R::new(12, "prach_repetition_seq", Integer, Ops::R).mandatory(),
                R::new(6037, "sysFrameNumber", Integer, Ops::R).mandatory(),
                R::new(6038, "subFrameNumber", Integer, Ops::R).mandatory(),
            ]
        },
    )
    .version(2, 0),
    ObjectDef::new(
        3381,
        "VolteCallEvent",
        const {
            &[
                R::new(0, "callStatus", Integer, Ops::R).mandatory(),
                R::new(1, "callType", Integer, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3382,
        "SipRegistrationEvent",
        const {
            &[
                R::new(0, "registrationType", Integer, Ops::R).mandatory(),
                R::new(1, "registrationResult", Integer, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3383,
        "sipPublishEvent",
        const { &[R::new(0, "publishResult", Integer, Ops::R).mandatory()] },
    ),
    ObjectDef::new(
        3384,
        "sipSubscriptionEvent",
        const {
            &[
                R::new(0, "eventType", Integer, Ops::R).mandatory(),
                R::new(1, "subscriptionResult", Integer, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3385,
        "volteCallStateChangeEvent",
        const {
            &[
                R::new(0, "callStatus", Integer, Ops::R).mandatory(),
                R::new(1, "VolteCallStateChangeCause", Integer, Ops::R).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        3386,
        "VoLTErtpPacketLoss",
        const {
            &[
                R::new(0, "ssrc", Integer, Ops::R).mandatory(),
                R::new(1, "packetsLost", Integer, Ops::R).mandatory(),
            ]
        },
    ),
];

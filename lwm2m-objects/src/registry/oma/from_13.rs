//! Objects 13 to 27.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        13,
        "LWM2M Bearer Selection",
        const {
            &[
                R::new(0, "Preferred Communications Bearer", Integer, Ops::RW).multiple().range(0, 100),
                R::new(1, "Acceptable RSSI (GSM)", Integer, Ops::RW).range(-110, -48),
                R::new(2, "Acceptable RSCP (UMTS)", Integer, Ops::RW).range(-120, -25),
                R::new(3, "Acceptable RSRP (LTE)", Integer, Ops::RW).range(-140, -44),
                R::new(4, "Acceptable RSSI (1xEV-DO)", Integer, Ops::RW),
                R::new(5, "Cell lock list", String, Ops::RW),
                R::new(6, "Operator list", String, Ops::RW),
                R::new(7, "Operator list mode", Boolean, Ops::RW),
                R::new(8, "List of available PLMNs", String, Ops::R),
                R::new(9, "Vendor specific extensions", Objlnk, Ops::R),
                R::new(10, "Acceptable RSRP (NB-IoT)", Integer, Ops::RW).range(-158, -44),
                R::new(11, "Higher Priority PLMN Search Timer", Integer, Ops::RW),
                R::new(12, "Attach without PDN connection", Boolean, Ops::RW),
            ]
        },
    )
    .version(1, 1),
    ObjectDef::new(
        14,
        "LWM2M Software Component",
        const {
            &[
                R::new(0, "Component Identity", String, Ops::R).range(0, 255),
                R::new(1, "Component Pack", Opaque, Ops::R),
                R::new(2, "Component Version", String, Ops::R).range(0, 255),
                R::new(3, "Activate", Executable, Ops::E),
                R::new(4, "Deactivate", Executable, Ops::E),
                R::new(5, "Activation State", Boolean, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        15,
        "DevCapMgmt",
        const {
            &[
                R::new(0, "Property", String, Ops::R).mandatory(),
                R::new(1, "Group", Integer, Ops::R).mandatory().range(0, 15),
                R::new(2, "Description", String, Ops::R),
                R::new(3, "Attached", Boolean, Ops::R),
                R::new(4, "Enabled", Boolean, Ops::R).mandatory(),
                R::new(5, "opEnable", Executable, Ops::E).mandatory(),
                R::new(6, "opDisable", Executable, Ops::E).mandatory(),
                R::new(7, "NotifyEn", Boolean, Ops::RW),
            ]
        },
    )
    .version(2, 0)
    .multiple(),
    ObjectDef::new(
        16,
        "Portfolio",
        const {
            &[
                R::new(0, "Identity", String, Ops::RW).multiple().mandatory(),
                R::new(1, "GetAuthData", Executable, Ops::E),
                R::new(2, "AuthData", Opaque, Ops::R).multiple(),
                R::new(3, "AuthStatus", Integer, Ops::R).range(0, 2),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        19,
        "BinaryAppDataContainer",
        const {
            &[
                R::new(0, "Data", Opaque, Ops::RW).multiple().mandatory(),
                R::new(1, "Data Priority", Integer, Ops::RW),
                R::new(2, "Data Creation Time", Time, Ops::RW),
                R::new(3, "Data Description", String, Ops::RW),
                R::new(4, "Data Format", String, Ops::RW),
                R::new(5, "App ID", Integer, Ops::RW),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        20,
        "Event Log",
        const {
            &[
                R::new(4010, "LogClass", Integer, Ops::RW),
                R::new(4011, "LogStart", Executable, Ops::E),
                R::new(4012, "LogStop", Executable, Ops::E),
                R::new(4013, "LogStatus", Integer, Ops::R),
                R::new(4014, "LogData", Opaque, Ops::R).mandatory(),
                R::new(4015, "LogDataFormat", Integer, Ops::RW),
                R::new(4016, "LogDataIncremental", Opaque, Ops::None),
                R::new(4017, "LogDataIncrementalMinimumSendInterval", Unsigned, Ops::RW),
            ]
        },
    )
    .version(2, 1)
    .multiple(),
    ObjectDef::new(
        21,
        "LWM2M OSCORE",
        const {
            &[
                R::new(0, "OSCORE Master Secret", Opaque, Ops::None).mandatory(),
                R::new(1, "OSCORE Sender ID", Opaque, Ops::None).mandatory(),
                R::new(2, "OSCORE Recipient ID", Opaque, Ops::None).mandatory(),
                R::new(3, "OSCORE AEAD Algorithm", Integer, Ops::None),
                R::new(4, "OSCORE HMAC Algorithm", Integer, Ops::None),
                R::new(5, "OSCORE Master Salt", Opaque, Ops::None),
                R::new(6, "OSCORE ID Context", Opaque, Ops::None),
            ]
        },
    )
    .version(2, 0)
    .multiple(),
    ObjectDef::new(
        22,
        "Virtual Observe Notify",
        const {
            &[
                R::new(0, "ObserveLinks", Corelnk, Ops::RW).multiple().mandatory(),
                R::new(1, "Report", String, Ops::R).mandatory(),
                R::new(2, "ResourceFilter", Boolean, Ops::RW),
                R::new(3, "ReportLinks", Corelnk, Ops::RW).multiple(),
                R::new(4, "ObserveRelation", Integer, Ops::RW),
                R::new(5, "Virtual Observe Report Format", Integer, Ops::RW),
                R::new(6, "Virtual Observe Report", Opaque, Ops::R),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        23,
        "LwM2M COSE",
        const {
            &[
                R::new(0, "KID", String, Ops::None).mandatory(),
                R::new(1, "AEAD Algorithm", Integer, Ops::None).mandatory(),
                R::new(2, "Key", String, Ops::None).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        24,
        "MQTT Server",
        const {
            &[
                R::new(0, "Will Retain", Boolean, Ops::RW),
                R::new(1, "Will Topic", String, Ops::RW),
                R::new(2, "Will Message", String, Ops::RW),
                R::new(3, "Clean Session", Boolean, Ops::RW),
                R::new(4, "Will QoS", Unsigned, Ops::RW).range(0, 3),
                R::new(5, "Keep Alive", Unsigned, Ops::RW).range(0, 65535),
                R::new(6, "Client Identifier", String, Ops::RW).mandatory(),
                R::new(7, "User Name", String, Ops::RW),
                R::new(8, "Password", Opaque, Ops::RW),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        25,
        "LwM2M Gateway",
        const {
            &[
                R::new(0, "Device ID", String, Ops::R).mandatory(),
                R::new(1, "Prefix", String, Ops::R).mandatory(),
                R::new(3, "IoT Device Objects", Corelnk, Ops::R).mandatory(),
            ]
        },
    )
    .version(2, 0)
    .multiple(),
    ObjectDef::new(
        26,
        "LwM2M Gateway Routing",
        const {
            &[
                R::new(0, "LwM2M Object ID", Unsigned, Ops::R).mandatory(),
                R::new(1, "Mapping Info", Corelnk, Ops::R).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        27,
        "5GNR Connectivity",
        const {
            &[
                R::new(0, "Connectivity Option", Integer, Ops::R).mandatory(),
                R::new(1, "NR Band Support available", Integer, Ops::R).multiple(),
                R::new(2, "NR Band attached", Integer, Ops::R).multiple(),
                R::new(3, "S-NSSAI", Integer, Ops::R).multiple(),
                R::new(4, "DNN Name", String, Ops::R),
                R::new(5, "PDU Session Id", Integer, Ops::R).range(1, 15),
                R::new(6, "SSC Mode", Integer, Ops::R).range(1, 3),
                R::new(7, "PDU Session Type", Integer, Ops::R),
                R::new(8, "5QI", Integer, Ops::R),
                R::new(9, "SDAP Enablement", Integer, Ops::R),
                R::new(10, "QFI", Integer, Ops::R).range(1, 63),
                R::new(11, "Session AMBR", Integer, Ops::R).range(1, 25),
                R::new(12, "APN-AMBR", Integer, Ops::R).unit("dB"),
                R::new(13, "NAS Reflective QOS", Boolean, Ops::R),
                R::new(14, "Access Stratum Reflective QoS", Boolean, Ops::R),
                R::new(15, "P-CSCF Address Index", Integer, Ops::R),
                R::new(16, "PDU session Authentication", Integer, Ops::R),
                R::new(17, "PLMN ID", String, Ops::R),
                R::new(18, "LADN Support", Boolean, Ops::R),
                R::new(19, "Integrity Protection on DRB", Integer, Ops::R),
                R::new(20, "Access type Preference", Boolean, Ops::R),
            ]
        },
    )
    .multiple(),
];

//! Objects 6 to 12.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Interval, Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        6,
        "Location",
        const {
            &[
                R::new(0, "Latitude", Float, Ops::R).mandatory().unit("lat"),
                R::new(1, "Longitude", Float, Ops::R).mandatory().unit("lon"),
                R::new(2, "Altitude", Float, Ops::R).unit("m"),
                R::new(3, "Radius", Float, Ops::R).unit("m"),
                R::new(4, "Velocity", Opaque, Ops::R),
                R::new(5, "Timestamp", Time, Ops::R).mandatory(),
                R::new(6, "Speed", Float, Ops::R).unit("m/s"),
            ]
        },
    ),
    ObjectDef::new(
        7,
        "Connectivity Statistics",
        const {
            &[
                R::new(0, "SMS Tx Counter", Integer, Ops::R),
                R::new(1, "SMS Rx Counter", Integer, Ops::R),
                R::new(2, "Tx Data", Integer, Ops::R),
                R::new(3, "Rx Data", Integer, Ops::R),
                R::new(4, "Max Message Size", Integer, Ops::R).unit("B"),
                R::new(5, "Average Message Size", Integer, Ops::R).unit("B"),
                R::new(6, "Start", Executable, Ops::E).mandatory(),
                R::new(7, "Stop", Executable, Ops::E).mandatory(),
                R::new(8, "Collection Period", Integer, Ops::RW).unit("s"),
            ]
        },
    ),
    ObjectDef::new(
        8,
        "Lock and Wipe",
        const {
            &[
                R::new(0, "State", Integer, Ops::RW).mandatory().range(0, 2),
                R::new(1, "Lock target", String, Ops::W).multiple().mandatory(),
                R::new(2, "Wipe item", String, Ops::R).multiple(),
                R::new(3, "Wipe", Executable, Ops::E).mandatory(),
                R::new(4, "Wipe target", String, Ops::W).multiple().mandatory(),
                R::new(5, "Lock or Wipe Operation Result", Integer, Ops::R).mandatory().range(0, 8),
            ]
        },
    ),
    ObjectDef::new(
        9,
        "LWM2M Software Management",
        const {
            &[
                R::new(0, "PkgName", String, Ops::R).mandatory().range(0, 255),
                R::new(1, "PkgVersion", String, Ops::R).mandatory().range(0, 255),
                R::new(2, "Package", Opaque, Ops::W),
                R::new(3, "Package URI", String, Ops::W).range(0, 255),
                R::new(4, "Install", Executable, Ops::E).mandatory(),
                R::new(5, "Checkpoint", Objlnk, Ops::R),
                R::new(6, "Uninstall", Executable, Ops::E).mandatory(),
                R::new(7, "Update State", Integer, Ops::R).mandatory().range(0, 4),
                R::new(8, "Update Supported Objects", Boolean, Ops::RW),
                R::new(9, "Update Result", Integer, Ops::R).mandatory().range(0, 200),
                R::new(10, "Activate", Executable, Ops::E).mandatory(),
                R::new(11, "Deactivate", Executable, Ops::E).mandatory(),
                R::new(12, "Activation State", Boolean, Ops::R).mandatory(),
                R::new(13, "Package Settings", Objlnk, Ops::RW),
                R::new(14, "User Name", String, Ops::W).range(0, 255),
                R::new(15, "Password", String, Ops::W).range(0, 255),
                R::new(16, "Status Reason", String, Ops::R),
                R::new(17, "Software Component Link", Objlnk, Ops::R).multiple(),
                R::new(18, "Software Component tree length", Integer, Ops::R).range(0, 255),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10,
        "LWM2M Cellular Connectivity",
        const {
            &[
                R::new(0, "SMSC address", String, Ops::RW),
                R::new(1, "Disable radio period", Integer, Ops::RW).range(0, 65535),
                R::new(2, "Module activation code", String, Ops::RW),
                R::new(3, "Vendor specific extensions", Objlnk, Ops::R),
                R::new(4, "PSM Timer", Integer, Ops::RW).unit("s"),
                R::new(5, "Active Timer", Integer, Ops::RW).unit("s"),
                R::new(7, "eDRX parameters for Iu mode", Opaque, Ops::RW).range(0, 255),
                R::new(8, "eDRX parameters for WB-S1 mode", Opaque, Ops::RW).range(0, 255),
                R::new(9, "eDRX parameters for NB-S1 mode", Opaque, Ops::RW).range(0, 255),
                R::new(10, "eDRX parameters for A/Gb mode", Opaque, Ops::RW).range(0, 255),
                R::new(11, "Activated Profile Names", Objlnk, Ops::R).multiple().mandatory(),
                R::new(12, "Supported Power Saving Modes", Unsigned, Ops::R).range(0, 255),
                R::new(13, "Active Power Saving Modes", Unsigned, Ops::RW).range(0, 255),
                R::new(14, "Release Assistance Indication Usage", Unsigned, Ops::RW).range(0, 255),
            ]
        },
    )
    .version(1, 1),
    ObjectDef::new(
        11,
        "LWM2M APN Connection Profile",
        const {
            &[
                R::new(0, "Profile name", String, Ops::RW).mandatory(),
                R::new(1, "APN", String, Ops::RW),
                R::new(2, "Auto select APN by device", Boolean, Ops::RW),
                R::new(3, "Enable status", Boolean, Ops::RW),
                R::new(4, "Authentication Type", Integer, Ops::RW).mandatory(),
                R::new(5, "User Name", String, Ops::RW),
                R::new(6, "Secret", String, Ops::RW),
                R::new(7, "Reconnect Schedule", String, Ops::RW),
                R::new(8, "Validity (MCC, MNC)", String, Ops::RW).multiple(),
                R::new(9, "Connection establishment time (1)", Time, Ops::R).multiple(),
                R::new(10, "Connection establishment result (1)", Integer, Ops::R).multiple(),
                R::new(11, "Connection establishment reject cause (1)", Integer, Ops::R)
                    .multiple()
                    .range(0, 111),
                R::new(12, "Connection end time (1)", Time, Ops::R).multiple(),
                R::new(13, "TotalBytesSent", Integer, Ops::R),
                R::new(14, "TotalBytesReceived", Integer, Ops::R),
                R::new(15, "IP address (2)", String, Ops::RW).multiple(),
                R::new(16, "Prefix length(2)", String, Ops::RW).multiple(),
                R::new(17, "Subnet mask (2)", String, Ops::RW).multiple(),
                R::new(18, "Gateway (2)", String, Ops::RW).multiple(),
                R::new(19, "Primary DNS address (2)", String, Ops::RW).multiple(),
                R::new(20, "Secondary DNS address (2)", String, Ops::RW).multiple(),
                R::new(21, "QCI (3)", Integer, Ops::R).range(1, 9),
                R::new(22, "Vendor specific extensions", Objlnk, Ops::R),
                R::new(23, "TotalPacketsSent", Integer, Ops::R),
                R::new(24, "PDN Type", Integer, Ops::RW),
                R::new(25, "APN Rate Control", Integer, Ops::R),
                R::new(26, "Serving PLMN Rate control", Unsigned, Ops::RW),
                R::new(27, "Uplink Time Unit", Unsigned, Ops::RW).range(0, 4),
                R::new(28, "APN Rate Control for Exception Data", Integer, Ops::R),
                R::new(29, "APN Exception Data Uplink Time Unit", Unsigned, Ops::RW).range(0, 4),
                R::new(30, "Supported RAT Types", Unsigned, Ops::RW).multiple(),
                R::new(31, "RDS Application ID", String, Ops::RW).multiple(),
                R::new(32, "RDS Destination Port", Integer, Ops::RW).multiple().range(0, 15),
                R::new(33, "RDS Source Port", Integer, Ops::RW).multiple().range(0, 15),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        12,
        "WLAN connectivity",
        const {
            &[
                R::new(0, "Interface name", String, Ops::RW).mandatory(),
                R::new(1, "Enable", Boolean, Ops::RW).mandatory(),
                R::new(2, "Radio Enabled", Integer, Ops::RW),
                R::new(3, "Status", Integer, Ops::R).mandatory(),
                R::new(4, "BSSID", String, Ops::R).mandatory(),
                R::new(5, "SSID", String, Ops::RW).mandatory().range(1, 32),
                R::new(6, "Broadcast SSID", Boolean, Ops::RW),
                R::new(7, "Beacon Enabled", Boolean, Ops::RW),
                R::new(8, "Mode", Integer, Ops::RW).mandatory(),
                R::new(9, "Channel", Integer, Ops::RW).mandatory().range(0, 255),
                R::new(10, "Auto Channel", Boolean, Ops::RW),
                R::new(11, "Supported Channels", Integer, Ops::RW).multiple(),
                R::new(12, "Channels In Use", Integer, Ops::RW).multiple(),
                R::new(13, "Regulatory Domain", String, Ops::RW),
                R::new(14, "Standard", Integer, Ops::RW).mandatory(),
                R::new(15, "Authentication Mode", Integer, Ops::RW).mandatory(),
                R::new(16, "Encryption Mode", Integer, Ops::RW),
                R::new(17, "WPA Pre Shared Key", String, Ops::W),
                R::new(18, "WPA Key Phrase", String, Ops::W).range(1, 64),
                R::new(19, "WEP Encryption Type", Integer, Ops::RW),
                R::new(20, "WEP Key Index", Integer, Ops::RW).range(1, 4),
                R::new(21, "WEP Key Phrase", String, Ops::W).range(1, 64),
                R::new(22, "WEP Key 1", String, Ops::W)
                    .any_of(&[Interval::Unsigned(10, 10), Interval::Unsigned(26, 26)]),
                R::new(23, "WEP Key 2", String, Ops::W)
                    .any_of(&[Interval::Unsigned(10, 10), Interval::Unsigned(26, 26)]),
                R::new(24, "WEP Key 3", String, Ops::W)
                    .any_of(&[Interval::Unsigned(10, 10), Interval::Unsigned(26, 26)]),
                R::new(25, "WEP Key 4", String, Ops::W)
                    .any_of(&[Interval::Unsigned(10, 10), Interval::Unsigned(26, 26)]),
                R::new(26, "RADIUS Server", String, Ops::RW).range(1, 256),
                R::new(27, "RADIUS Server Port", Integer, Ops::RW),
                R::new(28, "RADIUS Secret", String, Ops::W).range(1, 256),
                R::new(29, "WMM Supported", Boolean, Ops::R),
                R::new(30, "WMM Enabled", Boolean, Ops::RW),
                R::new(31, "MAC Control Enabled", Boolean, Ops::RW),
                R::new(32, "MAC Address List", String, Ops::RW).multiple(),
                R::new(33, "Total Bytes Sent", Integer, Ops::R),
                R::new(34, "Total Bytes Received", Integer, Ops::R),
                R::new(35, "Total Packets Sent", Integer, Ops::R),
                R::new(36, "Total Packets Received", Integer, Ops::R),
                R::new(37, "Transmit Errors", Integer, Ops::R),
                R::new(38, "Receive Errors", Integer, Ops::R),
                R::new(39, "Unicast Packets Sent", Integer, Ops::R),
                R::new(40, "Unicast Packets Received", Integer, Ops::R),
                R::new(41, "Multicast Packets Sent", Integer, Ops::R),
                R::new(42, "Multicast Packets Received", Integer, Ops::R),
                R::new(43, "Broadcast Packets Sent", Integer, Ops::R),
                R::new(44, "Broadcast Packets Received", Integer, Ops::R),
                R::new(45, "Discard Packets Sent", Integer, Ops::R),
                R::new(46, "Discard Packets Received", Integer, Ops::R),
                R::new(47, "Unknown Packets Received", Integer, Ops::R),
                R::new(48, "Vendor specific extensions", Objlnk, Ops::R),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
];

//! Objects 0 to 2.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Interval, Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        0,
        "LWM2M Security",
        const {
            &[
                R::new(0, "LWM2M Server URI", String, Ops::None).mandatory().range(0, 255),
                R::new(1, "Bootstrap-Server", Boolean, Ops::None).mandatory(),
                R::new(2, "Security Mode", Integer, Ops::None).mandatory().range(0, 4),
                R::new(3, "Public Key or Identity", Opaque, Ops::None).mandatory(),
                R::new(4, "Server Public Key", Opaque, Ops::None).mandatory(),
                R::new(5, "Secret Key", Opaque, Ops::None).mandatory(),
                R::new(6, "SMS Security Mode", Integer, Ops::None).range(0, 255),
                R::new(7, "SMS Binding Key Parameters", Opaque, Ops::None).range(6, 6),
                R::new(8, "SMS Binding Secret Key(s)", Opaque, Ops::None),
                R::new(9, "LwM2M Server SMS Number", String, Ops::None),
                R::new(10, "Short Server ID", Integer, Ops::None).range(1, 65534),
                R::new(11, "Client Hold Off Time", Integer, Ops::None).unit("s"),
                R::new(12, "Bootstrap-Server Account Timeout", Integer, Ops::None).unit("s"),
            ]
        },
    )
    .multiple()
    .mandatory(),
    ObjectDef::new(
        0,
        "LWM2M Security",
        const {
            &[
                R::new(0, "LWM2M Server URI", String, Ops::None).mandatory().range(0, 255),
                R::new(1, "Bootstrap-Server", Boolean, Ops::None).mandatory(),
                R::new(2, "Security Mode", Integer, Ops::None).mandatory().range(0, 4),
                R::new(3, "Public Key or Identity", Opaque, Ops::None).mandatory(),
                R::new(4, "Server Public Key", Opaque, Ops::None).mandatory(),
                R::new(5, "Secret Key", Opaque, Ops::None).mandatory(),
                R::new(6, "SMS Security Mode", Integer, Ops::None).range(0, 255),
                R::new(7, "SMS Binding Key Parameters", Opaque, Ops::None).range(6, 6),
                R::new(8, "SMS Binding Secret Key(s)", Opaque, Ops::None).any_of(&[
                    Interval::Unsigned(16, 16),
                    Interval::Unsigned(32, 32),
                    Interval::Unsigned(48, 48),
                ]),
                R::new(9, "LwM2M Server SMS Number", String, Ops::None),
                R::new(10, "Short Server ID", Integer, Ops::None).range(1, 65534),
                R::new(11, "Client Hold Off Time", Integer, Ops::None).unit("s"),
                R::new(12, "Bootstrap-Server Account Timeout", Integer, Ops::None).unit("s"),
                R::new(13, "Matching Type", Unsigned, Ops::None).range(0, 3).unit("s"),
                R::new(14, "SNI", String, Ops::None),
                R::new(15, "Certificate Usage", Unsigned, Ops::None).range(0, 3).unit("s"),
                R::new(16, "DTLS/TLS Ciphersuite", Unsigned, Ops::None).multiple(),
                R::new(17, "OSCORE Security Mode", Objlnk, Ops::None),
            ]
        },
    )
    .version(1, 1)
    .multiple()
    .mandatory(),
    ObjectDef::new(
        0,
        "LWM2M Security",
        const {
            &[
                R::new(0, "LWM2M Server URI", String, Ops::None).mandatory().range(0, 255),
                R::new(1, "Bootstrap-Server", Boolean, Ops::None).mandatory(),
                R::new(2, "Security Mode", Integer, Ops::None).mandatory().range(0, 4),
                R::new(3, "Public Key or Identity", Opaque, Ops::None).mandatory(),
                R::new(4, "Server Public Key", Opaque, Ops::None).mandatory(),
                R::new(5, "Secret Key", Opaque, Ops::None).mandatory(),
                R::new(6, "SMS Security Mode", Integer, Ops::None).range(0, 255),
                R::new(7, "SMS Binding Key Parameters", Opaque, Ops::None).range(6, 6),
                R::new(8, "SMS Binding Secret Key(s)", Opaque, Ops::None).any_of(&[
                    Interval::Unsigned(16, 16),
                    Interval::Unsigned(32, 32),
                    Interval::Unsigned(48, 48),
                ]),
                R::new(9, "LwM2M Server SMS Number", String, Ops::None),
                R::new(10, "Short Server ID", Integer, Ops::None).range(1, 65534),
                R::new(11, "Client Hold Off Time", Integer, Ops::None).unit("s"),
                R::new(12, "Bootstrap-Server Account Timeout", Integer, Ops::None).unit("s"),
                R::new(13, "Matching Type", Unsigned, Ops::None).range(0, 3),
                R::new(14, "SNI", String, Ops::None),
                R::new(15, "Certificate Usage", Unsigned, Ops::None).range(0, 3),
                R::new(16, "DTLS/TLS Ciphersuite", Unsigned, Ops::None).multiple(),
                R::new(17, "OSCORE Security Mode", Objlnk, Ops::None),
                R::new(18, "Groups To Use by Client", Unsigned, Ops::None).multiple().range(0, 65535),
                R::new(19, "Signature Algorithms Supported by Server", Unsigned, Ops::None)
                    .multiple()
                    .range(0, 65535),
                R::new(20, "Signature Algorithms To Use by Client", Unsigned, Ops::None)
                    .multiple()
                    .range(0, 65535),
                R::new(21, "Signature Algorithm Certs Supported by Server", Unsigned, Ops::None)
                    .multiple()
                    .range(0, 65535),
                R::new(22, "TLS 1.3 Features To Use by Client", Unsigned, Ops::None).range(0, 65535),
                R::new(23, "TLS Extensions Supported by Server", Unsigned, Ops::None).range(0, 65535),
                R::new(24, "TLS Extensions To Use by Client", Unsigned, Ops::None).range(0, 65535),
                R::new(25, "Secondary LwM2M Server URI", String, Ops::None).multiple().range(0, 255),
                R::new(26, "MQTT Server", Objlnk, Ops::None),
                R::new(27, "LwM2M COSE Security", Objlnk, Ops::None).multiple(),
                R::new(28, "RDS Destination Port", Integer, Ops::None).range(0, 15),
                R::new(29, "RDS Source Port", Integer, Ops::None).range(0, 15),
                R::new(30, "RDS Application ID", String, Ops::None),
            ]
        },
    )
    .version(1, 2)
    .multiple()
    .mandatory(),
    ObjectDef::new(
        1,
        "LwM2M Server",
        const {
            &[
                R::new(0, "Short Server ID", Integer, Ops::R).mandatory().range(1, 65535),
                R::new(1, "Lifetime", Integer, Ops::RW).mandatory().unit("s"),
                R::new(2, "Default Minimum Period", Integer, Ops::RW).unit("s"),
                R::new(3, "Default Maximum Period", Integer, Ops::RW).unit("s"),
                R::new(4, "Disable", Executable, Ops::E),
                R::new(5, "Disable Timeout", Integer, Ops::RW).unit("s"),
                R::new(6, "Notification Storing When Disabled or Offline", Boolean, Ops::RW).mandatory(),
                R::new(7, "Binding", String, Ops::RW).mandatory(),
                R::new(8, "Registration Update Trigger", Executable, Ops::E).mandatory(),
            ]
        },
    )
    .multiple()
    .mandatory(),
    ObjectDef::new(
        1,
        "LwM2M Server",
        const {
            &[
                R::new(0, "Short Server ID", Integer, Ops::R).mandatory().range(1, 65534),
                R::new(1, "Lifetime", Integer, Ops::RW).mandatory().unit("s"),
                R::new(2, "Default Minimum Period", Integer, Ops::RW).unit("s"),
                R::new(3, "Default Maximum Period", Integer, Ops::RW).unit("s"),
                R::new(4, "Disable", Executable, Ops::E),
                R::new(5, "Disable Timeout", Integer, Ops::RW).unit("s"),
                R::new(6, "Notification Storing When Disabled or Offline", Boolean, Ops::RW).mandatory(),
                R::new(7, "Binding", String, Ops::RW).mandatory(),
                R::new(8, "Registration Update Trigger", Executable, Ops::E).mandatory(),
                R::new(9, "Bootstrap-Request Trigger", Executable, Ops::E),
                R::new(10, "APN Link", Objlnk, Ops::RW),
                R::new(11, "TLS-DTLS Alert Code", Unsigned, Ops::R).range(0, 255),
                R::new(12, "Last Bootstrapped", Time, Ops::R),
                R::new(13, "Registration Priority Order", Unsigned, Ops::None),
                R::new(14, "Initial Registration Delay Timer", Unsigned, Ops::None).unit("s"),
                R::new(15, "Registration Failure Block", Boolean, Ops::None),
                R::new(16, "Bootstrap on Registration Failure", Boolean, Ops::None),
                R::new(17, "Communication Retry Count", Unsigned, Ops::None),
                R::new(18, "Communication Retry Timer", Unsigned, Ops::None).unit("s"),
                R::new(19, "Communication Sequence Delay Timer", Unsigned, Ops::None),
                R::new(20, "Communication Sequence Retry Count", Unsigned, Ops::None),
                R::new(21, "Trigger", Boolean, Ops::RW),
                R::new(22, "Preferred Transport", String, Ops::RW),
                R::new(23, "Mute Send", Boolean, Ops::RW),
            ]
        },
    )
    .version(1, 1)
    .multiple()
    .mandatory(),
    ObjectDef::new(
        1,
        "LwM2M Server",
        const {
            &[
                R::new(0, "Short Server ID", Integer, Ops::R).mandatory().range(1, 65534),
                R::new(1, "Lifetime", Integer, Ops::RW).mandatory().unit("s"),
                R::new(2, "Default Minimum Period", Integer, Ops::RW).unit("s"),
                R::new(3, "Default Maximum Period", Integer, Ops::RW).unit("s"),
                R::new(4, "Disable", Executable, Ops::E),
                R::new(5, "Disable Timeout", Integer, Ops::RW).unit("s"),
                R::new(6, "Notification Storing When Disabled or Offline", Boolean, Ops::RW).mandatory(),
                R::new(7, "Binding", String, Ops::RW).mandatory(),
                R::new(8, "Registration Update Trigger", Executable, Ops::E).mandatory(),
                R::new(9, "Bootstrap-Request Trigger", Executable, Ops::E),
                R::new(10, "APN Link", Objlnk, Ops::RW),
                R::new(11, "TLS-DTLS Alert Code", Unsigned, Ops::R).range(0, 255),
                R::new(12, "Last Bootstrapped", Time, Ops::R),
                R::new(13, "Registration Priority Order", Unsigned, Ops::R),
                R::new(14, "Initial Registration Delay Timer", Unsigned, Ops::RW).unit("s"),
                R::new(15, "Registration Failure Block", Boolean, Ops::R),
                R::new(16, "Bootstrap on Registration Failure", Boolean, Ops::R),
                R::new(17, "Communication Retry Count", Unsigned, Ops::RW),
                R::new(18, "Communication Retry Timer", Unsigned, Ops::RW).unit("s"),
                R::new(19, "Communication Sequence Delay Timer", Unsigned, Ops::RW).unit("s"),
                R::new(20, "Communication Sequence Retry Count", Unsigned, Ops::RW),
                R::new(21, "Trigger", Boolean, Ops::RW),
                R::new(22, "Preferred Transport", String, Ops::RW),
                R::new(23, "Mute Send", Boolean, Ops::RW),
                R::new(24, "Alternate APN Links", Objlnk, Ops::RW).multiple(),
                R::new(25, "Supported Server Versions", String, Ops::RW).multiple(),
                R::new(26, "Default Notification Mode", Integer, Ops::RW).range(0, 1),
                R::new(27, "Profile ID Hash Algorithm", Unsigned, Ops::RW).range(0, 255),
            ]
        },
    )
    .version(1, 2)
    .multiple()
    .mandatory(),
    ObjectDef::new(
        2,
        "LwM2M Access Control",
        const {
            &[
                R::new(0, "Object ID", Integer, Ops::R).mandatory().range(1, 65534),
                R::new(1, "Object Instance ID", Integer, Ops::R).mandatory().range(0, 65535),
                R::new(2, "ACL", Integer, Ops::RW).multiple(),
                R::new(3, "Access Control Owner", Integer, Ops::RW).mandatory().range(0, 65535),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        2,
        "LwM2M Access Control",
        const {
            &[
                R::new(0, "Object ID", Integer, Ops::R).mandatory().range(1, 65534),
                R::new(1, "Object Instance ID", Integer, Ops::R).mandatory().range(0, 65535),
                R::new(2, "ACL", Integer, Ops::RW).multiple().range(0, 31),
                R::new(3, "Access Control Owner", Integer, Ops::RW).mandatory().range(0, 65535),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
];

//! Objects 2048 to 2057.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        2048,
        "CmdhPolicy",
        const {
            &[
                R::new(0, "Name", String, Ops::RW).mandatory(),
                R::new(1, "DefaultRule", Objlnk, Ops::RW).mandatory(),
                R::new(2, "LimiRules", Objlnk, Ops::RW).multiple().mandatory(),
                R::new(3, "NetworkAccessECRules", Objlnk, Ops::RW).multiple().mandatory(),
                R::new(4, "BufferRules", Objlnk, Ops::RW).multiple().mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        2049,
        "ActiveCmdhPolicy",
        const { &[R::new(0, "ActiveLink", Objlnk, Ops::RW).mandatory()] },
    ),
    ObjectDef::new(
        2050,
        "CmdhDefaults",
        const {
            &[
                R::new(0, "DefaultEcRules", Objlnk, Ops::RW).multiple().mandatory(),
                R::new(1, "DefaultEcParamRules", Objlnk, Ops::RW).multiple().mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        2051,
        "CmdhDefEcValues",
        const {
            &[
                R::new(0, "Order", Integer, Ops::RW).mandatory(),
                R::new(1, "DefEcValue", String, Ops::RW).mandatory(),
                R::new(2, "RequestOrigin", String, Ops::RW).multiple().mandatory(),
                R::new(3, "RequestContext", String, Ops::RW),
                R::new(4, "RequestContextNotification", Boolean, Ops::RW),
                R::new(5, "RequestCharacteristics", String, Ops::RW),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        2052,
        "CmdhEcDefParamValues",
        const {
            &[
                R::new(0, "ApplicableEventCategory", Integer, Ops::RW).multiple().mandatory(),
                R::new(1, "DefaultRequestExpTime", Integer, Ops::RW).mandatory().unit("ms"),
                R::new(2, "DefaultResultExpTime", Integer, Ops::RW).mandatory().unit("ms"),
                R::new(3, "DefaultOpExecTime", Integer, Ops::RW).mandatory().unit("ms"),
                R::new(4, "DefaultRespPersistence", Integer, Ops::RW).mandatory().unit("ms"),
                R::new(5, "DefaultDelAggregation", Integer, Ops::RW).mandatory().unit("ms"),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        2053,
        "CmdhLimits",
        const {
            &[
                R::new(0, "Order", Integer, Ops::RW).mandatory(),
                R::new(1, "RequestOrigin", String, Ops::RW).multiple().mandatory(),
                R::new(2, "RequestContext", String, Ops::RW),
                R::new(3, "RequestContextNotificatio", Boolean, Ops::RW),
                R::new(4, "RequestCharacteristics", String, Ops::RW),
                R::new(5, "LimitsEventCategory", Integer, Ops::RW).multiple().mandatory(),
                R::new(6, "LimitsRequestExpTime", Integer, Ops::RW).multiple().mandatory().unit("ms"),
                R::new(7, "LimitsResultExpTime", Integer, Ops::RW).multiple().mandatory().unit("ms"),
                R::new(8, "LimitsOptExpTime", Integer, Ops::RW).multiple().mandatory().unit("ms"),
                R::new(9, "LimitsRespPersistence", Integer, Ops::RW).multiple().mandatory().unit("ms"),
                R::new(10, "LimitsDelAggregation", String, Ops::RW).multiple().mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        2054,
        "CmdhNetworkAccessRules",
        const {
            &[
                R::new(0, "ApplicableEventCategories", Integer, Ops::RW).multiple().mandatory(),
                R::new(1, "NetworkAccessRule", Objlnk, Ops::RW).multiple(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        2055,
        "CmdhNwAccessRule",
        const {
            &[
                R::new(0, "TargetNetwork", String, Ops::RW).multiple().mandatory(),
                R::new(1, "SpreadingWaitTime", Integer, Ops::RW).mandatory().unit("ms"),
                R::new(2, "MinReqVolume", Integer, Ops::RW).mandatory().unit("B"),
                R::new(3, "BackOffParameters", Objlnk, Ops::RW).mandatory(),
                R::new(4, "OtherConditions", String, Ops::RW).mandatory(),
                R::new(5, "AllowedSchedule", String, Ops::RW).multiple().mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        2056,
        "CmdhBuffer",
        const {
            &[
                R::new(0, "ApplicableEventCategory", Integer, Ops::RW).multiple().mandatory(),
                R::new(1, "MaxBufferSize", Integer, Ops::RW).mandatory().unit("B"),
                R::new(2, "StoragePriority", Integer, Ops::RW).mandatory().range(1, 10),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        2057,
        "CmdhBackOffParametersSet",
        const {
            &[
                R::new(0, "NetworkAction", Integer, Ops::RW).range(1, 5),
                R::new(1, "InitialBackoffTime", Integer, Ops::RW).mandatory().unit("ms"),
                R::new(2, "AdditionalBackoffTime", Integer, Ops::RW).mandatory().unit("ms"),
                R::new(3, "MaximumBackoffTime", Integer, Ops::RW).mandatory().unit("ms"),
                R::new(4, "OptionalRandomBackoffTime", Integer, Ops::RW).multiple().unit("ms"),
            ]
        },
    )
    .multiple(),
];

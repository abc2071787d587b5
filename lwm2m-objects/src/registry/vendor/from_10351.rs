//! Objects 10351 to 10369.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        10351,
        "Door",
        const {
            &[
                R::new(1, "Door Name", String, Ops::R).mandatory(),
                R::new(50, "Door Status", Boolean, Ops::R).mandatory(),
                R::new(100, "Door Control", Executable, Ops::E).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10352,
        "Thermal Imager",
        const {
            &[
                R::new(1, "Highest Temperature", Float, Ops::R)
                    .mandatory()
                    .float_range(-100.0, 100.0)
                    .unit("Cel"),
                R::new(2, "Lowest Temperature", Float, Ops::R)
                    .mandatory()
                    .float_range(-100.0, 100.0)
                    .unit("Cel"),
                R::new(3, "Average Temperature", Float, Ops::R)
                    .mandatory()
                    .float_range(-100.0, 100.0)
                    .unit("Cel"),
            ]
        },
    ),
    ObjectDef::new(
        10353,
        "Warning Light",
        const {
            &[
                R::new(1, "Light Status", Boolean, Ops::R).mandatory(),
                R::new(2, "Light Warning", Boolean, Ops::R).mandatory(),
                R::new(100, "Light Control", Executable, Ops::E).mandatory(),
                R::new(101, "Light Warning Control", Executable, Ops::E).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        10354,
        "APP",
        const {
            &[
                R::new(1, "APP Name", String, Ops::RW).mandatory(),
                R::new(2, "APP Version", String, Ops::RW).mandatory(),
                R::new(3, "APP Build No", String, Ops::RW),
                R::new(4, "APP Patch No", String, Ops::RW),
                R::new(5, "Package URI", String, Ops::W).range(0, 255),
                R::new(6, "Vendor Name", String, Ops::RW),
                R::new(7, "Installation Target", Objlnk, Ops::RW).mandatory(),
                R::new(8, "APP Status", Integer, Ops::R).mandatory().range(0, 5),
                R::new(100, "APP Restart", Executable, Ops::E).mandatory(),
                R::new(101, "APP Start", Executable, Ops::E).mandatory(),
                R::new(102, "APP Stop", Executable, Ops::E).mandatory(),
                R::new(103, "APP Download", Executable, Ops::E).mandatory(),
                R::new(104, "APP Install", Executable, Ops::E).mandatory(),
                R::new(105, "APP Uninstall", Executable, Ops::E).mandatory(),
                R::new(106, "APP Activate", Executable, Ops::E).mandatory(),
                R::new(107, "APP Deactivate", Executable, Ops::E).mandatory(),
                R::new(108, "APP Verify", Executable, Ops::E).mandatory(),
            ]
        },
    )
    .multiple()
    .mandatory(),
    ObjectDef::new(
        10355,
        "General Info",
        const {
            &[
                R::new(100, "Robot General Info", Objlnk, Ops::R).mandatory(),
                R::new(101, "RCU General Info", Objlnk, Ops::R).mandatory(),
                R::new(102, "CCU General Info", Objlnk, Ops::R).multiple(),
                R::new(103, "ECU General Info", Objlnk, Ops::R).multiple(),
            ]
        },
    ),
    ObjectDef::new(
        10356,
        "Service Info",
        const {
            &[
                R::new(100, "Robot Service Info", Objlnk, Ops::R).mandatory(),
                R::new(101, "SCA Info", Objlnk, Ops::R).multiple(),
                R::new(102, "Speaker Info", Objlnk, Ops::R),
                R::new(103, "Camera Info", Objlnk, Ops::R).multiple(),
                R::new(104, "Screen Info", Objlnk, Ops::R),
                R::new(105, "Light Info", Objlnk, Ops::R).multiple(),
                R::new(106, "Warning Light Info", Objlnk, Ops::R),
                R::new(107, "Door Info", Objlnk, Ops::R).multiple(),
                R::new(108, "Thermal Imager Info", Objlnk, Ops::R),
                R::new(109, "Compressor Info", Objlnk, Ops::R).multiple(),
                R::new(110, "Lock Info", Objlnk, Ops::R).multiple(),
                R::new(111, "Collision Sensor Info", Objlnk, Ops::R).multiple(),
                R::new(112, "Drop Sensor Info", Objlnk, Ops::R).multiple(),
            ]
        },
    ),
    ObjectDef::new(
        10357,
        "PM",
        const {
            &[
                R::new(100, "Robot PM", Objlnk, Ops::R).mandatory(),
                R::new(101, "RCU PM", Objlnk, Ops::R).mandatory(),
                R::new(102, "CCU PM", Objlnk, Ops::R).multiple(),
                R::new(103, "SCA PM", Objlnk, Ops::R).multiple(),
            ]
        },
    ),
    ObjectDef::new(
        10358,
        "Fan PM",
        const {
            &[
                R::new(1, "Fan Name", String, Ops::R).mandatory(),
                R::new(609, "Fan Speed", Integer, Ops::R).unit("1/min"),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10359,
        "Lock",
        const {
            &[
                R::new(1, "Lock Name", String, Ops::R).mandatory(),
                R::new(50, "Lock Status", Boolean, Ops::R),
                R::new(100, "Lock Control", Executable, Ops::E).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10360,
        "Ultrasonic Sensor",
        const {
            &[
                R::new(1, "Name", String, Ops::R).mandatory(),
                R::new(50, "Status", Integer, Ops::R).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10361,
        "Collision Sensor",
        const {
            &[
                R::new(1, "Name", String, Ops::R).mandatory(),
                R::new(50, "Status", Integer, Ops::R).mandatory(),
                R::new(51, "Collision Detection", Boolean, Ops::R),
                R::new(100, "Collision Detection Control", Executable, Ops::E).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10362,
        "Drop Sensor",
        const {
            &[
                R::new(1, "Name", String, Ops::R).mandatory(),
                R::new(50, "Status", Integer, Ops::R).mandatory(),
                R::new(51, "Drop Detection", Boolean, Ops::R),
                R::new(100, "Drop Detection Control", Executable, Ops::E).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10363,
        "Temperature Sensor",
        const { &[R::new(50, "Status", Integer, Ops::R).mandatory()] },
    ),
    ObjectDef::new(10364, "Humidity Sensor", const { &[R::new(50, "Status", Integer, Ops::R).mandatory()] }),
    ObjectDef::new(10365, "Gas-Dust Sensor", const { &[R::new(50, "Status", Integer, Ops::R).mandatory()] }),
    ObjectDef::new(10366, "Fan", const { &[R::new(1, "Fan Name", String, Ops::R).mandatory()] }).multiple(),
    ObjectDef::new(
        10368,
        "SpringMotor",
        const {
            &[
                R::new(1, "SpringMotor Name", String, Ops::R).mandatory(),
                R::new(5905, "Host Device Manufacturer", String, Ops::R),
                R::new(5906, "Host Device Model Number", String, Ops::R),
                R::new(5907, "Host Device Unique ID", String, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10369,
        "MCU",
        const {
            &[
                R::new(5905, "Host Device Manufacturer", String, Ops::R),
                R::new(5906, "Host Device Model Number", String, Ops::R),
                R::new(5907, "Host Device Unique ID", String, Ops::R),
            ]
        },
    ),
];

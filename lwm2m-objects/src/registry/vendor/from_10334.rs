//! Objects 10334 to 10350.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        10334,
        "Robot Alarm",
        const {
            &[
                R::new(1, "Entity", String, Ops::R).mandatory().range(4, 63),
                R::new(2, "Probable Cause", Integer, Ops::R).mandatory().range(0, 65535),
                R::new(3, "Specific Problem", String, Ops::R).mandatory(),
                R::new(4, "Alarm Type", Integer, Ops::R).mandatory().range(2, 6),
                R::new(5, "Severity", Integer, Ops::R).mandatory().range(1, 5),
                R::new(6, "Report Time", Time, Ops::R).mandatory(),
                R::new(7, "Sequence No", Integer, Ops::R).mandatory().range(0, 9223372036854775807),
                R::new(8, "Additional Info", String, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10335,
        "Event",
        const {
            &[
                R::new(1, "Entity", String, Ops::R).mandatory().range(4, 63),
                R::new(2, "Event Type", Integer, Ops::R).mandatory().range(0, 65535),
                R::new(3, "Time", Time, Ops::R).mandatory(),
                R::new(4, "Sequence No", Integer, Ops::R).mandatory().range(0, 9223372036854775807),
                R::new(5, "Additional Info", String, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10336,
        "MIC",
        const {
            &[
                R::new(5905, "Host Device Manufacturer", String, Ops::R),
                R::new(5906, "Host Device Model Number", String, Ops::R),
                R::new(5907, "Host Device Unique ID", String, Ops::R),
            ]
        },
    ),
    ObjectDef::new(
        10337,
        "SCA",
        const {
            &[
                R::new(1, "SCA Name", String, Ops::R).mandatory(),
                R::new(100, "SCA Motion Status", Integer, Ops::R).range(0, 2),
                R::new(200, "SCA Motion Control", Executable, Ops::E),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10338,
        "Speaker",
        const {
            &[
                R::new(1, "Speaker status", Boolean, Ops::R).mandatory(),
                R::new(2, "Voice Warning", Boolean, Ops::R).mandatory(),
                R::new(100, "Voice Control", Executable, Ops::E).mandatory(),
                R::new(101, "Voice Warning Control", Executable, Ops::E).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        10339,
        "Tripod Head",
        const {
            &[
                R::new(100, "Tripod Direction Control", Executable, Ops::E),
                R::new(101, "Tripod Automatic Control", Executable, Ops::E),
                R::new(102, "Tripod Reset", Executable, Ops::E),
                R::new(5905, "Host Device Manufacturer", String, Ops::R),
                R::new(5906, "Host Device Model Number", String, Ops::R),
                R::new(5907, "Host Device Unique ID", String, Ops::R),
            ]
        },
    ),
    ObjectDef::new(
        10340,
        "Camera",
        const {
            &[
                R::new(1, "Camera Name", String, Ops::R).mandatory(),
                R::new(2, "Camera Status", Boolean, Ops::R).mandatory(),
                R::new(3, "Connection Status", Boolean, Ops::R).mandatory(),
                R::new(4, "Working Status", Integer, Ops::R).mandatory().range(0, 15),
                R::new(5, "Local Recording", Boolean, Ops::R).mandatory(),
                R::new(6, "Image Matting", Boolean, Ops::R).mandatory(),
                R::new(7, "Camera Snapshot", Boolean, Ops::R).mandatory(),
                R::new(8, "Camera Recording", Boolean, Ops::R).mandatory(),
                R::new(100, "Camera Control", Executable, Ops::E).mandatory(),
                R::new(101, "Local Recording Control", Executable, Ops::E).mandatory(),
                R::new(102, "Image Matting Control", Executable, Ops::E).mandatory(),
                R::new(103, "Camera Snapshot Control", Executable, Ops::E).mandatory(),
                R::new(104, "Camera Recording Control", Executable, Ops::E).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10341,
        "GPS",
        const {
            &[
                R::new(5905, "Host Device Manufacturer", String, Ops::R),
                R::new(5906, "Host Device Model Number", String, Ops::R),
                R::new(5907, "Host Device Unique ID", String, Ops::R),
            ]
        },
    ),
    ObjectDef::new(
        10342,
        "IMU",
        const {
            &[
                R::new(5905, "Host Device Manufacturer", String, Ops::R),
                R::new(5906, "Host Device Model Number", String, Ops::R),
                R::new(5907, "Host Device Unique ID", String, Ops::R),
            ]
        },
    ),
    ObjectDef::new(
        10343,
        "LiDAR",
        const {
            &[
                R::new(1, "LiDAR Name", String, Ops::R).mandatory(),
                R::new(5905, "Host Device Manufacturer", String, Ops::R),
                R::new(5906, "Host Device Model Number", String, Ops::R),
                R::new(5907, "Host Device Unique ID", String, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10344,
        "Arm",
        const {
            &[
                R::new(1, "Arm Name", String, Ops::R).mandatory(),
                R::new(5905, "Host Device Manufacturer", String, Ops::R),
                R::new(5906, "Host Device Model Number", String, Ops::R),
                R::new(5907, "Host Device Unique ID", String, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10345,
        "Leg",
        const {
            &[
                R::new(1, "Leg Name", String, Ops::R).mandatory(),
                R::new(5905, "Host Device Manufacturer", String, Ops::R),
                R::new(5906, "Host Device Model Number", String, Ops::R),
                R::new(5907, "Host Device Unique ID", String, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10346,
        "Servomotor",
        const {
            &[
                R::new(1, "Servomotor Name", String, Ops::R).mandatory(),
                R::new(5905, "Host Device Manufacturer", String, Ops::R),
                R::new(5906, "Host Device Model Number", String, Ops::R),
                R::new(5907, "Host Device Unique ID", String, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10347,
        "Screen",
        const {
            &[
                R::new(1, "Screen Status", Boolean, Ops::R).mandatory(),
                R::new(2, "Startup Page", String, Ops::R),
                R::new(3, "Current Displaying Page or Current Screen Play List", String, Ops::R),
                R::new(100, "Screen Control", Executable, Ops::E).mandatory(),
                R::new(101, "Startup Page Set", Executable, Ops::E).mandatory(),
                R::new(102, "Screen Page Set", Executable, Ops::E).mandatory(),
                R::new(103, "Screen Play List Set", Executable, Ops::E).mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        10348,
        "Wheel",
        const {
            &[
                R::new(1, "Wheel Name", String, Ops::R).mandatory(),
                R::new(5905, "Host Device Manufacturer", String, Ops::R),
                R::new(5906, "Host Device Model Number", String, Ops::R),
                R::new(5907, "Host Device Unique ID", String, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10349,
        "Chassis",
        const {
            &[
                R::new(5905, "Host Device Manufacturer", String, Ops::R),
                R::new(5906, "Host Device Model Number", String, Ops::R),
                R::new(5907, "Host Device Unique ID", String, Ops::R),
            ]
        },
    ),
    ObjectDef::new(
        10350,
        "Light",
        const {
            &[
                R::new(1, "Light Name", String, Ops::R).mandatory(),
                R::new(2, "Light Status", Boolean, Ops::R).mandatory(),
                R::new(100, "Light Control", Executable, Ops::E).mandatory(),
            ]
        },
    )
    .multiple(),
];

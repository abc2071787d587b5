//! Objects 10326 to 10333.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        10326,
        "Robot PM",
        const {
            &[
                R::new(51, "Battery Level", Integer, Ops::R).mandatory().range(0, 100).unit("/100"),
                R::new(300, "Battery Temperature", Integer, Ops::R).mandatory().unit("Cel"),
                R::new(301, "Temperature", Float, Ops::R).unit("Cel"),
                R::new(302, "Humidity", Integer, Ops::R).range(0, 100).unit("/100"),
                R::new(303, "PM2.5", Integer, Ops::R).unit("ug/m3"),
                R::new(304, "Smog", Float, Ops::R).unit("ug/m3"),
                R::new(305, "CO", Float, Ops::R).unit("ppm"),
                R::new(306, "CO2", Float, Ops::R).unit("ppm"),
                R::new(307, "PM10", Integer, Ops::R).unit("ug/m3"),
                R::new(601, "Speed", Float, Ops::R).unit("m/h"),
                R::new(602, "Water Used", Integer, Ops::R).range(0, 100).unit("/100"),
                R::new(603, "Dust Box Used", Integer, Ops::R).range(0, 100).unit("/100"),
                R::new(604, "Obstacle Distance", Integer, Ops::R).unit("cm"),
                R::new(607, "Robot Temperate", Float, Ops::R).unit("Cel"),
                R::new(608, "Confidence Index", Integer, Ops::R).range(0, 100).unit("/100"),
                R::new(1101, "Data Traffic Used", Float, Ops::R).mandatory().unit("Mbit/s"),
                R::new(1102, "Images Handled", Integer, Ops::R),
                R::new(1103, "HARI S-Voice Requests", Integer, Ops::R),
                R::new(1104, "HARI S-Vision Requests", Integer, Ops::R),
                R::new(1105, "HARI S-Motion Requests", Integer, Ops::R),
                R::new(1106, "HARI S-Map Requests", Integer, Ops::R),
                R::new(1107, "Successful HARI S-Voice Requests", Integer, Ops::R),
                R::new(1108, "Successful HARI S-Vision Requests", Integer, Ops::R),
                R::new(1109, "Successful HARI S-Motion Requests", Integer, Ops::R),
                R::new(1110, "Successful HARI S-Map Requests", Integer, Ops::R),
                R::new(1111, "Questions Answered", Integer, Ops::R),
                R::new(1112, "Unknown Questions", Integer, Ops::R),
                R::new(1113, "Mileage", Integer, Ops::R).unit("m"),
                R::new(1114, "Cleaned Times", Integer, Ops::R),
                R::new(1115, "Cleaned Area", Float, Ops::R).unit("m2"),
                R::new(1116, "Cleaned Time", Integer, Ops::R).unit("s"),
                R::new(1117, "ASR Recognized", Integer, Ops::R).unit("B"),
                R::new(1118, "Incorrect ASR Recognitions", Integer, Ops::R).unit("B"),
                R::new(1119, "Tried TTS Texts", Integer, Ops::R).unit("B"),
                R::new(1120, "Successful TTS Texts", Integer, Ops::R).unit("B"),
                R::new(1121, "ASR Recognized (CH)", Integer, Ops::R).unit("B"),
                R::new(1122, "Tried TTS Texts (CH)", Integer, Ops::R).unit("B"),
                R::new(1123, "Successful TTS Texts (CH)", Integer, Ops::R).unit("B"),
                R::new(1124, "ASR Recognized (EN)", Integer, Ops::R).unit("B"),
                R::new(1125, "Tried TTS Texts (EN)", Integer, Ops::R).unit("B"),
                R::new(1126, "Successful TTS Texts (EN)", Integer, Ops::R).unit("B"),
                R::new(1127, "ASR Recognized (ES)", Integer, Ops::R).unit("B"),
                R::new(1128, "Tried TTS Texts (ES)", Integer, Ops::R).unit("B"),
                R::new(1129, "Successful TTS Texts (ES)", Integer, Ops::R).unit("B"),
                R::new(1130, "ASR Recognized (JA)", Integer, Ops::R).unit("B"),
                R::new(1131, "Tried TTS Texts (JA)", Integer, Ops::R).unit("B"),
                R::new(1132, "Successful TTS Texts (JA)", Integer, Ops::R).unit("B"),
                R::new(1133, "ASR Recognized (SCCH)", Integer, Ops::R).unit("B"),
                R::new(1134, "Tried TTS Texts (SCCH)", Integer, Ops::R).unit("B"),
                R::new(1135, "Successful TTS Texts (SCCH)", Integer, Ops::R).unit("B"),
                R::new(1136, "ASR Recognized (GDCH)", Integer, Ops::R).unit("B"),
                R::new(1137, "Tried TTS Texts (GDCH)", Integer, Ops::R).unit("B"),
                R::new(1138, "Successful TTS Texts (GDCH)", Integer, Ops::R).unit("B"),
                R::new(1139, "ASR Recognized (TCH)", Integer, Ops::R).unit("B"),
                R::new(1140, "Tried TTS Texts (TCH)", Integer, Ops::R).unit("B"),
                R::new(1141, "Successful TTS Texts (TCH)", Integer, Ops::R).unit("B"),
                R::new(1501, "Objects Recognition Tries", Integer, Ops::R),
                R::new(1502, "Successful Object Recognition", Integer, Ops::R),
                R::new(1503, "Face Recognition Tries", Integer, Ops::R),
                R::new(1504, "Successful Face Recognitions", Integer, Ops::R),
                R::new(1505, "Vehicle Plate Recognition Tries", Integer, Ops::R),
                R::new(1506, "Successful Vehicle Plate Recognitions", Integer, Ops::R),
                R::new(1507, "Tasks Assigned", Integer, Ops::R).mandatory(),
                R::new(1508, "Successful Tasks Executed", Integer, Ops::R).mandatory(),
                R::new(1509, "Images Uploaded", Integer, Ops::R),
                R::new(1510, "Videos Uploaded", Integer, Ops::R),
                R::new(1511, "Images Matted", Integer, Ops::R),
            ]
        },
    )
    .mandatory(),
    ObjectDef::new(
        10327,
        "Compressor",
        const {
            &[
                R::new(1, "Compressor Name", String, Ops::R).mandatory(),
                R::new(50, "Compressor Status", Boolean, Ops::R).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10328,
        "SCA PM",
        const {
            &[
                R::new(1, "SCA Name", String, Ops::R).mandatory(),
                R::new(605, "SCA Current", Float, Ops::R).mandatory().unit("A"),
                R::new(606, "SCA Temperate", Float, Ops::R).mandatory().unit("Cel"),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10329,
        "Robot Control",
        const {
            &[
                R::new(1, "Collision Detection", Boolean, Ops::R),
                R::new(2, "Drop Detection", Boolean, Ops::R),
                R::new(3, "Automatic Navigation", Boolean, Ops::R),
                R::new(100, "Robot Shutdown", Executable, Ops::E).mandatory(),
                R::new(101, "Robot Reboot", Executable, Ops::E).mandatory(),
                R::new(102, "Robot Reset", Executable, Ops::E).mandatory(),
                R::new(103, "Robot Wakeup", Executable, Ops::E).mandatory(),
                R::new(104, "Robot Sleep", Executable, Ops::E).mandatory(),
                R::new(105, "Robot Self-checking", Executable, Ops::E).mandatory(),
                R::new(106, "Emergency Braking", Executable, Ops::E).mandatory(),
                R::new(107, "Emergency Braking Release", Executable, Ops::E).mandatory(),
                R::new(110, "Action Execution", Executable, Ops::E),
                R::new(111, "Action List Upload", Executable, Ops::E),
                R::new(112, "Action List Download", Executable, Ops::E),
                R::new(113, "Group Dancing Program Control", Executable, Ops::E),
                R::new(114, "Navigation Map Upload", Executable, Ops::E),
                R::new(115, "Group Dancing Program Control", Executable, Ops::E),
                R::new(116, "Navigation Map Download", Executable, Ops::E),
                R::new(117, "Route list Execution", Executable, Ops::E),
                R::new(118, "Route list Upload", Executable, Ops::E),
                R::new(119, "Route list Download", Executable, Ops::E),
                R::new(120, "Automatic Navigation Control", Executable, Ops::E),
                R::new(121, "Manual Navigation", Executable, Ops::E),
                R::new(122, "Moving to Charging Station", Executable, Ops::E),
                R::new(123, "Moving to Specified location", Executable, Ops::E),
                R::new(124, "Low Frequency Patrol Broadcasting", Executable, Ops::E),
                R::new(125, "Task Start", Executable, Ops::E),
                R::new(126, "Task Stop", Executable, Ops::E),
                R::new(127, "Task Suspend", Executable, Ops::E),
                R::new(128, "Task Resume", Executable, Ops::E),
                R::new(129, "Video Upload", Executable, Ops::E),
                R::new(130, "Picture Upload", Executable, Ops::E),
                R::new(131, "Default Language Switching", Executable, Ops::E),
                R::new(132, "Intonation Change", Executable, Ops::E),
                R::new(133, "Intonation Change", Executable, Ops::E),
                R::new(134, "Speaking with Action", Executable, Ops::E),
                R::new(135, "Collision Detection Control", Executable, Ops::E).mandatory(),
                R::new(136, "Drop Detection Control", Executable, Ops::E).mandatory(),
            ]
        },
    )
    .mandatory(),
    ObjectDef::new(
        10330,
        "Network Info",
        const {
            &[
                R::new(1, "IMEI", String, Ops::R).mandatory(),
                R::new(2, "IMSI", String, Ops::R).mandatory(),
                R::new(3, "Radio Connectivity", Objlnk, Ops::R).mandatory(),
                R::new(4, "GPS Signal Status", Integer, Ops::R).range(1, 4),
                R::new(5, "VBN Connection Status", Integer, Ops::R).mandatory().range(0, 1),
                R::new(6, "HARI Connection Status", Integer, Ops::R).mandatory().range(0, 1),
                R::new(7, "CCU Connection Status", Integer, Ops::R).multiple().range(0, 1),
            ]
        },
    )
    .mandatory(),
    ObjectDef::new(
        10331,
        "Robot Service Info",
        const {
            &[
                R::new(1, "Current status", String, Ops::R).mandatory().range(0, 127),
                R::new(2, "Services Providing", String, Ops::R).range(0, 127),
                R::new(3, "Advertising Contents", String, Ops::R).mandatory(),
                R::new(4, "Current Language", String, Ops::R).range(0, 127),
                R::new(5, "Volume", String, Ops::R).range(0, 100).unit("/100"),
                R::new(6, "Moving Status", Integer, Ops::R).range(0, 2),
                R::new(7, "Moving Speed", Float, Ops::R).unit("m/h"),
                R::new(8, "Location", Objlnk, Ops::R),
                R::new(9, "Map List", String, Ops::R),
                R::new(10, "Planned Route list", String, Ops::R),
                R::new(11, "Current Route", String, Ops::R),
                R::new(12, "Route to-do List", String, Ops::R),
                R::new(13, "Synchronous Whistle", Boolean, Ops::R).mandatory(),
                R::new(14, "Current Actions", String, Ops::R),
                R::new(15, "ASR Type", Integer, Ops::R).range(0, 2),
                R::new(50, "TTS Vendor", String, Ops::R),
                R::new(51, "TTS Speaker", String, Ops::R),
            ]
        },
    )
    .mandatory(),
    ObjectDef::new(
        10332,
        "Robot Selfcheck Info",
        const {
            &[
                R::new(1, "Entity", String, Ops::R).mandatory().range(4, 63),
                R::new(2, "Status", Integer, Ops::R).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10333,
        "PM Threshold",
        const {
            &[
                R::new(1, "Entity", String, Ops::RW).multiple().mandatory().range(4, 63),
                R::new(2, "Performance Type", String, Ops::RW).multiple().mandatory(),
                R::new(3, "High Threshold", Float, Ops::RW).multiple().mandatory(),
                R::new(4, "Low Threshold", Float, Ops::RW).multiple().mandatory(),
            ]
        },
    ),
];

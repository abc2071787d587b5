//! Objects 28 to 508.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        28,
        "Device RF Capabilities",
        const {
            &[
                R::new(0, "Supported LTE Band Information", Integer, Ops::R),
                R::new(1, "Supported EGPRS Band Information", Integer, Ops::R),
                R::new(2, "Supported TD-SCDMA Band Information", Integer, Ops::R),
                R::new(3, "Supported WCDMA Band Information", Integer, Ops::R),
                R::new(4, "Supported CDMA-2000 Band Information", Integer, Ops::R),
                R::new(5, "Supported WiMAX Band Information", Integer, Ops::R),
                R::new(6, "Supported NB-IoT Band Information", Integer, Ops::R),
                R::new(7, "Supported 5G Band Information", Integer, Ops::R),
            ]
        },
    ),
    ObjectDef::new(
        500,
        "CoAP Config",
        const {
            &[
                R::new(0, "Network Bearer", Integer, Ops::RW).mandatory().range(0, 255),
                R::new(1, "ACK_TIMEOUT", Integer, Ops::RW).mandatory().unit("s"),
                R::new(2, "ACK_RANDOM_FACTOR", Float, Ops::RW).mandatory(),
                R::new(3, "MAX_RETRANSMIT", Integer, Ops::RW).mandatory(),
                R::new(4, "NSTART", Integer, Ops::RW).mandatory(),
                R::new(5, "DEFAULT_LEISURE", Integer, Ops::RW).unit("s"),
                R::new(6, "PROBING_RATE", Integer, Ops::RW).unit("B/s"),
                R::new(7, "DTLS Retransmission Timer", Integer, Ops::RW).unit("s"),
                R::new(8, "Max Response Waiting Time", Integer, Ops::RW),
                R::new(9, "Apply", Executable, Ops::E),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        501,
        "LTE-MTC Band Config",
        const {
            &[
                R::new(1, "EARFCN", Integer, Ops::RW).mandatory().range(0, 65535),
                R::new(2, "Current Frequency (Downlink)", Float, Ops::R).mandatory().unit("MHz"),
                R::new(3, "Current Frequency (Uplink)", Float, Ops::R).unit("MHz"),
                R::new(4, "Prioritized Channels", Integer, Ops::RW).multiple().mandatory(),
                R::new(5, "Reset Timeout", Float, Ops::RW).mandatory().unit("s"),
                R::new(6, "Reset", Executable, Ops::E).mandatory(),
                R::new(48, "Vendor specific extensions", Objlnk, Ops::R),
                R::new(5750, "Application Type", String, Ops::RW),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        502,
        "CO Detector",
        const {
            &[
                R::new(0, "CO Sensor Location Tag", String, Ops::RW),
                R::new(1, "CO Detected", Boolean, Ops::R).mandatory(),
                R::new(2, "Ambient CO Value", Float, Ops::RW).float_range(0.0, 12800.0).unit("ppm"),
                R::new(3, "CO Value", Float, Ops::R).mandatory().float_range(0.0, 12800.0).unit("ppm"),
                R::new(4, "Min CO Range Value", Float, Ops::R).float_range(0.0, 12800.0).unit("ppm"),
                R::new(5, "Max CO Range Value", Float, Ops::R).float_range(0.0, 12800.0).unit("ppm"),
                R::new(6, "CO Detection Accuracy", Float, Ops::R).float_range(0.0, 12800.0).unit("ppm"),
                R::new(7, "Minimum Measured CO Value", Float, Ops::R).float_range(0.0, 12800.0).unit("ppm"),
                R::new(8, "Maximum Measured CO Value", Float, Ops::R).float_range(0.0, 12800.0).unit("ppm"),
                R::new(9, "Upper CO Threshold", Float, Ops::RW).float_range(0.0, 12800.0).unit("ppm"),
                R::new(10, "Reset", Executable, Ops::E),
                R::new(5514, "Latitude", String, Ops::R),
                R::new(5515, "Longitude", String, Ops::R),
                R::new(6039, "Altitude", Float, Ops::R).unit("m"),
                R::new(6044, "Battery Percentage", Float, Ops::R).float_range(0.0, 100.0),
                R::new(6048, "Alarm loudness", Float, Ops::R).unit("dB"),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        503,
        "Fire Alarm",
        const {
            &[
                R::new(0, "Temperature Sensor Location Tag", String, Ops::RW),
                R::new(1, "Temperature Unit", Integer, Ops::RW).mandatory(),
                R::new(2, "Ambient Temperature", Float, Ops::RW),
                R::new(3, "Temperature Value", Float, Ops::R).mandatory(),
                R::new(4, "Minimum Measured Temperature Value", Float, Ops::R),
                R::new(5, "Maximum Measured Temperature Value", Float, Ops::R),
                R::new(6, "Min Temperature Range Value", Float, Ops::RW),
                R::new(7, "Max Temperature Range Value", Float, Ops::RW),
                R::new(8, "Lower Temperature Accuracy", Float, Ops::RW),
                R::new(9, "Upper Temperature Accuracy", Float, Ops::RW),
                R::new(10, "Temperature Threshold", Float, Ops::RW),
                R::new(11, "Temperature Sensor Error", Boolean, Ops::R),
                R::new(12, "Reset Temperature", Executable, Ops::E),
                R::new(13, "Temperature Alarm Loudness", Float, Ops::RW).unit("dB"),
                R::new(14, "Humidity Sensor Location Tag", String, Ops::RW),
                R::new(15, "Ambient Relative Humidity", Float, Ops::RW).float_range(0.0, 100.0).unit("%RH"),
                R::new(16, "Humidity Value", Float, Ops::R).mandatory().float_range(0.0, 100.0).unit("/100"),
                R::new(17, "Minimum Measured Humidity Value", Float, Ops::R)
                    .float_range(0.0, 100.0)
                    .unit("/100"),
                R::new(18, "Maximum Measured Humidity Value", Float, Ops::R)
                    .float_range(0.0, 100.0)
                    .unit("/100"),
                R::new(19, "Humidity Accuracy", Float, Ops::RW).float_range(0.0, 100.0).unit("/100"),
                R::new(20, "Humidity Threshold", Float, Ops::RW).float_range(0.0, 100.0).unit("/100"),
                R::new(21, "Humidity Sensor Error", Boolean, Ops::R),
                R::new(22, "Reset Humidity", Executable, Ops::E),
                R::new(23, "Humidity Alarm Loudness", Float, Ops::RW).unit("dB"),
                R::new(24, "Smoke Sensor Location Tag", String, Ops::RW),
                R::new(25, "CO2 Alarm State", Boolean, Ops::R).mandatory(),
                R::new(26, "Ambient CO2 Value", Float, Ops::R).unit("ppm"),
                R::new(27, "CO2 Value", Float, Ops::R).mandatory().unit("ppm"),
                R::new(28, "Minimum Measured CO2 Value", Float, Ops::R).unit("ppm"),
                R::new(29, "Maximum Measured CO2 Value", Float, Ops::R).unit("ppm"),
                R::new(30, "CO2 Threshold", Float, Ops::RW).unit("ppm"),
                R::new(31, "Smoke Sensor Error", Boolean, Ops::R),
                R::new(32, "Reset Smoke Detection", Executable, Ops::E),
                R::new(33, "Smoke Alarm Loudness", Float, Ops::R).unit("dB"),
                R::new(5514, "Latitude", String, Ops::R),
                R::new(5515, "Longitude", String, Ops::R),
                R::new(6039, "Altitude", Float, Ops::R).unit("m"),
                R::new(6044, "Battery Percentage", Float, Ops::R).float_range(0.0, 100.0),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        504,
        "Remote SIM Provisioning",
        const {
            &[
                R::new(0, "Current SIM Type", Integer, Ops::R).mandatory().range(0, 3),
                R::new(1, "Supported SIM Type", Integer, Ops::R).multiple().mandatory().range(0, 3),
                R::new(2, "Service Provider Name", String, Ops::R),
                R::new(3, "Download URI/Information", String, Ops::RW).range(0, 255),
                R::new(4, "RSP Update", Executable, Ops::E),
                R::new(5, "RSP Update State", Integer, Ops::R).range(0, 10),
                R::new(6, "RSP Update Result", Integer, Ops::R).range(0, 16),
                R::new(7, "Profile Name", String, Ops::R).range(0, 255),
                R::new(8, "Profile Package Version", String, Ops::R).range(0, 255),
                R::new(9, "Free Memory on SIM", Integer, Ops::R).unit("KiB"),
                R::new(10, "Total Memory on SIM", Integer, Ops::R).unit("KiB"),
                R::new(11, "Integrated Circuit Card Identifier (ICCID)", String, Ops::R)
                    .multiple()
                    .mandatory(),
                R::new(12, "eUICC ID", String, Ops::R),
                R::new(13, "RSP Type", Integer, Ops::R).mandatory(),
                R::new(14, "Selected ICCID for RSP operation", String, Ops::RW),
                R::new(15, "RSP Consent Reason", String, Ops::R),
                R::new(16, "RSP User Consent", Integer, Ops::W).range(0, 1),
                R::new(17, "RSP Confirmation Code", String, Ops::W),
                R::new(18, "RSP Data Type", Integer, Ops::RW).range(0, 17),
                R::new(19, "Set RSP Data", Opaque, Ops::W),
                R::new(20, "Get RSP Data", Opaque, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        505,
        "LwM2M SIM Provisioning",
        const {
            &[
                R::new(0, "Current SIM Type", Integer, Ops::R).mandatory().range(0, 3),
                R::new(1, "Supported SIM Type", Integer, Ops::R).multiple().mandatory().range(0, 3),
                R::new(2, "Service Provider Name", String, Ops::R).mandatory(),
                R::new(3, "Profile Package", Opaque, Ops::W),
                R::new(4, "Profile URI", String, Ops::RW).range(0, 255),
                R::new(5, "Update Profile", Executable, Ops::E),
                R::new(6, "Update State", Integer, Ops::R).mandatory().range(0, 3),
                R::new(7, "Update Result", Integer, Ops::R).mandatory().range(0, 8),
                R::new(8, "Profile Name", String, Ops::R).range(0, 255),
                R::new(9, "Profile Package Version", String, Ops::R).range(0, 255),
                R::new(10, "Profile Update Protocol Support", Integer, Ops::R).multiple().range(0, 3),
                R::new(11, "Profile Update Delivery Method", Integer, Ops::R).mandatory().range(0, 2),
                R::new(12, "Free Memory on SIM", Integer, Ops::R).unit("KiB"),
                R::new(13, "Total Memory on SIM", Integer, Ops::R).unit("KiB"),
                R::new(14, "Integrated Circuit Card Identifier (ICCID)", Integer, Ops::R).multiple(),
                R::new(15, "eUICC ID", String, Ops::R),
                R::new(16, "Profile Type", String, Ops::R),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        507,
        "nuSIM Profile",
        const {
            &[
                R::new(0, "encP", String, Ops::RW).mandatory(),
                R::new(1, "mac", String, Ops::RW).mandatory(),
                R::new(2, "eKpubDP", String, Ops::RW).mandatory(),
                R::new(3, "SigEKpubDP", String, Ops::RW).mandatory(),
                R::new(4, "KpubDP", String, Ops::RW).mandatory(),
                R::new(5, "SigKpubDP", String, Ops::RW).mandatory(),
                R::new(6, "KpubCl", String, Ops::RW).mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        508,
        "nuSIM",
        const {
            &[
                R::new(0, "EID", String, Ops::R).mandatory(),
                R::new(1, "ICCID", String, Ops::R).mandatory(),
                R::new(2, "nuSIM Capabilities", Opaque, Ops::R).mandatory(),
                R::new(3, "nuSIM Cert", String, Ops::R),
                R::new(4, "nuSIM Profile", Objlnk, Ops::RW).mandatory(),
                R::new(5, "Load Profile", Executable, Ops::E).mandatory(),
                R::new(6, "Load Profile Result", Integer, Ops::R).mandatory().range(0, 255),
            ]
        },
    ),
];

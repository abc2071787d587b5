//! Objects 10241 to 10248.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Interval, Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        10241,
        "HostDeviceInfo",
        const {
            &[
                R::new(5905, "Host Device Manufacturer", String, Ops::R).multiple().mandatory(),
                R::new(5906, "Host Device Model Number", String, Ops::R).multiple().mandatory(),
                R::new(5907, "Host Device Unique ID", String, Ops::R).multiple().mandatory(),
                R::new(5908, "Host Device Software Version", String, Ops::R).multiple().mandatory(),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10242,
        "3-Phase Power Meter",
        const {
            &[
                R::new(0, "Manufacturer", String, Ops::R),
                R::new(1, "Model Number", String, Ops::R),
                R::new(2, "Serial Number", String, Ops::R),
                R::new(3, "Description", String, Ops::R),
                R::new(4, "Tension R", Float, Ops::R).mandatory().unit("V"),
                R::new(5, "Current R", Float, Ops::R).mandatory().unit("A"),
                R::new(6, "Active Power R", Float, Ops::R).unit("kW"),
                R::new(7, "Reactive Power R", Float, Ops::R).unit("kvar"),
                R::new(8, "Inductive Reactive Power R", Float, Ops::R).unit("kvar"),
                R::new(9, "Capacitive Reactive Power R", Float, Ops::R).unit("kvar"),
                R::new(10, "Apparent Power R", Float, Ops::R).unit("kVA"),
                R::new(11, "Power Factor R", Float, Ops::R).float_range(-1.0, 1.0),
                R::new(12, "THD-V R", Float, Ops::R).unit("/100"),
                R::new(13, "THD-A R", Float, Ops::R).unit("/100"),
                R::new(14, "Tension S", Float, Ops::R).mandatory().unit("V"),
                R::new(15, "Current S", Float, Ops::R).mandatory().unit("A"),
                R::new(16, "Active Power S", Float, Ops::R).unit("kW"),
                R::new(17, "Reactive Power S", Float, Ops::R).unit("kvar"),
                R::new(18, "Inductive Reactive Power S", Float, Ops::R).unit("kvar"),
                R::new(19, "Capacitive Reactive Power S", Float, Ops::R).unit("kvar"),
                R::new(20, "Apparent Power S", Float, Ops::R).unit("kVA"),
                R::new(21, "Power Factor S", Float, Ops::R).float_range(-1.0, 1.0),
                R::new(22, "THD-V S", Float, Ops::R).unit("/100"),
                R::new(23, "THD-A S", Float, Ops::R).unit("/100"),
                R::new(24, "Tension T", Float, Ops::R).mandatory().unit("V"),
                R::new(25, "Current T", Float, Ops::R).mandatory().unit("A"),
                R::new(26, "Active Power T", Float, Ops::R).unit("kW"),
                R::new(27, "Reactive Power T", Float, Ops::R).unit("kvar"),
                R::new(28, "Inductive Reactive Power T", Float, Ops::R).unit("kvar"),
                R::new(29, "Capacitive Reactive Power T", Float, Ops::R).unit("kvar"),
                R::new(30, "Apparent Power T", Float, Ops::R).unit("kVA"),
                R::new(31, "Power Factor T", Float, Ops::R).float_range(-1.0, 1.0),
                R::new(32, "THD-V T", Float, Ops::R).unit("/100"),
                R::new(33, "THD-A T", Float, Ops::R).unit("/100"),
                R::new(34, "3-Phase Active Power", Float, Ops::R).unit("kW"),
                R::new(35, "3-Phase Reactive Power", Float, Ops::R).unit("kvar"),
                R::new(36, "3-Phase Inductive Reactive Power", Float, Ops::R).unit("kvar"),
                R::new(37, "3-Phase Capacitive Reactive Power", Float, Ops::R).unit("kvar"),
                R::new(38, "3-Phase Apparent Power", Float, Ops::R).unit("kVA"),
                R::new(39, "3-Phase Power Factor", Float, Ops::R).float_range(-1.0, 1.0),
                R::new(40, "3-Phase phi cosine", Float, Ops::R).float_range(-1.0, 1.0),
                R::new(41, "Active Energy", Float, Ops::R).unit("kWh"),
                R::new(42, "Reactive Energy", Float, Ops::R).unit("kvarh"),
                R::new(43, "Inductive Reactive Energy", Float, Ops::R).unit("kvarh"),
                R::new(44, "Capacitive Reactive Energy", Float, Ops::R).unit("kvarh"),
                R::new(45, "Apparent Energy", Float, Ops::R).unit("kVAh"),
                R::new(46, "Tension R-S", Float, Ops::R).unit("V"),
                R::new(47, "Tension S-T", Float, Ops::R).unit("V"),
                R::new(48, "Tension T-R", Float, Ops::R).unit("V"),
                R::new(49, "Frequency", Float, Ops::R).unit("Hz"),
                R::new(50, "Neutral Current", Float, Ops::R).unit("A"),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10243,
        "Single-Phase Power Meter",
        const {
            &[
                R::new(0, "Manufacturer", String, Ops::R),
                R::new(1, "Model Number", String, Ops::R),
                R::new(2, "Serial Number", String, Ops::R),
                R::new(3, "Description", String, Ops::R),
                R::new(4, "Tension", Float, Ops::R).mandatory().unit("V"),
                R::new(5, "Current", Float, Ops::R).mandatory().unit("A"),
                R::new(6, "Active Power", Float, Ops::R).unit("kW"),
                R::new(7, "Reactive Power", Float, Ops::R).unit("kvar"),
                R::new(8, "Inductive Reactive Power", Float, Ops::R).unit("kvar"),
                R::new(9, "Capacitive Reactive Power", Float, Ops::R).unit("kvar"),
                R::new(10, "Apparent Power", Float, Ops::R).unit("kVA"),
                R::new(11, "Power Factor", Float, Ops::R).float_range(-1.0, 1.0),
                R::new(12, "THD-V", Float, Ops::R).unit("/100"),
                R::new(13, "THD-A", Float, Ops::R).unit("/100"),
                R::new(14, "Active Energy", Float, Ops::R).unit("kWh"),
                R::new(15, "Reactive Energy", Float, Ops::R).unit("kvarh"),
                R::new(16, "Apparent Energy", Float, Ops::R).unit("kVAh"),
                R::new(17, "Frequency", Float, Ops::R).unit("Hz"),
            ]
        },
    )
    .version(2, 0)
    .multiple(),
    ObjectDef::new(
        10244,
        "VehicleControlUnit",
        const {
            &[
                R::new(0, "Vehicle UI State", Integer, Ops::R).mandatory().range(0, 15),
                R::new(1, "Vehicle Speed", Integer, Ops::R).mandatory().unit("km/h"),
                R::new(2, "Vehicle Shift Status", Integer, Ops::R).mandatory().range(0, 3),
                R::new(3, "Vehicle AP Position", Integer, Ops::R).mandatory().range(0, 100).unit("/100"),
                R::new(4, "Vehicle Power", Float, Ops::R).unit("kW"),
                R::new(5, "Vehicle Drive Energy", Float, Ops::R).unit("Wh"),
                R::new(6, "Vehicle Energy Consumption Efficiency", Float, Ops::R).unit("Wh/km"),
                R::new(7, "Vehicle Estimated Mileage", Integer, Ops::R).unit("km"),
                R::new(8, "Vehicle Charge Cable Status", Boolean, Ops::R).mandatory(),
                R::new(9, "Vehicle Charge Status", Integer, Ops::R).mandatory().range(0, 15),
                R::new(10, "Vehicle Charge Voltage", Float, Ops::R).mandatory().unit("V"),
                R::new(11, "Vehicle Charge Current", Float, Ops::R).mandatory().unit("A"),
                R::new(12, "Vehicle Charge Remaining Time", Integer, Ops::R).mandatory().unit("min"),
                R::new(13, "Battery Pack Voltage", Float, Ops::R).mandatory().unit("V"),
                R::new(14, "Battery Pack Current", Float, Ops::R).mandatory().unit("A"),
                R::new(15, "Battery Pack Remaining Capacity", Integer, Ops::R).mandatory().unit("Ah"),
                R::new(16, "Battery Pack SOC", Integer, Ops::R).mandatory().range(0, 100).unit("/100"),
                R::new(17, "Battery Pack SOH", Integer, Ops::R).mandatory().range(0, 100).unit("/100"),
                R::new(18, "Battery Cell MinVolt", Integer, Ops::R).mandatory().unit("mV"),
                R::new(19, "Battery Cell MaxVolt", Integer, Ops::R).mandatory().unit("mV"),
                R::new(20, "Battery Module MinTemp", Integer, Ops::R).mandatory().unit("Cel"),
                R::new(21, "Battery Module MaxTemp", Integer, Ops::R).mandatory().unit("Cel"),
                R::new(22, "Battery Connection Status", Boolean, Ops::R).mandatory(),
                R::new(24, "MCU Voltage", Integer, Ops::R).mandatory().unit("V"),
                R::new(25, "MCU Temperature", Integer, Ops::R).mandatory().unit("Cel"),
                R::new(26, "Motor Speed", Integer, Ops::R).mandatory().unit("1/min"),
                R::new(27, "Motor Temperature", Integer, Ops::R).mandatory().unit("Cel"),
                R::new(28, "Motor OT Warning", Boolean, Ops::R),
                R::new(29, "MCU OT Warning", Boolean, Ops::R),
                R::new(30, "Battery Pack OT Warning", Boolean, Ops::R),
                R::new(31, "MCU fault", Boolean, Ops::R),
                R::new(32, "Motor Error", Boolean, Ops::R),
            ]
        },
    ),
    ObjectDef::new(
        10245,
        "Relay Management",
        const {
            &[
                R::new(0, "eNB Availability", Boolean, Ops::R).mandatory(),
                R::new(1, "GPS Status", Boolean, Ops::R).mandatory(),
                R::new(2, "Orientation", Integer, Ops::R).range(-180, 180).unit("deg"),
                R::new(3, "eNB EARFCN", Integer, Ops::RW).mandatory().range(0, 65535),
                R::new(4, "eNB Bandwidth", Integer, Ops::RW).mandatory().any_of(&[
                    Interval::Integer(5, 5),
                    Interval::Integer(10, 10),
                    Interval::Integer(15, 15),
                    Interval::Integer(20, 20),
                ]),
                R::new(5, "Backhaul Primary EARFCN", Integer, Ops::RW).mandatory().range(0, 65535),
                R::new(6, "Backhaul Secondary EARFCN", Integer, Ops::RW)
                    .multiple()
                    .mandatory()
                    .range(0, 65535),
                R::new(7, "Cumulative Measurement Window", Integer, Ops::RW)
                    .mandatory()
                    .range(0, 65535)
                    .unit("s"),
                R::new(8, "eNB ECI", Integer, Ops::R).mandatory().range(0, 268435455),
                R::new(9, "eNB Status", Boolean, Ops::RW).mandatory(),
                R::new(10, "Enable eNB", Executable, Ops::E).mandatory(),
                R::new(11, "eNB Maximum Power", Integer, Ops::RW).mandatory().range(0, 63).unit("dBm"),
                R::new(12, "Backhaul Primary q-OffsetFreq", Integer, Ops::RW)
                    .mandatory()
                    .range(-24, 24)
                    .unit("dB"),
                R::new(13, "Backhaul Secondary q-OffsetFreq", Integer, Ops::RW)
                    .multiple()
                    .mandatory()
                    .range(-24, 24)
                    .unit("dB"),
                R::new(14, "Neighbour CrowdBox EARFCN", Integer, Ops::RW)
                    .multiple()
                    .mandatory()
                    .range(0, 66635),
                R::new(15, "Neighbour CrowdBox q-OffsetFreq", Integer, Ops::RW)
                    .multiple()
                    .mandatory()
                    .range(-24, 24)
                    .unit("dB"),
                R::new(16, "Serving Macro eNB cellIndividualOffset", Integer, Ops::RW)
                    .mandatory()
                    .range(-24, 24)
                    .unit("dB"),
            ]
        },
    ),
    ObjectDef::new(
        10246,
        "CrowdBox Measurements",
        const {
            &[
                R::new(0, "Serving Cell ID", Integer, Ops::R).mandatory().range(0, 4294967295),
                R::new(1, "Serving Cell RSRP", Integer, Ops::R).mandatory().range(0, 97),
                R::new(2, "Serving Cell RSRQ", Integer, Ops::R).mandatory().range(-30, 46),
                R::new(3, "Serving Cell SINR", Integer, Ops::R).mandatory().range(-10, 30).unit("dB"),
                R::new(4, "Cumulative Backhaul Timing Advance", Integer, Ops::R).range(0, 65535),
                R::new(5, "Neighbour Cell Report", Objlnk, Ops::R).multiple().mandatory(),
            ]
        },
    ),
    ObjectDef::new(
        10247,
        "Neighbour Cell Report",
        const {
            &[
                R::new(0, "Neighbour PCI", Integer, Ops::R).mandatory().range(0, 503),
                R::new(1, "Neighbour Cell ID", Integer, Ops::R).range(0, 4294967295),
                R::new(2, "Neighbour Cell Rank", Integer, Ops::R).mandatory().range(0, 255),
                R::new(3, "Neighbour Cell RSRP", Integer, Ops::R).mandatory().range(0, 97),
                R::new(4, "Neighbour Cell RSRQ", Integer, Ops::R).mandatory().range(-30, 46),
            ]
        },
    )
    .multiple(),
    ObjectDef::new(
        10248,
        "Connected UE Measurements",
        const {
            &[
                R::new(0, "Number of Connected Users", Integer, Ops::R).mandatory().range(0, 255),
                R::new(1, "Cumulative Number of Unique Users", Integer, Ops::R).mandatory().range(0, 65535),
                R::new(2, "Connected UE Report", Objlnk, Ops::R).multiple().mandatory(),
            ]
        },
    ),
];

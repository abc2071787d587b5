//! Objects 3426 to 3432.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Kind::*, ObjectDef, Ops, ResourceDef as R};

pub(super) static OBJECTS: &[ObjectDef] = &[
    ObjectDef::new(
        3426,
        "Water quality sensor",
        const {
            &[
                R::new(1, "pH", Float, Ops::R),
                R::new(2, "Chlorine", Float, Ops::R).unit("ppm"),
                R::new(3, "Redox or ORP", Float, Ops::R).unit("V"),
                R::new(4, "Total dissolved gas or TDG", Float, Ops::R).unit("ppm"),
                R::new(5, "Dissolved oxygen", Float, Ops::R).unit("ppm"),
                R::new(6, "Turbidity", Float, Ops::R).unit("NTU"),
                R::new(7, "Conductivity", Float, Ops::R).unit("S/m"),
                R::new(8, "Conductance", Float, Ops::R).unit("S/m"),
                R::new(9, "Total suspended solids", Float, Ops::R).unit("mg/l"),
                R::new(10, "Total dissolved solids", Float, Ops::R).unit("mg/l"),
                R::new(11, "Salinity", Float, Ops::R).unit("ppt"),
                R::new(12, "NO3", Float, Ops::R).unit("mg/l"),
                R::new(13, "NH3", Float, Ops::R).unit("mg/l"),
                R::new(14, "NH4", Float, Ops::R).unit("mg/l"),
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3427,
        "Pressure monitoring sensor",
        const {
            &[
                R::new(1, "Pressure", Float, Ops::R).mandatory().unit("Pa"),
                R::new(2, "Sampling period", Integer, Ops::RW).unit("s"),
                R::new(3, "Leak detected", Boolean, Ops::R),
                R::new(4, "Hammer effect detected", Boolean, Ops::R),
                R::new(5, "Minimum measured pressure value", Float, Ops::R).unit("Pa"),
                R::new(6, "Maximum measured pressure value", Float, Ops::R).unit("Pa"),
                R::new(7, "Minimum range pressure value", Float, Ops::R).unit("Pa"),
                R::new(8, "Maximum range pressure value", Float, Ops::R).unit("Pa"),
                R::new(9, "Reset min and max measured pressure values", Executable, Ops::E),
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3428,
        "Air quality",
        const {
            &[
                R::new(1, "PM10", Float, Ops::R).unit("ug/m3"),
                R::new(2, "PM10 24 hour average", Float, Ops::R).unit("ug/m3"),
                R::new(3, "PM2.5", Float, Ops::R).unit("ug/m3"),
                R::new(4, "PM2.5 24 hour average", Float, Ops::R).unit("ug/m3"),
                R::new(5, "PM1", Float, Ops::R).unit("ug/m3"),
                R::new(6, "PM1 24 hour average", Float, Ops::R).unit("ug/m3"),
                R::new(7, "CO", Float, Ops::R).unit("ppm"),
                R::new(8, "CO 8 hour average", Float, Ops::R).unit("ppm"),
                R::new(9, "SO2", Float, Ops::R).unit("ppm"),
                R::new(10, "SO2 1 hour average", Float, Ops::R).unit("ppm"),
                R::new(11, "SO2 24 hour average", Float, Ops::R).unit("ppm"),
                R::new(12, "O3", Float, Ops::R).unit("ppm"),
                R::new(13, "O3 1 hour average", Float, Ops::R).unit("ppm"),
                R::new(14, "O3 8 hour average", Float, Ops::R).unit("ppm"),
                R::new(15, "NO2", Float, Ops::R).unit("ppm"),
                R::new(16, "NO2 1 hour average", Float, Ops::R).unit("ppm"),
                R::new(17, "CO2", Float, Ops::R).unit("ppm"),
                R::new(18, "CO2 1 hour average", Float, Ops::R).unit("ppm"),
                R::new(19, "NO", Float, Ops::R).unit("ppm"),
                R::new(20, "NO 1 hour average", Float, Ops::R).unit("ppm"),
                R::new(21, "H2S", Float, Ops::R).unit("ppm"),
                R::new(22, "H2S 1 hour average", Float, Ops::R).unit("ppm"),
                R::new(23, "VOC", Float, Ops::R).unit("ppm"),
                R::new(24, "VOC 1 hour average", Float, Ops::R).unit("ppm"),
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(2, 0)
    .multiple(),
    ObjectDef::new(
        3429,
        "Tilt sensor",
        const {
            &[
                R::new(1, "Angle", Float, Ops::R).mandatory().unit("rad"),
                R::new(2, "Minimum measured Angle", Float, Ops::R).unit("rad"),
                R::new(3, "Maximum measured angle", Float, Ops::R).unit("rad"),
                R::new(4, "Reset min max angles", Executable, Ops::E),
                R::new(5, "Out of position threshold", Float, Ops::RW).unit("rad"),
                R::new(6, "Out of position", Boolean, Ops::R),
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3430,
        "Global Navigation Satellite System",
        const {
            &[
                R::new(0, "Fix timestamp", Time, Ops::R).mandatory().unit("s"),
                R::new(1, "Latitude", Float, Ops::R).mandatory().unit("lat"),
                R::new(2, "Longitude", Float, Ops::R).mandatory().unit("lon"),
                R::new(3, "Altitude", Float, Ops::R).unit("m"),
                R::new(4, "Speed", Integer, Ops::R).unit("m/s"),
                R::new(5, "Heading", Float, Ops::R).unit("deg"),
                R::new(6, "Radius", Float, Ops::R).unit("m"),
                R::new(7, "HDOP", Float, Ops::R),
                R::new(8, "VDOP", Float, Ops::R),
                R::new(9, "Estimated horizontal accuracy", Float, Ops::R).unit("m"),
                R::new(10, "Estimated vertical accuracy", Float, Ops::R).unit("m"),
                R::new(11, "Estimated speed accuracy", Float, Ops::R).unit("m/s"),
                R::new(12, "Estimated heading accuracy", Float, Ops::R).unit("deg"),
                R::new(13, "Fix type", Integer, Ops::R),
                R::new(14, "Fix dimension", Integer, Ops::R),
                R::new(15, "Used satellites", Integer, Ops::R),
                R::new(16, "Visible satellites", Integer, Ops::R),
                R::new(17, "Satellite identifiers", String, Ops::R).multiple(),
                R::new(18, "Satellite identifiers", Float, Ops::R).multiple().unit("deg"),
                R::new(19, "Satellite azimuth", Float, Ops::R).multiple().unit("deg"),
                R::new(20, "Almanac", Boolean, Ops::R),
                R::new(21, "Ephemeris", Boolean, Ops::R).multiple(),
                R::new(22, "Signal-to-noise ratio", Float, Ops::R).multiple().unit("dB"),
                R::new(23, "GNSS", Integer, Ops::R).multiple(),
                R::new(24, "Hardware RTC", Time, Ops::R).unit("s"),
                R::new(25, "Assisted GPS", Boolean, Ops::RW),
                R::new(26, "Power command", Boolean, Ops::RW),
                R::new(27, "PDOP", Float, Ops::R),
                R::new(28, "Status", String, Ops::R).mandatory(),
                R::new(29, "Expected latitude", Float, Ops::RW).unit("lat"),
                R::new(30, "Expected longitude", Float, Ops::RW).unit("lon"),
                R::new(31, "Expected altitude", Float, Ops::RW).unit("m"),
                R::new(32, "Expected location threshold", Float, Ops::RW).unit("m"),
                R::new(33, "Out of position", Boolean, Ops::R),
                R::new(34, "Assisted latitude", Float, Ops::RW).unit("lat"),
                R::new(35, "Assisted longitude", Float, Ops::RW).unit("lon"),
                R::new(36, "Assisted altitude", Float, Ops::RW).unit("m"),
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(2, 0),
    ObjectDef::new(
        3431,
        "Parking Sensor",
        const {
            &[
                R::new(1, "Occupancy", Boolean, Ops::R).mandatory(),
                R::new(2, "Duration", Integer, Ops::R).unit("s"),
                R::new(3, "Daily Duration", Integer, Ops::R).unit("s"),
                R::new(4, "Forbidden parking detected", Boolean, Ops::R),
                R::new(5, "Type of Sensor", String, Ops::RW),
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(1, 1)
    .multiple(),
    ObjectDef::new(
        3432,
        "Traffic Counter",
        const {
            &[
                R::new(0, "Vehicle type", Integer, Ops::R).multiple(),
                R::new(1, "Cumulated number", Integer, Ops::R).multiple(),
                R::new(2, "Reset cumulated number", Executable, Ops::E),
                R::new(3, "Cumulated number today", Integer, Ops::R).multiple().mandatory(),
                R::new(4, "Measuring period 1", Integer, Ops::RW).multiple().unit("s"),
                R::new(5, "Measuring period 2", Integer, Ops::RW).multiple().unit("s"),
                R::new(6, "Measuring period 3", Integer, Ops::RW).multiple().unit("s"),
                R::new(7, "Cumulated number during last period 1", Integer, Ops::R).multiple(),
                R::new(8, "Cumulated number during last period 2", Integer, Ops::R).multiple(),
                R::new(9, "Cumulated number during last period 3", Integer, Ops::R).multiple(),
                R::new(10, "Average speed during last period 1", Integer, Ops::R).multiple(),
                R::new(11, "Average speed during last period 2", Integer, Ops::R).multiple(),
                R::new(12, "Average speed during last period 3", Integer, Ops::R).multiple(),
                R::new(13, "Average distance during last period 1", Integer, Ops::R).multiple(),
                R::new(14, "Average distance during last period 2", Integer, Ops::R).multiple(),
                R::new(15, "Average distance during last period 3", Integer, Ops::R).multiple(),
                R::new(16, "Speed limit threshold", Integer, Ops::RW).multiple(),
                R::new(17, "Percentage above speed limit", Integer, Ops::R).multiple(),
                R::new(5518, "Timestamp", Time, Ops::R),
                R::new(6042, "Measurement Quality Indicator", Integer, Ops::R).range(0, 23),
                R::new(6049, "Measurement Quality Level", Integer, Ops::R).range(0, 100),
                R::new(6050, "Fractional Timestamp", Float, Ops::R).float_range(0.0, 1.0).unit("s"),
            ]
        },
    )
    .version(2, 0)
    .multiple(),
];

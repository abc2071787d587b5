//! Outdoor lamp controller (3416), version 2.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use std::collections::BTreeMap;

use lwm2m_core::{Executable, Object, Time};

/// Outdoor lamp controller (3416).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3416, version = "2.0", name = "Outdoor lamp controller", multiple, serde)]
pub struct OutdoorLampController {
    /// Command, in /100.
    #[resource(id = 1, ops = "rw", mandatory, range(0, 100), unit = "/100")]
    pub command: i64,
    /// Command in action, in /100.
    #[resource(id = 2, ops = "r", name = "Command in action", range(0, 100), unit = "/100")]
    pub command_in_action: Option<i64>,
    /// Dimming level, in /100.
    #[resource(id = 3, ops = "r", name = "Dimming level", mandatory, range(0, 100), unit = "/100")]
    pub dimming_level: i64,
    /// Default dimming level, in /100.
    #[resource(id = 4, ops = "rw", name = "Default dimming level", range(0, 100), unit = "/100")]
    pub default_dimming_level: Option<i64>,
    /// Lamp failure.
    #[resource(id = 5, ops = "r", name = "Lamp failure")]
    pub lamp_failure: Option<bool>,
    /// Lamp failure reason.
    #[resource(id = 6, ops = "r", name = "Lamp failure reason")]
    pub lamp_failure_reason: Option<i64>,
    /// Control gear failure.
    #[resource(id = 7, ops = "r", name = "Control gear failure")]
    pub control_gear_failure: Option<bool>,
    /// Control gear failure reason.
    #[resource(id = 8, ops = "r", name = "Control gear failure reason")]
    pub control_gear_failure_reason: Option<i64>,
    /// Relay failure.
    #[resource(id = 9, ops = "r", name = "Relay failure")]
    pub relay_failure: Option<bool>,
    /// Day burner.
    #[resource(id = 10, ops = "r", name = "Day burner")]
    pub day_burner: Option<bool>,
    /// Cycling failure.
    #[resource(id = 11, ops = "r", name = "Cycling failure")]
    pub cycling_failure: Option<bool>,
    /// Control gear communication failure.
    #[resource(id = 12, ops = "r", name = "Control gear communication failure")]
    pub control_gear_communication_failure: Option<bool>,
    /// Scheduler ID.
    #[resource(id = 13, ops = "rw", name = "Scheduler ID")]
    pub scheduler_id: BTreeMap<u16, i64>,
    /// Invalid scheduler.
    #[resource(id = 14, ops = "r", name = "Invalid scheduler")]
    pub invalid_scheduler: Option<bool>,
    /// Lamp operating hours, in h.
    #[resource(id = 15, ops = "r", name = "Lamp operating hours", unit = "h")]
    pub lamp_operating_hours: Option<f64>,
    /// Lamp operating hours reset.
    #[resource(id = 16, execute, name = "Lamp operating hours reset")]
    pub lamp_operating_hours_reset: Option<Executable>,
    /// Lamp ON timestamp.
    #[resource(id = 17, ops = "r", name = "Lamp ON timestamp")]
    pub lamp_on_timestamp: Option<Time>,
    /// Lamp switch counter.
    #[resource(id = 18, ops = "r", name = "Lamp switch counter")]
    pub lamp_switch_counter: Option<i64>,
    /// Lamp switch counter reset.
    #[resource(id = 19, execute, name = "Lamp switch counter reset")]
    pub lamp_switch_counter_reset: Option<Executable>,
    /// Control gear start counter.
    #[resource(id = 20, ops = "r", name = "Control gear start counter")]
    pub control_gear_start_counter: Option<i64>,
    /// Control gear temperature, in Cel.
    #[resource(id = 21, ops = "r", name = "Control gear temperature", unit = "Cel")]
    pub control_gear_temperature: Option<f64>,
    /// Control gear thermal derating.
    #[resource(id = 22, ops = "r", name = "Control gear thermal derating")]
    pub control_gear_thermal_derating: Option<bool>,
    /// Control gear thermal derating counter.
    #[resource(id = 23, ops = "r", name = "Control gear thermal derating counter")]
    pub control_gear_thermal_derating_counter: Option<i64>,
    /// Control gear thermal derating counter reset.
    #[resource(id = 24, execute, name = "Control gear thermal derating counter reset")]
    pub control_gear_thermal_derating_counter_reset_24: Option<Executable>,
    /// Control gear thermal shutdown.
    #[resource(id = 25, ops = "r", name = "Control gear thermal shutdown")]
    pub control_gear_thermal_shutdown: Option<bool>,
    /// Control gear thermal shutdown counter.
    #[resource(id = 26, ops = "r", name = "Control gear thermal shutdown counter")]
    pub control_gear_thermal_shutdown_counter: Option<i64>,
    /// Control gear thermal derating counter reset.
    #[resource(id = 27, execute, name = "Control gear thermal derating counter reset")]
    pub control_gear_thermal_derating_counter_reset_27: Option<Executable>,
    /// Output port.
    #[resource(id = 28, ops = "rw", name = "Output port")]
    pub output_port: Option<i64>,
    /// Standby mode.
    #[resource(id = 29, ops = "rw", name = "Standby mode")]
    pub standby_mode: Option<bool>,
    /// Constant light output.
    #[resource(id = 30, ops = "rw", name = "Constant light output")]
    pub constant_light_output: Option<bool>,
    /// Cleaning factor enabled.
    #[resource(id = 31, ops = "rw", name = "Cleaning factor enabled")]
    pub cleaning_factor_enabled: Option<bool>,
    /// Cleaning period.
    #[resource(id = 32, ops = "rw", name = "Cleaning period")]
    pub cleaning_period: Option<i64>,
    /// Initial lamp cleaning factor, in /100.
    #[resource(id = 33, ops = "rw", name = "Initial lamp cleaning factor", range(0, 100), unit = "/100")]
    pub initial_lamp_cleaning_factor: Option<i64>,
    /// Lamp cleaning date.
    #[resource(id = 34, ops = "rw", name = "Lamp cleaning date")]
    pub lamp_cleaning_date: Option<Time>,
    /// Control type.
    #[resource(id = 35, ops = "rw", name = "Control type", range(0, 13))]
    pub control_type: BTreeMap<u16, i64>,
    /// Nominal Lamp wattage, in W.
    #[resource(id = 36, ops = "rw", name = "Nominal Lamp wattage", unit = "W")]
    pub nominal_lamp_wattage: Option<i64>,
    /// Minimum dimming level, in /100.
    #[resource(id = 37, ops = "rw", name = "Minimum dimming level", unit = "/100")]
    pub minimum_dimming_level: Option<i64>,
    /// Minimum lamp wattage, in W.
    #[resource(id = 38, ops = "rw", name = "Minimum lamp wattage", unit = "W")]
    pub minimum_lamp_wattage: Option<i64>,
    /// Light color temperature command, in K.
    #[resource(id = 39, ops = "rw", name = "Light color temperature command", unit = "K")]
    pub light_color_temperature_command: Option<i64>,
    /// Actual light color temperature, in K.
    #[resource(id = 40, ops = "r", name = "Actual light color temperature", unit = "K")]
    pub actual_light_color_temperature: Option<i64>,
    /// Virtual power output, in /100.
    #[resource(id = 41, ops = "rw", name = "Virtual power output", range(0, 100), unit = "/100")]
    pub virtual_power_output: Option<i64>,
    /// Voltage at max dim level, in V.
    #[resource(id = 42, ops = "rw", name = "Voltage at max dim level", unit = "V")]
    pub voltage_at_max_dim_level: Option<f64>,
    /// Voltage at min dim level, in V.
    #[resource(id = 43, ops = "rw", name = "Voltage at min dim level", unit = "V")]
    pub voltage_at_min_dim_level: Option<f64>,
    /// Light source voltage, in V.
    #[resource(id = 44, ops = "r", name = "Light source voltage", unit = "V")]
    pub light_source_voltage: Option<f64>,
    /// Light source current, in A.
    #[resource(id = 45, ops = "r", name = "Light source current", unit = "A")]
    pub light_source_current: Option<f64>,
    /// Light source active power, in W.
    #[resource(id = 46, ops = "r", name = "Light source active power", unit = "W")]
    pub light_source_active_power: Option<f64>,
    /// Light source active energy, in kWh.
    #[resource(id = 47, ops = "r", name = "Light source active energy", unit = "kWh")]
    pub light_source_active_energy: Option<f64>,
    /// Maximum light source current, in A.
    #[resource(id = 48, ops = "rw", name = "Maximum light source current", unit = "A")]
    pub maximum_light_source_current: Option<f64>,
    /// Default fade time, in s.
    #[resource(id = 49, ops = "rw", name = "Default fade time", unit = "s")]
    pub default_fade_time: Option<f64>,
    /// Manual override start time.
    #[resource(id = 50, ops = "rw", name = "Manual override start time")]
    pub manual_override_start_time: Option<Time>,
    /// Manual override end time.
    #[resource(id = 51, ops = "rw", name = "Manual override end time")]
    pub manual_override_end_time: Option<Time>,
    /// Manual override fade, in s.
    #[resource(id = 52, ops = "rw", name = "Manual override fade", unit = "s")]
    pub manual_override_fade: Option<f64>,
    /// Manual override default duration, in s.
    #[resource(id = 53, ops = "rw", name = "Manual override default duration", unit = "s")]
    pub manual_override_default_duration: Option<i64>,
    /// Manual override active.
    #[resource(id = 54, ops = "r", name = "Manual override active")]
    pub manual_override_active: Option<bool>,
    /// Default Light color temperature, in K.
    #[resource(id = 55, ops = "rw", name = "Default Light color temperature", unit = "K")]
    pub default_light_color_temperature: Option<i64>,
    /// Driver operating hours, in h.
    #[resource(id = 56, ops = "r", name = "Driver operating hours", unit = "h")]
    pub driver_operating_hours: Option<f64>,
    /// Driver operating hours reset.
    #[resource(id = 57, execute, name = "Driver operating hours reset")]
    pub driver_operating_hours_reset: Option<Executable>,
    /// Manufacturer GTIN.
    #[resource(id = 58, ops = "r", name = "Manufacturer GTIN")]
    pub manufacturer_gtin: Option<String>,
    /// Manufacturer Serial Number.
    #[resource(id = 59, ops = "r")]
    pub manufacturer_serial_number: Option<String>,
    /// Firmware Version.
    #[resource(id = 60, ops = "r")]
    pub firmware_version: Option<String>,
    /// DALI Version.
    #[resource(id = 61, ops = "r", name = "DALI Version")]
    pub dali_version: Option<String>,
    /// Unit temperature, in Cel.
    #[resource(id = 62, ops = "r", name = "Unit temperature", unit = "Cel")]
    pub unit_temperature: Option<f64>,
    /// Device capabilities.
    #[resource(id = 63, ops = "r", name = "Device capabilities")]
    pub device_capabilities: Option<i64>,
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
    /// Measurement Quality Indicator.
    #[resource(id = 6042, ops = "r", range(0, 23))]
    pub measurement_quality_indicator: Option<i64>,
    /// Measurement Quality Level.
    #[resource(id = 6049, ops = "r", range(0, 100))]
    pub measurement_quality_level: Option<i64>,
    /// Fractional Timestamp, in s.
    #[resource(id = 6050, ops = "r", range(0, 1), unit = "s")]
    pub fractional_timestamp: Option<f64>,
}

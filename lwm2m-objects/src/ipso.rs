//! Structs of the registered objects from 3200 to 3442: sensors, actuators, meters, lighting, modems.
//!
//! With the feature `types` those of every family that is switched on; [`Temperature`] and [`LightControl`] always.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

#[cfg(all(feature = "types", feature = "ipso"))]
mod accelerometer;
#[cfg(all(feature = "types", feature = "ipso"))]
mod acidity;
#[cfg(all(feature = "types", feature = "ipso"))]
mod actuation;
#[cfg(all(feature = "types", feature = "ipso"))]
mod addressable_text_display;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod air_quality;
#[cfg(all(feature = "types", feature = "ipso"))]
mod altitude;
#[cfg(all(feature = "types", feature = "ipso"))]
mod analog_input;
#[cfg(all(feature = "types", feature = "ipso"))]
mod analog_output;
#[cfg(all(feature = "types", feature = "ipso"))]
mod audio_clip;
#[cfg(all(feature = "types", feature = "ipso"))]
mod barometer;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod battery;
#[cfg(all(feature = "types", feature = "ipso"))]
mod bitmap;
#[cfg(all(feature = "types", feature = "ipso"))]
mod buzzer;
#[cfg(all(feature = "types", feature = "cellular"))]
mod cell_blacklist_event;
#[cfg(all(feature = "types", feature = "cellular"))]
mod cell_reselection_event;
#[cfg(all(feature = "types", feature = "ipso"))]
mod colour;
#[cfg(all(feature = "types", feature = "ipso"))]
mod concentration;
#[cfg(all(feature = "types", feature = "ipso"))]
mod conductivity;
#[cfg(all(feature = "types", feature = "ipso"))]
mod current;
#[cfg(all(feature = "types", feature = "ipso"))]
mod depth;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod device_extension;
#[cfg(all(feature = "types", feature = "ipso"))]
mod digital_input;
#[cfg(all(feature = "types", feature = "ipso"))]
mod digital_output;
#[cfg(all(feature = "types", feature = "ipso"))]
mod dimmer;
#[cfg(all(feature = "types", feature = "ipso"))]
mod direction;
#[cfg(all(feature = "types", feature = "ipso"))]
mod distance;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod edge_computing_generic_condition;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod edge_computing_manager;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod edge_computing_script;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod edge_computing_time_condition;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod electrical_monitor;
#[cfg(all(feature = "types", feature = "cellular"))]
mod emm_failure_cause_event;
#[cfg(all(feature = "types", feature = "cellular"))]
mod emm_state_value;
#[cfg(all(feature = "types", feature = "ipso"))]
mod energy;
#[cfg(all(feature = "types", feature = "cellular"))]
mod esm_context_info;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod filling_level;
#[cfg(all(feature = "types", feature = "ipso"))]
mod frequency;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod gas_meter;
#[cfg(all(feature = "types", feature = "ipso"))]
mod generic_sensor;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod global_navigation_satellite_system;
#[cfg(all(feature = "types", feature = "ipso"))]
mod gyrometer;
#[cfg(all(feature = "types", feature = "cellular"))]
mod handover_event;
#[cfg(all(feature = "types", feature = "ipso"))]
mod humidity;
#[cfg(all(feature = "types", feature = "ipso"))]
mod illuminance;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod irrigation_valve;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod led_color_light;
mod light_control;
#[cfg(all(feature = "types", feature = "ipso"))]
mod load;
#[cfg(all(feature = "types", feature = "ipso"))]
mod load_control;
#[cfg(all(feature = "types", feature = "ipso"))]
mod location;
#[cfg(all(feature = "types", feature = "ipso"))]
mod loudness;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod lpwan_communication;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod luminaire_asset;
#[cfg(all(feature = "types", feature = "cellular"))]
mod mac_rach_attempt_event;
#[cfg(all(feature = "types", feature = "cellular"))]
mod mac_rach_attempt_reason_event;
#[cfg(all(feature = "types", feature = "cellular"))]
mod mac_timer_status_event;
#[cfg(all(feature = "types", feature = "cellular"))]
mod mac_timing_advance_event;
#[cfg(all(feature = "types", feature = "ipso"))]
mod magnetometer;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod manhole_cover;
#[cfg(all(feature = "types", feature = "cellular"))]
mod message3_report;
#[cfg(all(feature = "types", feature = "ipso"))]
mod multi_state_selector;
#[cfg(all(feature = "types", feature = "ipso"))]
mod multiple_axis_joystick;
#[cfg(all(feature = "types", feature = "cellular"))]
mod nas_emm_timer_expiry_event;
#[cfg(all(feature = "types", feature = "cellular"))]
mod nas_esm_expiry_event;
#[cfg(all(feature = "types", feature = "cellular"))]
mod neighbor_cell_measurements;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod noise_sensor;
#[cfg(all(feature = "types", feature = "openais"))]
mod oa_basic_control;
#[cfg(all(feature = "types", feature = "openais"))]
mod oa_device;
#[cfg(all(feature = "types", feature = "openais"))]
mod oa_group;
#[cfg(all(feature = "types", feature = "openais"))]
mod oa_logical_colour_light_point_actuator;
#[cfg(all(feature = "types", feature = "openais"))]
mod oa_logical_colour_temperature_light_point_actuator;
#[cfg(all(feature = "types", feature = "openais"))]
mod oa_logical_illuminance_sensor;
#[cfg(all(feature = "types", feature = "openais"))]
mod oa_logical_light_point_actuator;
#[cfg(all(feature = "types", feature = "openais"))]
mod oa_logical_presence_sensor;
#[cfg(all(feature = "types", feature = "openais"))]
mod oa_logical_push_button_sensor;
#[cfg(all(feature = "types", feature = "openais"))]
mod oa_ogc_security;
#[cfg(all(feature = "types", feature = "openais"))]
mod oa_physical_colour_light_point_actuator;
#[cfg(all(feature = "types", feature = "openais"))]
mod oa_physical_colour_temperature_light_point_actuator;
#[cfg(all(feature = "types", feature = "openais"))]
mod oa_physical_illuminance_sensor;
#[cfg(all(feature = "types", feature = "openais"))]
mod oa_physical_light_point_actuator;
#[cfg(all(feature = "types", feature = "openais"))]
mod oa_physical_presence_sensor;
#[cfg(all(feature = "types", feature = "openais"))]
mod oa_physical_push_button_sensor;
#[cfg(all(feature = "types", feature = "openais"))]
mod oa_receiving_object;
#[cfg(all(feature = "types", feature = "openais"))]
mod oa_reporting_object;
#[cfg(all(feature = "types", feature = "openais"))]
mod oa_scene;
#[cfg(all(feature = "types", feature = "openais"))]
mod oa_status_report_structure;
#[cfg(all(feature = "types", feature = "ipso"))]
mod on_off_switch;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod outdoor_lamp_controller;
#[cfg(all(feature = "types", feature = "cellular"))]
mod paging_drx;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod parking_sensor;
#[cfg(all(feature = "types", feature = "cellular"))]
mod pbch_decoding_results;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod people_counter;
#[cfg(all(feature = "types", feature = "ipso"))]
mod percentage;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod photocell;
#[cfg(all(feature = "types", feature = "cellular"))]
mod plmn_search_event;
#[cfg(all(feature = "types", feature = "ipso"))]
mod positioner;
#[cfg(all(feature = "types", feature = "ipso"))]
mod power;
#[cfg(all(feature = "types", feature = "ipso"))]
mod power_control;
#[cfg(all(feature = "types", feature = "ipso"))]
mod power_factor;
#[cfg(all(feature = "types", feature = "ipso"))]
mod power_measurement;
#[cfg(all(feature = "types", feature = "cellular"))]
mod powerup_log;
#[cfg(all(feature = "types", feature = "cellular"))]
mod prach_report;
#[cfg(all(feature = "types", feature = "ipso"))]
mod presence;
#[cfg(all(feature = "types", feature = "ipso"))]
mod pressure;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod pressure_monitoring_sensor;
#[cfg(all(feature = "types", feature = "cellular"))]
mod pucch_power_control;
#[cfg(all(feature = "types", feature = "ipso"))]
mod push_button;
#[cfg(all(feature = "types", feature = "cellular"))]
mod rach_latency_delay;
#[cfg(all(feature = "types", feature = "cellular"))]
mod radio_link_failure_event;
#[cfg(all(feature = "types", feature = "cellular"))]
mod radio_link_monitoring;
#[cfg(all(feature = "types", feature = "ipso"))]
mod rate;
#[cfg(all(feature = "types", feature = "cellular"))]
mod rrc_state_change_event;
#[cfg(all(feature = "types", feature = "cellular"))]
mod rrc_timer_expiry_event;
#[cfg(all(feature = "types", feature = "cellular"))]
mod scell_id;
#[cfg(all(feature = "types", feature = "cellular"))]
mod serving_cell_measurement;
#[cfg(all(feature = "types", feature = "ipso"))]
mod set_point;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod single_phase_electrical_meter;
#[cfg(all(feature = "types", feature = "cellular"))]
mod sip_publish_event;
#[cfg(all(feature = "types", feature = "cellular"))]
mod sip_registration_event;
#[cfg(all(feature = "types", feature = "cellular"))]
mod sip_subscription_event;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod smoke_alarm;
#[cfg(all(feature = "types", feature = "ipso"))]
mod stopwatch;
mod temperature;
#[cfg(all(feature = "types", feature = "registered"))]
mod test_object_v10;
#[cfg(all(feature = "types", feature = "registered"))]
mod test_object_v11;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod three_phase_electrical_meter_complement;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod tilt_sensor;
#[cfg(all(feature = "types", feature = "ipso"))]
mod time_object;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod time_synchronization;
#[cfg(all(feature = "types", feature = "ipso"))]
mod timer;
#[cfg(all(feature = "types", feature = "cellular"))]
mod timing_advance;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod traffic_counter;
#[cfg(all(feature = "types", feature = "cellular"))]
mod tx_power_back_off_event;
#[cfg(all(feature = "types", feature = "cellular"))]
mod tx_power_headroom_event;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod ucifi_data_bridge;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod ucifi_generic_actuator;
#[cfg(all(feature = "types", feature = "ipso"))]
mod up_down_control;
#[cfg(all(feature = "types", feature = "ipso"))]
mod voltage;
#[cfg(all(feature = "types", feature = "cellular"))]
mod volte_call_event;
#[cfg(all(feature = "types", feature = "cellular"))]
mod volte_call_state_change_event;
#[cfg(all(feature = "types", feature = "cellular"))]
mod volte_rtp_packet_loss;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod water_meter;
#[cfg(all(feature = "types", feature = "ucifi"))]
mod water_quality_sensor;

#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::accelerometer::Accelerometer;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::acidity::Acidity;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::actuation::Actuation;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::addressable_text_display::AddressableTextDisplay;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::air_quality::AirQuality;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::altitude::Altitude;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::analog_input::AnalogInput;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::analog_output::AnalogOutput;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::audio_clip::AudioClip;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::barometer::Barometer;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::battery::Battery;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::bitmap::Bitmap;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::buzzer::Buzzer;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::cell_blacklist_event::CellBlacklistEvent;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::cell_reselection_event::CellReselectionEvent;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::colour::Colour;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::concentration::Concentration;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::conductivity::Conductivity;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::current::Current;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::depth::Depth;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::device_extension::DeviceExtension;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::digital_input::DigitalInput;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::digital_output::DigitalOutput;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::dimmer::Dimmer;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::direction::Direction;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::distance::Distance;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::edge_computing_generic_condition::EdgeComputingGenericCondition;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::edge_computing_manager::EdgeComputingManager;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::edge_computing_script::EdgeComputingScript;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::edge_computing_time_condition::EdgeComputingTimeCondition;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::electrical_monitor::ElectricalMonitor;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::emm_failure_cause_event::EmmFailureCauseEvent;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::emm_state_value::EmmStateValue;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::energy::Energy;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::esm_context_info::EsmContextInfo;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::filling_level::FillingLevel;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::frequency::Frequency;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::gas_meter::GasMeter;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::generic_sensor::GenericSensor;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::global_navigation_satellite_system::GlobalNavigationSatelliteSystem;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::gyrometer::Gyrometer;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::handover_event::HandoverEvent;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::humidity::Humidity;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::illuminance::Illuminance;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::irrigation_valve::IrrigationValve;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::led_color_light::LedColorLight;
pub use self::light_control::LightControl;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::load::Load;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::load_control::LoadControl;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::location::Location;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::loudness::Loudness;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::lpwan_communication::LpwanCommunication;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::luminaire_asset::LuminaireAsset;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::mac_rach_attempt_event::MacRachAttemptEvent;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::mac_rach_attempt_reason_event::MacRachAttemptReasonEvent;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::mac_timer_status_event::MacTimerStatusEvent;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::mac_timing_advance_event::MacTimingAdvanceEvent;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::magnetometer::Magnetometer;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::manhole_cover::ManholeCover;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::message3_report::Message3Report;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::multi_state_selector::MultiStateSelector;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::multiple_axis_joystick::MultipleAxisJoystick;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::nas_emm_timer_expiry_event::NasEmmTimerExpiryEvent;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::nas_esm_expiry_event::NasEsmExpiryEvent;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::neighbor_cell_measurements::NeighborCellMeasurements;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::noise_sensor::NoiseSensor;
#[cfg(all(feature = "types", feature = "openais"))]
pub use self::oa_basic_control::OaBasicControl;
#[cfg(all(feature = "types", feature = "openais"))]
pub use self::oa_device::OaDevice;
#[cfg(all(feature = "types", feature = "openais"))]
pub use self::oa_group::OaGroup;
#[cfg(all(feature = "types", feature = "openais"))]
pub use self::oa_logical_colour_light_point_actuator::OaLogicalColourLightPointActuator;
#[cfg(all(feature = "types", feature = "openais"))]
pub use self::oa_logical_colour_temperature_light_point_actuator::OaLogicalColourTemperatureLightPointActuator;
#[cfg(all(feature = "types", feature = "openais"))]
pub use self::oa_logical_illuminance_sensor::OaLogicalIlluminanceSensor;
#[cfg(all(feature = "types", feature = "openais"))]
pub use self::oa_logical_light_point_actuator::OaLogicalLightPointActuator;
#[cfg(all(feature = "types", feature = "openais"))]
pub use self::oa_logical_presence_sensor::OaLogicalPresenceSensor;
#[cfg(all(feature = "types", feature = "openais"))]
pub use self::oa_logical_push_button_sensor::OaLogicalPushButtonSensor;
#[cfg(all(feature = "types", feature = "openais"))]
pub use self::oa_ogc_security::OaOgcSecurity;
#[cfg(all(feature = "types", feature = "openais"))]
pub use self::oa_physical_colour_light_point_actuator::OaPhysicalColourLightPointActuator;
#[cfg(all(feature = "types", feature = "openais"))]
pub use self::oa_physical_colour_temperature_light_point_actuator::OaPhysicalColourTemperatureLightPointActuator;
#[cfg(all(feature = "types", feature = "openais"))]
pub use self::oa_physical_illuminance_sensor::OaPhysicalIlluminanceSensor;
#[cfg(all(feature = "types", feature = "openais"))]
pub use self::oa_physical_light_point_actuator::OaPhysicalLightPointActuator;
#[cfg(all(feature = "types", feature = "openais"))]
pub use self::oa_physical_presence_sensor::OaPhysicalPresenceSensor;
#[cfg(all(feature = "types", feature = "openais"))]
pub use self::oa_physical_push_button_sensor::OaPhysicalPushButtonSensor;
#[cfg(all(feature = "types", feature = "openais"))]
pub use self::oa_receiving_object::OaReceivingObject;
#[cfg(all(feature = "types", feature = "openais"))]
pub use self::oa_reporting_object::OaReportingObject;
#[cfg(all(feature = "types", feature = "openais"))]
pub use self::oa_scene::OaScene;
#[cfg(all(feature = "types", feature = "openais"))]
pub use self::oa_status_report_structure::OaStatusReportStructure;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::on_off_switch::OnOffSwitch;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::outdoor_lamp_controller::OutdoorLampController;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::paging_drx::PagingDrx;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::parking_sensor::ParkingSensor;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::pbch_decoding_results::PbchDecodingResults;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::people_counter::PeopleCounter;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::percentage::Percentage;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::photocell::Photocell;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::plmn_search_event::PlmnSearchEvent;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::positioner::Positioner;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::power::Power;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::power_control::PowerControl;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::power_factor::PowerFactor;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::power_measurement::PowerMeasurement;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::powerup_log::PowerupLog;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::prach_report::PrachReport;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::presence::Presence;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::pressure::Pressure;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::pressure_monitoring_sensor::PressureMonitoringSensor;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::pucch_power_control::PucchPowerControl;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::push_button::PushButton;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::rach_latency_delay::RachLatencyDelay;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::radio_link_failure_event::RadioLinkFailureEvent;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::radio_link_monitoring::RadioLinkMonitoring;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::rate::Rate;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::rrc_state_change_event::RrcStateChangeEvent;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::rrc_timer_expiry_event::RrcTimerExpiryEvent;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::scell_id::ScellId;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::serving_cell_measurement::ServingCellMeasurement;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::set_point::SetPoint;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::single_phase_electrical_meter::SinglePhaseElectricalMeter;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::sip_publish_event::SipPublishEvent;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::sip_registration_event::SipRegistrationEvent;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::sip_subscription_event::SipSubscriptionEvent;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::smoke_alarm::SmokeAlarm;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::stopwatch::Stopwatch;
pub use self::temperature::Temperature;
#[cfg(all(feature = "types", feature = "registered"))]
pub use self::test_object_v10::TestObjectV10;
#[cfg(all(feature = "types", feature = "registered"))]
pub use self::test_object_v11::TestObjectV11;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::three_phase_electrical_meter_complement::ThreePhaseElectricalMeterComplement;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::tilt_sensor::TiltSensor;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::time_object::TimeObject;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::time_synchronization::TimeSynchronization;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::timer::Timer;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::timing_advance::TimingAdvance;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::traffic_counter::TrafficCounter;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::tx_power_back_off_event::TxPowerBackOffEvent;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::tx_power_headroom_event::TxPowerHeadroomEvent;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::ucifi_data_bridge::UcifiDataBridge;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::ucifi_generic_actuator::UcifiGenericActuator;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::up_down_control::UpDownControl;
#[cfg(all(feature = "types", feature = "ipso"))]
pub use self::voltage::Voltage;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::volte_call_event::VolteCallEvent;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::volte_call_state_change_event::VolteCallStateChangeEvent;
#[cfg(all(feature = "types", feature = "cellular"))]
pub use self::volte_rtp_packet_loss::VolteRtpPacketLoss;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::water_meter::WaterMeter;
#[cfg(all(feature = "types", feature = "ucifi"))]
pub use self::water_quality_sensor::WaterQualitySensor;

#[cfg(test)]
pub(crate) const DEFS: &[&lwm2m_core::ObjectDef] = &[
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Accelerometer as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Acidity as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Actuation as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <AddressableTextDisplay as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <AirQuality as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Altitude as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <AnalogInput as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <AnalogOutput as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <AudioClip as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Barometer as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <Battery as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Bitmap as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Buzzer as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <CellBlacklistEvent as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <CellReselectionEvent as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Colour as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Concentration as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Conductivity as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Current as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Depth as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <DeviceExtension as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <DigitalInput as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <DigitalOutput as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Dimmer as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Direction as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Distance as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <EdgeComputingGenericCondition as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <EdgeComputingManager as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <EdgeComputingScript as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <EdgeComputingTimeCondition as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <ElectricalMonitor as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <EmmFailureCauseEvent as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <EmmStateValue as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Energy as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <EsmContextInfo as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <FillingLevel as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Frequency as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <GasMeter as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <GenericSensor as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <GlobalNavigationSatelliteSystem as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Gyrometer as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <HandoverEvent as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Humidity as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Illuminance as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <IrrigationValve as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <LedColorLight as lwm2m_core::ObjectType>::DEF,
    <LightControl as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Load as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <LoadControl as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Location as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Loudness as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <LpwanCommunication as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <LuminaireAsset as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <MacRachAttemptEvent as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <MacRachAttemptReasonEvent as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <MacTimerStatusEvent as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <MacTimingAdvanceEvent as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Magnetometer as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <ManholeCover as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <Message3Report as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <MultiStateSelector as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <MultipleAxisJoystick as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <NasEmmTimerExpiryEvent as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <NasEsmExpiryEvent as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <NeighborCellMeasurements as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <NoiseSensor as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "openais"))]
    <OaBasicControl as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "openais"))]
    <OaDevice as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "openais"))]
    <OaGroup as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "openais"))]
    <OaLogicalColourLightPointActuator as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "openais"))]
    <OaLogicalColourTemperatureLightPointActuator as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "openais"))]
    <OaLogicalIlluminanceSensor as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "openais"))]
    <OaLogicalLightPointActuator as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "openais"))]
    <OaLogicalPresenceSensor as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "openais"))]
    <OaLogicalPushButtonSensor as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "openais"))]
    <OaOgcSecurity as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "openais"))]
    <OaPhysicalColourLightPointActuator as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "openais"))]
    <OaPhysicalColourTemperatureLightPointActuator as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "openais"))]
    <OaPhysicalIlluminanceSensor as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "openais"))]
    <OaPhysicalLightPointActuator as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "openais"))]
    <OaPhysicalPresenceSensor as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "openais"))]
    <OaPhysicalPushButtonSensor as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "openais"))]
    <OaReceivingObject as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "openais"))]
    <OaReportingObject as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "openais"))]
    <OaScene as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "openais"))]
    <OaStatusReportStructure as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <OnOffSwitch as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <OutdoorLampController as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <PagingDrx as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <ParkingSensor as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <PbchDecodingResults as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <PeopleCounter as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Percentage as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <Photocell as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <PlmnSearchEvent as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Positioner as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Power as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <PowerControl as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <PowerFactor as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <PowerMeasurement as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <PowerupLog as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <PrachReport as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Presence as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Pressure as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <PressureMonitoringSensor as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <PucchPowerControl as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <PushButton as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <RachLatencyDelay as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <RadioLinkFailureEvent as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <RadioLinkMonitoring as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Rate as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <RrcStateChangeEvent as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <RrcTimerExpiryEvent as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <ScellId as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <ServingCellMeasurement as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <SetPoint as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <SinglePhaseElectricalMeter as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <SipPublishEvent as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <SipRegistrationEvent as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <SipSubscriptionEvent as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <SmokeAlarm as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Stopwatch as lwm2m_core::ObjectType>::DEF,
    <Temperature as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "registered"))]
    <TestObjectV10 as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "registered"))]
    <TestObjectV11 as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <ThreePhaseElectricalMeterComplement as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <TiltSensor as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <TimeObject as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <TimeSynchronization as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Timer as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <TimingAdvance as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <TrafficCounter as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <TxPowerBackOffEvent as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <TxPowerHeadroomEvent as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <UcifiDataBridge as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <UcifiGenericActuator as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <UpDownControl as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ipso"))]
    <Voltage as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <VolteCallEvent as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <VolteCallStateChangeEvent as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "cellular"))]
    <VolteRtpPacketLoss as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <WaterMeter as lwm2m_core::ObjectType>::DEF,
    #[cfg(all(feature = "types", feature = "ucifi"))]
    <WaterQualitySensor as lwm2m_core::ObjectType>::DEF,
];

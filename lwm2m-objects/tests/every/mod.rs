//! The list of structs, and values that their definitions allow.

#![allow(dead_code, unused_macros, unused_imports, reason = "not every test needs all of it")]

use std::collections::BTreeMap;

use lwm2m_core::{
    Bytes, InstanceId, Interval, Kind, Node, ObjectDef, ObjectId, Objlnk, ResourceDef, ResourceId, Value,
};
use proptest::{collection::btree_map, prelude::*};

/// Calls a macro with every struct.
macro_rules! every {
    ($call:ident) => {
        $call! {
            security: lwm2m_objects::Security,
            server: lwm2m_objects::Server,
            access_control: lwm2m_objects::oma::AccessControl,
            device: lwm2m_objects::Device,
            connectivity_monitoring: lwm2m_objects::oma::ConnectivityMonitoring,
            firmware_update: lwm2m_objects::oma::FirmwareUpdate,
            location: lwm2m_objects::oma::Location,
            connectivity_statistics: lwm2m_objects::oma::ConnectivityStatistics,
            lock_and_wipe: lwm2m_objects::oma::LockAndWipe,
            software_management: lwm2m_objects::oma::SoftwareManagement,
            cellular_connectivity: lwm2m_objects::oma::CellularConnectivity,
            apn_connection_profile: lwm2m_objects::oma::ApnConnectionProfile,
            wlan_connectivity: lwm2m_objects::oma::WlanConnectivity,
            bearer_selection: lwm2m_objects::oma::BearerSelection,
            software_component: lwm2m_objects::oma::SoftwareComponent,
            dev_cap_mgmt: lwm2m_objects::oma::DevCapMgmt,
            portfolio: lwm2m_objects::oma::Portfolio,
            binary_app_data_container: lwm2m_objects::oma::BinaryAppDataContainer,
            event_log: lwm2m_objects::oma::EventLog,
            oscore: lwm2m_objects::oma::Oscore,
            virtual_observe_notify: lwm2m_objects::oma::VirtualObserveNotify,
            cose: lwm2m_objects::oma::Cose,
            mqtt_server: lwm2m_objects::oma::MqttServer,
            gateway: lwm2m_objects::oma::Gateway,
            gateway_routing: lwm2m_objects::oma::GatewayRouting,
            nr_connectivity: lwm2m_objects::oma::NrConnectivity,
            device_rf_capabilities: lwm2m_objects::oma::DeviceRfCapabilities,
            temperature: lwm2m_objects::Temperature,
            light_control: lwm2m_objects::LightControl,
            accelerometer: lwm2m_objects::ipso::Accelerometer,
            acidity: lwm2m_objects::ipso::Acidity,
            actuation: lwm2m_objects::ipso::Actuation,
            addressable_text_display: lwm2m_objects::ipso::AddressableTextDisplay,
            air_quality: lwm2m_objects::ipso::AirQuality,
            altitude: lwm2m_objects::ipso::Altitude,
            analog_input: lwm2m_objects::ipso::AnalogInput,
            analog_output: lwm2m_objects::ipso::AnalogOutput,
            audio_clip: lwm2m_objects::ipso::AudioClip,
            barometer: lwm2m_objects::ipso::Barometer,
            battery: lwm2m_objects::ipso::Battery,
            bitmap: lwm2m_objects::ipso::Bitmap,
            buzzer: lwm2m_objects::ipso::Buzzer,
            cell_blacklist_event: lwm2m_objects::ipso::CellBlacklistEvent,
            cell_reselection_event: lwm2m_objects::ipso::CellReselectionEvent,
            colour: lwm2m_objects::ipso::Colour,
            concentration: lwm2m_objects::ipso::Concentration,
            conductivity: lwm2m_objects::ipso::Conductivity,
            current: lwm2m_objects::ipso::Current,
            depth: lwm2m_objects::ipso::Depth,
            device_extension: lwm2m_objects::ipso::DeviceExtension,
            digital_input: lwm2m_objects::ipso::DigitalInput,
            digital_output: lwm2m_objects::ipso::DigitalOutput,
            dimmer: lwm2m_objects::ipso::Dimmer,
            direction: lwm2m_objects::ipso::Direction,
            distance: lwm2m_objects::ipso::Distance,
            edge_computing_generic_condition: lwm2m_objects::ipso::EdgeComputingGenericCondition,
            edge_computing_manager: lwm2m_objects::ipso::EdgeComputingManager,
            edge_computing_script: lwm2m_objects::ipso::EdgeComputingScript,
            edge_computing_time_condition: lwm2m_objects::ipso::EdgeComputingTimeCondition,
            electrical_monitor: lwm2m_objects::ipso::ElectricalMonitor,
            emm_failure_cause_event: lwm2m_objects::ipso::EmmFailureCauseEvent,
            emm_state_value: lwm2m_objects::ipso::EmmStateValue,
            energy: lwm2m_objects::ipso::Energy,
            esm_context_info: lwm2m_objects::ipso::EsmContextInfo,
            filling_level: lwm2m_objects::ipso::FillingLevel,
            frequency: lwm2m_objects::ipso::Frequency,
            gas_meter: lwm2m_objects::ipso::GasMeter,
            generic_sensor: lwm2m_objects::ipso::GenericSensor,
            global_navigation_satellite_system: lwm2m_objects::ipso::GlobalNavigationSatelliteSystem,
            gyrometer: lwm2m_objects::ipso::Gyrometer,
            handover_event: lwm2m_objects::ipso::HandoverEvent,
            humidity: lwm2m_objects::ipso::Humidity,
            illuminance: lwm2m_objects::ipso::Illuminance,
            irrigation_valve: lwm2m_objects::ipso::IrrigationValve,
            led_color_light: lwm2m_objects::ipso::LedColorLight,
            load: lwm2m_objects::ipso::Load,
            load_control: lwm2m_objects::ipso::LoadControl,
            ipso_location: lwm2m_objects::ipso::Location,
            loudness: lwm2m_objects::ipso::Loudness,
            lpwan_communication: lwm2m_objects::ipso::LpwanCommunication,
            luminaire_asset: lwm2m_objects::ipso::LuminaireAsset,
            mac_rach_attempt_event: lwm2m_objects::ipso::MacRachAttemptEvent,
            mac_rach_attempt_reason_event: lwm2m_objects::ipso::MacRachAttemptReasonEvent,
            mac_timer_status_event: lwm2m_objects::ipso::MacTimerStatusEvent,
            mac_timing_advance_event: lwm2m_objects::ipso::MacTimingAdvanceEvent,
            magnetometer: lwm2m_objects::ipso::Magnetometer,
            manhole_cover: lwm2m_objects::ipso::ManholeCover,
            message3_report: lwm2m_objects::ipso::Message3Report,
            multi_state_selector: lwm2m_objects::ipso::MultiStateSelector,
            multiple_axis_joystick: lwm2m_objects::ipso::MultipleAxisJoystick,
            nas_emm_timer_expiry_event: lwm2m_objects::ipso::NasEmmTimerExpiryEvent,
            nas_esm_expiry_event: lwm2m_objects::ipso::NasEsmExpiryEvent,
            neighbor_cell_measurements: lwm2m_objects::ipso::NeighborCellMeasurements,
            noise_sensor: lwm2m_objects::ipso::NoiseSensor,
            oa_basic_control: lwm2m_objects::ipso::OaBasicControl,
            oa_device: lwm2m_objects::ipso::OaDevice,
            oa_group: lwm2m_objects::ipso::OaGroup,
            oa_logical_colour_light_point_actuator: lwm2m_objects::ipso::OaLogicalColourLightPointActuator,
            oa_logical_colour_temperature_light_point_actuator: lwm2m_objects::ipso::OaLogicalColourTemperatureLightPointActuator,
            oa_logical_illuminance_sensor: lwm2m_objects::ipso::OaLogicalIlluminanceSensor,
            oa_logical_light_point_actuator: lwm2m_objects::ipso::OaLogicalLightPointActuator,
            oa_logical_presence_sensor: lwm2m_objects::ipso::OaLogicalPresenceSensor,
            oa_logical_push_button_sensor: lwm2m_objects::ipso::OaLogicalPushButtonSensor,
            oa_ogc_security: lwm2m_objects::ipso::OaOgcSecurity,
            oa_physical_colour_light_point_actuator: lwm2m_objects::ipso::OaPhysicalColourLightPointActuator,
            oa_physical_colour_temperature_light_point_actuator: lwm2m_objects::ipso::OaPhysicalColourTemperatureLightPointActuator,
            oa_physical_illuminance_sensor: lwm2m_objects::ipso::OaPhysicalIlluminanceSensor,
            oa_physical_light_point_actuator: lwm2m_objects::ipso::OaPhysicalLightPointActuator,
            oa_physical_presence_sensor: lwm2m_objects::ipso::OaPhysicalPresenceSensor,
            oa_physical_push_button_sensor: lwm2m_objects::ipso::OaPhysicalPushButtonSensor,
            oa_receiving_object: lwm2m_objects::ipso::OaReceivingObject,
            oa_reporting_object: lwm2m_objects::ipso::OaReportingObject,
            oa_scene: lwm2m_objects::ipso::OaScene,
            oa_status_report_structure: lwm2m_objects::ipso::OaStatusReportStructure,
            on_off_switch: lwm2m_objects::ipso::OnOffSwitch,
            outdoor_lamp_controller: lwm2m_objects::ipso::OutdoorLampController,
            paging_drx: lwm2m_objects::ipso::PagingDrx,
            parking_sensor: lwm2m_objects::ipso::ParkingSensor,
            pbch_decoding_results: lwm2m_objects::ipso::PbchDecodingResults,
            people_counter: lwm2m_objects::ipso::PeopleCounter,
            percentage: lwm2m_objects::ipso::Percentage,
            photocell: lwm2m_objects::ipso::Photocell,
            plmn_search_event: lwm2m_objects::ipso::PlmnSearchEvent,
            positioner: lwm2m_objects::ipso::Positioner,
            power: lwm2m_objects::ipso::Power,
            power_control: lwm2m_objects::ipso::PowerControl,
            power_factor: lwm2m_objects::ipso::PowerFactor,
            power_measurement: lwm2m_objects::ipso::PowerMeasurement,
            powerup_log: lwm2m_objects::ipso::PowerupLog,
            prach_report: lwm2m_objects::ipso::PrachReport,
            presence: lwm2m_objects::ipso::Presence,
            pressure: lwm2m_objects::ipso::Pressure,
            pressure_monitoring_sensor: lwm2m_objects::ipso::PressureMonitoringSensor,
            pucch_power_control: lwm2m_objects::ipso::PucchPowerControl,
            push_button: lwm2m_objects::ipso::PushButton,
            rach_latency_delay: lwm2m_objects::ipso::RachLatencyDelay,
            radio_link_failure_event: lwm2m_objects::ipso::RadioLinkFailureEvent,
            radio_link_monitoring: lwm2m_objects::ipso::RadioLinkMonitoring,
            rate: lwm2m_objects::ipso::Rate,
            rrc_state_change_event: lwm2m_objects::ipso::RrcStateChangeEvent,
            rrc_timer_expiry_event: lwm2m_objects::ipso::RrcTimerExpiryEvent,
            scell_id: lwm2m_objects::ipso::ScellId,
            serving_cell_measurement: lwm2m_objects::ipso::ServingCellMeasurement,
            set_point: lwm2m_objects::ipso::SetPoint,
            single_phase_electrical_meter: lwm2m_objects::ipso::SinglePhaseElectricalMeter,
            sip_publish_event: lwm2m_objects::ipso::SipPublishEvent,
            sip_registration_event: lwm2m_objects::ipso::SipRegistrationEvent,
            sip_subscription_event: lwm2m_objects::ipso::SipSubscriptionEvent,
            smoke_alarm: lwm2m_objects::ipso::SmokeAlarm,
            stopwatch: lwm2m_objects::ipso::Stopwatch,
            test_object_v10: lwm2m_objects::ipso::TestObjectV10,
            test_object_v11: lwm2m_objects::ipso::TestObjectV11,
            three_phase_electrical_meter_complement: lwm2m_objects::ipso::ThreePhaseElectricalMeterComplement,
            tilt_sensor: lwm2m_objects::ipso::TiltSensor,
            time_object: lwm2m_objects::ipso::TimeObject,
            time_synchronization: lwm2m_objects::ipso::TimeSynchronization,
            timer: lwm2m_objects::ipso::Timer,
            timing_advance: lwm2m_objects::ipso::TimingAdvance,
            traffic_counter: lwm2m_objects::ipso::TrafficCounter,
            tx_power_back_off_event: lwm2m_objects::ipso::TxPowerBackOffEvent,
            tx_power_headroom_event: lwm2m_objects::ipso::TxPowerHeadroomEvent,
            ucifi_data_bridge: lwm2m_objects::ipso::UcifiDataBridge,
            ucifi_generic_actuator: lwm2m_objects::ipso::UcifiGenericActuator,
            up_down_control: lwm2m_objects::ipso::UpDownControl,
            voltage: lwm2m_objects::ipso::Voltage,
            volte_call_event: lwm2m_objects::ipso::VolteCallEvent,
            volte_call_state_change_event: lwm2m_objects::ipso::VolteCallStateChangeEvent,
            volte_rtp_packet_loss: lwm2m_objects::ipso::VolteRtpPacketLoss,
            water_meter: lwm2m_objects::ipso::WaterMeter,
            water_quality_sensor: lwm2m_objects::ipso::WaterQualitySensor,
        }
    };
}
pub(crate) use every;

pub(crate) type Resources = BTreeMap<ResourceId, Node>;

/// An instance: all that is mandatory, some of what is optional.
pub(crate) fn instance(def: &'static ObjectDef) -> impl Strategy<Value = Resources> {
    let values = def.resources().iter().filter(|resource| resource.kind() != Kind::Executable);
    let resources = values.map(|resource| {
        let id = resource.id();
        let node = if resource.is_mandatory() {
            node(resource).prop_map(Some).boxed()
        } else {
            proptest::option::of(node(resource)).boxed()
        };
        node.prop_map(move |node| Some((id, node?)))
    });
    resources.collect::<Vec<_>>().prop_map(|resources| resources.into_iter().flatten().collect())
}

/// What a resource may hold.
pub(crate) fn node(def: &'static ResourceDef) -> BoxedStrategy<Node> {
    if def.is_multiple() {
        btree_map(0_u16..65_535, value(def), 1..4).prop_map(Node::Multiple).boxed()
    } else {
        value(def).prop_map(Node::Value).boxed()
    }
}

/// A value that the definition allows.
pub(crate) fn value(def: &'static ResourceDef) -> BoxedStrategy<Value> {
    if def.bounds().is_empty() {
        return any_value(def.kind());
    }
    let kind = def.kind();
    proptest::sample::select(def.bounds()).prop_flat_map(move |bounds| within(kind, bounds)).boxed()
}

fn within(kind: Kind, bounds: Interval) -> BoxedStrategy<Value> {
    match (kind, bounds) {
        (Kind::Integer, Interval::Integer(a, b)) => (a..=b).prop_map(Value::Integer).boxed(),
        (Kind::Unsigned, Interval::Unsigned(a, b)) => (a..=b).prop_map(Value::Unsigned).boxed(),
        (Kind::Float, Interval::Float(a, b)) => (a..=b).prop_map(Value::Float).boxed(),
        (Kind::String, Interval::Unsigned(a, b)) => {
            (a..=b).prop_map(|length| Value::String("x".repeat(length as usize))).boxed()
        }
        (Kind::Opaque, Interval::Unsigned(a, b)) => {
            (a..=b).prop_map(|length| Value::Opaque(vec![0xa5; length as usize].into())).boxed()
        }
        strange => panic!("no definition is bounded like that: {strange:?}"),
    }
}

/// Any value of a kind.
pub(crate) fn any_value(kind: Kind) -> BoxedStrategy<Value> {
    match kind {
        Kind::String => any::<String>().prop_map(Value::String).boxed(),
        Kind::Corelnk => any::<String>().prop_map(Value::Corelnk).boxed(),
        Kind::Integer => any::<i64>().prop_map(Value::Integer).boxed(),
        Kind::Unsigned => any::<u64>().prop_map(Value::Unsigned).boxed(),
        Kind::Float => any::<f64>().prop_map(Value::Float).boxed(),
        Kind::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        Kind::Time => any::<i64>().prop_map(Value::Time).boxed(),
        Kind::Opaque => any::<Vec<u8>>().prop_map(|octets| Value::Opaque(octets.into())).boxed(),
        Kind::Objlnk => any::<(u16, u16)>()
            .prop_map(|(object, instance)| {
                Value::Objlnk(Objlnk { object: ObjectId(object), instance: InstanceId(instance) })
            })
            .boxed(),
        other => panic!("{other} has no values"),
    }
}

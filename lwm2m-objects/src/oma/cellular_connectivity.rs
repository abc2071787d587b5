//! LWM2M Cellular Connectivity (10), version 1.1.

use std::collections::BTreeMap;

use lwm2m_core::{Bytes, Object, Objlnk};

/// LWM2M Cellular Connectivity (10): how the modem saves power. What a server writes is a wish to the network; what
/// is read is what it granted.
#[derive(Object, Clone, Debug, PartialEq)]
#[object(id = 10, version = "1.1", name = "LWM2M Cellular Connectivity", serde)]
pub struct CellularConnectivity {
    /// Of the SMS centre, as E.164 has it.
    #[resource(id = 0, ops = "rw", name = "SMSC address")]
    pub smsc_address: Option<String>,
    /// Minutes to leave the network for, from the moment of the write; 0: stay.
    #[resource(id = 1, ops = "rw", name = "Disable radio period", range(0, 65535))]
    pub disable_radio_period: Option<i64>,
    /// What switches the modem on, for example `*98`.
    #[resource(id = 2, ops = "rw", name = "Module activation code")]
    pub module_activation_code: Option<String>,
    /// An object of the vendor with more.
    #[resource(id = 3, ops = "r", name = "Vendor specific extensions")]
    pub vendor_specific_extensions: Option<Objlnk>,
    /// Time between tracking area updates (extended T3412).
    #[resource(id = 4, ops = "rw", name = "PSM Timer", unit = "s")]
    pub psm_timer: Option<i64>,
    /// How long the device listens after it was active (T3324).
    #[resource(id = 5, ops = "rw", unit = "s")]
    pub active_timer: Option<i64>,
    /// Octet 3 of the information element of 3GPP TS 24.008 §10.5.5.32.
    #[resource(id = 7, ops = "rw", name = "eDRX parameters for Iu mode", range(0, 255))]
    pub edrx_parameters_for_iu_mode: Option<Bytes>,
    /// As for Iu mode.
    #[resource(id = 8, ops = "rw", name = "eDRX parameters for WB-S1 mode", range(0, 255))]
    pub edrx_parameters_for_wb_s1_mode: Option<Bytes>,
    /// As for Iu mode.
    #[resource(id = 9, ops = "rw", name = "eDRX parameters for NB-S1 mode", range(0, 255))]
    pub edrx_parameters_for_nb_s1_mode: Option<Bytes>,
    /// As for Iu mode.
    #[resource(id = 10, ops = "rw", name = "eDRX parameters for A/Gb mode", range(0, 255))]
    pub edrx_parameters_for_a_gb_mode: Option<Bytes>,
    /// Profiles (object 11) that have a connection.
    #[resource(id = 11, ops = "r", mandatory)]
    pub activated_profile_names: BTreeMap<u16, Objlnk>,
    /// Bit 0 PSM, bit 1 eDRX.
    #[resource(id = 12, ops = "r", range(0, 255))]
    pub supported_power_saving_modes: Option<u64>,
    /// Bit 0 PSM, bit 1 eDRX.
    #[resource(id = 13, ops = "rw", range(0, 255))]
    pub active_power_saving_modes: Option<u64>,
    /// When the network is told to release the connection: bit 0 never, bit 1 after a message that nothing answers,
    /// bit 2 after one that is answered.
    #[resource(id = 14, ops = "rw", range(0, 255))]
    pub release_assistance_indication_usage: Option<u64>,
}

/// No profile has a connection: a single null link. Nothing optional.
impl Default for CellularConnectivity {
    fn default() -> Self {
        Self {
            smsc_address: None,
            disable_radio_period: None,
            module_activation_code: None,
            vendor_specific_extensions: None,
            psm_timer: None,
            active_timer: None,
            edrx_parameters_for_iu_mode: None,
            edrx_parameters_for_wb_s1_mode: None,
            edrx_parameters_for_nb_s1_mode: None,
            edrx_parameters_for_a_gb_mode: None,
            activated_profile_names: BTreeMap::from([(0, Objlnk::NULL)]),
            supported_power_saving_modes: None,
            active_power_saving_modes: None,
            release_assistance_indication_usage: None,
        }
    }
}

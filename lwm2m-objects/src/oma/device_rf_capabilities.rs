//! Device RF Capabilities (28), version 1.0.

use lwm2m_core::Object;

/// Device RF Capabilities (28): the radio bands of the device.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 28, version = "1.0", name = "Device RF Capabilities", serde)]
pub struct DeviceRfCapabilities {
    /// LTE.
    #[resource(id = 0, ops = "r", name = "Supported LTE Band Information")]
    pub supported_lte_band_information: Option<i64>,
    /// EGPRS.
    #[resource(id = 1, ops = "r", name = "Supported EGPRS Band Information")]
    pub supported_egprs_band_information: Option<i64>,
    /// TD-SCDMA.
    #[resource(id = 2, ops = "r", name = "Supported TD-SCDMA Band Information")]
    pub supported_td_scdma_band_information: Option<i64>,
    /// WCDMA.
    #[resource(id = 3, ops = "r", name = "Supported WCDMA Band Information")]
    pub supported_wcdma_band_information: Option<i64>,
    /// CDMA2000.
    #[resource(id = 4, ops = "r", name = "Supported CDMA-2000 Band Information")]
    pub supported_cdma_2000_band_information: Option<i64>,
    /// WiMAX.
    #[resource(id = 5, ops = "r", name = "Supported WiMAX Band Information")]
    pub supported_wimax_band_information: Option<i64>,
    /// NB-IoT.
    #[resource(id = 6, ops = "r", name = "Supported NB-IoT Band Information")]
    pub supported_nb_iot_band_information: Option<i64>,
    /// 5G.
    #[resource(id = 7, ops = "r", name = "Supported 5G Band Information")]
    pub supported_5g_band_information: Option<i64>,
}

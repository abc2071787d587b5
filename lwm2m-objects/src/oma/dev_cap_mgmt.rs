//! DevCapMgmt (15), version 2.0.

use lwm2m_core::{Arguments, Done, Executable, Object, Rejection};

/// DevCapMgmt (15): a capability of the device that can be switched off, perhaps taken off.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 15, version = "2.0", name = "DevCapMgmt", multiple, serde)]
pub struct DevCapMgmt {
    /// Numbers of the capabilities in the group, with semicolons.
    #[resource(id = 0, ops = "r", mandatory)]
    pub property: String,
    /// 0 sensor, 1 control, 2 connectivity, 3 navigation, 4 storage, 5 vision, 6 sound, 7 analogue input, 8
    /// analogue output.
    #[resource(id = 1, ops = "r", mandatory, range(0, 15))]
    pub group: i64,
    /// Words of the manufacturer.
    #[resource(id = 2, ops = "r")]
    pub description: Option<String>,
    /// Is it attached? `None`: it cannot be taken off.
    #[resource(id = 3, ops = "r")]
    pub attached: Option<bool>,
    /// May it work? Independent of being attached.
    #[resource(id = 4, ops = "r", mandatory)]
    pub enabled: bool,
    /// Lets it work.
    #[resource(id = 5, execute = Self::enable, name = "opEnable", mandatory)]
    pub op_enable: Executable,
    /// Stops it.
    #[resource(id = 6, execute = Self::disable, name = "opDisable", mandatory)]
    pub op_disable: Executable,
    /// Do changes of [`attached`](Self::attached) and [`enabled`](Self::enabled) notify observers?
    #[resource(id = 7, ops = "rw", name = "NotifyEn")]
    pub notify_en: Option<bool>,
}

impl DevCapMgmt {
    fn enable(&mut self, _arguments: &Arguments) -> Result<Done, Rejection> {
        self.enabled = true;
        Ok(Done::DONE)
    }

    fn disable(&mut self, _arguments: &Arguments) -> Result<Done, Rejection> {
        self.enabled = false;
        Ok(Done::DONE)
    }
}

#[cfg(test)]
mod tests {
    use lwm2m_core::ObjectType as _;

    use super::*;

    #[test]
    fn it_is_enabled_and_disabled() {
        let mut camera = DevCapMgmt { group: 5, ..DevCapMgmt::default() };
        assert!(camera.execute(DevCapMgmt::OP_ENABLE.id(), &Arguments::NONE).is_ok());
        assert!(camera.enabled);
        assert!(camera.execute(DevCapMgmt::OP_DISABLE.id(), &Arguments::NONE).is_ok());
        assert!(!camera.enabled);
    }
}

//! Attributes that steer notifications. [Core 1.2 §5.1.2]

/// The `<NOTIFICATION>` class attributes of one node, for one server. What is `None` is not set at this node.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Attributes {
    /// Least time between notifications, in seconds.
    pub pmin: Option<u32>,
    /// Greatest time between notifications, in seconds.
    pub pmax: Option<u32>,
    /// Notify when the value crosses this from either side.
    pub gt: Option<f64>,
    /// Notify when the value crosses this from either side.
    pub lt: Option<f64>,
    /// Notify when the value changed by this much.
    pub st: Option<f64>,
    /// Least time between evaluations, in seconds. Since LwM2M 1.1.
    pub epmin: Option<u32>,
    /// Greatest time between evaluations, in seconds. Since LwM2M 1.1.
    pub epmax: Option<u32>,
    /// Notify on the rising (true) or falling (false) edge. Since LwM2M 1.2.
    pub edge: Option<bool>,
    /// Notify confirmably. Since LwM2M 1.2.
    pub con: Option<bool>,
    /// How many values to keep while offline. Since LwM2M 1.2.
    pub hqmax: Option<u32>,
}

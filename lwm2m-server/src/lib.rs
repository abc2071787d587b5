//! LwM2M server: manages a fleet of devices.

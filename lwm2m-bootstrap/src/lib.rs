//! LwM2M bootstrap server: provisions devices.

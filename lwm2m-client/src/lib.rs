//! LwM2M client: puts a device under management.

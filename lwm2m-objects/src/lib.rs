//! Object definitions of the OMA registry and typed structs for the common ones.

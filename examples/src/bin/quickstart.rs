//! A server and some devices in one process.
fn main() {}

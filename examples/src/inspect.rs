//! The parts of the program `inspect`: what is given is read, named, and shown; a refusal points at its octet.

pub mod decode;
pub mod definition;
pub mod encode;
pub mod input;
pub mod json;
pub mod known;
pub mod message;
pub mod refusal;
pub mod tree;

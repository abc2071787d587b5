//! The server's console: a small command language, read from a terminal or a pipe.

mod command;
mod help;
mod input;

pub use self::{
    command::{Command, Many, Parts, Verb},
    help::{NAMES, help},
    input::{Input, Screen, open, plain},
};

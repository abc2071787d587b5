//! The sans-IO part of the client.

mod batch;
mod check;
mod head;
mod snapshot;
mod table;

//! The till's commands over HTTP for a browser: the same interface, the same user interface and the same answers as in the
//! window.
//!
//! `POST /api/{command}` runs a command, `GET /api/events` hears what the terminal says by itself, anything else is the
//! user interface. Who may do what is decided in `till`; this room only makes sure that a request comes from a page that
//! the bridge itself has served:
//!
//! - the `Host` must be one that no stranger's DNS can point here ([`hosts`](BridgeOptions::allow_hosts));
//! - `Origin` and `Sec-Fetch-Site`, where a browser sends them, must say that it is our own page;
//! - a command needs `X-Tillbridge: 1` and JSON, which no page elsewhere can send without asking, and asking is refused;
//! - every browser has a session of its own, a random cookie that scripts cannot read and other sites cannot send;
//! - beyond loopback, a browser is let in by the token in the address that the terminal shows.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test fails where it must"))]

mod commands;
mod entry;
mod events;
mod headers;
mod hosts;
mod pages;
mod problems;
mod server;
mod sessions;
mod token;

pub use server::{Bridge, BridgeError, BridgeOptions};

//! The bridge over HTTP, as browsers and strangers meet it.
#![allow(clippy::unwrap_used, reason = "a test fails where it must")]

mod commands;
mod events;
mod fake_terminal;
mod strangers;

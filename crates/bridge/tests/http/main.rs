//! The bridge over HTTP, as browsers and strangers meet it.

mod commands;
mod events;
mod fake_terminal;
mod strangers;

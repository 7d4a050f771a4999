//! The desktop shell: a window over a terminal.
//!
//! The page in the window has one command, `call`, and hears one event, `till`. Nothing is decided here: what a call means
//! and who may make it is the terminal's.

mod display;
mod ipc;
mod window;

pub use display::Display;
pub use ipc::Terminal;
pub use window::{WindowError, run_window};

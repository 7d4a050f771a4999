//! The use cases of a terminal: what the window, the bridge and the command line call.

pub mod api;

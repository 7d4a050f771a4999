//! The one interface between a user interface and the terminal: commands with typed arguments and answers, and the events
//! the terminal sends by itself. The window carries it over IPC, the bridge over HTTP; `ui/src/lib/generated/api.ts` is
//! generated from it.
//!
//! Amounts arrive formatted and as strings; a user interface computes no money.

mod commands;
mod problem;
mod typescript;
mod views;

pub use commands::*;
pub use problem::{Problem, ProblemCode};
pub use typescript::typescript;
pub use views::*;

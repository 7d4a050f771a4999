//! `run`: the window over a terminal.

use std::sync::Arc;
use std::time::Instant;

use till::Terminal;

use super::open;
use crate::OpenWindow;
use crate::answer::{Clean, Ending};
use crate::arguments::RunArguments;
use crate::words::CliError;

/// Runs the verb.
pub(crate) fn run(arguments: &RunArguments, open_window: OpenWindow<'_>, started: Instant) -> Ending {
    let dir = match &arguments.data {
        Some(dir) => dir.clone(),
        None => open::default_folder("till")?,
    };
    show(open::terminal(&dir)?, open_window, started)
}

/// Shows `terminal` in a window until that is closed.
pub(crate) fn show(terminal: Arc<Terminal>, open_window: OpenWindow<'_>, started: Instant) -> Ending {
    tracing::info!(milliseconds = elapsed(started), "the terminal is open");
    let tasks = terminal.start_background()?;
    let shown = open_window(terminal);
    drop(tasks);
    shown.map(|()| Clean::Yes).map_err(|sentence| {
        CliError::new("no_window", format!("打不开窗口（{sentence}）。没有显示器时，可以用浏览器：tillbridge bridge"), sentence)
    })
}

fn elapsed(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}

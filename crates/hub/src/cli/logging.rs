//! The log, on standard error.

use tracing_subscriber::EnvFilter;

use super::answer::Failure;

/// Starts logging what `filter` lets through.
pub(super) fn start(filter: &str, json: bool) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(filter).map_err(|error| {
        Failure::new("log_filter", format!("'{filter}' does not say what to log ({error}): write info or debug"))
    })?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if json { log.json().flatten_event(true).try_init() } else { log.try_init() };
    started.map_err(|error| Failure::new("log", format!("the log cannot be started: {error}")))
}

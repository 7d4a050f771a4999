//! Logs on standard error; `TILLBRIDGE_LOG` chooses what of them.

use tracing_subscriber::EnvFilter;

/// Starts logging: warnings, and of programs that stay also what they say about themselves.
pub(crate) fn start(stays: bool) {
    let quiet = if stays { "warn,till=info,tillbridge=info,tillbridge_cli=info" } else { "warn" };
    let filter = EnvFilter::try_from_env("TILLBRIDGE_LOG").unwrap_or_else(|_| EnvFilter::new(quiet));
    // A second start in one process (tests) keeps the first.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

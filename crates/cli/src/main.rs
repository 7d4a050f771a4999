//! The terminal's program for machines without a display: every verb but the window.

use std::process::ExitCode;

fn main() -> ExitCode {
    tillbridge_cli::run(std::env::args_os(), &|_| {
        Err("this program has no window: use tillbridge, or serve the screens to a browser with the verb bridge".to_owned())
    })
}

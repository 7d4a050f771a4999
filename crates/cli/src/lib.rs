//! The command line of a terminal: `tillbridge` and its verbs. Opens windows only through what its caller hands in.

mod answer;
mod arguments;
mod demo_shop;
mod embedded_hub;
mod logging;
mod replay;
mod supervise;
mod verbs;
mod words;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use clap::Parser;
use till::Terminal;

use answer::Output;
use arguments::{Arguments, Verb};

/// Opens a window over a terminal and stays until it is closed; the error is a sentence for the person who started it.
pub type OpenWindow<'a> = &'a dyn Fn(Arc<Terminal>) -> Result<(), String>;

/// Runs the program with `arguments` (the first is its own name) and gives its exit code: 0 done, 1 failed, refused or not
/// clean, 2 wrong usage. Must be called on the process's main thread, for `open_window` may be called from it.
pub fn run(arguments: impl IntoIterator<Item = OsString>, open_window: OpenWindow<'_>) -> ExitCode {
    let started = Instant::now();
    let typed: Vec<OsString> = arguments.into_iter().collect();
    let arguments = match Arguments::try_parse_from(&typed) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and the version are answers too; only standard output may be closed, and then nobody reads on.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let verb = arguments.verb.unwrap_or_else(|| Verb::Run(arguments::RunArguments::default()));
    logging::start(verb.stays());
    if verb.supervised() && std::env::var_os(supervise::SUPERVISED).is_none() {
        return supervise::supervise(typed.get(1..).unwrap_or_default()).unwrap_or_else(|error| {
            tracing::error!(%error, "the program cannot be started");
            ExitCode::FAILURE
        });
    }
    let output = Output::new(verb.wants_json());
    let result = match verb {
        Verb::Run(arguments) => verbs::run::run(&arguments, open_window, started),
        Verb::Demo(arguments) => verbs::demo::demo(&arguments, open_window, started, &output),
        Verb::Bridge(arguments) => verbs::bridge::bridge(&arguments, &output),
        Verb::Enrol(arguments) => verbs::enrol::enrol(&arguments, &output),
        Verb::Sync(arguments) => verbs::sync::sync(&arguments, &output),
        Verb::Verify(arguments) => verbs::proof::verify(&arguments, &output),
        Verb::Rebuild(arguments) => verbs::proof::rebuild(&arguments, &output),
        Verb::Journal(arguments::JournalVerb::Export(arguments)) => verbs::proof::export(&arguments, &output),
        Verb::Replay(arguments) => replay::replay(&arguments, &output),
        Verb::Recover(arguments) => verbs::recover::recover(&arguments, &output),
        Verb::Status(arguments) => verbs::status::status(&arguments, &output),
    };
    match result {
        Ok(answer::Clean::Yes) => ExitCode::SUCCESS,
        Ok(answer::Clean::No) => ExitCode::FAILURE,
        Err(error) => {
            output.failure(&error);
            ExitCode::FAILURE
        }
    }
}

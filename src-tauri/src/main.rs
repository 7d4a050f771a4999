//! The terminal's program.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use serde_json::{Value, json};
use tillbridge_shell::{Terminal, run_window};

/// Answers every command with its own name.
struct Echo;

impl Terminal for Echo {
    fn call(&self, session: &str, name: &str, args: Value) -> Result<Value, Value> {
        Ok(json!({ "session": session, "name": name, "args": args }))
    }

    fn events(&self) -> Receiver<Value> {
        let (events, stream) = channel();
        std::thread::spawn(move || {
            for beat in 0..60 {
                std::thread::sleep(std::time::Duration::from_secs(1));
                if events.send(json!({ "beat": beat })).is_err() {
                    break;
                }
            }
        });
        stream
    }
}

fn main() -> ExitCode {
    match run_window(Arc::new(Echo)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

//! The terminal's program: the command line, and the window over it.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::Once;
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use serde_json::{Value, json};
use till::api::{AppArgs, Commands, DisplayView};
use tillbridge_shell::{Display, Terminal, run_window};

/// A terminal as the window sees it.
struct Shown {
    terminal: Arc<till::Terminal>,
    started: Instant,
    ready: Once,
}

impl Terminal for Shown {
    fn call(&self, session: &str, name: &str, args: Value) -> Result<Value, Value> {
        let answer = till::api::dispatch(&*self.terminal, session, name, args).map_err(|problem| {
            serde_json::to_value(&problem)
                .unwrap_or_else(|_| json!({ "code": "internal", "params": {}, "detail": problem.detail }))
        });
        if name == "app" {
            self.ready
                .call_once(|| tracing::info!(milliseconds = self.started.elapsed().as_millis(), "ready: the screens are asking"));
        }
        answer
    }

    fn events(&self) -> Receiver<Value> {
        let events = self.terminal.subscribe();
        let (forward, stream) = channel();
        let carry = move || {
            for event in events {
                let Ok(event) = serde_json::to_value(event) else { continue };
                if forward.send(event).is_err() {
                    break;
                }
            }
        };
        if let Err(error) = std::thread::Builder::new().name("till-events".to_owned()).spawn(carry) {
            tracing::error!(%error, "the terminal's events cannot reach the window");
        }
        stream
    }

    fn display(&self) -> Display {
        match self.terminal.app("main", AppArgs {}).map(|app| app.settings.devices.display) {
            Ok(DisplayView::Screen) => Display::SecondScreen,
            Ok(DisplayView::Window) => Display::Window,
            Ok(DisplayView::Off) | Err(_) => Display::Off,
        }
    }
}

fn main() -> ExitCode {
    let started = Instant::now();
    cli::run(std::env::args_os(), &|terminal| {
        let shown = Shown { terminal, started, ready: Once::new() };
        run_window(Arc::new(shown)).map_err(|error| error.to_string())
    })
}

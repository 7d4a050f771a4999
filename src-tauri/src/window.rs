//! Opens the window and stays until it is closed.

use std::sync::Arc;
use std::thread;

use tauri::{Manager, WindowEvent};
use thiserror::Error;

use crate::display;
use crate::ipc::{self, Attached, Terminal};

/// Why the window did not open.
#[derive(Debug, Error)]
pub enum WindowError {
    /// The system's web view or display is not there.
    #[error("the window can't be opened: {0}. Without a display, serve the same screens to a browser instead: tillbridge bridge")]
    Open(#[from] tauri::Error),
    /// The system gave no thread.
    #[error("the terminal's events can't be forwarded to the window: {0}")]
    Events(#[from] std::io::Error),
}

/// Opens the window over `terminal` and returns when it is closed. Must be called on the process's main thread.
pub fn run_window(terminal: Arc<dyn Terminal>) -> Result<(), WindowError> {
    let events = terminal.events();
    let app = tauri::Builder::default()
        .manage(Attached(Arc::clone(&terminal)))
        .invoke_handler(tauri::generate_handler![ipc::call, ipc::customer, ipc::customer_logo])
        .on_window_event(|window, event| {
            // The customer display alone would keep the program open.
            if window.label() == display::MAIN
                && matches!(event, WindowEvent::Destroyed)
                && let Some(customer) = window.app_handle().get_webview_window(display::CUSTOMER)
                && let Err(error) = customer.close()
            {
                tracing::warn!(%error, "the customer display cannot be closed");
            }
        })
        .build(tauri::generate_context!())?;
    let handle = app.handle().clone();
    thread::Builder::new().name("window-events".to_owned()).spawn(move || ipc::forward(&handle, terminal.as_ref(), &events))?;
    app.run_return(|_, _| {});
    Ok(())
}

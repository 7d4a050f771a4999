//! The one command and the one event between the page and the terminal.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use serde_json::{Value, json};
use tauri::{AppHandle, Emitter, State, Webview, async_runtime};

/// What the window shows: anything that answers commands by name and tells of changes by itself.
pub trait Terminal: Send + Sync + 'static {
    /// Calls the command `name` for the user interface named `session`. Both the answer and the refusal are JSON for the page.
    /// May block; is never called on the window's thread.
    fn call(&self, session: &str, name: &str, args: Value) -> Result<Value, Value>;

    /// The events from now on, as JSON for the page. The stream ends when the terminal closes.
    fn events(&self) -> Receiver<Value>;
}

/// The terminal of this window, as Tauri keeps it.
pub(crate) struct Attached(pub(crate) Arc<dyn Terminal>);

/// Carries one call of the page to the terminal. The window's label names the session, so a page that is reloaded finds the
/// order it had open.
#[tauri::command]
pub(crate) async fn call(webview: Webview, attached: State<'_, Attached>, name: String, args: Value) -> Result<Value, Value> {
    let terminal = Arc::clone(&attached.0);
    let session = webview.label().to_owned();
    async_runtime::spawn_blocking({
        let name = name.clone();
        move || terminal.call(&session, &name, args)
    })
    .await
    .unwrap_or_else(|error| {
        Err(json!({ "code": "internal", "params": {}, "detail": format!("the command '{name}' stopped: {error}") }))
    })
}

/// Sends the terminal's events to the page until the terminal or the window closes.
pub(crate) fn forward(app: &AppHandle, events: &Receiver<Value>) {
    for event in events {
        if let Err(error) = app.emit("till", event) {
            tracing::warn!(%error, "the window did not take an event");
        }
    }
}

//! The one command and the one event between the page and the terminal.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use crate::display::{self, CUSTOMER, Display, MAIN};
use serde_json::{Value, json};
use tauri::{AppHandle, Emitter, State, Webview, async_runtime};

/// What the window shows: anything that answers commands by name and tells of changes by itself.
pub trait Terminal: Send + Sync + 'static {
    /// Calls the command `name` for the user interface named `session`. Both the answer and the refusal are JSON for the page.
    /// May block; is never called on the window's thread.
    fn call(&self, session: &str, name: &str, args: Value) -> Result<Value, Value>;

    /// The events from now on, as JSON for the page. The stream ends when the terminal closes.
    fn events(&self) -> Receiver<Value>;

    /// Where the customer display is to be.
    fn display(&self) -> Display;
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

/// What the customer display shows: the order of the window with the till. It has no other way to the terminal.
#[tauri::command]
pub(crate) async fn customer(attached: State<'_, Attached>) -> Result<Value, Value> {
    ask(&attached, "customer").await
}

/// The logo that the customer display shows.
#[tauri::command]
pub(crate) async fn customer_logo(attached: State<'_, Attached>) -> Result<Value, Value> {
    ask(&attached, "logo").await
}

async fn ask(attached: &Attached, name: &'static str) -> Result<Value, Value> {
    let terminal = Arc::clone(&attached.0);
    async_runtime::spawn_blocking(move || terminal.call(MAIN, name, json!({})))
        .await
        .unwrap_or_else(|error| Err(json!({ "code": "internal", "params": {}, "detail": error.to_string() })))
}

/// Sends the terminal's events to the windows until the terminal or the window closes: each to the one that it is for.
pub(crate) fn forward(app: &AppHandle, terminal: &dyn Terminal, events: &Receiver<Value>) {
    display::follow(app, terminal);
    for event in events {
        let (data, news) = (&event["data"], &event["data"]["news"]);
        let sent = match event["type"].as_str() {
            // For a browser at the bridge.
            Some("session") if data["session"] != MAIN => Ok(()),
            Some("session") if news["kind"] == "customer" => app.emit_to(CUSTOMER, "customer", news),
            Some("catalogue") => {
                display::follow(app, terminal);
                app.emit_to(CUSTOMER, "customer", Value::Null).and_then(|()| app.emit_to(MAIN, "till", &event))
            }
            _ => app.emit_to(MAIN, "till", &event),
        };
        if let Err(error) = sent {
            tracing::warn!(%error, "a window did not take an event");
        }
    }
}

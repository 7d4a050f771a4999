//! `terminal add`, `terminal list`, `terminal revoke`.

use domain::{Name, StoreCode, TerminalId};
use hub::{AddTerminal, TerminalSummary};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::answer::{Column, Failure, Output};
use super::arguments::{TerminalAddArguments, TerminalListArguments, TerminalRevokeArguments};
use super::open;

/// Makes a one-time code.
pub(super) fn add(arguments: TerminalAddArguments, output: &Output) -> Result<(), Failure> {
    let hub = open(&arguments.database)?;
    let (zh, en) = (arguments.shop_name.unwrap_or_default(), arguments.shop_name_en.unwrap_or_default());
    let shop_name = Name { zh, en };
    let terminal = AddTerminal {
        store: arguments.store,
        name: arguments.name,
        currency: arguments.currency,
        time_zone: arguments.time_zone,
        shop_name: (shop_name != Name::default()).then_some(shop_name),
    };
    let code = hub.add_terminal(&terminal, Timestamp::now())?;
    let shop = hub.store(&terminal.store)?;
    let answer = json!({
        "code": code.code,
        "expires_at": code.expires_at,
        "store": shop.code,
        "store_id": shop.id,
        "name": terminal.name,
        "currency": shop.currency,
        "time_zone": shop.time_zone,
    });
    let sentence = format!(
        "{}\n\nEnter this code at the new terminal '{}' of store {}. It works once, until {}.",
        code.code, terminal.name, shop.code, code.expires_at
    );
    output.answer(&answer, &sentence);
    Ok(())
}

/// A terminal as programs read it.
#[derive(Serialize)]
struct Row {
    id: TerminalId,
    store: StoreCode,
    number: u32,
    name: String,
    acked: u64,
    seen_at: Option<Timestamp>,
    enrolled_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

impl From<TerminalSummary> for Row {
    fn from(terminal: TerminalSummary) -> Self {
        let TerminalSummary { id, store, number, name, acked, seen_at, enrolled_at, revoked_at } = terminal;
        Self { id, store, number, name, acked, seen_at, enrolled_at, revoked_at }
    }
}

/// Lists terminals.
pub(super) fn list(arguments: TerminalListArguments, output: &Output) -> Result<(), Failure> {
    let hub = open(&arguments.database)?;
    if let Some(store) = &arguments.store {
        hub.store(store)?;
    }
    let rows: Vec<Row> = hub.terminals(arguments.store.as_ref())?.into_iter().map(Row::from).collect();
    let columns = [
        Column::text("store", |row: &Row| row.store.to_string()),
        Column::number("no.", |row| row.number.to_string()),
        Column::text("name", |row| row.name.clone()),
        Column::text("terminal", |row| row.id.to_string()),
        Column::number("entries", |row| row.acked.to_string()),
        Column::text("last seen", |row| row.seen_at.map_or_else(|| "never".to_owned(), |at| at.to_string())),
        Column::text("", |row| row.revoked_at.map_or_else(String::new, |at| format!("revoked {at}"))),
    ];
    output.list(&rows, &columns, "No terminal has joined yet: tillbridge-hub terminal add makes a code for one.");
    Ok(())
}

/// Shuts a terminal out.
pub(super) fn revoke(arguments: TerminalRevokeArguments, output: &Output) -> Result<(), Failure> {
    let hub = open(&arguments.database)?;
    hub.revoke_terminal(arguments.terminal, Timestamp::now())?;
    let answer = json!({ "terminal": arguments.terminal, "revoked": true });
    output.answer(&answer, &format!("Terminal {} is refused from now on.", arguments.terminal));
    Ok(())
}

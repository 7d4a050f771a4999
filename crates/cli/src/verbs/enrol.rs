//! `enrol`: joins a hub.

use serde_json::json;

use super::open;
use crate::answer::{Clean, Ending, Output};
use crate::arguments::EnrolArguments;

/// Runs the verb.
pub(crate) fn enrol(arguments: &EnrolArguments, output: &Output) -> Ending {
    let terminal = open::terminal(&arguments.store)?;
    terminal.enrol(&arguments.hub, &arguments.code)?;
    let shop = terminal.store().shop();
    let row = terminal.store().terminal();
    let (number, name) = row.map(|row| (row.number, row.name)).unwrap_or_default();
    let (code, hub) = (&shop.code, &arguments.hub);
    let value = json!({
        "terminal": terminal.id(), "store": code, "number": number, "name": name, "hub": hub,
        "currency": shop.currency, "time_zone": shop.time_zone,
    });
    output.answer(
        &value,
        &format!("已加入 {hub}：门店 {code}，第 {number} 台收银机（{name}）。"),
        &format!("Joined {hub}: store {code}, terminal {number} ({name})."),
    );
    Ok(Clean::Yes)
}

//! `sync`: pushes and pulls until nothing is left to do.

use serde_json::json;
use till::Terminal;

use super::open;
use crate::answer::{Clean, Ending, Output};
use crate::arguments::StoreArguments;
use crate::words::CliError;

/// Runs the verb.
pub(crate) fn sync(arguments: &StoreArguments, output: &Output) -> Ending {
    let terminal = open::existing_terminal(&arguments.store)?;
    until_quiet(&terminal, output)?;
    let unsent = terminal.store().unsent_count()?;
    let acked = terminal.store().acked()?.map_or(0, |acked| acked.seq);
    let value = json!({ "unsent": unsent, "acked": acked, "feed": terminal.store().feed_position()? });
    output.answer(
        &value,
        &format!("总部已收到第 {acked} 条为止，还有 {unsent} 条未发送。"),
        &format!("The hub holds everything up to entry {acked}; {unsent} unsent."),
    );
    Ok(Clean::from(unsent == 0))
}

/// Pushes and pulls until quiet; says how much is left when it fails.
pub(crate) fn until_quiet(terminal: &Terminal, output: &Output) -> Result<(), CliError> {
    terminal.sync_until_quiet().map_err(|error| {
        let unsent = terminal.store().unsent_count().unwrap_or_default();
        output.say(&format!("还有 {unsent} 条未发送。"), &format!("{unsent} entries are unsent."));
        error.into()
    })
}

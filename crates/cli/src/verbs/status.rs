//! `status`: how the terminal fares, also while it sells.

use journal::Head;
use serde_json::json;
use store::Store;

use super::open;
use crate::answer::{Clean, Ending, Output};
use crate::arguments::StoreArguments;

/// Runs the verb.
pub(crate) fn status(arguments: &StoreArguments, output: &Output) -> Ending {
    open::must_exist(&arguments.store)?;
    let store = Store::open_read_only(&arguments.store)?;
    let shop = store.shop();
    let row = store.terminal();
    let Head { seq, hash } = store.head()?;
    let (acked, unsent) = (store.acked()?.map_or(0, |acked| acked.seq), store.unsent_count()?);
    let hub = row.as_ref().and_then(|row| row.hub.as_ref()).map(|hub| hub.url.clone()).unwrap_or_default();
    let prints = store.print_stats()?;
    let number = row.as_ref().map_or(0, |row| row.number);
    let value = json!({
        "terminal": row.as_ref().map(|row| row.id), "number": number, "name": row.as_ref().map(|row| row.name.clone()),
        "store": shop.code, "currency": shop.currency, "time_zone": shop.time_zone,
        "hub": hub, "entries": seq, "head": hash.to_string(), "acked": acked, "unsent": unsent,
        "feed": store.feed_position()?, "print_jobs": prints.waiting,
    });
    let (code, hub_zh, hub_en) = (
        &shop.code,
        if hub.is_empty() { "还没有加入总部".to_owned() } else { format!("总部 {hub}") },
        if hub.is_empty() { "not joined a hub".to_owned() } else { format!("hub {hub}") },
    );
    output.answer(
        &value,
        &format!("门店 {code}，第 {number} 台；{hub_zh}；{seq} 条记录，{unsent} 条未发送。"),
        &format!("Store {code}, terminal {number}; {hub_en}; {seq} entries, {unsent} unsent."),
    );
    Ok(Clean::Yes)
}

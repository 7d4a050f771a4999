//! What a store's tills know now, read from its snapshot.

use std::io::{BufRead, BufReader};

use domain::{Change, StoreId};
use hub::Hub;

use super::answer::Failure;

/// Every thing's current state.
pub(super) fn changes(hub: &Hub, store: StoreId) -> Result<Vec<Change>, Failure> {
    let snapshot = hub.snapshot(store)?;
    let unreadable = |error: std::io::Error| Failure::new("snapshot", format!("the store's state cannot be read: {error}"));
    let lines = BufReader::new(zstd::Decoder::new(&snapshot[..]).map_err(unreadable)?).lines();
    // The first line is the header.
    lines.skip(1).map(|line| serde_json::from_str(&line.map_err(unreadable)?).map_err(|error| unreadable(error.into()))).collect()
}

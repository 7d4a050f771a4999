//! The first load of a till: everything in a store's feed, compressed.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use domain::StoreId;
use sync::wire::SnapshotHeader;

use crate::database::{DatabaseError, Session};
use crate::error::{HubError, Refused};
use crate::feed;
use crate::hub::Hub;

/// Rows that are read in one go.
const CHUNK: i64 = 5_000;
/// Snapshots up to this size are kept …
const KEEP_BYTES: usize = 8 * 1024 * 1024;
/// … of this many stores.
const KEEP_STORES: usize = 4;
/// Level of zstd: the default, about 100 MB a second.
const LEVEL: i32 = 3;

/// The snapshots made last, with the feed position each stands for.
#[derive(Default)]
pub(crate) struct Snapshots(Mutex<HashMap<StoreId, Snapshot>>);

struct Snapshot {
    feed: u64,
    bytes: Arc<[u8]>,
}

impl Snapshots {
    fn at(&self, store: StoreId, feed: u64) -> Option<Arc<[u8]>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&store).filter(|snapshot| snapshot.feed == feed).map(|snapshot| Arc::clone(&snapshot.bytes))
    }

    fn keep(&self, store: StoreId, feed: u64, bytes: &Arc<[u8]>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(&store);
        if bytes.len() <= KEEP_BYTES {
            if kept.len() >= KEEP_STORES {
                kept.clear();
            }
            kept.insert(store, Snapshot { feed, bytes: Arc::clone(bytes) });
        }
    }
}

impl Hub {
    /// zstd-compressed lines: a [`sync::wire::SnapshotHeader`], then one [`domain::Change`] a line. Kept until the feed moves.
    pub fn snapshot(&self, store: StoreId) -> Result<Arc<[u8]>, Refused> {
        let (_, feed) = self.0.database.read(|session| feed::position(session, store))?;
        if let Some(kept) = self.0.snapshots.at(store, feed) {
            return Ok(kept);
        }
        let (feed, bytes) = self.0.database.read_at_once(|session| write(session, store))?;
        let bytes = Arc::from(bytes);
        self.0.snapshots.keep(store, feed, &bytes);
        Ok(bytes)
    }
}

fn write(session: &mut Session<'_>, store: StoreId) -> Result<(u64, Vec<u8>), HubError> {
    let (number, feed) = feed::position(session, store)?;
    let count = session.query_one("SELECT count(*) FROM feed WHERE store = $1", &[number.into()], |row| row.count(0))?;
    let failed = |error: std::io::Error| HubError::from(DatabaseError::Failed(error.to_string()));
    let mut out = zstd::Encoder::new(Vec::new(), LEVEL).map_err(failed)?;
    let header = serde_json::to_string(&SnapshotHeader { feed, changes: count.unwrap_or(0) })
        .map_err(|error| DatabaseError::Failed(error.to_string()))?;
    writeln!(out, "{header}").map_err(failed)?;
    let mut after = 0_i64;
    loop {
        let rows = session.query(
            "SELECT position, change FROM feed WHERE store = $1 AND position > $2 ORDER BY position LIMIT $3",
            &[number.into(), after.into(), CHUNK.into()],
            |row| Ok::<_, DatabaseError>((row.int(0)?, row.text(1)?)),
        )?;
        let Some((last, _)) = rows.last() else { break };
        after = *last;
        for (_, change) in &rows {
            writeln!(out, "{change}").map_err(failed)?;
        }
    }
    Ok((feed, out.finish().map_err(failed)?))
}

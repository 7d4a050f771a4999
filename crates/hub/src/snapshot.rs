//! The first load of a till: everything in a store's feed, compressed.

use std::sync::Arc;

use domain::StoreId;

use crate::error::Refused;
use crate::hub::Hub;

impl Hub {
    /// zstd-compressed lines: a [`sync::wire::SnapshotHeader`], then one [`domain::Change`] a line. Kept until the feed moves.
    pub fn snapshot(&self, store: StoreId) -> Result<Arc<[u8]>, Refused> {
        let _ = store;
        todo!()
    }
}

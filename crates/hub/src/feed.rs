//! The feed of a store: the current state of each thing its tills must know, in the order of the store's counter.

use domain::{Change, StoreId};
use sync::wire::FeedPage;

use crate::error::{HubError, Refused};
use crate::hub::Hub;

impl Hub {
    /// The next page of changes after position `after`.
    pub fn feed(&self, store: StoreId, after: u64) -> Result<FeedPage, Refused> {
        let _ = (store, after);
        todo!()
    }

    /// Puts changes into the feed of a store, all or none; those that change nothing are left out. The feed's new position.
    pub fn publish(&self, store: StoreId, changes: &[Change]) -> Result<u64, HubError> {
        let _ = (store, changes);
        todo!()
    }
}

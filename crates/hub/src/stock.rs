//! Stock: the movements that tills reported, folded into one figure per product and store.

use jiff::Timestamp;

use crate::error::HubError;
use crate::hub::Hub;

/// What a fold did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FoldSummary {
    /// Stores whose stock moved.
    pub stores: u64,
    /// Products whose figure changed.
    pub products: u64,
    /// Products that are below zero since this fold.
    pub oversold: u64,
}

impl Hub {
    /// Folds what was taken in since the last time into the stock of every store, and into its feed.
    pub fn fold_stock(&self, now: Timestamp) -> Result<FoldSummary, HubError> {
        let _ = now;
        todo!()
    }
}

//! The whole catalogue at once.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use domain::Change;

use crate::error::StoreError;
use crate::feed::{Applied, Applying};
use crate::store::Store;

/// Changes that are written in one transaction; sales go on in between.
const BATCH: usize = 24_000;

/// What a snapshot named so far.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// One bit a product's key.
    products: Vec<u64>,
    pub(crate) categories: BTreeSet<String>,
    pub(crate) tax_classes: BTreeSet<String>,
    pub(crate) staff: BTreeSet<String>,
    pub(crate) members: BTreeSet<String>,
    pub(crate) promotions: BTreeSet<String>,
    pub(crate) price_lists: BTreeSet<String>,
}

impl Seen {
    pub(crate) fn product(&mut self, key: i64) {
        let (word, bit) = place(key);
        if self.products.len() <= word {
            self.products.resize(word + 1, 0);
        }
        self.products[word] |= bit;
    }

    pub(crate) fn has_product(&self, key: i64) -> bool {
        let (word, bit) = place(key);
        self.products.get(word).is_some_and(|bits| bits & bit != 0)
    }
}

fn place(key: i64) -> (usize, u64) {
    let key = usize::try_from(key).unwrap_or(0);
    (key / 64, 1 << (key % 64))
}

impl Store {
    /// Replaces the catalogue, the staff and the shop's settings by what a snapshot says, and keeps `feed` as the position that
    /// it stands for. Products first entered here stay. A snapshot of up to some ten thousand changes goes in one transaction; a
    /// larger one in several, with room for sales in between, and until the last of them [`Store::catalogue_complete`] is false
    /// and the position is the old one: a load that was cut off has to be done again.
    pub fn load_snapshot<E: std::error::Error + Send + Sync + 'static>(
        &self,
        changes: impl IntoIterator<Item = Result<Change, E>>,
        feed: u64,
    ) -> Result<Applied, StoreError> {
        let loaded = self.load_batches(changes.into_iter(), feed);
        let incomplete = self
            .readers
            .with(|connection| Ok(connection.prepare_cached("SELECT loading FROM terminal")?.query_row([], |row| row.get(0))?));
        self.loading.store(incomplete.unwrap_or(true), Ordering::Release);
        loaded
    }

    fn load_batches<E: std::error::Error + Send + Sync + 'static>(
        &self,
        mut changes: impl Iterator<Item = Result<Change, E>>,
        feed: u64,
    ) -> Result<Applied, StoreError> {
        let mut seen = Seen::default();
        let mut total = Applied::default();
        let mut first = true;
        loop {
            let batch = changes
                .by_ref()
                .take(BATCH)
                .collect::<Result<Vec<_>, E>>()
                .map_err(|error| StoreError::Source(Box::new(error)))?;
            let last = batch.len() < BATCH;
            let applied = self.write_terminal(|connection| {
                if first {
                    connection.execute("DELETE FROM stock", [])?;
                }
                let mut applying = Applying::new(connection);
                for change in &batch {
                    applying.apply(change, Some(&mut seen))?;
                }
                if last {
                    applying.remove_unseen(&seen)?;
                    connection.execute("UPDATE terminal SET feed = ?1, loading = 0", [feed])?;
                } else {
                    connection.execute("UPDATE terminal SET loading = 1", [])?;
                }
                applying.finish()
            })?;
            self.loading.store(!last, Ordering::Release);
            first = false;
            total.changes += applied.changes;
            total.shop |= applied.shop;
            total.catalogue |= applied.catalogue;
            total.staff |= applied.staff;
            total.promotions |= applied.promotions;
            if last {
                self.refresh_promotion_set()?;
                return Ok(total);
            }
        }
    }
}

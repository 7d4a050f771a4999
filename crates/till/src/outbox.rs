//! The store as the sync engine sees it.

use std::sync::Arc;

use domain::TerminalId;
use journal::{EntryHash, Head, entry_hash};
use store::{Applied, Store};
use sync::wire::{FeedPage, PushAnswer};
use sync::{Outbox, OutboxError, Snapshot};

/// Bytes of entries that one request may carry; below what the hub takes.
const BATCH_BYTES: usize = 7 * 1024 * 1024;

/// A terminal's store; tells when what its screens show has changed.
pub(crate) struct StoreOutbox {
    store: Arc<Store>,
    changed: Box<dyn Fn() + Send + Sync>,
}

impl StoreOutbox {
    /// `changed` is called after products, prices, staff or settings changed.
    pub(crate) fn new(store: Arc<Store>, changed: impl Fn() + Send + Sync + 'static) -> Self {
        Self { store, changed: Box::new(changed) }
    }

    fn tell(&self, applied: Applied) {
        if applied.changes > 0 {
            (self.changed)();
        }
    }
}

impl Outbox for StoreOutbox {
    fn entries_after(&self, seq: u64, limit: usize) -> Result<Vec<String>, OutboxError> {
        Ok(self.store.entries_after(seq, limit, BATCH_BYTES)?)
    }

    fn hash_at(&self, seq: u64) -> Result<Option<EntryHash>, OutboxError> {
        Ok(self.store.entry(seq)?.map(|text| entry_hash(&text)))
    }

    fn last_seq(&self) -> Result<u64, OutboxError> {
        Ok(self.store.head()?.seq)
    }

    fn acknowledge(&self, answer: &PushAnswer) -> Result<(), OutboxError> {
        let known = self.store.acked()?;
        let same = |seq, hash: &str| seq == answer.acked && hash == answer.head;
        if known.is_some_and(|known| same(known.seq, &known.hash)) {
            return Ok(());
        }
        let head = Head { seq: answer.acked, hash: answer.head.parse()? };
        Ok(self.store.set_acked(head, &answer.countersignature)?)
    }

    fn feed_position(&self) -> Result<u64, OutboxError> {
        Ok(self.store.feed_position()?)
    }

    fn apply(&self, page: FeedPage) -> Result<(), OutboxError> {
        self.tell(self.store.apply_changes(&page.changes, page.next)?);
        Ok(())
    }

    fn load_snapshot(&self, snapshot: Snapshot) -> Result<(), OutboxError> {
        let feed = snapshot.feed();
        self.tell(self.store.load_snapshot(snapshot, feed)?);
        Ok(())
    }
}

/// Who syncs, for the engine.
pub(crate) fn identity(store: &Store, terminal: TerminalId, hub_key: String) -> sync::Identity {
    sync::Identity { terminal, store: store.shop().id, hub_key }
}

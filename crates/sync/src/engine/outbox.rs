//! What the engine needs of a till's store.

use domain::{StoreId, TerminalId};
use journal::EntryHash;

use crate::snapshot::Snapshot;
use crate::wire::{FeedPage, PushAnswer};

/// What a store could not do.
pub type OutboxError = Box<dyn std::error::Error + Send + Sync>;

/// Who syncs, with which store, and whose word counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The terminal.
    pub terminal: TerminalId,
    /// Its store at the hub.
    pub store: StoreId,
    /// The hub's public key as given at enrolment.
    pub hub_key: String,
}

/// A till's journal and its copy of the hub's state. Calls may block: the engine makes them on threads for that.
pub trait Outbox: Send + Sync + 'static {
    /// The texts of the entries after number `seq`, in order, at most `limit`.
    fn entries_after(&self, seq: u64, limit: usize) -> Result<Vec<String>, OutboxError>;

    /// The hash of entry `seq`, `None` when the journal ends before it.
    fn hash_at(&self, seq: u64) -> Result<Option<EntryHash>, OutboxError>;

    /// The number of the journal's last entry, 0 before the first.
    fn last_seq(&self) -> Result<u64, OutboxError>;

    /// Keeps the hub's word on what it holds. Its countersignature and its hash were checked. The number may be lower than
    /// one kept before, when the hub lost its newest data: then that is what counts.
    fn acknowledge(&self, answer: &PushAnswer) -> Result<(), OutboxError>;

    /// The feed position up to which changes were applied, 0 before the first snapshot.
    fn feed_position(&self) -> Result<u64, OutboxError>;

    /// Applies a page of changes and keeps its position `next`, both or neither.
    fn apply(&self, page: FeedPage) -> Result<(), OutboxError>;

    /// Takes a whole state and keeps its position, both or neither; an error while iterating means that nothing is kept.
    fn load_snapshot(&self, snapshot: Snapshot) -> Result<(), OutboxError>;
}

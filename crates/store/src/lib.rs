//! The SQLite store of a terminal: one folder with the file `till.sqlite`, its `lock` and its `backups`.
//!
//! The journal table is the truth; orders, lines, payments and stock movements are projections that
//! [`Store::verify_projections`] compares with it and [`Store::rebuild`] remakes. The catalogue comes from the hub's feed.
//! Every call blocks and may be made from any thread; reading goes through a small pool of connections, writing through one.

mod audit;
mod catalogue;
mod checkpoint;
mod draft_file;
mod drafts;
mod entries;
mod error;
mod feed;
mod goods;
mod health;
mod members;
mod migrations;
mod orders;
mod practice;
mod print_queue;
mod product_row;
mod projections;
mod promotions;
mod proof;
mod readers;
mod reporting;
mod search;
mod settings;
mod shifts;
mod snapshot;
mod staff;
mod stock;
mod store;
mod writer;

mod customer_orders;

#[cfg(test)]
mod tests;

pub use audit::JournalFilter;
pub use drafts::HeldOrder;
pub use error::StoreError;
pub use feed::Applied;
pub use goods::Movement;
pub use orders::{OrderKind, OrderRow, StoredOrder};
pub use print_queue::{PrintFailure, PrintJob, PrintRow, PrintState, PrintStats, Printer, QueuedPrint};
pub use proof::{Difference, TableDifference};
pub use reporting::PerpetualTotal;
pub use settings::{HubRow, TerminalRow};
pub use shifts::StoredZ;
pub use staff::PinAttempts;
pub use store::Store;
pub use writer::Writer;

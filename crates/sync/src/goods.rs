//! The messages between till and hub about goods: signed questions that are answered at once. Each names the member of the staff
//! who asks; the hub checks that they may.
//!
//! | request | answer |
//! | --- | --- |
//! | `POST /v1/goods/ledger` [`LedgerQuestion`] | [`LedgerPage`] |
//! | `POST /v1/goods/transfers` [`TransfersQuestion`] | [`Transfers`] |
//! | `POST /v1/goods/product` [`PutProduct`] | [`PutProductAnswer`] |
//! | `POST /v1/goods/import` [`ImportQuestion`] | [`ImportState`] |

use domain::stock::TransferSent;
use domain::{Name, Product, ProductId, StaffId, StockDelta, StoreCode, StoreId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Movements on one page of a stock ledger.
pub const MAX_MOVEMENTS: u32 = 200;
/// Bytes of a file that one chunk may carry before base64.
pub const MAX_CHUNK_BYTES: usize = 1024 * 1024;
/// Bytes that a file to be imported may have.
pub const MAX_IMPORT_BYTES: u64 = 512 * 1024 * 1024;

/// Asks for the movements of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerQuestion {
    /// Who asks.
    pub staff: StaffId,
    /// The product.
    pub product: ProductId,
    /// Only movements with a smaller number; none: from the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
    /// How many.
    pub limit: u32,
}

/// One movement of a product in a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerMovement {
    /// Its number among the product's movements, from 1 without a gap.
    pub number: u64,
    /// The number of the terminal.
    pub terminal: u32,
    /// The entry of its journal.
    pub seq: u64,
    /// When it happened.
    pub at: Timestamp,
    /// Who, where somebody was signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<StaffId>,
    /// `sale`, `refund` or the kind of the stock document.
    pub kind: String,
    /// The receipt, or why.
    pub reference: String,
    /// A note of the line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// By how much stock changed.
    pub delta: StockDelta,
    /// What was there after it.
    pub balance: StockDelta,
}

/// A page of a stock ledger, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerPage {
    /// The movements.
    pub movements: Vec<LedgerMovement>,
    /// What is on hand by what was folded so far.
    pub on_hand: StockDelta,
    /// The last entry of the asking terminal that is counted in.
    pub folded: u64,
}

/// Asks what is on its way to and from the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransfersQuestion {
    /// Who asks.
    pub staff: StaffId,
}

/// A store by its names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreName {
    /// Its id.
    pub id: StoreId,
    /// Its code.
    pub code: StoreCode,
    /// Its name.
    pub name: Name,
}

/// Goods that left a store and have not arrived yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenTransfer {
    /// The store they left.
    pub from: StoreName,
    /// When.
    pub sent_at: Timestamp,
    /// What was sent where.
    pub sent: TransferSent,
}

/// What is on its way to and from a store, and the other stores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfers {
    /// On their way, oldest first.
    pub open: Vec<OpenTransfer>,
    /// The other stores.
    pub stores: Vec<StoreName>,
}

/// A product to be added to the store's catalogue, or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutProduct {
    /// Who asks.
    pub staff: StaffId,
    /// As it is to be.
    pub product: Product,
}

/// What the catalogue says of the product now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutProductAnswer {
    /// The product; a new one has the id that other stores know it by.
    pub product: Product,
}

/// One step of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportQuestion {
    /// Who asks.
    pub staff: StaffId,
    /// What.
    pub step: ImportStep,
}

/// The steps of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum ImportStep {
    /// A file of this name and size is to come.
    Begin {
        /// Its name; its ending tells what it is.
        name: String,
        /// Its bytes.
        size: u64,
    },
    /// A part of the file, in order. A part that was sent before is taken as it is.
    Chunk {
        /// The import.
        import: String,
        /// Where it begins.
        offset: u64,
        /// Base64.
        data: String,
    },
    /// Reads the whole file and says what it would change, or what is wrong in it.
    Check {
        /// The import.
        import: String,
        /// For each column of the file the catalogue's, empty for those that are left out; an empty list: by their headings.
        #[serde(default)]
        mapping: Vec<String>,
    },
    /// How far it is.
    Status {
        /// The import.
        import: String,
    },
    /// Writes all of it or nothing.
    Commit {
        /// The import.
        import: String,
    },
    /// Ends it without a trace, also while it is writing.
    Cancel {
        /// The import.
        import: String,
    },
}

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportPhase {
    /// The file is coming.
    #[default]
    Uploading,
    /// It is read.
    Checking,
    /// It can be written.
    Ready,
    /// Something is wrong in it.
    Wrong,
    /// It is written.
    Writing,
    /// It is in the catalogue.
    Done,
    /// It was ended; nothing of it is left.
    Cancelled,
}

/// A cell that cannot be taken, or a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportError {
    /// The row as a spreadsheet numbers it.
    pub row: u64,
    /// The heading of its column; empty for the whole row.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// A word for why.
    pub reason: String,
    /// More about it.
    pub detail: String,
}

/// A column of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportColumn {
    /// Its heading.
    pub heading: String,
    /// The catalogue's column that it is taken for; empty: left out.
    pub column: String,
}

/// How far an import is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImportState {
    /// Its id.
    pub import: String,
    /// Where it stands.
    pub phase: ImportPhase,
    /// Bytes of the file that are here.
    pub received: u64,
    /// Bytes of the file.
    pub size: u64,
    /// Rows gone through.
    pub rows: u64,
    /// Rows in all, once known.
    pub total: u64,
    /// Products that are new.
    pub created: u64,
    /// Products that change.
    pub updated: u64,
    /// Products that stay as they are.
    pub unchanged: u64,
    /// The columns.
    pub columns: Vec<ImportColumn>,
    /// The first rows.
    pub sample: Vec<Vec<String>>,
    /// The first of what is wrong.
    pub errors: Vec<ImportError>,
    /// How much is wrong.
    pub error_count: u64,
}

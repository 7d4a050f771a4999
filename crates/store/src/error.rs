//! What can go wrong with a store, told apart by what there is to do.

use std::path::{Path, PathBuf};

use domain::shift::ZDiffers;
use journal::Refusal;
use rusqlite::ErrorCode;
use thiserror::Error;

/// Why the store refused. Whatever it was, nothing is half done.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Another program has the store open.
    #[error("the store in {} is open in another program: close that one first", .dir.display())]
    InUse {
        /// The store's folder.
        dir: PathBuf,
    },
    /// The file was written by a newer version; it was not touched.
    #[error("the store has version {found}, this program knows up to {known}: update the program")]
    TooNew {
        /// The file's version.
        found: u32,
        /// The newest version known here.
        known: u32,
    },
    /// The file belongs to some other program; it was not touched.
    #[error("{} is not a store of this program: choose another folder", .path.display())]
    NotAStore {
        /// The file.
        path: PathBuf,
    },
    /// There is no store to read here.
    #[error("there is no store in {}: check the folder", .dir.display())]
    Missing {
        /// The folder.
        dir: PathBuf,
    },
    /// The file is damaged.
    #[error(
        "the store is damaged ({detail}): stop selling on it, copy its folder to a safe place, then restore a copy from its folder \
         'backups' or recover this terminal from its mirror"
    )]
    Damaged {
        /// What was found.
        detail: String,
    },
    /// No room left on the disk; nothing was recorded.
    #[error("the disk is full, nothing was recorded: free some space and try again")]
    DiskFull,
    /// The folder or file cannot be written.
    #[error("the store cannot be written ({detail}): check the rights of its folder and that the disk is not read-only")]
    NotWritable {
        /// What was refused.
        detail: String,
    },
    /// An entry that does not follow the last one.
    #[error("entry {found} cannot follow: the journal's next entry is {expected} and must carry the hash of the one before")]
    NotNext {
        /// The number it must have.
        expected: u64,
        /// The number it has.
        found: u64,
    },
    /// An order whose receipt number is not the next one.
    #[error("receipt {found} is out of turn: the next one is {expected}")]
    ReceiptOutOfTurn {
        /// The number it must have.
        expected: String,
        /// The number it has.
        found: String,
    },
    /// An order or adjustment with this id or external reference is already there.
    #[error("this was recorded before ({detail}); it was not recorded again")]
    AlreadyRecorded {
        /// What is double.
        detail: String,
    },
    /// A Z that is not the sum of its entries; it was not recorded.
    #[error(transparent)]
    ZDiffers(ZDiffers),
    /// A head that this journal does not have.
    #[error("entry {seq} of this journal does not have the acknowledged hash: this store was copied or restored; enrol it anew")]
    ForeignHead {
        /// The entry's number.
        seq: u64,
    },
    /// An entry of the journal that cannot be read.
    #[error("entry {seq} of the journal cannot be read: {source}")]
    Entry {
        /// The entry's number.
        seq: u64,
        /// Why.
        source: Refusal,
    },
    /// A stored value that no version of this program would have written.
    #[error("a stored {what} cannot be read ({detail}): run `tillbridge rebuild`, or load the catalogue again")]
    Content {
        /// Which value.
        what: &'static str,
        /// What is wrong with it.
        detail: String,
    },
    /// The source of a snapshot failed; what was there before stays until a snapshot has been loaded whole.
    #[error("the catalogue could not be loaded: {0}")]
    Source(Box<dyn std::error::Error + Send + Sync>),
    /// A file could not be used.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Anything else the database says.
    #[error("the store's database failed: {0}")]
    Database(rusqlite::Error),
}

impl StoreError {
    pub(crate) fn io(path: &Path, source: std::io::Error) -> Self {
        match source.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                Self::NotWritable { detail: format!("{}: {source}", path.display()) }
            }
            _ => Self::Io { path: path.to_owned(), source },
        }
    }

    pub(crate) fn content(what: &'static str, detail: impl ToString) -> Self {
        Self::Content { what, detail: detail.to_string() }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let Some(code) = error.sqlite_error() else { return Self::Database(error) };
        match code.code {
            ErrorCode::DiskFull => Self::DiskFull,
            // The shared-memory file of the write-ahead log could not grow.
            ErrorCode::SystemIoFailure if code.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE => Self::DiskFull,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Damaged { detail: error.to_string() },
            ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
                Self::NotWritable { detail: error.to_string() }
            }
            _ => Self::Database(error),
        }
    }
}

//! A catalogue as a file: the columns it may have, reading CSV and XLSX row by row without holding the file, writing both.
//! What a row means for a store is decided where it is imported.

mod column;
mod read;
mod write;

pub use column::Column;
pub use read::{FileKind, MAX_CELL_CHARACTERS, RawRow, ReadError, read};
pub use write::{write_csv, write_xlsx};

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// As CSV.
    #[error("the CSV file could not be written: {0}")]
    Csv(String),
    /// As XLSX.
    #[error("the spreadsheet could not be written: {0}")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
}

//! Many rows in one go: columns of values, written by PostgreSQL through `unnest` and by SQLite through one prepared statement.

use std::sync::OnceLock;

use uuid::Uuid;

use super::dialect;
use super::value::Value;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColumnType {
    /// BIGINT.
    Int,
    /// TEXT.
    Text,
    /// Bytes.
    Bytes,
    /// UUID.
    Uuid,
}

/// The values of one column, one a row.
pub(crate) enum Column<'a> {
    Ints(Vec<i64>),
    Texts(Vec<&'a str>),
    OptionalTexts(Vec<Option<&'a str>>),
    Bytes(Vec<&'a [u8]>),
    Uuids(Vec<Uuid>),
    OptionalUuids(Vec<Option<Uuid>>),
}

impl Column<'_> {
    /// The value in row `row`.
    pub(super) fn value(&self, row: usize) -> Value<'_> {
        match self {
            Self::Ints(values) => values[row].into(),
            Self::Texts(values) => values[row].into(),
            Self::OptionalTexts(values) => values[row].into(),
            Self::Bytes(values) => values[row].into(),
            Self::Uuids(values) => values[row].into(),
            Self::OptionalUuids(values) => values[row].into(),
        }
    }

    /// How many rows.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Ints(values) => values.len(),
            Self::Texts(values) => values.len(),
            Self::OptionalTexts(values) => values.len(),
            Self::Bytes(values) => values.len(),
            Self::Uuids(values) => values.len(),
            Self::OptionalUuids(values) => values.len(),
        }
    }
}

/// An INSERT of many rows.
pub(crate) struct Insert {
    pub(super) table: &'static str,
    /// Columns that have one value in all rows; they come first.
    pub(super) same: &'static [(&'static str, ColumnType)],
    /// Columns that have a value of their own in each row.
    pub(super) each: &'static [(&'static str, ColumnType)],
    /// What to do about rows that are there already; empty: fail.
    pub(super) conflict: &'static str,
    sqlite: OnceLock<String>,
}

impl Insert {
    pub(crate) const fn new(
        table: &'static str,
        same: &'static [(&'static str, ColumnType)],
        each: &'static [(&'static str, ColumnType)],
        conflict: &'static str,
    ) -> Self {
        Self { table, same, each, conflict, sqlite: OnceLock::new() }
    }

    /// For one row.
    pub(super) fn sqlite(&self) -> &str {
        self.sqlite.get_or_init(|| dialect::sqlite_insert(self))
    }
}

/// The rows of one INSERT.
pub(crate) struct Rows<'a> {
    pub(crate) insert: &'static Insert,
    /// The values of its columns that are the same in all rows.
    pub(crate) same: Vec<Value<'a>>,
    /// The values of the others.
    pub(crate) each: Vec<Column<'a>>,
}

impl Rows<'_> {
    /// How many rows.
    pub(super) fn len(&self) -> usize {
        self.each.first().map_or(0, Column::len)
    }
}

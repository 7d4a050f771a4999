//! What differs between the two databases.

use std::borrow::Cow;
use std::fmt::Write;

use super::column::{ColumnType, Insert};

pub(super) const SQLITE_BEGIN_READ: &str = "BEGIN DEFERRED";
pub(super) const SQLITE_BEGIN_WRITE: &str = "BEGIN IMMEDIATE";
pub(super) const POSTGRES_BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
pub(super) const POSTGRES_BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

/// Settings of every SQLite connection. FULL: a commit is on disk before it is answered.
pub(super) const SQLITE_SETTINGS: &str = "
    PRAGMA busy_timeout = 10000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA temp_store = MEMORY;
";
/// Settings of the writing one besides: a larger cache, and checkpoints rather in idle moments.
pub(super) const SQLITE_WRITER_SETTINGS: &str = "
    PRAGMA cache_size = -16384;
    PRAGMA wal_autocheckpoint = 4000;
    PRAGMA journal_size_limit = 67108864;
";
/// Settings of the reading ones besides.
pub(super) const SQLITE_READER_SETTINGS: &str = "PRAGMA query_only = ON;";

/// Settings of every PostgreSQL connection.
pub(super) const POSTGRES_SETTINGS: &str = "
    SET client_min_messages = warning;
    SET lock_timeout = '5s';
    SET idle_in_transaction_session_timeout = '60s';
    SET plan_cache_mode = force_generic_plan;
    SET jit = off;
";

/// Which database a schema is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// The shared text of a migration in this dialect.
    pub(super) fn schema(self, text: &str) -> String {
        let words: [(&str, &str, &str); 7] = [
            // placeholder, SQLite, PostgreSQL
            ("{int}", "INTEGER", "BIGINT"),
            ("{bytes}", "BLOB", "BYTEA"),
            ("{uuid}", "BLOB", "UUID"),
            ("{code}", "TEXT", "TEXT COLLATE \"C\""),
            ("{numbered}", "INTEGER PRIMARY KEY AUTOINCREMENT", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
            ("{rows}", "STRICT", ""),
            ("{keyed}", "STRICT, WITHOUT ROWID", ""),
        ];
        words.iter().fold(text.to_owned(), |text, (word, sqlite, postgres)| {
            text.replace(word, if self == Self::Sqlite { sqlite } else { postgres })
        })
    }

    /// Appended to a SELECT of a row that stays locked until the transaction ends. SQLite's one writer needs none.
    pub(super) const fn lock(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE",
        }
    }
}

/// `$1` as SQLite counts parameters by number (`$1` is a name there).
pub(super) fn sqlite_parameters(sql: &str) -> Cow<'_, str> {
    if sql.contains('$') { Cow::Owned(sql.replace('$', "?")) } else { Cow::Borrowed(sql) }
}

/// One row by numbered parameters.
pub(super) fn sqlite_insert(insert: &Insert) -> String {
    let count = insert.same.len() + insert.each.len();
    let parameters: Vec<String> = (1..=count).map(|number| format!("?{number}")).collect();
    format!("INSERT INTO {} ({}) VALUES ({}) {}", insert.table, column_names(insert), parameters.join(", "), insert.conflict)
}

/// All rows of several tables in one statement: the shared values as they are, the others as arrays through `unnest`. It
/// answers how many rows of each were written; those that can't meet others are not counted one by one.
pub(super) fn postgres_inserts(inserts: &[&Insert]) -> String {
    let mut parameter = 0;
    let mut sql = String::from("WITH ");
    let mut counts = String::from(" SELECT ");
    for (number, insert) in inserts.iter().enumerate() {
        let comma = if number == 0 { "" } else { ", " };
        let first_array = insert.same.len();
        let mut select = String::new();
        let mut arrays = String::new();
        for (index, (_, kind)) in insert.same.iter().chain(insert.each).enumerate() {
            parameter += 1;
            let kind = postgres_type(*kind);
            let _ = match index {
                _ if index < first_array => write!(select, "${parameter}::{kind}, "),
                _ if index == first_array => write!(arrays, "${parameter}::{kind}[]"),
                _ => write!(arrays, ", ${parameter}::{kind}[]"),
            };
        }
        let Insert { table, conflict, .. } = insert;
        let names = column_names(insert);
        let _ = write!(
            sql,
            "{comma}into_{table} AS (INSERT INTO {table} ({names}) SELECT {select}each_row.* FROM unnest({arrays}) AS each_row"
        );
        let _ = if conflict.is_empty() {
            write!(counts, "{comma}cardinality(${parameter})::bigint").and_then(|()| write!(sql, ")"))
        } else {
            write!(counts, "{comma}(SELECT count(*) FROM into_{table})").and_then(|()| write!(sql, " {conflict} RETURNING 1)"))
        };
    }
    sql + &counts
}

fn column_names(insert: &Insert) -> String {
    let names: Vec<&str> = insert.same.iter().chain(insert.each).map(|(name, _)| *name).collect();
    names.join(", ")
}

const fn postgres_type(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Int => "bigint",
        ColumnType::Text => "text",
        ColumnType::Bytes => "bytea",
        ColumnType::Uuid => "uuid",
    }
}

/// What the shared schema of a migration lacks in this dialect: the rules that the ledger keeps by itself.
pub(super) const fn ledger_rules(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => include_str!("migrations/0001_ledger_rules.sqlite.sql"),
        Dialect::Postgres => include_str!("migrations/0001_ledger_rules.postgres.sql"),
    }
}

/// Begins the transaction in which the schema is brought up to date; a second process waits here.
pub(super) const fn begin_migration(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "BEGIN EXCLUSIVE",
        Dialect::Postgres => "BEGIN; SELECT pg_advisory_xact_lock(8402017354)",
    }
}

/// 1 when the table with the schema's version is there.
pub(super) const fn schema_version_exists(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_version'",
        Dialect::Postgres => {
            "SELECT count(*) FROM pg_class WHERE relname = 'schema_version' AND relkind = 'r' \
             AND relnamespace = current_schema()::regnamespace"
        }
    }
}

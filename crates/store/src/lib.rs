//! The SQLite store of a terminal.

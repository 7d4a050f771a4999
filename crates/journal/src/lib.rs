//! The signed, hash-chained journal of a terminal.

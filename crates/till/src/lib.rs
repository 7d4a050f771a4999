//! The use cases of a terminal.

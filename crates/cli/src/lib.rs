//! The command line of a terminal.

//! The catalogue of a store, changed by a file or by one product at a time.
//!
//! An import goes twice through its file: once for the codes in it, once for what each row changes. What it changes is laid
//! down beside the database, row by row; the commit then only writes it, in one transaction. Memory holds of each product
//! the hashes of its codes and nothing else.

mod import;
mod jobs;
mod known;
mod plan;
mod product;
mod row;
mod stockroom;

pub use import::{ImportCheck, ImportFailure, ImportOptions, Staged};
pub(crate) use jobs::Imports;

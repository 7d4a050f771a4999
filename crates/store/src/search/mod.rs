//! Searching products as somebody types: by name in Chinese or English, pinyin initials, SKU and barcode.
//!
//! Every product that is sold has one row of terms in a full-text index (FTS5) that keeps neither text nor positions. Terms
//! are made here, because none of SQLite's tokenisers cuts Chinese: single characters and pairs of them, every beginning of a
//! word up to six letters, and groups of up to three pinyin initials. So any query is a conjunction of whole terms whose
//! rows come in order of key and can be stopped early: nothing is ever ranked but the few hundred first candidates. What terms
//! cannot say (the order of more than two characters, the seventh letter) is checked on the candidates' names.

mod index;
mod query;
mod terms;

pub(crate) use index::Index;

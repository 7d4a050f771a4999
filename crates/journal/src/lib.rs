//! The signed, hash-chained journal of a terminal: the source of truth of everything it sold.
//!
//! An entry is a JWS in compact form (RFC 7515, RS256) over `{v, terminal, seq, prev, at, staff, kind, body}`. `seq` counts
//! from 1 without a gap, `prev` is the SHA-256 of the whole text of the entry before, so no entry can be changed, left out,
//! moved or added without it showing. Texts are kept and carried verbatim. [`Entry::sign`] writes, [`verify`](fn@verify)
//! checks, [`export`](fn@export) hands a journal out with a script that needs nothing but openssl and coreutils, and
//! [`check`] does the same work a second time on another cryptography library so that each can be held against the other.

mod checker;
mod countersign;
mod entry;
mod export;
mod keys;
mod request;
mod seal;
mod vault;
mod verify;

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod example;

pub use checker::{CheckError, check};
pub use countersign::{HubKey, verify_countersignature};
pub use entry::{BEGINNING, Entry, EntryHash, HashError, Head, JournalError, SignedEntry, entry_hash, payload, time_of};
pub use export::{ExportError, ExportSummary, export};
pub use keys::{KeyError, SigningKey, TerminalKeys, VerifyingKey};
pub use request::{RequestKey, RequestPublicKey};
pub use seal::{SealError, SealKey};
pub use vault::{Vault, VaultError, VaultKind, VaultPlace};
pub use verify::{Refusal, verify, verify_all, verify_signature};

//! The check that an entry, or a whole journal, is what its terminal wrote.

use domain::TerminalId;
use thiserror::Error;

use crate::entry::{Entry, EntryHash, Head, SignedEntry, decode};
use crate::keys::VerifyingKey;

/// Why an entry was refused. Numbers are those of entries.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The text does not have the form of an entry.
    #[error("this is no journal entry: it lacks {what}")]
    Malformed {
        /// What is missing or wrong.
        what: &'static str,
    },
    /// An entry of a version that this program does not read.
    #[error("the entry is written in version {version}, this program reads version 1: update it")]
    UnknownVersion {
        /// The version.
        version: u64,
    },
    /// The entry names another key than the terminal's.
    #[error("the entry is signed with another key than the terminal's")]
    ForeignKey,
    /// The signature is not the key's.
    #[error("the signature is wrong: the entry was changed after it was signed")]
    BadSignature,
    /// The entry belongs to another journal.
    #[error("entry {seq} belongs to terminal {found}, not to {expected}")]
    ForeignEntry {
        /// Its number.
        seq: u64,
        /// Whose journal was to be read.
        expected: TerminalId,
        /// Whose entry it is.
        found: TerminalId,
    },
    /// The entry is not the next one.
    #[error("entry {expected} should come next, but {found} came: entries are missing, doubled or out of order")]
    Gap {
        /// The next number.
        expected: u64,
        /// The number found.
        found: u64,
    },
    /// The entry does not carry the hash of the one before.
    #[error("entry {seq} does not carry the hash of the entry before: one of the two was replaced")]
    BrokenChain {
        /// Its number.
        seq: u64,
        /// The hash of the entry before.
        expected: EntryHash,
        /// The hash it carries.
        found: EntryHash,
    },
    /// An event of a kind that this version does not know.
    #[error("entry {seq} holds an event of kind '{kind}', which this version does not know: update it")]
    UnknownKind {
        /// Its number.
        seq: u64,
        /// The kind.
        kind: String,
    },
    /// The event cannot be read.
    #[error("the content of entry {seq} cannot be read: {what}")]
    BadContent {
        /// Its number.
        seq: u64,
        /// What is wrong.
        what: String,
    },
    /// The countersignature is not the hub's.
    #[error("the hub's countersignature is wrong: it was changed, or another hub made it")]
    BadCountersignature,
}

/// Checks that `text` is an entry of `terminal` signed by `key`, wherever it stands, and reads it. The signature is checked
/// before anything of the payload is read.
pub fn verify_signature(text: &str, key: &VerifyingKey, terminal: TerminalId) -> Result<SignedEntry, Refusal> {
    let malformed = Refusal::Malformed { what: "three parts with dots between" };
    let (signed, signature) = text.rsplit_once('.').ok_or(malformed.clone())?;
    let (header, payload) = signed.split_once('.').ok_or(malformed)?;
    if header != key.header() {
        return Err(wrong_header(header));
    }
    let signature = decode(signature).ok_or(Refusal::Malformed { what: "a signature in base64url" })?;
    key.verify(signed.as_bytes(), &signature).map_err(|_| Refusal::BadSignature)?;

    let entry = SignedEntry::from_payload(text, payload)?;
    if entry.terminal != terminal {
        return Err(Refusal::ForeignEntry { seq: entry.seq, expected: terminal, found: entry.terminal });
    }
    Ok(entry)
}

/// Checks that `text` is the entry that follows `after` in the journal of `terminal`, signed by `key`, and reads it.
pub fn verify(text: &str, key: &VerifyingKey, terminal: TerminalId, after: Head) -> Result<Entry, Refusal> {
    let entry = verify_signature(text, key, terminal)?;
    entry.follows(after)?;
    entry.into_entry(text)
}

/// Checks the entries that follow `after`, in order; the new end of the journal.
pub fn verify_all<'a>(
    entries: impl IntoIterator<Item = &'a str>,
    key: &VerifyingKey,
    terminal: TerminalId,
    after: Head,
) -> Result<Head, Refusal> {
    entries.into_iter().try_fold(after, |head, text| Ok(verify(text, key, terminal, head)?.head()))
}

/// Tells a header that names another key from one that this profile does not know.
fn wrong_header(header: &str) -> Refusal {
    const HEADER: &str = r#"{"alg":"RS256","kid":"0123456789abcdef"}"#;
    let is_ours = |json: Vec<u8>| {
        json.len() == HEADER.len()
            && json.starts_with(br#"{"alg":"RS256","kid":""#)
            && json.ends_with(br#""}"#)
            && json[22..38].iter().all(u8::is_ascii_hexdigit)
    };
    if decode(header).is_some_and(is_ours) {
        Refusal::ForeignKey
    } else {
        Refusal::Malformed { what: "the header of an RS256 signature with a key id" }
    }
}

//! One entry of a journal: written and signed, or read back.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Event, EventError, StaffId, TerminalId};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::value::RawValue;
use thiserror::Error;

use crate::keys::{KeyError, SigningKey};
use crate::verify::Refusal;

/// The version of the payload that this program writes and reads.
const VERSION: u8 = 1;

/// Why no entry could be written.
#[derive(Debug, Error)]
pub enum JournalError {
    /// The key could not sign.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The event could not be written as JSON.
    #[error("the event could not be written: {0}")]
    Event(#[from] serde_json::Error),
    /// A time outside the years 0000 to 9999.
    #[error("the time {0} cannot be written into a journal: set this machine's clock")]
    Time(Timestamp),
}

/// Text that is no SHA-256 in lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is not a SHA-256 in 64 lower-case hexadecimal digits")]
pub struct HashError(String);

/// The SHA-256 of an entry's whole text. Text form: 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct EntryHash([u8; 32]);

impl EntryHash {
    /// What stands for the entry before the first one.
    pub const ZERO: Self = Self([0; 32]);

    /// The hash with these bytes; the form in which databases may hold it.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn with_hex<R>(&self, use_text: impl FnOnce(&str) -> R) -> R {
        let mut digits = [0; 64];
        hex::encode_to_slice(self.0, &mut digits).expect("64 digits hold 32 bytes");
        use_text(std::str::from_utf8(&digits).expect("hexadecimal digits are ASCII"))
    }
}

impl fmt::Display for EntryHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_hex(|text| f.write_str(text))
    }
}

impl fmt::Debug for EntryHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for EntryHash {
    type Err = HashError;
    fn from_str(text: &str) -> Result<Self, HashError> {
        let wrong = || HashError(text.chars().take(80).collect());
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(wrong());
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| wrong())?;
        Ok(Self(bytes))
    }
}

impl Serialize for EntryHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.with_hex(|text| serializer.serialize_str(text))
    }
}

impl<'de> Deserialize<'de> for EntryHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = EntryHash;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a SHA-256 in 64 lower-case hexadecimal digits")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<EntryHash, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

/// The hash of an entry's text.
pub fn entry_hash(text: &str) -> EntryHash {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    EntryHash(bytes)
}

/// The end of a journal: the number and the hash of its last entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The number, 0 before the first entry.
    pub seq: u64,
    /// The hash, zeros before the first entry.
    pub hash: EntryHash,
}

impl Head {
    /// The end of an empty journal.
    pub const START: Self = Self { seq: 0, hash: EntryHash::ZERO };
}

/// One entry. `text` is what counts; the other fields say what stands in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The compact JWS, to be kept and carried verbatim.
    pub text: String,
    /// Whose journal.
    pub terminal: TerminalId,
    /// Its number, from 1.
    pub seq: u64,
    /// The hash of the entry before.
    pub prev: EntryHash,
    /// The hash of this entry.
    pub hash: EntryHash,
    /// The terminal's time, in whole milliseconds.
    pub at: Timestamp,
    /// Who was signed in.
    pub staff: Option<StaffId>,
    /// What happened.
    pub event: Event,
}

#[derive(Serialize)]
struct Written<'a> {
    v: u8,
    terminal: TerminalId,
    seq: u64,
    prev: EntryHash,
    at: &'a str,
    staff: Option<&'a StaffId>,
    #[serde(flatten)]
    event: &'a Event,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read<'a> {
    v: u64,
    terminal: &'a str,
    seq: u64,
    prev: EntryHash,
    at: &'a str,
    staff: Option<StaffId>,
    kind: &'a str,
    #[serde(borrow)]
    body: &'a RawValue,
}

impl Entry {
    /// Writes and signs the entry that follows `after` in the journal of `terminal`. `at` is cut to milliseconds.
    pub fn sign(
        key: &SigningKey,
        terminal: TerminalId,
        after: Head,
        at: Timestamp,
        staff: Option<&StaffId>,
        event: Event,
    ) -> Result<Self, JournalError> {
        let at_text = time_text(at);
        let at = read_time(&at_text).ok_or(JournalError::Time(at))?;
        let seq = after.seq + 1;
        let payload = Written { v: VERSION, terminal, seq, prev: after.hash, at: &at_text, staff, event: &event };
        let mut json = Vec::with_capacity(2_048);
        serde_json::to_writer(&mut json, &payload)?;

        let mut text = String::with_capacity(key.header().len() + json.len() * 4 / 3 + 520);
        text.push_str(key.header());
        text.push('.');
        URL_SAFE_NO_PAD.encode_string(&json, &mut text);
        let signature = key.sign(text.as_bytes())?;
        text.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut text);

        let hash = entry_hash(&text);
        Ok(Self { text, terminal, seq, prev: after.hash, hash, at, staff: staff.cloned(), event })
    }

    /// The end of a journal that ends with this entry.
    pub fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash }
    }

    /// Reads an entry without a key: its form is checked, its signature and its place are not. For texts that were checked
    /// when they were kept.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let (signed, _) = text.rsplit_once('.').ok_or(Refusal::Malformed { what: "three parts with dots between" })?;
        let (_, payload) = signed.split_once('.').ok_or(Refusal::Malformed { what: "three parts with dots between" })?;
        SignedEntry::from_payload(text, payload)?.into_entry(text)
    }
}

/// What a signature vouches for, before its place in the chain is checked and even when this version cannot read its event:
/// a hub keeps such an entry all the same, for what happened is never refused.
#[derive(Debug)]
pub struct SignedEntry {
    /// Whose journal.
    pub terminal: TerminalId,
    /// Its number, from 1.
    pub seq: u64,
    /// The hash of the entry before.
    pub prev: EntryHash,
    /// The hash of this entry.
    pub hash: EntryHash,
    /// The terminal's time, in whole milliseconds.
    pub at: Timestamp,
    /// Who was signed in.
    pub staff: Option<StaffId>,
    /// The name of the event.
    pub kind: String,
    /// The event, or why it cannot be read.
    pub event: Result<Event, EventError>,
}

impl SignedEntry {
    /// The end of a journal that ends with this entry.
    pub fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash }
    }

    /// Ok when this entry is the one that follows `after`.
    pub fn follows(&self, after: Head) -> Result<(), Refusal> {
        let next = after.seq + 1;
        if self.seq != next {
            return Err(Refusal::Gap { expected: next, found: self.seq });
        }
        if self.prev != after.hash {
            return Err(Refusal::BrokenChain { seq: self.seq, expected: after.hash, found: self.prev });
        }
        Ok(())
    }

    /// Reads the entry of `text` whose encoded payload is `payload`.
    pub(crate) fn from_payload(text: &str, payload: &str) -> Result<Self, Refusal> {
        let json = decode(payload).ok_or(Refusal::Malformed { what: "a payload in base64url" })?;
        let read: Read<'_> =
            serde_json::from_slice(&json).map_err(|_| Refusal::Malformed { what: "the fields of an entry and no others" })?;
        if read.v != u64::from(VERSION) {
            return Err(Refusal::UnknownVersion { version: read.v });
        }
        let terminal = read_terminal(read.terminal).ok_or(Refusal::Malformed { what: "a terminal's id" })?;
        let at = read_time(read.at).ok_or(Refusal::Malformed { what: "a UTC time with milliseconds" })?;
        if read.seq == 0 || read.seq == u64::MAX {
            return Err(Refusal::Malformed { what: "a number from 1" });
        }
        Ok(Self {
            terminal,
            seq: read.seq,
            prev: read.prev,
            hash: entry_hash(text),
            at,
            staff: read.staff,
            kind: read.kind.to_owned(),
            event: Event::from_parts(read.kind, read.body.get()),
        })
    }

    /// The entry with its `text`, if its event can be read.
    pub(crate) fn into_entry(self, text: &str) -> Result<Entry, Refusal> {
        let Self { terminal, seq, prev, hash, at, staff, kind, event } = self;
        let event = event.map_err(|error| match error {
            EventError::UnknownKind(_) => Refusal::UnknownKind { seq, kind },
            EventError::Body { .. } => Refusal::BadContent { seq, what: error.to_string() },
        })?;
        Ok(Entry { text: text.to_owned(), terminal, seq, prev, hash, at, staff, event })
    }
}

/// The time of an entry, from the first [`BEGINNING`] characters of its text alone: for finding the entries of a day without
/// reading them all. Nothing is checked; `None` where the beginning is not that of an entry.
pub fn time_of(beginning: &str) -> Option<Timestamp> {
    let (_, payload) = beginning.split_once('.')?;
    let payload = payload.split_once('.').map_or(payload, |(payload, _)| payload);
    let whole = payload.get(..payload.len() / 4 * 4)?;
    let bytes = decode(whole)?;
    // Before the time stand a version, an id, a number and a hash: none of them can hold this name.
    const NAME: &[u8] = br#","at":""#;
    let at = bytes.windows(NAME.len()).position(|window| window == NAME)? + NAME.len();
    read_time(std::str::from_utf8(bytes.get(at..at + 24)?).ok()?)
}

/// How much of an entry's text [`time_of`] needs: the header, and of the payload what stands before and in its time.
pub const BEGINNING: usize = 600;

/// The JSON that an entry's text carries, unchecked: for looking through many entries. `None` where it carries none.
pub fn payload(text: &str) -> Option<String> {
    let (signed, _) = text.rsplit_once('.')?;
    let (_, payload) = signed.split_once('.')?;
    String::from_utf8(decode(payload)?).ok()
}

/// The bytes of base64url text without padding, in its one strict form.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// UTC, RFC 3339, exactly three decimals.
fn time_text(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// Reads what [`time_text`] writes and nothing else.
fn read_time(text: &str) -> Option<Timestamp> {
    let plain = text.len() == 24 && text.as_bytes()[0].is_ascii_digit();
    let at: Timestamp = plain.then(|| text.parse().ok())??;
    (time_text(at) == text).then_some(at)
}

/// Reads an id in its one written form: lower case, with hyphens.
fn read_terminal(text: &str) -> Option<TerminalId> {
    let terminal: TerminalId = text.parse().ok()?;
    let mut written = [0; 36];
    (terminal.uuid().hyphenated().encode_lower(&mut written) == text).then_some(terminal)
}

//! Journals for the tests of this crate.

use std::sync::LazyLock;

use domain::event::{JournalOpened, SignedIn};
use domain::{Event, StaffId, TerminalId};
use jiff::Timestamp;

use crate::{Entry, Head, SigningKey};

/// One key for all tests: making one takes a noticeable part of a second.
pub(crate) static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate().expect("a key"));
/// Another terminal's key.
pub(crate) static OTHER_KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate().expect("a key"));
pub(crate) static TERMINAL: LazyLock<TerminalId> = LazyLock::new(TerminalId::generate);

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// A journal of `length` entries: opened, then somebody signs in again and again.
pub(crate) fn journal(length: usize) -> Vec<Entry> {
    let staff = StaffId::parse("小王").expect("an id");
    let mut head = Head::START;
    let mut entries = Vec::with_capacity(length);
    for number in 0..length {
        let event = if number == 0 {
            Event::JournalOpened(JournalOpened { version: "0.1.0".to_owned(), training: false })
        } else {
            Event::SignedIn(SignedIn { staff: staff.clone() })
        };
        let signed_in = (number > 0).then_some(&staff);
        let at = time("2026-11-24T08:30:00.123Z");
        let entry = Entry::sign(&KEY, *TERMINAL, head, at, signed_in, event).expect("signed");
        head = entry.head();
        entries.push(entry);
    }
    entries
}

pub(crate) fn texts(entries: &[Entry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.text.as_str()).collect()
}

/// The lines of an export.
pub(crate) fn lines(texts: &[&str]) -> String {
    texts.iter().flat_map(|text| [*text, "\n"]).collect()
}

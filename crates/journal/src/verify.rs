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
    /// The beginning of a journal of practice.
    #[error("this journal is one of training: nothing of it belongs into any books")]
    Practice,
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

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use domain::event::JournalOpened;
    use domain::{Event, TerminalId};

    use super::*;
    use crate::example::{KEY, OTHER_KEY, TERMINAL, journal, texts, time};

    fn opened() -> Event {
        Event::JournalOpened(JournalOpened { version: "0.1.0".to_owned(), training: false })
    }

    /// An entry with this payload, properly signed.
    fn signed(payload: &str) -> String {
        let signed = format!("{}.{}", KEY.header(), URL_SAFE_NO_PAD.encode(payload));
        let signature = KEY.sign(signed.as_bytes()).expect("signed");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn payload() -> String {
        let zeros = EntryHash::ZERO;
        format!(
            r#"{{"v":1,"terminal":"{}","seq":1,"prev":"{zeros}","at":"2026-11-24T08:30:00.123Z","staff":null,"kind":"journal_opened","body":{{"version":"0.1.0"}}}}"#,
            *TERMINAL
        )
    }

    fn first(text: &str) -> Result<Entry, Refusal> {
        verify(text, &KEY.public(), *TERMINAL, Head::START)
    }

    #[test]
    fn an_entry_that_was_signed_is_read_back_as_it_was_written() {
        for (entry, after) in journal(3).iter().zip([Head::START, journal(1)[0].head()]) {
            assert_eq!(verify(&entry.text, &KEY.public(), *TERMINAL, after).as_ref(), Ok(entry));
            assert_eq!(Entry::read(&entry.text).as_ref(), Ok(entry));
        }
    }

    #[test]
    fn the_payload_has_its_fields_in_the_order_of_the_design() {
        let entry = Entry::sign(&KEY, *TERMINAL, Head::START, time("2026-11-24T08:30:00.123987Z"), None, opened());
        let text = entry.expect("signed").text;
        let json = decode(text.split('.').nth(1).expect("a payload")).expect("base64url");
        assert_eq!(String::from_utf8(json).expect("UTF-8"), payload());
    }

    #[test]
    fn a_whole_journal_ends_where_its_last_entry_does() {
        let entries = journal(5);
        let end = verify_all(texts(&entries), &KEY.public(), *TERMINAL, Head::START);
        assert_eq!(end, Ok(entries[4].head()));
        let tail = verify_all(texts(&entries[2..]), &KEY.public(), *TERMINAL, entries[1].head());
        assert_eq!(tail, end);
    }

    #[test]
    fn missing_doubled_and_reordered_entries_are_refused() {
        let entries = journal(4);
        let all = texts(&entries);
        let cases = [
            (vec![all[0], all[2]], Refusal::Gap { expected: 2, found: 3 }),
            (vec![all[1]], Refusal::Gap { expected: 1, found: 2 }),
            (vec![all[0], all[0]], Refusal::Gap { expected: 2, found: 1 }),
            (vec![all[0], all[2], all[1]], Refusal::Gap { expected: 2, found: 3 }),
        ];
        for (texts, refusal) in cases {
            assert_eq!(verify_all(texts, &KEY.public(), *TERMINAL, Head::START), Err(refusal));
        }
    }

    #[test]
    fn an_entry_on_top_of_another_history_breaks_the_chain() {
        let entries = journal(2);
        let forked = Entry::sign(&KEY, *TERMINAL, Head::START, time("2026-11-24T09:00:00Z"), None, opened()).expect("signed");
        let refusal = Refusal::BrokenChain { seq: 2, expected: forked.hash, found: entries[0].hash };
        assert_eq!(verify(&entries[1].text, &KEY.public(), *TERMINAL, forked.head()), Err(refusal));
    }

    #[test]
    fn anothers_key_and_anothers_journal_are_refused() {
        let by_other = Entry::sign(&OTHER_KEY, *TERMINAL, Head::START, time("2026-11-24T09:00:00Z"), None, opened());
        assert_eq!(first(&by_other.expect("signed").text), Err(Refusal::ForeignKey));
        let other = TerminalId::generate();
        let of_other = Entry::sign(&KEY, other, Head::START, time("2026-11-24T09:00:00Z"), None, opened());
        let refusal = Refusal::ForeignEntry { seq: 1, expected: *TERMINAL, found: other };
        assert_eq!(first(&of_other.expect("signed").text), Err(refusal));
    }

    #[test]
    fn a_header_of_another_form_is_refused() {
        let rest = &journal(1)[0].text[KEY.header().len()..];
        let (kid, mut other_kid) = (KEY.kid(), KEY.kid().to_owned());
        other_kid.replace_range(..1, if other_kid.starts_with('0') { "1" } else { "0" });
        let malformed = Refusal::Malformed { what: "the header of an RS256 signature with a key id" };
        let cases = [
            (format!(r#"{{"alg":"none","kid":"{kid}"}}"#), malformed.clone()),
            (format!(r#"{{"kid":"{kid}","alg":"RS256"}}"#), malformed.clone()),
            (format!(r#"{{"alg":"RS256", "kid":"{kid}"}}"#), malformed.clone()),
            (r#"{"alg":"RS256"}"#.to_owned(), malformed),
            (format!(r#"{{"alg":"RS256","kid":"{other_kid}"}}"#), Refusal::ForeignKey),
        ];
        for (header, refusal) in cases {
            assert_eq!(first(&format!("{}{rest}", URL_SAFE_NO_PAD.encode(&header))), Err(refusal), "{header}");
        }
    }

    #[test]
    fn a_signed_payload_of_another_form_is_refused() {
        let good = payload();
        assert!(first(&signed(&good)).is_ok());
        let malformed = [
            good.replace("08:30:00.123Z", "08:30:00Z"),
            good.replace("08:30:00.123Z", "08:30:00.1234Z"),
            good.replace("08:30:00.123Z", "08:30:00.123+00:00"),
            good.replace("2026-11-24T", "2026-11-24 "),
            good.replace("2026-11-24T08:30:00.123Z", "2026-11-24T08:30:60.123Z"),
            good.replace(r#""seq":1"#, r#""seq":0"#),
            good.replace(r#""seq":1"#, r#""seq":-1"#),
            good.replace(r#""seq":1"#, r#""seq":1,"seq":1"#),
            good.replace(r#""seq":1"#, r#""seq":"1""#),
            good.replace(r#","staff":null"#, r#","staff":null,"extra":1"#),
            good.replace(r#""staff":null"#, r#""staff":"""#),
            good.replace(r#""prev":"00"#, r#""prev":"0"#),
            good.replace(r#""prev":"00"#, r#""prev":"AA"#),
            good.replace(&TERMINAL.to_string(), &TERMINAL.uuid().simple().to_string()),
            good.replace(&TERMINAL.to_string(), &TERMINAL.to_string().to_uppercase()),
            format!("{good} x"),
            "{}".to_owned(),
            String::new(),
        ];
        for payload in malformed {
            assert!(matches!(first(&signed(&payload)), Err(Refusal::Malformed { .. })), "{payload}");
        }
        let newer = good.replace(r#""v":1"#, r#""v":2"#);
        assert_eq!(first(&signed(&newer)), Err(Refusal::UnknownVersion { version: 2 }));
    }

    #[test]
    fn an_event_that_cannot_be_read_is_vouched_for_all_the_same() {
        let unknown = signed(&payload().replace("journal_opened", "drone_launched"));
        assert_eq!(first(&unknown), Err(Refusal::UnknownKind { seq: 1, kind: "drone_launched".to_owned() }));
        let kept = verify_signature(&unknown, &KEY.public(), *TERMINAL).expect("signed");
        assert_eq!((kept.seq, kept.kind.as_str(), kept.event.is_err()), (1, "drone_launched", true));
        assert_eq!(kept.follows(Head::START), Ok(()));

        let empty = signed(&payload().replace(r#"{"version":"0.1.0"}"#, "{}"));
        assert!(matches!(first(&empty), Err(Refusal::BadContent { seq: 1, .. })));
    }

    #[test]
    fn times_are_cut_to_milliseconds_and_bounded_to_four_digits() {
        let entry = Entry::sign(&KEY, *TERMINAL, Head::START, time("2009-12-01T08:26:00.999999999Z"), None, opened());
        assert_eq!(entry.expect("signed").at, time("2009-12-01T08:26:00.999Z"));
        let before = Entry::sign(&KEY, *TERMINAL, Head::START, time("1969-12-31T23:59:59.9995Z"), None, opened());
        assert_eq!(before.expect("signed").at, time("1969-12-31T23:59:59.999Z"));
        let negative = Entry::sign(&KEY, *TERMINAL, Head::START, time("-000001-01-01T00:00:00Z"), None, opened());
        assert!(matches!(negative, Err(crate::JournalError::Time(_))));
    }

    #[test]
    fn the_time_is_read_from_the_beginning_alone() {
        for entry in journal(3) {
            let beginning: String = entry.text.chars().take(crate::BEGINNING).collect();
            assert_eq!(crate::time_of(&beginning), Some(entry.at));
            assert_eq!(crate::time_of(&entry.text), Some(entry.at));
        }
        for text in ["", ".", "a.b", "a.e30.c"] {
            assert_eq!(crate::time_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_hash_is_read_in_lower_case_alone() {
        let hash = journal(1)[0].hash;
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert_eq!(serde_json::from_str::<EntryHash>(&serde_json::to_string(&hash).expect("JSON")).expect("read"), hash);
        assert!(
            hash.to_string().to_uppercase().parse::<EntryHash>().is_err()
                || !hash.to_string().contains(|c: char| c.is_alphabetic())
        );
        for text in ["", "00", &"0".repeat(63), &"g".repeat(64)] {
            assert!(text.parse::<EntryHash>().is_err(), "{text}");
        }
    }
}

//! Ingest: entries of a terminal's journal, checked, kept verbatim and projected, once.
//!
//! What can be done before the terminal's row is locked is done before: signatures, form, content and the chain within the
//! push ([`checking`], [`projection`]). Under the lock only the place in the journal is compared and rows are written
//! ([`writing`]): all of a push or nothing of it.

mod checking;
mod content;
pub(crate) mod members;
mod projection;
mod rows;
mod shifts;
mod transfer;
mod writing;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use domain::TerminalId;
use jiff::Timestamp;
use journal::{EntryHash, Head, Refusal};
use sync::wire::{MAX_ENTRIES_PER_PUSH, ProblemKind, PushAnswer};

use crate::database::{DatabaseError, Session, WorkError};
use crate::error::{HubError, Refused};
use crate::feed::signed;
use crate::hub::Hub;
use crate::incident::{self, Finding};
use crate::terminal::KnownTerminal;
use checking::CheckedEntry;

impl Hub {
    /// Takes in `entries` of the journal of `terminal`, delivered `by` that terminal or, when it is lost, by another one of its
    /// store: all of them or none. What is held already is acknowledged again. Whoever delivers must not be revoked; that
    /// `by` may deliver for `terminal` is for the caller to check.
    pub fn ingest(
        &self,
        terminal: TerminalId,
        by: TerminalId,
        entries: Vec<String>,
        now: Timestamp,
    ) -> Result<PushAnswer, Refused> {
        let known = self.known_terminal(terminal)?.ok_or_else(|| unknown(terminal))?;
        if entries.len() > MAX_ENTRIES_PER_PUSH {
            let what = format!("a push holds at most {MAX_ENTRIES_PER_PUSH} entries: send them in several");
            return Err(Refused::new(ProblemKind::Malformed, what));
        }
        let entries: Arc<[CheckedEntry]> = match checking::check(&known, entries) {
            Ok(entries) => entries.into(),
            Err(wrong) => return Err(self.refuse(&known, by, wrong, now)),
        };
        let work = {
            let (known, entries) = (Arc::clone(&known), Arc::clone(&entries));
            move |session: &mut Session<'_>| take_in(session, &known, by, &entries, now)
        };
        match self.0.database.write(work) {
            Ok(taken) => {
                let counters = &self.0.counters;
                counters.entries_ingested.fetch_add(taken.new, Ordering::Relaxed);
                counters.entries_repeated.fetch_add(entries.len() as u64 - taken.new, Ordering::Relaxed);
                counters.incidents.fetch_add(taken.findings, Ordering::Relaxed);
                Ok(self.answer(terminal, taken.head))
            }
            Err(NotTaken::Wrong(wrong)) => Err(self.refuse(&known, by, *wrong, now)),
            Err(NotTaken::Revoked) => Err(unknown(by)),
            Err(NotTaken::Hub(error)) => Err(error.into()),
        }
    }

    /// What the hub holds of the journal of `terminal`, countersigned.
    pub fn head(&self, terminal: TerminalId) -> Result<PushAnswer, Refused> {
        let head = self.0.database.read(|session| {
            let sql = "SELECT acked, head, revoked_at FROM terminals WHERE id = $1";
            session.query_one(sql, &[terminal.into()], |row| Ok::<_, HubError>(head_of(row.count(0)?, &row.bytes(1)?)?))
        })?;
        head.map(|head| self.answer(terminal, head)).ok_or_else(|| unknown(terminal))
    }

    fn answer(&self, terminal: TerminalId, head: Head) -> PushAnswer {
        let countersignature = self.0.key.countersign(terminal, head);
        PushAnswer { acked: head.seq, head: head.hash.to_string(), countersignature }
    }

    /// Writes the incident down and says no.
    fn refuse(&self, known: &Arc<KnownTerminal>, by: TerminalId, wrong: Wrong, now: Timestamp) -> Refused {
        let counters = &self.0.counters;
        counters.pushes_refused.fetch_add(1, Ordering::Relaxed);
        counters.incidents.fetch_add(1, Ordering::Relaxed);
        let Wrong { kind, detail, finding } = wrong;
        let known = Arc::clone(known);
        let written = self.0.database.write(move |session| {
            if is_revoked(session, by)? {
                return Ok::<_, HubError>(None);
            }
            incident::record(session, known.store, known.number, &finding, now)?;
            let sql = "SELECT acked FROM terminals WHERE store = $1 AND number = $2";
            Ok(session.query_one(sql, &[known.store.into(), known.number.into()], |row| row.count(0))?)
        });
        match written {
            Ok(Some(acked)) => Refused { acked: Some(acked), ..Refused::new(kind, detail) },
            Ok(None) => unknown(by),
            Err(error) => error.into(),
        }
    }
}

/// A push that is refused, with what is written down about it.
#[derive(Debug)]
pub(crate) struct Wrong {
    kind: ProblemKind,
    detail: String,
    finding: Finding,
}

impl Wrong {
    /// `evidence` begins with the entry that is wrong; that entry makes the incident the same when it is sent again.
    fn new<'a>(kind: ProblemKind, detail: String, mut evidence: impl Iterator<Item = &'a str>) -> Self {
        let first = evidence.next().unwrap_or_default();
        let fingerprint = journal::entry_hash(first).to_string();
        let evidence = evidence.fold(first.to_owned(), |mut text, entry| {
            text.push('\n');
            text.push_str(entry);
            text
        });
        Self { kind, detail: detail.clone(), finding: Finding { kind, fingerprint, detail, evidence } }
    }
}

/// Why the transaction left nothing behind.
#[derive(Debug)]
enum NotTaken {
    Hub(HubError),
    Wrong(Box<Wrong>),
    Revoked,
}

impl<E: Into<HubError>> From<E> for NotTaken {
    fn from(error: E) -> Self {
        Self::Hub(error.into())
    }
}

impl WorkError for NotTaken {
    fn may_retry(&self) -> bool {
        matches!(self, Self::Hub(error) if error.may_retry())
    }
}

/// What the transaction did.
struct Taken {
    head: Head,
    new: u64,
    findings: u64,
}

/// The transaction: the place in the journal is compared under the lock of the terminal's row, then all rows are written.
fn take_in(
    session: &mut Session<'_>,
    known: &KnownTerminal,
    by: TerminalId,
    entries: &[CheckedEntry],
    now: Timestamp,
) -> Result<Taken, NotTaken> {
    let row = session.lock_one(
        "SELECT acked, head, revoked_at FROM terminals WHERE store = $1 AND number = $2",
        &[known.store.into(), known.number.into()],
        |row| Ok::<_, DatabaseError>((head_of(row.count(0)?, &row.bytes(1)?)?, row.optional_int(2)?.is_some())),
    )?;
    let (head, revoked) = row.ok_or(NotTaken::Revoked)?;
    if if by == known.id { revoked } else { is_revoked(session, by)? } {
        return Err(NotTaken::Revoked);
    }
    let held = entries.partition_point(|entry| entry.signed.seq <= head.seq);
    let (repeated, new) = entries.split_at(held);
    compare_with_held(session, known, repeated, entries)?;
    let Some(first) = new.first() else { return Ok(Taken { head, new: 0, findings: 0 }) };
    if repeated.is_empty() {
        first.signed.follows(head).map_err(|refusal| Box::new(checking::wrong(&refusal, new)))?;
    }
    let findings = writing::write(session, known, new, now)?;
    let last = new.last().map_or(head, |entry| entry.signed.head());
    session.execute(
        "UPDATE terminals SET acked = $3, head = $4, seen_at = $5 WHERE store = $1 AND number = $2",
        &[
            known.store.into(),
            known.number.into(),
            signed(last.seq)?.into(),
            last.hash.as_bytes().into(),
            now.as_millisecond().into(),
        ],
    )?;
    Ok(Taken { head: last, new: new.len() as u64, findings })
}

impl From<Box<Wrong>> for NotTaken {
    fn from(wrong: Box<Wrong>) -> Self {
        Self::Wrong(wrong)
    }
}

/// Entries that the hub holds must be the same ones. Each carries the hash of the one before, so when the last is the same,
/// all are.
fn compare_with_held(
    session: &mut Session<'_>,
    known: &KnownTerminal,
    repeated: &[CheckedEntry],
    all: &[CheckedEntry],
) -> Result<(), NotTaken> {
    let (Some(first), Some(last)) = (repeated.first(), repeated.last()) else { return Ok(()) };
    let place = [known.store.into(), known.number.into(), signed(last.signed.seq)?.into()];
    let sql = "SELECT hash FROM entries WHERE store = $1 AND terminal = $2 AND seq = $3";
    let hash = session.query_one(sql, &place, |row| row.bytes(0))?;
    if hash.is_some_and(|hash| hash == last.signed.hash.as_bytes()) {
        return Ok(());
    }
    let sql = "SELECT hash FROM entries WHERE store = $1 AND terminal = $2 AND seq >= $3 AND seq <= $4 ORDER BY seq";
    let range = [known.store.into(), known.number.into(), signed(first.signed.seq)?.into(), signed(last.signed.seq)?.into()];
    let held = session.query(sql, &range, |row| row.bytes(0))?;
    let same = repeated.iter().zip(&held).take_while(|(sent, held)| sent.signed.hash.as_bytes() == held.as_slice()).count();
    let forked = &all[same.min(all.len() - 1)..];
    let seq = forked[0].signed.seq;
    let detail = format!(
        "the hub holds another entry {seq} of this terminal: two tills write one journal, or it was rewritten. Both entries are \
         kept; let this till enrol anew with an empty store folder"
    );
    let wrong = Wrong::new(ProblemKind::Fork, detail, forked.iter().map(|entry| entry.text.as_str()));
    Err(Box::new(wrong).into())
}

fn is_revoked(session: &mut Session<'_>, terminal: TerminalId) -> Result<bool, DatabaseError> {
    let sql = "SELECT revoked_at FROM terminals WHERE id = $1";
    let revoked_at = session.query_one(sql, &[terminal.into()], |row| row.optional_int(0))?;
    Ok(revoked_at.is_none_or(|revoked_at| revoked_at.is_some()))
}

fn head_of(seq: u64, hash: &[u8]) -> Result<Head, DatabaseError> {
    let hash = hash.try_into().map_err(|_| DatabaseError::Damaged("a hash has not 32 bytes".to_owned()))?;
    Ok(Head { seq, hash: EntryHash::from_bytes(hash) })
}

fn unknown(terminal: TerminalId) -> Refused {
    Refused::new(
        ProblemKind::UnknownTerminal,
        format!("terminal {terminal} is not enrolled here or its key was revoked: enrol it with a new code"),
    )
}

/// What kind of problem the journal's refusal is.
fn kind_of(refusal: &Refusal) -> ProblemKind {
    match refusal {
        Refusal::ForeignKey | Refusal::BadSignature => ProblemKind::BadSignature,
        Refusal::ForeignEntry { .. } => ProblemKind::ForeignEntry,
        Refusal::Gap { .. } => ProblemKind::Gap,
        Refusal::BrokenChain { .. } => ProblemKind::BrokenChain,
        Refusal::UnknownKind { .. } | Refusal::BadContent { .. } | Refusal::Practice => ProblemKind::BadContent,
        Refusal::Malformed { .. } | Refusal::UnknownVersion { .. } | Refusal::BadCountersignature => ProblemKind::Malformed,
    }
}

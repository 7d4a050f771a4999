//! What is checked before anything is locked: that each entry is signed by the terminal's key, and that they follow one
//! another. This is most of the work of a push, so it is shared over the processor's cores.

use std::num::NonZero;
use std::thread;

use domain::{Event, MoneyError};
use journal::{Refusal, SignedEntry, verify_signature};

use super::projection::{Projection, bad_content, project};
use super::{Wrong, kind_of};
use crate::incident::Finding;
use crate::sums::{self, Counted};
use crate::terminal::KnownTerminal;

/// A thread for fewer entries than this costs more than it saves.
const MIN_ENTRIES_PER_THREAD: usize = 24;

/// An entry that its terminal signed, with what becomes of it.
pub(super) struct CheckedEntry {
    /// Verbatim.
    pub(super) text: String,
    /// What it says.
    pub(super) signed: SignedEntry,
    /// The rows that are made of it.
    pub(super) projection: Projection,
    /// What it adds to the sums of reports.
    pub(super) counted: Counted,
    /// What is wrong about its content; it is kept all the same.
    pub(super) findings: Vec<Finding>,
}

/// Checks `texts`; the first one that is wrong decides.
pub(super) fn check(known: &KnownTerminal, texts: Vec<String>) -> Result<Vec<CheckedEntry>, Wrong> {
    let mut results = opened(known, &texts);
    let mut place = None;
    let wrong = results.iter_mut().enumerate().find_map(|(index, result)| match result {
        Ok((signed, ..)) => {
            let out_of_place = place.and_then(|before| signed.follows(before).err());
            place = Some(signed.head());
            out_of_place.map(|refusal| (index, refusal))
        }
        Err(refusal) => Some((index, refusal.clone())),
    });
    if let Some((index, refusal)) = wrong {
        let detail = sentence(&refusal);
        return Err(Wrong::new(kind_of(&refusal), detail, texts[index..].iter().map(String::as_str)));
    }
    let checked = texts.into_iter().zip(results).filter_map(|(text, result)| {
        let (signed, projection, counted, findings) = result.ok()?;
        Some(CheckedEntry { text, signed, projection, counted, findings })
    });
    Ok(checked.collect())
}

/// A push whose entries are well-formed but do not fit where they were to go.
pub(super) fn wrong(refusal: &Refusal, entries: &[CheckedEntry]) -> Wrong {
    Wrong::new(kind_of(refusal), sentence(refusal), entries.iter().map(|entry| entry.text.as_str()))
}

/// What happened and what to do.
fn sentence(refusal: &Refusal) -> String {
    format!("{refusal}. Selling goes on; the hub keeps the evidence for the manager")
}

type Opened = Result<(SignedEntry, Projection, Counted, Vec<Finding>), Refusal>;

fn count(known: &KnownTerminal, signed: &SignedEntry) -> Result<Counted, MoneyError> {
    match &signed.event {
        Ok(event) => sums::counted(&known.zone, event, signed.staff.as_ref(), signed.at),
        Err(_) => Ok(Counted::default()),
    }
}

fn not_counted(signed: &SignedEntry, text: &str, error: &MoneyError) -> Finding {
    bad_content(signed.hash.to_string(), format!("entry {} is kept but no report counts it: {error}", signed.seq), text)
}

fn opened(known: &KnownTerminal, texts: &[String]) -> Vec<Opened> {
    let open = |text: &String| {
        let mut signed = verify_signature(text, &known.journal_key, known.id)?;
        if matches!(&signed.event, Ok(Event::JournalOpened(opened)) if opened.training) {
            return Err(Refusal::Practice);
        }
        let counted = count(known, &signed);
        let (projection, mut findings) = project(known, &mut signed, text);
        let counted = match counted {
            // What cannot be booked is not counted either.
            _ if matches!(projection, Projection::Unreadable) => Counted::default(),
            Ok(counted) => counted,
            Err(error) => {
                findings.push(not_counted(&signed, text, &error));
                Counted::default()
            }
        };
        Ok((signed, projection, counted, findings))
    };
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let threads = cores.min(texts.len() / MIN_ENTRIES_PER_THREAD).max(1);
    if threads == 1 {
        return texts.iter().map(open).collect();
    }
    let share = texts.len().div_ceil(threads);
    thread::scope(|scope| {
        let (mine, others) = texts.split_at(share);
        let others: Vec<_> =
            others.chunks(share).map(|part| scope.spawn(move || part.iter().map(open).collect::<Vec<_>>())).collect();
        let mut all: Vec<Opened> = mine.iter().map(open).collect();
        for part in others {
            all.extend(part.join().unwrap_or_else(|defect| std::panic::resume_unwind(defect)));
        }
        all
    })
}

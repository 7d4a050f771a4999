//! Answering a terminal that proves a figure: by the sums that are kept, and by folding the entries behind it once more.

use domain::report::{Fact, Figure, FigureKey};
use domain::{Change, Currency, Money, MoneyError, Permission, Role, StaffId, TerminalId};
use jiff::Timestamp;
use journal::Entry;
use sync::figures::{FigureAnswer, FigureOf, FigureQuestion, FigureSum};
use sync::wire::ProblemKind;

use super::{counted, read};
use crate::database::{DatabaseError, Session};
use crate::error::{Failure, HubError, Refused};
use crate::feed::signed;
use crate::hub::Hub;
use crate::incident::{self, Finding};
use crate::terminal::KnownTerminal;

/// Entries that one question may be about.
const MAX_ENTRIES: u64 = 400_000;
/// Entries that an incident keeps as evidence.
const MAX_EVIDENCE: usize = 200;

impl Hub {
    /// What the hub comes to for a figure of the journal of `terminal`. Where that is not what the terminal comes to over the same
    /// entries, an incident is written down.
    pub fn prove_figure(&self, terminal: TerminalId, asked: &FigureQuestion, now: Timestamp) -> Result<FigureAnswer, Refused> {
        let unknown = || Refused::new(ProblemKind::UnknownTerminal, format!("terminal {terminal} is not enrolled here"));
        let known = self.known_terminal(terminal)?.ok_or_else(unknown)?;
        let asked_for: u64 = asked.runs.iter().map(|(first, last)| last.saturating_sub(*first).saturating_add(1)).sum();
        if asked_for > MAX_ENTRIES {
            let detail = format!("a figure of {asked_for} entries is too much to prove at once: choose fewer days");
            return Err(Refused::new(ProblemKind::Malformed, detail));
        }
        let found = self.0.database.read_at_once(|session| {
            allowed(session, known.store, &asked.staff)?;
            Ok::<_, Failure>(find(session, &known, asked)?)
        })?;
        let differs =
            found.acked == asked.acked && (found.kept != asked.own || found.entries != asked.own || found.entries != found.kept);
        if differs {
            let finding = finding(asked, &found);
            let (store, number) = (known.store, known.number);
            self.0.database.write(move |session| incident::record(session, store, number, &finding, now))?;
        }
        let Found { acked, kept, entries, evidence, .. } = found;
        Ok(FigureAnswer { acked, kept, entries, entries_behind: evidence.count, differs })
    }
}

/// Ok when `staff` works in the store and may read reports.
fn allowed(session: &mut Session<'_>, store: i64, staff: &StaffId) -> Result<(), Failure> {
    let sql = "SELECT change FROM feed WHERE key = $2 AND store = $1";
    let change =
        session.query_one::<_, DatabaseError>(sql, &[store.into(), (&format!("staff:{staff}")).into()], |row| row.text(0))?;
    let member = change.and_then(|change| match serde_json::from_str(&change) {
        Ok(Change::Staff(member)) => Some(member),
        _ => None,
    });
    let needs = Role::needed_for(Permission::ReadReports);
    match member {
        Some(member) if member.active && member.role >= needs => Ok(()),
        _ => {
            let detail = format!("{staff} may not read this store's reports: ask a supervisor or manager");
            Err(Refused::new(ProblemKind::Forbidden, detail).into())
        }
    }
}

/// What the hub comes to.
struct Found {
    acked: u64,
    kept: FigureSum,
    entries: FigureSum,
    evidence: Evidence,
}

/// The entries that had a part in it.
#[derive(Default)]
struct Evidence {
    count: u64,
    texts: Vec<String>,
}

fn find(session: &mut Session<'_>, known: &KnownTerminal, asked: &FigureQuestion) -> Result<Found, HubError> {
    let place = [known.store.into(), known.number.into()];
    let sql = "SELECT acked FROM terminals WHERE store = $1 AND number = $2";
    let acked = session.query_one::<_, DatabaseError>(sql, &place, |row| row.count(0))?.unwrap_or(0);
    let of = &asked.of;
    let sums = read::sums(session, (known.store, Some(known.number)), asked.from, asked.to, &of.dimensions())?;
    let facts = sums.iter().map(|(key, figure)| Fact { key: key.clone(), adds: *figure });
    let kept = sum(facts, of, asked.currency)?.unwrap_or_else(|| Figure::nothing(None));
    let mut entries = Figure::nothing(None);
    let mut evidence = Evidence::default();
    for (first, last) in &asked.runs {
        let range = [known.store.into(), known.number.into(), signed(*first)?.into(), signed(*last)?.into()];
        let sql = "SELECT text FROM entries WHERE store = $1 AND terminal = $2 AND seq >= $3 AND seq <= $4 AND projected = 1 \
                   ORDER BY seq";
        for text in session.query::<_, DatabaseError>(sql, &range, |row| row.text(0))? {
            let Ok(entry) = Entry::read(&text) else { continue };
            let date = entry.at.to_zoned_datetime(known.zone.clone()).date();
            if date < asked.from || date > asked.to {
                continue;
            }
            let Ok(counted) = counted(&known.zone, &entry.event, entry.staff.as_ref(), entry.at) else { continue };
            if let Some(adds) = sum(counted.facts, of, asked.currency)? {
                entries = entries.plus(adds)?;
                evidence.count += 1;
                if evidence.texts.len() < MAX_EVIDENCE {
                    evidence.texts.push(text);
                }
            }
        }
    }
    Ok(Found { acked, kept: kept.into(), entries: entries.into(), evidence })
}

/// What of `facts` belongs to the figure, added up; refunds take away from net sales.
fn sum(facts: impl IntoIterator<Item = Fact>, of: &FigureOf, currency: Currency) -> Result<Option<Figure>, MoneyError> {
    let mut sum: Option<Figure> = None;
    for Fact { key, mut adds } in facts {
        if !of.has(key.dimension, &key.key) || key.currency.is_some_and(|other| other != currency) {
            continue;
        }
        if *of == FigureOf::Net && is_refund(&key) {
            adds.amount = adds.amount.map(Money::negated).transpose()?;
        }
        sum = Some(sum.unwrap_or_else(|| Figure::nothing(key.currency)).plus(adds)?);
    }
    Ok(sum)
}

fn is_refund(key: &FigureKey) -> bool {
    key.dimension == domain::report::Dimension::Refunds
}

fn finding(asked: &FigureQuestion, found: &Found) -> Finding {
    let what = match &asked.of {
        FigureOf::Net => "net sales".to_owned(),
        FigureOf::Whole(dimension) => dimension.to_string(),
        FigureOf::Keys { dimension, keys } if keys.len() == 1 => format!("{dimension} '{}'", keys[0]),
        FigureOf::Keys { dimension, keys } => format!("{dimension} of {} keys", keys.len()),
    };
    let text = |sum: &FigureSum| {
        let amount = sum.amount.map(|amount| format!(" and {amount}")).unwrap_or_default();
        format!("{} counted{amount}", sum.count)
    };
    let detail = format!(
        "{what} of {} to {}, up to entry {}: the till comes to {}, the hub's sums to {}, the entries it holds to {}. Nothing was \
         evened out; look at the entries kept as evidence, and run `tillbridge-hub report verify`",
        asked.from,
        asked.to,
        asked.acked,
        text(&asked.own),
        text(&found.kept),
        text(&found.entries)
    );
    let fingerprint = format!("{what} {} {} {}", asked.from, asked.to, asked.acked);
    let fingerprint = journal::entry_hash(&fingerprint).to_string();
    Finding { kind: ProblemKind::SumsDiffer, fingerprint, detail, evidence: found.evidence.texts.join("\n") }
}

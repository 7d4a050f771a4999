//! The journal, looked through by whoever may: filtered, each entry in words and with its signature checked, and a selection
//! handed out to be kept or shown elsewhere.

mod words;

use std::fmt::Write as _;
use std::fs;

use domain::{Permission, StaffId};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use journal::{EntryHash, Head};
use store::JournalFilter;

use crate::api::{
    AuditArgs, AuditEntryView, AuditExportArgs, AuditExportView, AuditPage, KindView, NameView, Problem, ProblemCode,
};
use crate::error::TillError;
use crate::present;
use crate::terminal::Terminal;

/// Entries of one answer.
const MOST: u32 = 200;
/// Entries of a selection that is handed out.
const MOST_EXPORTED: usize = 200_000;

impl Terminal {
    /// A page of the journal, newest first.
    pub(crate) fn audit_page(&self, session: &str, args: &AuditArgs) -> Result<AuditPage, Problem> {
        self.in_session(session, Permission::Audit, |_| Ok(()))?;
        let filter = self.journal_filter(&args.kind, &args.staff, &args.from, &args.until, &args.text)?;
        let limit = args.limit.clamp(1, MOST) as usize;
        let mut found = self.store.find_entries(&filter, u64::from(args.before), limit + 1)?;
        let more = found.len() > limit;
        found.truncate(limit);
        let acked = self.store.acked()?.map_or(0, |head| head.seq);
        // They are counted once, with the first page.
        let kinds = if args.before == 0 { self.store.journal_kinds()? } else { Vec::new() };
        let small = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(AuditPage {
            entries: found.iter().map(|(seq, text)| self.audit_entry_view(*seq, text, acked)).collect::<Result<_, _>>()?,
            more,
            kinds: kinds.into_iter().map(|(kind, count)| KindView { kind, count: small(count) }).collect(),
        })
    }

    /// Writes the selection into a folder beside the store: the entries as they are, the key that they can be checked with, and
    /// a table of what they say.
    pub(crate) fn export_audit(&self, session: &str, args: &AuditExportArgs) -> Result<AuditExportView, Problem> {
        self.in_session(session, Permission::Audit, |_| Ok(()))?;
        let filter = self.journal_filter(&args.kind, &args.staff, &args.from, &args.until, &args.text)?;
        let mut found = self.store.find_entries(&filter, 0, MOST_EXPORTED)?;
        found.reverse();
        let now = self.clock.now().to_zoned_datetime(self.shop().zone());
        let folder = self.store.dir().join("exports").join(now.strftime("journal-%Y%m%d-%H%M%S").to_string());
        let mut entries = String::new();
        let mut table = String::from("\u{feff}seq,at,staff,kind,zh,en,sha256\r\n");
        for (seq, text) in &found {
            entries.push_str(text);
            entries.push('\n');
            let view = self.audit_entry_view(*seq, text, 0)?;
            let cells = [&view.at, &view.staff, &view.kind, &view.words.zh, &view.words.en, &view.hash].map(|cell| csv(cell));
            // Writing to a String cannot fail.
            let _ = write!(table, "{seq},{}\r\n", cells.join(","));
        }
        let written = fs::create_dir_all(&folder)
            .and_then(|()| fs::write(folder.join("entries.jws"), entries))
            .and_then(|()| fs::write(folder.join("key.pem"), self.keys.journal.public().to_pem()))
            .and_then(|()| fs::write(folder.join("entries.csv"), table));
        written.map_err(|error| {
            Problem::new(ProblemCode::Internal, format!("the selection cannot be written into {}: {error}", folder.display()))
        })?;
        let entries = u32::try_from(found.len()).unwrap_or(u32::MAX);
        Ok(AuditExportView { folder: folder.display().to_string(), entries })
    }

    fn audit_entry_view(&self, seq: u64, text: &str, acked: u64) -> Result<AuditEntryView, Problem> {
        let key = self.keys.journal.public();
        let before = self.store.hash_at(seq.saturating_sub(1))?.unwrap_or(EntryHash::ZERO);
        let signed = journal::verify_signature(text, &key, self.id);
        let signature = signed.as_ref().map_err(ToString::to_string).and_then(|entry| {
            let head = Head { seq: seq.saturating_sub(1), hash: before };
            entry.follows(head).map_err(|refusal| refusal.to_string())
        });
        let signature = signature.map_or_else(|wrong| wrong, |()| "ok".to_owned());
        let payload = journal::payload(text).unwrap_or_default();
        let said: serde_json::Value = serde_json::from_str(&payload).unwrap_or_default();
        let field = |name: &str| said.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let staff = StaffId::parse(&field("staff")).map(|staff| self.staff_name(&staff)).unwrap_or_default();
        let at: Option<Timestamp> = field("at").parse().ok();
        let zone = self.shop().zone();
        let at = at.map(|at| at.to_zoned_datetime(zone).strftime("%Y-%m-%d %H:%M:%S").to_string());
        let body = said.get("body").cloned().unwrap_or_default();
        let kind = field("kind");
        let words = words::of(&kind, &body, &|id| self.name_of(id));
        Ok(AuditEntryView {
            seq: u32::try_from(seq).unwrap_or(u32::MAX),
            at: at.unwrap_or_default(),
            staff,
            words,
            kind,
            hash: journal::entry_hash(text).to_string(),
            prev: field("prev"),
            signature,
            synced: seq <= acked,
            body: serde_json::to_string_pretty(&body).unwrap_or_default(),
        })
    }

    /// Both names of a member of the staff, else the id.
    fn name_of(&self, id: &str) -> NameView {
        let known = StaffId::parse(id).ok().and_then(|id| self.staff_member(&id));
        known.map_or_else(|| NameView { zh: id.to_owned(), en: id.to_owned() }, |staff| present::staff(&staff).name)
    }

    fn journal_filter(&self, kind: &str, staff: &str, from: &str, until: &str, text: &str) -> Result<JournalFilter, Problem> {
        let zone = self.shop().zone();
        let day = |text: &str, days: i64| -> Result<Option<Timestamp>, Problem> {
            if text.trim().is_empty() {
                return Ok(None);
            }
            let wrong = || Problem::new(ProblemCode::NotADate, format!("'{text}' is not a date")).with("text", text);
            let date: Date = text.trim().parse().map_err(|_| wrong())?;
            let date = date.checked_add(days.days()).map_err(|_| wrong())?;
            Ok(Some(date.to_zoned_datetime(zone.clone()).map_err(|_| wrong())?.timestamp()))
        };
        let staff = if staff.trim().is_empty() { None } else { Some(StaffId::parse(staff).map_err(TillError::from)?) };
        Ok(JournalFilter {
            kind: Some(kind.trim().to_owned()).filter(|kind| !kind.is_empty()),
            staff,
            from: day(from, 0)?,
            until: day(until, 1)?,
            text: text.to_owned(),
        })
    }
}

/// A cell of a table; a spreadsheet must not take it for a formula.
fn csv(text: &str) -> String {
    let guarded = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_owned() };
    format!("\"{}\"", guarded.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::csv;

    #[test]
    fn a_cell_is_quoted_and_never_a_formula() {
        assert_eq!(csv("a\"b"), "\"a\"\"b\"");
        assert_eq!(csv("=1+1"), "\"'=1+1\"");
    }
}

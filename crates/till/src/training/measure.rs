//! Fault drills: one button makes something go wrong in practice; the till measures how long it took until the shop was
//! selling again and that nothing was lost, and says so in the real journal.

use std::thread;
use std::time::{Duration, Instant};

use domain::training::{DrillCompleted, Fault};
use domain::{Event, Permission, StaffId};
use jiff::Timestamp;
use journal::Head;

use super::is_sale;
use super::practised::{Practised, RunningDrill};
use crate::api::{DrillView, Problem, ProblemCode, TrainingView};
use crate::error::TillError;
use crate::present;
use crate::terminal::Terminal;

/// The setting of the store of practice that keeps the drill across a power cut.
const KEPT: &str = "drill";
/// How long the answer has until the power goes.
const BEFORE_THE_CUT: Duration = Duration::from_millis(400);
/// How long receipts may take to be printed once there is paper again.
const PRINTED_WITHIN: Duration = Duration::from_secs(15);

impl Terminal {
    fn practised(&self) -> Result<&Practised, Problem> {
        self.practised.as_ref().ok_or_else(|| Problem::new(ProblemCode::NotInTraining, "drills take place in training"))
    }

    /// Lets `fault` happen. A power cut needs an order in progress: it comes in the middle of a sale.
    pub(crate) fn start_drill(&self, session: &str, fault: &str) -> Result<TrainingView, Problem> {
        let practised = self.practised()?;
        let fault = Fault::named(fault)
            .ok_or_else(|| Problem::new(ProblemCode::BadRequest, format!("there is no fault '{fault}' to practise")))?;
        let (by, draft) = self.in_session(session, Permission::Sell, |session| {
            Ok((session.staff.id.clone(), session.order.to_draft().map(|draft| (session.name.clone(), draft))))
        })?;
        if practised.fault().is_some() {
            return Err(Problem::new(ProblemCode::DrillRunning, "another fault is on: end it first"));
        }
        if fault == Fault::PowerCut && self.store.draft(session)?.is_none() {
            return Err(Problem::new(ProblemCode::CartEmpty, "ring something up first: the power goes in the middle of a sale"));
        }
        let head = self.store.head()?;
        let (seq, hash) = (head.seq, head.hash.to_string());
        let drill = RunningDrill { fault, at: practised.true_now(), by, seq, hash, first_sale: None, draft };
        self.keep_drill(Some(&drill))?;
        practised.set(Some(drill));
        if fault == Fault::PowerCut {
            let cut = self.cut_power;
            thread::spawn(move || {
                thread::sleep(BEFORE_THE_CUT);
                cut();
            });
        }
        self.training_view().ok_or_else(|| Problem::new(ProblemCode::NotInTraining, "drills take place in training"))
    }

    /// Ends the fault that is on and says how it went, here and in the real journal.
    pub(crate) fn finish_drill(&self, session: &str) -> Result<DrillView, Problem> {
        let practised = self.practised()?;
        let staff = self.in_session(session, Permission::Sell, |session| Ok(session.staff.id.clone()))?;
        let Some(drill) = practised.running() else {
            return Err(Problem::new(ProblemCode::NoDrill, "no fault is on"));
        };
        let ended = practised.true_now();
        practised.set(None);
        let unprinted = if drill.fault == Fault::OutOfPaper { self.wait_for_paper() } else { 0 };
        let recovered = drill.first_sale.map(|sale| milliseconds(drill.at, sale));
        self.complete(practised, &drill, ended, recovered, unprinted, &staff)
    }

    /// After a power cut: the terminal is open again, and what was there before must be there now.
    pub(crate) fn close_power_cut(&self) {
        let Some(practised) = &self.practised else { return };
        let kept = self.store.setting(KEPT).filter(|text| !text.is_empty());
        let Some(drill) = kept.and_then(|text| serde_json::from_str::<RunningDrill>(&text).ok()) else { return };
        if drill.fault != Fault::PowerCut {
            practised.set(Some(drill));
            return;
        }
        let now = practised.true_now();
        let missing = match &drill.draft {
            Some((session, body)) => !matches!(self.store.draft(session), Ok(Some(found)) if found == *body),
            None => false,
        };
        let recovered = Some(milliseconds(drill.at, now));
        let done = self.complete(practised, &drill, now, recovered, u32::from(missing), &drill.by);
        if let Err(problem) = done {
            tracing::error!(%problem, "the result of a drill could not be recorded");
        }
    }

    fn complete(
        &self,
        practised: &Practised,
        drill: &RunningDrill,
        ended: Timestamp,
        recovered_ms: Option<u64>,
        already_lost: u32,
        staff: &StaffId,
    ) -> Result<DrillView, Problem> {
        let real = practised.real()?;
        let (sales, damaged) = self.count_since(drill)?;
        let lost = already_lost.saturating_add(damaged);
        let completed = DrillCompleted {
            fault: drill.fault,
            training: self.id,
            lasted_ms: milliseconds(drill.at, ended),
            recovered_ms,
            sales,
            lost,
            passed: lost == 0 && recovered_ms.is_some(),
        };
        let at = real.clock.now();
        real.record(Event::DrillCompleted(completed.clone()), Some(staff), at)?;
        self.keep_drill(None)?;
        Ok(real.drill_view(&completed, at, Some(staff)))
    }

    /// Sales since the drill began, and what of the journal and of what follows from it is not as it was written.
    fn count_since(&self, drill: &RunningDrill) -> Result<(u32, u32), TillError> {
        let texts = self.store.entries_after(0, usize::MAX, usize::MAX)?;
        let verified = journal::verify_all(texts.iter().map(String::as_str), &self.keys.journal.public(), self.id, Head::START);
        let whole = matches!(verified, Ok(head) if head == self.store.head()?);
        let same = self.store.hash_at(drill.seq)?.is_some_and(|hash| hash.to_string() == drill.hash);
        let rows: u64 = self.store.verify_projections()?.tables.iter().map(|table| table.rows).sum();
        let skip = usize::try_from(drill.seq).unwrap_or(usize::MAX);
        let sales = texts.iter().skip(skip).filter(|text| is_sale(text)).count();
        let damaged = u64::from(!whole) + u64::from(!same) + rows;
        Ok((u32::try_from(sales).unwrap_or(u32::MAX), u32::try_from(damaged).unwrap_or(u32::MAX)))
    }

    /// There is paper again: waits for the queue to empty; how many receipts are still in it.
    fn wait_for_paper(&self) -> u32 {
        let until = Instant::now() + PRINTED_WITHIN;
        loop {
            self.after_commit.ring();
            let waiting = self.store.print_stats().map_or(1, |stats| stats.waiting);
            if waiting == 0 || Instant::now() >= until {
                return waiting;
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn keep_drill(&self, drill: Option<&RunningDrill>) -> Result<(), Problem> {
        let text = match drill {
            Some(drill) => {
                serde_json::to_string(drill).map_err(|error| Problem::new(ProblemCode::Internal, error.to_string()))?
            }
            None => String::new(),
        };
        Ok(self.store.set_setting(KEPT, &text)?)
    }

    /// A sale was finished here; the first one under a fault is what recovery is measured by.
    pub(crate) fn note_practice_sale(&self) {
        let Some(practised) = &self.practised else { return };
        if practised.sold()
            && let Err(problem) = self.keep_drill(practised.running().as_ref())
        {
            tracing::warn!(%problem, "the drill could not be kept");
        }
    }

    /// A drill's result as a screen shows it.
    pub(crate) fn drill_view(&self, drill: &DrillCompleted, at: Timestamp, staff: Option<&StaffId>) -> DrillView {
        let small = |milliseconds: u64| u32::try_from(milliseconds).unwrap_or(u32::MAX);
        DrillView {
            fault: drill.fault.name().to_owned(),
            at: present::moment(at, &self.shop()),
            staff: staff.map(|staff| self.staff_name(staff)).unwrap_or_default(),
            lasted_ms: small(drill.lasted_ms),
            recovered_ms: drill.recovered_ms.map(small),
            sales: drill.sales,
            lost: drill.lost,
            passed: drill.passed,
        }
    }

    /// The results of the drills at this terminal, newest first.
    pub(crate) fn drill_results(&self, session: &str) -> Result<Vec<DrillView>, Problem> {
        self.in_session(session, Permission::Sell, |_| Ok(()))?;
        let real = self.practised.as_ref().and_then(|practised| practised.real().ok());
        let real = real.as_deref().unwrap_or(self);
        let filter = store::JournalFilter { kind: Some("drill_completed".to_owned()), ..Default::default() };
        let found = real.store.find_entries(&filter, 0, 50)?;
        let read = found.iter().filter_map(|(_, text)| journal::Entry::read(text).ok());
        let views = read.filter_map(|entry| match &entry.event {
            Event::DrillCompleted(drill) => Some(real.drill_view(drill, entry.at, entry.staff.as_ref())),
            _ => None,
        });
        Ok(views.collect())
    }
}

fn milliseconds(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.duration_since(from).as_millis()).unwrap_or(0)
}

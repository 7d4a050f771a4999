//! What a terminal of practice is besides a terminal: which one it stands beside, and which fault is on.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use domain::StaffId;
use domain::training::Fault;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::api::{Problem, ProblemCode, SettingsView, SyncView};
use crate::clock::Clock;
use crate::error::TillError;
use crate::hub_connection::clock_drift;
use crate::terminal::Terminal;

/// By how much a wrong clock is wrong: it was set back by a day.
const WRONG_BY: SignedDuration = SignedDuration::from_hours(-24);
/// How long a hub that is slow lets a question wait.
const SLOW: Duration = Duration::from_secs(4);
/// The address of a printer that is not there: what is printed in practice is then taken and dropped.
pub(crate) const NO_PRINTER: &str = "training.invalid";

/// A fault that is on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RunningDrill {
    pub(crate) fault: Fault,
    pub(crate) at: Timestamp,
    pub(crate) by: StaffId,
    /// The end of the journal when it began.
    pub(crate) seq: u64,
    pub(crate) hash: String,
    /// When the first sale under the fault was finished.
    pub(crate) first_sale: Option<Timestamp>,
    /// The session whose order was open, and that order.
    pub(crate) draft: Option<(String, String)>,
}

/// The side of a terminal that only one of practice has.
#[derive(Debug)]
pub(crate) struct Practised {
    real: Weak<Terminal>,
    clock: Arc<PracticeClock>,
    running: Mutex<Option<RunningDrill>>,
}

/// The real time, unless a drill says otherwise.
#[derive(Debug)]
struct PracticeClock {
    real: Arc<dyn Clock>,
    off: Mutex<SignedDuration>,
}

impl Clock for PracticeClock {
    fn now(&self) -> Timestamp {
        let off = *self.off.lock().unwrap_or_else(PoisonError::into_inner);
        self.real.now().saturating_add(off).unwrap_or(Timestamp::MAX)
    }
}

impl Practised {
    pub(crate) fn of(real: Weak<Terminal>, clock: Arc<dyn Clock>) -> Self {
        let clock = Arc::new(PracticeClock { real: clock, off: Mutex::new(SignedDuration::ZERO) });
        Self { real, clock, running: Mutex::default() }
    }

    /// The terminal that this one stands beside.
    pub(crate) fn real(&self) -> Result<Arc<Terminal>, Problem> {
        self.real.upgrade().ok_or_else(|| Problem::new(ProblemCode::Internal, "the real terminal is closed"))
    }

    /// The clock that practice goes by.
    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        let clock: Arc<PracticeClock> = Arc::clone(&self.clock);
        clock
    }

    /// The time as it is, whatever a drill says.
    pub(crate) fn true_now(&self) -> Timestamp {
        self.clock.real.now()
    }

    fn lock(&self) -> MutexGuard<'_, Option<RunningDrill>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn running(&self) -> Option<RunningDrill> {
        self.lock().clone()
    }

    /// The fault that is on.
    pub(crate) fn fault(&self) -> Option<Fault> {
        self.lock().as_ref().map(|drill| drill.fault)
    }

    /// Puts `drill` in the place of what was on, and the clock wrong or right.
    pub(crate) fn set(&self, drill: Option<RunningDrill>) {
        let wrong = drill.as_ref().is_some_and(|drill| drill.fault == Fault::ClockWrong);
        *self.clock.off.lock().unwrap_or_else(PoisonError::into_inner) = if wrong { WRONG_BY } else { SignedDuration::ZERO };
        *self.lock() = drill;
    }

    /// A sale was finished; true when it is the first under the fault that is on.
    pub(crate) fn sold(&self) -> bool {
        let now = self.true_now();
        let mut running = self.lock();
        let Some(drill) = running.as_mut().filter(|drill| drill.first_sale.is_none()) else { return false };
        drill.first_sale = Some(now);
        true
    }

    /// What a question to the hub comes to in practice: none reaches one.
    pub(crate) fn no_hub(&self) -> Problem {
        if self.fault() == Some(Fault::HubSlow) {
            std::thread::sleep(SLOW);
        }
        Problem::new(ProblemCode::HubUnreachable, "nobody asks the hub in training").with("address", "TRAINING")
    }
}

impl Terminal {
    /// The settings of the real terminal, without what would lead out of practice.
    pub(crate) fn settle_in(&self, real: &SettingsView) -> Result<(), TillError> {
        let mut settings = real.clone();
        settings.mirror_folder.clear();
        if settings.printer_address.is_empty() {
            NO_PRINTER.clone_into(&mut settings.printer_address);
        }
        self.keep_settings(settings)?;
        Ok(())
    }

    /// How sync would stand: as at the real terminal, and as the fault that is on makes it look.
    pub(crate) fn practice_sync_view(&self, practised: &Practised) -> Option<SyncView> {
        let real = practised.real().ok()?;
        let mut view = real.sync_view();
        let prints = self.store.print_stats().unwrap_or_default();
        view.print_jobs = prints.waiting;
        view.print_problem = self.status.lock().print_problem();
        let Some(drill) = practised.running() else { return Some(view) };
        let made = self.store.head().map_or(0, |head| head.seq.saturating_sub(drill.seq));
        let unsent = u32::try_from(made).unwrap_or(u32::MAX);
        match drill.fault {
            Fault::NetworkGone => {
                "offline".clone_into(&mut view.state);
                view.unsent = unsent;
            }
            Fault::HubSlow => {
                "sending".clone_into(&mut view.state);
                view.unsent = unsent;
            }
            Fault::ClockWrong => {
                view.clock_drift_seconds = i32::try_from(WRONG_BY.as_secs()).unwrap_or(i32::MIN);
                view.problem = Some(clock_drift(WRONG_BY.as_secs(), "this machine's clock is a day behind".to_owned()));
            }
            Fault::OutOfPaper | Fault::PowerCut => {}
        }
        Some(view)
    }
}

//! What sync, mirror and printer last reported, kept for the screens.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use store::Printer;
use sync::wire::Incident;

use crate::api::{Problem, SyncView};

/// How the mirror of unsent entries fares.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum MirrorState {
    /// No folder is set up, or nothing was written yet.
    #[default]
    Off,
    /// Every unsent entry lies in the folder as well.
    Ok,
    /// The folder cannot be written.
    Failing(Problem),
}

/// How far sync is.
#[derive(Debug, Clone, Default)]
pub(crate) struct SyncState {
    /// When the hub last answered.
    pub(crate) last_at: Option<Timestamp>,
    /// How sync stands, as the engine says.
    pub(crate) state: sync::State,
    /// Why the last try failed.
    pub(crate) problem: Option<Problem>,
    /// Open incidents of the store.
    pub(crate) incidents: Vec<Incident>,
    /// Till clock minus hub clock.
    pub(crate) clock_drift_seconds: i64,
}

/// Everything that runs behind the sale reports here.
#[derive(Debug, Default)]
pub struct Status {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) sync: SyncState,
    /// True while the sync task runs.
    pub(crate) syncing: bool,
    pub(crate) mirror: MirrorState,
    /// Why a printer fails, if it does.
    pub(crate) print_problems: HashMap<Printer, Problem>,
    /// Why the scanner's or the pole display's line cannot be used, if it cannot.
    pub(crate) line_problem: Option<Problem>,
    /// The view that was sent to the screens last.
    pub(crate) announced: Option<SyncView>,
}

impl Status {
    /// The state, locked; never held across I/O.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Why a printer fails, if one does; the receipt printer first.
    pub(crate) fn print_problem(&self) -> Option<Problem> {
        Printer::ALL.iter().find_map(|printer| self.print_problems.get(printer).cloned())
    }
}

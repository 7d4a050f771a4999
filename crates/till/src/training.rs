//! Practice: a session may leave the real terminal for one beside it, with a journal, keys and a store of its own. Commands of
//! that session then reach the other terminal and no other way leads from it to the books: it has no hub, its first entry
//! says what it is, and a hub refuses a journal that begins so.

mod measure;
mod practised;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::training::{TrainingBegun, TrainingEnded};
use domain::{Event, Permission, StaffId, StoreCode};
use jiff::Timestamp;
use journal::{Entry, VaultKind};
use serde::{Deserialize, Serialize};

use crate::api::{AppView, Commands, Problem, ProblemCode, TrainingView};
use crate::authority::Authority;
use crate::error::TillError;
use crate::local_shop::LocalShop;
use crate::present;
use crate::printing::PrintTask;
use crate::sessions::{OpenOrder, Phase, Session};
use crate::terminal::{Terminal, TerminalOptions};

pub(crate) use practised::{NO_PRINTER, Practised};

/// The setting of the real store that keeps who practises, so that practice goes on after a restart.
const KEPT: &str = "training";
/// The folder of the store to practise with.
const FOLDER: &str = "training";
/// The folder with the journal of the last practice, for anyone to check.
const LAST: &str = "training-last";
/// Takes the place of the shop's code on receipts of practice.
const CODE: &str = "TRAINING";

/// Where practice takes place.
#[derive(Debug, Default)]
pub(crate) struct Room {
    /// Held while somebody enters or leaves, which takes its time; nobody else waits for it.
    door: Mutex<()>,
    open: Mutex<Option<Practice>>,
}

#[derive(Debug)]
struct Practice {
    terminal: Arc<Terminal>,
    kept: Kept,
    _printing: PrintTask,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    by: StaffId,
    since: Timestamp,
    sessions: BTreeSet<String>,
}

impl Room {
    fn lock(&self) -> MutexGuard<'_, Option<Practice>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Terminal {
    /// The terminal that acts for `session` while somebody practises there.
    pub(crate) fn acting_for(&self, session: &str) -> Option<Arc<dyn Commands + Send + Sync>> {
        let open = self.room.lock();
        let practice = open.as_ref().filter(|practice| practice.kept.sessions.contains(session))?;
        let terminal: Arc<dyn Commands + Send + Sync> = Arc::<Self>::clone(&practice.terminal);
        Some(terminal)
    }

    /// Leaves the real terminal for practice at `session`. Whoever lets it begin is signed in there; the real session is
    /// signed out, its open order stays as a draft.
    pub(crate) fn begin_practice(&self, session: &str) -> Result<AppView, Problem> {
        if self.practised.is_some() {
            return self.app_view(session);
        }
        let staff = self.in_session(session, Permission::Train, |session| match &session.order.phase {
            Phase::Paying(paying) if !paying.steps.is_empty() => {
                Err(Problem::new(ProblemCode::PayingAlready, "a customer is paying: finish that sale first"))
            }
            _ => Ok(session.staff.clone()),
        })?;
        let _door = self.room.door.lock().unwrap_or_else(PoisonError::into_inner);
        if self.room.lock().is_none() {
            let code = StoreCode::parse(CODE).map_err(TillError::from)?;
            self.store.copy_for_practice(&self.practice_folder(), &code)?;
            let kept = Kept { by: staff.id.clone(), since: self.clock.now(), sessions: BTreeSet::new() };
            let practice = self.open_practice(kept)?;
            let begun = TrainingBegun { training: practice.terminal.id };
            self.record(Event::TrainingBegun(begun), Some(&staff.id), self.clock.now())?;
            *self.room.lock() = Some(practice);
        }
        let mut open = self.room.lock();
        let Some(practice) = open.as_mut() else { return self.app_view(session) };
        practice.kept.sessions.insert(session.to_owned());
        let (terminal, kept) = (Arc::clone(&practice.terminal), practice.kept.clone());
        drop(open);
        self.keep_practice(Some(&kept))?;
        self.sign_out_of(session);
        let order = OpenOrder::new(&terminal.shop());
        terminal.sessions.begin(Session::new(session, staff, order, Authority::default(), terminal.clock.now()));
        terminal.app_view(session)
    }

    /// Comes back from practice at `session`, which anybody may at any time; nobody is signed in afterwards.
    pub(crate) fn leave_practice(&self, session: &str) -> Result<AppView, Problem> {
        if let Some(practised) = &self.practised {
            let leaving = self.session(session, |session| session.staff.id.clone());
            return practised.real()?.end_practice(session, leaving);
        }
        self.end_practice(session, None)
    }

    fn end_practice(&self, session: &str, leaving: Option<StaffId>) -> Result<AppView, Problem> {
        let _door = self.room.door.lock().unwrap_or_else(PoisonError::into_inner);
        let mut open = self.room.lock();
        let Some(practice) = open.as_mut().filter(|practice| practice.kept.sessions.contains(session)) else {
            drop(open);
            return self.app_view(session);
        };
        practice.kept.sessions.remove(session);
        practice.terminal.sessions.end(session);
        let kept = practice.kept.clone();
        let over = if kept.sessions.is_empty() { open.take() } else { None };
        drop(open);
        if let Some(practice) = over {
            self.record_end(&practice, leaving)?;
            self.keep_practice(None)?;
            drop(practice);
            if let Err(error) = std::fs::remove_dir_all(self.practice_folder()) {
                tracing::warn!(%error, "the store of the last practice could not be removed");
            }
        } else {
            self.keep_practice(Some(&kept))?;
        }
        self.app_view(session)
    }

    /// What was practised goes into a folder that anyone can check, its end into the real journal.
    fn record_end(&self, practice: &Practice, leaving: Option<StaffId>) -> Result<(), TillError> {
        let (terminal, store) = (&practice.terminal, &practice.terminal.store);
        let head = store.head()?;
        let texts = store.entries_after(0, usize::MAX, usize::MAX)?;
        let sales = texts.iter().filter(|text| is_sale(text)).count();
        let key = terminal.keys.journal.public();
        let exported = journal::export(&self.store.dir().join(LAST), texts.into_iter().map(Ok::<_, TillError>), &key);
        if let Err(error) = exported {
            tracing::warn!(%error, "the journal of the last practice could not be handed out");
        }
        let ended = TrainingEnded {
            training: terminal.id,
            last_seq: head.seq,
            head: head.hash.to_string(),
            sales: u32::try_from(sales).unwrap_or(u32::MAX),
        };
        let staff = leaving.unwrap_or_else(|| practice.kept.by.clone());
        self.record(Event::TrainingEnded(ended), Some(&staff), self.clock.now())?;
        Ok(())
    }

    /// Goes on with the practice that was under way when the program ended.
    pub(crate) fn resume_practice(&self) {
        let Some(text) = self.store.setting(KEPT).filter(|text| !text.is_empty()) else { return };
        let practice = serde_json::from_str(&text)
            .map_err(|error| TillError::from(Problem::new(ProblemCode::Internal, error.to_string())))
            .and_then(|kept| self.open_practice(kept));
        match practice {
            Ok(practice) => {
                practice.terminal.close_power_cut();
                *self.room.lock() = Some(practice);
            }
            Err(error) => {
                tracing::error!(%error, "practice cannot go on");
                if let Err(error) = self.keep_practice(None) {
                    tracing::error!(%error, "practice cannot be ended");
                }
            }
        }
    }

    fn open_practice(&self, kept: Kept) -> Result<Practice, TillError> {
        let options = TerminalOptions {
            dir: self.practice_folder(),
            vault: VaultKind::File,
            clock: Arc::clone(&self.clock),
            local_shop: LocalShop::default(),
            demo_pins: self.demo_pins.clone(),
            cut_power: self.cut_power,
        };
        let real = self.me.get().cloned().unwrap_or_default();
        let terminal = Self::open_as(options, Some(Practised::of(real, Arc::clone(&self.clock))))?;
        terminal.settle_in(&self.settings())?;
        let printing = PrintTask::start(&terminal).map_err(|error| crate::background::no_thread(&error))?;
        Ok(Practice { terminal, kept, _printing: printing })
    }

    fn keep_practice(&self, kept: Option<&Kept>) -> Result<(), Problem> {
        let text = match kept {
            Some(kept) => serde_json::to_string(kept).map_err(|error| Problem::new(ProblemCode::Internal, error.to_string()))?,
            None => String::new(),
        };
        Ok(self.store.set_setting(KEPT, &text)?)
    }

    fn practice_folder(&self) -> PathBuf {
        self.store.dir().join(FOLDER)
    }

    /// What a screen shows of practice; none at the real terminal.
    pub(crate) fn training_view(&self) -> Option<TrainingView> {
        let practised = self.practised.as_ref()?;
        let shop = self.shop();
        let running = practised.running();
        Some(TrainingView {
            faults: domain::training::Fault::ALL.iter().map(|fault| fault.name().to_owned()).collect(),
            fault: running.as_ref().map(|drill| drill.fault.name().to_owned()).unwrap_or_default(),
            fault_since: running.as_ref().map(|drill| present::moment(drill.at, &shop)).unwrap_or_default(),
        })
    }
}

fn is_sale(text: &str) -> bool {
    Entry::read(text).is_ok_and(|entry| matches!(entry.event, Event::SaleCompleted(_)))
}

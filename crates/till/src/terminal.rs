//! A terminal: its store, its keys and everything that several user interfaces share. [`Terminal::open`] is the way in for
//! the window, the bridge and the command line.

use std::path::PathBuf;
use std::sync::atomic::AtomicU32;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, Weak};

use domain::event::JournalOpened;
use domain::{Event, StaffId, TerminalId};
use jiff::Timestamp;
use journal::{Entry, TerminalKeys, Vault, VaultKind};
use store::Store;

use crate::after_commit::AfterCommit;
use crate::api::{Problem, ProblemCode, SettingsView, TillEvent};
use crate::clock::{Clock, SystemClock};
use crate::customer::Displays;
use crate::error::TillError;
use crate::local_shop::LocalShop;
use crate::logo::LogoDots;
use crate::promotions::TrialJob;
use crate::reports::Days;
use crate::scanner::ScanTaker;
use crate::sessions::Sessions;
use crate::status::Status;
use crate::training::{Practised, Room};

/// How to open a terminal.
#[derive(Debug, Clone)]
pub struct TerminalOptions {
    /// Folder of its store; made where it is missing.
    pub dir: PathBuf,
    /// Where its private keys lie.
    pub vault: VaultKind,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// What a new store sells by until it is enrolled.
    pub local_shop: LocalShop,
    /// PINs to show on the sign-in screen of a demo shop, as `name: pin`.
    pub demo_pins: Vec<String>,
    /// Ends the program at once, as a power cut does; for drills.
    pub cut_power: fn(),
}

impl TerminalOptions {
    /// The store in `dir`, keys in the best place there is, the machine's clock.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            vault: VaultKind::Auto,
            clock: Arc::new(SystemClock),
            local_shop: LocalShop::default(),
            demo_pins: Vec::new(),
            cut_power: || std::process::abort(),
        }
    }
}

/// A point of sale with a journal of its own. Shared by every user interface that sells on it.
#[derive(Debug)]
pub struct Terminal {
    pub(crate) store: Arc<Store>,
    pub(crate) keys: Arc<TerminalKeys>,
    pub(crate) id: TerminalId,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) after_commit: AfterCommit,
    pub(crate) status: Status,
    pub(crate) sessions: Sessions,
    /// One try to sign in at a time, so that tries cannot be made side by side.
    pub(crate) sign_in: Mutex<()>,
    /// How many orders are held, for every cart's view.
    pub(crate) held: AtomicU32,
    pub(crate) settings: RwLock<Arc<SettingsView>>,
    pub(crate) demo_pins: Vec<String>,
    /// Which entries are of which day, and the figures of days that were asked for.
    pub(crate) days: Mutex<Days>,
    /// A draft promotion that is being tried, or what that found.
    pub(crate) trial: Mutex<Option<Arc<TrialJob>>>,
    pub(crate) logo: LogoDots,
    pub(crate) displays: Displays,
    pub(crate) scans: ScanTaker,
    listeners: Mutex<Vec<Sender<TillEvent>>>,
    /// Where this terminal lets people practise.
    pub(crate) room: Room,
    /// Set on a terminal of practice.
    pub(crate) practised: Option<Practised>,
    pub(crate) cut_power: fn(),
    pub(crate) me: OnceLock<Weak<Terminal>>,
}

impl Terminal {
    /// Opens the terminal in `options.dir`. On first use it gets its id, its keys and the first entry of its journal. A store
    /// whose keys are missing, or that was signed by other keys, is refused.
    pub fn open(options: TerminalOptions) -> Result<Arc<Self>, TillError> {
        let terminal = Self::open_as(options, None)?;
        terminal.resume_practice();
        Ok(terminal)
    }

    /// Opens a terminal of practice where `practised` says which one it stands beside, else a real one, which a journal of
    /// practice never becomes.
    pub(crate) fn open_as(options: TerminalOptions, practised: Option<Practised>) -> Result<Arc<Self>, TillError> {
        let store = Arc::new(Store::open(&options.dir)?);
        let vault = Vault::open(&options.dir, options.vault)?;
        let (id, keys) = identity(&store, &vault)?;
        options.local_shop.set_up(&store)?;
        if practised.is_none() && is_practice(&store)? {
            let detail = "this folder holds a training: nothing of it belongs into the books, so it is not opened as a till";
            return Err(Problem::new(ProblemCode::InTraining, detail).into());
        }
        let settings = crate::settings::load(&store);
        let held = u32::try_from(store.held()?.len()).unwrap_or(u32::MAX);
        let terminal = Self {
            keys: Arc::new(keys),
            id,
            clock: practised.as_ref().map_or(options.clock, Practised::clock),
            after_commit: AfterCommit::default(),
            status: Status::default(),
            sessions: Sessions::default(),
            sign_in: Mutex::new(()),
            held: AtomicU32::new(held),
            settings: RwLock::new(Arc::new(settings)),
            demo_pins: options.demo_pins,
            days: Mutex::default(),
            trial: Mutex::default(),
            logo: LogoDots::default(),
            displays: Displays::default(),
            scans: ScanTaker::default(),
            listeners: Mutex::default(),
            room: Room::default(),
            cut_power: options.cut_power,
            me: OnceLock::new(),
            practised,
            store,
        };
        if terminal.store.head()?.seq == 0 {
            let opened = JournalOpened { version: env!("CARGO_PKG_VERSION").to_owned(), training: terminal.practised.is_some() };
            terminal.record(Event::JournalOpened(opened), None, terminal.clock.now())?;
        }
        let terminal = Arc::new(terminal);
        // A new terminal has not been told before.
        let _ = terminal.me.set(Arc::downgrade(&terminal));
        Ok(terminal)
    }

    /// The terminal's id.
    pub fn id(&self) -> TerminalId {
        self.id
    }

    /// The store below, for reports and proofs.
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// What the terminal tells by itself, from now on.
    pub fn subscribe(&self) -> Receiver<TillEvent> {
        let (sender, receiver) = mpsc::channel();
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        receiver
    }

    /// Tells every subscriber.
    pub(crate) fn emit(&self, event: TillEvent) {
        let mut listeners = self.listeners.lock().unwrap_or_else(PoisonError::into_inner);
        listeners.retain(|listener| listener.send(event.clone()).is_ok());
    }

    /// Signs `event` as the journal's next entry and records it with all that follows from it, then wakes mirror, printer and
    /// sync. One commit: it is either done and on disk or not done at all.
    pub(crate) fn record(&self, event: Event, staff: Option<&StaffId>, at: Timestamp) -> Result<Entry, TillError> {
        let mut writer = self.store.writer()?;
        let entry = Entry::sign(&self.keys.journal, self.id, writer.head(), at, staff, event)?;
        writer.record(&entry)?;
        drop(writer);
        self.after_commit.ring();
        Ok(entry)
    }

    /// The settings of this terminal.
    pub(crate) fn settings(&self) -> Arc<SettingsView> {
        Arc::clone(&self.settings.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The catalogue, the staff or the shop's settings are no longer what user interfaces show.
    pub(crate) fn catalogue_changed(&self) {
        self.emit(TillEvent::Catalogue);
    }
}

/// True when the journal is one of practice.
fn is_practice(store: &Store) -> Result<bool, TillError> {
    let Some(first) = store.entry(1)? else { return Ok(false) };
    let opened = Entry::read(&first).map(|entry| entry.event);
    Ok(matches!(opened, Ok(Event::JournalOpened(JournalOpened { training: true, .. }))))
}

/// The terminal's id and keys; made and kept before the first entry is signed. A journal without its keys is refused.
fn identity(store: &Store, vault: &Vault) -> Result<(TerminalId, TerminalKeys), TillError> {
    let known = store.terminal().map(|row| row.id);
    let id = known.unwrap_or_else(TerminalId::generate);
    let head = store.head()?;
    match vault.load(id)? {
        Some(keys) => {
            if let Some(last) = store.entry(head.seq)? {
                let signed = Entry::read(&last).map_err(|_| TillError::KeysForeign { terminal: id })?;
                let before = journal::Head { seq: signed.seq - 1, hash: signed.prev };
                journal::verify(&last, &keys.journal.public(), id, before)
                    .map_err(|_| TillError::KeysForeign { terminal: id })?;
            }
            if known.is_none() {
                store.init_terminal(id)?;
            }
            Ok((id, keys))
        }
        None if head.seq > 0 => Err(TillError::KeysMissing { terminal: id }),
        None => {
            let keys = TerminalKeys::generate()?;
            vault.save(id, &keys)?;
            if known.is_none() {
                store.init_terminal(id)?;
            }
            Ok((id, keys))
        }
    }
}

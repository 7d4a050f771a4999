//! The second copy of what the hub does not hold yet, in a folder that the shop names: a USB stick, a share. A thread
//! follows the journal there right after each commit; the sale never waits for it.

mod folder;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::api::{Problem, ProblemCode};
use crate::status::MirrorState;
use crate::terminal::Terminal;

pub(crate) use folder::{ENTRIES, MirrorCard, TERMINAL, is_mirror};
use folder::{MirrorError, MirrorFolder};

/// How long until a folder that failed is tried again without being asked.
const RETRY: Duration = Duration::from_secs(2);
/// How often a quiet mirror drops what the hub has acknowledged.
const TIDY: Duration = Duration::from_secs(30);

/// The thread that keeps the mirror; stops when dropped, after a last look.
#[derive(Debug)]
pub struct MirrorTask {
    stop: Arc<AtomicBool>,
    terminal: Arc<Terminal>,
    thread: Option<JoinHandle<()>>,
}

impl MirrorTask {
    /// Starts it.
    pub(crate) fn start(terminal: &Arc<Terminal>) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let thread = std::thread::Builder::new().name("mirror".into()).spawn({
            let (stop, terminal) = (Arc::clone(&stop), Arc::clone(terminal));
            move || keep(&terminal, &stop)
        })?;
        Ok(Self { stop, terminal: Arc::clone(terminal), thread: Some(thread) })
    }
}

impl Drop for MirrorTask {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        self.terminal.after_commit.ring();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the mirror's thread ended by a panic");
        }
    }
}

fn keep(terminal: &Terminal, stop: &AtomicBool) {
    let mut mirror = Mirror::default();
    let mut seen = 0;
    let mut quiet = false;
    loop {
        let stopping = stop.load(Ordering::Acquire);
        let state = mirror.bring_up_to_date(terminal, quiet || stopping);
        let pause = if matches!(state, MirrorState::Failing(_)) { RETRY } else { TIDY };
        report(terminal, state);
        if stopping {
            return;
        }
        quiet = !terminal.after_commit.wait(&mut seen, pause);
    }
}

fn report(terminal: &Terminal, state: MirrorState) {
    let changed = {
        let mut status = terminal.status.lock();
        let changed = status.mirror != state;
        if changed && let MirrorState::Failing(problem) = &state {
            tracing::warn!(%problem, "the mirror folder fails");
        }
        status.mirror = state;
        changed
    };
    if changed {
        terminal.announce_sync();
    }
}

/// What the terminal mirrors now, and where.
#[derive(Debug, Default)]
pub(crate) struct Mirror {
    folder: Option<(PathBuf, MirrorCard, MirrorFolder)>,
}

impl Mirror {
    /// Brings the folder up to date with the journal. `tidy`: also drops what the hub has acknowledged.
    pub(crate) fn bring_up_to_date(&mut self, terminal: &Terminal, tidy: bool) -> MirrorState {
        let root = terminal.settings().mirror_folder.clone();
        if root.is_empty() {
            self.folder = None;
            return MirrorState::Off;
        }
        match self.follow(terminal, &PathBuf::from(&root), tidy) {
            Ok(()) => MirrorState::Ok,
            Err(error) => {
                self.folder = None;
                let problem = Problem::new(ProblemCode::MirrorUnwritable, error.to_string()).with("folder", root);
                MirrorState::Failing(problem)
            }
        }
    }

    fn follow(&mut self, terminal: &Terminal, root: &PathBuf, tidy: bool) -> Result<(), MirrorError> {
        let card = MirrorCard::of(terminal);
        let store = terminal.store();
        match &mut self.folder {
            Some((at, written, folder)) if at == root && *written == card => folder.follow(store, tidy),
            _ => {
                let folder = MirrorFolder::begin(root, &card, store)?;
                self.folder = Some((root.clone(), card, folder));
                Ok(())
            }
        }
    }
}

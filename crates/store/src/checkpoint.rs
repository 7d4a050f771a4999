//! Moving the write-ahead log into the file while nobody sells.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::error::StoreError;
use crate::store::connect;

/// So long without a commit counts as idle.
const IDLE: Duration = Duration::from_millis(400);

/// A log of this size is moved even while commits go on, so that it cannot fill the disk.
const LARGE: u64 = 48 * 1_024 * 1_024;

#[derive(Debug)]
struct Shared {
    commits: AtomicU64,
    /// The thread waits for a commit without looking.
    resting: AtomicBool,
    stopped: Mutex<bool>,
    wake: Condvar,
}

/// The thread that does it.
#[derive(Debug)]
pub(crate) struct Checkpointer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// Moves the log of the store in `file` and that of its open orders in `drafts`.
    pub(crate) fn start(file: &Path, drafts: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let (connection, drafts) = (connect(file, flags)?, connect(drafts, flags)?);
        let shared = Arc::new(Shared {
            commits: AtomicU64::new(0),
            resting: AtomicBool::new(false),
            stopped: Mutex::new(false),
            wake: Condvar::new(),
        });
        let log = file.with_extension("sqlite-wal");
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("store-checkpoint".to_owned())
            .spawn(move || run(&theirs, &connection, &drafts, &log))
            .map_err(|source| StoreError::io(file, source))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Says that something was committed. Costs next to nothing.
    pub(crate) fn committed(&self) {
        self.shared.commits.fetch_add(1, Ordering::SeqCst);
        if self.shared.resting.swap(false, Ordering::SeqCst) {
            // Taking the lock makes sure that the thread is already waiting.
            drop(self.shared.stopped.lock().unwrap_or_else(PoisonError::into_inner));
            self.shared.wake.notify_all();
        }
    }

    /// Ends the thread and waits for it.
    pub(crate) fn stop(mut self) {
        *self.shared.stopped.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.shared.wake.notify_all();
        if let Some(thread) = self.thread.take() {
            // A panic there has been reported by the panic hook and changes nothing here.
            let _ = thread.join();
        }
    }
}

fn run(shared: &Shared, connection: &Connection, drafts: &Connection, log: &Path) {
    let mut moved = 0;
    let mut seen = 0;
    let mut stopped = shared.stopped.lock().unwrap_or_else(PoisonError::into_inner);
    while !*stopped {
        shared.resting.store(shared.commits.load(Ordering::SeqCst) == moved, Ordering::SeqCst);
        let commits = shared.commits.load(Ordering::SeqCst);
        if commits == moved {
            stopped = shared.wake.wait(stopped).unwrap_or_else(PoisonError::into_inner);
            continue;
        }
        shared.resting.store(false, Ordering::SeqCst);
        if commits != seen {
            seen = commits;
            stopped = shared.wake.wait_timeout(stopped, IDLE).unwrap_or_else(PoisonError::into_inner).0;
            let busy = shared.commits.load(Ordering::SeqCst) != commits;
            if *stopped || (busy && !is_large(log)) {
                continue;
            }
        }
        drop(stopped);
        // PASSIVE never makes a sale wait. RESTART does, so that the next commit begins the log anew; by then there is little
        // left to move.
        move_log(connection, "PRAGMA wal_checkpoint(PASSIVE)");
        move_log(drafts, "PRAGMA wal_checkpoint(PASSIVE)");
        if is_large(log) {
            move_log(connection, "PRAGMA wal_checkpoint(RESTART)");
        }
        moved = commits;
        stopped = shared.stopped.lock().unwrap_or_else(PoisonError::into_inner);
    }
}

fn move_log(connection: &Connection, how: &str) {
    if let Err(error) = connection.query_row(how, [], |_| Ok(())) {
        tracing::warn!(%error, "the write-ahead log could not be moved into the store's file");
    }
}

fn is_large(log: &Path) -> bool {
    std::fs::metadata(log).is_ok_and(|meta| meta.len() > LARGE)
}

//! Opening and closing a store.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use domain::PromotionSet;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::checkpoint::Checkpointer;
use crate::draft_file::{self, DraftFile};
use crate::error::StoreError;
use crate::migrations;
use crate::readers::Readers;
use crate::settings::Known;
use crate::stock::Pending;
use crate::writer::WriteSide;
use crate::{health, promotions, settings};

/// The name of the database in a store's folder.
pub(crate) const FILE: &str = "till.sqlite";

/// How long one process waits for another that reads the same store, such as `tillbridge verify`.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The store of a terminal, open. Share it in an [`Arc`].
#[derive(Debug)]
pub struct Store {
    dir: PathBuf,
    write: Mutex<WriteSide>,
    pub(crate) readers: Readers,
    pub(crate) known: RwLock<Known>,
    pub(crate) pending: Pending,
    pub(crate) draft_file: DraftFile,
    pub(crate) promotion_set: RwLock<Arc<PromotionSet>>,
    pub(crate) loading: AtomicBool,
    pub(crate) checkpointer: Option<Checkpointer>,
    /// Held until the store is closed.
    _lock: Option<File>,
}

impl Store {
    /// Opens the store in `dir` and creates it where there is none. The store stays locked against other programs until it
    /// is dropped. An older file is brought up to date after a copy of it was put into `backups`.
    ///
    /// The file is looked over in bounded time: a small one wholly, of a large one the end of the journal and what belongs to
    /// it ([`Store::integrity_check`] reads everything, whenever there is time).
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(dir).map_err(|source| StoreError::io(dir, source))?;
        let lock = lock(dir)?;
        let file = dir.join(FILE);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = connect(&file, flags)?;
        migrations::check_version(&connection, &file)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        configure_writer(&connection)?;
        migrations::migrate(&connection, dir)?;
        health::look_over(&connection)?;
        let relaxed = connect(&file, flags)?;
        configure_writer(&relaxed)?;
        // A print job may be lost with the power, never with the program; it must not cost a sale a disk flush.
        relaxed.pragma_update(None, "synchronous", "NORMAL")?;
        let known = connection.query_row("SELECT coalesce(max(version), 0) FROM drafts", [], |row| row.get(0))?;
        let draft_file = DraftFile::open(dir, known)?;
        let checkpointer = Checkpointer::start(&file, &dir.join(draft_file::FILE))?;
        Self::assemble(dir, connection, relaxed, draft_file, Some(checkpointer), Some(lock))
    }

    /// Opens an existing store to look at it, also while a terminal sells on it. Everything that writes fails with
    /// [`StoreError::NotWritable`].
    pub fn open_read_only(dir: &Path) -> Result<Self, StoreError> {
        let file = dir.join(FILE);
        if !file.is_file() {
            return Err(StoreError::Missing { dir: dir.to_owned() });
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = connect(&file, flags)?;
        migrations::check_version(&connection, &file)?;
        migrations::require_current(&connection)?;
        let relaxed = connect(&file, flags)?;
        Self::assemble(dir, connection, relaxed, DraftFile::open_read_only(dir)?, None, None)
    }

    fn assemble(
        dir: &Path,
        connection: Connection,
        relaxed: Connection,
        draft_file: DraftFile,
        checkpointer: Option<Checkpointer>,
        lock: Option<File>,
    ) -> Result<Self, StoreError> {
        let (known, loading) = settings::read_known(&connection)?;
        let promotion_set = Arc::new(promotions::read_set(&connection)?);
        let write = WriteSide::new(connection, relaxed)?;
        Ok(Self {
            dir: dir.to_owned(),
            write: Mutex::new(write),
            readers: Readers::new(dir.join(FILE)),
            known: RwLock::new(known),
            pending: Pending::default(),
            draft_file,
            promotion_set: RwLock::new(promotion_set),
            loading: AtomicBool::new(loading),
            checkpointer,
            _lock: lock,
        })
    }

    /// The store's folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The writing side. A panic that left the lock poisoned also left its transaction to be rolled back, and the state that
    /// the writer keeps in memory is read again.
    pub(crate) fn write_side(&self) -> std::sync::MutexGuard<'_, WriteSide> {
        self.write.lock().unwrap_or_else(|poisoned| {
            self.write.clear_poison();
            let mut side = poisoned.into_inner();
            side.distrust();
            side
        })
    }

    /// What is known of the terminal without asking the database.
    pub(crate) fn known(&self) -> std::sync::RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves what the write-ahead log holds into the file. Runs by itself when the store is idle; call it before copying.
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        let side = self.write_side();
        side.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// Reads the whole file and says whether it is sound; slow on a large one.
    pub fn integrity_check(&self) -> Result<(), StoreError> {
        self.readers.with(health::integrity_check)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        let Some(checkpointer) = self.checkpointer.take() else { return };
        checkpointer.stop();
        let side = self.write_side();
        // Best effort: whatever fails here is done again at the next start.
        let tidy = side.connection.execute_batch("PRAGMA analysis_limit = 200; PRAGMA optimize;");
        let checkpoint = side.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        if let Err(error) = tidy.and(checkpoint) {
            tracing::warn!(%error, "the store was closed without tidying up");
        }
    }
}

fn lock(dir: &Path) -> Result<File, StoreError> {
    let path = dir.join("lock");
    let file =
        File::options().create(true).truncate(false).write(true).open(&path).map_err(|source| StoreError::io(&path, source))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse { dir: dir.to_owned() }),
        Err(TryLockError::Error(source)) => Err(StoreError::io(&path, source)),
    }
}

/// A connection with what all of them share.
pub(crate) fn connect(file: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(96);
    // Without this, statistics make SQLite plan a cached statement anew whenever its parameters change: ten times the price of
    // a look-up.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // What is deleted on a page is overwritten there, which costs no page more: a member who was erased is not to be found.
    connection.pragma_update(None, "secure_delete", "FAST")?;
    connection.pragma_update(None, "cache_size", -8_192)?;
    Ok(connection)
}

fn configure_writer(connection: &Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    // After a checkpoint has emptied it, the log's file shrinks to this.
    connection.pragma_update(None, "journal_size_limit", 16 * 1_024 * 1_024)?;
    Ok(())
}

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Arc<Store>>();
};

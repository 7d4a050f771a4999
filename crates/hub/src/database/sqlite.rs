//! SQLite: readers apart, and one thread that writes. The writes that wait at a moment share one transaction and so one wait
//! for the disk; each has a savepoint of its own, so that one that is refused leaves the others alone.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::session::Session;
use super::{DatabaseError, WorkError, dialect, migrations};

/// Writes that share one transaction at most.
const MAX_GROUP: usize = 64;
/// Writes that may wait in line.
const QUEUE: usize = 1_024;
/// Reading connections that are kept open.
const MAX_IDLE_READERS: usize = 4;
/// A writer with nothing to do for this long checkpoints.
const IDLE: Duration = Duration::from_millis(500);
/// Statements that a connection keeps prepared.
const MAX_STATEMENTS: usize = 128;

/// An open SQLite database.
pub(super) struct Sqlite {
    path: std::path::PathBuf,
    readers: Mutex<Vec<Connection>>,
    queue: Option<SyncSender<Job>>,
    writer: Option<JoinHandle<()>>,
}

/// One write: done inside the group's transaction, when that could be begun, and answered after its end.
type Job = Box<dyn FnOnce(Result<&Connection, Undone>) -> Answer + Send>;
/// Tells the one who asked; it is handed the error when the group could not be committed.
type Answer = Box<dyn FnOnce(Result<(), Undone>) + Send>;

/// Why a group's transaction left nothing behind.
#[derive(Clone)]
enum Undone {
    Full,
    Damaged(String),
    Busy(String),
}

impl From<DatabaseError> for Undone {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::Full => Self::Full,
            DatabaseError::Damaged(what) => Self::Damaged(what),
            other => Self::Busy(other.to_string()),
        }
    }
}

impl From<Undone> for DatabaseError {
    fn from(undone: Undone) -> Self {
        match undone {
            Undone::Full => Self::Full,
            Undone::Damaged(what) => Self::Damaged(what),
            Undone::Busy(what) => Self::Busy(what),
        }
    }
}

impl Sqlite {
    pub(super) fn open(path: &Path) -> Result<Self, DatabaseError> {
        let open_error = |cause: String| DatabaseError::Open { url: path.display().to_string(), cause };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| open_error(error.to_string()))?;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(|error| open_error(error.to_string()))?;
        connection.busy_timeout(Duration::from_secs(10))?;
        migrations::refuse_newer(&mut Session::sqlite(&connection))?;
        connection.execute_batch(dialect::SQLITE_SETTINGS)?;
        connection.execute_batch(dialect::SQLITE_WRITER_SETTINGS)?;
        connection.set_prepared_statement_cache_capacity(MAX_STATEMENTS);
        migrations::run(&mut Session::sqlite(&connection))?;

        let (queue, jobs) = sync_channel(QUEUE);
        let writer = std::thread::Builder::new()
            .name("hub-sqlite-writer".to_owned())
            .spawn(move || write_in_groups(&connection, &jobs))
            .map_err(|error| open_error(error.to_string()))?;
        Ok(Self { path: path.to_path_buf(), readers: Mutex::default(), queue: Some(queue), writer: Some(writer) })
    }

    /// Runs `work` on a reading connection.
    pub(super) fn read<T, E: WorkError>(&self, work: impl FnOnce(&mut Session<'_>) -> Result<T, E>) -> Result<T, E> {
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.open_reader()?,
        };
        let result = work(&mut Session::sqlite(&connection));
        if connection.is_autocommit() {
            let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
            if readers.len() < MAX_IDLE_READERS {
                readers.push(connection);
            }
        }
        result
    }

    fn open_reader(&self) -> Result<Connection, DatabaseError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.execute_batch(dialect::SQLITE_SETTINGS)?;
        connection.execute_batch(dialect::SQLITE_READER_SETTINGS)?;
        connection.set_prepared_statement_cache_capacity(MAX_STATEMENTS);
        Ok(connection)
    }

    /// Hands `work` to the writer and waits until it is on disk, or refused.
    pub(super) fn write<T, E, F>(&self, work: &Arc<F>) -> Result<T, E>
    where
        F: Fn(&mut Session<'_>) -> Result<T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: WorkError,
    {
        let (answers, answer) = sync_channel(1);
        let work = Arc::clone(work);
        let job: Job = Box::new(move |begun| {
            let result = match begun {
                Ok(connection) => in_savepoint(connection, &*work),
                Err(undone) => Err(DatabaseError::from(undone).into()),
            };
            Box::new(move |committed| {
                let result = match committed {
                    Ok(()) => result,
                    Err(undone) => result.and(Err(DatabaseError::from(undone).into())),
                };
                // Nobody waits any more when the request was given up.
                let _ = answers.send(result);
            })
        });
        let stopped = || DatabaseError::Failed("the thread that writes has ended: start the hub again".to_owned());
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        queue.send(job).map_err(|_| stopped())?;
        answer.recv().map_err(|_| DatabaseError::Failed("the write was given up because of a defect".to_owned()))?
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(writer) = self.writer.take() {
            // The thread ends when its queue has; what waits in it is still written.
            let _ = writer.join();
        }
    }
}

fn in_savepoint<T, E: WorkError>(connection: &Connection, work: impl Fn(&mut Session<'_>) -> Result<T, E>) -> Result<T, E> {
    let mut session = Session::sqlite(connection);
    session.execute("SAVEPOINT one", &[])?;
    match work(&mut session) {
        Ok(done) => {
            session.execute("RELEASE one", &[])?;
            Ok(done)
        }
        Err(error) => {
            // A full disk may have rolled back the whole transaction; then there is no savepoint any more.
            if !connection.is_autocommit() {
                session.execute("ROLLBACK TO one", &[])?;
                session.execute("RELEASE one", &[])?;
            }
            Err(error)
        }
    }
}

/// The writer's life.
fn write_in_groups(connection: &Connection, jobs: &Receiver<Job>) {
    let mut written = false;
    loop {
        match jobs.recv_timeout(IDLE) {
            Ok(first) => {
                write_group(connection, first, jobs);
                written = true;
            }
            Err(RecvTimeoutError::Timeout) => {
                if std::mem::take(&mut written) {
                    // Readers may hold it back; then the next idle moment does.
                    let _ = connection.execute_batch("PRAGMA wal_checkpoint(PASSIVE)");
                }
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    let _ = connection.execute_batch("PRAGMA optimize");
}

fn write_group(connection: &Connection, first: Job, jobs: &Receiver<Job>) {
    if let Err(error) = connection.execute_batch(dialect::SQLITE_BEGIN_WRITE) {
        let undone = Undone::from(DatabaseError::from(error));
        return first(Err(undone.clone()))(Err(undone));
    }
    let mut group: Vec<Answer> = Vec::new();
    let mut rolled_back = false;
    for job in std::iter::once(first).chain(std::iter::from_fn(|| jobs.try_recv().ok())).take(MAX_GROUP) {
        group.extend(run(connection, job).ok());
        // SQLite itself rolls everything back when the disk is full.
        rolled_back = connection.is_autocommit();
        if rolled_back {
            break;
        }
    }
    let committed = if rolled_back {
        Err(Undone::Full)
    } else {
        connection.execute_batch("COMMIT").map_err(|error| Undone::from(DatabaseError::from(error)))
    };
    if !connection.is_autocommit() {
        let _ = connection.execute_batch("ROLLBACK");
    }
    for answer in group {
        answer(committed.clone());
    }
}

/// A defect in one write must not end the writer; its savepoint would stay behind and go with the commit, so what it wrote
/// so far is taken back here.
fn run(connection: &Connection, job: Job) -> Result<Answer, Box<dyn Any + Send>> {
    catch_unwind(AssertUnwindSafe(|| job(Ok(connection)))).inspect_err(|_| {
        let _ = connection.execute_batch("ROLLBACK TO one; RELEASE one");
    })
}

//! Imports that tills have begun: the file comes in parts, is checked and written by a thread of its own, and can be ended at
//! any moment without a trace. They live in the process that began them; one that is gone is begun again.

use std::collections::HashMap;
use std::io::{Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use catalogue_file::{Column, FileKind};
use domain::StoreId;
use sync::goods::{ImportError, ImportPhase, ImportState, ImportStep, MAX_CHUNK_BYTES, MAX_IMPORT_BYTES};
use sync::wire::ProblemKind;
use tempfile::NamedTempFile;
use uuid::Uuid;

use super::import::{ImportCheck, ImportFailure, ImportOptions, Staged};
use crate::error::{HubError, Refused};
use crate::hub::Hub;

/// Imports of one store at a time.
const PER_STORE: usize = 2;
/// An import that nobody asked about for so long is given up.
const FORGOTTEN_AFTER: Duration = Duration::from_hours(1);
/// Errors that one answer names.
const ERRORS_TOLD: usize = 200;

/// The imports of this process.
#[derive(Default)]
pub(crate) struct Imports(Mutex<HashMap<String, Arc<Job>>>);

struct Job {
    id: String,
    store: StoreId,
    kind: FileKind,
    size: u64,
    /// Rows or changes gone through in the phase that runs.
    progress: AtomicU64,
    cancelled: AtomicBool,
    inner: Mutex<Inner>,
}

struct Inner {
    phase: ImportPhase,
    /// None once it is cancelled or written.
    file: Option<NamedTempFile>,
    received: u64,
    check: ImportCheck,
    staged: Option<Arc<Staged>>,
    asked_at: Instant,
}

impl Imports {
    fn jobs(&self) -> MutexGuard<'_, HashMap<String, Arc<Job>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, store: StoreId, name: &str, size: u64) -> Result<Arc<Job>, Refused> {
        let kind =
            FileKind::of_name(name).ok_or_else(|| refused("the file is neither .csv nor .xlsx: save it as one of them"))?;
        if size == 0 || size > MAX_IMPORT_BYTES {
            return Err(refused("the file is empty or larger than 512 MiB"));
        }
        let file = NamedTempFile::new().map_err(|error| {
            tracing::error!(%error, "no file for an import");
            Refused::new(ProblemKind::Unavailable, "the hub has no room for the file")
        })?;
        let mut jobs = self.jobs();
        jobs.retain(|_, job| !job.forgotten());
        if jobs.values().filter(|job| job.store == store && job.busy()).count() >= PER_STORE {
            return Err(refused("two files are being imported into this store already: wait, or cancel one"));
        }
        let id = Uuid::now_v7().to_string();
        let inner = Inner {
            phase: ImportPhase::Uploading,
            file: Some(file),
            received: 0,
            check: ImportCheck::default(),
            staged: None,
            asked_at: Instant::now(),
        };
        let job = Arc::new(Job {
            id: id.clone(),
            store,
            kind,
            size,
            progress: AtomicU64::new(0),
            cancelled: AtomicBool::new(false),
            inner: Mutex::new(inner),
        });
        jobs.insert(id, Arc::clone(&job));
        Ok(job)
    }

    fn find(&self, store: StoreId, id: &str) -> Result<Arc<Job>, Refused> {
        let job = self.jobs().get(id).filter(|job| job.store == store).cloned();
        job.ok_or_else(|| refused("the hub does not know this import any more: begin it again"))
    }
}

impl Job {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.asked_at = Instant::now();
        inner
    }

    fn forgotten(&self) -> bool {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let running = matches!(inner.phase, ImportPhase::Checking | ImportPhase::Writing);
        !running && inner.asked_at.elapsed() > FORGOTTEN_AFTER
    }

    fn busy(&self) -> bool {
        let phase = self.inner.lock().unwrap_or_else(PoisonError::into_inner).phase;
        !matches!(phase, ImportPhase::Done | ImportPhase::Cancelled)
    }

    fn chunk(&self, offset: u64, data: &str) -> Result<(), Refused> {
        let bytes = STANDARD.decode(data).map_err(|error| refused(&format!("a part of the file is not base64: {error}")))?;
        if bytes.len() > MAX_CHUNK_BYTES {
            return Err(refused("a part of the file is larger than 1 MiB"));
        }
        let mut inner = self.inner();
        let end = offset + bytes.len() as u64;
        if inner.phase != ImportPhase::Uploading || offset > inner.received || end > self.size {
            return Err(refused("this part of the file is not the one that is to come next"));
        }
        let Some(file) = inner.file.as_mut() else { return Err(refused("the import was ended")) };
        let written = file.as_file_mut().seek(SeekFrom::Start(offset)).and_then(|_| file.as_file_mut().write_all(&bytes));
        written.map_err(|error| {
            tracing::error!(%error, "a part of an import could not be kept");
            Refused::new(ProblemKind::Unavailable, "the hub has no room for the file")
        })?;
        inner.received = inner.received.max(end);
        Ok(())
    }

    fn go_on(&self, done: u64) -> ControlFlow<()> {
        self.progress.store(done, Ordering::Relaxed);
        if self.cancelled.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Begins a phase that a thread works on.
    fn enter(&self, phase: ImportPhase, from: &[ImportPhase]) -> Result<(), Refused> {
        let mut inner = self.inner();
        if !from.contains(&inner.phase) || inner.received < self.size {
            return Err(refused("the import is not so far, or further already"));
        }
        inner.phase = phase;
        self.progress.store(0, Ordering::Relaxed);
        Ok(())
    }

    fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
        let mut inner = self.inner();
        if !matches!(inner.phase, ImportPhase::Checking | ImportPhase::Writing | ImportPhase::Done) {
            inner.end(ImportPhase::Cancelled);
        }
    }

    fn state(&self) -> ImportState {
        let inner = self.inner();
        let done = self.progress.load(Ordering::Relaxed);
        let changes = inner.staged.as_ref().map_or(0, |staged| staged.changes);
        let check = &inner.check;
        let (rows, total) = match inner.phase {
            ImportPhase::Writing => (done, changes),
            ImportPhase::Checking => (done, 0),
            _ => (check.rows, check.rows),
        };
        ImportState {
            import: self.id.clone(),
            phase: inner.phase,
            received: inner.received,
            size: self.size,
            rows,
            total,
            created: check.created,
            updated: check.updated,
            unchanged: check.unchanged,
            columns: check.columns.clone(),
            sample: check.sample.clone(),
            errors: check.errors.iter().take(ERRORS_TOLD).cloned().collect(),
            error_count: check.error_count,
        }
    }

    fn work_check(&self, hub: &Hub, mapping: Option<&[Option<Column>]>) {
        let file = self.inner().file.as_ref().map(NamedTempFile::reopen);
        let checked = match file {
            Some(Ok(mut file)) => {
                hub.check_import(self.store, &mut file, self.kind, mapping, ImportOptions::default(), &|done| self.go_on(done))
            }
            Some(Err(error)) => Err(error.into()),
            None => Err(ImportFailure::Cancelled),
        };
        let mut inner = self.inner();
        match checked {
            Ok(_) if self.cancelled.load(Ordering::Relaxed) => inner.end(ImportPhase::Cancelled),
            Ok(mut check) => {
                inner.staged = check.staged.take();
                inner.phase = if inner.staged.is_some() { ImportPhase::Ready } else { ImportPhase::Wrong };
                inner.check = check;
            }
            Err(failure) => inner.failed(&failure),
        }
    }

    fn work_commit(self: &Arc<Self>, hub: &Hub) {
        let Some(staged) = self.inner().staged.clone() else { return };
        let job = Arc::clone(self);
        let written = hub.commit_import(&staged, ImportOptions::default(), move |done| job.go_on(done));
        let mut inner = self.inner();
        match written {
            Ok(position) => {
                tracing::info!(store = %self.store, position, changes = staged.changes, "a catalogue was imported");
                inner.end(ImportPhase::Done);
            }
            Err(failure) => inner.failed(&failure),
        }
    }
}

impl Inner {
    /// Lets go of everything that lies on the disk.
    fn end(&mut self, phase: ImportPhase) {
        self.phase = phase;
        self.file = None;
        self.staged = None;
    }

    fn failed(&mut self, failure: &ImportFailure) {
        if matches!(failure, ImportFailure::Cancelled) {
            self.end(ImportPhase::Cancelled);
            return;
        }
        let (reason, detail) = match failure {
            ImportFailure::Changed => ("changed", failure.to_string()),
            other => {
                tracing::error!(error = %other, "an import failed");
                ("failed", "the hub could not do it; nothing was changed: try again".to_owned())
            }
        };
        let (column, value) = (String::new(), String::new());
        self.check.errors = vec![ImportError { row: 0, column, value, reason: reason.to_owned(), detail }];
        self.check.error_count = 1;
        self.staged = None;
        self.phase = ImportPhase::Wrong;
    }
}

impl Hub {
    /// One step of an import into `store`; how far it is then. Checking and writing go on after the answer.
    pub(crate) fn import_step(&self, store: StoreId, step: ImportStep) -> Result<ImportState, Refused> {
        let imports = &self.0.imports;
        match step {
            ImportStep::Begin { name, size } => Ok(imports.begin(store, &name, size)?.state()),
            ImportStep::Chunk { import, offset, data } => {
                let job = imports.find(store, &import)?;
                job.chunk(offset, &data)?;
                Ok(job.state())
            }
            ImportStep::Check { import, mapping } => {
                let job = imports.find(store, &import)?;
                let columns: Vec<Option<Column>> = mapping.iter().map(|name| Column::named(name)).collect();
                job.enter(ImportPhase::Checking, &[ImportPhase::Uploading, ImportPhase::Ready, ImportPhase::Wrong])?;
                let (hub, working) = (self.clone(), Arc::clone(&job));
                let mapped = (!mapping.is_empty()).then_some(columns);
                in_background(move || working.work_check(&hub, mapped.as_deref()))?;
                Ok(job.state())
            }
            ImportStep::Status { import } => Ok(imports.find(store, &import)?.state()),
            ImportStep::Commit { import } => {
                let job = imports.find(store, &import)?;
                if job.inner().phase == ImportPhase::Done {
                    return Ok(job.state());
                }
                job.enter(ImportPhase::Writing, &[ImportPhase::Ready])?;
                let (hub, working) = (self.clone(), Arc::clone(&job));
                in_background(move || working.work_commit(&hub))?;
                Ok(job.state())
            }
            ImportStep::Cancel { import } => {
                let job = imports.find(store, &import)?;
                job.cancel();
                Ok(job.state())
            }
        }
    }
}

fn in_background(work: impl FnOnce() + Send + 'static) -> Result<(), Refused> {
    let started = std::thread::Builder::new().name("import".to_owned()).spawn(work);
    started.map(drop).map_err(|error| Refused::from(HubError::from(crate::DatabaseError::Failed(error.to_string()))))
}

fn refused(detail: &str) -> Refused {
    Refused::new(ProblemKind::Malformed, detail)
}

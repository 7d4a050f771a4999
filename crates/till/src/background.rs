//! Everything that runs behind the sale: sync, mirror, printers, customer display, scanner.

use std::sync::Arc;

use crate::api::{Problem, ProblemCode};
use crate::customer::CustomerTask;
use crate::error::TillError;
use crate::mirror::MirrorTask;
use crate::printing::PrintTask;
use crate::scanner::ScannerTask;
use crate::sync_task::SyncTask;
use crate::terminal::Terminal;

/// Sync, mirror, printers, customer display and scanner at work; they stop when this is dropped, each after what it is doing.
#[derive(Debug)]
pub struct BackgroundTasks {
    _sync: SyncTask,
    _mirror: MirrorTask,
    _printing: PrintTask,
    _customer: CustomerTask,
    _scanner: ScannerTask,
}

impl Terminal {
    /// Starts everything that runs behind the sale.
    pub fn start_background(self: &Arc<Self>) -> Result<BackgroundTasks, TillError> {
        Ok(BackgroundTasks {
            _mirror: self.start_mirror()?,
            _printing: PrintTask::start(self).map_err(|error| no_thread(&error))?,
            _customer: CustomerTask::start(self).map_err(|error| no_thread(&error))?,
            _scanner: ScannerTask::start(self).map_err(|error| no_thread(&error))?,
            _sync: self.start_sync()?,
        })
    }

    /// Starts the mirror alone, for a program that sells without screens. What is unsent is mirrored before it has stopped.
    pub fn start_mirror(self: &Arc<Self>) -> Result<MirrorTask, TillError> {
        MirrorTask::start(self).map_err(|error| no_thread(&error))
    }
}

pub(crate) fn no_thread(error: &std::io::Error) -> TillError {
    Problem::new(ProblemCode::Internal, format!("the system gave no thread: {error}")).into()
}

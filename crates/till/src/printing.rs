//! The print queues' workers, one a printer: what is queued survives a restart, is tried again until the printer takes it, in
//! its order, and never makes a sale wait.
//!
//! Before its first byte a job is marked as begun. One that was begun and did not come to its end, by lack of paper, a lost
//! connection or the end of this program, is printed again whole with a note on top: nothing is lost, and nothing doubled
//! without saying so. The drawer opens with the first try or, when that was too long ago, not at all.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use domain::training::Fault;
use jiff::{SignedDuration, Timestamp};
use peripherals::{Document, Habits, PrintError, PrinterAddress, Timeouts, Trouble, escpos};
use store::{PrintFailure, Printer, QueuedPrint, StoreError};

use crate::api::{Problem, ProblemCode};
use crate::device_settings::{printer_address, profile};
use crate::terminal::Terminal;
use crate::training::NO_PRINTER;

/// The pause after the first failure; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause; a new job or `sync_now` ends any pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How long an idle worker sleeps when nobody rings.
const IDLE: Duration = Duration::from_mins(1);
/// How long a drawer may open after the sale: nobody expects it later, and nobody may be beside it.
const DRAWER_OPENS: SignedDuration = SignedDuration::from_secs(20);

/// The threads that print; they stop when this is dropped. A job under way is sent to its end.
#[derive(Debug)]
pub struct PrintTask {
    stop: Arc<AtomicBool>,
    terminal: Arc<Terminal>,
    threads: Vec<JoinHandle<()>>,
}

impl PrintTask {
    /// Starts them.
    pub(crate) fn start(terminal: &Arc<Terminal>) -> std::io::Result<Self> {
        let mut task = Self { stop: Arc::default(), terminal: Arc::clone(terminal), threads: Vec::new() };
        for printer in Printer::ALL {
            let (stop, terminal) = (Arc::clone(&task.stop), Arc::clone(terminal));
            let thread = std::thread::Builder::new()
                .name(format!("printing-{}", printer.name()))
                .spawn(move || Worker { terminal: &terminal, printer, talk: None }.work(&stop))?;
            task.threads.push(thread);
        }
        Ok(task)
    }
}

impl Drop for PrintTask {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        self.terminal.after_commit.ring();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a printing thread ended by a panic");
            }
        }
    }
}

/// What came of one look at the queue.
enum Look {
    Empty,
    Printed,
    Failed(Problem),
}

struct Worker<'a> {
    terminal: &'a Terminal,
    printer: Printer,
    /// How the printer that was used last answers.
    talk: Option<(PrinterAddress, Habits)>,
}

impl Worker<'_> {
    fn work(&mut self, stop: &AtomicBool) {
        let mut seen = 0;
        let mut pause = FIRST_PAUSE;
        while !stop.load(Ordering::Acquire) {
            let wait = match self.print_next() {
                Ok(Look::Printed) => {
                    pause = FIRST_PAUSE;
                    self.report(None);
                    continue;
                }
                Ok(Look::Empty) => {
                    self.report(None);
                    IDLE
                }
                Ok(Look::Failed(problem)) => {
                    self.report(Some(problem));
                    let wait = pause;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                    wait
                }
                Err(error) => {
                    tracing::warn!(%error, "the print queue cannot be read");
                    self.report(Some(error.into()));
                    LONGEST_PAUSE
                }
            };
            if self.terminal.after_commit.wait(&mut seen, wait) {
                pause = FIRST_PAUSE;
            }
        }
    }

    fn print_next(&mut self) -> Result<Look, StoreError> {
        let (store, now) = (self.terminal.store(), self.terminal.clock.now());
        let Some(job) = store.next_print(self.printer, now)? else { return Ok(Look::Empty) };
        let bytes = self.bytes_of(&job, now);
        if bytes.is_empty() {
            // A drawer that is no longer to be opened.
            store.mark_printed(job.id, now)?;
            return Ok(Look::Printed);
        }
        match self.send(&bytes, job.id) {
            Ok(()) => {
                store.mark_printed(job.id, self.terminal.clock.now())?;
                Ok(Look::Printed)
            }
            Err(problem) => {
                let refusal = serde_json::to_string(&problem).unwrap_or_default();
                // Due again at once: the pause is the worker's, so that receipts stay in their order.
                store.mark_print_failed(job.id, PrintFailure { reason: &problem.detail, refusal: &refusal }, now)?;
                Ok(Look::Failed(problem))
            }
        }
    }

    /// What the printer is sent: the drawer's kick in its time, the note on a job that was begun before, the job.
    fn bytes_of(&self, job: &QueuedPrint, now: Timestamp) -> Vec<u8> {
        let settings = self.terminal.settings();
        let mut before = Document::new();
        let waited = now.duration_since(job.at);
        if job.drawer && !job.begun && !waited.is_negative() && waited < DRAWER_OPENS {
            before.kick_drawer();
        }
        if job.begun && self.printer == Printer::Receipt && !job.bytes.is_empty() {
            crate::slip::printed_again(&mut before, settings.language);
        }
        if before.blocks().is_empty() {
            return job.bytes.clone();
        }
        let mut bytes = escpos(&before, profile(&settings, self.printer));
        bytes.extend(&job.bytes);
        bytes
    }

    fn send(&mut self, bytes: &[u8], job: i64) -> Result<(), Problem> {
        let text = self.terminal.printer_address(self.printer);
        if text.is_empty() {
            return Err(Problem::new(ProblemCode::NoPrinter, "no printer is set up: enter its address in the settings"));
        }
        if let Some(practised) = &self.terminal.practised {
            // In practice a fault may be on, and a printer that is not there takes everything.
            if practised.fault() == Some(Fault::OutOfPaper) {
                let detail = format!("the printer at {text} is out of paper");
                return Err(Problem::new(ProblemCode::PrinterOutOfPaper, detail).with("address", &text));
            }
            if text == NO_PRINTER {
                return Ok(());
            }
        }
        let address = printer_address(&text)?;
        let mut habits = match self.talk.take() {
            Some((known, habits)) if known == address => habits,
            _ => Habits::default(),
        };
        let begin = || {
            if let Err(error) = self.terminal.store().mark_print_begun(job) {
                tracing::warn!(%error, "it could not be kept that a print job was begun");
            }
        };
        let printed = peripherals::print(&address, bytes, Timeouts::default(), &mut habits, begin);
        self.talk = Some((address, habits));
        printed.map(|_| ()).map_err(|error| problem_of(&error))
    }

    fn report(&self, problem: Option<Problem>) {
        {
            let mut status = self.terminal.status.lock();
            match problem {
                Some(problem) => status.print_problems.insert(self.printer, problem),
                None => status.print_problems.remove(&self.printer),
            };
        }
        self.terminal.announce_sync();
    }
}

fn problem_of(error: &PrintError) -> Problem {
    let code = match (error, error.trouble()) {
        (_, Some(Trouble::OutOfPaper)) => ProblemCode::PrinterOutOfPaper,
        (_, Some(Trouble::CoverOpen)) => ProblemCode::PrinterCoverOpen,
        (_, Some(Trouble::Fault)) => ProblemCode::PrinterFault,
        (PrintError::Interrupted { .. }, None) => ProblemCode::PrinterInterrupted,
        (PrintError::NotAllowed { .. }, None) => ProblemCode::PrinterNotAllowed,
        (_, None) => ProblemCode::PrinterUnreachable,
    };
    Problem::new(code, error.to_string()).with("address", error.address())
}

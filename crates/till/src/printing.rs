//! The print queue's worker: what is queued survives a restart, is tried again until the printer takes it, and never makes a
//! sale wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use domain::OrderId;
use domain::training::Fault;
use peripherals::{PrintError, PrinterAddress, Timeouts};
use store::{PrintJob, PrintState, StoreError};

use crate::api::{Problem, ProblemCode};
use crate::error::TillError;
use crate::terminal::Terminal;
use crate::training::NO_PRINTER;

/// The pause after the first failure; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause; a new job or `sync_now` ends any pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How long an idle worker sleeps when nobody rings.
const IDLE: Duration = Duration::from_mins(1);

/// The thread that prints; stops when dropped. A job under way is sent to its end.
#[derive(Debug)]
pub struct PrintTask {
    stop: Arc<AtomicBool>,
    terminal: Arc<Terminal>,
    thread: Option<JoinHandle<()>>,
}

impl PrintTask {
    /// Starts it.
    pub(crate) fn start(terminal: &Arc<Terminal>) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let thread = std::thread::Builder::new().name("printing".into()).spawn({
            let (stop, terminal) = (Arc::clone(&stop), Arc::clone(terminal));
            move || work(&terminal, &stop)
        })?;
        Ok(Self { stop, terminal: Arc::clone(terminal), thread: Some(thread) })
    }
}

impl Drop for PrintTask {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        self.terminal.after_commit.ring();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the printing thread ended by a panic");
        }
    }
}

/// What came of one look at the queue.
enum Look {
    Empty,
    Printed,
    Failed(Problem),
}

fn work(terminal: &Terminal, stop: &AtomicBool) {
    let mut seen = 0;
    let mut pause = FIRST_PAUSE;
    while !stop.load(Ordering::Acquire) {
        let wait = match print_next(terminal) {
            Ok(Look::Printed) => {
                pause = FIRST_PAUSE;
                report(terminal, None);
                continue;
            }
            Ok(Look::Empty) => {
                report(terminal, None);
                IDLE
            }
            Ok(Look::Failed(problem)) => {
                report(terminal, Some(problem));
                let wait = pause;
                pause = (pause * 2).min(LONGEST_PAUSE);
                wait
            }
            Err(error) => {
                tracing::warn!(%error, "the print queue cannot be read");
                report(terminal, Some(error.into()));
                LONGEST_PAUSE
            }
        };
        if terminal.after_commit.wait(&mut seen, wait) {
            pause = FIRST_PAUSE;
        }
    }
}

fn print_next(terminal: &Terminal) -> Result<Look, StoreError> {
    let store = terminal.store();
    let now = terminal.clock.now();
    let Some(job) = store.next_print(now)? else { return Ok(Look::Empty) };
    match send_from(terminal, &job.bytes) {
        Ok(()) => {
            store.mark_printed(job.id)?;
            Ok(Look::Printed)
        }
        Err(problem) => {
            // Due again at once: the pause is the worker's, so that receipts stay in their order.
            store.mark_print_failed(job.id, &problem.detail, now)?;
            Ok(Look::Failed(problem))
        }
    }
}

/// Sends to the printer; in practice a fault may be on, and a printer that is not there takes everything.
fn send_from(terminal: &Terminal, bytes: &[u8]) -> Result<(), Problem> {
    let address = &terminal.settings().printer_address;
    if let Some(practised) = &terminal.practised {
        if practised.fault() == Some(Fault::OutOfPaper) {
            let detail = format!("the printer at {address} stopped taking data: check paper and cover");
            return Err(Problem::new(ProblemCode::PrinterUnreachable, detail).with("address", address));
        }
        if address == NO_PRINTER {
            return Ok(());
        }
    }
    send(address, bytes)
}

fn send(address: &str, bytes: &[u8]) -> Result<(), Problem> {
    if address.is_empty() {
        return Err(Problem::new(ProblemCode::NoPrinter, "no printer is set up: enter its address in the settings"));
    }
    let parsed = PrinterAddress::parse(address)
        .map_err(|error| Problem::new(ProblemCode::PrinterAddressWrong, error.to_string()).with("address", address))?;
    peripherals::send(&parsed, bytes, Timeouts::default()).map_err(|error| problem_of(&error))
}

fn problem_of(error: &PrintError) -> Problem {
    Problem::new(ProblemCode::PrinterUnreachable, error.to_string()).with("address", error.address())
}

fn report(terminal: &Terminal, problem: Option<Problem>) {
    terminal.status.lock().print_problem = problem;
    terminal.announce_sync();
}

impl Terminal {
    /// Queues `bytes` for the printer; the worker sends them.
    pub(crate) fn enqueue_print(&self, order: Option<OrderId>, bytes: Vec<u8>) -> Result<(), TillError> {
        self.store.push_print(&PrintJob { order, bytes })?;
        self.after_commit.ring();
        Ok(())
    }

    /// Whether an order's receipt was printed: `none`, `waiting`, `printed` or `failed`.
    pub(crate) fn print_state(&self, order: OrderId) -> &'static str {
        match self.store.print_state(order) {
            Ok(PrintState::Waiting) => "waiting",
            Ok(PrintState::Printed) => "printed",
            Ok(PrintState::Failed) => "failed",
            Ok(PrintState::None) => "none",
            Err(error) => {
                tracing::warn!(%error, "the print queue cannot be read");
                "none"
            }
        }
    }
}

//! What people do at the print queue: look, try again, take out, print again; and documents of every kind on their way in.

use domain::{OrderId, Permission};
use peripherals::{Document, escpos};
use store::{PrintJob, PrintRow, PrintState, Printer};

use crate::api::{PortsView, PrintJobView, PrintQueueView, PrinterView, Problem, ProblemCode};
use crate::device_settings::profile;
use crate::error::TillError;
use crate::present;
use crate::terminal::Terminal;

/// Finished jobs that the queue shows.
const FINISHED: u32 = 30;

impl Terminal {
    /// Queues a document: a report, a label, a quotation. Refused where the printer is not set up.
    pub(crate) fn print_document(&self, printer: Printer, title: &str, document: &Document) -> Result<(), Problem> {
        self.has_printer(printer)?;
        let mut paper = Document::new();
        for block in self.marked(document).blocks() {
            paper.push(block.clone());
        }
        paper.cut();
        let bytes = escpos(&paper, profile(&self.settings(), printer));
        self.queue_print(PrintJob { printer, title: title.to_owned(), order: None, bytes, drawer: false, at: self.clock.now() })?;
        Ok(())
    }

    /// Queues the opening of the drawer alone. In training the drawer stays shut.
    pub(crate) fn queue_drawer(&self) -> Result<(), TillError> {
        if self.practised.is_some() {
            return Ok(());
        }
        self.queue_print(PrintJob {
            printer: Printer::Receipt,
            title: String::new(),
            order: None,
            bytes: Vec::new(),
            drawer: true,
            at: self.clock.now(),
        })
    }

    /// Where labels are printed: the label printer, or the receipt printer where there is none.
    pub(crate) fn label_printer(&self) -> Printer {
        if self.printer_address(Printer::Label).is_empty() { Printer::Receipt } else { Printer::Label }
    }

    /// Queues a job and wakes its printer.
    pub(crate) fn queue_print(&self, job: PrintJob) -> Result<(), TillError> {
        self.store.push_print(&job)?;
        self.after_commit.ring();
        Ok(())
    }

    /// Ok where `printer` is set up.
    pub(crate) fn has_printer(&self, printer: Printer) -> Result<(), Problem> {
        if self.printer_address(printer).is_empty() {
            return Err(Problem::new(ProblemCode::NoPrinter, "no printer is set up: give its address in the settings"));
        }
        Ok(())
    }

    /// The queue as a person sees it.
    pub(crate) fn look_at_print_queue(&self, session: &str) -> Result<PrintQueueView, Problem> {
        self.in_session(session, Permission::Sell, |_| self.print_queue_view())
    }

    /// Tries what failed again at once.
    pub(crate) fn try_prints_again(&self, session: &str) -> Result<PrintQueueView, Problem> {
        self.in_session(session, Permission::Sell, |_| {
            self.store.retry_prints()?;
            self.after_commit.ring();
            self.print_queue_view()
        })
    }

    /// Takes a job out of the queue.
    pub(crate) fn take_print_out(&self, session: &str, job: u32) -> Result<PrintQueueView, Problem> {
        self.in_session(session, Permission::Sell, |_| {
            if !self.store.cancel_print(i64::from(job), self.clock.now())? {
                return Err(no_such_job());
            }
            self.after_commit.ring();
            self.print_queue_view()
        })
    }

    /// Queues a finished job once more.
    pub(crate) fn print_job_again(&self, session: &str, job: u32) -> Result<PrintQueueView, Problem> {
        self.in_session(session, Permission::Sell, |_| {
            self.store.print_again(i64::from(job), self.clock.now())?.ok_or_else(no_such_job)?;
            self.after_commit.ring();
            self.print_queue_view()
        })
    }

    /// Prints a page that shows whether a printer works.
    pub(crate) fn test_printer_named(&self, session: &str, printer: &str) -> Result<(), Problem> {
        self.in_session(session, Permission::Sell, |_| {
            let printer = Printer::named(printer)
                .ok_or_else(|| Problem::new(ProblemCode::BadRequest, format!("there is no printer '{printer}'")))?;
            self.has_printer(printer)?;
            let language = self.settings().language;
            let page = crate::slip::test_page(&self.shop(), language, self.clock.now());
            let page = if printer == Printer::Receipt { self.under_logo(&page) } else { page };
            self.print_document(printer, crate::slip::test_title(language), &page)
        })
    }

    /// What is plugged in.
    pub(crate) fn look_for_devices(&self, session: &str) -> Result<PortsView, Problem> {
        self.in_session(session, Permission::ChangeSettings, |_| Ok(()))?;
        let found = peripherals::ports();
        Ok(PortsView {
            printers: found.printers.iter().map(ToString::to_string).collect(),
            serial: found.serial.iter().map(ToString::to_string).collect(),
            problem: self.status.lock().line_problem.clone(),
        })
    }

    fn print_queue_view(&self) -> Result<PrintQueueView, Problem> {
        let rows = self.store.print_jobs(FINISHED)?;
        let printers = Printer::ALL.into_iter().map(|printer| {
            let open = |row: &&PrintRow| row.printer == printer && matches!(row.state, PrintState::Waiting | PrintState::Failed);
            PrinterView {
                printer: printer.name().to_owned(),
                address: self.printer_address(printer),
                waiting: u32::try_from(rows.iter().filter(open).count()).unwrap_or(u32::MAX),
                problem: self.status.lock().print_problems.get(&printer).cloned(),
            }
        });
        let printers = printers.collect();
        Ok(PrintQueueView { printers, jobs: rows.iter().map(|row| self.print_job_view(row)).collect() })
    }

    fn print_job_view(&self, row: &PrintRow) -> PrintJobView {
        let receipt = || {
            let stored = self.store.order(row.order?).ok()??;
            Some(stored.order.receipt.to_string())
        };
        let title = if row.title.is_empty() { receipt().unwrap_or_default() } else { row.title.clone() };
        let known = row.at.as_millisecond() > 0;
        PrintJobView {
            id: u32::try_from(row.id).unwrap_or(u32::MAX),
            printer: row.printer.name().to_owned(),
            title,
            at: if known { present::moment(row.at, &self.shop()) } else { String::new() },
            state: state_name(row.state).to_owned(),
            begun: row.begun,
            attempts: row.attempts,
            problem: serde_json::from_str(&row.refusal).ok(),
            again: row.kept && matches!(row.state, PrintState::Printed | PrintState::Cancelled),
        }
    }

    /// Whether an order's receipt was printed: `none`, `waiting`, `printed` or `failed`.
    pub(crate) fn print_state(&self, order: OrderId) -> &'static str {
        match self.store.print_state(order) {
            Ok(PrintState::Cancelled) => "none",
            Ok(state) => state_name(state),
            Err(error) => {
                tracing::warn!(%error, "the print queue cannot be read");
                "none"
            }
        }
    }
}

fn state_name(state: PrintState) -> &'static str {
    match state {
        PrintState::None => "none",
        PrintState::Waiting => "waiting",
        PrintState::Printed => "printed",
        PrintState::Failed => "failed",
        PrintState::Cancelled => "cancelled",
    }
}

fn no_such_job() -> Problem {
    Problem::new(ProblemCode::NoSuchPrintJob, "the print job is no longer there: look at the queue again")
}

//! Finished orders as receipts: on the screen, on paper, looked up again.

use domain::event::SaleCompleted;
use domain::{Event, Order, OrderId, Permission, ReceiptNumber, StaffId, Tender};
use jiff::Timestamp;
use journal::Entry;
use peripherals::{Document, Paper, escpos, render_text};
use store::{OrderKind, PrintJob, Printer, StoredOrder};

use crate::api::{OrderSummaryView, Problem, ProblemCode, ReceiptView};
use crate::device_settings::profile;
use crate::present;
use crate::slip::Slip;
use crate::terminal::Terminal;

/// Finished orders that one answer may list.
const MOST_RECENT: u32 = 200;

/// A finished order with what its receipt needs beside it.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) kind: OrderKind,
    pub(crate) at: Timestamp,
    pub(crate) staff: Option<StaffId>,
    pub(crate) order: Order,
    pub(crate) synced: bool,
}

impl Finished {
    /// The order that was just recorded by `entry`.
    pub(crate) fn of_entry(entry: Entry) -> Result<Self, Problem> {
        let (kind, order) = match entry.event {
            Event::SaleCompleted(SaleCompleted { order }) => (OrderKind::Sale, order),
            Event::RefundCompleted(refund) => (OrderKind::Refund, refund.order),
            other => {
                let detail = format!("an entry of kind '{}' holds no order", other.kind());
                return Err(Problem::new(ProblemCode::Internal, detail));
            }
        };
        Ok(Self { kind, at: entry.at, staff: entry.staff, order, synced: false })
    }
}

impl From<StoredOrder> for Finished {
    fn from(stored: StoredOrder) -> Self {
        Self { kind: stored.kind, at: stored.at, staff: stored.staff, order: stored.order, synced: stored.acked }
    }
}

impl Terminal {
    /// The receipt of the order `id`.
    pub(crate) fn finished_receipt(&self, id: OrderId) -> Result<ReceiptView, Problem> {
        let stored = self.store.order(id)?.ok_or_else(no_such_receipt)?;
        let printing = self.print_state(id);
        Ok(self.receipt_view(&stored.into(), printing, false))
    }

    /// A receipt by the order's id or its number.
    pub(crate) fn look_up_receipt(&self, session: &str, order: &str) -> Result<ReceiptView, Problem> {
        self.in_session(session, Permission::Sell, |_| {
            let finished = self.find_order(order)?;
            let printing = self.print_state(finished.order.id);
            Ok(self.receipt_view(&finished, printing, false))
        })
    }

    /// Prints a receipt again, marked as a copy.
    pub(crate) fn print_copy(&self, session: &str, order: &str) -> Result<ReceiptView, Problem> {
        self.in_session(session, Permission::Sell, |_| {
            self.has_printer(Printer::Receipt)?;
            let finished = self.find_order(order)?;
            self.queue_print(self.receipt_job(&finished, true, false))?;
            Ok(self.receipt_view(&finished, "waiting", true))
        })
    }

    /// Prints a page that shows whether the printer works.
    pub(crate) fn print_test_page(&self, session: &str) -> Result<(), Problem> {
        self.test_printer_named(session, Printer::Receipt.name())
    }

    /// Finished orders before journal place `before` (0: from the newest), newest first.
    pub(crate) fn recent_orders(&self, session: &str, before: u32, limit: u32) -> Result<Vec<OrderSummaryView>, Problem> {
        self.in_session(session, Permission::Sell, |_| {
            let shop = self.shop();
            let rows = self.store.recent(u64::from(before), limit.min(MOST_RECENT))?;
            let view = |row: store::OrderRow| OrderSummaryView {
                order: row.id.to_string(),
                receipt: row.receipt.to_string(),
                kind: kind(row.kind).to_owned(),
                at: present::moment(row.at, &shop),
                total: present::money(row.total),
                lines: row.lines,
                synced: row.acked,
                seq: u32::try_from(row.seq).unwrap_or(u32::MAX),
            };
            Ok(rows.into_iter().map(view).collect())
        })
    }

    /// Puts a finished sale's paper into the print queue and opens the drawer where cash changed hands. What fails here does
    /// not touch the sale; the answer says how the receipt fares.
    pub(crate) fn print_finished(&self, finished: &Finished, print: Option<bool>) -> &'static str {
        let settings = self.settings();
        if settings.printer_address.is_empty() {
            return "none";
        }
        let print = print.unwrap_or(settings.print_always);
        let cash = finished.order.payments.iter().any(|payment| matches!(payment.tender, Tender::Cash { .. }));
        let drawer = settings.open_drawer && cash;
        let job = match (print, drawer) {
            (false, false) => return "none",
            (false, true) => PrintJob { order: None, bytes: Vec::new(), drawer, ..self.job_of(finished) },
            (true, drawer) => self.receipt_job(finished, false, drawer),
        };
        match self.queue_print(job) {
            Ok(()) if print => "waiting",
            Ok(()) => "none",
            Err(error) => {
                tracing::error!(%error, receipt = %finished.order.receipt, "the receipt could not be queued for printing");
                if print { "failed" } else { "none" }
            }
        }
    }

    /// What a user interface shows of a finished order.
    pub(crate) fn receipt_view(&self, finished: &Finished, printing: &str, copy: bool) -> ReceiptView {
        let order = &finished.order;
        ReceiptView {
            order: order.id.to_string(),
            receipt: order.receipt.to_string(),
            kind: kind(finished.kind).to_owned(),
            at: present::moment(finished.at, &self.shop()),
            text: render_text(&self.marked(&self.document(finished, copy)), self.paper()),
            total: present::money(order.total),
            change: present::money(change(order)),
            synced: finished.synced,
            print: printing.to_owned(),
        }
    }

    fn document(&self, finished: &Finished, copy: bool) -> Document {
        let language = self.settings().language;
        let staff = finished.staff.as_ref().map(|id| self.staff_name(id)).unwrap_or_default();
        Slip { shop: &self.shop(), language, finished, staff: &staff, copy }.document()
    }

    /// What people call a member of the staff; their id where the till no longer knows them.
    pub(crate) fn staff_name(&self, id: &StaffId) -> String {
        let language = self.settings().language;
        self.staff_member(id).map_or_else(|| id.to_string(), |staff| staff.name.in_language(language).to_owned())
    }

    fn find_order(&self, order: &str) -> Result<Finished, Problem> {
        let order = order.trim();
        let found = match order.parse::<OrderId>() {
            Ok(id) => self.store.order(id)?,
            Err(_) => match ReceiptNumber::parse(order) {
                Ok(number) => self.store.order_by_receipt(&number)?,
                Err(_) => None,
            },
        };
        found.map(Finished::from).ok_or_else(no_such_receipt)
    }

    pub(crate) fn paper(&self) -> Paper {
        Paper::with_columns(self.settings().paper_columns).unwrap_or_default()
    }

    /// The document as it leaves this terminal: what is made in training says so at its top and its end.
    pub(crate) fn marked(&self, document: &Document) -> Document {
        if self.practised.is_none() || document.blocks().is_empty() {
            return document.clone();
        }
        let mut marked = Document::new();
        marked.heading("培训 TRAINING");
        for block in document.blocks() {
            marked.push(block.clone());
        }
        marked.heading("培训 TRAINING");
        marked
    }

    /// The receipt on paper; the drawer opens first, so that change is at hand while the paper comes.
    fn receipt_job(&self, finished: &Finished, copy: bool, drawer: bool) -> PrintJob {
        let mut paper = self.under_logo(&self.marked(&self.document(finished, copy)));
        paper.cut();
        let bytes = escpos(&paper, profile(&self.settings(), Printer::Receipt));
        // In training the drawer stays shut.
        PrintJob { bytes, drawer: drawer && self.practised.is_none(), ..self.job_of(finished) }
    }

    fn job_of(&self, finished: &Finished) -> PrintJob {
        PrintJob {
            printer: Printer::Receipt,
            title: finished.order.receipt.to_string(),
            order: Some(finished.order.id),
            bytes: Vec::new(),
            drawer: false,
            at: self.clock.now(),
        }
    }
}

pub(crate) fn change(order: &Order) -> domain::Money {
    let changes = order.payments.iter().filter_map(|payment| payment.tender.change());
    domain::Money::sum(order.currency, changes).unwrap_or(domain::Money::zero(order.currency))
}

fn kind(kind: OrderKind) -> &'static str {
    match kind {
        OrderKind::Sale => "sale",
        OrderKind::Refund => "refund",
    }
}

fn no_such_receipt() -> Problem {
    Problem::new(ProblemCode::NoSuchReceipt, "there is no such receipt at this terminal")
}

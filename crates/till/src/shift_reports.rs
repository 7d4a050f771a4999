//! X and Z: shown, printed, and a Z printed again, marked as a copy.

use domain::shift::{ShiftClosed, ShiftReport, ShiftReportPrinted, Z_DIMENSIONS};
use domain::{Event, Permission, StaffId};
use journal::Entry;
use peripherals::{Document, render_text};
use store::{Printer, StoredZ};

use crate::api::{Problem, ProblemCode, ShiftReportView, ZSummaryView};
use crate::present;
use crate::shift_slip::{ShiftSlip, What};
use crate::shift_view::number;
use crate::shifts::z_of;
use crate::terminal::Terminal;

/// Z's that one answer may list.
const MOST_ZS: u32 = 200;

impl Terminal {
    /// The X: what the period comes to now. Tenders and cash show only to those who may know before the drawer is counted.
    pub(crate) fn x_report(&self, session: &str, print: bool) -> Result<ShiftReportView, Problem> {
        self.in_session(session, Permission::RunShift, |session| {
            let shop = self.shop();
            let period = self.store.period()?;
            let knows = session.staff.role.allow(Permission::SeeExpectedCash).is_ok();
            let figures = period.tally.only(Z_DIMENSIONS);
            let cashier = self.staff_name(&session.staff.id);
            let slip = ShiftSlip {
                shop: &shop,
                language: self.settings().language,
                terminal: self.store.terminal().map_or(0, |row| row.number),
                what: What::X { knows },
                number: period.number,
                at: self.clock.now(),
                staff: &cashier,
                first: period.first,
                last: period.last,
                opened: period.opened.is_some(),
                drawer: &period.drawer,
                figures: &figures,
                grand: period.grand()?,
                clock_back: period.clock_back,
                name: &|id| self.called(id),
            };
            let said = ShiftReportPrinted { report: ShiftReport::X, number: period.number };
            self.show_or_print(&slip.document(), period.number, print.then_some((said, &session.staff.id)))
        })
    }

    /// The Z's before number `before` (0: from the newest), newest first.
    pub(crate) fn past_zs(&self, session: &str, before: u32, limit: u32) -> Result<Vec<ZSummaryView>, Problem> {
        self.in_session(session, Permission::RunShift, |_| {
            let shop = self.shop();
            let view = |stored: StoredZ| -> Result<ZSummaryView, Problem> {
                let StoredZ { at, staff, z, acked, .. } = stored;
                Ok(ZSummaryView {
                    number: number(z.number),
                    at: present::moment(at, &shop),
                    business_date: z.business_date.to_string(),
                    staff: staff.as_ref().map(|id| self.staff_name(id)).unwrap_or_default(),
                    net: present::money(z.figures.net(z.expected.currency())?),
                    over_short: present::money(z.over_short.plus(z.drawer.differences)?),
                    synced: acked,
                })
            };
            self.store.z_reports(u64::from(before), limit.min(MOST_ZS))?.into_iter().map(view).collect()
        })
    }

    /// A Z that was made before, as a copy; `print` prints it.
    pub(crate) fn past_z(&self, session: &str, wanted: u32, print: bool) -> Result<ShiftReportView, Problem> {
        self.in_session(session, Permission::RunShift, |session| {
            let missing = || Problem::new(ProblemCode::NoSuchZ, format!("there is no Z {wanted} at this terminal"));
            let stored = self.store.z_report(u64::from(wanted))?.ok_or_else(missing)?;
            let document = self.z_document(&stored.z, stored.at, stored.staff.as_ref(), true);
            let said = ShiftReportPrinted { report: ShiftReport::ZCopy, number: stored.z.number };
            self.show_or_print(&document, stored.z.number, print.then_some((said, &session.staff.id)))
        })
    }

    /// The Z that was just recorded, put into the print queue where there is a printer. What fails here does not touch the Z.
    pub(crate) fn closed_report(&self, entry: &Entry) -> Result<ShiftReportView, Problem> {
        let z = z_of(entry)?;
        let document = self.z_document(z, entry.at, entry.staff.as_ref(), false);
        let print = match self.print_shift_paper(&document) {
            Ok(()) => "waiting",
            Err(problem) => {
                tracing::warn!(%problem, z = z.number, "the Z could not be queued for printing");
                "none"
            }
        };
        Ok(self.shift_report_view(&document, z.number, print))
    }

    fn z_document(&self, z: &ShiftClosed, at: jiff::Timestamp, staff: Option<&StaffId>, copy: bool) -> Document {
        let shop = self.shop();
        let cashier = staff.map(|id| self.staff_name(id)).unwrap_or_default();
        let slip = ShiftSlip {
            shop: &shop,
            language: self.settings().language,
            terminal: self.store.terminal().map_or(0, |row| row.number),
            what: What::Z { z, copy },
            number: z.number,
            at,
            staff: &cashier,
            first: z.first,
            last: z.last,
            opened: z.opened,
            drawer: &z.drawer,
            figures: &z.figures,
            grand: z.grand,
            clock_back: z.clock_back,
            name: &|id| self.called(id),
        };
        slip.document()
    }

    /// Prints where asked for, with a word of it in the journal first, and shows.
    fn show_or_print(
        &self,
        document: &Document,
        of: u64,
        print: Option<(ShiftReportPrinted, &StaffId)>,
    ) -> Result<ShiftReportView, Problem> {
        let Some((said, staff)) = print else { return Ok(self.shift_report_view(document, of, "none")) };
        self.has_printer(Printer::Receipt)?;
        self.record(Event::ShiftReportPrinted(said), Some(staff), self.clock.now())?;
        self.print_shift_paper(document)?;
        Ok(self.shift_report_view(document, of, "waiting"))
    }

    fn shift_report_view(&self, document: &Document, of: u64, print: &str) -> ShiftReportView {
        let text = render_text(document, self.paper());
        ShiftReportView { number: number(of), text, print: print.to_owned() }
    }

    fn print_shift_paper(&self, document: &Document) -> Result<(), Problem> {
        self.print_document(Printer::Receipt, crate::slip::shift_title(self.settings().language), document)
    }

    /// Opens the drawer through the printer; without one, or when it fails, the drawer has its key.
    pub(crate) fn kick_drawer(&self) {
        if self.settings().printer_address.is_empty() {
            return;
        }
        if let Err(error) = self.queue_drawer() {
            tracing::warn!(%error, "the drawer could not be opened");
        }
    }

    /// What people call somebody that a figure names by id.
    fn called(&self, id: &str) -> String {
        StaffId::parse(id).map_or_else(|_| id.to_owned(), |id| self.staff_name(&id))
    }
}

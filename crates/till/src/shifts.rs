//! The shift of a terminal: open, move cash, hand over, count blind, close. Every step is worked out from the journal's entries
//! under the writer's lock, so that nothing is sold between what a Z says and the Z.

use std::sync::atomic::Ordering;

use domain::shift::{
    CashMove, CashMoved, Closing, Count, CountError, DrawerCounted, DrawerOpened, LONGEST_REASON, Period, PeriodError,
    ShiftClosed, ShiftError, ShiftHandedOver, ShiftOpened, ShiftResumed, ShiftState, ShiftSuspended,
};
use domain::voids::SaleVoided;
use domain::{Currency, Event, Money, Permission, StaffId};
use journal::{Entry, Head};

use crate::api::{CountEntry, CountView, Problem, ProblemCode, ShiftReportView, ShiftView, TillEvent};
use crate::sessions::{OpenOrder, Session};
use crate::shift_view::{Unfinished, UnfinishedKind};
use crate::terminal::Terminal;
use crate::{present, typed};

impl Terminal {
    /// Ok when goods may be sold now.
    pub(crate) fn may_sell(&self) -> Result<(), Problem> {
        Ok(self.store.shift_state()?.may_sell(self.shop().require_shift)?)
    }

    /// The shift as it is.
    pub(crate) fn current_shift(&self, session: &str) -> Result<ShiftView, Problem> {
        self.in_session(session, Permission::Sell, |session| self.shift_view(session))
    }

    /// A count, added up; nothing is kept.
    pub(crate) fn add_up_count(&self, session: &str, entry: &CountEntry) -> Result<CountView, Problem> {
        self.in_session(session, Permission::Sell, |_| {
            let count = self.count(entry)?;
            let worth = |piece: &crate::api::PiecesEntry| {
                let one = CountEntry { pieces: vec![piece.clone()], loose: String::new() };
                Ok(present::money(self.count(&one)?.total))
            };
            let worth = entry.pieces.iter().map(worth).collect::<Result<_, Problem>>()?;
            Ok(CountView { worth, total: present::money(count.total) })
        })
    }

    /// Opens a shift with a counted float; the drawer opens for it.
    pub(crate) fn open_shift(&self, session: &str, entry: &CountEntry) -> Result<ShiftView, Problem> {
        self.in_session(session, Permission::RunShift, |session| {
            let float = self.count(entry)?;
            self.record_shift(&session.staff.id, |period, _| {
                let brought_in = float.total.minus(period.drawer.expected()?)?;
                Ok(Event::ShiftOpened(ShiftOpened { number: period.number, float, brought_in }))
            })?;
            self.shift_changed(session)
        })
    }

    /// Moves cash without a sale; the drawer opens for it.
    pub(crate) fn move_cash(&self, session: &str, way: &str, amount: &str, reason: &str) -> Result<ShiftView, Problem> {
        let way = CashMove::from_code(way)
            .ok_or_else(|| Problem::new(ProblemCode::BadRequest, format!("cash does not move by '{way}'")))?;
        let needs = match way {
            CashMove::PayIn | CashMove::SafeDrop => Permission::MoveCash,
            CashMove::PayOut | CashMove::BankDrop => Permission::TakeCashOut,
        };
        self.in_session(session, needs, |session| {
            let amount = typed::amount(amount, self.shop().currency)?;
            if amount.minor() <= 0 {
                return Err(Problem::new(ProblemCode::AmountNotPositive, "an amount must be above zero"));
            }
            let reason = reason_of(reason)?;
            self.record_shift(&session.staff.id, |_, _| Ok(Event::CashMoved(CashMoved { way, amount, reason })))?;
            self.kick_drawer();
            self.shift_changed(session)
        })
    }

    /// Opens the drawer without a sale.
    pub(crate) fn open_drawer(&self, session: &str, reason: &str) -> Result<ShiftView, Problem> {
        self.in_session(session, Permission::RunShift, |session| {
            let reason = reason_of(reason)?;
            self.record(Event::DrawerOpened(DrawerOpened { reason }), Some(&session.staff.id), self.clock.now())?;
            self.kick_drawer();
            self.shift_changed(session)
        })
    }

    /// Hands the drawer over, counted or not.
    pub(crate) fn hand_over(&self, session: &str, to: &str, entry: Option<&CountEntry>) -> Result<ShiftView, Problem> {
        self.in_session(session, Permission::RunShift, |session| {
            let known = StaffId::parse(to).ok().and_then(|id| self.staff_member(&id)).filter(|staff| staff.active);
            let to = known.ok_or_else(|| Problem::new(ProblemCode::NoSuchStaff, "nobody of this name works here"))?.id;
            let count = entry.map(|entry| self.count(entry)).transpose()?;
            self.record_shift(&session.staff.id, |period, _| {
                let expected = period.drawer.expected()?;
                let over_short = count.as_ref().map(|count| count.total.minus(expected)).transpose()?;
                Ok(Event::ShiftHandedOver(ShiftHandedOver { to, count, over_short }))
            })?;
            self.shift_changed(session)
        })
    }

    /// Puts the drawer away for a while, or takes it out again.
    pub(crate) fn suspend_or_resume(&self, session: &str, suspend: bool) -> Result<ShiftView, Problem> {
        self.in_session(session, Permission::RunShift, |session| {
            let event =
                if suspend { Event::ShiftSuspended(ShiftSuspended::default()) } else { Event::ShiftResumed(ShiftResumed {}) };
            self.record_shift(&session.staff.id, |_, _| Ok(event))?;
            self.shift_changed(session)
        })
    }

    /// Takes down what lies in the drawer, and only then says what had to lie in it.
    pub(crate) fn count_shift(&self, session: &str, entry: &CountEntry) -> Result<ShiftView, Problem> {
        self.in_session(session, Permission::RunShift, |session| {
            self.nothing_unfinished(session)?;
            let count = self.count(entry)?;
            self.record_shift(&session.staff.id, |period, _| {
                period.state.may_close()?;
                let over_short = count.total.minus(period.drawer.expected()?)?;
                Ok(Event::DrawerCounted(DrawerCounted { count, over_short }))
            })?;
            self.shift_changed(session)
        })
    }

    /// Closes the shift by its last count: the Z, recorded once and printed. A difference above the shop's tolerance needs
    /// somebody who may confirm it, and a reason.
    pub(crate) fn close_shift(&self, session: &str, taken_out: &str, reason: &str) -> Result<ShiftReportView, Problem> {
        self.in_session(session, Permission::RunShift, |session| {
            self.nothing_unfinished(session)?;
            let shop = self.shop();
            let taken_out = money_or_none(taken_out, shop.currency)?;
            let reason = cleaned(reason);
            let now = self.clock.now();
            let entry = self.record_shift(&session.staff.id, |period, head| {
                let count = period.counted.clone().ok_or_else(|| {
                    Problem::new(ProblemCode::CountAgain, "the drawer was not counted, or cash moved since: count it")
                })?;
                let over_short = count.total.minus(period.drawer.expected()?)?;
                let mut approved_by = None;
                if beyond(over_short, shop.cash_tolerance) {
                    session.allow(Permission::ConfirmDifference)?;
                    if reason.is_empty() {
                        return Err(Problem::new(ProblemCode::ReasonMissing, "why the drawer is over or short is missing"));
                    }
                    let own = session.staff.role.allow(Permission::ConfirmDifference).is_ok();
                    approved_by = if own { Some(session.staff.id.clone()) } else { period.confirmed_by.clone() };
                }
                let business_date = shop.business_date(now);
                let head = head.hash.to_string();
                let closing = Closing { count, taken_out, reason, approved_by, business_date, head };
                Ok(Event::ShiftClosed(Box::new(period.close(closing)?)))
            })?;
            self.emit(TillEvent::Shift);
            self.closed_report(&entry)
        })
    }

    /// Gives up an order that stands in the way of closing, with a reason; what was paid on it so far is dropped.
    pub(crate) fn cancel_unfinished(&self, session: &str, id: &str, reason: &str) -> Result<ShiftView, Problem> {
        self.in_session(session, Permission::Void, |session| {
            let reason = reason_of(reason)?;
            let found = self.unfinished(session)?.into_iter().find(|unfinished| unfinished.id() == id);
            let gone = || Problem::new(ProblemCode::NoSuchHeldOrder, "this order was finished or cancelled meanwhile");
            let Unfinished { kind, order, total, .. } = found.ok_or_else(gone)?;
            let lines = order.as_ref().map(voided_lines).transpose()?.unwrap_or_default();
            match kind {
                UnfinishedKind::Held { id } => {
                    let own = session.order.to_draft().unwrap_or_default();
                    self.store.take_held(&id, &session.name, &own)?.ok_or_else(gone)?;
                    self.held.fetch_sub(1, Ordering::Relaxed);
                    self.keep_draft(session);
                }
                UnfinishedKind::Open { session: name } if name == session.name => {
                    session.order = OpenOrder::new(&self.shop());
                    self.keep_draft(session);
                }
                UnfinishedKind::Open { session: name } => {
                    let shop = self.shop();
                    let emptied = self.sessions.try_look(&name, |other| {
                        other.order = OpenOrder::new(&shop);
                        self.keep_draft(other);
                    });
                    let busy = || Problem::new(ProblemCode::OrdersUnfinished, "that screen is busy: try again").with("n", 1);
                    emptied.ok_or_else(busy)?;
                }
            }
            let voided = SaleVoided { lines, total, reason, approved_by: None };
            self.record(Event::SaleVoided(voided), Some(&session.staff.id), self.clock.now())?;
            self.shift_changed(session)
        })
    }

    /// Composes an event from what the entries come to and records it, all under the writer's lock. What cannot follow is
    /// refused, and nothing is recorded.
    fn record_shift(
        &self,
        staff: &StaffId,
        compose: impl FnOnce(&Period, Head) -> Result<Event, Problem>,
    ) -> Result<Entry, Problem> {
        let at = self.clock.now();
        let mut writer = self.store.writer()?;
        let mut period = self.store.period()?;
        let head = writer.head();
        let event = compose(&period, head)?;
        if !matches!(event, Event::ShiftClosed(_)) {
            period.add(head.seq + 1, at, Some(staff), &event)?;
        }
        let entry = Entry::sign(&self.keys.journal, self.id, head, at, Some(staff), event)?;
        writer.record(&entry)?;
        drop(writer);
        self.after_commit.ring();
        Ok(entry)
    }

    /// Says so to every user interface, and shows the shift.
    fn shift_changed(&self, session: &Session) -> Result<ShiftView, Problem> {
        self.emit(TillEvent::Shift);
        self.shift_view(session)
    }

    /// Ok when no order is held or in progress.
    fn nothing_unfinished(&self, session: &Session) -> Result<(), Problem> {
        match self.unfinished(session)?.len() {
            0 => Ok(()),
            orders => {
                let detail = format!("{orders} orders are held or in progress: finish or cancel them first");
                Err(Problem::new(ProblemCode::OrdersUnfinished, detail).with("n", orders))
            }
        }
    }

    /// A count as it was typed, strictly.
    fn count(&self, entry: &CountEntry) -> Result<Count, Problem> {
        let shop = self.shop();
        let mut pieces = Vec::with_capacity(entry.pieces.len());
        for piece in &entry.pieces {
            let value = typed::amount(&piece.value, shop.currency)?;
            let minor = u32::try_from(value.minor()).map_err(|_| CountError::UnknownValue(value))?;
            let typed = piece.pieces.trim();
            let wrong =
                || Problem::new(ProblemCode::NotAQuantity, format!("'{typed}' is no number of pieces")).with("text", typed);
            let digits = typed.bytes().all(|byte| byte.is_ascii_digit());
            let number = if typed.is_empty() { 0 } else { typed.parse().ok().filter(|_| digits).ok_or_else(wrong)? };
            pieces.push((minor, number));
        }
        let loose = money_or_none(&entry.loose, shop.currency)?;
        Ok(Count::new(shop.currency, &shop.denominations, &pieces, loose)?)
    }
}

/// True when a difference is above what the shop tolerates.
pub(crate) fn beyond(over_short: Money, tolerance: Option<Money>) -> bool {
    let same = tolerance.filter(|tolerance| tolerance.currency() == over_short.currency());
    same.is_some_and(|tolerance| over_short.minor().unsigned_abs() > tolerance.minor().unsigned_abs())
}

fn money_or_none(text: &str, currency: Currency) -> Result<Money, Problem> {
    if text.trim().is_empty() { Ok(Money::zero(currency)) } else { typed::amount(text, currency) }
}

fn cleaned(reason: &str) -> String {
    reason.trim().chars().filter(|c| !c.is_control()).take(LONGEST_REASON).collect()
}

fn reason_of(reason: &str) -> Result<String, Problem> {
    let reason = cleaned(reason);
    if reason.is_empty() { Err(Problem::new(ProblemCode::ReasonMissing, "a reason is missing: type one")) } else { Ok(reason) }
}

/// The lines of an order that is given up.
fn voided_lines(order: &OpenOrder) -> Result<Vec<domain::voids::VoidedLine>, Problem> {
    let priced = order.cart.priced()?;
    let lines = priced.lines.iter().map(|priced| domain::voids::VoidedLine {
        product: priced.line.product,
        sku: priced.line.sku.clone(),
        name: priced.line.name.clone(),
        quantity: priced.line.quantity,
        unit: priced.line.unit,
        unit_price: priced.line.unit_price,
        payable: priced.line.payable,
    });
    Ok(lines.collect())
}

impl From<ShiftError> for Problem {
    fn from(error: ShiftError) -> Self {
        let code = match error {
            ShiftError::AlreadyOpen => ProblemCode::ShiftAlreadyOpen,
            ShiftError::NotOpen => ProblemCode::ShiftNotOpen,
            ShiftError::Suspended => ProblemCode::ShiftSuspended,
            ShiftError::NotSuspended => ProblemCode::ShiftNotSuspended,
            ShiftError::SameCashier => ProblemCode::SameCashier,
        };
        Self::new(code, error.to_string())
    }
}

impl From<PeriodError> for Problem {
    fn from(error: PeriodError) -> Self {
        let detail = error.to_string();
        match error {
            PeriodError::Shift(error) => error.into(),
            PeriodError::Money(error) => error.into(),
            PeriodError::TooMuchTakenOut => Self::new(ProblemCode::TooMuchTakenOut, detail),
            PeriodError::Drawer { .. } | PeriodError::Count | PeriodError::Gap { .. } => Self::new(ProblemCode::Internal, detail),
        }
    }
}

impl From<CountError> for Problem {
    fn from(error: CountError) -> Self {
        let detail = error.to_string();
        match error {
            CountError::Money(error) => error.into(),
            CountError::TooMany { pieces, .. } => Self::new(ProblemCode::NotAQuantity, detail).with("text", pieces),
            CountError::Negative => Self::new(ProblemCode::AmountNotPositive, detail),
            CountError::UnknownValue(_) | CountError::Twice(_) => Self::new(ProblemCode::BadRequest, detail),
        }
    }
}

/// Used by [`Terminal::shift_view`].
pub(crate) fn state_code(state: &ShiftState) -> &'static str {
    match state {
        ShiftState::Closed => "closed",
        ShiftState::Open { .. } => "open",
        ShiftState::Suspended { .. } => "suspended",
    }
}

/// The Z that an entry is.
pub(crate) fn z_of(entry: &Entry) -> Result<&ShiftClosed, Problem> {
    match &entry.event {
        Event::ShiftClosed(z) => Ok(z),
        other => Err(Problem::new(ProblemCode::Internal, format!("an entry of kind '{}' is no Z", other.kind()))),
    }
}

//! The shift as a user interface shows it, and what stands in the way of closing it.

use domain::report::{Dimension, Tally};
use domain::shift::Period;
use domain::{Money, Permission, Shop};
use store::HeldOrder;

use crate::api::{CashMoveView, CountedView, Problem, ShiftView, UnfinishedView};
use crate::present;
use crate::sessions::{OpenOrder, Session};
use crate::shifts::{beyond, state_code};
use crate::terminal::Terminal;

/// An order that is held or in progress.
pub(crate) struct Unfinished {
    pub(crate) kind: UnfinishedKind,
    /// None where a held order can no longer be read.
    pub(crate) order: Option<OpenOrder>,
    pub(crate) label: String,
    pub(crate) staff: String,
    pub(crate) total: Money,
    pub(crate) lines: u32,
}

/// Where it is.
pub(crate) enum UnfinishedKind {
    /// Put aside.
    Held {
        /// Its id.
        id: String,
    },
    /// Being rung up or paid in a session with somebody signed in.
    Open {
        /// The session's name.
        session: String,
    },
}

impl Unfinished {
    /// Its name for `cancel_unfinished`.
    pub(crate) fn id(&self) -> String {
        match &self.kind {
            UnfinishedKind::Held { id } => format!("held:{id}"),
            UnfinishedKind::Open { session } => format!("open:{session}"),
        }
    }

    fn view(&self) -> UnfinishedView {
        let kind = match self.kind {
            UnfinishedKind::Held { .. } => "held",
            UnfinishedKind::Open { .. } => "open",
        };
        UnfinishedView {
            id: self.id(),
            kind: kind.to_owned(),
            label: self.label.clone(),
            staff: self.staff.clone(),
            total: present::money(self.total),
            lines: self.lines,
        }
    }
}

impl Terminal {
    /// Orders held, and in progress at every screen where somebody is signed in. What another screen holds is read from its
    /// draft, which is kept after every change, so that no two screens wait for each other.
    pub(crate) fn unfinished(&self, session: &Session) -> Result<Vec<Unfinished>, Problem> {
        let mut all = Vec::new();
        for HeldOrder { id, label, staff, total, lines, body, .. } in self.store.held()? {
            let order = self.order_of_draft(&body);
            let kind = UnfinishedKind::Held { id };
            all.push(Unfinished { kind, order, label, staff: self.staff_name(&staff), total, lines });
        }
        for name in self.sessions.names() {
            let (order, staff) = if name == session.name {
                (Some(session.order.clone()), self.staff_name(&session.staff.id))
            } else {
                (self.store.draft(&name)?.and_then(|draft| self.order_of_draft(&draft)), String::new())
            };
            let Some(order) = order.filter(|order| !order.cart.is_empty()) else { continue };
            let total = order.cart.priced()?.total;
            let lines = u32::try_from(order.cart.lines().len()).unwrap_or(u32::MAX);
            let kind = UnfinishedKind::Open { session: name };
            all.push(Unfinished { kind, order: Some(order), label: String::new(), staff, total, lines });
        }
        Ok(all)
    }

    /// The shift with what the entries come to.
    pub(crate) fn shift_view(&self, session: &Session) -> Result<ShiftView, Problem> {
        let shop = self.shop();
        let period = self.store.period()?;
        let knows = session.staff.role.allow(Permission::SeeExpectedCash).is_ok();
        let expected = period.drawer.expected()?;
        let cashier = period.state.cashier();
        Ok(ShiftView {
            state: state_code(&period.state).to_owned(),
            number: number(period.number),
            cashier: cashier.map(ToString::to_string).unwrap_or_default(),
            cashier_name: cashier.map(|id| self.staff_name(id)).unwrap_or_default(),
            opened_at: period.opened.as_ref().map(|(at, _)| present::moment(*at, &shop)).unwrap_or_default(),
            required: shop.require_shift,
            coins: coins(&shop),
            unfinished: self.unfinished(session)?.iter().map(Unfinished::view).collect(),
            moves: self.moves(&period, &shop),
            sales: how_many(&period.tally, Dimension::Sales),
            refunds: how_many(&period.tally, Dimension::Refunds),
            no_sales: how_many(&period.tally, Dimension::NoSale),
            clock_back: period.clock_back,
            expected: knows.then(|| present::money(expected)),
            counted: counted(&period, &shop)?,
        })
    }

    fn moves(&self, period: &Period, shop: &Shop) -> Vec<CashMoveView> {
        let view = |moved: &domain::shift::MovedCash| CashMoveView {
            at: present::moment(moved.at, shop),
            way: moved.moved.way.code().to_owned(),
            amount: present::money(moved.moved.amount),
            reason: moved.moved.reason.clone(),
            staff: moved.staff.as_ref().map(|id| self.staff_name(id)).unwrap_or_default(),
        };
        period.moves.iter().map(view).collect()
    }
}

fn coins(shop: &Shop) -> Vec<crate::api::MoneyView> {
    shop.denominations.iter().map(|minor| present::money(Money::from_minor(i64::from(*minor), shop.currency))).collect()
}

fn counted(period: &Period, shop: &Shop) -> Result<Option<CountedView>, Problem> {
    let Some(count) = &period.counted else { return Ok(None) };
    let expected = period.drawer.expected()?;
    let over_short = count.total.minus(expected)?;
    let (verdict, difference) = match over_short.minor().signum() {
        0 => ("even", over_short),
        1 => ("over", over_short),
        _ => ("short", over_short.negated()?),
    };
    Ok(Some(CountedView {
        total: present::money(count.total),
        expected: present::money(expected),
        difference: present::money(difference),
        verdict: verdict.to_owned(),
        confirm: beyond(over_short, shop.cash_tolerance),
    }))
}

/// A count for the screen, which counts no further.
pub(crate) fn number(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// How many there were in a dimension, whatever the currency.
pub(crate) fn how_many(tally: &Tally, dimension: Dimension) -> u32 {
    tally.of(dimension).map(|(_, figure)| number(figure.count)).fold(0, u32::saturating_add)
}

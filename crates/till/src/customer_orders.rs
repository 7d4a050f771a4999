//! Quotations and presales: placed from the order at hand, paid in parts, changed, cancelled, and in the end a sale.
//!
//! This terminal's journal knows what it did itself; the hub knows what every till of the store did. Where the hub answers, it
//! decides what an order holds and gives it to one till at a time; where it does not, a till goes on with its own orders alone.

use std::sync::Arc;

use domain::customer_order::{
    CustomerOrderError, CustomerOrderKind, DepositTaken, OrderCancelled, OrderChanged, OrderCompleted, OrderFile, OrderPlaced,
};
use domain::event::SaleCompleted;
use domain::{Cart, CustomerOrder, CustomerOrderId, Discount, Event, Money, OrderLine, Payment, PaymentId, Permission, Tender};
use jiff::civil::Date;
use journal::Entry;
use store::StoreError;
use sync::counter::{OrderClaim, OrderClaimed, OrdersAnswer, OrdersQuestion};

use crate::api::{CartView, CustomerOrderView, CustomerOrdersView, Problem, ProblemCode, ReceiptView};
use crate::error::TillError;
use crate::present;
use crate::receipts::Finished;
use crate::refunding::{bad_tender, did_not_answer, reason_of};
use crate::selling::ToRecord;
use crate::sessions::{OpenOrder, Session};
use crate::terminal::Terminal;
use crate::typed;

/// Money for an order as it was typed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paid<'a> {
    pub(crate) amount: &'a str,
    pub(crate) tender: &'a str,
    pub(crate) reference: &'a str,
}

impl Paid<'_> {
    fn payments(self, amount: Money) -> Result<Vec<Payment>, Problem> {
        if amount.is_zero() {
            return Ok(Vec::new());
        }
        let tender = match self.tender {
            "cash" => Tender::Cash { given: amount, change: Money::zero(amount.currency()) },
            "card" => Tender::card(self.reference)?,
            other => return Err(bad_tender(other)),
        };
        Ok(vec![Payment { id: PaymentId::generate(), amount, tender }])
    }
}

impl Terminal {
    /// Makes a quotation or a presale of the order at hand.
    pub(crate) fn place_customer_order(
        &self,
        session: &str,
        kind: &str,
        valid_until: &str,
        deposit: Paid<'_>,
    ) -> Result<CustomerOrderView, Problem> {
        self.in_session(session, Permission::TakeOrders, |session| {
            session.order.ringing()?;
            if session.order.returns.is_some() || session.order.file.is_some() {
                return Err(at_hand());
            }
            if session.order.cart.is_empty() {
                return Err(Problem::new(ProblemCode::CartEmpty, "ring up what the customer orders first"));
            }
            let kind = match kind {
                "quotation" => CustomerOrderKind::Quotation,
                "presale" => CustomerOrderKind::Presale,
                other => return Err(Problem::new(ProblemCode::BadRequest, format!("'{other}' is no kind of order"))),
            };
            let currency = session.order.cart.currency();
            let amount =
                if deposit.amount.trim().is_empty() { Money::zero(currency) } else { typed::amount(deposit.amount, currency)? };
            let order = order_of(session, CustomerOrderId::generate(), kind, day(valid_until)?)?;
            let placed = OrderPlaced { order, deposit: deposit.payments(amount)? };
            let file = OrderFile::place(&placed)?;
            self.record_and_leave(session, Event::OrderPlaced(placed))?;
            self.print_file(&file);
            self.view_of(&file)
        })
    }

    /// The open orders, newest first: the store's where the hub answers, else those of this till.
    pub(crate) fn list_customer_orders(&self, session: &str) -> Result<CustomerOrdersView, Problem> {
        self.in_session(session, Permission::Sell, |session| {
            let own = self.store.open_customer_orders()?;
            let question = OrdersQuestion { staff: session.staff.id.clone() };
            let (mut files, complete) = match self.hub() {
                None => (Vec::new(), true),
                Some(_) => match self.ask_hub::<OrdersAnswer>("/v1/orders/list", &question) {
                    Ok(answer) => (answer.orders, true),
                    Err(problem) if did_not_answer(&problem) => (Vec::new(), false),
                    Err(problem) => return Err(problem),
                },
            };
            // What is not sent yet only this till knows; of the rest the hub knows more.
            let unsent: Vec<OrderFile> =
                own.into_iter().filter(|file| !files.iter().any(|known| known.order.id == file.order.id)).collect();
            let mut known = Vec::new();
            for file in unsent {
                if !complete || self.hub().is_none() || self.is_unsent(file.order.id)? {
                    known.push(file);
                }
            }
            known.append(&mut files);
            let mut orders = Vec::new();
            for file in &known {
                // Closed here and not sent yet.
                let own = self.store.customer_order(file.order.id)?;
                if own.is_none_or(|own| own.state.is_open()) {
                    orders.push(self.view_of(file)?);
                }
            }
            Ok(CustomerOrdersView { orders, complete })
        })
    }

    /// Takes more of a deposit.
    pub(crate) fn take_deposit(&self, session: &str, order: &str, paid: Paid<'_>) -> Result<CustomerOrderView, Problem> {
        self.in_session(session, Permission::TakeOrders, |session| {
            let mut file = self.order_for_oneself(session, order)?;
            let amount = typed::amount(paid.amount, file.order.currency)?;
            let deposit = paid.payments(amount)?;
            file.pay(&deposit)?;
            let event = Event::DepositTaken(DepositTaken { order: file.order.id, deposit });
            self.record(event, Some(&session.staff.id), self.clock.now())?;
            self.print_file(&file);
            self.view_of(&file)
        })
    }

    /// Rings up what a customer ordered, at the prices agreed on.
    pub(crate) fn take_up_customer_order(&self, session: &str, order: &str) -> Result<CartView, Problem> {
        self.in_session(session, Permission::TakeOrders, |session| {
            session.order.ringing()?;
            if !session.order.cart.is_empty() || session.order.returns.is_some() {
                return Err(at_hand());
            }
            let file = self.order_for_oneself(session, order)?;
            file.may_complete(self.today()).or_else(|error| match error {
                // It may still be changed, with another day.
                CustomerOrderError::DayPassed(_) => Ok(()),
                other => Err(other),
            })?;
            let mut cart = Cart::new(file.order.currency, self.shop().tax_rounding);
            for line in &file.order.lines {
                self.ring_up_ordered(&mut cart, line)?;
            }
            let fresh = OpenOrder::new(&self.shop());
            session.order = OpenOrder { cart, note: file.order.note.clone(), file: Some(Arc::new(file)), ..fresh };
            session.undo.clear();
            self.keep_draft(session);
            self.cart_view(&session.order)
        })
    }

    /// Leaves the customer's order as it was.
    pub(crate) fn put_back_customer_order(&self, session: &str) -> Result<CartView, Problem> {
        self.in_session(session, Permission::TakeOrders, |session| {
            session.order.ringing()?;
            if session.order.file.is_some() {
                session.order = OpenOrder::new(&self.shop());
                session.undo.clear();
                self.keep_draft(session);
            }
            self.cart_view(&session.order)
        })
    }

    /// Keeps the order at hand as the customer's order that was taken up.
    pub(crate) fn change_customer_order(&self, session: &str, valid_until: &str) -> Result<CustomerOrderView, Problem> {
        self.in_session(session, Permission::TakeOrders, |session| {
            session.order.ringing()?;
            let mut file = session.order.file.as_deref().cloned().ok_or_else(no_such_order)?;
            let valid_until = if valid_until.trim().is_empty() { file.order.valid_until } else { day(valid_until)? };
            let order = order_of(session, file.order.id, file.order.kind, valid_until)?;
            file.change(order.clone())?;
            self.record_and_leave(session, Event::OrderChanged(OrderChanged { order }))?;
            self.print_file(&file);
            self.view_of(&file)
        })
    }

    /// Cancels an order. Its deposit goes back less the shop's charge.
    pub(crate) fn cancel_customer_order(
        &self,
        session: &str,
        order: &str,
        reason: &str,
        back: Paid<'_>,
    ) -> Result<CustomerOrderView, Problem> {
        self.in_session(session, Permission::CancelOrders, |session| {
            let reason = reason_of(reason)?;
            let mut file = self.order_for_oneself(session, order)?;
            let charge = file.cancellation_charge(self.shop().cancellation_percent)?;
            let returned = back.payments(file.deposit.minus(charge)?)?;
            let expired = file.has_expired(self.today());
            let cancelled = OrderCancelled { order: file.order.id, reason, expired, returned, charge, approved_by: None };
            file.cancel(&cancelled)?;
            self.record(Event::OrderCancelled(cancelled), Some(&session.staff.id), self.clock.now())?;
            self.print_file(&file);
            self.view_of(&file)
        })
    }

    /// Prints an order.
    pub(crate) fn print_customer_order(&self, session: &str, order: &str) -> Result<(), Problem> {
        self.in_session(session, Permission::Sell, |session| {
            if self.settings().printer_address.is_empty() {
                return Err(Problem::new(ProblemCode::NoPrinter, "no printer is set up: give its address in the settings"));
            }
            let file = self.order_for_oneself(session, order)?;
            self.print_file(&file);
            Ok(())
        })
    }

    /// Records the sale that a customer's order became, and its completion, in one commit.
    pub(crate) fn finish_customer_order(
        &self,
        session: &mut Session,
        file: &OrderFile,
        sale: ToRecord,
        print: Option<bool>,
    ) -> Result<ReceiptView, Problem> {
        let id = sale.id;
        let spent = sale.settled.payments.iter().filter(|payment| matches!(payment.tender, Tender::Deposit { .. }));
        let spent = Money::sum(file.order.currency, spent.map(|payment| payment.amount))?;
        let rest = file.deposit.minus(spent)?;
        let returned = Paid { amount: "", tender: "cash", reference: "" }.payments(rest)?;
        file.clone().complete(&returned, self.today())?;
        let completed = OrderCompleted { order: file.order.id, sale: id, returned };
        let after = OpenOrder::after(id, &self.shop());
        match self.record_completion(session, sale, completed, &after) {
            Ok(entry) => {
                session.order = after;
                session.undo.clear();
                session.sold = true;
                let finished = Finished::of_entry(entry)?;
                let printing = self.print_finished(&finished, print);
                let mut view = self.receipt_view(&finished, printing, false);
                if !rest.is_zero() {
                    view.change = present::money(rest);
                }
                Ok(view)
            }
            Err(TillError::Store(StoreError::AlreadyRecorded { .. })) => {
                session.order = after;
                self.keep_draft(session);
                self.finished_receipt(id)
            }
            Err(error) => Err(error.problem()),
        }
    }

    fn record_completion(
        &self,
        session: &Session,
        sale: ToRecord,
        completed: OrderCompleted,
        after: &OpenOrder,
    ) -> Result<Entry, TillError> {
        let (staff, now) = (Some(&session.staff.id), self.clock.now());
        let mut writer = self.store.writer()?;
        let order = sale.compose(writer.next_receipt_number(), writer.acknowledged().cloned());
        let event = Event::SaleCompleted(SaleCompleted { order });
        let sale = Entry::sign(&self.keys.journal, self.id, writer.head(), now, staff, event)?;
        let event = Event::OrderCompleted(completed);
        let completed = Entry::sign(&self.keys.journal, self.id, sale.head(), now, staff, event)?;
        let entries = [sale, completed];
        writer.record_together(&entries, &session.name, after.to_draft().as_deref())?;
        drop(writer);
        self.after_commit.ring();
        let [sale, _] = entries;
        Ok(sale)
    }

    /// Records what became of the order at hand and leaves the session with an empty one.
    fn record_and_leave(&self, session: &mut Session, event: Event) -> Result<(), Problem> {
        let after = OpenOrder::new(&self.shop());
        let mut writer = self.store.writer().map_err(TillError::from)?;
        let staff = Some(&session.staff.id);
        let entry = Entry::sign(&self.keys.journal, self.id, writer.head(), self.clock.now(), staff, event)?;
        writer.record_closing(&entry, &session.name, after.to_draft().as_deref())?;
        drop(writer);
        self.after_commit.ring();
        session.order = after;
        session.undo.clear();
        Ok(())
    }

    /// The order as it stands, which no other till works on meanwhile.
    fn order_for_oneself(&self, session: &Session, order: &str) -> Result<OrderFile, Problem> {
        let id: CustomerOrderId = order.trim().parse().map_err(|_| no_such_order())?;
        let own = self.store.customer_order(id)?;
        if self.hub().is_none() {
            return own.ok_or_else(no_such_order);
        }
        let claim = OrderClaim { staff: session.staff.id.clone(), order: id };
        match self.ask_hub::<OrderClaimed>("/v1/orders/claim", &claim) {
            Ok(OrderClaimed { granted: false, .. }) => {
                Err(Problem::new(ProblemCode::OrderTaken, "another till is at this order"))
            }
            // What this till did and has not sent is newer than what the hub says.
            Ok(OrderClaimed { file, .. }) => match (file, own) {
                (Some(_), Some(own)) if self.is_unsent(id)? => Ok(own),
                (Some(file), _) => Ok(file),
                (None, own) => own.ok_or_else(no_such_order),
            },
            Err(problem) if did_not_answer(&problem) => own.ok_or_else(no_such_order),
            Err(problem) => Err(problem),
        }
    }

    /// True when the hub has not acknowledged what this till did to the order last.
    fn is_unsent(&self, order: CustomerOrderId) -> Result<bool, Problem> {
        Ok(self.store.customer_order_unsent(order)?)
    }

    fn ring_up_ordered(&self, cart: &mut Cart, line: &OrderLine) -> Result<(), Problem> {
        let missing = || Problem::new(ProblemCode::UnknownProduct, format!("'{}' is no longer sold", line.sku));
        let product = self.store.product(line.product)?.ok_or_else(missing)?;
        let tax = self.tax_of(&product)?;
        let id = cart.add_line(product, tax, line.quantity, line.unit_price)?;
        let off = Money::sum(cart.currency(), line.discounts.iter().map(|discount| discount.amount))?;
        if !off.is_zero() {
            cart.discount_line(id, Some(Discount::Amount(off)))?;
        }
        Ok(())
    }

    fn view_of(&self, file: &OrderFile) -> Result<CustomerOrderView, Problem> {
        let order = &file.order;
        let charge = file.cancellation_charge(self.shop().cancellation_percent)?;
        Ok(CustomerOrderView {
            order: order.id.to_string(),
            short: order.short(),
            kind: order.kind.code().to_owned(),
            state: file.state.code().to_owned(),
            valid_until: order.valid_until.map(|day| day.to_string()).unwrap_or_default(),
            overdue: file.has_expired(self.today()),
            note: order.note.clone(),
            lines: u32::try_from(order.lines.len()).unwrap_or(u32::MAX),
            total: present::money(order.total),
            deposit: present::money(file.deposit),
            due: present::money(file.due()?),
            charge: present::money(charge),
            returned: present::money(file.deposit.minus(charge)?),
            text: self.file_text(file),
        })
    }
}

/// The order at hand as a customer's order.
fn order_of(
    session: &Session,
    id: CustomerOrderId,
    kind: CustomerOrderKind,
    valid_until: Option<Date>,
) -> Result<CustomerOrder, Problem> {
    let priced = session.order.cart.priced()?;
    Ok(CustomerOrder {
        id,
        kind,
        currency: priced.total.currency(),
        total: priced.total,
        lines: priced.lines.into_iter().map(|line| line.line).collect(),
        valid_until,
        member: None,
        note: session.order.note.clone(),
    })
}

/// A day such as `2026-11-30`; empty: none.
fn day(text: &str) -> Result<Option<Date>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = |_| Problem::new(ProblemCode::NotADate, format!("'{text}' is not a day")).with("text", text);
    text.parse().map(Some).map_err(wrong)
}

fn at_hand() -> Problem {
    Problem::new(ProblemCode::OrderAtHand, "another order is at hand: hold or finish it first")
}

fn no_such_order() -> Problem {
    Problem::new(ProblemCode::NoSuchOrder, "there is no such order, or it is of another till and the hub does not answer")
}

impl From<CustomerOrderError> for Problem {
    fn from(error: CustomerOrderError) -> Self {
        let detail = error.to_string();
        match error {
            CustomerOrderError::NotOpen(state) => Self::new(ProblemCode::OrderNotOpen, detail).with("state", state.code()),
            CustomerOrderError::DayPassed(day) => Self::new(ProblemCode::OrderDayPassed, detail).with("day", day),
            CustomerOrderError::NotExpired => Self::new(ProblemCode::BadRequest, detail),
            CustomerOrderError::QuotationTakesNoDeposit => Self::new(ProblemCode::QuotationTakesNoDeposit, detail),
            CustomerOrderError::MoreThanDue { due } => {
                Self::new(ProblemCode::MoreThanDue, detail).with("due", present::money_text(due))
            }
            CustomerOrderError::NotPositive => Self::new(ProblemCode::AmountNotPositive, detail),
            CustomerOrderError::BelowDeposit { deposit } | CustomerOrderError::DepositNotSettled { deposit } => {
                Self::new(ProblemCode::OrderBelowDeposit, detail).with("deposit", present::money_text(deposit))
            }
            CustomerOrderError::Empty => Self::new(ProblemCode::CartEmpty, detail),
            CustomerOrderError::Money(error) => error.into(),
        }
    }
}

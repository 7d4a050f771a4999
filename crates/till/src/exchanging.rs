//! Exchange: goods that are brought back pay for new ones, in one commit. It is a refund and a sale, each whole in itself and
//! naming the other; what goes from one to the other is their tender `exchange`, which comes to nothing over both.

use std::sync::Arc;

use domain::event::SaleCompleted;
use domain::refund::{Left, PayBack};
use domain::tender::Settled;
use domain::{Event, Money, Order, OrderId, OrderLine, Payment, PaymentId, Permission, Tender};
use journal::Entry;
use serde::{Deserialize, Serialize};
use store::StoreError;
use sync::counter::{ClaimAnswer, RefundClaim};

use crate::api::{CartView, MoneyView, Problem, ProblemCode, ReceiptView, RefundLineArgs};
use crate::error::TillError;
use crate::present;
use crate::receipts::Finished;
use crate::refunding::{RefundToRecord, allow_cash, no_sale, reason_of, wanted, way_back};
use crate::selling::ToRecord;
use crate::sessions::{OpenOrder, Session};
use crate::terminal::Terminal;

/// Goods that were brought back in exchange; kept with the draft of the order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Returns {
    /// The refund that will be made.
    pub(crate) refund: OrderId,
    sale: Order,
    refunds: Vec<Order>,
    lines: Vec<OrderLine>,
    reason: String,
    tender: String,
    reference: String,
    unchecked: bool,
}

impl Returns {
    /// What the goods are worth.
    pub(crate) fn worth(&self) -> Result<Money, domain::MoneyError> {
        Money::sum(self.sale.currency, self.lines.iter().map(|line| line.payable))
    }

    fn how(&self) -> Result<PayBack, Problem> {
        way_back(&self.tender, &self.reference)
    }
}

impl OpenOrder {
    /// Adds to `view` what is more to the order than its goods.
    pub(crate) fn show_changes(&self, total: Money, view: &mut CartView) {
        view.note.clone_from(&self.note);
        let returned = self.returns.as_ref().and_then(|returns| returns.worth().ok());
        let deposit = self.file.as_ref().map(|file| file.deposit);
        view.customer_order = self.file.as_ref().map(|file| file.order.short());
        let shown = |money: Option<Money>| -> Option<MoneyView> { money.map(present::money) };
        let balance = [returned, deposit].into_iter().flatten().try_fold(total, Money::minus).ok();
        view.balance = shown(balance.filter(|_| returned.is_some() || deposit.is_some()));
        view.returned = shown(returned);
        view.deposit = shown(deposit);
    }
}

impl Terminal {
    /// The lines of the sale that was looked up pay for what is rung up from now on.
    pub(crate) fn start_exchange(
        &self,
        session: &str,
        lines: &[RefundLineArgs],
        reason: &str,
        tender: &str,
        reference: &str,
    ) -> Result<CartView, Problem> {
        self.in_session(session, Permission::Refund, |session| {
            session.order.ringing()?;
            if session.order.file.is_some() {
                let detail = "a customer's order is at hand: finish it or put it back first";
                return Err(Problem::new(ProblemCode::OrderAtHand, detail));
            }
            let reason = reason_of(reason)?;
            let refunding = session.refunding.clone().ok_or_else(no_sale)?;
            let left = refunding.left()?;
            let lines = left.take(&wanted(lines)?)?;
            let most = left.pay_back(&lines, &way_back(tender, reference)?, None, PaymentId::generate)?;
            allow_cash(session, &left, &most)?;
            let unchecked = self.claim(session, &refunding, &lines)?;
            self.release_returns(session);
            session.order.returns = Some(Arc::new(Returns {
                refund: refunding.refund,
                sale: refunding.sale,
                refunds: refunding.refunds,
                lines,
                reason,
                tender: tender.to_owned(),
                reference: reference.to_owned(),
                unchecked,
            }));
            session.refunding = None;
            session.undo.clear();
            self.keep_draft(session);
            self.cart_view(&session.order)
        })
    }

    /// Leaves the exchange; what was rung up stays.
    pub(crate) fn leave_exchange(&self, session: &str) -> Result<CartView, Problem> {
        self.in_session(session, Permission::Sell, |session| {
            session.order.ringing()?;
            self.release_returns(session);
            session.undo.clear();
            self.keep_draft(session);
            self.cart_view(&session.order)
        })
    }

    /// Forgets the goods that were brought back and tells the hub, which would keep them for half an hour otherwise.
    pub(crate) fn release_returns(&self, session: &mut Session) {
        let Some(returns) = session.order.returns.take() else { return };
        if self.hub().is_none() || returns.unchecked {
            return;
        }
        let staff = session.staff.id.clone();
        let claim = RefundClaim { staff, refund: returns.refund, sale: returns.sale.id, lines: Vec::new() };
        if let Err(problem) = self.ask_hub::<ClaimAnswer>("/v1/refunds/claim", &claim) {
            tracing::warn!(%problem, "goods stay kept at the hub for a refund that is not made");
        }
    }

    /// Records the refund and the sale of an exchange in one commit.
    pub(crate) fn finish_exchange(
        &self,
        session: &mut Session,
        returns: &Returns,
        sale: ToRecord,
        print: Option<bool>,
    ) -> Result<ReceiptView, Problem> {
        let credit = sale.settled.payments.iter().find(|payment| matches!(payment.tender, Tender::Exchange { .. }));
        let credit = credit.map(|paid| Payment {
            id: PaymentId::generate(),
            amount: paid.amount,
            tender: Tender::Exchange { with: sale.id },
        });
        let left = Left::of(&returns.sale, &returns.refunds)?;
        let settled =
            left.pay_back_but(&returns.lines, credit, &returns.how()?, self.shop().cash_rounding, PaymentId::generate)?;
        let back = in_cash(&settled)?;
        let made = RefundToRecord {
            id: returns.refund,
            of: Some(returns.sale.id),
            of_receipt: None,
            unchecked: returns.unchecked,
            exchange: Some(sale.id),
            reason: returns.reason.clone(),
            lines: returns.lines.clone(),
            settled,
            sale: Some(returns.sale.clone()),
        };
        let after = OpenOrder::after(sale.id, &self.shop());
        let id = sale.id;
        let [refund, sale] = match self.record_exchange(session, made, sale, &after) {
            Ok(entries) => entries,
            // It was recorded although its success could not be told.
            Err(TillError::Store(StoreError::AlreadyRecorded { .. })) => {
                session.order = after;
                self.keep_draft(session);
                return self.finished_receipt(id);
            }
            Err(error) => return Err(error.problem()),
        };
        session.order = after;
        session.undo.clear();
        session.sold = true;
        let (refund, sale) = (Finished::of_entry(refund)?, Finished::of_entry(sale)?);
        self.print_finished(&refund, print);
        let printing = self.print_finished(&sale, print);
        let mut view = self.receipt_view(&sale, printing, false);
        if !back.is_zero() {
            view.change = present::money(back);
        }
        let paper = self.receipt_view(&refund, printing, false).text;
        view.text = format!("{paper}\n{}", view.text);
        Ok(view)
    }

    fn record_exchange(
        &self,
        session: &Session,
        refund: RefundToRecord,
        sale: ToRecord,
        after: &OpenOrder,
    ) -> Result<[Entry; 2], TillError> {
        let (staff, now) = (Some(&session.staff.id), self.clock.now());
        let mut writer = self.store.writer()?;
        let acknowledged = writer.acknowledged().cloned();
        let event = refund.event(writer.next_receipt_number(), acknowledged.clone(), self.shop().currency)?;
        let refund = Entry::sign(&self.keys.journal, self.id, writer.head(), now, staff, event)?;
        let order = sale.compose(writer.receipt_number_after_next(), acknowledged);
        let event = Event::SaleCompleted(SaleCompleted { order });
        let sale = Entry::sign(&self.keys.journal, self.id, refund.head(), now, staff, event)?;
        let entries = [refund, sale];
        writer.record_together(&entries, &session.name, after.to_draft().as_deref())?;
        drop(writer);
        self.after_commit.ring();
        Ok(entries)
    }
}

/// What goes back in coins and notes.
fn in_cash(settled: &Settled) -> Result<Money, Problem> {
    let currency = settled.rounding.currency();
    let cash = settled.payments.iter().filter(|payment| matches!(payment.tender, Tender::Cash { .. }));
    Ok(Money::sum(currency, cash.map(|payment| payment.amount))?)
}

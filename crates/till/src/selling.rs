//! Finishing a sale: compose the order, sign its entry, record both in one commit; print, mirror and push come after.

use domain::event::SaleCompleted;
use domain::tender::Settled;
use domain::{AcknowledgedHead, Event, Order, OrderId, Permission, PricedCart, ReceiptNumber, StaffId};
use domain::{MemberId, OrderPoints};
use jiff::Timestamp;
use journal::Entry;
use store::StoreError;

use crate::api::{Problem, ProblemCode, ReceiptView};
use crate::error::TillError;
use crate::receipts::Finished;
use crate::sessions::{OpenOrder, Phase};
use crate::terminal::Terminal;

/// An order that only lacks its receipt number.
#[derive(Debug)]
pub(crate) struct ToRecord {
    pub(crate) id: OrderId,
    pub(crate) priced: PricedCart,
    pub(crate) settled: Settled,
    pub(crate) external_reference: Option<String>,
    pub(crate) note: String,
    /// The member it is sold to, and what it does to their points.
    pub(crate) member: Option<(MemberId, Option<OrderPoints>)>,
}

/// The draft of a session that an order was made from, and what is left of it afterwards.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Closing<'a> {
    pub(crate) session: &'a str,
    pub(crate) draft: Option<&'a str>,
}

impl ToRecord {
    pub(crate) fn compose(self, receipt: ReceiptNumber, acknowledged: Option<AcknowledgedHead>) -> Order {
        let PricedCart { lines, tax, total, promotions, coupons, .. } = self.priced;
        Order {
            id: self.id,
            receipt,
            currency: total.currency(),
            lines: lines.into_iter().map(|priced| priced.line).collect(),
            total,
            tax,
            rounding: self.settled.rounding,
            payments: self.settled.payments,
            note: self.note,
            member: self.member.map(|(member, _)| member),
            points: self.member.and_then(|(_, points)| points),
            promotions,
            coupons,
            external_reference: self.external_reference,
            acknowledged,
        }
    }
}

impl Terminal {
    /// Finishes the sale of a session. Once it answers, the sale is signed and on disk. Asked again after an answer that got
    /// lost, it answers with the sale just finished.
    pub(crate) fn finish_sale(&self, session: &str, print: Option<bool>) -> Result<ReceiptView, Problem> {
        self.in_session(session, Permission::Sell, |session| {
            let paying = match &session.order.phase {
                Phase::Paying(paying) => paying,
                Phase::Finished(order) => return self.finished_receipt(*order),
                Phase::Ringing => return Err(Problem::new(ProblemCode::NotPaying, "payment has not begun")),
            };
            let id = paying.order;
            let settled = paying.tendering.clone().settle()?;
            let note = session.order.note.clone();
            let now = self.clock.now();
            let member = session.order.member.as_ref();
            let member = member.map(|member| (member.id, self.points_of_sale(member, &paying.priced, now)));
            let order = ToRecord { id, priced: paying.priced.clone(), settled, external_reference: None, note, member };
            if let Some(returns) = session.order.returns.clone() {
                return self.finish_exchange(session, &returns, order, print);
            }
            if let Some(file) = session.order.file.clone() {
                return self.finish_customer_order(session, &file, order, print);
            }
            let after = OpenOrder::after(id, &self.shop());
            let draft = after.to_draft();
            let closing = Closing { session: &session.name, draft: draft.as_deref() };
            let sale = |order| Event::SaleCompleted(SaleCompleted { order });
            match self.record_order(order, sale, Some(&session.staff.id), now, Some(closing)) {
                Ok(entry) => {
                    let finished = Finished::of_entry(entry)?;
                    self.release_unused(&session.staff.id, &session.order, &finished.order.coupons);
                    session.order = after;
                    session.sold = true;
                    session.undo.clear();
                    let printing = self.print_finished(&finished, print);
                    Ok(self.receipt_view(&finished, printing, false))
                }
                // It was recorded although its success could not be told: nothing is sold twice.
                Err(TillError::Store(StoreError::AlreadyRecorded { .. })) => {
                    session.order = after;
                    self.keep_draft(session);
                    self.finished_receipt(id)
                }
                Err(error) => Err(error.problem()),
            }
        })
    }

    /// Gives the order its receipt number and the newest countersigned head, signs its entry and records it.
    pub(crate) fn record_order(
        &self,
        order: ToRecord,
        event: impl FnOnce(Order) -> Event,
        staff: Option<&StaffId>,
        at: Timestamp,
        closing: Option<Closing<'_>>,
    ) -> Result<Entry, TillError> {
        let mut writer = self.store.writer()?;
        let order = order.compose(writer.next_receipt_number(), writer.acknowledged().cloned());
        let entry = Entry::sign(&self.keys.journal, self.id, writer.head(), at, staff, event(order))?;
        match closing {
            Some(Closing { session, draft }) => writer.record_closing(&entry, session, draft)?,
            None => writer.record(&entry)?,
        }
        drop(writer);
        self.after_commit.ring();
        self.note_practice_sale();
        Ok(entry)
    }
}

//! Taking payment for the order of a session.

use domain::{Money, OrderId, PaymentId, Permission, Shop, Tender, Tendering};

use crate::api::{CartView, Problem, ProblemCode, TenderingView};
use crate::present;
use crate::sessions::{OpenOrder, Paying, Phase};
use crate::tender_step::TenderStep;
use crate::terminal::Terminal;
use crate::typed;

/// No customer hands over more than this many of the largest note beyond what is due; a scanned barcode looks like it.
const NOTES_ABOVE_DUE: i64 = 100;

impl Terminal {
    /// Begins payment; where it has begun, shows how far it is.
    pub(crate) fn start_payment(&self, session: &str) -> Result<TenderingView, Problem> {
        self.in_session(session, Permission::Sell, |session| {
            let shop = self.shop();
            if session.order.paying().is_err() {
                self.may_sell()?;
                let cart = &session.order.cart;
                if cart.is_empty() {
                    return Err(Problem::new(ProblemCode::CartEmpty, "there is nothing in the order yet"));
                }
                let claimed = self.claim_again(&session.staff.id, &mut session.order);
                if claimed.is_err() {
                    self.keep_draft(session);
                }
                claimed?;
                let priced = self.priced(&session.order)?;
                let mut tendering = Tendering::begin(priced.total, shop.cash_rounding);
                let steps = session.order.credits(priced.total)?;
                steps.iter().try_for_each(|step| step.take(&mut tendering))?;
                let order = session.order.id.unwrap_or_else(OrderId::generate);
                session.order.phase = Phase::Paying(Paying { order, priced, tendering, steps });
            }
            Ok(present::tendering(&session.order.paying()?.tendering, &shop)?)
        })
    }

    /// Takes cash.
    pub(crate) fn take_cash(&self, session: &str, given: &str) -> Result<TenderingView, Problem> {
        self.step(session, |tendering, shop| {
            let given = typed::amount(given, tendering.total().currency())?;
            likely_cash(given, tendering.due()?, shop)?;
            Ok(TenderStep::Cash(PaymentId::generate(), given))
        })
    }

    /// Takes a card payment; `amount` empty means all that is due.
    pub(crate) fn take_card(&self, session: &str, amount: &str, reference: &str) -> Result<TenderingView, Problem> {
        self.step(session, |tendering, _| {
            let amount =
                if amount.trim().is_empty() { tendering.due()? } else { typed::amount(amount, tendering.total().currency())? };
            // In training no card terminal answers: it is as if one had.
            let simulated = self.practised.is_some() && reference.trim().is_empty();
            let reference = if simulated { "TRAINING" } else { reference };
            Ok(TenderStep::Card(PaymentId::generate(), amount, reference.to_owned()))
        })
    }

    /// Takes a payment back out.
    pub(crate) fn take_back_payment(&self, session: &str, payment: &str) -> Result<TenderingView, Problem> {
        self.step(session, |tendering, _| {
            let id = payment.parse().map_err(|_| domain::TenderError::NoSuchPayment)?;
            if tendering.payments().iter().any(|known| known.id == id && is_credit(&known.tender)) {
                return Err(domain::TenderError::NoSuchPayment.into());
            }
            Ok(TenderStep::Remove(id))
        })
    }

    /// Leaves payment; the order stays.
    pub(crate) fn leave_payment(&self, session: &str) -> Result<CartView, Problem> {
        self.in_session(session, Permission::Sell, |session| {
            session.order.paying()?;
            self.release_coupons(&session.staff.id, &mut session.order);
            session.order.phase = Phase::Ringing;
            self.keep_draft(session);
            self.cart_view(&session.order)
        })
    }

    /// Takes the step that `read` makes of what was typed, by all the rules or not at all, and keeps it with the draft.
    fn step(
        &self,
        session: &str,
        read: impl FnOnce(&Tendering, &Shop) -> Result<TenderStep, Problem>,
    ) -> Result<TenderingView, Problem> {
        self.in_session(session, Permission::Sell, |session| {
            let shop = self.shop();
            let paying = session.order.paying()?;
            let step = read(&paying.tendering, &shop)?;
            let mut tendering = paying.tendering.clone();
            step.take(&mut tendering)?;
            let view = present::tendering(&tendering, &shop)?;
            paying.tendering = tendering;
            paying.steps.push(step);
            self.keep_draft(session);
            Ok(view)
        })
    }

    /// The payment in progress, if there is one.
    pub(crate) fn tendering_view(&self, order: &OpenOrder) -> Result<Option<TenderingView>, Problem> {
        match &order.phase {
            Phase::Paying(paying) => Ok(Some(present::tendering(&paying.tendering, &self.shop())?)),
            Phase::Ringing | Phase::Finished(_) => Ok(None),
        }
    }
}

impl OpenOrder {
    /// What the customer holds already towards it: the worth of goods brought back, and a deposit.
    fn credits(&self, mut total: Money) -> Result<Vec<TenderStep>, Problem> {
        let mut steps = Vec::new();
        let mut credit = |worth: Money, tender: Tender| -> Result<(), Problem> {
            let amount = if worth.compare(total)?.is_gt() { total } else { worth };
            if amount.minor() > 0 {
                total = total.minus(amount)?;
                steps.push(TenderStep::Credit(PaymentId::generate(), amount, tender));
            }
            Ok(())
        };
        if let Some(returns) = &self.returns {
            credit(returns.worth()?, Tender::Exchange { with: returns.refund })?;
        }
        if let Some(file) = &self.file {
            credit(file.deposit, Tender::Deposit { order: file.order.id })?;
        }
        Ok(steps)
    }
}

/// Paid by what the customer holds already; nobody takes it back out.
pub(crate) fn is_credit(tender: &Tender) -> bool {
    matches!(tender, Tender::Exchange { .. } | Tender::Deposit { .. })
}

fn likely_cash(given: Money, due: Money, shop: &Shop) -> Result<(), Problem> {
    let Some(largest) = shop.denominations.iter().max() else { return Ok(()) };
    let most = i64::from(*largest).saturating_mul(NOTES_ABOVE_DUE).saturating_add(due.minor());
    if given.minor() > most {
        let detail = format!("{given} is far more than the {due} that is due: check the amount typed");
        return Err(Problem::new(ProblemCode::AmountTooLarge, detail));
    }
    Ok(())
}

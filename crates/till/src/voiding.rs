//! Taking out what was rung up: a line, or the whole order. Both are entries of the journal, with the reason.

use std::cell::RefCell;

use domain::voids::{LineVoided, SaleVoided, VoidedLine};
use domain::{CartLine, Event, LineId, Money, Permission, PricedCart};

use crate::api::{CartView, Problem, ProblemCode};
use crate::refunding::reason_of;
use crate::sessions::{OpenOrder, Session};
use crate::terminal::Terminal;

/// Characters that a note on an order may have.
const LONGEST_NOTE: usize = 200;

impl Terminal {
    /// Takes a line out. The reason may be empty: a slip of the finger has none.
    pub(crate) fn void_line(&self, session: &str, line: u32, reason: &str) -> Result<CartView, Problem> {
        let reason = reason_of(reason).unwrap_or_default();
        let voided = RefCell::new(None);
        self.change_cart_and(
            session,
            Permission::Void,
            |cart, _| {
                let priced = cart.priced()?;
                let removed = cart.remove(LineId(line))?;
                *voided.borrow_mut() = Some(voided_line(&removed, &priced));
                Ok(None)
            },
            |session| {
                let Some(line) = voided.borrow_mut().take() else { return Ok(()) };
                let event = Event::LineVoided(LineVoided { line, reason, approved_by: None });
                self.record(event, Some(&session.staff.id), self.clock.now())?;
                Ok(())
            },
        )
    }

    /// Writes down what taking the last change back takes out of the order.
    pub(crate) fn void_undone(&self, session: &Session, before: &OpenOrder) -> Result<(), Problem> {
        let priced = session.order.cart.priced()?;
        for line in session.order.cart.lines() {
            if before.cart.line(line.id).is_err() {
                let line = voided_line(line, &priced);
                let event = Event::LineVoided(LineVoided { line, reason: "undo".to_owned(), approved_by: None });
                self.record(event, Some(&session.staff.id), self.clock.now())?;
            }
        }
        Ok(())
    }

    /// Gives the order up with everything in it. What was taken up of a customer's order, or of an exchange, is only left.
    pub(crate) fn void_order(&self, session: &str, reason: &str) -> Result<CartView, Problem> {
        self.in_session(session, Permission::Void, |session| {
            session.order.ringing()?;
            let cart = &session.order.cart;
            if !cart.is_empty() && session.order.file.is_none() {
                let reason = reason_of(reason)?;
                let priced = cart.priced()?;
                let lines = cart.lines().iter().map(|line| voided_line(line, &priced)).collect();
                let event = Event::SaleVoided(SaleVoided { lines, total: priced.total, reason, approved_by: None });
                self.record(event, Some(&session.staff.id), self.clock.now())?;
            }
            let plain = session.order.file.is_none() && session.order.returns.is_none();
            self.release_returns(session);
            self.release_coupons(&session.staff.id, &mut session.order);
            session.order.cart.pay_with_points(None)?;
            self.let_go_what_no_longer_fits(&mut session.order);
            session.change_to(OpenOrder::new(&self.shop()));
            if !plain {
                session.undo.clear();
            }
            self.keep_draft(session);
            self.cart_view(&session.order)
        })
    }

    /// Writes a note on the order; empty takes it off.
    pub(crate) fn write_note(&self, session: &str, note: &str) -> Result<CartView, Problem> {
        self.in_session(session, Permission::Sell, |session| {
            session.order.ringing()?;
            if session.order.cart.is_empty() {
                return Err(Problem::new(ProblemCode::CartEmpty, "there is nothing in the order to write a note on"));
            }
            session.order.note = note.trim().chars().filter(|c| !c.is_control()).take(LONGEST_NOTE).collect();
            self.keep_draft(session);
            self.cart_view(&session.order)
        })
    }
}

fn voided_line(line: &CartLine, priced: &PricedCart) -> VoidedLine {
    let amounts = priced.lines.iter().find(|priced| priced.id == line.id);
    VoidedLine {
        product: line.product.id,
        sku: line.product.sku.clone(),
        name: line.product.name.clone(),
        quantity: line.quantity,
        unit: line.product.unit,
        unit_price: line.unit_price(),
        payable: amounts.map_or(Money::zero(priced.total.currency()), |priced| priced.line.payable),
    }
}

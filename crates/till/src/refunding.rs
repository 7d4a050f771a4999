//! Giving goods back: with a receipt of this or another till, or without one.
//!
//! What is left of a sale is known here for this terminal's own refunds and at the hub for all that were reported. Where the
//! hub answers, it keeps the goods for this refund until it is reported; where it does not, the refund says so and the hub
//! checks it afterwards.

use domain::refund::{Left, PayBack};
use domain::tender::Settled;
use domain::{
    Event, Money, Order, OrderId, OrderLine, PaymentId, Permission, Quantity, ReceiptNumber, Refund, RefundError, Tender,
};
use jiff::Timestamp;
use journal::Entry;
use store::StoreError;
use sync::counter::{ClaimAnswer, ClaimedLine, RefundAnswer, RefundClaim, RefundQuestion};

use crate::api::{
    Problem, ProblemCode, ReceiptView, RefundLineArgs, RefundPreviewView, RefundSaleView, RefundableLineView, TenderLeftView,
};
use crate::error::TillError;
use crate::present;
use crate::receipts::Finished;
use crate::selling::Closing;
use crate::sessions::{OpenOrder, Session};
use crate::terminal::Terminal;
use crate::typed;

/// Characters of a reason that are kept.
const LONGEST_REASON: usize = 200;

/// A sale that a session is about to give back something of.
#[derive(Debug, Clone)]
pub(crate) struct Refunding {
    /// The refund's id, given at the start so that it cannot be recorded twice.
    pub(crate) refund: OrderId,
    pub(crate) sale: Order,
    at: Timestamp,
    /// The store's code, where another terminal made it.
    store: String,
    pub(crate) refunds: Vec<Order>,
    claimed: Vec<ClaimedLine>,
    /// The hub was asked and answered, or there is none to ask.
    checked: bool,
}

impl Refunding {
    /// What is left, besides what other tills are about to give back.
    pub(crate) fn left(&self) -> Result<Left, Problem> {
        Ok(Left::of(&self.sale, &self.refunds)?)
    }
}

/// A refund that only lacks its receipt number.
#[derive(Debug, Clone)]
pub(crate) struct RefundToRecord {
    pub(crate) id: OrderId,
    pub(crate) of: Option<OrderId>,
    pub(crate) of_receipt: Option<ReceiptNumber>,
    pub(crate) unchecked: bool,
    pub(crate) exchange: Option<OrderId>,
    pub(crate) reason: String,
    pub(crate) lines: Vec<OrderLine>,
    pub(crate) settled: Settled,
    /// The sale, for the promotions and the member that its lines speak of.
    pub(crate) sale: Option<Order>,
}

impl RefundToRecord {
    /// The event; `None` of the amounts can overflow, for they are parts of a sale.
    pub(crate) fn event(
        self,
        receipt: ReceiptNumber,
        acknowledged: Option<domain::AcknowledgedHead>,
        currency: domain::Currency,
    ) -> Result<Event, TillError> {
        let total = Money::sum(currency, self.lines.iter().map(|line| line.payable))?;
        let net = Money::sum(currency, self.lines.iter().map(|line| line.net))?;
        let named = |rule| self.lines.iter().flat_map(|line| &line.discounts).any(|discount| discount.rule == Some(rule));
        let sale = self.sale.as_ref();
        let promotions = sale.map(|sale| sale.promotions.iter().filter(|known| named(known.id)).cloned().collect());
        let order = Order {
            id: self.id,
            receipt,
            currency,
            promotions: promotions.unwrap_or_default(),
            member: sale.and_then(|sale| sale.member),
            points: None,
            lines: self.lines,
            total,
            tax: total.minus(net)?,
            rounding: self.settled.rounding,
            payments: self.settled.payments,
            note: String::new(),
            coupons: Vec::new(),
            external_reference: None,
            acknowledged,
        };
        Ok(Event::RefundCompleted(Refund {
            of: self.of,
            reason: self.reason,
            approved_by: None,
            of_receipt: self.of_receipt,
            unchecked: self.unchecked,
            exchange: self.exchange,
            order,
        }))
    }
}

impl Terminal {
    /// Finds the sale with this receipt number or id: here, or wherever the hub knows it from.
    pub(crate) fn look_up_sale(&self, session: &str, receipt: &str) -> Result<RefundSaleView, Problem> {
        self.in_session(session, Permission::Sell, |session| {
            let refunding = self.find_sale(session, receipt.trim())?;
            let view = self.refund_sale_view(&refunding)?;
            session.refunding = Some(refunding);
            Ok(view)
        })
    }

    /// What giving back `lines` of the sale that was looked up would come to.
    pub(crate) fn preview_refund(
        &self,
        session: &str,
        lines: &[RefundLineArgs],
        tender: &str,
        reference: &str,
    ) -> Result<RefundPreviewView, Problem> {
        self.in_session(session, Permission::Sell, |session| {
            let refunding = session.refunding.as_ref().ok_or_else(no_sale)?;
            let left = refunding.left()?;
            let lines = left.take(&wanted(lines)?)?;
            let settled = left.pay_back(&lines, &way_back(tender, reference)?, self.shop().cash_rounding, PaymentId::generate)?;
            let total = Money::sum(refunding.sale.currency, lines.iter().map(|line| line.payable))?;
            Ok(RefundPreviewView {
                total: present::money(total),
                payments: settled.payments.iter().map(present::payment).collect(),
                back: present::money(total.plus(settled.rounding)?),
            })
        })
    }

    /// Gives back `lines` of the sale that was looked up. Once it answers, the refund is signed and on disk.
    pub(crate) fn refund_sale(
        &self,
        session: &str,
        lines: &[RefundLineArgs],
        reason: &str,
        tender: &str,
        reference: &str,
        print: Option<bool>,
    ) -> Result<ReceiptView, Problem> {
        self.in_session(session, Permission::Refund, |session| {
            let reason = reason_of(reason)?;
            let refunding = session.refunding.clone().ok_or_else(no_sale)?;
            if self.store.order(refunding.refund)?.is_some() {
                session.refunding = None;
                return self.finished_receipt(refunding.refund);
            }
            let left = refunding.left()?;
            let lines = left.take(&wanted(lines)?)?;
            let how = way_back(tender, reference)?;
            let settled = left.pay_back(&lines, &how, self.shop().cash_rounding, PaymentId::generate)?;
            allow_cash(session, &left, &settled)?;
            let unchecked = self.claim(session, &refunding, &lines)?;
            let made = RefundToRecord {
                id: refunding.refund,
                of: Some(refunding.sale.id),
                of_receipt: None,
                unchecked,
                exchange: None,
                reason,
                lines,
                settled,
                sale: Some(refunding.sale),
            };
            let receipt = self.record_refund(session, made, None, print)?;
            session.refunding = None;
            Ok(receipt)
        })
    }

    /// Gives back the goods in the order of the session, without their sale: by right, at what they cost now. `receipt` is the
    /// number on a receipt of another till that could not be looked up; the hub checks it later.
    pub(crate) fn refund_goods(
        &self,
        session: &str,
        receipt: &str,
        reason: &str,
        tender: &str,
        reference: &str,
        print: Option<bool>,
    ) -> Result<ReceiptView, Problem> {
        self.in_session(session, Permission::RefundWithoutReceipt, |session| {
            let reason = reason_of(reason)?;
            session.order.ringing()?;
            if let crate::sessions::Phase::Finished(order) = session.order.phase
                && session.order.cart.is_empty()
            {
                // Asked again after an answer that got lost.
                if let Some(stored) = self.store.order(order)?.filter(|stored| stored.kind == store::OrderKind::Refund) {
                    return self.finished_receipt(stored.order.id);
                }
            }
            if session.order.cart.is_empty() {
                return Err(Problem::new(ProblemCode::CartEmpty, "ring up what is given back first"));
            }
            let of_receipt = match receipt.trim() {
                "" => None,
                number => Some(ReceiptNumber::parse(number).map_err(|_| no_such_receipt(number))?),
            };
            let priced = session.order.cart.priced()?;
            let lines: Vec<OrderLine> = priced.lines.into_iter().map(|line| line.line).collect();
            let amount = match (tender, self.shop().cash_rounding) {
                ("cash", Some(rounding)) => rounding.apply(priced.total)?.0,
                _ => priced.total,
            };
            let tender = match tender {
                "cash" => Tender::Cash { given: amount, change: Money::zero(amount.currency()) },
                "card" => Tender::card(reference)?,
                other => return Err(bad_tender(other)),
            };
            let payment = domain::Payment { id: PaymentId::generate(), amount, tender };
            let payments = if amount.is_zero() { Vec::new() } else { vec![payment] };
            let made = RefundToRecord {
                id: OrderId::generate(),
                of: None,
                unchecked: of_receipt.is_some(),
                of_receipt,
                exchange: None,
                reason,
                lines,
                settled: Settled { payments, rounding: amount.minus(priced.total)? },
                sale: None,
            };
            let after = OpenOrder::after(made.id, &self.shop());
            self.record_refund(session, made, Some(after), print)
        })
    }

    /// Signs and records a refund; `after` is what becomes of the session's order, which otherwise stays.
    fn record_refund(
        &self,
        session: &mut Session,
        made: RefundToRecord,
        after: Option<OpenOrder>,
        print: Option<bool>,
    ) -> Result<ReceiptView, Problem> {
        let id = made.id;
        let draft = after.as_ref().and_then(OpenOrder::to_draft);
        let closing = after.as_ref().map(|_| Closing { session: &session.name, draft: draft.as_deref() });
        let recorded = self.record_refund_entry(session, made, closing);
        let entry = match recorded {
            Ok(entry) => entry,
            Err(TillError::Store(StoreError::AlreadyRecorded { .. })) => return self.finished_receipt(id),
            Err(error) => return Err(error.problem()),
        };
        if let Some(after) = after {
            session.order = after;
            session.undo.clear();
        }
        let finished = Finished::of_entry(entry)?;
        let printing = self.print_finished(&finished, print);
        Ok(self.receipt_view(&finished, printing, false))
    }

    fn record_refund_entry(
        &self,
        session: &Session,
        made: RefundToRecord,
        closing: Option<Closing<'_>>,
    ) -> Result<Entry, TillError> {
        let currency = self.shop().currency;
        let mut writer = self.store.writer()?;
        let event = made.event(writer.next_receipt_number(), writer.acknowledged().cloned(), currency)?;
        let staff = Some(&session.staff.id);
        let entry = Entry::sign(&self.keys.journal, self.id, writer.head(), self.clock.now(), staff, event)?;
        match closing {
            Some(Closing { session, draft }) => writer.record_closing(&entry, session, draft)?,
            None => writer.record(&entry)?,
        }
        drop(writer);
        self.after_commit.ring();
        Ok(entry)
    }

    /// The sale, from this terminal's journal and from the hub.
    pub(crate) fn find_sale(&self, session: &Session, receipt: &str) -> Result<Refunding, Problem> {
        let own = match receipt.parse::<OrderId>() {
            Ok(id) => self.store.order(id)?,
            Err(_) => match ReceiptNumber::parse(receipt) {
                Ok(number) => self.store.order_by_receipt(&number)?,
                Err(_) => return Err(no_such_receipt(receipt)),
            },
        };
        if own.as_ref().is_some_and(|own| own.kind == store::OrderKind::Refund) {
            return Err(Problem::new(ProblemCode::NotASale, "this is the receipt of a refund").with("receipt", receipt));
        }
        let question = RefundQuestion { staff: session.staff.id.clone(), sale: receipt.to_owned() };
        let asked = if self.hub().is_some() {
            self.ask_hub::<RefundAnswer>("/v1/refunds/check", &question).map(|answer| answer.sale)
        } else {
            Ok(None)
        };
        let (hub, checked) = match asked {
            Ok(found) => (found, true),
            Err(problem) if did_not_answer(&problem) => (None, false),
            Err(problem) => return Err(problem),
        };
        let (claimed, mut refunds) = match &hub {
            Some(sale) => (sale.claimed.clone(), sale.refunds.clone()),
            None => (Vec::new(), Vec::new()),
        };
        let (sale, at, store) = match (own, hub) {
            (Some(own), _) => (own.order, own.at, String::new()),
            (None, Some(sale)) => (sale.order, sale.at, sale.store.to_string()),
            (None, None) if checked => return Err(no_such_receipt(receipt)),
            (None, None) => {
                let detail = "this receipt is of another till, and the hub does not answer";
                return Err(Problem::new(ProblemCode::ReceiptElsewhere, detail).with("receipt", receipt));
            }
        };
        if sale.currency != self.shop().currency {
            return Err(no_such_receipt(receipt));
        }
        for refund in self.store.refunds_of(sale.id)? {
            if !refunds.iter().any(|known| known.id == refund.id) {
                refunds.push(refund);
            }
        }
        Ok(Refunding { refund: OrderId::generate(), sale, at, store, refunds, claimed, checked })
    }

    /// Has the hub keep `lines` for this refund. True when it could not be asked.
    pub(crate) fn claim(&self, session: &Session, refunding: &Refunding, lines: &[OrderLine]) -> Result<bool, Problem> {
        if self.hub().is_none() {
            return Ok(false);
        }
        let lines = lines.iter().filter_map(|line| Some(ClaimedLine { line: line.of_line?, quantity: line.quantity })).collect();
        let staff = session.staff.id.clone();
        let claim = RefundClaim { staff, refund: refunding.refund, sale: refunding.sale.id, lines };
        match self.ask_hub::<ClaimAnswer>("/v1/refunds/claim", &claim) {
            Ok(answer) if answer.granted => Ok(false),
            Ok(_) => {
                let detail = "another till has given this back meanwhile, or is about to";
                Err(Problem::new(ProblemCode::RefundTaken, detail))
            }
            Err(problem) if did_not_answer(&problem) => Ok(true),
            Err(problem) => Err(problem),
        }
    }

    fn refund_sale_view(&self, refunding: &Refunding) -> Result<RefundSaleView, Problem> {
        let left = refunding.left()?;
        let claimed = |line: u32| -> i64 {
            refunding.claimed.iter().filter(|claim| claim.line == line).map(|claim| claim.quantity.milli()).sum()
        };
        let lines = (0_u32..).zip(left.lines()).zip(&refunding.sale.lines).map(|((line, left), sold)| RefundableLineView {
            line,
            sku: sold.sku.to_string(),
            name: (&sold.name).into(),
            whole: sold.unit == domain::Unit::Piece,
            sold: sold.quantity.to_string(),
            left: Quantity::from_milli(left.milli - claimed(line)).map_or_else(|_| "0".to_owned(), |left| left.to_string()),
            unit_price: present::unit_price(sold.unit_price),
            payable: present::money(left.line.payable),
        });
        let tenders = left.tenders().iter().filter(|(_, left)| !left.is_zero()).map(|(tender, left)| TenderLeftView {
            kind: tender.code().to_owned(),
            reference: if let Tender::Card { reference } = tender { Some(reference.clone()) } else { None },
            left: present::money(*left),
        });
        Ok(RefundSaleView {
            sale: refunding.sale.id.to_string(),
            receipt: refunding.sale.receipt.to_string(),
            at: present::moment(refunding.at, &self.shop()),
            store: refunding.store.clone(),
            total: present::money(refunding.sale.total),
            left: present::money(left.total()?),
            lines: lines.collect(),
            tenders: tenders.collect(),
            checked: refunding.checked,
        })
    }
}

/// Cash for what a card paid needs a right of its own.
pub(crate) fn allow_cash(session: &Session, left: &Left, settled: &Settled) -> Result<(), Problem> {
    let sum = |cash: bool, amounts: &mut dyn Iterator<Item = (&Tender, Money)>| -> i64 {
        amounts.filter(|(tender, _)| matches!(tender, Tender::Card { .. }) != cash).map(|(_, amount)| amount.minor()).sum()
    };
    let in_cash = sum(true, &mut settled.payments.iter().map(|payment| (&payment.tender, payment.amount)));
    let paid_in_cash = sum(true, &mut left.tenders().iter().map(|(tender, amount)| (tender, *amount)));
    if in_cash > paid_in_cash { session.allow(Permission::RefundInCash) } else { Ok(()) }
}

/// What was chosen, read strictly.
pub(crate) fn wanted(lines: &[RefundLineArgs]) -> Result<Vec<(u32, Quantity)>, Problem> {
    lines.iter().map(|line| Ok((line.line, typed::quantity(&line.quantity)?))).collect()
}

/// `as_paid`, `cash` or `card`.
pub(crate) fn way_back(tender: &str, reference: &str) -> Result<PayBack, Problem> {
    match tender {
        "as_paid" => Ok(PayBack::AsPaid),
        "cash" => Ok(PayBack::Cash),
        "card" => Ok(PayBack::Card { reference: reference.trim().to_owned() }),
        other => Err(bad_tender(other)),
    }
}

/// A reason in few words; it may not be missing.
pub(crate) fn reason_of(text: &str) -> Result<String, Problem> {
    let reason: String = text.trim().chars().filter(|c| !c.is_control()).take(LONGEST_REASON).collect();
    if reason.is_empty() { Err(Problem::new(ProblemCode::ReasonMissing, "the reason is missing")) } else { Ok(reason) }
}

/// True for a hub that is away, as opposed to one that says no.
pub(crate) fn did_not_answer(problem: &Problem) -> bool {
    matches!(problem.code, ProblemCode::HubUnreachable | ProblemCode::HubCertificate | ProblemCode::NotEnrolled)
}

pub(crate) fn bad_tender(tender: &str) -> Problem {
    Problem::new(ProblemCode::BadRequest, format!("'{tender}' is no way to give money back"))
}

pub(crate) fn no_sale() -> Problem {
    Problem::new(ProblemCode::NoSuchReceipt, "look the sale up first")
}

fn no_such_receipt(receipt: &str) -> Problem {
    Problem::new(ProblemCode::NoSuchReceipt, format!("there is no receipt {receipt}")).with("receipt", receipt)
}

impl From<RefundError> for Problem {
    fn from(error: RefundError) -> Self {
        let detail = error.to_string();
        match error {
            RefundError::Nothing => Self::new(ProblemCode::NothingChosen, detail),
            RefundError::NoSuchLine(_) => Self::new(ProblemCode::NoSuchLine, detail),
            RefundError::MoreThanLeft { left, .. } => Self::new(ProblemCode::RefundAboveRest, detail).with("left", left),
            RefundError::Quantity(error) => error.into(),
            RefundError::MoreThanPaid { left } => {
                Self::new(ProblemCode::RefundAboveTender, detail).with("left", present::money_text(left))
            }
            RefundError::LooksLikeCardNumber => Self::new(ProblemCode::LooksLikeCardNumber, detail),
            RefundError::Money(error) => error.into(),
        }
    }
}

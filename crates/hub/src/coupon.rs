//! Coupons, each used once. A row is held for an order for some minutes, then spent when the order's entry arrives. Every
//! change names what the row must hold before, so of several that ask at once exactly one gets it.

use domain::promotion::{PromotionState, compose};
use domain::{CouponCode, OrderId, PromotionId, ReceiptNumber, StoreCode, TerminalId};
use jiff::{SignedDuration, Timestamp};
use sync::promotion_wire::CouponAnswer;
use sync::wire::ProblemKind;

use crate::database::Session;
use crate::error::{Failure, HubError, Refused};
use crate::hub::Hub;
use crate::incident::Finding;
use crate::promotion;
use crate::terminal::time;

/// How long a coupon is kept for an order that is being paid.
const HELD_FOR: SignedDuration = SignedDuration::from_mins(10);
/// Coupons that one command may make.
const MAX_MADE: u32 = 100_000;

impl Hub {
    /// Makes `count` coupons of a promotion that is given for coupons.
    pub fn make_coupons(&self, promotion: PromotionId, count: u32, now: Timestamp) -> Result<Vec<CouponCode>, Refused> {
        if count > MAX_MADE {
            return Err(Refused::new(ProblemKind::Malformed, format!("at most {MAX_MADE} coupons are made at once")));
        }
        let series = self.series(promotion)?;
        let made = (0..count).map(|_| compose(&series, rand::random())).collect::<Result<Vec<_>, _>>();
        let made = made.map_err(|error| Refused::new(ProblemKind::Malformed, error.to_string()))?;
        self.add_coupons(promotion, &made, now)?;
        Ok(made)
    }

    /// Adds coupons whose codes are known; those that are there already stay as they are.
    pub fn add_coupons(&self, promotion: PromotionId, codes: &[CouponCode], now: Timestamp) -> Result<(), Refused> {
        self.series(promotion)?;
        let codes = codes.to_vec();
        let added = self.0.database.write(move |session| {
            for code in &codes {
                session.execute(
                    "INSERT INTO coupons (code, promotion, made_at) VALUES ($1, $2, $3) ON CONFLICT (code) DO NOTHING",
                    &[code.as_str().into(), promotion.uuid().into(), now.as_millisecond().into()],
                )?;
            }
            Ok::<_, HubError>(())
        });
        Ok(added?)
    }

    fn series(&self, id: PromotionId) -> Result<String, Refused> {
        let known = self.0.database.read(|session| promotion::by_id(session, id))?;
        let series = known.and_then(|known| known.coupon).map(|rule| rule.series);
        series.ok_or_else(|| Refused::new(ProblemKind::Malformed, format!("promotion {id} is not given for coupons")))
    }

    /// Keeps a coupon for an order at `terminal` for some minutes. The same order may ask again.
    pub fn claim_coupon(
        &self,
        terminal: TerminalId,
        code: &CouponCode,
        order: OrderId,
        now: Timestamp,
    ) -> Result<CouponAnswer, Refused> {
        let code = code.clone();
        let answer = self.0.database.write(move |session| claim(session, terminal, &code, order, now));
        answer.map_err(|failure: Failure| failure.into())
    }

    /// Lets others have the coupons that are held for `order`, or one of them; how many there were.
    pub fn release_coupons(&self, order: OrderId, code: Option<&CouponCode>) -> Result<u64, Refused> {
        let code = code.cloned();
        let released = self.0.database.write(move |session| {
            let sql = "UPDATE coupons SET held_for = NULL, held_by = NULL, held_until = NULL WHERE held_for = $1";
            Ok::<_, HubError>(match &code {
                Some(code) => session.execute(&format!("{sql} AND code = $2"), &[order.into(), code.as_str().into()])?,
                None => session.execute(sql, &[order.into()])?,
            })
        });
        Ok(released?)
    }
}

fn claim(
    session: &mut Session<'_>,
    terminal: TerminalId,
    code: &CouponCode,
    order: OrderId,
    now: Timestamp,
) -> Result<CouponAnswer, Failure> {
    let sql = "SELECT promotion FROM coupons WHERE code = $1";
    let id = session.query_one(sql, &[code.as_str().into()], |row| Ok::<_, HubError>(PromotionId::from_uuid(row.uuid(0)?)))?;
    let Some(id) = id else { return Ok(CouponAnswer::Unknown) };
    if promotion::by_id(session, id)?.is_none_or(|promotion| promotion.state != PromotionState::Live) {
        return Ok(CouponAnswer::NotLive { promotion: id });
    }
    let until = now + HELD_FOR;
    let held = session.execute(
        "UPDATE coupons SET held_for = $2, held_by = $3, held_until = $4 \
         WHERE code = $1 AND spent_on IS NULL AND (held_for IS NULL OR held_for = $2 OR held_until <= $5)",
        &[code.as_str().into(), order.into(), terminal.into(), until.as_millisecond().into(), now.as_millisecond().into()],
    )?;
    if held > 0 {
        return Ok(CouponAnswer::Granted { promotion: id, until });
    }
    match holder(session, code)? {
        // Asked again after the sale had arrived.
        Some(Holder { order: Some(by), .. }) if by == order => Ok(CouponAnswer::Granted { promotion: id, until }),
        Some(Holder { receipt: Some(receipt), at, store, terminal, .. }) => {
            Ok(CouponAnswer::Used { at, store, terminal, receipt })
        }
        Some(Holder { at, store, terminal, .. }) => Ok(CouponAnswer::Held { until: at, store, terminal }),
        None => Ok(CouponAnswer::Unknown),
    }
}

/// Who has a coupon.
struct Holder {
    /// The order that it was spent on.
    order: Option<OrderId>,
    receipt: Option<ReceiptNumber>,
    /// When it was spent, or until when it is held.
    at: Timestamp,
    store: StoreCode,
    terminal: String,
}

fn holder(session: &mut Session<'_>, code: &CouponCode) -> Result<Option<Holder>, HubError> {
    session.query_one(
        "SELECT c.spent_at, c.held_until, c.receipt, s.code, t.name, COALESCE(c.spent_on, c.held_for), c.spent_on IS NULL \
         FROM coupons c JOIN terminals t ON t.id = COALESCE(c.spent_by, c.held_by) JOIN stores s ON s.number = t.store \
         WHERE c.code = $1",
        &[code.as_str().into()],
        |row| {
            let unreadable = |detail: String| HubError::Unreadable { what: "coupon", detail };
            let spent_at = row.optional_int(0)?;
            let at = time(spent_at.or(row.optional_int(1)?).unwrap_or(0))?;
            let receipt = match spent_at {
                Some(_) => Some(ReceiptNumber::parse(&row.text(2)?).map_err(|error| unreadable(error.to_string()))?),
                None => None,
            };
            let order = OrderId::from_uuid(row.uuid(5)?);
            Ok(Holder {
                order: spent_at.map(|_| order),
                receipt,
                at,
                store: StoreCode::parse(&row.text(3)?).map_err(|error| unreadable(error.to_string()))?,
                terminal: row.text(4)?,
            })
        },
    )
}

/// A sale that has arrived, with a coupon that it spent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spending<'a> {
    pub(crate) code: &'a CouponCode,
    pub(crate) order: OrderId,
    pub(crate) receipt: &'a ReceiptNumber,
    pub(crate) at: i64,
    /// The entry, and its hash.
    pub(crate) entry: (&'a str, String),
}

/// Spends a coupon on an order that has arrived: a sale that happened counts, whoever the coupon was held for. Where it was
/// spent before, or nobody has made it, that is what is found.
pub(crate) fn spend(
    session: &mut Session<'_>,
    terminal: TerminalId,
    spending: &Spending<'_>,
) -> Result<Option<Finding>, HubError> {
    let Spending { code, order, receipt, at, entry } = spending;
    let spent = session.execute(
        "UPDATE coupons SET spent_on = $2, spent_by = $3, spent_at = $4, receipt = $5, held_for = NULL, held_by = NULL, \
         held_until = NULL WHERE code = $1 AND spent_on IS NULL",
        &[code.as_str().into(), (*order).into(), terminal.into(), (*at).into(), receipt.as_str().into()],
    )?;
    if spent > 0 {
        return Ok(None);
    }
    let what = match holder(session, code)? {
        Some(Holder { order: Some(by), .. }) if by == *order => return Ok(None),
        Some(Holder { at, store, terminal, receipt: Some(first), .. }) => {
            format!("was used on {at} in store {store} at {terminal} already, on receipt {first}")
        }
        _ => "was never made by this hub".to_owned(),
    };
    Ok(Some(Finding {
        kind: ProblemKind::CouponReused,
        fingerprint: format!("{code}:{}", entry.1),
        detail: format!("coupon {code} {what}; receipt {receipt} took it all the same, and the shop bears what it gave"),
        evidence: entry.0.to_owned(),
    }))
}

//! Coupons on an order. A coupon is kept for the order at the hub from when it is scanned; it counts as spent when the sale's
//! entry arrives there. While the hub cannot be asked its promotion says what happens.

use domain::promotion::{self, OfflineCoupon};
use domain::{CouponCode, OrderId, Permission, PricedCart, Promotion, PromotionId, StaffId};
use jiff::Timestamp;
use sync::promotion_wire::{CouponAnswer, CouponClaim, CouponRelease, CouponReleased};

use crate::api::{CartView, CouponView, NameView, Problem, ProblemCode};
use crate::present;
use crate::sessions::OpenOrder;
use crate::terminal::Terminal;

/// How a coupon came to be on an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claim {
    /// The coupon.
    pub(crate) code: CouponCode,
    /// Until when the hub keeps it for the order; none: taken without asking the hub.
    pub(crate) until: Option<Timestamp>,
}

impl Terminal {
    /// Adds a scanned or typed coupon to the order.
    pub(crate) fn add_coupon_to_order(&self, session: &str, text: &str) -> Result<CartView, Problem> {
        let code = promotion::recognise(text)
            .map_err(|error| Problem::new(ProblemCode::CouponWrong, error.to_string()).with("code", text.trim()))?;
        self.in_session(session, Permission::Sell, |session| {
            session.order.ringing()?;
            let mut order = session.order.clone();
            if order.cart.presented().iter().any(|(known, _)| *known == code) {
                return Err(domain::CartError::CouponTwice.into());
            }
            let id = *order.id.get_or_insert_with(OrderId::generate);
            let (promotion, until) = self.claim_coupon(&session.staff.id, &code, id)?;
            let most = self.store.promotion_set().promotion(promotion).map_or(1, Promotion::coupons_per_order);
            if let Err(refused) = order.cart.present(code.clone(), promotion, most) {
                self.release(&session.staff.id, id, Some(code));
                return Err(refused.into());
            }
            order.claims.push(Claim { code, until });
            order.begin_again();
            session.order = order;
            self.keep_draft(session);
            self.cart_view(&session.order)
        })
    }

    /// Takes a coupon off the order; others may have it at once.
    pub(crate) fn take_coupon_off(&self, session: &str, text: &str) -> Result<CartView, Problem> {
        self.in_session(session, Permission::Sell, |session| {
            session.order.ringing()?;
            if let Ok(code) = CouponCode::parse(text)
                && session.order.cart.take_back(&code)
            {
                session.order.claims.retain(|claim| claim.code != code);
                if let Some(id) = session.order.id {
                    self.release(&session.staff.id, id, Some(code));
                }
                self.keep_draft(session);
            }
            self.cart_view(&session.order)
        })
    }

    /// Makes sure, before payment, that every coupon is still kept for the order. One that somebody else has used since is
    /// taken off and the refusal says so.
    pub(crate) fn claim_again(&self, staff: &StaffId, order: &mut OpenOrder) -> Result<(), Problem> {
        let Some(id) = order.id else { return Ok(()) };
        for claim in order.claims.clone().into_iter().filter(|claim| claim.until.is_some()) {
            match self.claim_coupon(staff, &claim.code, id) {
                Ok((_, until)) => {
                    for known in order.claims.iter_mut().filter(|known| known.code == claim.code) {
                        known.until = until;
                    }
                }
                // The hub said a moment ago that it keeps it.
                Err(problem) if problem.code == ProblemCode::CouponOffline && claim.until > Some(self.clock.now()) => {}
                Err(problem) => {
                    order.cart.take_back(&claim.code);
                    order.claims.retain(|known| known.code != claim.code);
                    return Err(problem);
                }
            }
        }
        Ok(())
    }

    /// Lets others have the coupons of an order that is given up, or whose payment was left; the order claims them again
    /// before it is paid. Nobody waits for the hub.
    pub(crate) fn release_coupons(&self, staff: &StaffId, order: &mut OpenOrder) {
        let Some(id) = order.id.filter(|_| order.claims.iter().any(|claim| claim.until.is_some())) else { return };
        let now = self.clock.now();
        for claim in &mut order.claims {
            claim.until = claim.until.map(|until| until.min(now));
        }
        self.release(staff, id, None);
    }

    /// After a sale: lets others have the coupons that it did not use.
    pub(crate) fn release_unused(&self, staff: &StaffId, order: &OpenOrder, used: &[CouponCode]) {
        let Some(id) = order.id else { return };
        for claim in order.claims.iter().filter(|claim| claim.until.is_some() && !used.contains(&claim.code)) {
            self.release(staff, id, Some(claim.code.clone()));
        }
    }

    /// The coupons of an order as they are shown.
    pub(crate) fn coupon_views(&self, order: &OpenOrder, priced: &PricedCart) -> Vec<CouponView> {
        let set = self.store.promotion_set();
        let view = |(code, promotion): &(CouponCode, PromotionId)| CouponView {
            code: code.to_string(),
            name: set
                .promotion(*promotion)
                .map(|known| NameView::from(&known.name))
                .unwrap_or_else(|| NameView { zh: String::new(), en: String::new() }),
            gives: priced.coupons.contains(code),
            unchecked: order.claims.iter().any(|claim| claim.code == *code && claim.until.is_none()),
        };
        order.cart.presented().iter().map(view).collect()
    }

    /// The promotion of a coupon that is now kept for `order`, and until when; none where the hub was not asked.
    fn claim_coupon(
        &self,
        staff: &StaffId,
        code: &CouponCode,
        order: OrderId,
    ) -> Result<(PromotionId, Option<Timestamp>), Problem> {
        let refuse = |problem: ProblemCode, detail: String| Problem::new(problem, detail).with("code", code);
        let question = CouponClaim { staff: staff.clone(), code: code.clone(), order };
        let answer: CouponAnswer = match self.ask_hub("/v1/coupons/claim", &question) {
            Ok(answer) => answer,
            Err(problem) => return self.claim_offline(code, &problem).map(|promotion| (promotion, None)),
        };
        let moment = |at| present::moment(at, &self.shop());
        match answer {
            CouponAnswer::Granted { promotion, until } => Ok((promotion, Some(until))),
            CouponAnswer::Used { at, store, terminal, receipt } => {
                let detail = format!("coupon {code} was used on {at} in store {store} at {terminal}, on receipt {receipt}");
                Err(refuse(ProblemCode::CouponUsed, detail)
                    .with("at", moment(at))
                    .with("store", store)
                    .with("terminal", terminal)
                    .with("receipt", receipt))
            }
            CouponAnswer::Held { until, store, terminal } => {
                let detail = format!("coupon {code} is on another order in store {store} at {terminal} until {until}");
                Err(refuse(ProblemCode::CouponHeld, detail)
                    .with("until", moment(until))
                    .with("store", store)
                    .with("terminal", terminal))
            }
            CouponAnswer::NotLive { .. } => Err(refuse(ProblemCode::CouponNotLive, format!("coupon {code} is not valid now"))),
            CouponAnswer::Unknown => Err(refuse(ProblemCode::CouponUnknown, format!("there is no coupon {code}"))),
        }
    }

    /// What the promotion of a coupon says while the hub cannot be asked.
    fn claim_offline(&self, code: &CouponCode, problem: &Problem) -> Result<PromotionId, Problem> {
        let set = self.store.promotion_set();
        let known = set.promotion_of_series(promotion::series_of(code));
        let policy = known.and_then(|known| known.coupon.as_ref()).map(|rule| rule.offline);
        match (known, policy) {
            (Some(known), Some(OfflineCoupon::Flag)) => {
                tracing::warn!(%code, %problem, "a coupon is taken without asking the hub, as its promotion says");
                Ok(known.id)
            }
            _ => {
                let detail = format!("coupon {code} can only be taken while the hub can be asked: {problem}");
                Err(Problem::new(ProblemCode::CouponOffline, detail).with("code", code))
            }
        }
    }

    /// Tells the hub behind the sale; should that fail, the coupon is free again after some minutes.
    fn release(&self, staff: &StaffId, order: OrderId, code: Option<CouponCode>) {
        let question = CouponRelease { staff: staff.clone(), order, code };
        let told = self.tell_hub("/v1/coupons/release", question, |answer: Result<CouponReleased, Problem>| {
            if let Err(problem) = answer {
                tracing::info!(%problem, "coupons could not be released; they are free again after some minutes");
            }
        });
        if let Err(problem) = told {
            tracing::info!(%problem, "coupons could not be released; they are free again after some minutes");
        }
    }
}

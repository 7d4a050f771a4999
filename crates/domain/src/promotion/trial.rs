//! A draft promotion tried on baskets that were sold: how many it would have touched, what it would have cost, and which
//! other promotions it would have taken something from.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::model::{Promotion, PromotionState};
use super::price_list::PriceList;
use super::set::{PricingContext, PromotionSet};
use crate::cart::{Cart, CartError};
use crate::ids::{CouponCode, PromotionId};
use crate::money::{Currency, Money};
use crate::pricing::PricedCart;

/// What the draft would have done to another promotion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clash {
    /// Baskets in which the other one would have given less.
    pub baskets: u64,
    /// By how much, in all.
    pub lost: Money,
}

/// What a trial found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialResult {
    /// Baskets tried.
    pub baskets: u64,
    /// Baskets on which the draft would have given something.
    pub touched: u64,
    /// What it would have given.
    pub given: Money,
    /// What the shop would have taken less in all: what it gave, without what others gave less.
    pub cost: Money,
    /// What the touched baskets came to without it.
    pub turnover: Money,
    /// Other promotions that would have given less.
    pub clashes: BTreeMap<PromotionId, Clash>,
}

/// A draft being tried.
#[derive(Debug, Clone)]
pub struct Trial {
    without: Arc<PromotionSet>,
    with: Arc<PromotionSet>,
    draft: Promotion,
    found: TrialResult,
}

impl Trial {
    /// Tries `draft` beside those of `live` that are not an older state of it. A draft for coupons is tried as if every
    /// customer had brought one; when it holds is looked at as it is written.
    pub fn new(live: &PromotionSet, draft: &Promotion, currency: Currency) -> Self {
        let others = || live.promotions().iter().filter(|promotion| promotion.id != draft.id).cloned();
        let lists = || live.price_lists().iter().cloned().collect::<Vec<PriceList>>();
        let draft = Promotion { state: PromotionState::Live, ..draft.clone() };
        let nothing = Money::zero(currency);
        Self {
            without: Arc::new(PromotionSet::new(others(), lists())),
            with: Arc::new(PromotionSet::new(others().chain([draft.clone()]), lists())),
            draft,
            found: TrialResult {
                baskets: 0,
                touched: 0,
                given: nothing,
                cost: nothing,
                turnover: nothing,
                clashes: BTreeMap::new(),
            },
        }
    }

    /// Tries one basket, sold where, when and to whom `context` says.
    pub fn basket(&mut self, cart: &Cart, context: &PricingContext) -> Result<(), CartError> {
        let mut cart = cart.clone();
        self.found.baskets += 1;
        cart.price_by(Arc::clone(&self.without), context.clone());
        let before = cart.priced()?;
        cart.price_by(Arc::clone(&self.with), context.clone());
        if let (Some(_), Ok(code)) = (&self.draft.coupon, CouponCode::parse("TRIAL")) {
            cart.present(code, self.draft.id, u32::MAX)?;
        }
        let after = cart.priced()?;
        let given = given_by(&after, self.draft.id)?;
        if given.is_zero() {
            return Ok(());
        }
        let found = &mut self.found;
        found.touched += 1;
        found.given = found.given.plus(given)?;
        found.cost = found.cost.plus(before.total.minus(after.total)?)?;
        found.turnover = found.turnover.plus(before.total)?;
        for other in &before.promotions {
            let lost = given_by(&before, other.id)?.minus(given_by(&after, other.id)?)?;
            if lost.minor() > 0 {
                let nothing = Clash { baskets: 0, lost: Money::zero(lost.currency()) };
                let clash = found.clashes.entry(other.id).or_insert(nothing);
                clash.baskets += 1;
                clash.lost = clash.lost.plus(lost)?;
            }
        }
        Ok(())
    }

    /// What was found so far.
    pub fn result(&self) -> &TrialResult {
        &self.found
    }
}

fn given_by(priced: &PricedCart, promotion: PromotionId) -> Result<Money, CartError> {
    let given = priced.lines.iter().flat_map(|line| &line.line.discounts).filter(|discount| discount.rule == Some(promotion));
    Ok(Money::sum(priced.total.currency(), given.map(|discount| discount.amount))?)
}

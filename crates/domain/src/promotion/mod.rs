//! Price lists and promotions: what takes a price down by itself, and the trace that says which rule gave which cent.
//!
//! **Order of application.** Each step works on what the one before left:
//!
//! 1. *Price list*: of the lists that hold here, now and for this member, the one with the lowest priority number names the
//!    price of a unit (see [`PriceList`]).
//! 2. *Line promotions* (percent, amount, fixed price) by priority.
//! 3. *Bundles* (mix-and-match, buy-X-get-Y) by priority; of the same priority the one that saves most.
//! 4. The *manual discount* of a line.
//! 5. *Order promotions* (thresholds) by priority.
//! 6. *Coupons*, by the priority of their promotion.
//! 7. The *manual discount* of the order.
//! 8. *Tax*, then *抹零*.
//!
//! **Stacking.** A promotion that stacks comes on top of every other. Of the exclusive promotions of one group at most one
//! gives something on a line: the one that is best for the customer; ties go to the lower priority number, then to the older
//! id. Line promotions and bundles share their groups: whether a group's line promotions or its bundles come first is decided
//! by what saves more in all. Order promotions and coupons are exclusive among themselves.
//!
//! **Who takes part.** A line sold at a price that a person set counts towards thresholds and coupons, and is left alone by
//! price lists, line promotions and bundles. Bundles count pieces; what is weighed takes part in everything else. A piece is
//! in one bundle at most. Where a promotion may be used a limited number of times in an order, the dearest pieces come first.
//!
//! **Exactness.** Every amount is whole minor units. What several lines earned together is spread over them by largest
//! remainder, in an order that does not depend on the order of scanning; no line falls below zero. A line's discounts are kept
//! with it, so a refund gives back exactly what was paid.

mod bundles;
mod coupon;
mod engine;
mod line_rules;
mod model;
mod order_rules;
mod price_list;
mod set;
mod trace;
mod trial;
mod window;

pub use coupon::{CODE_LENGTH, CouponCodeError, SERIES_LENGTH, compose, looks_like_coupon, recognise, series_for, series_of};
pub use model::{CouponRule, Effect, Goods, OfflineCoupon, Promotion, PromotionError, PromotionState, Stacking};
pub use price_list::{ListPrice, PriceList};
pub use set::{PricingContext, PromotionSet};
pub use trace::{Given, LineTrace, Lost, LostRule, PriceSource, PriceTrace};
pub use trial::{Clash, Trial, TrialResult};
pub use window::{Hours, Window};

pub(crate) use engine::Rules;

#[cfg(test)]
mod tests;

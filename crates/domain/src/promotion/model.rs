//! What a promotion is.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::window::Window;
use crate::cart::Discount;
use crate::catalogue::{Name, Product};
use crate::ids::{CategoryCode, LevelCode, ProductId, PromotionId, StoreId};
use crate::money::{Currency, Money, UnitPrice};

/// Pieces that a bundle may have.
const MAX_PIECES: u32 = 1_000;

/// Where a promotion is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromotionState {
    /// Being worked on; gives nothing.
    Draft,
    /// Gives what it promises, within its window.
    Live,
    /// Over; kept so that receipts and reports can name it.
    Ended,
    /// To be forgotten: a draft that was thrown away.
    Removed,
}

/// Whether a promotion goes together with others.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stacking {
    /// On top of every other.
    Stacks,
    /// At most one of its group gives something on a line: the best for the customer.
    Exclusive {
        /// The group's name; may be empty.
        #[serde(default)]
        group: String,
    },
}

impl Default for Stacking {
    fn default() -> Self {
        Self::Exclusive { group: String::new() }
    }
}

/// What it is given on; with neither products nor categories: on everything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Goods {
    /// These products …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<ProductId>,
    /// … and those of these categories …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<CategoryCode>,
    /// … but not these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<ProductId>,
}

impl Goods {
    /// True when `product` is among them.
    pub fn contain(&self, product: &Product) -> bool {
        let everything = self.products.is_empty() && self.categories.is_empty();
        let category = || product.category.as_ref().is_some_and(|category| self.categories.contains(category));
        !self.except.contains(&product.id) && (everything || self.products.contains(&product.id) || category())
    }
}

/// What a promotion gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// A share off: 0.1 for 10 %.
    Percent {
        /// The share.
        #[serde(with = "rust_decimal::serde::str")]
        share: Decimal,
    },
    /// An amount off each unit.
    Amount {
        /// Off one unit.
        off: UnitPrice,
    },
    /// Another price of a unit, where it is lower.
    FixedPrice {
        /// The price of one unit.
        price: UnitPrice,
    },
    /// Of every `buy + get` pieces the `get` cheapest cost `share` less.
    BuyGet {
        /// Pieces at their price.
        buy: u32,
        /// Pieces with the discount.
        get: u32,
        /// 1 for free, 0.5 for half price.
        #[serde(with = "rust_decimal::serde::str")]
        share: Decimal,
    },
    /// Any `count` pieces together for `price`, where that is less.
    MixAndMatch {
        /// How many.
        count: u32,
        /// What they cost together.
        price: Money,
    },
    /// Who spends `spend` on the goods gets `off` their sum.
    Threshold {
        /// What must be spent; nothing: always.
        spend: Money,
        /// What comes off.
        off: Discount,
        /// An amount comes off for every full `spend`, not only once.
        #[serde(default)]
        every: bool,
    },
}

/// What happens to a coupon while the hub cannot be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfflineCoupon {
    /// It is not taken.
    #[default]
    Refuse,
    /// It is taken; should it have been used already, the hub makes an incident of it.
    Flag,
}

/// A promotion that is given for coupons alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouponRule {
    /// What its codes begin with after the common prefix, so that a till knows the promotion of a code (see
    /// [`series_for`](super::series_for)).
    pub series: String,
    /// While the hub cannot be asked.
    #[serde(default)]
    pub offline: OfflineCoupon,
}

/// A promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promotion {
    /// Its id.
    pub id: PromotionId,
    /// Its name, as receipts print it.
    pub name: Name,
    /// Where it is in its life.
    pub state: PromotionState,
    /// Lower comes first.
    #[serde(default)]
    pub priority: u32,
    /// Whether it goes together with others.
    #[serde(default)]
    pub stacking: Stacking,
    /// When it holds.
    #[serde(default)]
    pub when: Window,
    /// Where it holds; none given: in every store.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stores: Vec<StoreId>,
    /// For members of which level; none given: for everybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<LevelCode>,
    /// What it is given on.
    #[serde(default)]
    pub goods: Goods,
    /// What it gives.
    pub effect: Effect,
    /// How often at most in one order: pieces (a weighed line counts one) of a line promotion, bundles, full `spend`s of a
    /// threshold, coupons (one where nothing is said).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_order: Option<u32>,
    /// For coupons alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon: Option<CouponRule>,
}

/// Why a promotion or price list was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PromotionError {
    /// It has no name.
    #[error("a promotion needs a name of 1 to 100 characters")]
    Name,
    /// A share that is not above 0 and at most 1.
    #[error("a share of {0} must lie above 0 and up to 1 (0.1 means 10 %)")]
    Share(Decimal),
    /// Nothing would be given.
    #[error("the amount must be above zero")]
    Amount,
    /// Not a number of pieces that a bundle may have.
    #[error("{0} is not a number of pieces: a bundle has 1 to 1000, and 2 in all at least")]
    Pieces(u32),
    /// Another currency than the store's.
    #[error("it is in {found}, the store sells in {expected}")]
    Currency {
        /// Its currency.
        found: Currency,
        /// The store's.
        expected: Currency,
    },
    /// It ends before it begins.
    #[error("it ends before it begins")]
    Window,
    /// Not a day of the week.
    #[error("{0} is not a day of the week: 1 is Monday, 7 is Sunday")]
    Weekday(i8),
    /// It may be used no time at all.
    #[error("a limit for each order must be above zero")]
    Limit,
    /// Not a series that its codes can begin with.
    #[error("'{0}' cannot begin the codes of its coupons")]
    Series(String),
}

impl Promotion {
    /// The group that it is exclusive in.
    pub fn group(&self) -> Option<&str> {
        match &self.stacking {
            Stacking::Stacks => None,
            Stacking::Exclusive { group } => Some(group),
        }
    }

    /// How many coupons of it one order may have.
    pub fn coupons_per_order(&self) -> u32 {
        self.per_order.unwrap_or(1)
    }

    /// Ok when it can be worked out in an order in `currency`.
    pub fn validate(&self, currency: Currency) -> Result<(), PromotionError> {
        let named = |name: &str| !name.trim().is_empty();
        if !named(&self.name.zh) && !named(&self.name.en) || self.name.zh.chars().chain(self.name.en.chars()).count() > 200 {
            return Err(PromotionError::Name);
        }
        self.effect.validate(currency)?;
        if let (Some(from), Some(until)) = (self.when.from, self.when.until)
            && from >= until
        {
            return Err(PromotionError::Window);
        }
        if self.when.hours.is_some_and(|hours| hours.from == hours.until) {
            return Err(PromotionError::Window);
        }
        if let Some(wrong) = self.when.weekdays.iter().find(|day| !(1..=7).contains(*day)) {
            return Err(PromotionError::Weekday(*wrong));
        }
        if self.per_order == Some(0) {
            return Err(PromotionError::Limit);
        }
        match &self.coupon {
            Some(rule) if !super::coupon::is_series(&rule.series) => Err(PromotionError::Series(rule.series.clone())),
            _ => Ok(()),
        }
    }
}

impl Effect {
    fn validate(&self, currency: Currency) -> Result<(), PromotionError> {
        let right_share = |share: Decimal| {
            if share > Decimal::ZERO && share <= Decimal::ONE { Ok(()) } else { Err(PromotionError::Share(share)) }
        };
        let same = |found: Currency| {
            if found == currency { Ok(()) } else { Err(PromotionError::Currency { found, expected: currency }) }
        };
        let pieces = |count: u32| if (1..=MAX_PIECES).contains(&count) { Ok(()) } else { Err(PromotionError::Pieces(count)) };
        match self {
            Self::Percent { share } => right_share(*share),
            Self::Amount { off } if off.value().is_zero() => Err(PromotionError::Amount),
            Self::Amount { off } => same(off.currency()),
            Self::FixedPrice { price } => same(price.currency()),
            Self::BuyGet { buy, get, share } => {
                pieces(*buy)?;
                pieces(*get)?;
                right_share(*share)
            }
            Self::MixAndMatch { count, price } => {
                pieces(*count)?;
                if *count < 2 {
                    return Err(PromotionError::Pieces(*count));
                }
                if price.is_negative() {
                    return Err(PromotionError::Amount);
                }
                same(price.currency())
            }
            Self::Threshold { spend, off, .. } => {
                same(spend.currency())?;
                if spend.is_negative() {
                    return Err(PromotionError::Amount);
                }
                match off {
                    Discount::Percent(share) => right_share(*share),
                    Discount::Amount(amount) if amount.minor() <= 0 => Err(PromotionError::Amount),
                    Discount::Amount(amount) => same(amount.currency()),
                }
            }
        }
    }
}

//! The order being rung up: lines, quantities, price overrides and discounts. What it costs is worked out by
//! [`crate::pricing`].

use std::sync::Arc;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::catalogue::Product;
use crate::decimal_text;
use crate::ids::{CouponCode, PromotionId};
use crate::money::{Currency, Money, MoneyError, UnitPrice};
use crate::promotion::{PricingContext, PromotionSet, Rules};
use crate::quantity::{Quantity, QuantityError};
use crate::shop::MoLing;
use crate::tax::{TaxClass, TaxRounding};

/// The most one line may come to, in minor units: a hundredth of its share of what an `i64` holds.
#[allow(clippy::cast_possible_wrap, reason = "5,000 fits")]
const MAX_LINE_MINOR: i64 = i64::MAX / (Cart::MAX_LINES as i64 * 100);

/// Names a line within its cart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LineId(pub u32);

/// Why the cart was left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CartError {
    /// No line has this id.
    #[error("this line is no longer in the order")]
    NoSuchLine,
    /// A quantity out of bounds or not fitting the unit.
    #[error(transparent)]
    Quantity(#[from] QuantityError),
    /// An amount that cannot be read or computed.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A percentage that is not between 0 and 100.
    #[error("'{0}' is not a percentage: write a number from 0 to 100")]
    NotAPercentage(String),
    /// A discount above what it is taken from.
    #[error("a discount of {discount} is more than the {amount} it is taken from")]
    DiscountTooLarge {
        /// The discount.
        discount: Money,
        /// What it is taken from.
        amount: Money,
    },
    /// A product priced in another currency.
    #[error("the product is priced in {product}, the order is in {order}")]
    ForeignCurrency {
        /// The product's.
        product: Currency,
        /// The order's.
        order: Currency,
    },
    /// The order has this coupon already.
    #[error("this coupon is in the order already")]
    CouponTwice,
    /// An order may have no more coupons of this promotion.
    #[error("an order may have {0} coupons of this promotion")]
    TooManyCoupons(u32),
    /// More lines than an order may hold.
    #[error("an order holds at most {} lines: finish this one and begin another", Cart::MAX_LINES)]
    TooManyLines,
}

/// A discount as given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Discount {
    /// A share: 0.1 for 10 %.
    Percent(#[serde(with = "rust_decimal::serde::str")] Decimal),
    /// An amount.
    Amount(Money),
}

impl Discount {
    /// Reads a typed percentage such as `10` or `12.5`.
    pub fn parse_percent(text: &str) -> Result<Self, CartError> {
        let wrong = || CartError::NotAPercentage(text.to_owned());
        let value = decimal_text::parse(text, 2).ok_or_else(wrong)?;
        if value < Decimal::ZERO || value > Decimal::ONE_HUNDRED {
            return Err(wrong());
        }
        Ok(Self::Percent(value / Decimal::ONE_HUNDRED))
    }

    /// What it takes off `amount`, half up; never more than `amount`.
    pub fn off(self, amount: Money) -> Result<Money, CartError> {
        let discount = match self {
            Self::Percent(share) => amount.times(share, crate::money::Rounding::HalfUp)?,
            Self::Amount(discount) => discount,
        };
        if discount.compare(amount)?.is_gt() || discount.is_negative() {
            return Err(CartError::DiscountTooLarge { discount, amount });
        }
        Ok(discount)
    }

    /// The share of `amount` that it takes off, for the check of who may give it.
    pub fn share_of(self, amount: Money) -> Decimal {
        match self {
            Self::Percent(share) => share,
            Self::Amount(_) if amount.is_zero() => Decimal::ZERO,
            Self::Amount(discount) => discount.to_decimal() / amount.to_decimal(),
        }
    }
}

/// One line of a cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartLine {
    /// Its name in the cart.
    pub id: LineId,
    /// What is bought.
    pub product: Arc<Product>,
    /// How it is taxed.
    pub tax: Arc<TaxClass>,
    /// How much.
    pub quantity: Quantity,
    /// Another price than the catalogue's.
    pub price_override: Option<UnitPrice>,
    /// A discount on the line.
    pub discount: Option<Discount>,
}

impl CartLine {
    /// Quantity times price. One line's amount is bounded so that no order, with all its taxes, can overflow.
    pub(crate) fn extended(&self) -> Result<Money, MoneyError> {
        Self::extend(self.unit_price(), self.quantity)
    }

    pub(crate) fn extend(price: UnitPrice, quantity: Quantity) -> Result<Money, MoneyError> {
        let extended = price.extend(quantity)?;
        if extended.minor() > MAX_LINE_MINOR { Err(MoneyError::Overflow) } else { Ok(extended) }
    }

    /// The price of one unit that this line is sold at.
    pub fn unit_price(&self) -> UnitPrice {
        self.price_override.unwrap_or(self.product.price)
    }
}

/// The order being rung up. Every change either holds all rules or leaves the cart as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cart {
    currency: Currency,
    tax_rounding: TaxRounding,
    lines: Vec<CartLine>,
    discount: Option<Discount>,
    /// What the member's points take off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    points: Option<Money>,
    mo_ling: Option<MoLing>,
    next_line: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    coupons: Vec<(CouponCode, PromotionId)>,
    /// What it is priced by; never kept, for it is the till's of now.
    #[serde(skip)]
    rules: Option<Rules>,
}

impl Cart {
    /// Lines that one order may hold.
    pub const MAX_LINES: usize = 5_000;

    /// An empty cart.
    pub fn new(currency: Currency, tax_rounding: TaxRounding) -> Self {
        Self {
            currency,
            tax_rounding,
            lines: Vec::new(),
            discount: None,
            points: None,
            mo_ling: None,
            next_line: 1,
            coupons: Vec::new(),
            rules: None,
        }
    }

    /// The currency of the order.
    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// Where tax is rounded.
    pub fn tax_rounding(&self) -> TaxRounding {
        self.tax_rounding
    }

    /// The lines in the order they were rung up.
    pub fn lines(&self) -> &[CartLine] {
        &self.lines
    }

    /// The line `id`.
    pub fn line(&self, id: LineId) -> Result<&CartLine, CartError> {
        self.lines.iter().find(|line| line.id == id).ok_or(CartError::NoSuchLine)
    }

    /// The discount on the whole order.
    pub fn discount(&self) -> Option<Discount> {
        self.discount
    }

    /// What the member's points take off the order.
    pub fn points(&self) -> Option<Money> {
        self.points
    }

    /// 抹零, where it was asked for.
    pub fn mo_ling(&self) -> Option<MoLing> {
        self.mo_ling
    }

    /// The coupons presented, each with its promotion.
    pub fn presented(&self) -> &[(CouponCode, PromotionId)] {
        &self.coupons
    }

    /// Adds a coupon of `promotion`, of which an order may have `most`.
    pub fn present(&mut self, code: CouponCode, promotion: PromotionId, most: u32) -> Result<(), CartError> {
        if self.coupons.iter().any(|(known, _)| *known == code) {
            return Err(CartError::CouponTwice);
        }
        if self.coupons.iter().filter(|(_, of)| *of == promotion).count() >= most as usize {
            return Err(CartError::TooManyCoupons(most));
        }
        self.coupons.push((code, promotion));
        Ok(())
    }

    /// Takes a coupon back out; false where the order does not have it.
    pub fn take_back(&mut self, code: &CouponCode) -> bool {
        let before = self.coupons.len();
        self.coupons.retain(|(known, _)| known != code);
        self.coupons.len() < before
    }

    /// Prices the order by `set` in `context` from now on; an empty set leaves it as a cart without rules.
    pub fn price_by(&mut self, set: Arc<PromotionSet>, context: PricingContext) {
        self.rules = (!set.is_empty()).then_some(Rules { set, context });
    }

    /// What it is priced by.
    pub(crate) fn rules(&self) -> Option<&Rules> {
        self.rules.as_ref()
    }

    /// True before the first line.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Rings up `quantity` of `product`: more of the line that already holds it at the catalogue's price without a discount,
    /// else a new line.
    pub fn add(&mut self, product: Arc<Product>, tax: Arc<TaxClass>, quantity: Quantity) -> Result<LineId, CartError> {
        let quantity = quantity.of(product.unit)?;
        if product.price.currency() != self.currency {
            return Err(CartError::ForeignCurrency { product: product.price.currency(), order: self.currency });
        }
        let same = |line: &&mut CartLine| line.product == product && line.price_override.is_none() && line.discount.is_none();
        if let Some(line) = self.lines.iter_mut().find(same) {
            let together = line.quantity.plus(quantity)?;
            CartLine::extend(line.unit_price(), together)?;
            line.quantity = together;
            return Ok(line.id);
        }
        self.push(product, tax, quantity, None)
    }

    /// Adds a line of its own at `price`, whatever the cart holds already: how orders of another system are taken over.
    pub fn add_line(
        &mut self,
        product: Arc<Product>,
        tax: Arc<TaxClass>,
        quantity: Quantity,
        price: UnitPrice,
    ) -> Result<LineId, CartError> {
        let price_override = (price != product.price).then_some(price);
        self.push(product, tax, quantity, price_override)
    }

    fn push(
        &mut self,
        product: Arc<Product>,
        tax: Arc<TaxClass>,
        quantity: Quantity,
        price_override: Option<UnitPrice>,
    ) -> Result<LineId, CartError> {
        if self.lines.len() >= Self::MAX_LINES {
            return Err(CartError::TooManyLines);
        }
        CartLine::extend(price_override.unwrap_or(product.price), quantity)?;
        let id = LineId(self.next_line);
        self.next_line += 1;
        self.lines.push(CartLine { id, product, tax, quantity, price_override, discount: None });
        Ok(id)
    }

    /// Sets the quantity of a line.
    pub fn set_quantity(&mut self, id: LineId, quantity: Quantity) -> Result<(), CartError> {
        self.change(id, |line| {
            line.quantity = quantity.of(line.product.unit)?;
            Ok(())
        })
    }

    /// Sells a line at another price than the catalogue's, or (`None`) at the catalogue's again.
    pub fn override_price(&mut self, id: LineId, price: Option<UnitPrice>) -> Result<(), CartError> {
        self.change(id, |line| {
            line.price_override = price;
            Ok(())
        })
    }

    /// Gives a discount on a line, or takes it back.
    pub fn discount_line(&mut self, id: LineId, discount: Option<Discount>) -> Result<(), CartError> {
        self.change(id, |line| {
            line.discount = discount;
            Ok(())
        })
    }

    /// Gives a discount on the whole order, or takes it back.
    pub fn discount_order(&mut self, discount: Option<Discount>) -> Result<(), CartError> {
        self.try_change(|cart| {
            cart.discount = discount;
            Ok(())
        })
    }

    /// Takes off what the member's points are worth, or takes it back. It comes off after every other discount.
    pub fn pay_with_points(&mut self, worth: Option<Money>) -> Result<(), CartError> {
        self.try_change(|cart| {
            cart.points = worth.filter(|worth| !worth.is_zero());
            Ok(())
        })
    }

    /// Asks for 抹零 by the shop's rule, or takes it back.
    pub fn set_mo_ling(&mut self, rule: Option<MoLing>) -> Result<(), CartError> {
        self.try_change(|cart| {
            cart.mo_ling = rule;
            Ok(())
        })
    }

    /// Takes a line out. A discount on the order, or points, that no longer fit go with it.
    pub fn remove(&mut self, id: LineId) -> Result<CartLine, CartError> {
        let index = self.lines.iter().position(|line| line.id == id).ok_or(CartError::NoSuchLine)?;
        let line = self.lines.remove(index);
        if self.priced().is_err() {
            self.points = None;
        }
        if self.priced().is_err() {
            self.discount = None;
        }
        Ok(line)
    }

    fn change(&mut self, id: LineId, edit: impl FnOnce(&mut CartLine) -> Result<(), CartError>) -> Result<(), CartError> {
        self.try_change(|cart| {
            let line = cart.lines.iter_mut().find(|line| line.id == id).ok_or(CartError::NoSuchLine)?;
            edit(line)
        })
    }

    fn try_change(&mut self, edit: impl FnOnce(&mut Self) -> Result<(), CartError>) -> Result<(), CartError> {
        let mut changed = self.clone();
        edit(&mut changed)?;
        changed.work_out(true)?;
        *self = changed;
        Ok(())
    }
}

#[cfg(test)]
mod tests;

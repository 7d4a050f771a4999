//! What a cart costs. Order of application: quantity × price (rounded once), promotions of lines, the line's own discount,
//! promotions of the order and coupons, the order's discount shared over the lines by largest remainder, what the member pays
//! with points, shared the same way, tax, then 抹零 (shared the same way, tax worked out again on what is left, so that the total comes out even). [`crate::promotion`] says more of
//! promotions; a cart without rules has none.

use serde::{Deserialize, Serialize};

use crate::cart::{Cart, CartError, CartLine, Discount, LineId};
use crate::ids::{CouponCode, PriceListCode, PromotionId};
use crate::money::{Money, MoneyError, Rounding, UnitPrice};
use crate::order::{AppliedPromotion, DiscountKind, LineDiscount, LineTax, OrderLine};
use crate::promotion::Rules;
use crate::tax::TaxRounding;

/// A line with its amounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricedLine {
    /// Its name in the cart.
    pub id: LineId,
    /// The line as an order will hold it.
    pub line: OrderLine,
}

/// A cart with its amounts: Σ payable = total, Σ tax = tax.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricedCart {
    /// The lines.
    pub lines: Vec<PricedLine>,
    /// Σ quantity × price.
    pub subtotal: Money,
    /// Σ of everything taken off.
    pub discount: Money,
    /// Σ tax, included or added.
    pub tax: Money,
    /// What the customer pays.
    pub total: Money,
    /// The promotions that [`LineDiscount::rule`] names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promotions: Vec<AppliedPromotion>,
    /// The coupons that gave something.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<CouponCode>,
    /// The price list that named each line's price, where one did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub price_lists: Vec<(LineId, PriceListCode)>,
}

impl Cart {
    /// Works out every amount. What a person gave off and no longer fits, because a promotion or price list has begun since,
    /// comes down to what is left.
    pub fn priced(&self) -> Result<PricedCart, CartError> {
        self.work_out(self.rules().is_none())
    }

    /// Works out every amount. `strict`: what a person gives off must fit.
    pub(crate) fn work_out(&self, strict: bool) -> Result<PricedCart, CartError> {
        let by_hand = |discount: Discount, from: Money| match discount {
            Discount::Amount(amount) if !strict && amount.compare(from)?.is_gt() => Ok(from),
            discount => discount.off(from),
        };
        let rules = self.rules();
        let mut drafts = self.lines().iter().map(Draft::of).collect::<Result<Vec<_>, _>>()?;
        let mut bundled = vec![0; drafts.len()];
        if let Some(rules) = rules {
            rules.apply_lists(&mut drafts);
            bundled = rules.apply_to_lines(&mut drafts)?;
        }
        for draft in &mut drafts {
            if let Some(discount) = draft.line.discount {
                draft.take_off(DiscountKind::Line, by_hand(discount, draft.remaining)?)?;
            }
        }
        let mut coupons = Vec::new();
        if let Some(rules) = rules {
            rules.apply_to_order(&mut drafts)?;
            coupons = rules.apply_coupons(&mut drafts, &mut bundled, self.presented())?;
        }
        if let Some(discount) = self.discount() {
            let off = by_hand(discount, remaining(self, &drafts)?)?;
            take_off(&mut drafts, DiscountKind::Order, off)?;
        }
        if let Some(worth) = self.points() {
            let off = by_hand(Discount::Amount(worth), remaining(self, &drafts)?)?;
            take_off(&mut drafts, DiscountKind::Points, off)?;
        }
        let mut priced = taxed(self, &drafts)?;
        priced.coupons = coupons;
        priced.promotions = rules.map(|rules| applied(rules, &drafts)).unwrap_or_default();
        priced.price_lists = drafts.iter().filter_map(|draft| Some((draft.line.id, draft.price_list.clone()?))).collect();
        if let Some(rule) = self.mo_ling() {
            let off = rule.reduction(priced.total)?;
            if !off.is_zero() {
                priced = knock_off(self, &drafts, off, priced)?;
            }
        }
        Ok(priced)
    }
}

/// The promotions that took something off, in the order in which they first did.
fn applied(rules: &Rules, drafts: &[Draft<'_>]) -> Vec<AppliedPromotion> {
    let mut applied: Vec<AppliedPromotion> = Vec::new();
    for id in drafts.iter().flat_map(|draft| &draft.discounts).filter_map(|discount| discount.rule) {
        if !applied.iter().any(|known| known.id == id)
            && let Some(promotion) = rules.set.promotion(id)
        {
            applied.push(AppliedPromotion { id, name: promotion.name.clone() });
        }
    }
    applied
}

/// A line before tax.
#[derive(Debug, Clone)]
pub(crate) struct Draft<'a> {
    pub(crate) line: &'a CartLine,
    /// The price of one unit.
    pub(crate) price: UnitPrice,
    /// The price list that named it.
    pub(crate) price_list: Option<PriceListCode>,
    pub(crate) extended: Money,
    pub(crate) discounts: Vec<LineDiscount>,
    pub(crate) remaining: Money,
}

impl<'a> Draft<'a> {
    fn of(line: &'a CartLine) -> Result<Self, CartError> {
        let extended = line.extended()?;
        let price = line.unit_price();
        Ok(Self { line, price, price_list: None, extended, discounts: Vec::new(), remaining: extended })
    }

    /// Sells the line at the price that a list names, unless that is more than a line may come to.
    pub(crate) fn sell_at(&mut self, price: UnitPrice, list: &PriceListCode) {
        if let Ok(extended) = CartLine::extend(price, self.line.quantity) {
            self.price_list = Some(list.clone());
            (self.price, self.extended, self.remaining) = (price, extended, extended);
        }
    }

    fn take_off(&mut self, kind: DiscountKind, amount: Money) -> Result<(), MoneyError> {
        if !amount.is_zero() {
            self.remaining = self.remaining.minus(amount)?;
            self.discounts.push(LineDiscount { kind, amount, rule: None });
        }
        Ok(())
    }

    /// Takes off what the promotion `rule` gives; all that one gives stands together.
    pub(crate) fn take_off_by(&mut self, kind: DiscountKind, rule: PromotionId, amount: Money) -> Result<(), MoneyError> {
        if amount.is_zero() {
            return Ok(());
        }
        self.remaining = self.remaining.minus(amount)?;
        let same = |known: &&mut LineDiscount| known.kind == kind && known.rule == Some(rule);
        match self.discounts.iter_mut().find(same) {
            Some(known) => known.amount = known.amount.plus(amount)?,
            None => self.discounts.push(LineDiscount { kind, amount, rule: Some(rule) }),
        }
        Ok(())
    }
}

/// Takes `off` off the total. Where tax is added to prices, less than that comes off the prices; the amount is looked for
/// near its share, and where tax rounding leaves none that gives the even total, the order stays as it is.
fn knock_off(cart: &Cart, drafts: &[Draft<'_>], off: Money, priced: PricedCart) -> Result<PricedCart, CartError> {
    let target = priced.total.minus(off)?;
    let before_tax = remaining(cart, drafts)?;
    let share = before_tax.to_decimal() / priced.total.to_decimal();
    let guess = off.times(share, Rounding::HalfUp)?;
    for step in [0, -1, 1, -2, 2] {
        let candidate = guess.plus(Money::from_minor(step, cart.currency()))?;
        if candidate.minor() <= 0 || candidate.compare(before_tax)?.is_gt() {
            continue;
        }
        let mut drafts = drafts.to_vec();
        take_off(&mut drafts, DiscountKind::MoLing, candidate)?;
        let knocked = taxed(cart, &drafts)?;
        if knocked.total == target {
            let PricedCart { promotions, coupons, price_lists, .. } = priced;
            return Ok(PricedCart { promotions, coupons, price_lists, ..knocked });
        }
    }
    Ok(priced)
}

fn remaining(cart: &Cart, drafts: &[Draft<'_>]) -> Result<Money, MoneyError> {
    Money::sum(cart.currency(), drafts.iter().map(|draft| draft.remaining))
}

fn take_off(drafts: &mut [Draft<'_>], kind: DiscountKind, amount: Money) -> Result<(), MoneyError> {
    let weights: Vec<u64> = drafts.iter().map(|draft| draft.remaining.minor().unsigned_abs()).collect();
    for (draft, share) in drafts.iter_mut().zip(amount.allocate(&weights)?) {
        draft.take_off(kind, share)?;
    }
    Ok(())
}

fn taxed(cart: &Cart, drafts: &[Draft<'_>]) -> Result<PricedCart, CartError> {
    let taxes = match cart.tax_rounding() {
        TaxRounding::PerLine => drafts.iter().map(|draft| draft.line.tax.taxes_of(draft.remaining)).collect::<Result<_, _>>()?,
        TaxRounding::PerTotal => taxes_per_total(cart, drafts)?,
    };
    let currency = cart.currency();
    let lines = drafts.iter().zip(taxes).map(|(draft, taxes)| priced_line(draft, &taxes)).collect::<Result<Vec<_>, _>>()?;
    let sum = |amount: fn(&OrderLine) -> Money| Money::sum(currency, lines.iter().map(|priced| amount(&priced.line)));
    let discounts = lines.iter().flat_map(|priced| priced.line.discounts.iter().map(|discount| discount.amount));
    Ok(PricedCart {
        subtotal: sum(|line| line.extended)?,
        discount: Money::sum(currency, discounts)?,
        tax: Money::sum(currency, lines.iter().flat_map(|priced| priced.line.taxes.iter().map(|tax| tax.tax)))?,
        total: sum(|line| line.payable)?,
        lines,
        promotions: Vec::new(),
        coupons: Vec::new(),
        price_lists: Vec::new(),
    })
}

/// Tax of each class on its total, shared back over its lines by what they contribute.
fn taxes_per_total(cart: &Cart, drafts: &[Draft<'_>]) -> Result<Vec<Vec<Money>>, MoneyError> {
    let mut taxes: Vec<Vec<Money>> = vec![Vec::new(); drafts.len()];
    for (first, draft) in drafts.iter().enumerate() {
        if drafts[..first].iter().any(|earlier| earlier.line.tax == draft.line.tax) {
            continue;
        }
        let members: Vec<usize> = (first..drafts.len()).filter(|index| drafts[*index].line.tax == draft.line.tax).collect();
        let total = Money::sum(cart.currency(), members.iter().map(|index| drafts[*index].remaining))?;
        let weights: Vec<u64> = members.iter().map(|index| drafts[*index].remaining.minor().unsigned_abs()).collect();
        for tax in draft.line.tax.taxes_of(total)? {
            for (index, share) in members.iter().zip(tax.allocate(&weights)?) {
                taxes[*index].push(share);
            }
        }
    }
    Ok(taxes)
}

fn priced_line(draft: &Draft<'_>, taxes: &[Money]) -> Result<PricedLine, MoneyError> {
    let CartLine { id, product, tax: class, quantity, .. } = draft.line;
    let other_price = draft.line.price_override.is_some() || draft.price_list.is_some();
    let tax = Money::sum(draft.extended.currency(), taxes.iter().copied())?;
    let (net, payable) = if class.inclusive {
        (draft.remaining.minus(tax)?, draft.remaining)
    } else {
        (draft.remaining, draft.remaining.plus(tax)?)
    };
    let named = class.rates.iter().zip(taxes);
    Ok(PricedLine {
        id: *id,
        line: OrderLine {
            product: product.id,
            sku: product.sku.clone(),
            name: product.name.clone(),
            quantity: *quantity,
            unit: product.unit,
            unit_price: draft.price,
            list_price: other_price.then_some(product.price),
            extended: draft.extended,
            discounts: draft.discounts.clone(),
            tax_inclusive: class.inclusive,
            taxes: named.map(|(rate, tax)| LineTax { code: rate.code.clone(), rate: rate.rate, tax: *tax }).collect(),
            net,
            payable,
            of_line: None,
        },
    })
}

#[cfg(test)]
mod tests;

//! What a cart costs. Order of application: quantity × price (rounded once), the line's own discount, the order's discount
//! shared over the lines by largest remainder, what the member pays with points, shared the same way, tax, then 抹零 (shared the same way, tax worked out again on what is left, so
//! that the total comes out even).

use serde::{Deserialize, Serialize};

use crate::cart::{Cart, CartError, CartLine, Discount, LineId};
use crate::money::{Money, MoneyError, Rounding};
use crate::order::{DiscountKind, LineDiscount, LineTax, OrderLine};
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
}

impl Cart {
    /// Works out every amount.
    pub fn priced(&self) -> Result<PricedCart, CartError> {
        let mut drafts = self.lines().iter().map(Draft::of).collect::<Result<Vec<_>, _>>()?;
        if let Some(discount) = self.discount() {
            let off = discount.off(remaining(self, &drafts)?)?;
            take_off(&mut drafts, DiscountKind::Order, off)?;
        }
        if let Some(worth) = self.points() {
            let off = Discount::Amount(worth).off(remaining(self, &drafts)?)?;
            take_off(&mut drafts, DiscountKind::Points, off)?;
        }
        let mut priced = taxed(self, &drafts)?;
        if let Some(rule) = self.mo_ling() {
            let off = rule.reduction(priced.total)?;
            if !off.is_zero() {
                priced = knock_off(self, &drafts, off, priced)?;
            }
        }
        Ok(priced)
    }
}

/// A line before tax.
#[derive(Clone)]
struct Draft<'a> {
    line: &'a CartLine,
    extended: Money,
    discounts: Vec<LineDiscount>,
    remaining: Money,
}

impl<'a> Draft<'a> {
    fn of(line: &'a CartLine) -> Result<Self, CartError> {
        let extended = line.extended()?;
        let mut draft = Self { line, extended, discounts: Vec::new(), remaining: extended };
        if let Some(discount) = line.discount {
            draft.take_off(DiscountKind::Line, discount.off(extended)?)?;
        }
        Ok(draft)
    }

    fn take_off(&mut self, kind: DiscountKind, amount: Money) -> Result<(), MoneyError> {
        if !amount.is_zero() {
            self.remaining = self.remaining.minus(amount)?;
            self.discounts.push(LineDiscount { kind, amount, rule: None });
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
            return Ok(knocked);
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
    let CartLine { id, product, tax: class, quantity, price_override, .. } = draft.line;
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
            unit_price: draft.line.unit_price(),
            list_price: price_override.map(|_| product.price),
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

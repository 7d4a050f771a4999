//! Who may take how much off. A role's limit holds for the discount that is typed and for what all discounts of a line come
//! to together, so that neither two small discounts nor a smaller basket under the same amount gets around it.

use domain::{Discount, DiscountKind, Money, OrderLine, Permission, PricedCart};
use rust_decimal::Decimal;

use crate::api::Problem;
use crate::sessions::Session;

/// What rounding alone may add to a line's discount beyond its exact share, in minor units: half from rounding the discount,
/// less than one from sharing it out over the lines.
const ROUNDING_MINOR: i64 = 2;

/// Ok when who works in `session` may give `discount` on `amount`.
pub(crate) fn allow(session: &Session, discount: Discount, amount: Money) -> Result<(), Problem> {
    session.allow(Permission::Discount(discount.share_of(amount)))
}

/// Ok when they may leave the order at `after`: its deepest discount is within their limit or was no less deep before.
pub(crate) fn allow_change(session: &Session, before: &PricedCart, after: &PricedCart) -> Result<(), Problem> {
    let deepest = deepest(after);
    if deepest > self::deepest(before) {
        session.allow(Permission::Discount(deepest))?;
    }
    Ok(())
}

/// The largest share that a person takes off what promotions and coupons left of a line; 抹零 has a cap of its own.
fn deepest(cart: &PricedCart) -> Decimal {
    cart.lines.iter().map(|priced| share(&priced.line)).max().unwrap_or_default()
}

fn share(line: &OrderLine) -> Decimal {
    let sum = |fits: fn(DiscountKind) -> bool| -> i64 {
        let given = line.discounts.iter().filter(|discount| fits(discount.kind));
        given.map(|discount| discount.amount.minor()).fold(0, i64::saturating_add)
    };
    let off = sum(|kind| matches!(kind, DiscountKind::Line | DiscountKind::Order));
    let left_by_rules = line.extended.minor() - sum(|kind| matches!(kind, DiscountKind::Promotion | DiscountKind::Coupon));
    if off <= ROUNDING_MINOR || left_by_rules <= 0 {
        return Decimal::ZERO;
    }
    Decimal::from(off - ROUNDING_MINOR) / Decimal::from(left_by_rules)
}

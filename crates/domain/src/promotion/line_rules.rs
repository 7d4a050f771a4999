//! Promotions of single lines: percent, amount, fixed price.

use std::collections::HashMap;

use super::engine::{Plan, dearest_first};
use super::model::{Effect, Promotion};
use super::set::PromotionSet;
use crate::money::{Money, MoneyError, Rounding};
use crate::order::DiscountKind;
use crate::pricing::Draft;
use crate::quantity::{Quantity, Unit};

/// How many more pieces each limited promotion may be given on.
type Left = HashMap<usize, u64>;

/// Applies `rules` of each line, in order; the dearest lines first, for the sake of limits.
pub(super) fn apply(
    set: &PromotionSet,
    drafts: &mut [Draft<'_>],
    rules: &[Vec<usize>],
    plan: &Plan<'_>,
) -> Result<(), MoneyError> {
    let mut order: Vec<usize> = (0..drafts.len()).filter(|index| !rules[*index].is_empty()).collect();
    order.sort_by(|a, b| dearest_first(&drafts[*a], &drafts[*b]));
    let mut left = Left::new();
    for index in order {
        let candidates: Vec<usize> =
            rules[index].iter().copied().filter(|rule| !plan.bars(set.rule(*rule).group(), index)).collect();
        for rule in chosen(set, &drafts[index], &candidates, &left)? {
            give(set.rule(rule), rule, &mut drafts[index], &mut left, DiscountKind::Promotion)?;
        }
    }
    Ok(())
}

/// Those that stack, and of each group the one that takes most off what the line costs now; in order.
fn chosen(set: &PromotionSet, draft: &Draft<'_>, candidates: &[usize], left: &Left) -> Result<Vec<usize>, MoneyError> {
    let mut best: HashMap<&str, (Money, usize)> = HashMap::new();
    let mut chosen = Vec::new();
    for rule in candidates {
        let promotion = set.rule(*rule);
        let Some(group) = promotion.group() else {
            chosen.push(*rule);
            continue;
        };
        let off = off(promotion, draft, pieces_left(promotion, *rule, left))?;
        if off.is_zero() {
            continue;
        }
        match best.get(group) {
            // Candidates come in order, so an equal one keeps the earlier.
            Some((known, _)) if off.compare(*known)?.is_le() => {}
            _ => {
                best.insert(group, (off, *rule));
            }
        }
    }
    chosen.extend(best.into_values().map(|(_, rule)| rule));
    chosen.sort_unstable();
    Ok(chosen)
}

fn give(
    promotion: &Promotion,
    rule: usize,
    draft: &mut Draft<'_>,
    left: &mut Left,
    kind: DiscountKind,
) -> Result<(), MoneyError> {
    let pieces = pieces_left(promotion, rule, left);
    let off = off(promotion, draft, pieces)?;
    if let (Some(pieces), false) = (pieces, off.is_zero()) {
        left.insert(rule, pieces - pieces.min(units(draft)));
    }
    draft.take_off_by(kind, promotion.id, off)
}

/// Gives a coupon's line promotion on a line.
pub(super) fn give_for_coupon(promotion: &Promotion, draft: &mut Draft<'_>) -> Result<(), MoneyError> {
    let off = off(promotion, draft, None)?;
    draft.take_off_by(DiscountKind::Coupon, promotion.id, off)
}

fn pieces_left(promotion: &Promotion, rule: usize, left: &Left) -> Option<u64> {
    promotion.per_order.map(|limit| left.get(&rule).copied().unwrap_or_else(|| u64::from(limit)))
}

/// Pieces of a line; what is weighed counts one.
pub(super) fn units(draft: &Draft<'_>) -> u64 {
    match draft.line.product.unit {
        Unit::Piece => u64::try_from(draft.line.quantity.milli() / 1_000).unwrap_or(0),
        _ => 1,
    }
}

/// What `promotion` takes off the first `limit` pieces of a line, never more than is left of it.
fn off(promotion: &Promotion, draft: &Draft<'_>, limit: Option<u64>) -> Result<Money, MoneyError> {
    let all = units(draft);
    let pieces = limit.map_or(all, |limit| limit.min(all));
    let nothing = Money::zero(draft.remaining.currency());
    if pieces == 0 || draft.remaining.minor() <= 0 {
        return Ok(nothing);
    }
    let (quantity, value) = if pieces == all {
        (draft.line.quantity, draft.remaining)
    } else {
        let milli = i64::try_from(pieces * 1_000).map_err(|_| MoneyError::Overflow)?;
        let quantity = Quantity::from_milli(milli).unwrap_or(draft.line.quantity);
        (quantity, Money::from_minor(share(draft.remaining.minor(), pieces, all), draft.remaining.currency()))
    };
    let off = match &promotion.effect {
        Effect::Percent { share } => value.times(*share, Rounding::HalfUp)?,
        Effect::Amount { off } if off.currency() == value.currency() => off.extend(quantity)?,
        Effect::FixedPrice { price } if price.currency() == value.currency() => value.minus(price.extend(quantity)?)?,
        _ => nothing,
    };
    Ok(Money::from_minor(off.minor().clamp(0, value.minor()), value.currency()))
}

/// What `pieces` of `all` cost of `whole`, rounded down.
pub(super) fn share(whole: i64, pieces: u64, all: u64) -> i64 {
    let part = i128::from(whole) * i128::from(pieces) / i128::from(all.max(1));
    i64::try_from(part).unwrap_or(whole)
}

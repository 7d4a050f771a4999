//! Promotions of the whole order, and coupons.

use std::collections::HashMap;

use super::bundles;
use super::engine::{spread, steady, takes_part};
use super::line_rules;
use super::model::{Effect, Promotion};
use super::set::PromotionSet;
use crate::cart::Discount;
use crate::ids::CouponCode;
use crate::money::{Money, MoneyError, Rounding};
use crate::order::DiscountKind;
use crate::pricing::Draft;

/// Applies the thresholds `rules`, in order. What was spent is what was left to pay when the first of them began.
pub(super) fn apply(set: &PromotionSet, drafts: &mut [Draft<'_>], rules: &[usize]) -> Result<(), MoneyError> {
    let spent: Vec<(usize, i64)> = rules.iter().map(|rule| (*rule, spent_on(set.rule(*rule), drafts))).collect();
    let mut best: HashMap<&str, (i64, usize)> = HashMap::new();
    for (rule, spent) in &spent {
        let promotion = set.rule(*rule);
        let Some(group) = promotion.group() else { continue };
        let off = off(promotion, *spent, *spent)?;
        if off > 0 && best.get(group).is_none_or(|(known, _)| off > *known) {
            best.insert(group, (off, *rule));
        }
    }
    for (rule, spent) in spent {
        let promotion = set.rule(rule);
        if promotion.group().is_none_or(|group| best.get(group).is_some_and(|(_, best)| *best == rule)) {
            give(promotion, drafts, spent, DiscountKind::Promotion)?;
        }
    }
    Ok(())
}

/// Applies coupons, which come by the order of their promotions; those that gave something. Of the exclusive ones of a group
/// one promotion's coupons are taken: those that give most.
pub(super) fn apply_coupons(
    set: &PromotionSet,
    drafts: &mut Vec<Draft<'_>>,
    used: &mut [u64],
    presented: &[(usize, &CouponCode)],
) -> Result<Vec<CouponCode>, MoneyError> {
    let mut best: HashMap<&str, (i64, usize)> = HashMap::new();
    let mut rules: Vec<usize> = presented.iter().map(|(rule, _)| *rule).collect();
    rules.dedup();
    for rule in rules.iter().filter(|_| rules.len() > 1) {
        let Some(group) = set.rule(*rule).group() else { continue };
        let (mut tried, mut used) = (drafts.clone(), used.to_vec());
        give_all(set, &mut tried, &mut used, presented.iter().filter(|(of, _)| of == rule))?;
        let off = left_to_pay(drafts).saturating_sub(left_to_pay(&tried));
        if off > 0 && best.get(group).is_none_or(|(known, _)| off > *known) {
            best.insert(group, (off, *rule));
        }
    }
    let taken = |rule: usize| {
        set.rule(rule).group().is_none_or(|group| rules.len() == 1 || best.get(group).is_some_and(|(_, best)| *best == rule))
    };
    give_all(set, drafts, used, presented.iter().filter(|(rule, _)| taken(*rule)))
}

fn give_all<'c>(
    set: &PromotionSet,
    drafts: &mut [Draft<'_>],
    used: &mut [u64],
    coupons: impl Iterator<Item = &'c (usize, &'c CouponCode)>,
) -> Result<Vec<CouponCode>, MoneyError> {
    let mut gave = Vec::new();
    let mut count: HashMap<usize, u32> = HashMap::new();
    for (rule, code) in coupons {
        let promotion = set.rule(*rule);
        let number = count.entry(*rule).or_default();
        if *number >= promotion.coupons_per_order() {
            continue;
        }
        let before = left_to_pay(drafts);
        match &promotion.effect {
            Effect::Threshold { .. } => {
                let spent = spent_on(promotion, drafts);
                give(promotion, drafts, spent, DiscountKind::Coupon)?;
            }
            Effect::BuyGet { .. } | Effect::MixAndMatch { .. } => bundles::give_for_coupon(promotion, drafts, used)?,
            _ => {
                let fits = |draft: &Draft<'_>| takes_part(draft) && promotion.goods.contain(&draft.line.product);
                for draft in drafts.iter_mut().filter(|draft| fits(draft)) {
                    line_rules::give_for_coupon(promotion, draft)?;
                }
            }
        }
        if left_to_pay(drafts) < before {
            *number += 1;
            gave.push((*code).clone());
        }
    }
    Ok(gave)
}

fn left_to_pay(drafts: &[Draft<'_>]) -> i64 {
    drafts.iter().map(|draft| draft.remaining.minor()).fold(0, i64::saturating_add)
}

/// What is left to pay for the goods of a promotion.
pub(super) fn spent_on(promotion: &Promotion, drafts: &[Draft<'_>]) -> i64 {
    let fits = drafts.iter().filter(|draft| promotion.goods.contain(&draft.line.product));
    fits.map(|draft| draft.remaining.minor()).fold(0, i64::saturating_add)
}

/// What a threshold takes off `remaining` when `spent` counts.
fn off(promotion: &Promotion, spent: i64, remaining: i64) -> Result<i64, MoneyError> {
    let Effect::Threshold { spend, off, every } = &promotion.effect else { return Ok(0) };
    if spent < spend.minor() || remaining <= 0 {
        return Ok(0);
    }
    let off = match off {
        Discount::Percent(share) => Money::from_minor(remaining, spend.currency()).times(*share, Rounding::HalfUp)?.minor(),
        Discount::Amount(amount) => {
            let times = if *every && spend.minor() > 0 { spent / spend.minor() } else { 1 };
            let times = promotion.per_order.map_or(times, |limit| times.min(i64::from(limit)));
            amount.minor().saturating_mul(times)
        }
    };
    Ok(off.clamp(0, remaining))
}

fn give(promotion: &Promotion, drafts: &mut [Draft<'_>], spent: i64, kind: DiscountKind) -> Result<(), MoneyError> {
    let mut lines: Vec<usize> = (0..drafts.len()).filter(|line| promotion.goods.contain(&drafts[*line].line.product)).collect();
    lines.sort_by(|a, b| steady(&drafts[*a], &drafts[*b]));
    let weights: Vec<i64> = lines.iter().map(|line| drafts[*line].remaining.minor()).collect();
    let Some(first) = lines.first() else { return Ok(()) };
    let remaining = weights.iter().copied().fold(0, i64::saturating_add);
    let off = Money::from_minor(off(promotion, spent, remaining)?, drafts[*first].remaining.currency());
    spread(drafts, &lines, &weights, off, &mut |draft, share| draft.take_off_by(kind, promotion.id, share))
}

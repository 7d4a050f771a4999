//! The steps of pricing that promotions take part in, on the drafts of a cart's lines.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::bundles;
use super::line_rules;
use super::order_rules;
use super::set::{PricingContext, PromotionSet, misfit};
use crate::ids::{CouponCode, ProductId, PromotionId};
use crate::money::{Money, MoneyError};
use crate::pricing::Draft;
use crate::quantity::{Quantity, Unit};

/// Groups for which line promotions and bundles are weighed against each other; more than a shop ever has.
const GROUPS_WEIGHED: usize = 8;

/// The rules that an order is priced by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rules {
    pub(crate) set: Arc<PromotionSet>,
    pub(crate) context: PricingContext,
}

/// Lines on which the line promotions of a group give nothing, because its bundles go first.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan<'r> {
    pub(super) barred: Vec<(&'r str, Vec<bool>)>,
}

impl Plan<'_> {
    pub(super) fn bars(&self, group: Option<&str>, draft: usize) -> bool {
        group.is_some_and(|group| self.barred.iter().any(|(barred, lines)| *barred == group && lines[draft]))
    }
}

/// What one pass of line promotions and bundles did.
struct Pass<'a> {
    drafts: Vec<Draft<'a>>,
    /// Pieces of each line that are in bundles.
    used: Vec<u64>,
    off: i64,
}

impl Rules {
    /// The unit prices that lists name, for each line.
    pub(crate) fn apply_lists(&self, drafts: &mut [Draft<'_>]) {
        if self.set.price_lists().is_empty() {
            return;
        }
        let mut together: HashMap<ProductId, i64> = HashMap::new();
        for draft in drafts.iter().filter(|draft| takes_part(draft)) {
            let sum = together.entry(draft.line.product.id).or_default();
            *sum = sum.saturating_add(draft.line.quantity.milli());
        }
        for draft in drafts.iter_mut().filter(|draft| takes_part(draft)) {
            let milli = together.get(&draft.line.product.id).copied().unwrap_or(0);
            let together = Quantity::from_milli(milli.min(Quantity::MAX.milli())).unwrap_or(draft.line.quantity);
            if let Some((list, price)) = self.set.list_price(&draft.line.product, together, &self.context)
                && price != draft.price
            {
                draft.sell_at(price, &list.code);
            }
        }
    }

    /// Line promotions and bundles; how many pieces of each line are in bundles.
    pub(crate) fn apply_to_lines(&self, drafts: &mut Vec<Draft<'_>>) -> Result<Vec<u64>, MoneyError> {
        let live: Vec<bool> = self.set.promotions().iter().map(|rule| misfit(rule, &self.context).is_none()).collect();
        let line_rules: Vec<Vec<usize>> = drafts.iter().map(|draft| self.candidates(draft, &live, false)).collect();
        let bundle_rules: Vec<Vec<usize>> = drafts.iter().map(|draft| self.candidates(draft, &live, true)).collect();
        if line_rules.iter().all(Vec::is_empty) && bundle_rules.iter().all(Vec::is_empty) {
            return Ok(vec![0; drafts.len()]);
        }
        let attempt = |plan: &Plan<'_>| -> Result<Pass<'_>, MoneyError> {
            let mut tried = drafts.clone();
            line_rules::apply(&self.set, &mut tried, &line_rules, plan)?;
            let used = bundles::apply(&self.set, &mut tried, &bundle_rules)?;
            let off = |drafts: &[Draft<'_>]| drafts.iter().map(|draft| draft.remaining.minor()).fold(0, i64::saturating_add);
            Ok(Pass { off: off(drafts).saturating_sub(off(&tried)), drafts: tried, used })
        };
        let mut plan = Plan::default();
        let mut best = attempt(&plan)?;
        for group in self.shared_groups(&line_rules, &bundle_rules) {
            let mut other = plan.clone();
            other.barred.push((group, vec![true; drafts.len()]));
            let bundles_alone = attempt(&other)?;
            let touched: Vec<bool> = bundles_alone.drafts.iter().map(|draft| self.is_bundled_by(draft, group)).collect();
            if !touched.contains(&true) {
                continue;
            }
            other.barred.pop();
            other.barred.push((group, touched));
            let pass = attempt(&other)?;
            if pass.off > best.off {
                (best, plan) = (pass, other);
            }
        }
        let Pass { drafts: done, used, .. } = best;
        *drafts = done;
        Ok(used)
    }

    fn candidates(&self, draft: &Draft<'_>, live: &[bool], bundles: bool) -> Vec<usize> {
        if !takes_part(draft) || bundles && draft.line.product.unit != Unit::Piece {
            return Vec::new();
        }
        let product = &draft.line.product;
        let mut found = if bundles { self.set.bundle_rules(product) } else { self.set.line_rules(product) };
        found.retain(|rule| live[*rule]);
        found
    }

    /// Groups that have both line promotions and bundles in this order, by name.
    fn shared_groups(&self, line_rules: &[Vec<usize>], bundle_rules: &[Vec<usize>]) -> Vec<&str> {
        let groups = |rules: &[Vec<usize>]| -> BTreeSet<&str> {
            rules.iter().flatten().filter_map(|rule| self.set.rule(*rule).group()).collect()
        };
        groups(line_rules).intersection(&groups(bundle_rules)).copied().take(GROUPS_WEIGHED).collect()
    }

    fn is_bundled_by(&self, draft: &Draft<'_>, group: &str) -> bool {
        let gave = |id: PromotionId| self.set.promotion(id).is_some_and(|promotion| promotion.group() == Some(group));
        draft.discounts.iter().filter_map(|discount| discount.rule).any(gave)
    }

    /// Promotions of the whole order.
    pub(crate) fn apply_to_order(&self, drafts: &mut [Draft<'_>]) -> Result<(), MoneyError> {
        let mut live: Vec<usize> = self.set.order_rules().to_vec();
        live.retain(|rule| misfit(self.set.rule(*rule), &self.context).is_none());
        order_rules::apply(&self.set, drafts, &live)
    }

    /// Coupons; those that gave something.
    pub(crate) fn apply_coupons(
        &self,
        drafts: &mut Vec<Draft<'_>>,
        used: &mut [u64],
        coupons: &[(CouponCode, PromotionId)],
    ) -> Result<Vec<CouponCode>, MoneyError> {
        let mut presented: Vec<(usize, &CouponCode)> = coupons
            .iter()
            .filter_map(|(code, promotion)| Some((self.set.coupon_rule(*promotion)?, code)))
            .filter(|(rule, _)| misfit(self.set.rule(*rule), &self.context).is_none())
            .collect();
        presented.sort();
        order_rules::apply_coupons(&self.set, drafts, used, &presented)
    }
}

/// True for a line whose price no person has set.
pub(super) fn takes_part(draft: &Draft<'_>) -> bool {
    draft.line.price_override.is_none()
}

/// Dearest units first; equal ones in an order that does not depend on when they were scanned.
pub(super) fn dearest_first(a: &Draft<'_>, b: &Draft<'_>) -> Ordering {
    let value = |draft: &Draft<'_>| i128::from(draft.remaining.minor());
    let milli = |draft: &Draft<'_>| i128::from(draft.line.quantity.milli());
    (value(b) * milli(a)).cmp(&(value(a) * milli(b))).then_with(|| steady(a, b))
}

/// An order of lines that does not depend on when they were scanned; equal lines are alike in all that pricing looks at.
pub(super) fn steady(a: &Draft<'_>, b: &Draft<'_>) -> Ordering {
    let key = |draft: &Draft<'_>| (draft.line.product.id, draft.line.quantity, draft.extended.minor(), draft.remaining.minor());
    let by_hand = |draft: &Draft<'_>| match draft.line.discount {
        None => (0, rust_decimal::Decimal::ZERO),
        Some(crate::cart::Discount::Percent(share)) => (1, share),
        Some(crate::cart::Discount::Amount(amount)) => (2, amount.to_decimal()),
    };
    key(a).cmp(&key(b)).then_with(|| by_hand(a).cmp(&by_hand(b)))
}

/// Takes `off` off `lines` in proportion to `weights`, to the last minor unit; never more than a line has left.
pub(super) fn spread(
    drafts: &mut [Draft<'_>],
    lines: &[usize],
    weights: &[i64],
    off: Money,
    give: &mut dyn FnMut(&mut Draft<'_>, Money) -> Result<(), MoneyError>,
) -> Result<(), MoneyError> {
    if off.is_zero() {
        return Ok(());
    }
    let weights: Vec<u64> = weights.iter().map(|weight| weight.unsigned_abs()).collect();
    for (line, share) in lines.iter().zip(off.allocate(&weights)?) {
        give(&mut drafts[*line], share)?;
    }
    Ok(())
}

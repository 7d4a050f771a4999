//! Promotions of several pieces together: mix-and-match and buy-X-get-Y.
//!
//! The pieces that fit a promotion are taken dearest first, bundle by bundle. For both kinds that gives the customer the most
//! that any division into bundles can give.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::engine::{dearest_first, spread};
use super::line_rules::{share, units};
use super::model::{Effect, Promotion};
use super::set::PromotionSet;
use crate::money::{Money, MoneyError, Rounding};
use crate::order::DiscountKind;
use crate::pricing::Draft;
use crate::quantity::Unit;

/// The pieces of a line while bundles are made.
#[derive(Debug, Clone, Copy)]
struct Shelf {
    draft: usize,
    pieces: u64,
    /// Pieces that are in a bundle already.
    used: u64,
    /// What all pieces cost before bundles.
    base: i64,
}

impl Shelf {
    /// What the next `count` pieces cost; over all pieces this adds up to `base`.
    fn value(self, count: u64) -> i64 {
        share(self.base, self.used + count, self.pieces) - share(self.base, self.used, self.pieces)
    }

    fn left(self) -> u64 {
        self.pieces - self.used
    }
}

/// Bundles of a promotion: for each, what came off and the lines with the value that they put in.
#[derive(Debug, Default)]
struct Made {
    bundles: Vec<(i64, Vec<(usize, i64)>)>,
    off: i64,
}

/// Applies the bundles that `rules` names for each line; how many pieces of each line are in one.
pub(super) fn apply(set: &PromotionSet, drafts: &mut [Draft<'_>], rules: &[Vec<usize>]) -> Result<Vec<u64>, MoneyError> {
    let mut shelves = shelves(drafts, &vec![0; drafts.len()]);
    let mut lines_of: HashMap<usize, Vec<usize>> = HashMap::new();
    for (place, shelf) in shelves.iter().enumerate() {
        for rule in &rules[shelf.draft] {
            lines_of.entry(*rule).or_default().push(place);
        }
    }
    let mut waiting: Vec<usize> = lines_of.keys().copied().collect();
    waiting.sort_unstable();
    let mut start = 0;
    while start < waiting.len() {
        let priority = set.rule(waiting[start]).priority;
        let end = waiting.iter().position(|rule| set.rule(*rule).priority > priority).unwrap_or(waiting.len());
        apply_equals(set, drafts, &mut shelves, &lines_of, &waiting[start..end])?;
        start = end;
    }
    Ok(used(&shelves, drafts.len()))
}

/// Those of one priority: the one that saves most first. What a promotion can save only shrinks while others take pieces, so
/// one that still saves as much as it did before comes before all that saved less.
fn apply_equals(
    set: &PromotionSet,
    drafts: &mut [Draft<'_>],
    shelves: &mut [Shelf],
    lines_of: &HashMap<usize, Vec<usize>>,
    rules: &[usize],
) -> Result<(), MoneyError> {
    let places = |rule: usize, drafts: &[Draft<'_>], shelves: &[Shelf]| -> Vec<usize> {
        let all = lines_of.get(&rule).map_or(&[][..], Vec::as_slice);
        let free = |place: &&usize| !is_taken(set, set.rule(rule), &drafts[shelves[**place].draft]);
        all.iter().filter(free).copied().collect()
    };
    let mut waiting = Vec::new();
    for rule in rules {
        let saves = make(set.rule(*rule), &mut shelves.to_vec(), &places(*rule, drafts, shelves), None)?.off;
        waiting.push((saves, *rule));
    }
    loop {
        waiting.retain(|(saves, _)| *saves > 0);
        waiting.sort_by(|(a_saves, a), (b_saves, b)| b_saves.cmp(a_saves).then(a.cmp(b)));
        let Some((saved, rule)) = waiting.first().copied() else { return Ok(()) };
        let free = places(rule, drafts, shelves);
        let saves = make(set.rule(rule), &mut shelves.to_vec(), &free, None)?.off;
        if saves < saved {
            waiting[0].0 = saves;
            continue;
        }
        let made = make(set.rule(rule), shelves, &free, None)?;
        give(set.rule(rule), drafts, made, DiscountKind::Promotion)?;
        waiting.remove(0);
    }
}

/// Gives a coupon's bundle, once, on pieces that are in no other.
pub(super) fn give_for_coupon(promotion: &Promotion, drafts: &mut [Draft<'_>], used_by: &mut [u64]) -> Result<(), MoneyError> {
    let mut shelves = shelves(drafts, used_by);
    let places: Vec<usize> = (0..shelves.len())
        .filter(|place| {
            let draft = &drafts[shelves[*place].draft];
            draft.line.price_override.is_none() && promotion.goods.contain(&draft.line.product)
        })
        .collect();
    let made = make(promotion, &mut shelves, &places, Some(1))?;
    give(promotion, drafts, made, DiscountKind::Coupon)?;
    used_by.copy_from_slice(&used(&shelves, drafts.len()));
    Ok(())
}

/// The lines with pieces, dearest first.
fn shelves(drafts: &[Draft<'_>], used: &[u64]) -> Vec<Shelf> {
    let counted = (0..drafts.len()).filter(|index| drafts[*index].line.product.unit == Unit::Piece);
    let mut order: Vec<usize> = counted.collect();
    order.sort_by(|a, b| dearest_first(&drafts[*a], &drafts[*b]));
    let shelf = |draft: usize| Shelf {
        draft,
        pieces: units(&drafts[draft]),
        used: used[draft].min(units(&drafts[draft])),
        base: drafts[draft].remaining.minor().max(0),
    };
    order.into_iter().map(shelf).filter(|shelf| shelf.pieces > 0).collect()
}

fn used(shelves: &[Shelf], lines: usize) -> Vec<u64> {
    let mut used = vec![0; lines];
    for shelf in shelves {
        used[shelf.draft] = shelf.used;
    }
    used
}

/// True when an exclusive promotion of the same group has already given something on the line.
fn is_taken(set: &PromotionSet, promotion: &Promotion, draft: &Draft<'_>) -> bool {
    let Some(group) = promotion.group() else { return false };
    let mut given = draft.discounts.iter().filter_map(|discount| discount.rule).filter(|rule| *rule != promotion.id);
    given.any(|rule| set.promotion(rule).is_some_and(|other| other.group() == Some(group)))
}

/// Makes as many bundles of `promotion` as there are, of the pieces on the shelves at `places`, which come dearest first.
fn make(promotion: &Promotion, shelves: &mut [Shelf], places: &[usize], most: Option<u64>) -> Result<Made, MoneyError> {
    let size = match &promotion.effect {
        Effect::BuyGet { buy, get, .. } => u64::from(*buy) + u64::from(*get),
        Effect::MixAndMatch { count, .. } => u64::from(*count),
        _ => return Ok(Made::default()),
    };
    let most = most.or(promotion.per_order.map(u64::from)).unwrap_or(u64::MAX);
    let mut made = Made::default();
    let mut bundles = 0;
    let mut at = 0;
    while bundles < most {
        while at < places.len() && shelves[places[at]].left() == 0 {
            at += 1;
        }
        let Some(place) = places.get(at).copied() else { break };
        let whole = shelves[place].left() / size;
        let parts = if whole > 0 {
            // Many bundles of one line at once, however many pieces it has.
            let bundles_here = whole.min(most - bundles);
            bundles += bundles_here;
            let off = off_of_one_line(promotion, shelves[place], bundles_here)?;
            let value = shelves[place].value(bundles_here * size);
            (off, vec![(place, bundles_here * size, value)])
        } else {
            let Some(parts) = gather(shelves, &places[at..], size) else { break };
            bundles += 1;
            (off_of_parts(promotion, shelves, &parts)?, parts)
        };
        let (off, parts) = parts;
        if off <= 0 {
            // Every further bundle is made of cheaper pieces.
            break;
        }
        for (place, count, _) in &parts {
            shelves[*place].used += count;
        }
        made.off = made.off.saturating_add(off);
        made.bundles.push((off, parts.into_iter().map(|(place, _, value)| (shelves[place].draft, value)).collect()));
    }
    Ok(made)
}

/// The next `size` pieces, if there are as many: place, count and value of each part.
fn gather(shelves: &[Shelf], places: &[usize], size: u64) -> Option<Vec<(usize, u64, i64)>> {
    let mut missing = size;
    let mut parts = Vec::new();
    for place in places {
        let shelf = shelves[*place];
        let count = shelf.left().min(missing);
        if count > 0 {
            parts.push((*place, count, shelf.value(count)));
            missing -= count;
        }
        if missing == 0 {
            return Some(parts);
        }
    }
    None
}

/// What comes off one bundle of several lines.
fn off_of_parts(promotion: &Promotion, shelves: &[Shelf], parts: &[(usize, u64, i64)]) -> Result<i64, MoneyError> {
    match &promotion.effect {
        Effect::MixAndMatch { price, .. } => {
            Ok(parts.iter().map(|(.., value)| *value).fold(0, i64::saturating_add).saturating_sub(price.minor()))
        }
        Effect::BuyGet { get, share, .. } => {
            // The cheapest come last.
            let mut cheap = u64::from(*get);
            let mut value = 0_i64;
            for (place, count, whole) in parts.iter().rev() {
                let count_here = cheap.min(*count);
                let rest = shelves[*place].value(count - count_here);
                value = value.saturating_add(whole - rest);
                cheap -= count_here;
                if cheap == 0 {
                    break;
                }
            }
            of(value, *share)
        }
        _ => Ok(0),
    }
}

/// What comes off `bundles` bundles of one line.
fn off_of_one_line(promotion: &Promotion, shelf: Shelf, bundles: u64) -> Result<i64, MoneyError> {
    match &promotion.effect {
        Effect::MixAndMatch { count, price } => {
            let bundles_price = i64::try_from(bundles).ok().and_then(|bundles| price.minor().checked_mul(bundles));
            let bundles_price = bundles_price.ok_or(MoneyError::Overflow)?;
            Ok(shelf.value(bundles * u64::from(*count)).saturating_sub(bundles_price))
        }
        Effect::BuyGet { get, share, .. } => of(shelf.value(bundles * u64::from(*get)), *share),
        _ => Ok(0),
    }
}

fn of(value: i64, share: Decimal) -> Result<i64, MoneyError> {
    let off = Rounding::HalfUp.round(Decimal::from(value).checked_mul(share).ok_or(MoneyError::Overflow)?, 0);
    i64::try_from(off).map_err(|_| MoneyError::Overflow)
}

/// Takes the bundles' amounts off their lines, by what each line put in.
fn give(promotion: &Promotion, drafts: &mut [Draft<'_>], made: Made, kind: DiscountKind) -> Result<(), MoneyError> {
    for (off, parts) in made.bundles {
        let (lines, weights): (Vec<usize>, Vec<i64>) = parts.into_iter().unzip();
        let currency = drafts.first().map(|draft| draft.remaining.currency());
        let Some(currency) = currency else { return Ok(()) };
        spread(drafts, &lines, &weights, Money::from_minor(off, currency), &mut |draft, share| {
            draft.take_off_by(kind, promotion.id, share)
        })?;
    }
    Ok(())
}

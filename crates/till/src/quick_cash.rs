//! Likely amounts of cash for what is due: the exact amount, then the three likeliest that a customer hands over, made of
//! the shop's coins and notes.

use std::collections::BTreeSet;

use domain::Money;

/// How many amounts beside the exact one.
const SUGGESTIONS: usize = 3;

/// The exact amount first, then larger ones, ascending. `denominations` in minor units. Nothing where nothing is due.
///
/// A customer rounds up to a note or to a few of the same note: for 13.50 one hands over 15, 20 or 50. So the multiple of
/// each note that just covers the amount is a candidate; it is likely when it takes few pieces and brings little change.
pub(crate) fn quick_cash(due: Money, denominations: &[u32]) -> Vec<Money> {
    let minor = due.minor();
    if minor <= 0 {
        return Vec::new();
    }
    let notes: BTreeSet<i64> = denominations.iter().filter(|note| **note > 0).map(|note| i64::from(*note)).collect();
    let covering = |note: &i64| minor.checked_add(note - 1).map(|sum| sum / note * note);
    let candidates: BTreeSet<i64> = notes.iter().filter_map(covering).filter(|amount| *amount > minor).collect();
    let cost = |amount: i64| pieces(amount, &notes).saturating_add(amount / minor);
    let mut ranked: Vec<(i64, i64)> = candidates.into_iter().map(|amount| (cost(amount), amount)).collect();
    ranked.sort_unstable();
    let mut likely: Vec<i64> = ranked.into_iter().take(SUGGESTIONS).map(|(_, amount)| amount).collect();
    likely.sort_unstable();
    std::iter::once(minor).chain(likely).map(|amount| Money::from_minor(amount, due.currency())).collect()
}

/// How many pieces make up `amount`, the largest first; what is left below the smallest counts as one each.
fn pieces(amount: i64, notes: &BTreeSet<i64>) -> i64 {
    let mut left = amount;
    let mut count = 0_i64;
    for note in notes.iter().rev() {
        count = count.saturating_add(left / note);
        left %= note;
    }
    count.saturating_add(left)
}

#[cfg(test)]
mod tests {
    use domain::Currency;
    use proptest::prelude::*;

    use super::*;

    const CNY: [u32; 9] = [10, 50, 100, 500, 1_000, 2_000, 5_000, 10_000, 0];

    fn amounts(due: i64, notes: &[u32]) -> Vec<String> {
        let cny = Currency::parse("CNY").expect("a currency");
        quick_cash(Money::from_minor(due, cny), notes).into_iter().map(Money::amount).collect()
    }

    #[test]
    fn the_exact_amount_comes_first_then_what_takes_few_notes_and_little_change() {
        assert_eq!(amounts(1_350, &CNY), ["13.50", "15.00", "20.00", "50.00"]);
        assert_eq!(amounts(3_380, &CNY), ["33.80", "40.00", "50.00", "100.00"]);
        assert_eq!(amounts(15_800, &CNY), ["158.00", "160.00", "200.00"]);
    }

    #[test]
    fn a_note_that_fits_exactly_needs_no_suggestion_beside_it() {
        assert_eq!(amounts(10_000, &CNY), ["100.00"]);
    }

    #[test]
    fn nothing_is_suggested_where_nothing_is_due_or_no_notes_are_known() {
        assert!(amounts(0, &CNY).is_empty());
        assert_eq!(amounts(1_350, &[]), ["13.50"]);
        assert_eq!(amounts(1_350, &[0]), ["13.50"]);
    }

    proptest! {
        #[test]
        fn every_suggestion_covers_what_is_due_and_none_comes_twice(
            due in 1_i64..10_000_000, notes in proptest::collection::vec(0_u32..20_000, 0..12)
        ) {
            let cny = Currency::parse("CNY").expect("a currency");
            let all = quick_cash(Money::from_minor(due, cny), &notes);
            prop_assert_eq!(all[0].minor(), due);
            prop_assert!(all.len() <= 1 + SUGGESTIONS);
            prop_assert!(all.windows(2).all(|pair| pair[0].minor() < pair[1].minor()));
        }
    }
}

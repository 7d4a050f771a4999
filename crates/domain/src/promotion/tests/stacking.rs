//! Which promotions go together, and which one wins.

use super::shop::*;
use crate::cart::Discount;
use crate::example::{decimal, fen};
use crate::promotion::{Effect, Promotion, Stacking};

#[test]
fn of_exclusive_ones_the_best_for_the_customer_counts() {
    let tea = piece("T", "10.00");
    let rules = [percent(1, "0.1"), percent(2, "0.3"), percent(3, "0.2")];
    assert_eq!(total(cart(&[(&tea, "1")]), &rules), fen(700));
}

#[test]
fn what_stacks_comes_on_top_by_priority() {
    let tea = piece("T", "10.00");
    let off = stacks(promotion(1, Effect::Amount { off: crate::example::price("1") }));
    let rules = |priority| [Promotion { priority, ..off.clone() }, percent(2, "0.5")];
    assert_eq!(total(cart(&[(&tea, "1")]), &rules(1)), fen(450), "first the amount, then half of what is left");
    assert_eq!(total(cart(&[(&tea, "1")]), &rules(20)), fen(400), "first half, then the amount");
}

#[test]
fn groups_are_exclusive_among_themselves_alone() {
    let tea = piece("T", "10.00");
    let grouped = |number, share: &str, group: &str| Promotion {
        stacking: Stacking::Exclusive { group: group.to_owned() },
        ..percent(number, share)
    };
    let rules = [grouped(1, "0.5", "season"), grouped(2, "0.4", "season"), grouped(3, "0.1", "members")];
    assert_eq!(total(cart(&[(&tea, "1")]), &rules), fen(450));
}

#[test]
fn a_tie_goes_to_the_lower_priority_number_then_to_the_older_one() {
    let tea = piece("T", "10.00");
    let winner = |rules: &[Promotion]| priced(cart(&[(&tea, "1")]), rules).promotions[0].id;
    let (old, young) = (percent(1, "0.2"), percent(2, "0.2"));
    assert_eq!(winner(&[young.clone(), old.clone()]), old.id);
    let urgent = Promotion { priority: 1, ..young };
    assert_eq!(winner(&[old, urgent.clone()]), urgent.id);
}

#[test]
fn line_promotion_or_bundle_whatever_saves_more() {
    let tea = piece("T", "10.00");
    let rules = [percent(1, "0.1"), buy_get(2, 1, 1, "1")];
    assert_eq!(total(cart(&[(&tea, "1")]), &rules), fen(900), "one alone gets the share");
    assert_eq!(total(cart(&[(&tea, "2")]), &rules), fen(1_000), "two get one free, not a share as well");
    let deep = [percent(1, "0.6"), buy_get(2, 1, 1, "1")];
    assert_eq!(total(cart(&[(&tea, "2")]), &deep), fen(800));
    let together = [percent(1, "0.1"), stacks(buy_get(2, 1, 1, "1"))];
    assert_eq!(total(cart(&[(&tea, "2")]), &together), fen(900), "both where they stack");
}

#[test]
fn a_piece_is_in_one_bundle_and_the_better_bundle_comes_first() {
    let tea = piece("T", "10.00");
    let rules = [stacks(mix(1, 2, 1_800)), stacks(mix(2, 2, 1_500))];
    assert_eq!(total(cart(&[(&tea, "3")]), &rules), fen(2_500));
    let ranked = [Promotion { priority: 1, ..rules[0].clone() }, rules[1].clone()];
    assert_eq!(total(cart(&[(&tea, "3")]), &ranked), fen(2_800), "unless the other has the lower priority number");
}

#[test]
fn of_several_thresholds_the_best_counts_unless_they_stack() {
    let wine = piece("W", "120.00");
    let rules = [threshold(1, 5_000, 500), threshold(2, 10_000, 1_500)];
    assert_eq!(total(cart(&[(&wine, "1")]), &rules), fen(10_500));
    let both = [stacks(threshold(1, 5_000, 500)), stacks(threshold(2, 10_000, 1_500))];
    assert_eq!(total(cart(&[(&wine, "1")]), &both), fen(10_000));
}

#[test]
fn every_step_comes_in_the_stated_order() {
    let tea = piece("T", "10.00");
    let coupon =
        for_coupons(promotion(4, Effect::Threshold { spend: fen(0), off: Discount::Percent(decimal("0.5")), every: false }));
    let rules = [percent(1, "0.1"), stacks(mix(2, 2, 1_600)), threshold(3, 1_000, 100), coupon.clone()];
    let mut sold = cart(&[(&tea, "2")]);
    let id = sold.lines()[0].id;
    sold.discount_line(id, Some(Discount::Amount(fen(200)))).expect("changed");
    sold.discount_order(Some(Discount::Amount(fen(50)))).expect("changed");
    let mut sold = by(sold, &rules);
    sold.present(crate::CouponCode::parse("one").expect("a code"), coupon.id, 1).expect("presented");
    // 20.00 − 10 % = 18.00; two for 16.00; by hand 14.00; threshold 13.00; coupon 6.50; by hand 6.00.
    let priced = sold.priced().expect("priced");
    let off: Vec<i64> = priced.lines[0].line.discounts.iter().map(|discount| discount.amount.minor()).collect();
    assert_eq!((priced.total, off), (fen(600), vec![200, 200, 200, 100, 650, 50]));
}

//! What each kind of rule gives.

use std::sync::Arc;

use super::shop::*;
use crate::cart::Discount;
use crate::example::{decimal, fen, price, product, quantity};
use crate::ids::{CouponCode, LevelCode, PriceListCode, StoreId};

use crate::promotion::{
    Effect, Goods, ListPrice, PriceList, PricingContext, Promotion, PromotionError, PromotionSet, PromotionState, Window,
};
use crate::quantity::Unit;
use crate::{Cart, Money};

#[test]
fn a_share_an_amount_and_a_fixed_price_come_off_a_line() {
    let tea = piece("T", "10.00");
    let amount = |text| promotion(1, Effect::Amount { off: price(text) });
    let fixed = |text| promotion(1, Effect::FixedPrice { price: price(text) });
    assert_eq!(total(cart(&[(&tea, "3")]), &[percent(1, "0.15")]), fen(2_550));
    assert_eq!(total(cart(&[(&tea, "3")]), &[amount("1.50")]), fen(2_550));
    assert_eq!(total(cart(&[(&tea, "3")]), &[fixed("8.80")]), fen(2_640));
    assert_eq!(total(cart(&[(&tea, "3")]), &[amount("99")]), fen(0), "never below nothing");
    assert_eq!(total(cart(&[(&tea, "3")]), &[fixed("12")]), fen(3_000), "never dearer");
}

#[test]
fn what_is_weighed_gets_its_share_to_the_fen() {
    let apples = product("A", price("9.96"), Unit::Kilogram);
    let sold = priced(cart(&[(&apples, "0.355")]), &[percent(1, "0.1")]);
    // 0.355 × 9.96 = 3.5358, so 3.54; a tenth is 0.354, so 0.35.
    assert_eq!((sold.subtotal, sold.discount, sold.total), (fen(354), fen(35), fen(319)));
    let off = promotion(1, Effect::Amount { off: price("2.00") });
    assert_eq!(total(cart(&[(&apples, "0.355")]), &[off]), fen(354 - 71));
    assert_eq!(total(cart(&[(&apples, "3.5")]), &[buy_get(1, 1, 1, "1")]), fen(3_486), "bundles count pieces");
}

#[test]
fn the_cheapest_of_three_is_free_and_the_discount_is_spread_over_all_three() {
    let (dear, middle, cheap) = (piece("D", "9.00"), piece("M", "6.00"), piece("C", "5.00"));
    let sold = priced(cart(&[(&cheap, "1"), (&dear, "1"), (&middle, "1")]), &[buy_get(1, 2, 1, "1")]);
    assert_eq!((sold.total, given(&sold)), (fen(1_500), vec![125, 225, 150]));
    let half = priced(cart(&[(&dear, "5")]), &[buy_get(1, 1, 1, "0.5")]);
    assert_eq!(half.total, fen(4_500 - 900), "two pairs of five");
    let limited = Promotion { per_order: Some(1), ..buy_get(1, 1, 1, "1") };
    assert_eq!(total(cart(&[(&dear, "2"), (&cheap, "2")]), &[limited]), fen(1_900), "the dearest pair");
}

#[test]
fn three_of_a_group_for_a_price_takes_the_dearest_three() {
    let (dear, cheap, other) = (piece("D", "4.00"), piece("C", "3.00"), piece("X", "9.00"));
    let three = on(mix(1, 3, 900), &[&dear, &cheap]);
    let sold = priced(cart(&[(&cheap, "2"), (&dear, "2"), (&other, "1")]), std::slice::from_ref(&three));
    assert_eq!((sold.total, given(&sold)), (fen(1_200 + 900), vec![55, 145, 0]));
    assert_eq!(total(cart(&[(&cheap, "3")]), &[three]), fen(900), "no gain, no change");
}

#[test]
fn who_spends_enough_gets_something_off_the_order() {
    let (wine, bag) = (piece("W", "68.00"), piece("B", "0.30"));
    assert_eq!(total(cart(&[(&wine, "1")]), &[threshold(1, 10_000, 1_000)]), fen(6_800));
    let sold = priced(cart(&[(&wine, "2"), (&bag, "1")]), &[threshold(1, 10_000, 1_000)]);
    assert_eq!((sold.total, given(&sold)), (fen(12_630), vec![998, 2]));
    let every = promotion(1, Effect::Threshold { spend: fen(5_000), off: Discount::Amount(fen(500)), every: true });
    assert_eq!(total(cart(&[(&wine, "2")]), &[every]), fen(13_600 - 1_000));
    let share = promotion(1, Effect::Threshold { spend: fen(5_000), off: Discount::Percent(decimal("0.05")), every: false });
    assert_eq!(total(cart(&[(&wine, "2")]), &[share]), fen(13_600 - 680));
}

#[test]
fn rules_hold_at_their_time_in_their_store_for_their_members() {
    let tea = piece("T", "10.00");
    let at = |context: PricingContext, promotion: Promotion| {
        let mut cart = cart(&[(&tea, "1")]);
        cart.price_by(Arc::new(PromotionSet::new([promotion], [])), context);
        cart.priced().expect("priced").total
    };
    let gold = LevelCode::parse("gold").expect("a level");
    let evening = Window { from: Some("2026-11-24T17:00:00".parse().expect("a time")), ..Window::default() };
    let limited = Promotion { when: evening, levels: vec![gold.clone()], stores: vec![context().store], ..percent(1, "0.5") };
    let member = PricingContext { member_level: Some(gold), ..context() };
    assert_eq!(at(member.clone(), limited.clone()), fen(500));
    assert_eq!(at(context(), limited.clone()), fen(1_000));
    assert_eq!(at(PricingContext { store: StoreId::generate(), ..member.clone() }, limited.clone()), fen(1_000));
    let noon = "2026-11-24T12:00:00".parse().expect("a time");
    assert_eq!(at(PricingContext { now: noon, ..member.clone() }, limited.clone()), fen(1_000));
    assert_eq!(at(member, Promotion { state: PromotionState::Draft, ..limited }), fen(1_000));
}

#[test]
fn goods_are_named_by_product_or_category_with_exceptions() {
    let (tea, cup) = (in_category(piece("T", "10.00"), "drinks"), in_category(piece("C", "4.00"), "drinks"));
    let goods = Goods { categories: tea.category.iter().cloned().collect(), except: vec![cup.id], ..Goods::default() };
    let drinks = Promotion { goods, ..percent(1, "0.5") };
    assert_eq!(given(&priced(cart(&[(&tea, "1"), (&cup, "1")]), &[drinks])), [500, 0]);
    assert_eq!(given(&priced(cart(&[(&tea, "1"), (&cup, "1")]), &[on(percent(1, "0.5"), &[&cup])])), [0, 200]);
}

fn price_list(code: &str, priority: u32, prices: Vec<ListPrice>) -> PriceList {
    PriceList {
        code: PriceListCode::parse(code).expect("a code"),
        name: crate::Name { zh: String::new(), en: code.to_owned() },
        priority,
        when: Window::default(),
        stores: Vec::new(),
        levels: Vec::new(),
        prices,
        active: true,
    }
}

#[test]
fn a_price_list_names_another_price_by_quantity_and_priority() {
    let tea = piece("T", "10.00");
    let from = |count: Option<&str>, text| ListPrice { product: tea.id, from: count.map(quantity), price: price(text) };
    let box_of_six = price_list("wholesale", 1, vec![from(Some("6"), "8.00"), from(Some("12"), "7.00")]);
    let night = price_list("night", 2, vec![from(None, "9.00")]);
    let sold = |count: &str| {
        let mut cart = cart(&[(&tea, count)]);
        cart.price_by(Arc::new(PromotionSet::new([], [night.clone(), box_of_six.clone()])), context());
        cart.priced().expect("priced")
    };
    assert_eq!(sold("2").total, fen(1_800), "only the list with the lower rank has a price for two");
    assert_eq!((sold("6").total, sold("12").total), (fen(4_800), fen(8_400)));
    let line = &sold("6").lines[0].line;
    assert_eq!((line.unit_price, line.list_price, line.extended), (price("8"), Some(price("10")), fen(4_800)));
}

#[test]
fn a_price_that_a_person_set_is_left_alone() {
    let tea = piece("T", "10.00");
    let mut cart = cart(&[(&tea, "2")]);
    let id = cart.lines()[0].id;
    cart.override_price(id, Some(price("6"))).expect("changed");
    let rules = [percent(1, "0.5"), buy_get(2, 1, 1, "1"), stacks(threshold(3, 1_000, 100))];
    assert_eq!(total(cart, &rules), fen(1_100), "only the threshold counts it");
}

#[test]
fn by_hand_comes_after_promotions_and_fits_into_what_they_left() {
    let tea = piece("T", "10.00");
    let mut sold = cart(&[(&tea, "1")]);
    let id = sold.lines()[0].id;
    sold.discount_line(id, Some(Discount::Amount(fen(800)))).expect("changed");
    let mut sold = by(sold, &[percent(1, "0.5")]);
    assert_eq!(sold.priced().expect("priced").total, fen(0), "a discount given before the promotion began");
    assert!(sold.discount_line(id, Some(Discount::Amount(fen(501)))).is_err(), "but none that is given now");
    sold.discount_line(id, Some(Discount::Percent(decimal("0.1")))).expect("changed");
    assert_eq!(sold.priced().expect("priced").total, fen(450));
}

fn coupon(text: &str) -> CouponCode {
    CouponCode::parse(text).expect("a code")
}

#[test]
fn a_coupon_gives_what_its_promotion_says_and_only_then() {
    let tea = piece("T", "10.00");
    let rule = for_coupons(threshold(1, 0, 300));
    assert_eq!(total(cart(&[(&tea, "1")]), std::slice::from_ref(&rule)), fen(1_000));
    let mut with = by(cart(&[(&tea, "1")]), std::slice::from_ref(&rule));
    with.present(coupon("one"), rule.id, 1).expect("presented");
    assert_eq!(with.present(coupon("one"), rule.id, 1), Err(crate::CartError::CouponTwice));
    assert_eq!(with.present(coupon("two"), rule.id, 1), Err(crate::CartError::TooManyCoupons(1)));
    let sold = with.priced().expect("priced");
    assert_eq!((sold.total, sold.coupons, sold.promotions.len()), (fen(700), vec![coupon("one")], 1));
    assert!(with.take_back(&coupon("one")) && !with.take_back(&coupon("one")));
    assert_eq!(with.priced().expect("priced").total, fen(1_000));
}

#[test]
fn a_coupon_that_gives_nothing_is_not_spent() {
    let tea = piece("T", "10.00");
    let rule = for_coupons(threshold(1, 5_000, 300));
    let mut with = by(cart(&[(&tea, "1")]), std::slice::from_ref(&rule));
    with.present(coupon("one"), rule.id, 1).expect("presented");
    let sold = with.priced().expect("priced");
    assert_eq!((sold.total, sold.coupons), (fen(1_000), vec![]));
}

#[test]
fn a_bundle_by_coupon_takes_only_pieces_that_are_in_no_other() {
    let tea = piece("T", "10.00");
    let (pair, by_coupon) = (mix(1, 2, 1_500), for_coupons(buy_get(2, 1, 1, "1")));
    let sold = |count: &str| {
        let mut with = by(cart(&[(&tea, count)]), &[Promotion { per_order: Some(1), ..pair.clone() }, by_coupon.clone()]);
        with.present(coupon("one"), by_coupon.id, 1).expect("presented");
        with.priced().expect("priced")
    };
    assert_eq!(sold("3").coupons, vec![], "the third piece has no second one");
    assert_eq!(sold("4").coupons, vec![coupon("one")]);
}

#[test]
fn an_order_without_rules_is_priced_as_ever() {
    let tea = piece("T", "10.00");
    let plain = cart(&[(&tea, "2")]);
    let mut empty: Cart = plain.clone();
    empty.price_by(Arc::new(PromotionSet::default()), context());
    assert_eq!(plain.priced(), empty.priced());
    assert_eq!(plain, empty);
}

#[test]
fn what_cannot_be_worked_out_is_refused() {
    let currency = crate::example::cny();
    let euros = Money::from_minor(1, crate::Currency::parse("EUR").expect("a currency"));
    let wrong = |promotion: Promotion| promotion.validate(currency).expect_err("refused");
    assert!(matches!(wrong(percent(1, "1.1")), PromotionError::Share(_)));
    assert!(matches!(wrong(percent(1, "0")), PromotionError::Share(_)));
    assert!(matches!(wrong(buy_get(1, 0, 1, "1")), PromotionError::Pieces(0)));
    assert!(matches!(wrong(mix(1, 1, 100)), PromotionError::Pieces(1)));
    assert!(matches!(wrong(threshold(1, 100, 0)), PromotionError::Amount));
    let foreign = promotion(1, Effect::MixAndMatch { count: 2, price: euros });
    assert!(matches!(wrong(foreign), PromotionError::Currency { .. }));
    assert!(matches!(wrong(Promotion { name: crate::Name::default(), ..percent(1, "0.1") }), PromotionError::Name));
    assert!(matches!(wrong(Promotion { per_order: Some(0), ..percent(1, "0.1") }), PromotionError::Limit));
    assert!(percent(1, "0.1").validate(currency).is_ok());
    let text = serde_json::to_string(&for_coupons(buy_get(1, 2, 1, "0.5"))).expect("JSON");
    assert_eq!(serde_json::from_str::<Promotion>(&text).expect("read"), for_coupons(buy_get(1, 2, 1, "0.5")), "{text}");
}

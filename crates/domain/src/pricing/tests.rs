use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::cart::Discount;
use crate::example::{any_cart, cart_of, cny, fen, price, product, quantity, tax_class};
use crate::money::Rounding;
use crate::quantity::{Quantity, Unit};
use crate::shop::MoLing;

fn sum(amounts: impl IntoIterator<Item = Money>) -> Money {
    Money::sum(cny(), amounts).expect("fits")
}

fn tax_of(line: &OrderLine) -> Money {
    sum(line.taxes.iter().map(|tax| tax.tax))
}

fn taken_off(line: &OrderLine, kind: DiscountKind) -> Money {
    sum(line.discounts.iter().filter(|discount| discount.kind == kind).map(|discount| discount.amount))
}

#[test]
fn a_line_shows_how_its_price_came_about() {
    let mut cart = Cart::new(cny(), TaxRounding::PerLine);
    let class = Arc::new(tax_class(true, &["0.13"]));
    let id = cart.add(product("A", price("12.90"), Unit::Kilogram), class, quantity("0.355")).expect("added");
    cart.override_price(id, Some(price("10"))).expect("changed");
    cart.discount_line(id, Some(Discount::parse_percent("10").expect("a percentage"))).expect("changed");
    let priced = cart.priced().expect("priced");
    let line = &priced.lines[0].line;
    assert_eq!((line.unit_price, line.list_price), (price("10"), Some(price("12.9"))));
    assert_eq!((line.extended, line.discounts[0].amount, line.payable), (fen(355), fen(36), fen(319)));
    assert_eq!((line.taxes[0].tax, line.net), (fen(37), fen(282)));
}

#[test]
fn mo_ling_is_a_discount_so_tax_follows_the_money_received() {
    let mut cart = cart_of(price("88.88"), tax_class(true, &["0.13"]));
    cart.set_mo_ling(Some(MoLing { step_minor: 10, cap_minor: 9 })).expect("changed");
    let priced = cart.priced().expect("priced");
    assert_eq!((priced.total, priced.discount, priced.tax), (fen(8_880), fen(8), fen(1_022)));
    cart.set_mo_ling(Some(MoLing { step_minor: 100, cap_minor: 50 })).expect("changed");
    assert_eq!(cart.priced().expect("priced").total, fen(8_888), "above the cap nothing comes off");
}

#[test]
fn mo_ling_makes_the_total_even_where_tax_comes_on_top_as_well() {
    let mut cart = cart_of(price("8.08"), tax_class(false, &["0.10"]));
    assert_eq!(cart.priced().expect("priced").total, fen(889));
    cart.set_mo_ling(Some(MoLing { step_minor: 10, cap_minor: 9 })).expect("changed");
    let priced = cart.priced().expect("priced");
    assert_eq!((priced.total, priced.tax, priced.discount), (fen(880), fen(80), fen(8)));
}

#[test]
fn tax_on_the_total_is_shared_back_over_the_lines() {
    for (rounding, tax) in [(TaxRounding::PerLine, 84), (TaxRounding::PerTotal, 85)] {
        let mut cart = Cart::new(cny(), rounding);
        let class = Arc::new(tax_class(true, &["0.13"]));
        for number in 0..7 {
            cart.add(product(&number.to_string(), price("1.05"), Unit::Piece), Arc::clone(&class), Quantity::ONE).expect("added");
        }
        let priced = cart.priced().expect("priced");
        assert_eq!((priced.tax, priced.total), (fen(tax), fen(735)));
    }
}

#[test]
fn an_order_given_away_costs_nothing() {
    let mut cart = cart_of(price("88.88"), tax_class(true, &["0.13"]));
    cart.discount_order(Some(Discount::parse_percent("100").expect("a percentage"))).expect("changed");
    let priced = cart.priced().expect("priced");
    assert_eq!((priced.total, priced.tax, priced.discount), (fen(0), fen(0), fen(8_888)));
}

#[test]
fn an_empty_cart_costs_nothing() {
    let priced = Cart::new(cny(), TaxRounding::PerTotal).priced().expect("priced");
    assert_eq!((priced.lines.len(), priced.total, priced.tax), (0, fen(0), fen(0)));
}

proptest! {
    #[test]
    fn every_sum_is_the_sum_of_its_lines(cart in any_cart()) {
        let priced = cart.priced().expect("priced");
        let lines: Vec<&OrderLine> = priced.lines.iter().map(|priced| &priced.line).collect();
        prop_assert_eq!(priced.total, sum(lines.iter().map(|line| line.payable)));
        prop_assert_eq!(priced.subtotal, sum(lines.iter().map(|line| line.extended)));
        prop_assert_eq!(priced.tax, sum(lines.iter().map(|line| tax_of(line))));
        let discounts = lines.iter().flat_map(|line| line.discounts.iter().map(|discount| discount.amount));
        prop_assert_eq!(priced.discount, sum(discounts));
    }

    #[test]
    fn every_line_adds_up(cart in any_cart()) {
        for PricedLine { line, .. } in cart.priced().expect("priced").lines {
            let tax = tax_of(&line);
            prop_assert_eq!(line.net.plus(tax), Ok(line.payable));
            let left = line.extended.minus(sum(line.discounts.iter().map(|discount| discount.amount))).expect("fits");
            let expected = if line.tax_inclusive { left } else { left.plus(tax).expect("fits") };
            prop_assert_eq!(line.payable, expected);
            for amount in [line.extended, line.net, line.payable, tax] {
                prop_assert!(!amount.is_negative());
            }
            prop_assert!(line.discounts.iter().all(|discount| discount.amount.minor() > 0));
            let exact = line.unit_price.value() * line.quantity.to_decimal();
            prop_assert_eq!(line.extended, Money::from_decimal(exact, cny(), Rounding::HalfUp).expect("fits"));
        }
    }

    #[test]
    fn the_orders_discount_is_spread_to_the_last_fen(cart in any_cart()) {
        let priced = cart.priced().expect("priced");
        let before = sum(priced.lines.iter().map(|PricedLine { line, .. }| {
            line.extended.minus(taken_off(line, DiscountKind::Line)).expect("fits")
        }));
        let expected = cart.discount().map_or(fen(0), |discount| discount.off(before).expect("fits"));
        prop_assert_eq!(sum(priced.lines.iter().map(|line| taken_off(&line.line, DiscountKind::Order))), expected);
    }

    #[test]
    fn mo_ling_ends_on_its_step_within_its_cap_or_takes_nothing(cart in any_cart()) {
        let mut without = cart.clone();
        without.set_mo_ling(None).expect("changed");
        let (with, without) = (cart.priced().expect("priced"), without.priced().expect("priced"));
        match cart.mo_ling() {
            Some(rule) if with.total != without.total => {
                prop_assert_eq!(with.total.minor() % i64::from(rule.step_minor), 0);
                let off = without.total.minor() - with.total.minor();
                prop_assert!(off > 0 && off <= i64::from(rule.cap_minor));
            }
            _ => prop_assert_eq!(with, without),
        }
    }

    #[test]
    fn tax_on_the_total_is_that_of_each_class_as_a_whole(cart in any_cart()) {
        prop_assume!(cart.tax_rounding() == TaxRounding::PerTotal);
        let priced = cart.priced().expect("priced");
        let mut classes: BTreeMap<&str, (Money, Money, usize)> = BTreeMap::new();
        for (index, (line, PricedLine { line: sold, .. })) in cart.lines().iter().zip(&priced.lines).enumerate() {
            let base = if sold.tax_inclusive { sold.payable } else { sold.net };
            let (bases, taxes, _) = classes.entry(line.tax.code.as_str()).or_insert((fen(0), fen(0), index));
            (*bases, *taxes) = (bases.plus(base).expect("fits"), taxes.plus(tax_of(sold)).expect("fits"));
        }
        for (base, tax, index) in classes.into_values() {
            prop_assert_eq!(tax, sum(cart.lines()[index].tax.taxes_of(base).expect("taxed")));
        }
    }
}

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::example::{cny, decimal, fen, tax_class, vectors};

fn integers(value: &Value) -> Vec<Money> {
    value.as_array().expect("a list").iter().map(|number| fen(number.as_i64().expect("a number"))).collect()
}

#[test]
fn tax_inside_a_price_is_what_the_net_amount_leaves() {
    assert_eq!(tax_class(true, &["0.13"]).taxes_of(fen(11_300)), Ok(vec![fen(1_300)]));
    assert_eq!(tax_class(true, &["0.13"]).taxes_of(fen(8_880)), Ok(vec![fen(1_022)]));
}

#[test]
fn tax_on_top_is_worked_out_for_each_rate() {
    let quebec = tax_class(false, &["0.05", "0.09975"]);
    assert_eq!(quebec.taxes_of(fen(10_000)), Ok(vec![fen(500), fen(998)]));
}

#[test]
fn several_rates_inside_a_price_share_one_rounded_tax() {
    let taxes = tax_class(true, &["0.05", "0.09975"]).taxes_of(fen(11_498)).expect("taxed");
    assert_eq!(taxes, [fen(500), fen(998)]);
}

#[test]
fn a_class_without_rates_and_a_rate_of_nothing_take_nothing() {
    assert_eq!(tax_class(true, &[]).taxes_of(fen(999)), Ok(vec![]));
    assert_eq!(tax_class(false, &[]).taxes_of(fen(999)), Ok(vec![]));
    assert_eq!(tax_class(true, &["0", "0"]).taxes_of(fen(999)), Ok(vec![fen(0), fen(0)]));
}

#[test]
fn a_rate_that_is_no_share_is_refused() {
    for rate in ["-0.01", "1.01", "13"] {
        let class = tax_class(true, &[rate]);
        assert_eq!(class.clone().validate(), Err(TaxError::RateOutOfRange(decimal(rate), class.code)));
    }
    assert_eq!(tax_class(true, &["-1"]).taxes_of(fen(100)), Err(MoneyError::Overflow), "no panic without the check either");
}

#[test]
fn vectors_tax_inside_the_price() {
    let Some(all) = vectors("money.json") else { return };
    for case in all["tax_inclusive_half_up"].as_array().expect("a list") {
        let class = tax_class(true, &[case["rate"].as_str().expect("a text")]);
        let tax = |gross: Money| class.taxes_of(gross).expect("taxed")[0];
        let gross = integers(&case["gross_minor"]);
        let per_line: Vec<Money> = gross.iter().map(|gross| tax(*gross)).collect();
        assert_eq!(per_line, integers(&case["tax_per_line"]), "{case}");
        let on_total = tax(Money::sum(cny(), gross.iter().copied()).expect("a sum"));
        assert_eq!(on_total, fen(case["tax_on_total"].as_i64().expect("a number")), "{case}");
        let weights: Vec<u64> = gross.iter().map(|gross| gross.minor().unsigned_abs()).collect();
        assert_eq!(on_total.allocate(&weights), Ok(integers(&case["invoice_method_allocated"])), "{case}");
    }
}

proptest! {
    #[test]
    fn tax_inside_a_price_added_to_its_net_amount_gives_the_price(gross in 0_i64..100_000_000, percent in 0_u32..=100) {
        let rate = Decimal::from(percent) / Decimal::ONE_HUNDRED;
        let inside = tax_class(true, &[&rate.to_string()]).taxes_of(fen(gross)).expect("taxed")[0];
        prop_assert!(!inside.is_negative() && inside.minor() <= gross);
        let net = fen(gross).minus(inside).expect("fits");
        let on_top = tax_class(false, &[&rate.to_string()]).taxes_of(net).expect("taxed")[0];
        prop_assert!((on_top.minor() - inside.minor()).abs() <= 1, "the two ways differ by rounding alone");
    }

    #[test]
    fn several_rates_inside_a_price_add_up_to_the_tax_of_their_sum(gross in 0_i64..100_000_000, first in 1_i64..500, second in 1_i64..500) {
        let (a, b) = (Decimal::new(first, 3), Decimal::new(second, 3));
        let parts = tax_class(true, &[&a.to_string(), &b.to_string()]).taxes_of(fen(gross)).expect("taxed");
        let whole = tax_class(true, &[&(a + b).to_string()]).taxes_of(fen(gross)).expect("taxed");
        prop_assert_eq!(Money::sum(cny(), parts), Ok(whole[0]));
    }
}

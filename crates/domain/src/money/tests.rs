use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::example::{cny, decimal, fen, price, quantity, vectors};

fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("a currency")
}

fn integers(value: &Value) -> Vec<i64> {
    value.as_array().expect("a list").iter().map(|number| number.as_i64().expect("a number")).collect()
}

fn mode(name: &Value) -> Rounding {
    serde_json::from_value(name.clone()).expect("a rounding")
}

#[test]
fn amounts_are_read_and_written_with_all_their_decimals() {
    let cases = [
        ("12", "CNY", "12.00 CNY"),
        ("12.5", "CNY", "12.50 CNY"),
        ("-0.05", "CNY", "-0.05 CNY"),
        ("1200", "JPY", "1200 JPY"),
        ("1.234", "KWD", "1.234 KWD"),
    ];
    for (typed, code, written) in cases {
        let money = Money::parse(typed, currency(code)).expect("an amount");
        assert_eq!(money.to_string(), written);
        assert_eq!(written.parse(), Ok(money));
        assert_eq!(serde_json::to_value(money).expect("JSON"), Value::from(written));
        assert_eq!(serde_json::from_value::<Money>(Value::from(written)).expect("read"), money);
    }
}

#[test]
fn what_is_no_plain_amount_is_refused() {
    let no_amounts = [
        "",
        " ",
        "abc",
        "1,5",
        "1.",
        ".5",
        "+5",
        "1e2",
        "1_000",
        "12.345",
        "--1",
        "-",
        "1 2",
        "٣",
        "１",
        "0x1",
        "NaN",
        "1.2.3",
        "1234567890123456789",
    ];
    for text in no_amounts {
        assert!(matches!(Money::parse(text, cny()), Err(MoneyError::NotAnAmount { .. })), "{text}");
    }
    assert!(matches!(Money::parse("1.5", currency("JPY")), Err(MoneyError::NotAnAmount { exponent: 0, .. })));
    for json in ["33.80", "3380", "null", "\"33.80\"", "\"33.80 cny\"", "\"33.80 XYZ\"", "\"33.8000 CNY\""] {
        assert!(serde_json::from_str::<Money>(json).is_err(), "{json}");
    }
}

#[test]
fn currencies_are_those_of_iso_4217_with_a_minor_unit() {
    for code in ["", "cny", "XXX", "XAU", "XTS", "CN", "CNYX", "￥"] {
        assert!(Currency::parse(code).is_err(), "{code}");
    }
}

#[test]
fn currencies_do_not_mix_and_nothing_overflows() {
    let (yuan, yen) = (fen(100), Money::from_minor(100, currency("JPY")));
    assert_eq!(yuan.plus(yen), Err(MoneyError::CurrencyMismatch(cny(), currency("JPY"))));
    assert!(yuan.compare(yen).is_err());
    assert_eq!(fen(i64::MAX).plus(fen(1)), Err(MoneyError::Overflow));
    assert_eq!(fen(i64::MIN).negated(), Err(MoneyError::Overflow));
    assert_eq!(fen(1).minus(fen(i64::MIN)), Err(MoneyError::Overflow));
    assert_eq!(fen(i64::MAX).times(decimal("2"), Rounding::HalfUp), Err(MoneyError::Overflow));
    assert_eq!(fen(i64::MIN).allocate(&[1]).map(|parts| parts[0]), Err(MoneyError::Overflow));
}

#[test]
fn a_price_may_be_finer_than_the_minor_unit_and_a_line_rounds_once() {
    assert_eq!(price("0.001").extend(quantity("5")), Ok(fen(1)));
    assert_eq!(price("0.001").extend(quantity("4")), Ok(fen(0)));
    assert_eq!(price("12.9").extend(quantity("0.355")), Ok(fen(458)));
    assert_eq!((price("12.9").to_string(), price("0.001").to_string()), ("12.90 CNY".to_owned(), "0.001 CNY".to_owned()));
    for text in ["-1", "-0.01", "0.0000001", "1000000001", "x"] {
        assert!(UnitPrice::parse(text, cny()).is_err(), "{text}");
    }
}

#[test]
fn nothing_can_be_shared_over_nothing() {
    assert_eq!(fen(5).allocate(&[0, 0]), Err(MoneyError::NoWeights));
    assert_eq!(fen(5).allocate(&[]), Err(MoneyError::NoWeights));
    assert_eq!(fen(0).allocate(&[0, 0]), Ok(vec![fen(0), fen(0)]));
}

#[test]
fn vectors_minor_units() {
    let Some(all) = vectors("money.json") else { return };
    for (code, places) in all["minor_units"].as_object().expect("a map") {
        assert_eq!(u64::from(currency(code).exponent()), places.as_u64().expect("a number"), "{code}");
    }
}

#[test]
fn vectors_rounding() {
    let Some(all) = vectors("money.json") else { return };
    for case in all["rounding_to_2dp"].as_array().expect("a list") {
        let value = decimal(case["value"].as_str().expect("a text"));
        for name in ["half_even", "half_up", "floor", "ceil", "toward_zero"] {
            let expected = decimal(case[name].as_str().expect("a text"));
            assert_eq!(mode(&Value::from(name)).round(value, 2), expected, "{value} {name}");
        }
    }
}

#[test]
fn vectors_largest_remainder() {
    let Some(all) = vectors("money.json") else { return };
    for case in all["largest_remainder"].as_array().expect("a list") {
        let weights: Vec<u64> = integers(&case["weights"]).into_iter().map(i64::unsigned_abs).collect();
        let parts = fen(case["total"].as_i64().expect("a number")).allocate(&weights).expect("shared");
        let parts: Vec<i64> = parts.into_iter().map(Money::minor).collect();
        assert_eq!(parts, integers(&case["out"]), "{case}");
    }
}

#[test]
fn vectors_cash_rounding() {
    let Some(all) = vectors("money.json") else { return };
    for group in all["cash_rounding"].as_array().expect("a list").iter().chain(all["mo_ling"].as_array().expect("a list")) {
        let step_minor = u32::try_from(group["step_minor"].as_u64().expect("a number")).expect("small");
        let rounding = CashRounding { step_minor, mode: mode(&group["mode"]) };
        for case in group["cases"].as_array().expect("a list") {
            let [due, rounded, added] = integers(case)[..] else { panic!("{case}") };
            assert_eq!(rounding.apply(fen(due)), Ok((fen(rounded), fen(added))), "{group} {case}");
        }
    }
}

#[test]
fn vectors_fees() {
    let Some(all) = vectors("money.json") else { return };
    for case in all["fees_half_up"].as_array().expect("a list") {
        let amount = fen(case["amount"].as_i64().expect("a number"));
        let rate = decimal(case["rate"].as_str().expect("a text"));
        assert_eq!(amount.times(rate, Rounding::HalfUp), Ok(fen(case["fee"].as_i64().expect("a number"))), "{case}");
    }
}

proptest! {
    #[test]
    fn text_and_amount_are_one(minor in -999_999_999_999_999_999_i64..=999_999_999_999_999_999) {
        prop_assert_eq!(fen(minor).to_string().parse(), Ok(fen(minor)));
    }

    #[test]
    fn parts_add_up_and_lie_next_to_their_exact_share(minor in any::<i64>(), weights in proptest::collection::vec(any::<u64>(), 1..20)) {
        prop_assume!(minor != i64::MIN && weights.iter().any(|weight| *weight > 0));
        let parts = fen(minor).allocate(&weights).expect("shared");
        prop_assert_eq!(Money::sum(cny(), parts.iter().copied()), Ok(fen(minor)));
        let total: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
        for (part, weight) in parts.iter().zip(&weights) {
            let floor = u128::from(minor.unsigned_abs()) * u128::from(*weight) / total;
            let size = u128::from(part.minor().unsigned_abs());
            prop_assert!(size == floor || size == floor + 1);
            prop_assert!(*weight > 0 || part.is_zero(), "what weighs nothing gets nothing");
            prop_assert!(part.is_zero() || part.is_negative() == (minor < 0));
        }
    }

    #[test]
    fn shares_are_those_of_the_mirror_image(minor in 1..i64::MAX, weights in proptest::collection::vec(1_u64..1_000, 1..9)) {
        let parts = fen(minor).allocate(&weights).expect("shared");
        let mirrored: Vec<Money> = parts.iter().map(|part| part.negated().expect("fits")).collect();
        prop_assert_eq!(fen(-minor).allocate(&weights), Ok(mirrored));
    }

    #[test]
    fn cash_rounding_ends_on_a_coin_within_one_step(minor in -1_000_000_i64..1_000_000, step_minor in 1_u32..1_000, which in 0..6_usize) {
        let modes = [Rounding::HalfUp, Rounding::HalfDown, Rounding::HalfEven, Rounding::Floor, Rounding::Ceil, Rounding::TowardZero];
        let (rounded, added) = CashRounding { step_minor, mode: modes[which] }.apply(fen(minor)).expect("rounded");
        prop_assert_eq!(rounded.minor() % i64::from(step_minor), 0);
        prop_assert!(added.minor().abs() < i64::from(step_minor));
        prop_assert_eq!(fen(minor).plus(added), Ok(rounded));
    }

    #[test]
    fn whatever_is_typed_is_an_amount_or_refused_but_never_a_panic(text in "\\PC*", code in prop_oneof![Just("CNY"), Just("JPY"), Just("CLF")]) {
        let _ = Money::parse(&text, currency(code));
        let _ = UnitPrice::parse(&text, currency(code));
        let _ = text.parse::<Money>();
        let _ = Quantity::parse(&text);
    }
}

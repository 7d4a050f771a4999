use proptest::prelude::*;

use super::*;

#[test]
fn quantities_are_read_to_the_thousandth() {
    for (typed, milli, written) in
        [("2", 2_000, "2"), ("0.355", 355, "0.355"), ("1.50", 1_500, "1.5"), ("999999", 999_999_000, "999999")]
    {
        let quantity = Quantity::parse(typed).expect(typed);
        assert_eq!((quantity.milli(), quantity.to_string().as_str()), (milli, written));
    }
}

#[test]
fn what_is_no_quantity_is_refused_with_its_reason() {
    for typed in ["", "two", "1.2345", ".5", "5.", "+1", "1e3", "1 000", "1,5", "99999999999999999999"] {
        assert_eq!(Quantity::parse(typed), Err(QuantityError::NotANumber(typed.to_owned())));
    }
    for typed in ["0", "0.000", "-1", "-0.001"] {
        assert_eq!(Quantity::parse(typed), Err(QuantityError::NotPositive), "{typed}");
    }
    // A barcode typed into the field of the quantity.
    assert_eq!(Quantity::parse("6901028001915"), Err(QuantityError::TooLarge("6901028001915".to_owned())));
    assert_eq!(Quantity::MAX.plus(Quantity::ONE), Err(QuantityError::TooLarge("1000000".to_owned())));
}

#[test]
fn pieces_are_whole() {
    let half = Quantity::parse("0.5").expect("a quantity");
    assert_eq!(half.of(Unit::Piece), Err(QuantityError::NotWhole("0.5".to_owned())));
    assert_eq!(half.of(Unit::Kilogram), Ok(half));
    assert_eq!(Quantity::ONE.of(Unit::Piece), Ok(Quantity::ONE));
}

#[test]
fn stock_may_leave_below_nothing() {
    for (typed, milli, written) in [("-2", -2_000, "-2"), ("0", 0, "0"), ("-0.355", -355, "-0.355")] {
        let delta: StockDelta = typed.parse().expect(typed);
        assert_eq!((delta.milli(), delta.to_string().as_str()), (milli, written));
    }
}

#[test]
fn a_number_in_json_is_refused_for_it_may_have_gone_through_a_float() {
    assert!(serde_json::from_str::<Quantity>("0.355").is_err());
    assert!(serde_json::from_str::<StockDelta>("1").is_err());
}

proptest! {
    #[test]
    fn text_and_quantity_are_one(milli in 1..=Quantity::MAX.milli) {
        let quantity = Quantity::from_milli(milli).expect("a quantity");
        prop_assert_eq!(quantity.to_string().parse(), Ok(quantity));
        let json = serde_json::to_string(&quantity).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Quantity>(&json).expect("read"), quantity);
    }
}

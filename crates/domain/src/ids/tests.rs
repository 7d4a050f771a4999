use super::*;

#[test]
fn ids_sort_by_time_of_making_and_are_written_as_uuids() {
    let (first, second) = (OrderId::generate(), OrderId::generate());
    assert!(first < second);
    assert_eq!(first.uuid().get_version_num(), 7);
    assert_eq!(first.to_string().parse(), Ok(first));
    assert_eq!(serde_json::to_string(&first).expect("JSON"), format!("\"{first}\""));
    assert!("12".parse::<OrderId>().is_err());
}

#[test]
fn codes_are_trimmed_and_bounded() {
    assert_eq!(Sku::parse(" 85123A ").expect("a code").as_str(), "85123A");
    assert_eq!(Barcode::parse("苹果-1").expect("a code").as_str(), "苹果-1");
    let long = "x".repeat(65);
    for text in ["", "   ", "a\nb", "a\u{0}", long.as_str()] {
        assert!(Sku::parse(text).is_err(), "{text:?}");
        assert!(serde_json::from_value::<Sku>(serde_json::Value::from(text)).is_err(), "{text:?}");
    }
}

#[test]
fn a_receipt_number_is_store_terminal_number() {
    let store = StoreCode::parse("S1").expect("a code");
    assert_eq!(ReceiptNumber::compose(&store, 2, 123).as_str(), "S1-2-000123");
    assert_eq!(ReceiptNumber::compose(&store, 2, 1_234_567).as_str(), "S1-2-1234567");
    let longest = StoreCode::parse(&"店".repeat(32)).expect("a code");
    let number = ReceiptNumber::compose(&longest, u32::MAX, u64::MAX);
    assert_eq!(ReceiptNumber::parse(number.as_str()), Ok(number));
}

use super::*;
use crate::example::vectors;
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::Value;

fn today() -> Date {
    Date::constant(2026, 11, 24)
}

fn all_regions() -> [(&'static str, Region); 6] {
    [
        ("se", Region::Nordic),
        ("fi", Region::Baltic),
        ("de", Region::Germany),
        ("gb", Region::Britain),
        ("dk", Region::Denmark),
        ("cn", Region::China),
    ]
}

fn in_store(code: &str, region: Region) -> InStoreCode {
    match read(code, &region.layouts(), today()).expect("a code") {
        Scanned::InStore(code) => code,
        other => panic!("{code} is {other:?}"),
    }
}

fn decimal_of(value: &Value) -> Option<Decimal> {
    value.as_str().map(|text| text.parse().expect("a decimal"))
}

#[test]
fn check_digits_are_those_of_the_vectors() {
    let Some(vectors) = vectors("barcodes.json") else { return };
    for pair in vectors["gs1_check_digit"].as_array().expect("pairs") {
        assert_eq!(check_digit(pair[0].as_str().unwrap()), pair[1].as_str().unwrap().bytes().next(), "{pair}");
    }
    for pair in vectors["price_or_weight_check_digit"].as_array().expect("pairs") {
        assert_eq!(measure_check_digit(pair[0].as_str().unwrap()), pair[1].as_str().unwrap().bytes().next(), "{pair}");
    }
}

#[test]
fn regional_codes_are_those_of_the_vectors() {
    let Some(vectors) = vectors("barcodes.json") else { return };
    for row in vectors["rcn_regional"].as_array().expect("rows") {
        let (_, region) = all_regions().into_iter().find(|(name, _)| row["region"] == *name).expect("a region");
        let code = in_store(row["code"].as_str().unwrap(), region);
        assert_eq!((code.price, code.weight), (decimal_of(&row["price"]), decimal_of(&row["weight"])), "{row}");
        assert_eq!(code.without_measure, row["without_measure"].as_str().unwrap(), "{row}");
    }
}

#[test]
fn scale_codes_are_those_of_the_vectors() {
    let Some(vectors) = vectors("barcodes.json") else { return };
    for row in vectors["scale_layouts"].as_array().expect("rows") {
        let american = row["layout"].as_str().unwrap().contains("UPC-A");
        let code = in_store(row["code"].as_str().unwrap(), if american { Region::NorthAmerica } else { Region::China });
        assert_eq!(code.item, row["item"].as_str().unwrap(), "{row}");
        assert_eq!(code.price, row["price_minor"].as_i64().map(|minor| Decimal::new(minor, 2)), "{row}");
        assert_eq!(code.weight, row["weight_g"].as_i64().map(|grams| Decimal::new(grams, 3)), "{row}");
        if let Some(flag) = row["flag"].as_str() {
            assert!(code.item_with_prefix.starts_with(flag), "{row}");
        }
    }
}

#[test]
fn element_strings_are_those_of_the_vectors() {
    let Some(vectors) = vectors("barcodes.json") else { return };
    for row in vectors["gs1_element_strings"].as_array().expect("rows") {
        let raw = row["raw"].as_str().unwrap().replace("<GS>", "\u{1d}");
        let Scanned::Gs1(elements) = read(&format!("]C1{raw}"), &[], today()).expect("elements") else { panic!("{row}") };
        let expected = row["elements"].as_array().unwrap();
        assert_eq!(elements.0.len(), expected.len(), "{row}");
        for (found, expected) in elements.0.iter().zip(expected) {
            assert_eq!(
                (found.ai.as_str(), found.value.as_str()),
                (expected["ai"].as_str().unwrap(), expected["value"].as_str().unwrap())
            );
            assert_eq!(found.decimal, decimal_of(&expected["decimal"]));
            assert_eq!(found.date.map(|date| date.to_string()).as_deref(), expected["date"].as_str());
        }
    }
}

#[test]
fn the_spellings_of_one_number_are_one_key() {
    let upc_a = Gtin::parse("036000291452").expect("a number");
    assert_eq!(Gtin::parse("0036000291452"), Ok(upc_a));
    assert_eq!(upc_a.key(), "00036000291452");
    assert_eq!(Gtin::parse("96385074").expect("a number").key(), "00000096385074");
    assert_eq!(Gtin::parse("19501101530000").expect("a number").key(), "19501101530000");
    assert!(Gtin::parse("6901234567893").is_err() && Gtin::parse("690123456789").is_err() && Gtin::parse("").is_err());
    assert_eq!(spellings("0036000291452"), ["0036000291452", "036000291452", "00036000291452"]);
    assert_eq!(spellings("no number"), ["no number"]);
}

#[test]
fn a_upc_e_is_the_upc_a_that_it_is_short_for() {
    for (short, long) in [("04252614", "042100005264"), ("01234565", "012345000065"), ("06543217", "065100004327")] {
        let expanded = Gtin::from_upc_e(short).map(|gtin| gtin.key().to_owned());
        assert_eq!(expanded.as_deref(), Some(format!("00{long}").as_str()), "{short}");
    }
    assert_eq!(Gtin::from_upc_e("54252614"), None);
    assert!(spellings("04252614").contains(&"042100005264".to_owned()));
}

#[test]
fn an_identifier_says_what_a_text_is_and_is_not_part_of_it() {
    let plain = |text: &str| match read(text, &Region::China.layouts(), today()).expect("read") {
        Scanned::Plain { text, gtin } => (text, gtin.is_some()),
        other => panic!("{other:?}"),
    };
    assert_eq!(plain("]E06901234567892"), ("6901234567892".to_owned(), true));
    assert_eq!(plain("]E496385074\r"), ("96385074".to_owned(), true));
    assert_eq!(plain("]C0SHELF-7"), ("SHELF-7".to_owned(), false));
    assert_eq!(plain("]X"), ("]X".to_owned(), false));
    assert!(matches!(read("]C1010950600013435210LOT7", &[], today()), Ok(Scanned::Gs1(found)) if found.lot() == Some("LOT7")));
    assert!(matches!(read("010950600013435210LOT7", &[], today()), Ok(Scanned::Gs1(_))), "no identifier is needed");
    assert_eq!(plain("09506000134352"), ("09506000134352".to_owned(), true));
}

#[test]
fn dates_lie_within_fifty_years_and_day_zero_is_the_last_of_the_month() {
    let date = |text: &str| Elements::parse(&format!("17{text}"), today()).ok().and_then(|elements| elements.expiry());
    assert_eq!(date("260200"), Some(Date::constant(2026, 2, 28)));
    assert_eq!(date("280200"), Some(Date::constant(2028, 2, 29)));
    assert_eq!(date("760101"), Some(Date::constant(2076, 1, 1)));
    assert_eq!(date("770101"), Some(Date::constant(1977, 1, 1)));
    assert_eq!((date("261301"), date("260231"), date("26"), date("2601AA")), (None, None, None, None));
}

#[test]
fn pounds_are_kilograms_to_the_gram_and_a_price_may_name_its_currency() {
    let elements = Elements::parse("3202000250393215601299", today()).expect("elements");
    assert_eq!(elements.weight(), Some(Decimal::new(1_134, 3)));
    assert_eq!((elements.price(), elements.price_currency()), (Some(Decimal::new(1_299, 2)), Some("156")));
}

#[test]
fn what_an_identifier_does_not_allow_is_named() {
    let error = |data: &str| Elements::parse(data, today()).expect_err("refused").to_string();
    assert_eq!(error(""), "it is empty");
    assert_eq!(error("0109506000134353"), "'09506000134353' is not allowed for (01)");
    assert_eq!(error("7799"), "what follows '7799' is not known");
    assert_eq!(error("17261"), "'261' is not allowed for (17)");
    assert!(error("10\u{1d}21X").contains("(10)"));
}

#[test]
fn a_wrong_inner_check_digit_is_refused_where_the_store_wants_it_checked() {
    // The right one would be 2.
    let wrong = with_check_digit("201234531299").expect("digits");
    assert_eq!(read(&wrong, &Region::Britain.layouts(), today()), Err(BarcodeError::MeasureDigit));
    let lenient: Vec<_> = Region::Britain.layouts().into_iter().map(|layout| ScaleLayout { verify: false, ..layout }).collect();
    assert!(matches!(read(&wrong, &lenient, today()), Ok(Scanned::InStore(_))));
    // A wrong last digit is no in-store code at all.
    assert!(matches!(read("2112345018806", &Region::China.layouts(), today()), Ok(Scanned::Plain { gtin: None, .. })));
}

#[test]
fn layouts_that_no_code_can_have_are_refused() {
    let layout = |prefix: &str, layout: &str| {
        let text = format!(r#"{{"prefix":"{prefix}","layout":"{layout}"}}"#);
        serde_json::from_str::<ScaleLayout>(&text)
    };
    assert!(layout("21", "PPPPPPPEEEEE").is_ok());
    for (prefix, letters) in
        [("21", "PPPPPPPEEEE"), ("21", "PPPPPPPEENEE"), ("2x", "PPPPPPPEEEEE"), ("21", "PPPPPPPPPPPP"), ("21", "P汉PPPPEEEE")]
    {
        assert!(layout(prefix, letters).is_err(), "{prefix} {letters}");
    }
    for (_, region) in all_regions() {
        for layout in region.layouts() {
            assert_eq!(layout.clone().validate(), Ok(layout));
        }
    }
}

proptest! {
    #[test]
    fn no_text_makes_reading_fail_otherwise_than_by_an_answer(text in "\\PC{0,40}", digits in "[0-9\u{1d}]{0,60}", aim in "\\][a-zA-Z0-9]{0,3}") {
        let layouts: Vec<ScaleLayout> = all_regions().into_iter().flat_map(|(_, region)| region.layouts()).collect();
        for input in [text.clone(), digits.clone(), format!("{aim}{text}"), format!("{aim}{digits}"), format!("01{digits}")] {
            let _ = read(&input, &layouts, today());
            let _ = spellings(&input);
            let _ = measure_check_digit(&input);
        }
    }

    #[test]
    fn any_layout_text_is_taken_or_refused(prefix in "\\PC{0,3}", layout in "[PENUC]{10,18}", verify: bool) {
        let made = ScaleLayout { prefix, layout, price_decimals: 2, weight_decimals: 3, verify }.validate();
        if let Ok(layout) = made {
            let code = with_check_digit(&format!("{:0<width$}", layout.prefix, width = layout.layout.len())).expect("digits");
            let _ = read(&code, &[layout], today());
        }
    }

    #[test]
    fn what_a_scale_prints_is_what_the_till_reads(item in 0_u32..100_000, fen in 0_i64..100_000, grams in 0_i64..100_000) {
        let both = with_check_digit(&format!("21{item:05}{fen:05}{grams:05}")).expect("digits");
        let code = in_store(&both, Region::China);
        prop_assert_eq!((code.price, code.weight), (Some(Decimal::new(fen, 2)), Some(Decimal::new(grams, 3))));
        prop_assert_eq!(code.item, format!("{item:05}"));
    }

    #[test]
    fn every_number_has_its_own_key(body in "[0-9]{13}") {
        let whole = with_check_digit(&body).expect("digits");
        let gtin = Gtin::parse(&whole).expect("a number");
        for text in gtin.texts() {
            prop_assert_eq!(Gtin::parse(&text), Ok(gtin));
        }
    }
}

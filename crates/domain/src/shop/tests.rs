use super::*;
use crate::example::{cny, fen};

fn shop(time_zone: &str) -> Shop {
    Shop {
        id: StoreId::generate(),
        code: StoreCode::parse("S1").expect("a code"),
        name: Name::default(),
        currency: cny(),
        time_zone: time_zone.to_owned(),
        tax_rounding: TaxRounding::PerLine,
        cash_rounding: None,
        mo_ling: None,
        denominations: Vec::new(),
        cancellation_percent: 0,
        require_shift: false,
        cash_tolerance: None,
        day_starts_at: 0,
        scale_layouts: Vec::new(),
    }
}

#[test]
fn a_business_day_is_a_day_where_the_store_stands() {
    let at: Timestamp = "2026-11-24T17:30:00Z".parse().expect("a time");
    assert_eq!(shop("Asia/Shanghai").business_date(at).to_string(), "2026-11-25");
    assert_eq!(shop("Europe/London").business_date(at).to_string(), "2026-11-24");
    assert_eq!(shop("Nowhere/Land").business_date(at).to_string(), "2026-11-24");
}

#[test]
fn what_is_sold_before_the_day_begins_belongs_to_the_day_before() {
    let bar = Shop { day_starts_at: 5, ..shop("Asia/Shanghai") };
    let date = |at: &str| bar.business_date(at.parse().expect("a time")).to_string();
    assert_eq!(date("2026-11-24T20:59:59Z"), "2026-11-24");
    assert_eq!(date("2026-11-24T21:00:00Z"), "2026-11-25");
    assert_eq!(date("2026-11-25T15:59:00Z"), "2026-11-25");
}

#[test]
fn settings_without_a_word_of_shifts_are_read_as_before() {
    let shop = shop("Asia/Shanghai");
    let old = serde_json::to_value(&shop).expect("written");
    assert!(old.get("require_shift").is_none() && old.get("cash_tolerance").is_none() && old.get("day_starts_at").is_none());
    assert_eq!(serde_json::from_value::<Shop>(old).expect("read"), shop);
}

#[test]
fn mo_ling_takes_off_down_to_its_step_within_its_cap() {
    let to_jiao = MoLing { step_minor: 10, cap_minor: 9 };
    assert_eq!(to_jiao.reduction(fen(8_888)), Ok(fen(8)));
    assert_eq!(to_jiao.reduction(fen(8_880)), Ok(fen(0)));
    let to_yuan = MoLing { step_minor: 100, cap_minor: 50 };
    assert_eq!((to_yuan.reduction(fen(8_850)), to_yuan.reduction(fen(8_851))), (Ok(fen(50)), Ok(fen(0))));
}

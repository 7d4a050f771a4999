//! `promotion import`, `promotion list`, `promotion end` and `coupon make`.

use domain::promotion::PromotionState;
use domain::{Language, PriceList, Promotion};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::answer::{Column, Failure, Output};
use super::arguments::{CouponMakeArguments, PromotionEndArguments, PromotionImportArguments, PromotionListArguments};
use super::open;

/// What a file may hold.
pub(super) const FILE_HELP: &str = "\
JSON: {\"promotions\": [...], \"price_lists\": [...]}, either may be left out. A promotion with an id that is known is changed.
  {\"id\": \"0199...\", \"name\": {\"zh\": \"\", \"en\": \"Tea week\"}, \"state\": \"live\", \"priority\": 10,
   \"stacking\": \"stacks\" or {\"exclusive\": {\"group\": \"\"}},
   \"when\": {\"from\": \"2026-12-01T00:00:00\", \"until\": \"2026-12-08T00:00:00\", \"weekdays\": [1, 2],
            \"hours\": {\"from\": \"17:00:00\", \"until\": \"19:00:00\"}},
   \"stores\": [], \"levels\": [], \"goods\": {\"products\": [], \"categories\": [\"tea\"], \"except\": []},
   \"effect\": {\"kind\": \"percent\", \"share\": \"0.1\"}, \"per_order\": 3, \"coupon\": {\"series\": \"A1B\", \"offline\": \"refuse\"}}
Effects: percent {share}, amount {off}, fixed_price {price}, buy_get {buy, get, share}, mix_and_match {count, price},
threshold {spend, off: {\"percent\": \"0.05\"} or {\"amount\": \"10.00 CNY\"}, every}. Amounts are written as \"10.00 CNY\".
A price list: {\"code\": \"gold\", \"name\": {...}, \"priority\": 1, \"levels\": [\"gold\"], \"prices\": [{\"product\": \"0199...\",
   \"from\": \"6\", \"price\": \"9.90 CNY\"}], \"active\": true}";

/// What is imported.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    promotions: Vec<Promotion>,
    #[serde(default)]
    price_lists: Vec<PriceList>,
}

/// Keeps what a file holds, one after another; the first that is refused ends it.
pub(super) fn import(arguments: PromotionImportArguments, output: &Output) -> Result<(), Failure> {
    let path = arguments.file.display();
    let text = std::fs::read_to_string(&arguments.file)
        .map_err(|error| Failure::new("file", format!("{path} cannot be read: {error}")))?;
    let File { promotions, price_lists } =
        serde_json::from_str(&text).map_err(|error| Failure::new("file", format!("{path} cannot be read: {error}")))?;
    let hub = open(&arguments.database)?;
    let now = Timestamp::now();
    let named = |what: &str, refused: hub::Refused| Failure::new("refused", format!("{what}: {}", refused.detail));
    for promotion in &promotions {
        hub.save_promotion(None, promotion, now).map_err(|refused| named(name_of(promotion), refused))?;
    }
    for list in &price_lists {
        hub.save_price_list(list, now).map_err(|refused| named(list.code.as_str(), refused))?;
    }
    let answer = json!({ "promotions": promotions.len(), "price_lists": price_lists.len() });
    let sentence = format!("{} promotions and {} price lists are at the tills.", promotions.len(), price_lists.len());
    output.answer(&answer, &sentence);
    Ok(())
}

/// Lists every promotion.
pub(super) fn list(arguments: PromotionListArguments, output: &Output) -> Result<(), Failure> {
    let promotions = open(&arguments.database)?.promotions()?;
    let columns = [
        Column::text("id", |promotion: &Promotion| promotion.id.to_string()),
        Column::text("state", |promotion| state(promotion.state).to_owned()),
        Column::number("priority", |promotion| promotion.priority.to_string()),
        Column::text("coupons", |promotion| promotion.coupon.as_ref().map_or_else(String::new, |rule| rule.series.clone())),
        Column::text("name", |promotion| name_of(promotion).to_owned()),
    ];
    output.list(&promotions, &columns, "No promotions.");
    Ok(())
}

/// Ends a promotion at once.
pub(super) fn end(arguments: PromotionEndArguments, output: &Output) -> Result<(), Failure> {
    let ended = open(&arguments.database)?.end_promotion(arguments.promotion, Timestamp::now())?;
    output.answer(&json!({ "id": ended.id, "state": ended.state }), &format!("{} has ended.", name_of(&ended)));
    Ok(())
}

/// Makes coupons.
pub(super) fn make_coupons(arguments: CouponMakeArguments, output: &Output) -> Result<(), Failure> {
    let made = open(&arguments.database)?.make_coupons(arguments.promotion, arguments.count, Timestamp::now())?;
    let lines: Vec<&str> = made.iter().map(domain::CouponCode::as_str).collect();
    output.answer(&json!({ "promotion": arguments.promotion, "coupons": made }), &lines.join("\n"));
    Ok(())
}

fn name_of(promotion: &Promotion) -> &str {
    promotion.name.in_language(Language::Zh)
}

const fn state(state: PromotionState) -> &'static str {
    match state {
        PromotionState::Draft => "draft",
        PromotionState::Live => "live",
        PromotionState::Ended => "ended",
        PromotionState::Removed => "removed",
    }
}

//! `store`: what a store's tills sell by.

use domain::{Change, Money, Shop};
use serde_json::json;

use super::answer::{Failure, Output};
use super::arguments::{StoreSetArguments, StoreShowArguments};
use super::open;

/// Shows a store's settings.
pub(super) fn show(arguments: &StoreShowArguments, output: &Output) -> Result<(), Failure> {
    let shop = open(&arguments.database)?.store(&arguments.store)?;
    answer(&shop, output);
    Ok(())
}

/// Changes those settings of a store that were named; its tills hear of it by the feed.
pub(super) fn set(arguments: &StoreSetArguments, output: &Output) -> Result<(), Failure> {
    let hub = open(&arguments.database)?;
    let mut shop = hub.store(&arguments.store)?;
    if let Some(require) = arguments.require_shift {
        shop.require_shift = require;
    }
    match arguments.cash_tolerance.as_deref() {
        Some("none") => shop.cash_tolerance = None,
        Some(text) => {
            let tolerance = Money::parse(text, shop.currency)
                .ok()
                .filter(|tolerance| !tolerance.is_negative())
                .ok_or_else(|| Failure::new("not_an_amount", format!("'{text}' is no amount in {}", shop.currency)))?;
            shop.cash_tolerance = Some(tolerance);
        }
        None => {}
    }
    if let Some(hour) = arguments.day_starts_at {
        shop.day_starts_at = hour;
    }
    if let Some(pieces) = &arguments.coins {
        let coins = pieces.iter().map(|text| coin(text, &shop)).collect::<Result<Vec<u32>, Failure>>()?;
        shop.denominations = coins;
        shop.denominations.sort_unstable();
        shop.denominations.dedup();
    }
    hub.publish(shop.id, &[Change::Shop(shop.clone())])?;
    answer(&shop, output);
    Ok(())
}

fn coin(text: &str, shop: &Shop) -> Result<u32, Failure> {
    let wrong = || Failure::new("not_an_amount", format!("'{text}' is no coin or note in {}", shop.currency));
    let value = Money::parse(text, shop.currency).map_err(|_| wrong())?;
    u32::try_from(value.minor()).ok().filter(|minor| *minor > 0).ok_or_else(wrong)
}

fn answer(shop: &Shop, output: &Output) {
    let coins = shop.denominations.iter().map(|minor| Money::from_minor(i64::from(*minor), shop.currency).amount());
    let coins: Vec<String> = coins.collect();
    let tolerance = shop.cash_tolerance.map(Money::amount);
    let value = json!({
        "store": shop.code, "name": shop.name, "currency": shop.currency, "time_zone": shop.time_zone,
        "require_shift": shop.require_shift, "cash_tolerance": tolerance, "day_starts_at": shop.day_starts_at, "coins": coins,
    });
    let shift = if shop.require_shift { "opens a shift before it sells" } else { "may sell without an opened shift" };
    let tolerance = tolerance.map_or("any difference of a drawer".to_owned(), |amount| format!("up to {amount} over or short"));
    let text = format!(
        "Store {} {shift}, tolerates {tolerance}, and begins its day at {:02}:00. Coins and notes: {}.",
        shop.code,
        shop.day_starts_at,
        coins.join(" ")
    );
    output.answer(&value, &text);
}

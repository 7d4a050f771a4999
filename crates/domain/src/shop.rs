//! The settings of a store that its tills sell by.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::barcode::ScaleLayout;
use crate::catalogue::Name;
use crate::ids::{StoreCode, StoreId};
use crate::money::{CashRounding, Currency, Money, MoneyError, Rounding};
use crate::tax::TaxRounding;

/// A language of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Simplified Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// 抹零: what a cashier may knock off the total of a cash sale so that it comes out even. A discount of the order, so tax
/// follows the money received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoLing {
    /// The step in minor units: 10 cuts to the jiao, 100 to the yuan.
    pub step_minor: u32,
    /// The most it may take off, in minor units.
    pub cap_minor: u32,
}

impl MoLing {
    /// What is taken off `total`: down to the step below, nothing when that would be more than the cap.
    pub fn reduction(self, total: Money) -> Result<Money, MoneyError> {
        let rounding = CashRounding { step_minor: self.step_minor, mode: Rounding::Floor };
        let (_, added) = rounding.apply(total)?;
        let off = added.negated()?;
        Ok(if off.minor() > i64::from(self.cap_minor) { Money::zero(total.currency()) } else { off })
    }
}

/// A store's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shop {
    /// The store.
    pub id: StoreId,
    /// Its short code.
    pub code: StoreCode,
    /// Its name on receipts.
    pub name: Name,
    /// The currency it sells in.
    pub currency: Currency,
    /// IANA name of its time zone; business days are days there.
    pub time_zone: String,
    /// Where tax is rounded.
    #[serde(default)]
    pub tax_rounding: TaxRounding,
    /// Rounding of cash, where the country has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash_rounding: Option<CashRounding>,
    /// 抹零, where the shop allows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mo_ling: Option<MoLing>,
    /// Coins and notes in use, in minor units, ascending; what quick cash buttons are made of.
    #[serde(default)]
    pub denominations: Vec<u32>,
    /// What the shop keeps when a customer's order is cancelled: percent of the order, at most the deposit.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cancellation_percent: u32,
    /// Selling needs an opened shift; without it, a shop may sell first and count later.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub require_shift: bool,
    /// A drawer that is over or short by more than this is confirmed by a manager with a reason; none: by nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash_tolerance: Option<Money>,
    /// The hour, 0 to 23, at which a business day begins; what is sold before it belongs to the day before.
    #[serde(default, skip_serializing_if = "is_midnight")]
    pub day_starts_at: u8,
    /// How the codes are laid out that the store's scale prints.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scale_layouts: Vec<ScaleLayout>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_midnight(hour: &u8) -> bool {
    *hour == 0
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// The day that `at` belongs to where the clocks show `zone` and a day begins at the hour `starts_at`.
pub fn business_date(at: Timestamp, zone: &TimeZone, starts_at: u8) -> Date {
    let local = at.to_zoned_datetime(zone.clone());
    let date = local.date();
    // The first day that can be told has none before it.
    if local.hour() < starts_at.cast_signed() { date.yesterday().unwrap_or(date) } else { date }
}

impl Shop {
    /// The store's time zone; UTC when the name is not known to this machine.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// The day that `at` belongs to in this store.
    pub fn business_date(&self, at: Timestamp) -> Date {
        business_date(at, &self.zone(), self.day_starts_at)
    }
}

#[cfg(test)]
mod tests;

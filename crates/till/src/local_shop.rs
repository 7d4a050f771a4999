//! What a terminal sells by before it is enrolled: a shop of its own, coded `LOCAL`.

use domain::{Change, Currency, Name, Shop, StoreCode, StoreId, TaxClass, TaxCode, TaxRounding};
use store::Store;

use crate::error::TillError;

/// The shop of a terminal that no hub knows yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalShop {
    /// What it sells in.
    pub currency: Currency,
    /// IANA name of its time zone.
    pub time_zone: String,
}

impl Default for LocalShop {
    fn default() -> Self {
        let currency = Currency::parse("CNY").expect("CNY is an ISO 4217 code");
        Self { currency, time_zone: "Asia/Shanghai".to_owned() }
    }
}

impl LocalShop {
    /// Its code, first part of its receipt numbers.
    pub const CODE: &'static str = "LOCAL";

    /// Gives a store without a shop this one, and the tax class of products first entered at a terminal.
    pub(crate) fn set_up(&self, store: &Store) -> Result<(), TillError> {
        if store.shop_is_set() {
            return Ok(());
        }
        let shop = Shop {
            id: StoreId::generate(),
            code: StoreCode::parse(Self::CODE)?,
            name: Name { zh: "本店".to_owned(), en: "This shop".to_owned() },
            currency: self.currency,
            time_zone: self.time_zone.clone(),
            tax_rounding: TaxRounding::default(),
            cash_rounding: None,
            mo_ling: None,
            denominations: denominations(self.currency),
            cancellation_percent: 0,
            require_shift: false,
            cash_tolerance: None,
            day_starts_at: 0,
            scale_layouts: Vec::new(),
        };
        store.apply_changes(&[Change::TaxClass(untaxed()), Change::Shop(shop)], 0)?;
        Ok(())
    }
}

/// The class of products that are sold without tax, or whose tax nobody knows at the till.
pub(crate) fn untaxed() -> TaxClass {
    let code = TaxCode::parse("NONE").expect("a plain word is a tax code");
    TaxClass { code, name: Name { zh: "无税".to_owned(), en: "Untaxed".to_owned() }, inclusive: true, rates: Vec::new() }
}

/// Coins and notes in use, in minor units.
fn denominations(currency: Currency) -> Vec<u32> {
    match currency.code() {
        "CNY" => vec![10, 50, 100, 500, 1_000, 2_000, 5_000, 10_000],
        "GBP" => vec![1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000],
        "EUR" => vec![1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000],
        "USD" => vec![1, 5, 10, 25, 100, 500, 1_000, 2_000, 5_000, 10_000],
        _ => Vec::new(),
    }
}

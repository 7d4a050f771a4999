//! Reports over the projections.

use domain::StoreCode;
use jiff::civil::Date;
use serde::Serialize;

use crate::error::HubError;
use crate::hub::Hub;

/// One day of a store; amounts are decimal strings in the store's currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DailyRow {
    /// The business date in the store's time zone.
    pub date: Date,
    /// Sales.
    pub orders: u64,
    /// Refunds.
    pub refunds: u64,
    /// Σ of the sales.
    pub gross: String,
    /// Σ of the refunds.
    pub refunded: String,
    /// `gross − refunded`.
    pub net: String,
}

impl Hub {
    /// The days with sales or refunds from `from` to `to`, both included, in order.
    pub fn report_daily(&self, store: &StoreCode, from: Date, to: Date) -> Result<Vec<DailyRow>, HubError> {
        let _ = (store, from, to);
        todo!()
    }
}

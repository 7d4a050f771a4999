//! Reports over the projections.

use domain::{Currency, Money, StoreCode};
use jiff::civil::Date;
use serde::Serialize;

use crate::database::Row;
use crate::error::HubError;
use crate::hub::Hub;
use crate::store;

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
    /// The currency, when it is not the store's: a till that sold before it had joined may have used another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
}

impl Hub {
    /// The days with sales or refunds from `from` to `to`, both included, in order.
    pub fn report_daily(&self, store: &StoreCode, from: Date, to: Date) -> Result<Vec<DailyRow>, HubError> {
        self.0.database.read(|session| {
            let store = store::by_code(session, store)?;
            session.query(
                "SELECT business_date, currency, CAST(SUM(orders) AS BIGINT), CAST(SUM(refunds) AS BIGINT), \
                 CAST(SUM(gross) AS BIGINT), CAST(SUM(refunded) AS BIGINT) \
                 FROM daily_totals WHERE store = $1 AND business_date >= $2 AND business_date <= $3 \
                 GROUP BY business_date, currency ORDER BY business_date, currency",
                &[store.number.into(), (&from.to_string()).into(), (&to.to_string()).into()],
                |row| daily(row, store.shop.currency),
            )
        })
    }
}

fn daily(row: &Row<'_>, own: Currency) -> Result<DailyRow, HubError> {
    let unreadable = |detail: String| HubError::Unreadable { what: "day's sum", detail };
    let date = row.text(0)?.parse().map_err(|error: jiff::Error| unreadable(error.to_string()))?;
    let currency = Currency::parse(&row.text(1)?)?;
    let gross = Money::from_minor(row.int(4)?, currency);
    let refunded = Money::from_minor(row.int(5)?, currency);
    Ok(DailyRow {
        date,
        orders: row.count(2)?,
        refunds: row.count(3)?,
        gross: gross.amount(),
        refunded: refunded.amount(),
        net: gross.minus(refunded)?.amount(),
        currency: (currency != own).then_some(currency),
    })
}

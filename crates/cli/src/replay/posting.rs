//! From an invoice of the file to the use cases of the terminal.

use std::sync::Arc;

use domain::{Name, Quantity, QuantityError, Shop, StockDelta};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use till::api::ProblemCode;
use till::{
    ExternalAdjustment, ExternalAdjustmentLine, ExternalLine, ExternalOrder, ExternalProduct, Outcome, Terminal, TillError,
};

use super::invoices::Invoice;
use super::rows::Row;
use crate::words::CliError;

/// What an invoice became.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Posted {
    /// Its sale or refund, when it has one.
    pub(crate) order: Option<Outcome>,
    /// Its stock adjustment, when it has one.
    pub(crate) adjustment: Option<Outcome>,
}

/// Posts invoices to a terminal.
pub(crate) struct Posting<'a> {
    terminal: &'a Terminal,
    zone: TimeZone,
}

impl<'a> Posting<'a> {
    /// Times of the file are local times of `shop`.
    pub(crate) fn new(terminal: &'a Arc<Terminal>, shop: &Shop) -> Self {
        Self { terminal, zone: shop.zone() }
    }

    /// Posts `invoice`. The inner error is about this invoice alone; the outer one ends the replay.
    pub(crate) fn post(&self, invoice: &Invoice) -> Result<Result<Posted, CliError>, CliError> {
        match self.try_post(invoice) {
            Ok(posted) => Ok(Ok(posted)),
            Err(error) => {
                let problem = error.problem();
                let of_the_machine = matches!(
                    problem.code,
                    ProblemCode::DiskFull
                        | ProblemCode::StoreDamaged
                        | ProblemCode::StoreInUse
                        | ProblemCode::StoreTooNew
                        | ProblemCode::Internal
                );
                if of_the_machine { Err(problem.into()) } else { Ok(Err(problem.into())) }
            }
        }
    }

    fn try_post(&self, invoice: &Invoice) -> Result<Posted, TillError> {
        let at = self.instant(invoice.at)?;
        if invoice.is_credit_note() {
            let order = self.terminal.refund_external(&order_of(invoice, at, invoice.rows.iter())?)?;
            return Ok(Posted { order: Some(order), adjustment: None });
        }
        let (sold, written_off): (Vec<&Row>, Vec<&Row>) = invoice.rows.iter().partition(|row| row.quantity.milli() > 0);
        let adjustment = if written_off.is_empty() { None } else { Some(self.write_off(invoice, at, &written_off)?) };
        let order =
            if sold.is_empty() { None } else { Some(self.terminal.sell_external(&order_of(invoice, at, sold.into_iter())?)?) };
        Ok(Posted { order, adjustment })
    }

    fn write_off(&self, invoice: &Invoice, at: Timestamp, rows: &[&Row]) -> Result<Outcome, TillError> {
        let line = |row: &&Row| {
            // The text beside a write-off is a note ("damaged"), not the product's name.
            let product = ExternalProduct { sku: row.sku.clone(), name: english(row.sku.as_str()) };
            ExternalAdjustmentLine { product, delta: row.quantity, note: row.description.clone() }
        };
        self.terminal.adjust_stock(&ExternalAdjustment {
            reference: invoice.number.clone(),
            at,
            reason: "written off".to_owned(),
            lines: rows.iter().map(line).collect(),
        })
    }

    /// A local time that a change to summer time skips counts as the hour after.
    fn instant(&self, local: DateTime) -> Result<Timestamp, TillError> {
        let instant = self.zone.to_timestamp(local);
        instant.map_err(|error| till::api::Problem::new(ProblemCode::BadRequest, format!("the time {local}: {error}")).into())
    }
}

fn order_of<'r>(invoice: &Invoice, at: Timestamp, rows: impl Iterator<Item = &'r Row>) -> Result<ExternalOrder, TillError> {
    let lines = rows.map(|row| {
        let name = if row.description.is_empty() { row.sku.as_str() } else { &row.description };
        Ok(ExternalLine {
            product: ExternalProduct { sku: row.sku.clone(), name: english(name) },
            quantity: size(row.quantity).map_err(domain::CartError::from)?,
            price: row.price,
        })
    });
    Ok(ExternalOrder {
        reference: invoice.number.clone(),
        at,
        lines: lines.collect::<Result<_, TillError>>()?,
        payment_reference: format!("INV {}", invoice.number),
    })
}

fn english(name: &str) -> Name {
    Name { zh: String::new(), en: name.to_owned() }
}

fn size(quantity: StockDelta) -> Result<Quantity, QuantityError> {
    Quantity::from_milli(quantity.milli().saturating_abs())
}

//! What a replay did.

use std::time::Duration;

use domain::{Currency, Money, Quantity};
use jiff::civil::DateTime;
use serde::Serialize;
use till::{Outcome, TillError};

use super::invoices::Invoice;
use super::posting::Posted;
use super::rows::{LeftOut, RowProblem};

/// Counts and sums over the file. Amounts are those of every invoice that is in the journal now, whether this run sold it or
/// an earlier one.
#[derive(Debug, Serialize)]
pub(crate) struct Summary {
    rows: u64,
    invoices: u64,
    /// Sold by this run.
    sales: u64,
    /// Refunded by this run.
    refunds: u64,
    /// Stock adjusted by this run.
    stock_adjustments: u64,
    /// Sold, refunded or adjusted by an earlier run.
    already_recorded: u64,
    currency: String,
    gross: Money,
    refunded: Money,
    net: Money,
    from: Option<DateTime>,
    to: Option<DateTime>,
    /// Left out on purpose.
    skipped: Vec<Reported>,
    /// To be repaired in the file; none of their invoices was taken.
    refused: Vec<Reported>,
    unsent: u64,
    seconds: f64,
}

/// A row that was not taken, with its reason.
#[derive(Debug, Serialize)]
struct Reported {
    line: u64,
    invoice: String,
    code: &'static str,
    reason: String,
}

impl Summary {
    /// Nothing yet.
    pub(crate) fn new(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self {
            rows: 0,
            invoices: 0,
            sales: 0,
            refunds: 0,
            stock_adjustments: 0,
            already_recorded: 0,
            currency: currency.to_string(),
            gross: zero,
            refunded: zero,
            net: zero,
            from: None,
            to: None,
            skipped: Vec::new(),
            refused: Vec::new(),
            unsent: 0,
            seconds: 0.0,
        }
    }

    /// Counts an invoice that is in the journal now.
    pub(crate) fn add(&mut self, invoice: &Invoice, posted: Posted) -> Result<(), TillError> {
        self.invoices += 1;
        self.from = Some(self.from.map_or(invoice.at, |from| from.min(invoice.at)));
        self.to = Some(self.to.map_or(invoice.at, |to| to.max(invoice.at)));
        let recorded = [posted.order, posted.adjustment].into_iter().flatten().any(|outcome| outcome == Outcome::Recorded);
        if !recorded {
            self.already_recorded += 1;
        }
        if posted.order == Some(Outcome::Recorded) {
            *(if invoice.is_credit_note() { &mut self.refunds } else { &mut self.sales }) += 1;
        }
        if posted.adjustment == Some(Outcome::Recorded) {
            self.stock_adjustments += 1;
        }
        let total = total_of(invoice, self.gross.currency())?;
        let sum = if invoice.is_credit_note() { &mut self.refunded } else { &mut self.gross };
        *sum = sum.plus(total)?;
        self.net = self.gross.minus(self.refunded)?;
        Ok(())
    }

    /// Notes a row that was not taken.
    pub(crate) fn leave_out(&mut self, left_out: &LeftOut, reason: String) {
        let LeftOut { line, invoice, problem } = left_out;
        let list = if problem.is_expected() { &mut self.skipped } else { &mut self.refused };
        list.push(Reported { line: *line, invoice: invoice.clone(), code: problem.code(), reason });
        if matches!(problem, RowProblem::Refused(_)) {
            self.invoices += 1;
        }
    }

    /// Notes how it ended.
    pub(crate) fn finish(&mut self, rows: u64, unsent: u64, took: Duration) {
        self.rows = rows;
        self.unsent = unsent;
        self.seconds = (took.as_secs_f64() * 1_000.0).round() / 1_000.0;
    }

    /// Invoices so far.
    pub(crate) fn invoices(&self) -> u64 {
        self.invoices
    }

    /// Entries that the hub does not hold.
    pub(crate) fn unsent(&self) -> u64 {
        self.unsent
    }

    /// True when every row was taken or left out on purpose.
    pub(crate) fn nothing_to_repair(&self) -> bool {
        self.refused.is_empty()
    }

    /// The summary for people, in Chinese and English.
    pub(crate) fn sentences(&self) -> (String, String) {
        let Self { rows, invoices, sales, refunds, stock_adjustments, already_recorded, gross, refunded, net, .. } = self;
        let (skipped, refused, unsent, seconds) = (self.skipped.len(), self.refused.len(), self.unsent, self.seconds);
        let zh = format!(
            "{rows} 行，{invoices} 张发票：新录入 {sales} 笔销售、{refunds} 笔退货、{stock_adjustments} 次库存调整，{already_recorded} 张早已录入。\n\
             销售 {gross}，退货 {refunded}，净额 {net}。\n\
             跳过 {skipped} 行，{refused} 行需要修正；{unsent} 条尚未发送；用时 {seconds} 秒。"
        );
        let en = format!(
            "{rows} rows, {invoices} invoices: {sales} sales, {refunds} refunds and {stock_adjustments} stock adjustments recorded now, \
             {already_recorded} were recorded before.\n\
             Sold {gross}, refunded {refunded}, net {net}.\n\
             {skipped} rows skipped on purpose, {refused} rows to repair; {unsent} entries unsent; {seconds} s."
        );
        (zh, en)
    }
}

/// What the invoice's sale or refund comes to; write-offs are worth nothing.
fn total_of(invoice: &Invoice, currency: Currency) -> Result<Money, TillError> {
    let mut total = Money::zero(currency);
    for row in &invoice.rows {
        let size = Quantity::from_milli(row.quantity.milli().saturating_abs()).map_err(domain::CartError::from)?;
        total = total.plus(row.price.extend(size)?)?;
    }
    Ok(total)
}

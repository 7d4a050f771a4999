//! `report daily`.

use hub::DailyRow;

use super::answer::{Column, Failure, Output};
use super::arguments::ReportDailyArguments;
use super::open;

/// Sales and refunds by business day.
pub(super) fn daily(arguments: ReportDailyArguments, output: &Output) -> Result<(), Failure> {
    if arguments.from > arguments.to {
        let detail = format!("--from {} lies after --to {}: swap them", arguments.from, arguments.to);
        return Err(Failure::new("dates", detail));
    }
    let hub = open(&arguments.database)?;
    let rows = hub.report_daily(&arguments.store, arguments.from, arguments.to)?;
    let columns = [
        Column::text("date", |row: &DailyRow| row.date.to_string()),
        Column::number("orders", |row| row.orders.to_string()),
        Column::number("refunds", |row| row.refunds.to_string()),
        Column::number("gross", |row| row.gross.clone()),
        Column::number("refunded", |row| row.refunded.clone()),
        Column::number("net", |row| row.net.clone()),
    ];
    output.list(&rows, &columns, "Nothing was sold or given back in these days.");
    Ok(())
}

//! `report daily`, `report day`, `report verify`.

use hub::{DailyRow, NamedFigure, SumDifference};

use super::answer::{Column, Failure, Output};
use super::arguments::{ReportDailyArguments, ReportDayArguments, ReportVerifyArguments};
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

/// Every figure of some days.
pub(super) fn day(arguments: ReportDayArguments, output: &Output) -> Result<(), Failure> {
    let to = arguments.to.unwrap_or(arguments.date);
    if arguments.date > to {
        return Err(Failure::new("dates", format!("--date {} lies after --to {to}: swap them", arguments.date)));
    }
    let hub = open(&arguments.database)?;
    let report = hub.report_day(&arguments.store, arguments.date, to, arguments.products)?;
    let columns = [
        Column::text("figure", |figure: &NamedFigure| figure.dimension.to_string()),
        Column::text("of", |figure| figure.key.clone()),
        Column::text("name", |figure| figure.name.in_language(domain::Language::En).to_owned()),
        Column::number("count", |figure| figure.count.to_string()),
        Column::number("goods", |figure| figure.quantity.to_string()),
        Column::number("amount", |figure| figure.amount.map_or_else(String::new, |amount| amount.to_string())),
    ];
    output.report(&report, &report.figures, &columns, "Nothing happened in these days.");
    Ok(())
}

/// The running sums against the entries. A difference is a failure, so that a script notices.
pub(super) fn verify(arguments: ReportVerifyArguments, output: &Output) -> Result<(), Failure> {
    let hub = open(&arguments.database)?;
    if arguments.rebuild {
        hub.rebuild_sums()?;
    }
    let verdict = hub.verify_sums()?;
    let columns = [
        Column::text("store", |row: &SumDifference| row.store.to_string()),
        Column::number("terminal", |row| row.terminal.to_string()),
        Column::text("day", |row| row.date.clone()),
        Column::text("figure", |row| row.figure.clone()),
        Column::text("kept", |row| row.kept.clone()),
        Column::text("entries", |row| row.entries.clone()),
    ];
    let sentence =
        format!("{} figures of {} terminals are what their {} entries make.", verdict.right, verdict.terminals, verdict.entries);
    output.report(&verdict, &verdict.differences, &columns, &sentence);
    if verdict.wrong == 0 {
        return Ok(());
    }
    let detail = format!(
        "{} figures are not what the entries make. The entries are the truth: --rebuild puts the sums right, after you have found \
         out who changed them",
        verdict.wrong
    );
    Err(Failure::after_answer("sums_differ", detail))
}

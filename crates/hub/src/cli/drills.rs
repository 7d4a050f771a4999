//! `drills`.

use hub::DrillResult;

use super::answer::{Column, Failure, Output};
use super::arguments::DrillsArguments;
use super::open;

/// Lists how the fault drills of a store went.
pub(super) fn show(arguments: DrillsArguments, output: &Output) -> Result<(), Failure> {
    let hub = open(&arguments.database)?;
    let drills = hub.drills(hub.store(&arguments.store)?.id)?.drills;
    let columns = [
        Column::text("at", |result: &DrillResult| result.at.to_string()),
        Column::text("terminal", |result| result.terminal.to_string()),
        Column::text("staff", |result| result.staff.as_ref().map_or_else(String::new, ToString::to_string)),
        Column::text("fault", |result| result.drill.fault.name().to_owned()),
        Column::text("passed", |result| if result.drill.passed { "yes" } else { "no" }.to_owned()),
        Column::number("recovered s", |result| result.drill.recovered_ms.map_or_else(String::new, seconds)),
        Column::number("sales", |result| result.drill.sales.to_string()),
        Column::number("lost", |result| result.drill.lost.to_string()),
    ];
    output.list(&drills, &columns, "No drills.");
    Ok(())
}

fn seconds(milliseconds: u64) -> String {
    format!("{}.{}", milliseconds / 1000, milliseconds % 1000 / 100)
}

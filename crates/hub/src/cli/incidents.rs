//! `incidents`.

use serde_json::{Value, json};
use sync::wire::Incident;

use super::answer::{Column, Failure, Output};
use super::arguments::IncidentsArguments;
use super::open;

/// Lists a store's open incidents, or gives the evidence of one.
pub(super) fn show(arguments: IncidentsArguments, output: &Output) -> Result<(), Failure> {
    let hub = open(&arguments.database)?;
    if let Some(incident) = arguments.evidence {
        let evidence = hub
            .evidence(incident)?
            .ok_or_else(|| Failure::new("unknown_incident", format!("there is no incident {incident}")))?;
        let lines: Vec<&str> = evidence.lines().collect();
        output.answer(&json!({ "incident": incident, "entries": lines }), &evidence);
        return Ok(());
    }
    // The command line asks for one or the other.
    let Some(store) = arguments.store else { return Ok(()) };
    let incidents = hub.incidents(hub.store(&store)?.id)?.incidents;
    let columns = [
        Column::number("no.", |incident: &Incident| incident.id.to_string()),
        Column::text("at", |incident| incident.at.to_string()),
        Column::text("terminal", |incident| incident.terminal.map_or_else(String::new, |id| id.to_string())),
        Column::text("kind", |incident| match serde_json::to_value(incident.kind) {
            Ok(Value::String(name)) => name,
            _ => String::new(),
        }),
        Column::text("what happened", |incident| incident.detail.clone()),
    ];
    output.list(&incidents, &columns, "No open incidents.");
    Ok(())
}

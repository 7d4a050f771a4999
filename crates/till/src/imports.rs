//! Importing a file: every step goes to the hub, which holds the file and writes it, all or nothing. Without the hub nothing is
//! begun.

use domain::Permission;
use sync::goods::{ImportPhase, ImportQuestion, ImportState, ImportStep};

use crate::api::{ImportArgs, ImportColumnView, ImportErrorView, ImportView, Problem, ProblemCode};
use crate::terminal::Terminal;

impl Terminal {
    /// One step of an import.
    pub(crate) fn import_step(&self, session: &str, args: ImportArgs) -> Result<ImportView, Problem> {
        self.in_session(session, Permission::EditCatalogue, |session| {
            let ImportArgs { step, id: import, name, size, offset, data, mapping } = args;
            let step = match step.as_str() {
                "begin" => ImportStep::Begin { name, size: u64::from(size) },
                "chunk" => ImportStep::Chunk { import, offset: u64::from(offset), data },
                "check" => ImportStep::Check { import, mapping: mapping.into_iter().map(|column| column.column).collect() },
                "status" => ImportStep::Status { import },
                "commit" => ImportStep::Commit { import },
                "cancel" => ImportStep::Cancel { import },
                other => return Err(Problem::new(ProblemCode::BadRequest, format!("'{other}' is no step of an import"))),
            };
            let question = ImportQuestion { staff: session.staff.id.clone(), step };
            let state: ImportState = self.ask_hub("/v1/goods/import", &question).map_err(|problem| match problem.code {
                ProblemCode::HubRefused => Problem { code: ProblemCode::ImportRefused, ..problem },
                _ => problem,
            })?;
            if state.phase == ImportPhase::Done {
                self.after_commit.ring();
            }
            Ok(view(state))
        })
    }
}

fn view(state: ImportState) -> ImportView {
    let count = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
    let phase = match state.phase {
        ImportPhase::Uploading => "uploading",
        ImportPhase::Checking => "checking",
        ImportPhase::Ready => "ready",
        ImportPhase::Wrong => "wrong",
        ImportPhase::Writing => "writing",
        ImportPhase::Done => "done",
        ImportPhase::Cancelled => "cancelled",
    };
    ImportView {
        id: state.import,
        state: phase.to_owned(),
        received: count(state.received),
        size: count(state.size),
        rows: count(state.rows),
        total: count(state.total),
        created: count(state.created),
        updated: count(state.updated),
        unchanged: count(state.unchanged),
        columns: state
            .columns
            .into_iter()
            .map(|column| ImportColumnView { heading: column.heading, column: column.column })
            .collect(),
        sample: state.sample,
        errors: state
            .errors
            .into_iter()
            .map(|error| ImportErrorView {
                row: count(error.row),
                column: error.column,
                value: error.value,
                reason: error.reason,
                detail: error.detail,
            })
            .collect(),
        error_count: count(state.error_count),
    }
}

//! "Prove this number": what the hub comes to for a figure of a till.

use axum::Json;
use axum::extract::{Path, State};
use domain::TerminalId;
use jiff::Timestamp;
use sync::figures::{FigureAnswer, FigureQuestion};
use sync::wire::ProblemKind;

use super::Context;
use super::authentication::Signed;
use super::refusal::Refusal;
use super::routes::{blocking, id_of, parse};

pub(super) async fn prove(
    State(context): State<Context>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Json<FigureAnswer>, Refusal> {
    let terminal: TerminalId = id_of(&id)?;
    if signed.terminal != terminal {
        return Err(Refusal::new(ProblemKind::Forbidden, "a terminal proves the figures of its own journal alone"));
    }
    blocking(&context, move |hub| {
        let asked: FigureQuestion = parse(&signed.body)?;
        Ok::<_, Refusal>(hub.prove_figure(terminal, &asked, Timestamp::now())?)
    })
    .await
    .map(Json)
}

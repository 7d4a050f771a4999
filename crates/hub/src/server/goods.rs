//! What tills ask about goods: signed questions, each by a member of the staff whose role is checked here again.

use axum::Json;
use axum::extract::State;
use domain::{Permission, StaffId};
use sync::goods::{
    ImportQuestion, ImportState, LedgerPage, LedgerQuestion, PutProduct, PutProductAnswer, Transfers, TransfersQuestion,
};

use super::Context;
use super::authentication::Signed;
use super::refusal::Refusal;
use super::routes::{blocking, parse};
use crate::Hub;

/// The paths, for the router and its test.
pub(super) const PATHS: [&str; 4] = ["/v1/goods/ledger", "/v1/goods/transfers", "/v1/goods/product", "/v1/goods/import"];

fn allow(hub: &Hub, signed: &Signed, staff: &StaffId, permission: Permission) -> Result<(), Refusal> {
    Ok(hub.staff_may(signed.store, staff, permission)?)
}

pub(super) async fn ledger(State(context): State<Context>, signed: Signed) -> Result<Json<LedgerPage>, Refusal> {
    blocking(&context, move |hub| {
        let question: LedgerQuestion = parse(&signed.body)?;
        allow(hub, &signed, &question.staff, Permission::Sell)?;
        Ok::<_, Refusal>(hub.stock_ledger(signed.store, signed.terminal, &question)?)
    })
    .await
    .map(Json)
}

pub(super) async fn transfers(State(context): State<Context>, signed: Signed) -> Result<Json<Transfers>, Refusal> {
    blocking(&context, move |hub| {
        let question: TransfersQuestion = parse(&signed.body)?;
        allow(hub, &signed, &question.staff, Permission::MoveStock)?;
        Ok::<_, Refusal>(hub.transfers(signed.store)?)
    })
    .await
    .map(Json)
}

pub(super) async fn product(State(context): State<Context>, signed: Signed) -> Result<Json<PutProductAnswer>, Refusal> {
    blocking(&context, move |hub| {
        let put: PutProduct = parse(&signed.body)?;
        allow(hub, &signed, &put.staff, Permission::EditCatalogue)?;
        Ok::<_, Refusal>(hub.put_product(signed.store, &put.product)?)
    })
    .await
    .map(Json)
}

pub(super) async fn import(State(context): State<Context>, signed: Signed) -> Result<Json<ImportState>, Refusal> {
    blocking(&context, move |hub| {
        let question: ImportQuestion = parse(&signed.body)?;
        allow(hub, &signed, &question.staff, Permission::EditCatalogue)?;
        Ok::<_, Refusal>(hub.import_step(signed.store, question.step)?)
    })
    .await
    .map(Json)
}

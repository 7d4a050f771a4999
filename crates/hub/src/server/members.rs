//! The routes below `/v1/members`. The terminal proves itself by its signature; who stands at it is checked by the hub again.

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use domain::StaffId;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync::members::{
    AskKeys, EraseMember, Erased, FindMembers, FoundMembers, HoldPoints, KeepMember, KeptMember, PointsHeld, PointsReleased,
    ReleasePoints, StoreKeys, ViewMember, Viewed,
};

use super::Context;
use super::authentication::Signed;
use super::refusal::Refusal;
use super::routes::{blocking, parse};
use crate::member::Asker;
use crate::{Hub, Refused};

/// Everything that tills ask about members.
pub(super) fn router() -> Router<Context> {
    Router::new()
        .route("/v1/members/keys", post(keys))
        .route("/v1/members/find", post(find))
        .route("/v1/members/keep", post(keep))
        .route("/v1/members/view", post(view))
        .route("/v1/members/erase", post(erase))
        .route("/v1/members/hold", post(hold))
        .route("/v1/members/release", post(release))
}

fn asker(signed: &Signed, staff: &StaffId) -> Asker {
    Asker::Staff { store: signed.store, terminal: signed.terminal, staff: staff.clone() }
}

/// Reads the question and answers it on a thread that may wait for the database.
async fn answer<Q: DeserializeOwned, A: Serialize + Send + 'static>(
    context: &Context,
    signed: Signed,
    answer: impl FnOnce(&Hub, &Signed, &Q) -> Result<A, Refused> + Send + 'static,
) -> Result<Json<A>, Refusal> {
    blocking(context, move |hub| {
        let question: Q = parse(&signed.body)?;
        Ok::<_, Refusal>(answer(hub, &signed, &question)?)
    })
    .await
    .map(Json)
}

async fn keys(State(context): State<Context>, signed: Signed) -> Result<Json<StoreKeys>, Refusal> {
    answer(&context, signed, |hub, signed, _: &AskKeys| hub.store_keys(signed.store)).await
}

async fn find(State(context): State<Context>, signed: Signed) -> Result<Json<FoundMembers>, Refusal> {
    answer(&context, signed, |hub, signed, asked: &FindMembers| {
        hub.find_members(&asker(signed, &asked.staff), asked, Timestamp::now())
    })
    .await
}

async fn keep(State(context): State<Context>, signed: Signed) -> Result<Json<KeptMember>, Refusal> {
    answer(&context, signed, |hub, signed, asked: &KeepMember| {
        hub.keep_member(&asker(signed, &asked.staff), asked, Timestamp::now())
    })
    .await
}

async fn view(State(context): State<Context>, signed: Signed) -> Result<Json<Viewed>, Refusal> {
    answer(&context, signed, |hub, signed, asked: &ViewMember| {
        let file = hub.member_file(&asker(signed, &asked.staff), asked.member, asked.why, Timestamp::now())?;
        Ok(Viewed { file })
    })
    .await
}

async fn erase(State(context): State<Context>, signed: Signed) -> Result<Json<Erased>, Refusal> {
    answer(&context, signed, |hub, signed, asked: &EraseMember| {
        let erased = hub.erase_member(&asker(signed, &asked.staff), asked.member, asked.reason, Timestamp::now())?;
        Ok(Erased { erased })
    })
    .await
}

async fn hold(State(context): State<Context>, signed: Signed) -> Result<Json<PointsHeld>, Refusal> {
    answer(&context, signed, |hub, signed, asked: &HoldPoints| {
        hub.hold_points(&asker(signed, &asked.staff), asked, Timestamp::now())
    })
    .await
}

async fn release(State(context): State<Context>, signed: Signed) -> Result<Json<PointsReleased>, Refusal> {
    answer(&context, signed, |hub, _, asked: &ReleasePoints| {
        hub.release_points(asked.hold)?;
        Ok(PointsReleased {})
    })
    .await
}

//! The routes of `sync::wire`, and those for whoever runs the hub.

use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Path, Query, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::{StoreId, TerminalId};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sync::wire::{Enrolment, EnrolmentRequest, FeedPage, Incidents, MAX_BODY_BYTES, ProblemKind, PushAnswer, PushRequest};

use super::Context;
use super::authentication::{Signed, read_body};
use super::goods;
use super::openapi::OPENAPI;
use super::promotion_routes;
use super::refusal::Refusal;
use crate::{Hub, Refused};

/// Every path of the interface for programs, as axum and OpenAPI write it; the managers' pages are for people.
#[cfg(test)]
pub(super) const PATHS: &[&str] = &[
    "/v1/enrolments",
    "/v1/terminals/{id}/entries",
    "/v1/terminals/{id}/head",
    "/v1/terminals/{id}/figures",
    "/v1/stores/{id}/feed",
    "/v1/stores/{id}/snapshot",
    "/v1/stores/{id}/incidents",
    "/v1/stores/{id}/drills",
    goods::PATHS[0],
    goods::PATHS[1],
    goods::PATHS[2],
    goods::PATHS[3],
    "/v1/refunds/check",
    "/v1/refunds/claim",
    "/v1/held/put",
    "/v1/held/list",
    "/v1/held/take",
    "/v1/orders/list",
    "/v1/orders/claim",
    "/v1/members/keys",
    "/v1/members/find",
    "/v1/members/keep",
    "/v1/members/view",
    "/v1/members/erase",
    "/v1/members/hold",
    "/v1/members/release",
    "/v1/promotions",
    "/v1/coupons/claim",
    "/v1/coupons/release",
    "/health",
    "/metrics",
    "/openapi.json",
];

/// Bytes that a request to join may have; anybody may send one.
const MAX_ENROLMENT_BYTES: usize = 16 * 1024;

pub(super) fn router(context: Context) -> Router {
    Router::new()
        .route("/v1/enrolments", post(enrol).layer(DefaultBodyLimit::max(MAX_ENROLMENT_BYTES)))
        .route("/v1/terminals/{id}/entries", post(push))
        .route("/v1/terminals/{id}/head", get(read_head))
        .route("/v1/terminals/{id}/figures", post(super::figures::prove))
        .route("/v1/stores/{id}/feed", get(read_feed))
        .route("/v1/stores/{id}/snapshot", get(read_snapshot))
        .route("/v1/stores/{id}/incidents", get(read_incidents))
        .route("/v1/stores/{id}/drills", get(read_drills))
        .route(goods::PATHS[0], post(goods::ledger))
        .route(goods::PATHS[1], post(goods::transfers))
        .route(goods::PATHS[2], post(goods::product))
        .route(goods::PATHS[3], post(goods::import))
        .merge(super::counter_routes::routes())
        .merge(super::members::router())
        .route("/v1/promotions", post(promotion_routes::save))
        .route("/v1/coupons/claim", post(promotion_routes::claim))
        .route("/v1/coupons/release", post(promotion_routes::release))
        .route("/health", get(read_health))
        .route("/metrics", get(read_metrics))
        .route("/openapi.json", get(async || ([(CONTENT_TYPE, "application/json")], OPENAPI)))
        .merge(super::manage::router())
        .method_not_allowed_fallback(async |method: Method, uri: Uri| {
            Refusal::malformed(StatusCode::METHOD_NOT_ALLOWED, format!("{} does not take {method}", uri.path()))
        })
        .fallback(async |uri: Uri| {
            let detail = format!("there is nothing at {}: is this the address of a Tillbridge hub?", uri.path());
            Refusal::malformed(StatusCode::NOT_FOUND, detail)
        })
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(middleware::from_fn_with_state(context.clone(), log_and_count))
        .with_state(context)
}

/// Asks the hub on a thread that may wait for a database.
pub(super) async fn blocking<T, E>(
    context: &Context,
    ask: impl FnOnce(&Hub) -> Result<T, E> + Send + 'static,
) -> Result<T, Refusal>
where
    T: Send + 'static,
    E: Into<Refusal> + Send + 'static,
{
    let hub = context.hub.clone();
    match tokio::task::spawn_blocking(move || ask(&hub)).await {
        Ok(answer) => answer.map_err(Into::into),
        Err(error) => {
            tracing::error!(%error, "a request ended unexpectedly");
            Err(Refusal::new(ProblemKind::Unavailable, "the hub failed to answer: try again; its log says more"))
        }
    }
}

async fn enrol(
    State(context): State<Context>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    request: Request,
) -> Result<Json<Enrolment>, Refusal> {
    context.enrolments.allow(client.ip(), Instant::now()).map_err(Refusal::throttled)?;
    let request: EnrolmentRequest = parse(&read_body(request, &context).await?)?;
    let terminal = request.terminal;
    let answer = blocking(&context, move |hub| hub.enrol(&request, Timestamp::now())).await;
    match &answer {
        Ok(enrolment) => {
            context.metrics.enrolments.inc();
            tracing::info!(%terminal, store = %enrolment.shop.code, number = enrolment.terminal_number, "a terminal joined");
        }
        Err(refusal) if refusal.is_a_wrong_try() => context.enrolments.refused(client.ip(), Instant::now()),
        Err(_) => {}
    }
    answer.map(Json)
}

async fn push(State(context): State<Context>, Path(id): Path<String>, signed: Signed) -> Result<Json<PushAnswer>, Refusal> {
    let terminal: TerminalId = id_of(&id)?;
    let started = Instant::now();
    let (answer, entries) = blocking(&context, move |hub| {
        signed.may_deliver_for(terminal, hub)?;
        let PushRequest { entries, journal_ends_at } = parse(&signed.body)?;
        let count = entries.len() as u64;
        let answer = hub.ingest(terminal, signed.terminal, entries, Timestamp::now())?;
        if let Some(end) = journal_ends_at.filter(|end| *end < answer.acked) {
            return Err(hub.refuse_cut_off(terminal, end, answer.acked, Timestamp::now()).into());
        }
        Ok::<_, Refusal>((answer, count))
    })
    .await?;
    context.metrics.ingest_seconds.observe(started.elapsed().as_secs_f64());
    context.metrics.pushes.inc();
    context.metrics.entries.inc_by(entries);
    Ok(Json(answer))
}

async fn read_head(State(context): State<Context>, Path(id): Path<String>, signed: Signed) -> Result<Json<PushAnswer>, Refusal> {
    let terminal: TerminalId = id_of(&id)?;
    blocking(&context, move |hub| {
        signed.may_deliver_for(terminal, hub)?;
        Ok::<_, Refusal>(hub.head(terminal)?)
    })
    .await
    .map(Json)
}

/// The query of the feed.
#[derive(Deserialize)]
struct After {
    after: u64,
}

async fn read_feed(
    State(context): State<Context>,
    Path(id): Path<String>,
    query: Result<Query<After>, axum::extract::rejection::QueryRejection>,
    signed: Signed,
) -> Result<Json<FeedPage>, Refusal> {
    let store: StoreId = id_of(&id)?;
    signed.may_read(store)?;
    let Query(After { after }) = query.map_err(|error| Refusal::new(ProblemKind::Malformed, error.body_text()))?;
    let page = blocking(&context, move |hub| hub.feed(store, after)).await?;
    context.metrics.feed_pages.inc();
    Ok(Json(page))
}

async fn read_snapshot(State(context): State<Context>, Path(id): Path<String>, signed: Signed) -> Result<Response, Refusal> {
    let store: StoreId = id_of(&id)?;
    signed.may_read(store)?;
    let snapshot = blocking(&context, move |hub| hub.snapshot(store)).await?;
    context.metrics.snapshots.inc();
    Ok(([(CONTENT_TYPE, "application/zstd")], Bytes::from_owner(snapshot)).into_response())
}

async fn read_incidents(
    State(context): State<Context>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Json<Incidents>, Refusal> {
    let store: StoreId = id_of(&id)?;
    signed.may_read(store)?;
    blocking(&context, move |hub| hub.incidents(store)).await.map(Json)
}

async fn read_drills(
    State(context): State<Context>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Json<crate::DrillResults>, Refusal> {
    let store: StoreId = id_of(&id)?;
    signed.may_read(store)?;
    blocking(&context, move |hub| hub.drills(store)).await.map(Json)
}

/// What `/health` says when the hub can do its work.
#[derive(Serialize)]
struct Health {
    status: &'static str,
    version: &'static str,
}

async fn read_health(State(context): State<Context>) -> Result<Json<Health>, Refusal> {
    blocking(&context, Hub::ping).await?;
    Ok(Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") }))
}

async fn read_metrics(State(context): State<Context>) -> Result<Response, Refusal> {
    let text = context.metrics.text().map_err(|error| Refusal::new(ProblemKind::Unavailable, error.to_string()))?;
    Ok(([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response())
}

/// One line a request: refusals always, the rest when somebody looks closely. Neither bodies nor headers are logged.
async fn log_and_count(State(context): State<Context>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let started = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    if let Some(Refused { kind, detail, .. }) = response.extensions().get::<Refused>() {
        context.metrics.refused(*kind);
        tracing::warn!(%method, path, status, milliseconds, ?kind, detail, "refused");
    } else {
        tracing::debug!(%method, path, status, milliseconds, "answered");
    }
    response
}

pub(super) fn parse<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refusal> {
    serde_json::from_slice(body)
        .map_err(|error| Refusal::new(ProblemKind::Malformed, format!("the request's body cannot be read: {error}")))
}

pub(super) fn id_of<T: FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, Refusal> {
    text.parse().map_err(|error: T::Err| Refusal::new(ProblemKind::Malformed, error.to_string()))
}

//! The routes of `sync::counter`: questions about orders that somebody at a counter waits for.

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use domain::{Permission, StaffId, StoreId};
use jiff::Timestamp;
use sync::counter::{
    ClaimAnswer, HeldDone, HeldList, HeldPut, HeldQuestion, HeldTake, HeldTaken, OrderClaim, OrderClaimed, OrdersAnswer,
    OrdersQuestion, RefundAnswer, RefundClaim, RefundQuestion,
};
use sync::wire::ProblemKind;

use super::Context;
use super::authentication::Signed;
use super::refusal::Refusal;
use super::routes::{blocking, parse};
use crate::Hub;

pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/v1/refunds/check", post(check_refund))
        .route("/v1/refunds/claim", post(claim_refund))
        .route("/v1/held/put", post(put_held))
        .route("/v1/held/list", post(list_held))
        .route("/v1/held/take", post(take_held))
        .route("/v1/orders/list", post(list_orders))
        .route("/v1/orders/claim", post(claim_order))
}

/// Ok when `staff` works in `store` and holds `permission`: a till may have been tampered with.
fn allow(hub: &Hub, store: StoreId, staff: &StaffId, permission: Permission) -> Result<(), Refusal> {
    let role = hub.role_of(store, staff)?;
    let allowed = role.is_some_and(|role| role.allow(permission).is_ok());
    if allowed { Ok(()) } else { Err(Refusal::new(ProblemKind::Forbidden, format!("'{staff}' may not do this at this store"))) }
}

async fn check_refund(State(context): State<Context>, signed: Signed) -> Result<Json<RefundAnswer>, Refusal> {
    let question: RefundQuestion = parse(&signed.body)?;
    let sale = blocking(&context, move |hub| {
        allow(hub, signed.store, &question.staff, Permission::Sell)?;
        Ok::<_, Refusal>(hub.sale_to_refund(&question.sale, Timestamp::now())?)
    });
    Ok(Json(RefundAnswer { sale: sale.await? }))
}

async fn claim_refund(State(context): State<Context>, signed: Signed) -> Result<Json<ClaimAnswer>, Refusal> {
    let claim: RefundClaim = parse(&signed.body)?;
    let answer = blocking(&context, move |hub| {
        // A claim only keeps the goods; who may give them back, and whom another person let do it, is in the refund's entry.
        allow(hub, signed.store, &claim.staff, Permission::Sell)?;
        Ok::<_, Refusal>(hub.claim_refund(signed.terminal, &claim, Timestamp::now())?)
    });
    answer.await.map(Json)
}

async fn put_held(State(context): State<Context>, signed: Signed) -> Result<Json<HeldDone>, Refusal> {
    let held: HeldPut = parse(&signed.body)?;
    let held = blocking(&context, move |hub| {
        allow(hub, signed.store, &held.staff, Permission::Sell)?;
        Ok::<_, Refusal>(hub.put_held(signed.terminal, &held, Timestamp::now())?)
    });
    Ok(Json(HeldDone { held: held.await? }))
}

async fn list_held(State(context): State<Context>, signed: Signed) -> Result<Json<HeldList>, Refusal> {
    let question: HeldQuestion = parse(&signed.body)?;
    let held = blocking(&context, move |hub| {
        allow(hub, signed.store, &question.staff, Permission::Sell)?;
        Ok::<_, Refusal>(hub.held(signed.terminal, Timestamp::now())?)
    });
    Ok(Json(HeldList { held: held.await? }))
}

async fn take_held(State(context): State<Context>, signed: Signed) -> Result<Json<HeldTaken>, Refusal> {
    let take: HeldTake = parse(&signed.body)?;
    let taken = blocking(&context, move |hub| {
        allow(hub, signed.store, &take.staff, Permission::Sell)?;
        Ok::<_, Refusal>(hub.take_held(signed.terminal, &take.id, Timestamp::now())?)
    });
    taken.await.map(Json)
}

async fn list_orders(State(context): State<Context>, signed: Signed) -> Result<Json<OrdersAnswer>, Refusal> {
    let question: OrdersQuestion = parse(&signed.body)?;
    let orders = blocking(&context, move |hub| {
        allow(hub, signed.store, &question.staff, Permission::Sell)?;
        Ok::<_, Refusal>(hub.customer_orders(signed.terminal)?)
    });
    Ok(Json(OrdersAnswer { orders: orders.await? }))
}

async fn claim_order(State(context): State<Context>, signed: Signed) -> Result<Json<OrderClaimed>, Refusal> {
    let claim: OrderClaim = parse(&signed.body)?;
    let claimed = blocking(&context, move |hub| {
        allow(hub, signed.store, &claim.staff, Permission::TakeOrders)?;
        Ok::<_, Refusal>(hub.claim_customer_order(signed.terminal, claim.order, Timestamp::now())?)
    });
    claimed.await.map(Json)
}

//! The routes of `sync::promotion_wire`: promotions saved by managers at tills, and coupons.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use sync::promotion_wire::{CouponAnswer, CouponClaim, CouponRelease, CouponReleased, PromotionSave, PromotionSaved};

use super::Context;
use super::authentication::Signed;
use super::refusal::Refusal;
use super::routes::{blocking, parse};

/// Keeps a promotion as a member of the staff of the asking terminal's store wants it.
pub(super) async fn save(State(context): State<Context>, signed: Signed) -> Result<Json<PromotionSaved>, Refusal> {
    blocking(&context, move |hub| {
        let PromotionSave { staff, promotion } = parse(&signed.body)?;
        let promotion = hub.save_promotion(Some((signed.store, staff)), &promotion, Timestamp::now())?;
        Ok::<_, Refusal>(PromotionSaved { promotion })
    })
    .await
    .map(Json)
}

/// Keeps a coupon for an order.
pub(super) async fn claim(State(context): State<Context>, signed: Signed) -> Result<Json<CouponAnswer>, Refusal> {
    blocking(&context, move |hub| {
        let CouponClaim { code, order, .. } = parse(&signed.body)?;
        Ok::<_, Refusal>(hub.claim_coupon(signed.terminal, &code, order, Timestamp::now())?)
    })
    .await
    .map(Json)
}

/// Lets others have an order's coupons.
pub(super) async fn release(State(context): State<Context>, signed: Signed) -> Result<Json<CouponReleased>, Refusal> {
    blocking(&context, move |hub| {
        let CouponRelease { order, code, .. } = parse(&signed.body)?;
        Ok::<_, Refusal>(CouponReleased { released: hub.release_coupons(order, code.as_ref())? })
    })
    .await
    .map(Json)
}

//! Problems as HTTP answers.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use till::api::{Problem, ProblemCode};

/// The answer that carries `problem`.
pub(crate) fn answer(problem: Problem) -> Response {
    let status = status(problem.code);
    let seconds = problem.params.get("seconds").filter(|_| status == StatusCode::TOO_MANY_REQUESTS).cloned();
    let mut response = (status, Json(problem)).into_response();
    if let Some(seconds) = seconds.and_then(|seconds| seconds.parse().ok()) {
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    response
}

/// The answer to a request that does not come from a page of this bridge or does not have the form it needs.
pub(crate) fn malformed(status: StatusCode, detail: &str) -> Response {
    tracing::warn!(%status, detail, "a request was refused");
    (status, Json(Problem::new(ProblemCode::BadRequest, detail))).into_response()
}

fn status(code: ProblemCode) -> StatusCode {
    use ProblemCode as P;
    match code {
        P::NotSignedIn | P::WrongPin => StatusCode::UNAUTHORIZED,
        P::NotAllowed => StatusCode::FORBIDDEN,
        P::PinLocked => StatusCode::TOO_MANY_REQUESTS,
        P::NoSuchLine
        | P::NoSuchPayment
        | P::NoSuchHeldOrder
        | P::CartEmpty
        | P::NotPaying
        | P::PayingAlready
        | P::StillDue
        | P::AlreadyPaid
        | P::MoLingUnavailable
        | P::CouponUsed
        | P::CouponHeld
        | P::CouponNotLive
        | P::CouponTwice
        | P::TooManyCoupons
        | P::NotEnrolled
        | P::NoPrinter => StatusCode::CONFLICT,
        P::CouponWrong | P::CouponUnknown | P::NoSuchPromotion | P::PromotionField => StatusCode::UNPROCESSABLE_ENTITY,
        P::CouponOffline => StatusCode::SERVICE_UNAVAILABLE,
        P::UnknownBarcode
        | P::UnknownProduct
        | P::NotAQuantity
        | P::QuantityNotPositive
        | P::QuantityTooLarge
        | P::QuantityNotWhole
        | P::NotAnAmount
        | P::NotAPercentage
        | P::DiscountTooLarge
        | P::TooManyLines
        | P::AmountTooLarge
        | P::AmountNotPositive
        | P::MoreThanDue
        | P::ReferenceMissing
        | P::LooksLikeCardNumber
        | P::NoSuchReceipt
        | P::HubAddressWrong
        | P::CodeRefused
        | P::HubRefused
        | P::ClockDrift
        | P::PrinterAddressWrong => StatusCode::UNPROCESSABLE_ENTITY,
        P::HubUnreachable
        | P::HubCertificate
        | P::PrinterUnreachable
        | P::MirrorUnwritable
        | P::DiskFull
        | P::StoreDamaged
        | P::StoreInUse
        | P::StoreTooNew => StatusCode::SERVICE_UNAVAILABLE,
        P::NothingEntered | P::ChooseVariant | P::NoSuchTransfer => StatusCode::CONFLICT,
        P::GoodsExpired | P::LabelUnreadable | P::ProductRefused | P::ImportRefused | P::TooManyProducts => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        P::BadRequest => StatusCode::BAD_REQUEST,
        P::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        // What was asked for breaks a rule of the shop.
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_pin_says_when_to_try_again() {
        let locked = answer(Problem::new(ProblemCode::PinLocked, "locked").with("seconds", 30));
        assert_eq!(locked.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(locked.headers()[RETRY_AFTER], "30");
    }
}

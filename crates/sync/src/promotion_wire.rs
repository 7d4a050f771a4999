//! Questions about promotions and coupons, asked while somebody waits at the counter. Every one is safe to repeat.
//!
//! | request | answer |
//! | --- | --- |
//! | `POST /v1/promotions` [`PromotionSave`] | [`PromotionSaved`] |
//! | `POST /v1/coupons/claim` [`CouponClaim`] | [`CouponAnswer`] |
//! | `POST /v1/coupons/release` [`CouponRelease`] | [`CouponReleased`] |

use domain::{CouponCode, OrderId, Promotion, PromotionId, ReceiptNumber, StaffId, StoreCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Somebody saves, publishes, ends or throws away a promotion; its state says which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromotionSave {
    /// Who.
    pub staff: StaffId,
    /// The promotion as it is to be.
    pub promotion: Promotion,
}

/// The promotion as the hub holds it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromotionSaved {
    /// It.
    pub promotion: Promotion,
}

/// A coupon is to be kept for an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouponClaim {
    /// Who asks.
    pub staff: StaffId,
    /// The coupon.
    pub code: CouponCode,
    /// The order; the same one may ask again.
    pub order: OrderId,
}

/// Whether the order has the coupon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum CouponAnswer {
    /// It is kept for the order.
    Granted {
        /// Its promotion.
        promotion: PromotionId,
        /// Until then; asking again keeps it longer.
        until: Timestamp,
    },
    /// It was used.
    Used {
        /// When.
        at: Timestamp,
        /// In which store.
        store: StoreCode,
        /// At which till, by name.
        terminal: String,
        /// On which receipt.
        receipt: ReceiptNumber,
    },
    /// Another order has it at the moment.
    Held {
        /// Until then, unless it is used.
        until: Timestamp,
        /// In which store.
        store: StoreCode,
        /// At which till, by name.
        terminal: String,
    },
    /// Its promotion has not begun or is over.
    NotLive {
        /// Its promotion.
        promotion: PromotionId,
    },
    /// Nobody has made such a coupon.
    Unknown,
}

/// An order needs its coupons no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouponRelease {
    /// Who says so.
    pub staff: StaffId,
    /// The order.
    pub order: OrderId,
    /// This coupon alone; none: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<CouponCode>,
}

/// How many coupons others may have now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouponReleased {
    /// How many.
    pub released: u64,
}

//! The events a terminal's journal holds. An event is what happened, past tense, never changed afterwards; every
//! projection on the till and at the hub is made from them.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::catalogue::Product;
use crate::customer_order::{DepositTaken, OrderCancelled, OrderChanged, OrderCompleted, OrderPlaced};
use crate::ids::{StaffId, TerminalId};
use crate::member::{ConsentRecorded, MemberErased, MemberJoined, MemberSeen, PointsAdjusted};
use crate::order::{Order, Refund, StockAdjustment};
use crate::shift::{
    CashMoved, DrawerCounted, DrawerOpened, ShiftClosed, ShiftHandedOver, ShiftOpened, ShiftReportPrinted, ShiftResumed,
    ShiftSuspended,
};
use crate::stock::{GoodsReceived, StockCounted, TransferReceived, TransferSent};
use crate::voids::{LineVoided, SaleVoided};

/// Why an event could not be read.
#[derive(Debug, Error)]
pub enum EventError {
    /// A kind this version does not know, written by a newer one.
    #[error("this version does not know events of kind '{0}': update it")]
    UnknownKind(String),
    /// The body does not have the form its kind needs.
    #[error("the body of a '{kind}' event cannot be read: {source}")]
    Body {
        /// The kind it claims to be.
        kind: &'static str,
        /// What is wrong.
        source: serde_json::Error,
    },
}

/// The beginning of a journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalOpened {
    /// The version of the program.
    pub version: String,
    /// A journal of practice: nothing of it belongs into any books, and a hub takes none of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub training: bool,
}

/// Somebody signed in at the terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// Who.
    pub staff: StaffId,
}

/// A finished sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleCompleted {
    /// The order.
    pub order: Order,
}

/// A product that was first entered at this terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductAdded {
    /// The product.
    pub product: Product,
}

/// The unsent tail of a lost terminal's journal was delivered to the hub from this terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalRecovered {
    /// The terminal that was lost.
    pub terminal: TerminalId,
    /// How many of its entries the hub took over now.
    pub entries: u64,
    /// Its last entry.
    pub last_seq: u64,
    /// The hash of its last entry, hex.
    pub head: String,
}

/// Somebody let another person do, once, what that person's role does not allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionOverridden {
    /// What was allowed.
    pub permission: crate::staff::Permission,
    /// Who allowed it; never the same as `for_staff`.
    pub by: StaffId,
    /// Who was allowed to do it.
    #[serde(rename = "for")]
    pub for_staff: StaffId,
    /// Why, as typed.
    pub reason: String,
}

macro_rules! events {
    ($($(#[$doc:meta])* $variant:ident($body:ty) = $kind:literal),* $(,)?) => {
        /// One event: `kind` names the variant, `body` is its content.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "kind", content = "body")]
        pub enum Event {
            $($(#[$doc])* #[serde(rename = $kind)] $variant($body),)*
        }

        impl Event {
            /// The name of the event in the journal.
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$variant(_) => $kind,)* }
            }

            /// The body as JSON.
            pub fn body_json(&self) -> Result<String, EventError> {
                match self {
                    $(Self::$variant(body) => serde_json::to_string(body)
                        .map_err(|source| EventError::Body { kind: $kind, source }),)*
                }
            }

            /// Reads the body of an event of `kind`.
            pub fn from_parts(kind: &str, body: &str) -> Result<Self, EventError> {
                match kind {
                    $($kind => serde_json::from_str(body)
                        .map(Self::$variant)
                        .map_err(|source| EventError::Body { kind: $kind, source }),)*
                    other => Err(EventError::UnknownKind(other.to_owned())),
                }
            }
        }
    };
}

events! {
    /// See [`JournalOpened`].
    JournalOpened(JournalOpened) = "journal_opened",
    /// See [`SignedIn`].
    SignedIn(SignedIn) = "signed_in",
    /// See [`SaleCompleted`].
    SaleCompleted(SaleCompleted) = "sale_completed",
    /// See [`Refund`].
    RefundCompleted(Refund) = "refund_completed",
    /// See [`StockAdjustment`].
    StockAdjusted(StockAdjustment) = "stock_adjusted",
    /// See [`ProductAdded`].
    ProductAdded(ProductAdded) = "product_added",
    /// See [`JournalRecovered`].
    JournalRecovered(JournalRecovered) = "journal_recovered",
    /// See [`PermissionOverridden`].
    PermissionOverridden(PermissionOverridden) = "permission_overridden",
    /// See [`crate::training::TrainingBegun`].
    TrainingBegun(crate::training::TrainingBegun) = "training_begun",
    /// See [`crate::training::TrainingEnded`].
    TrainingEnded(crate::training::TrainingEnded) = "training_ended",
    /// See [`crate::training::DrillCompleted`].
    DrillCompleted(crate::training::DrillCompleted) = "drill_completed",
    /// See [`LineVoided`].
    LineVoided(LineVoided) = "line_voided",
    /// See [`SaleVoided`].
    SaleVoided(SaleVoided) = "sale_voided",
    /// See [`OrderPlaced`].
    OrderPlaced(OrderPlaced) = "order_placed",
    /// See [`OrderChanged`].
    OrderChanged(OrderChanged) = "order_changed",
    /// See [`DepositTaken`].
    DepositTaken(DepositTaken) = "deposit_taken",
    /// See [`OrderCompleted`].
    OrderCompleted(OrderCompleted) = "order_completed",
    /// See [`OrderCancelled`].
    OrderCancelled(OrderCancelled) = "order_cancelled",
    /// See [`ShiftOpened`].
    ShiftOpened(ShiftOpened) = "shift_opened",
    /// See [`CashMoved`].
    CashMoved(CashMoved) = "cash_moved",
    /// See [`DrawerOpened`].
    DrawerOpened(DrawerOpened) = "drawer_opened",
    /// See [`ShiftHandedOver`].
    ShiftHandedOver(ShiftHandedOver) = "shift_handed_over",
    /// See [`ShiftSuspended`].
    ShiftSuspended(ShiftSuspended) = "shift_suspended",
    /// See [`ShiftResumed`].
    ShiftResumed(ShiftResumed) = "shift_resumed",
    /// See [`ShiftClosed`].
    ShiftClosed(Box<ShiftClosed>) = "shift_closed",
    /// See [`DrawerCounted`].
    DrawerCounted(DrawerCounted) = "drawer_counted",
    /// See [`ShiftReportPrinted`].
    ShiftReportPrinted(ShiftReportPrinted) = "shift_report_printed",
    /// See [`MemberJoined`].
    MemberJoined(MemberJoined) = "member_joined",
    /// See [`ConsentRecorded`].
    ConsentRecorded(ConsentRecorded) = "consent_recorded",
    /// See [`MemberSeen`].
    MemberSeen(MemberSeen) = "member_seen",
    /// See [`PointsAdjusted`].
    PointsAdjusted(PointsAdjusted) = "points_adjusted",
    /// See [`MemberErased`].
    MemberErased(MemberErased) = "member_erased",
    /// See [`GoodsReceived`].
    GoodsReceived(GoodsReceived) = "goods_received",
    /// See [`StockCounted`].
    StockCounted(StockCounted) = "stock_counted",
    /// See [`TransferSent`].
    TransferSent(TransferSent) = "transfer_sent",
    /// See [`TransferReceived`].
    TransferReceived(TransferReceived) = "transfer_received",
}

#[cfg(test)]
mod tests;

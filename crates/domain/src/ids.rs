//! Names of things: UUIDv7 ids and short codes, each a type of its own so that none can stand for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id: UUIDv7 (RFC 9562), so ids sort by time of making. For the edges; rules take ids as arguments.
            pub fn generate() -> Self {
                Self(Uuid::now_v7())
            }
            /// The id with this value.
            pub const fn from_uuid(value: Uuid) -> Self {
                Self(value)
            }
            /// The value.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
        impl FromStr for $name {
            type Err = TextIdError;
            fn from_str(text: &str) -> Result<Self, TextIdError> {
                Uuid::parse_str(text).map(Self).map_err(|_| TextIdError { what: stringify!($name), text: text.to_owned() })
            }
        }
    )*};
}

uuid_ids! {
    /// A shop location.
    StoreId,
    /// A point of sale with a journal and a key of its own.
    TerminalId,
    /// A product.
    ProductId,
    /// A sale or a refund.
    OrderId,
    /// One tender of an order.
    PaymentId,
    /// A stock adjustment.
    AdjustmentId,
    /// A member.
    MemberId,
    /// A promotion.
    PromotionId,
    /// A customer's order: a quotation or a presale.
    CustomerOrderId,
}

/// A code or id that does not have the form it needs.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{text}' is not a valid {what}")]
pub struct TextIdError {
    what: &'static str,
    text: String,
}

macro_rules! text_ids {
    ($($(#[$doc:meta])* $name:ident, $max:literal),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes the code after trimming; it must have 1 to the type's limit of characters, none a control character.
            pub fn parse(text: &str) -> Result<Self, TextIdError> {
                let trimmed = text.trim();
                if trimmed.is_empty() || trimmed.chars().count() > $max || trimmed.chars().any(char::is_control) {
                    return Err(TextIdError { what: stringify!($name), text: text.to_owned() });
                }
                Ok(Self(trimmed.to_owned()))
            }
            /// The code.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl FromStr for $name {
            type Err = TextIdError;
            fn from_str(text: &str) -> Result<Self, TextIdError> {
                Self::parse(text)
            }
        }
        impl TryFrom<String> for $name {
            type Error = TextIdError;
            fn try_from(text: String) -> Result<Self, TextIdError> {
                Self::parse(&text)
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    )*};
}

text_ids! {
    /// The shop's own code of a product, unique in its catalogue.
    Sku, 64,
    /// What a scanner reads: a GTIN (EAN-8, UPC-A, EAN-13, GTIN-14) or the shop's own code.
    Barcode, 64,
    /// The short code of a store, first part of its receipt numbers.
    StoreCode, 32,
    /// A category of the catalogue.
    CategoryCode, 64,
    /// A tax class of the catalogue.
    TaxCode, 32,
    /// What is written on a coupon.
    CouponCode, 64,
    /// A member of the staff.
    StaffId, 64,
    /// `store-terminal-number`, gapless within a terminal.
    ReceiptNumber, 80,
    /// A price list.
    PriceListCode, 64,
}

uuid_ids! {
    /// A member's points set aside for one order, so that no other till spends them meanwhile.
    PointsHoldId,
}

text_ids! {
    /// A level of members.
    LevelCode, 32,
}

impl ReceiptNumber {
    /// The `number`th receipt of terminal `terminal` of store `store`: `S1-2-000123`.
    pub fn compose(store: &StoreCode, terminal: u32, number: u64) -> Self {
        Self(format!("{store}-{terminal}-{number:06}"))
    }
}

#[cfg(test)]
mod tests;

//! Members: who they are, what they agreed to, and what a journal says of them, which is their id and never who they are.

mod code;
mod phone;
mod points;
mod rules;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{LevelCode, MemberId};

pub use code::{MemberCode, NotAMemberCode};
pub use phone::{NotAPhoneNumber, PhoneNumber};
pub use points::{EntryRef, Movement, MovementKind, Points, PointsEvent, PointsFact, RefundPart, SoldLine, rolling_spend};
pub use rules::{LevelRule, LoyaltyRules, SpendRefused};

/// What a member told about themselves: personal data, which lies encrypted under a key of the member's own and is gone when
/// that key is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Profile {
    /// How they want to be called.
    pub name: String,
    /// Their phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<PhoneNumber>,
    /// Their birthday.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthday: Option<Date>,
    /// Their e-mail address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// What the shop wrote down about them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
}

/// What a till needs to greet a member without the hub: little, and encrypted like the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Greeting {
    /// How they want to be called.
    pub name: String,
    /// Their phone number with its middle hidden; empty where there is none.
    pub phone: String,
}

impl Profile {
    /// The part of it that tills keep.
    pub fn greeting(&self) -> Greeting {
        Greeting { name: self.name.clone(), phone: self.phone.as_ref().map(PhoneNumber::masked).unwrap_or_default() }
    }
}

/// A member as the hub tells the tills of the stores that have met them. Whoever holds only this text knows neither name nor
/// number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberCard {
    /// The member.
    pub id: MemberId,
    /// What their card or phone shows as a code.
    pub code: MemberCode,
    /// Keyed hash of their phone number, hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Keyed hash of its last four digits, hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tail: Option<String>,
    /// The member's key, wrapped for this store's tills, base64.
    pub key: String,
    /// Their [`Greeting`], sealed under that key, base64.
    pub greeting: String,
    /// Their level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<LevelCode>,
    /// Their points.
    pub points: i64,
    /// When level and points were worked out.
    pub as_of: Timestamp,
}

/// What a member may agree to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentPurpose {
    /// That their data is kept at all, for points and history.
    Membership,
    /// To be sent offers.
    Marketing,
}

/// A member was taken in. Who it is stands in no journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberJoined {
    /// The member.
    pub member: MemberId,
}

/// A member agreed, or no longer does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentRecorded {
    /// The member.
    pub member: MemberId,
    /// To what.
    pub purpose: ConsentPurpose,
    /// True: agreed.
    pub given: bool,
    /// Which version of the text was read to them or shown.
    pub text: String,
}

/// Why somebody looked at a member's personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeenFor {
    /// To put them on an order.
    Sale,
    /// To help them: history, consents, changes.
    Service,
    /// To hand their data out to them.
    Export,
    /// To erase it.
    Erasure,
}

/// Somebody looked at the personal data of members that the till itself keeps. Looks at the hub's are logged there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberSeen {
    /// The members.
    pub members: Vec<MemberId>,
    /// Why.
    pub why: SeenFor,
}

/// Why points were given or taken by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdjustReason {
    /// To make up for something.
    Goodwill,
    /// To set right what was wrong.
    Correction,
}

/// Points were given or taken by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointsAdjusted {
    /// The member.
    pub member: MemberId,
    /// How many; below zero: taken.
    pub points: i64,
    /// Why.
    pub reason: AdjustReason,
    /// From when on points given are no longer worth anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// Why a member's data was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErasureReason {
    /// They asked for it.
    Asked,
    /// They were taken in twice.
    Duplicate,
    /// They have not been here for long.
    Inactive,
}

/// The personal data of a member was erased: their key is gone. Their orders and points stay, as nobody's in particular.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberErased {
    /// The member.
    pub member: MemberId,
    /// Why; a word from a list, for free text may name people.
    pub reason: ErasureReason,
}

#[cfg(test)]
mod tests;

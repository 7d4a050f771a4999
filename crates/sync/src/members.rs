//! Questions about members, asked by a till while somebody waits: signed POSTs below `/v1/members`. Each names the member of
//! the staff who asks; the hub checks that person's role again and writes down who looked at whose data, and why.
//!
//! | request | answer |
//! | --- | --- |
//! | `keys` [`AskKeys`] | [`StoreKeys`] |
//! | `find` [`FindMembers`] | [`FoundMembers`] |
//! | `keep` [`KeepMember`] | [`KeptMember`] |
//! | `view` [`ViewMember`] | [`Viewed`] |
//! | `erase` [`EraseMember`] | [`Erased`] |
//! | `hold` [`HoldPoints`] | [`PointsHeld`] |
//! | `release` [`ReleasePoints`] | [`PointsReleased`] |
//!
//! All but `release` may be repeated with the same result, and `release` of what is gone does nothing.

use domain::member::{ConsentPurpose, ErasureReason, MemberCard, Profile, SeenFor};
use domain::{MemberId, Money, OrderId, PointsHoldId, ReceiptNumber, StaffId, StoreCode, StoreId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a member's own key is bound to where the hub's master key wraps it.
pub fn about_key(member: MemberId) -> String {
    format!("tb-env-1|member.key|row={member}")
}

/// What a member's own key is bound to where it is wrapped for a store's tills.
pub fn about_store_key(member: MemberId, store: StoreId) -> String {
    format!("tb-env-1|member.key|row={member}|store={store}")
}

/// What a profile is bound to.
pub fn about_profile(member: MemberId) -> String {
    format!("tb-env-1|member.profile|row={member}")
}

/// What a greeting is bound to.
pub fn about_greeting(member: MemberId) -> String {
    format!("tb-env-1|member.greeting|row={member}")
}

/// What is hashed to find a number by its last four digits.
pub fn tail_text(tail: &str) -> String {
    format!("tail {tail}")
}

/// A till asks for the keys that its store's cards are under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskKeys {}

/// The keys of a store, base64url. A till keeps them under a key of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreKeys {
    /// Wraps the keys of the members whom the store has met.
    pub members: String,
    /// Hashes phone numbers.
    pub lookup: String,
}

/// Looks for members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindMembers {
    /// Who asks.
    pub staff: StaffId,
    /// A code, a phone number, its last four digits, or a part of a name.
    pub text: String,
    /// Why.
    pub why: SeenFor,
}

/// Members that were found; the asking store has met them from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundMembers {
    /// The members, at most twenty.
    pub members: Vec<MemberCard>,
}

/// Takes a member in, or changes what they told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeepMember {
    /// Who asks.
    pub staff: StaffId,
    /// The member; a new one is named by the till.
    pub member: MemberId,
    /// All that is to be known of them from now on.
    pub profile: Profile,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptMember {
    /// The member; the one whom the number belongs to where it was taken; none when they were erased.
    pub card: Option<MemberCard>,
    /// True: the phone number belongs to another member, and nothing was changed.
    pub number_taken: bool,
    /// True: a member who was not known before.
    pub new: bool,
}

/// Asks for all that is known of a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewMember {
    /// Who asks.
    pub staff: StaffId,
    /// The member.
    pub member: MemberId,
    /// Why.
    pub why: SeenFor,
}

/// All that is known of a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewed {
    /// None when there is no such member, or they were erased.
    pub file: Option<MemberFile>,
}

/// All that is known of a member; also what is handed out to them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberFile {
    /// Their card at the asking store.
    pub card: MemberCard,
    /// What they told.
    pub profile: Profile,
    /// When they were taken in.
    pub joined_at: Timestamp,
    /// Where.
    pub home: StoreCode,
    /// What they agreed to and when, oldest first.
    pub consents: Vec<ConsentLine>,
    /// Their points.
    pub points: i64,
    /// Points that expire next, and when.
    pub expiring: Option<(u64, Timestamp)>,
    /// What was spent within the months that make the level, in the store's currency.
    pub spend: Money,
    /// Points that came and went, newest first.
    pub movements: Vec<MovementLine>,
    /// What they bought and gave back, newest first.
    pub orders: Vec<MemberOrder>,
    /// Who looked at their data, newest first.
    pub access: Vec<AccessLine>,
}

/// A consent, or its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentLine {
    /// To what.
    pub purpose: ConsentPurpose,
    /// True: agreed.
    pub given: bool,
    /// Which version of the text.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

/// Points that came or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovementLine {
    /// When.
    pub at: Timestamp,
    /// `earned`, `spent`, `expired`, `taken_back`, `given_back` or `adjusted`.
    pub kind: String,
    /// How many; below zero: went.
    pub points: i64,
    /// The receipt that says so, where there is one.
    pub receipt: Option<ReceiptNumber>,
}

/// An order of a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberOrder {
    /// Its id.
    pub order: OrderId,
    /// Its number.
    pub receipt: ReceiptNumber,
    /// `sale` or `refund`.
    pub kind: String,
    /// When.
    pub at: Timestamp,
    /// What it came to.
    pub total: Money,
    /// What was in it, by name on that day: quantity and name.
    pub goods: Vec<(String, domain::Name)>,
}

/// A look at a member's data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessLine {
    /// When.
    pub at: Timestamp,
    /// Who: a member of the staff, or `operator` at the hub itself.
    pub staff: String,
    /// Why.
    pub why: SeenFor,
}

/// Erases a member's personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EraseMember {
    /// Who asks.
    pub staff: StaffId,
    /// The member.
    pub member: MemberId,
    /// Why.
    pub reason: ErasureReason,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// False: there was nothing to erase.
    pub erased: bool,
}

/// Sets points aside for an order, or changes how many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldPoints {
    /// Who asks.
    pub staff: StaffId,
    /// The member.
    pub member: MemberId,
    /// What is set aside, named by the till.
    pub hold: PointsHoldId,
    /// How many.
    pub points: u64,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointsHeld {
    /// False: nothing is set aside under this name.
    pub held: bool,
    /// What there is to spend, what other orders hold taken off.
    pub available: i64,
}

/// Lets go what was set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleasePoints {
    /// What.
    pub hold: PointsHoldId,
}

/// It is let go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointsReleased {}

//! Members: on the order, in a search, and all that is known of one.

use domain::member::{ConsentPurpose, SeenFor};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{MoneyView, NameView};

views! {
    /// A member as a till knows them.
    pub struct MemberView {
        /// Their id.
        id: String,
        /// What their card shows as a code.
        code: String,
        /// How they want to be called; empty where the till cannot read it yet.
        name: String,
        /// Their phone number with its middle hidden, may be empty.
        phone: String,
        /// Their level.
        level: Option<NameView>,
        /// Their points.
        points: i32,
        /// When level and points were worked out, in the store's time.
        as_of: String,
    }

    /// Members that were found.
    pub struct MemberPage {
        /// The members.
        members: Vec<MemberView>,
        /// True: the hub did not answer; only members whom this store has met were looked through, and not by name.
        offline: bool,
    }

    /// The member that an order is for.
    pub struct MemberOnCartView {
        /// The member.
        member: MemberView,
        /// Points spent on this order.
        spent: u32,
        /// What they take off.
        worth: Option<MoneyView>,
        /// Points that the order earns as it stands.
        earns: u32,
        /// The most points that could be spent on it; 0 where it takes none.
        most: u32,
    }

    /// What a member tells about themselves.
    pub struct MemberProfileView {
        /// How they want to be called.
        name: String,
        /// Their phone number as typed.
        phone: String,
        /// `1990-05-17`, may be empty.
        birthday: String,
        /// Their e-mail address, may be empty.
        email: String,
        /// What the shop wrote down, may be empty.
        notes: String,
    }

    /// A member who was taken in.
    pub struct MemberCreatedView {
        /// The member; with `number_taken` the one whom the phone number belongs to.
        member: MemberView,
        /// True: the phone number belongs to a member already, and nobody was taken in.
        number_taken: bool,
    }

    /// A consent, or its end.
    pub struct ConsentView {
        /// To what.
        #[ts(type = "'membership' | 'marketing'")]
        purpose: ConsentPurpose,
        /// True: agreed.
        given: bool,
        /// Which version of the text.
        text: String,
        /// When, in the store's time.
        at: String,
    }

    /// Points that came or went.
    pub struct PointsMovementView {
        /// When, in the store's time.
        at: String,
        /// Why.
        #[ts(type = "'earned' | 'spent' | 'expired' | 'taken_back' | 'given_back' | 'adjusted'")]
        kind: String,
        /// How many, with its sign: `+12`.
        points: String,
        /// The receipt that says so, may be empty.
        receipt: String,
    }

    /// An order of a member, wherever it was made.
    pub struct MemberOrderView {
        /// Its number.
        receipt: String,
        /// `sale` or `refund`.
        kind: String,
        /// When, in the store's time.
        at: String,
        /// What it came to.
        total: MoneyView,
        /// What was in it: quantity and name of each line.
        goods: Vec<MemberGoodsView>,
    }

    /// A line of an order of a member.
    pub struct MemberGoodsView {
        /// How much.
        quantity: String,
        /// Of what.
        name: NameView,
    }

    /// A look at a member's data.
    pub struct AccessView {
        /// When, in the store's time.
        at: String,
        /// Who.
        staff: String,
        /// Why.
        #[ts(type = "'sale' | 'service' | 'export' | 'erasure'")]
        why: SeenFor,
    }

    /// All that is known of a member.
    pub struct MemberFileView {
        /// The member.
        member: MemberView,
        /// What they told.
        profile: MemberProfileView,
        /// When they were taken in, in the store's time.
        joined_at: String,
        /// The code of the store where that was.
        home: String,
        /// What they agree to now, one a purpose.
        consents: Vec<ConsentView>,
        /// How many points expire next; empty where none do.
        expiring: String,
        /// When, in the store's time.
        expiring_at: String,
        /// What was spent within the months that make the level.
        spend: MoneyView,
        /// Points that came and went, newest first.
        movements: Vec<PointsMovementView>,
        /// What they bought and gave back, newest first.
        orders: Vec<MemberOrderView>,
        /// Who looked at their data, newest first.
        access: Vec<AccessView>,
    }

    /// A member's data to be handed out.
    pub struct MemberExportView {
        /// A name for the file.
        file: String,
        /// Its content: JSON.
        text: String,
    }
}

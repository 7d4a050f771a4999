//! Taking members in and serving them: their file, what they told, what they agree to, their points, and what they may ask for:
//! their data handed out or erased. All of it at the hub; a till without one refuses, for it cannot know whether somebody is a
//! member already.

use domain::event::Event;
use domain::member::{
    AdjustReason, ConsentPurpose, ConsentRecorded, ErasureReason, MemberErased, MemberJoined, PointsAdjusted, Profile, SeenFor,
};
use domain::{MemberCode, MemberId, Permission, PhoneNumber};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use sync::members::{ConsentLine, EraseMember, Erased, KeepMember, KeptMember, MemberFile, ViewMember, Viewed};

use super::{needs_hub, unknown_member};
use crate::api::{
    AccessView, ConsentView, MemberCreatedView, MemberExportView, MemberFileView, MemberGoodsView, MemberOrderView,
    MemberProfileView, NameView, PointsMovementView, Problem, ProblemCode,
};
use crate::present;
use crate::sessions::Session;
use crate::terminal::Terminal;

/// The version of the texts that members agree to (`members.consent.*` of the user interface).
const CONSENT_TEXT: &str = "2026-11";

impl Terminal {
    /// All that is known of a member.
    pub(crate) fn open_member_file(&self, session: &str, member: &str) -> Result<MemberFileView, Problem> {
        let id = member_id(member)?;
        self.in_session(session, Permission::ServeMembers, |session| {
            let file = self.ask_file(session, id, SeenFor::Service)?;
            self.file_view(&file)
        })
    }

    /// Takes a member in. Without their consent to it nobody is.
    pub(crate) fn take_member_in(
        &self,
        session: &str,
        profile: &MemberProfileView,
        consents: &[String],
    ) -> Result<MemberCreatedView, Problem> {
        let profile = read_profile(profile)?;
        let consents = consents.iter().map(|word| word_of(word)).collect::<Result<Vec<ConsentPurpose>, _>>()?;
        if !consents.contains(&ConsentPurpose::Membership) {
            return Err(Problem::new(ProblemCode::ConsentMissing, "nobody becomes a member without agreeing to it"));
        }
        self.in_session(session, Permission::ServeMembers, |session| {
            self.card_keys()?;
            let member = MemberId::generate();
            let question = KeepMember { staff: session.staff.id.clone(), member, profile };
            let kept: KeptMember = self.ask_hub("/v1/members/keep", &question).map_err(needs_hub)?;
            let card = kept.card.ok_or_else(unknown_member)?;
            self.store.keep_member(&card)?;
            if kept.new {
                let now = self.clock.now();
                self.record(Event::MemberJoined(MemberJoined { member }), Some(&session.staff.id), now)?;
                for purpose in consents {
                    self.record_consent_of(session, member, purpose, true, now)?;
                }
            }
            Ok(MemberCreatedView { member: self.member_view(&card)?, number_taken: kept.number_taken })
        })
    }

    /// Changes what a member told.
    pub(crate) fn change_member_profile(
        &self,
        session: &str,
        member: &str,
        profile: &MemberProfileView,
    ) -> Result<MemberFileView, Problem> {
        let (id, profile) = (member_id(member)?, read_profile(profile)?);
        self.in_session(session, Permission::ServeMembers, |session| {
            let question = KeepMember { staff: session.staff.id.clone(), member: id, profile };
            let kept: KeptMember = self.ask_hub("/v1/members/keep", &question).map_err(needs_hub)?;
            if kept.number_taken {
                return Err(Problem::new(ProblemCode::NumberTaken, "this phone number belongs to another member"));
            }
            self.store.keep_member(&kept.card.ok_or_else(unknown_member)?)?;
            let file = self.ask_file(session, id, SeenFor::Service)?;
            self.file_view(&file)
        })
    }

    /// Records that a member agrees to something, or no longer does; also with the network down.
    pub(crate) fn record_member_consent(
        &self,
        session: &str,
        member: &str,
        purpose: &str,
        given: bool,
    ) -> Result<MemberFileView, Problem> {
        let (id, purpose) = (member_id(member)?, word_of(purpose)?);
        self.in_session(session, Permission::ServeMembers, |session| {
            let mut file = self.ask_file(session, id, SeenFor::Service)?;
            let at = self.clock.now();
            self.record_consent_of(session, id, purpose, given, at)?;
            // The hub reads it from the journal in a moment.
            file.consents.push(ConsentLine { purpose, given, text: CONSENT_TEXT.to_owned(), at });
            self.file_view(&file)
        })
    }

    /// Gives or takes points by hand.
    pub(crate) fn correct_points(
        &self,
        session: &str,
        member: &str,
        points: &str,
        reason: &str,
    ) -> Result<MemberFileView, Problem> {
        let (id, reason): (MemberId, AdjustReason) = (member_id(member)?, word_of(reason)?);
        let typed = points.trim().replace(['−', '－'], "-").replace('＋', "+");
        let wrong =
            || Problem::new(ProblemCode::NotAQuantity, format!("'{points}' is not a number of points")).with("text", points);
        let points: i32 = typed.parse().map_err(|_| wrong())?;
        if points == 0 {
            return Err(wrong());
        }
        self.in_session(session, Permission::ManageMembers, |session| {
            let mut file = self.ask_file(session, id, SeenFor::Service)?;
            let at = self.clock.now();
            let rules = self.store.loyalty()?;
            let expires_at = rules.filter(|_| points > 0).and_then(|rules| rules.expiry(at, &self.shop().zone()));
            let adjusted = PointsAdjusted { member: id, points: i64::from(points), reason, expires_at };
            self.record(Event::PointsAdjusted(adjusted), Some(&session.staff.id), at)?;
            // The hub reads it from the journal in a moment.
            let line = sync::members::MovementLine { at, kind: "adjusted".to_owned(), points: i64::from(points), receipt: None };
            file.movements.insert(0, line);
            file.points = file.points.saturating_add(i64::from(points));
            file.card.points = file.points;
            self.store.keep_member(&file.card)?;
            self.file_view(&file)
        })
    }

    /// A member's data as a file to be handed out to them.
    pub(crate) fn hand_out_member_data(&self, session: &str, member: &str) -> Result<MemberExportView, Problem> {
        let id = member_id(member)?;
        self.in_session(session, Permission::ManageMembers, |session| {
            let file = self.ask_file(session, id, SeenFor::Export)?;
            let text =
                serde_json::to_string_pretty(&file).map_err(|error| Problem::new(ProblemCode::Internal, error.to_string()))?;
            Ok(MemberExportView { file: format!("member-{}.json", file.card.code), text })
        })
    }

    /// Erases a member at the hub and here. `confirm` must be the member's code, typed.
    pub(crate) fn erase_member_data(&self, session: &str, member: &str, confirm: &str, reason: &str) -> Result<(), Problem> {
        let (id, reason): (MemberId, ErasureReason) = (member_id(member)?, word_of(reason)?);
        self.in_session(session, Permission::ManageMembers, |session| {
            let card = self.store.member(id)?.ok_or_else(unknown_member)?;
            if MemberCode::parse(confirm).ok().as_ref() != Some(&card.code) {
                let detail = "the code that was typed is not the member's: nothing was erased";
                return Err(Problem::new(ProblemCode::NotConfirmed, detail));
            }
            let question = EraseMember { staff: session.staff.id.clone(), member: id, reason };
            let Erased { erased } = self.ask_hub("/v1/members/erase", &question).map_err(needs_hub)?;
            self.store.forget_member(id)?;
            if session.order.member.as_ref().is_some_and(|member| member.id == id) && session.order.ringing().is_ok() {
                self.detach(session)?;
                self.keep_draft(session);
            }
            if erased {
                let event = Event::MemberErased(MemberErased { member: id, reason });
                self.record(event, Some(&session.staff.id), self.clock.now())?;
            }
            Ok(())
        })
    }

    fn record_consent_of(
        &self,
        session: &Session,
        member: MemberId,
        purpose: ConsentPurpose,
        given: bool,
        at: Timestamp,
    ) -> Result<(), Problem> {
        let consent = ConsentRecorded { member, purpose, given, text: CONSENT_TEXT.to_owned() };
        self.record(Event::ConsentRecorded(consent), Some(&session.staff.id), at)?;
        Ok(())
    }

    fn ask_file(&self, session: &Session, member: MemberId, why: SeenFor) -> Result<MemberFile, Problem> {
        let question = ViewMember { staff: session.staff.id.clone(), member, why };
        let Viewed { file } = self.ask_hub("/v1/members/view", &question).map_err(needs_hub)?;
        let Some(file) = file else {
            self.store.forget_member(member)?;
            return Err(unknown_member());
        };
        self.store.keep_member(&file.card)?;
        self.card_keys()?;
        Ok(file)
    }

    fn file_view(&self, file: &MemberFile) -> Result<MemberFileView, Problem> {
        let shop = self.shop();
        let moment = |at| present::moment(at, &shop);
        let latest = |purpose| file.consents.iter().rev().find(|consent| consent.purpose == purpose);
        let consents = [ConsentPurpose::Membership, ConsentPurpose::Marketing].map(latest).into_iter().flatten();
        Ok(MemberFileView {
            member: self.member_view(&file.card)?,
            profile: profile_view(&file.profile),
            joined_at: moment(file.joined_at),
            home: file.home.to_string(),
            consents: consents
                .map(|consent| ConsentView {
                    purpose: consent.purpose,
                    given: consent.given,
                    text: consent.text.clone(),
                    at: moment(consent.at),
                })
                .collect(),
            expiring: file.expiring.map(|(points, _)| points.to_string()).unwrap_or_default(),
            expiring_at: file.expiring.map(|(_, at)| moment(at)).unwrap_or_default(),
            spend: present::money(file.spend),
            movements: file
                .movements
                .iter()
                .map(|line| PointsMovementView {
                    at: moment(line.at),
                    kind: line.kind.clone(),
                    points: format!("{:+}", line.points),
                    receipt: line.receipt.as_ref().map(ToString::to_string).unwrap_or_default(),
                })
                .collect(),
            orders: file
                .orders
                .iter()
                .map(|order| MemberOrderView {
                    receipt: order.receipt.to_string(),
                    kind: order.kind.clone(),
                    at: moment(order.at),
                    total: present::money(order.total),
                    goods: order
                        .goods
                        .iter()
                        .map(|(quantity, name)| MemberGoodsView { quantity: quantity.clone(), name: NameView::from(name) })
                        .collect(),
                })
                .collect(),
            access: file
                .access
                .iter()
                .map(|line| AccessView { at: moment(line.at), staff: line.staff.clone(), why: line.why })
                .collect(),
        })
    }
}

fn member_id(text: &str) -> Result<MemberId, Problem> {
    text.parse().map_err(|_| unknown_member())
}

/// A word from a list, as user interfaces send it.
fn word_of<T: DeserializeOwned>(word: &str) -> Result<T, Problem> {
    serde_json::from_value(serde_json::Value::String(word.to_owned()))
        .map_err(|error| Problem::new(ProblemCode::BadRequest, error.to_string()))
}

fn read_profile(view: &MemberProfileView) -> Result<Profile, Problem> {
    let phone = match view.phone.trim() {
        "" => None,
        typed => Some(
            PhoneNumber::parse(typed)
                .map_err(|error| Problem::new(ProblemCode::NotAPhoneNumber, error.to_string()).with("text", typed))?,
        ),
    };
    let birthday = match view.birthday.trim() {
        "" => None,
        typed => Some(
            typed
                .parse()
                .map_err(|_| Problem::new(ProblemCode::NotADate, "a birthday is written as 1990-05-17").with("text", typed))?,
        ),
    };
    if phone.is_none() && view.name.trim().is_empty() {
        return Err(Problem::new(ProblemCode::MemberUnnamed, "a member needs a name or a phone number"));
    }
    let text = |text: &str| text.trim().to_owned();
    Ok(Profile { name: text(&view.name), phone, birthday, email: text(&view.email), notes: text(&view.notes) })
}

fn profile_view(profile: &Profile) -> MemberProfileView {
    MemberProfileView {
        name: profile.name.clone(),
        phone: profile.phone.as_ref().map(ToString::to_string).unwrap_or_default(),
        birthday: profile.birthday.map(|day| day.to_string()).unwrap_or_default(),
        email: profile.email.clone(),
        notes: profile.notes.clone(),
    }
}

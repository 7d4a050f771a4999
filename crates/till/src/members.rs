//! Members at the counter: found, put on an order, shown. What a till keeps of them it reads with keys that lie with its own
//! private keys; everything else is asked of the hub, and without it said plainly.

mod cards;
mod points;
mod service;

use domain::member::{MemberCard, MemberSeen, SeenFor};
use domain::{Event, LevelCode, MemberCode, MemberId, OrderPoints, Permission, PhoneNumber, PointsHoldId, PricedCart};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sync::members::{FindMembers, FoundMembers, tail_text};

use crate::api::{CartView, MemberOnCartView, MemberPage, MemberView, NameView, Problem, ProblemCode};
use crate::present;
use crate::sessions::{OpenOrder, Session};
use crate::terminal::Terminal;

/// The member that an order is for: in its draft by id alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OnOrder {
    pub(crate) id: MemberId,
    /// Points set aside at the hub for this order; what they are worth is in the cart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) spending: Option<Spending>,
}

/// Points set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Spending {
    pub(crate) hold: PointsHoldId,
    pub(crate) points: u64,
}

impl Terminal {
    /// Members by code, phone number, its last four digits, or with the hub by name.
    pub(crate) fn look_for_members(&self, session: &str, text: &str) -> Result<MemberPage, Problem> {
        self.in_session(session, Permission::ServeMembers, |session| {
            let (cards, offline) = self.find_cards(session, text, SeenFor::Service)?;
            let members = cards.iter().map(|card| self.member_view(card)).collect::<Result<_, _>>()?;
            Ok(MemberPage { members, offline })
        })
    }

    /// Puts a member on the order; the one before goes, and with them the points set aside for it.
    pub(crate) fn put_member_on_order(&self, session: &str, member: &str) -> Result<CartView, Problem> {
        self.in_session(session, Permission::ServeMembers, |session| {
            session.order.ringing()?;
            let id: MemberId = member.parse().map_err(|_| unknown_member())?;
            let card = self.store.member(id)?.ok_or_else(unknown_member)?;
            self.attach(session, &card)
        })
    }

    /// Puts the member with a scanned code on the order.
    pub(crate) fn put_scanned_member_on_order(&self, session: &str, code: &str) -> Result<CartView, Problem> {
        self.in_session(session, Permission::ServeMembers, |session| {
            session.order.ringing()?;
            let (cards, _) = self.find_cards(session, code, SeenFor::Sale)?;
            let card = cards.first().ok_or_else(unknown_member)?;
            self.attach(session, card)
        })
    }

    /// Takes the member off the order.
    pub(crate) fn take_member_off_order(&self, session: &str) -> Result<CartView, Problem> {
        self.in_session(session, Permission::ServeMembers, |session| {
            session.order.ringing()?;
            self.detach(session)?;
            self.keep_draft(session);
            self.cart_view(&session.order)
        })
    }

    fn attach(&self, session: &mut Session, card: &MemberCard) -> Result<CartView, Problem> {
        if session.order.member.as_ref().is_none_or(|member| member.id != card.id) {
            self.detach(session)?;
            session.order.begin_again();
            session.order.member = Some(OnOrder { id: card.id, spending: None });
            self.keep_draft(session);
        }
        self.cart_view(&session.order)
    }

    /// Takes the member, and what their points take off, out of the order.
    fn detach(&self, session: &mut Session) -> Result<(), Problem> {
        session.order.cart.pay_with_points(None)?;
        if let Some(OnOrder { spending: Some(spending), .. }) = session.order.member.take() {
            self.let_go(spending.hold);
        }
        Ok(())
    }

    /// The cards that fit what was typed or scanned, and whether the hub was away. A look at what this till keeps is recorded;
    /// the hub writes down its own answers.
    fn find_cards(&self, session: &Session, text: &str, why: SeenFor) -> Result<(Vec<MemberCard>, bool), Problem> {
        let text = text.trim();
        if text.is_empty() {
            return Ok((Vec::new(), false));
        }
        if MemberCode::looks_like(text) && MemberCode::parse(text).is_err() {
            return Err(Problem::new(ProblemCode::MemberCodeMisread, "this member's code was misread: scan it again"));
        }
        self.card_keys()?;
        let tail = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        let kept = self.kept_cards(text)?;
        if !kept.is_empty() && !tail {
            return self.seen(session, kept, why).map(|kept| (kept, false));
        }
        let question = FindMembers { staff: session.staff.id.clone(), text: text.to_owned(), why };
        match self.ask_hub::<FoundMembers>("/v1/members/find", &question) {
            Ok(found) => {
                for card in &found.members {
                    self.store.keep_member(card)?;
                }
                Ok((found.members, false))
            }
            Err(problem) if is_away(&problem) => self.seen(session, kept, why).map(|kept| (kept, true)),
            Err(problem) => Err(problem),
        }
    }

    /// What this till keeps of members with this code or number.
    fn kept_cards(&self, text: &str) -> Result<Vec<MemberCard>, Problem> {
        if let Ok(code) = MemberCode::parse(text) {
            return Ok(self.store.member_by_code(&code)?.into_iter().collect());
        }
        let Some(keys) = self.card_keys()? else { return Ok(Vec::new()) };
        if text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(self.store.members_by_tail(&keys.lookup.hash(&tail_text(text)))?);
        }
        match PhoneNumber::parse(text) {
            Ok(phone) => Ok(self.store.members_by_phone(&keys.lookup.hash(phone.as_str()))?),
            Err(_) => Ok(Vec::new()),
        }
    }

    fn seen(&self, session: &Session, cards: Vec<MemberCard>, why: SeenFor) -> Result<Vec<MemberCard>, Problem> {
        if !cards.is_empty() {
            let seen = MemberSeen { members: cards.iter().map(|card| card.id).collect(), why };
            self.record(Event::MemberSeen(seen), Some(&session.staff.id), self.clock.now())?;
        }
        Ok(cards)
    }

    /// A member as screens show them.
    pub(crate) fn member_view(&self, card: &MemberCard) -> Result<MemberView, Problem> {
        let rules = self.store.loyalty()?;
        let level = rules.as_ref().and_then(|rules| rules.level(card.level.as_ref())).map(|level| NameView::from(&level.name));
        let (name, phone) = self.greeting(card).map(|greeting| (greeting.name, greeting.phone)).unwrap_or_default();
        Ok(MemberView {
            id: card.id.to_string(),
            code: card.code.to_string(),
            name,
            phone,
            level,
            points: i32::try_from(card.points).unwrap_or(if card.points < 0 { i32::MIN } else { i32::MAX }),
            as_of: present::moment(card.as_of, &self.shop()),
        })
    }

    /// The level of the member that an order is for, for prices and promotions.
    #[allow(dead_code, reason = "read by the prices of levels")]
    pub(crate) fn level_of(&self, order: &OpenOrder) -> Option<LevelCode> {
        let member = order.member.as_ref()?;
        self.store.member(member.id).ok()??.level
    }

    /// The member of an order with what it earns and spends. A member who was erased meanwhile is no longer on it.
    pub(crate) fn member_on_cart(&self, order: &OpenOrder, priced: &PricedCart) -> Option<MemberOnCartView> {
        let member = order.member.as_ref()?;
        let looked_up = self.store.member(member.id).map_err(Problem::from).and_then(|card| {
            let card = card.map(|card| self.member_view(&card).map(|view| (card, view))).transpose()?;
            Ok((card, self.store.loyalty()?))
        });
        let (card, rules) = looked_up.inspect_err(|error| tracing::warn!(%error, "a member cannot be shown")).ok()?;
        let (card, view) = card?;
        let spent = member.spending.map_or(0, |spending| spending.points);
        let small = |points: u64| u32::try_from(points).unwrap_or(u32::MAX);
        let most = rules.as_ref().map_or(0, |rules| {
            let before = order.cart.points().and_then(|worth| priced.total.plus(worth).ok()).unwrap_or(priced.total);
            let most = rules.most_for(before).min(u64::try_from(card.points).unwrap_or(0));
            if most < rules.minimum_spend.max(1) { 0 } else { most }
        });
        Some(MemberOnCartView {
            member: view,
            spent: small(spent),
            worth: order.cart.points().map(present::money),
            earns: small(rules.map_or(0, |rules| rules.earned(priced.total, card.level.as_ref()))),
            most: small(most),
        })
    }

    /// What a sale at `at` does to its member's points. Rules that cannot be read stand in no sale's way: it earns nothing then.
    pub(crate) fn points_of_sale(&self, member: &OnOrder, priced: &PricedCart, at: Timestamp) -> Option<OrderPoints> {
        let unreadable = |error: &store::StoreError| tracing::warn!(%error, "a sale earns no points");
        let rules = self.store.loyalty().inspect_err(unreadable).ok().flatten();
        if rules.is_none() && member.spending.is_none() {
            return None;
        }
        let level = self.store.member(member.id).inspect_err(unreadable).ok().flatten().and_then(|card| card.level);
        Some(OrderPoints {
            earned: rules.as_ref().map_or(0, |rules| rules.earned(priced.total, level.as_ref())),
            spent: member.spending.map_or(0, |spending| spending.points),
            hold: member.spending.map(|spending| spending.hold),
            expires_at: rules.and_then(|rules| rules.expiry(at, &self.shop().zone())),
        })
    }
}

/// True where the hub cannot be asked now.
fn is_away(problem: &Problem) -> bool {
    matches!(problem.code, ProblemCode::HubUnreachable | ProblemCode::NotEnrolled)
}

/// What cannot be done without the hub.
fn needs_hub(problem: Problem) -> Problem {
    if !is_away(&problem) {
        return problem;
    }
    Problem::new(ProblemCode::MemberNeedsHub, format!("this needs the hub, which does not answer now: {problem}"))
}

fn unknown_member() -> Problem {
    Problem::new(ProblemCode::UnknownMember, "no member is known by this")
}

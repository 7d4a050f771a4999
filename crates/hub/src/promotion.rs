//! Promotions and price lists: kept here for all stores, and put into the feeds of those where they hold.

use domain::promotion::PromotionState;
use domain::{Change, Permission, PriceList, Promotion, PromotionId, Role, Shop, Staff, StaffId, StoreId};
use jiff::Timestamp;
use sync::wire::ProblemKind;

use crate::database::{DatabaseError, Session};
use crate::error::{Failure, HubError, Refused};
use crate::feed;
use crate::hub::Hub;
use crate::store;

/// Only one transaction at a time changes promotions, so that feeds of several stores are locked in one order.
const TURN_OF_PROMOTIONS: i64 = 8_402_017_356;

/// Who changes a promotion: a member of a store's staff, or (none) whoever runs the hub.
pub(crate) type By = Option<(StoreId, StaffId)>;

/// A store with the number that its rows begin with.
struct Place {
    number: i64,
    shop: Shop,
}

impl Hub {
    /// Keeps a promotion as it is now to be and tells the tills. `by` a member of the staff of a store: their role is looked up
    /// here; who is no owner may only change what concerns that store alone.
    pub fn save_promotion(
        &self,
        by: Option<(StoreId, StaffId)>,
        promotion: &Promotion,
        now: Timestamp,
    ) -> Result<Promotion, Refused> {
        let promotion = promotion.clone();
        let saved = self.0.database.write(move |session| save(session, &by, &promotion, now));
        saved.map_err(|failure: Failure| failure.into())
    }

    /// Every promotion that was not thrown away, by id.
    pub fn promotions(&self) -> Result<Vec<Promotion>, HubError> {
        self.0.database.read(|session| {
            session.query("SELECT body FROM promotions WHERE state <> 'removed' ORDER BY id", &[], |row| read(&row.text(0)?))
        })
    }

    /// Ends a promotion at once.
    pub fn end_promotion(&self, id: PromotionId, now: Timestamp) -> Result<Promotion, Refused> {
        let known = self.0.database.read(|session| by_id(session, id))?;
        let known = known.ok_or_else(|| Refused::new(ProblemKind::Malformed, format!("there is no promotion {id}")))?;
        self.save_promotion(None, &Promotion { state: PromotionState::Ended, ..known }, now)
    }

    /// Keeps a price list and tells the tills.
    pub fn save_price_list(&self, list: &PriceList, now: Timestamp) -> Result<(), Refused> {
        let list = list.clone();
        let saved = self.0.database.write(move |session| save_list(session, &list, now));
        saved.map_err(|failure: Failure| failure.into())
    }
}

fn save(session: &mut Session<'_>, by: &By, promotion: &Promotion, now: Timestamp) -> Result<Promotion, Failure> {
    session.take_turn(TURN_OF_PROMOTIONS)?;
    let places = places(session)?;
    let known = by_id(session, promotion.id)?;
    if let Some((store, staff)) = by {
        allow(session, *store, staff, known.as_ref(), promotion)?;
    }
    for place in places.iter().filter(|place| concerns(promotion, &place.shop)) {
        promotion.validate(place.shop.currency).map_err(|error| refuse(error.to_string()))?;
    }
    if let Some(unknown) = promotion.stores.iter().find(|store| !places.iter().any(|place| place.shop.id == **store)) {
        return Err(HubError::UnknownStoreId(*unknown).into());
    }
    may_become(known.as_ref(), promotion)?;
    if let Some(rule) = &promotion.coupon {
        let sql = "SELECT 1 FROM promotions WHERE series = $1 AND id <> $2";
        let values = [rule.series.as_str().into(), promotion.id.uuid().into()];
        if session.query_one(sql, &values, |row| row.int(0))?.is_some() {
            return Err(refuse("another promotion has coupons that begin alike: copy it under a new id").into());
        }
    }
    write(session, promotion, now)?;
    for place in &places {
        let (was, is) = (known.as_ref().is_some_and(|known| concerns(known, &place.shop)), concerns(promotion, &place.shop));
        let state = if is { promotion.state } else { PromotionState::Removed };
        if was || is {
            let change = Change::Promotion(Box::new(Promotion { state, ..promotion.clone() }));
            feed::publish(session, place.number, &[change])?;
        }
    }
    Ok(promotion.clone())
}

/// Ok when that member of the staff may.
fn allow(
    session: &mut Session<'_>,
    store: StoreId,
    staff: &StaffId,
    known: Option<&Promotion>,
    promotion: &Promotion,
) -> Result<(), Failure> {
    let role = staff_of(session, store, staff)?.filter(|staff| staff.active).map(|staff| staff.role);
    let forbidden = |detail: &str| Failure::from(Refused::new(ProblemKind::Forbidden, detail));
    let Some(role) = role.filter(|role| role.allow(Permission::ManagePromotions).is_ok()) else {
        return Err(forbidden("this member of the staff may not change promotions: ask a manager"));
    };
    let own = |promotion: &Promotion| promotion.stores == [store];
    if role < Role::Owner && !(own(promotion) && known.is_none_or(own)) {
        return Err(forbidden("a manager changes the promotions of the own store alone: ask an owner for other stores"));
    }
    Ok(())
}

fn may_become(known: Option<&Promotion>, promotion: &Promotion) -> Result<(), Failure> {
    use PromotionState::{Draft, Ended, Live, Removed};
    let before = known.map_or(Draft, |known| known.state);
    let may = match (before, promotion.state) {
        (Draft, _) | (Live, Live | Ended) | (Removed, Removed) => true,
        (Ended, Ended) => known.is_some_and(|known| known == promotion),
        _ => false,
    };
    if may { Ok(()) } else { Err(refuse("a promotion that is live can only be ended, and one that has ended stays so").into()) }
}

fn write(session: &mut Session<'_>, promotion: &Promotion, now: Timestamp) -> Result<(), HubError> {
    let body = serde_json::to_string(promotion).map_err(|error| DatabaseError::Failed(error.to_string()))?;
    let state = match promotion.state {
        PromotionState::Draft => "draft",
        PromotionState::Live => "live",
        PromotionState::Ended => "ended",
        PromotionState::Removed => "removed",
    };
    session.execute(
        "INSERT INTO promotions (id, state, series, body, changed_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (id) DO UPDATE SET state = excluded.state, series = excluded.series, body = excluded.body, \
         changed_at = excluded.changed_at",
        &[
            promotion.id.uuid().into(),
            state.into(),
            promotion.coupon.as_ref().map(|rule| rule.series.as_str()).into(),
            (&body).into(),
            now.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

fn save_list(session: &mut Session<'_>, list: &PriceList, now: Timestamp) -> Result<(), Failure> {
    session.take_turn(TURN_OF_PROMOTIONS)?;
    let places = places(session)?;
    let holds = |list: &PriceList, shop: &Shop| list.stores.is_empty() || list.stores.contains(&shop.id);
    for place in places.iter().filter(|place| holds(list, &place.shop)) {
        list.validate(place.shop.currency).map_err(|error| refuse(error.to_string()))?;
    }
    let sql = "SELECT body FROM price_lists WHERE code = $1";
    let known = session.query_one(sql, &[list.code.as_str().into()], |row| read_list(&row.text(0)?))?;
    let body = serde_json::to_string(list).map_err(|error| DatabaseError::Failed(error.to_string()))?;
    session.execute(
        "INSERT INTO price_lists (code, body, changed_at) VALUES ($1, $2, $3) \
         ON CONFLICT (code) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at",
        &[list.code.as_str().into(), (&body).into(), now.as_millisecond().into()],
    )?;
    for place in &places {
        let (was, is) = (known.as_ref().is_some_and(|known| holds(known, &place.shop)), holds(list, &place.shop));
        if was || is {
            let change = Change::PriceList(PriceList { active: list.active && is, ..list.clone() });
            feed::publish(session, place.number, &[change])?;
        }
    }
    Ok(())
}

/// Puts what holds in every store into the feed of a new one.
pub(crate) fn tell_new_store(session: &mut Session<'_>, number: i64) -> Result<(), HubError> {
    session.take_turn(TURN_OF_PROMOTIONS)?;
    let sql = "SELECT body FROM promotions WHERE state IN ('draft', 'live') ORDER BY id";
    let promotions = session.query(sql, &[], |row| read(&row.text(0)?))?;
    let lists = session.query("SELECT body FROM price_lists ORDER BY code", &[], |row| read_list(&row.text(0)?))?;
    let everywhere = promotions.into_iter().filter(|promotion| promotion.stores.is_empty());
    let changes: Vec<Change> = everywhere
        .map(|promotion| Change::Promotion(Box::new(promotion)))
        .chain(lists.into_iter().filter(|list| list.active && list.stores.is_empty()).map(Change::PriceList))
        .collect();
    feed::publish(session, number, &changes)?;
    Ok(())
}

/// The promotion `id`.
pub(crate) fn by_id(session: &mut Session<'_>, id: PromotionId) -> Result<Option<Promotion>, HubError> {
    session.query_one("SELECT body FROM promotions WHERE id = $1", &[id.uuid().into()], |row| read(&row.text(0)?))
}

/// A member of a store's staff, as its tills know them.
fn staff_of(session: &mut Session<'_>, store: StoreId, staff: &StaffId) -> Result<Option<Staff>, HubError> {
    let sql = "SELECT f.change FROM feed f JOIN stores s ON s.number = f.store WHERE s.id = $1 AND f.key = $2";
    let key = format!("staff:{staff}");
    let change = session.query_one(sql, &[store.into(), (&key).into()], |row| row.text(0))?;
    let change = change.map(|text| serde_json::from_str(&text)).transpose();
    match change.map_err(|error| HubError::Unreadable { what: "change", detail: error.to_string() })? {
        Some(Change::Staff(staff)) => Ok(Some(staff)),
        _ => Ok(None),
    }
}

/// Every store, by number: the order in which their rows are locked.
fn places(session: &mut Session<'_>) -> Result<Vec<Place>, HubError> {
    session.query("SELECT number, settings FROM stores ORDER BY number", &[], |row| {
        Ok(Place { number: row.int(0)?, shop: store::shop(&row.text(1)?)? })
    })
}

fn concerns(promotion: &Promotion, shop: &Shop) -> bool {
    promotion.stores.is_empty() || promotion.stores.contains(&shop.id)
}

fn refuse(detail: impl Into<String>) -> Refused {
    Refused::new(ProblemKind::Malformed, detail)
}

fn read(body: &str) -> Result<Promotion, HubError> {
    serde_json::from_str(body).map_err(|error| HubError::Unreadable { what: "promotion", detail: error.to_string() })
}

fn read_list(body: &str) -> Result<PriceList, HubError> {
    serde_json::from_str(body).map_err(|error| HubError::Unreadable { what: "price list", detail: error.to_string() })
}

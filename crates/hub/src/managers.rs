//! What managers look at: who they are, how the stores are doing today, and what stands behind a figure.

use std::collections::BTreeMap;

use argon2::Argon2;
use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;
use domain::report::{Dimension, facts};
use domain::{Change, Event, Money, Name, Order, Role, Staff, StaffId, StoreCode};
use jiff::Timestamp;
use jiff::civil::Date;
use journal::Entry;

use crate::database::{DatabaseError, Session};
use crate::error::HubError;
use crate::hub::Hub;
use crate::store;
use crate::terminal::TerminalSummary;

/// Orders of a day that are looked through for those behind a figure.
const MOST_ORDERS: i64 = 20_000;
/// Of a PIN that nobody has: who is not known takes as long to refuse as who mistypes.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$2v0Yd9Xq0mVYHfXk3YbWwqXQW2e6jv1mT3yq0Zz0a3c";

/// Somebody who may look at the managers' pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Manager {
    /// The store that they work in.
    pub(crate) store: StoreCode,
    /// Who.
    pub(crate) id: StaffId,
    /// Their name.
    pub(crate) name: Name,
}

/// A store today.
#[derive(Debug, Clone)]
pub(crate) struct StoreToday {
    pub(crate) code: StoreCode,
    pub(crate) name: Name,
    pub(crate) date: Date,
    pub(crate) net: Money,
    pub(crate) sales: u64,
    pub(crate) refunds: u64,
    pub(crate) average: Option<Money>,
    pub(crate) terminals: Vec<TerminalSummary>,
    pub(crate) incidents: usize,
}

/// An order behind a figure.
#[derive(Debug, Clone)]
pub(crate) struct OrderBehind {
    pub(crate) terminal: i64,
    pub(crate) seq: i64,
    pub(crate) receipt: String,
    pub(crate) refund: bool,
    pub(crate) at: Timestamp,
    pub(crate) amount: Option<Money>,
}

/// An order as its terminal signed it.
pub(crate) struct SignedOrder {
    pub(crate) order: Order,
    pub(crate) refund: bool,
    pub(crate) at: Timestamp,
    pub(crate) staff: Option<StaffId>,
    pub(crate) hash: String,
    /// The terminal's signature holds.
    pub(crate) signed: bool,
}

impl Hub {
    /// The manager or owner who has this PIN in this store; none for anybody else.
    pub(crate) fn manager_by_pin(&self, code: &StoreCode, id: &StaffId, pin: &str) -> Result<Option<Manager>, HubError> {
        let member = self.member(code, id)?;
        let hash = member.as_ref().map_or(NOBODY, |member| member.pin_hash.as_str());
        let right = PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(pin.as_bytes(), &hash).is_ok());
        Ok(member.filter(|_| right).and_then(|member| manager(code, member)))
    }

    /// The manager, if they still are one.
    pub(crate) fn manager(&self, code: &StoreCode, id: &StaffId) -> Result<Option<Manager>, HubError> {
        Ok(self.member(code, id)?.and_then(|member| manager(code, member)))
    }

    fn member(&self, code: &StoreCode, id: &StaffId) -> Result<Option<Staff>, HubError> {
        self.0.database.read(|session| {
            let store = match store::by_code(session, code) {
                Ok(store) => store.number,
                Err(HubError::UnknownStore(_)) => return Ok(None),
                Err(error) => return Err(error),
            };
            let sql = "SELECT change FROM feed WHERE store = $1 AND key = $2";
            let key = format!("staff:{id}");
            let values = [store.into(), (&key).into()];
            let change = session.query_one::<_, DatabaseError>(sql, &values, |row| row.text(0))?;
            Ok(change.and_then(|change| match serde_json::from_str(&change) {
                Ok(Change::Staff(member)) => Some(member),
                _ => None,
            }))
        })
    }

    /// Every store as it is now.
    pub(crate) fn stores_today(&self, now: Timestamp) -> Result<Vec<StoreToday>, HubError> {
        let mut by_store: BTreeMap<StoreCode, Vec<TerminalSummary>> = BTreeMap::new();
        for terminal in self.terminals(None)? {
            by_store.entry(terminal.store.clone()).or_default().push(terminal);
        }
        let mut stores = Vec::new();
        for shop in self.stores()? {
            let date = shop.business_date(now);
            let tally = self.sums(&shop.code, date, date, false)?;
            let total = |dimension| tally.total(dimension, shop.currency);
            let incidents = self.incidents(shop.id).map_or(0, |open| open.incidents.len());
            stores.push(StoreToday {
                net: tally.net(shop.currency)?,
                sales: total(Dimension::Sales)?.count,
                refunds: total(Dimension::Refunds)?.count,
                average: tally.average(shop.currency)?,
                terminals: by_store.remove(&shop.code).unwrap_or_default(),
                incidents,
                date,
                name: shop.name,
                code: shop.code,
            });
        }
        Ok(stores)
    }

    /// The orders of a day behind a figure, newest first; `dimension` `net` means sales and refunds, `key` empty every key.
    pub(crate) fn orders_behind(
        &self,
        code: &StoreCode,
        date: Date,
        dimension: &str,
        key: &str,
    ) -> Result<Vec<OrderBehind>, HubError> {
        self.0.database.read(|session| {
            let store = store::by_code(session, code)?;
            let zone = store.shop.zone();
            let rows = session.query(
                "SELECT o.terminal, o.seq, o.receipt, e.text FROM orders o \
                 JOIN entries e ON e.store = o.store AND e.terminal = o.terminal AND e.seq = o.seq \
                 WHERE o.business_date = $2 AND o.store = $1 ORDER BY o.at DESC LIMIT $3",
                &[store.number.into(), (&date.to_string()).into(), MOST_ORDERS.into()],
                |row| Ok::<_, DatabaseError>((row.int(0)?, row.int(1)?, row.text(2)?, row.text(3)?)),
            )?;
            let mut behind = Vec::new();
            for (terminal, seq, receipt, text) in rows {
                let Ok(entry) = Entry::read(&text) else { continue };
                let hour = u8::try_from(entry.at.to_zoned_datetime(zone.clone()).hour()).unwrap_or(0);
                let mut amount: Option<Money> = None;
                let mut part = false;
                for fact in facts(&entry.event, entry.staff.as_ref(), hour)? {
                    let of = fact.key.dimension;
                    let net = dimension == "net" && matches!(of, Dimension::Sales | Dimension::Refunds);
                    if !(net || of.code() == dimension && (key.is_empty() || fact.key.key == key)) {
                        continue;
                    }
                    part = true;
                    if let Some(adds) = fact.adds.amount {
                        let adds = if net && of == Dimension::Refunds { adds.negated()? } else { adds };
                        amount = Some(amount.unwrap_or(Money::zero(adds.currency())).plus(adds)?);
                    }
                }
                if part {
                    let refund = matches!(entry.event, Event::RefundCompleted(_));
                    behind.push(OrderBehind { terminal, seq, receipt, refund, at: entry.at, amount });
                }
            }
            Ok(behind)
        })
    }

    /// An order as its terminal signed it.
    pub(crate) fn signed_order(&self, code: &StoreCode, terminal: i64, seq: i64) -> Result<Option<SignedOrder>, HubError> {
        let found = self.0.database.read(|session| held(session, code, terminal, seq))?;
        let Some((text, terminal)) = found else { return Ok(None) };
        let Ok(entry) = Entry::read(&text) else { return Ok(None) };
        let known = self.known_terminal(terminal)?;
        let signed = known.is_some_and(|known| journal::verify_signature(&text, &known.journal_key, terminal).is_ok());
        let (order, refund) = match entry.event {
            Event::SaleCompleted(sale) => (sale.order, false),
            Event::RefundCompleted(refund) => (refund.order, true),
            _ => return Ok(None),
        };
        Ok(Some(SignedOrder { order, refund, at: entry.at, staff: entry.staff, hash: entry.hash.to_string(), signed }))
    }
}

fn manager(code: &StoreCode, member: Staff) -> Option<Manager> {
    let may = member.active && member.role >= Role::Manager;
    may.then(|| Manager { store: code.clone(), id: member.id, name: member.name })
}

fn held(
    session: &mut Session<'_>,
    code: &StoreCode,
    terminal: i64,
    seq: i64,
) -> Result<Option<(String, domain::TerminalId)>, HubError> {
    let store = store::by_code(session, code)?.number;
    session.query_one(
        "SELECT e.text, t.id FROM entries e JOIN terminals t ON t.store = e.store AND t.number = e.terminal \
         WHERE e.store = $1 AND e.terminal = $2 AND e.seq = $3",
        &[store.into(), terminal.into(), seq.into()],
        |row| Ok((row.text(0)?, domain::TerminalId::from_uuid(row.uuid(1)?))),
    )
}

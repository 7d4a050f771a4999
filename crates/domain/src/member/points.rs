//! A member's points: what follows from the entries that speak of them. Nothing is added up anywhere else, so an entry that
//! arrives twice counts once, and whoever has the entries has the balance.
//!
//! Points are spent and expire in the order in which they were earned. A refund takes back what the sale earned and gives
//! back what was spent on it, in the proportion of what goes back; each share is the difference of two rounded running
//! shares, so a sale that is given back whole leaves nothing. Points that were spent before their sale was given back are
//! owed: what is earned next pays them first. Points given back live as long as those that their sale earned.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use crate::ids::{OrderId, TerminalId};
use crate::money::Money;
use crate::order::{DiscountKind, Order};

/// An entry of a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryRef {
    /// Whose journal.
    pub terminal: TerminalId,
    /// Its number.
    pub seq: u64,
}

/// What an entry says about points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsEvent {
    /// The entry.
    pub entry: EntryRef,
    /// When it happened.
    pub at: Timestamp,
    /// What it says.
    pub fact: PointsFact,
}

/// A line of a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoldLine {
    /// What was paid for it in money and points, minor units.
    pub value: i64,
    /// Its quantity in thousandths.
    pub milli: i64,
}

/// A part of a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundPart {
    /// So many thousandths of a line of the sale.
    Line {
        /// The line, counted from 0.
        line: u32,
        /// Its quantity.
        milli: i64,
    },
    /// An amount that no line is named for, minor units.
    Amount(i64),
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PointsFact {
    /// A sale to the member.
    Sale {
        /// The order.
        order: OrderId,
        /// What it came to.
        total: Money,
        /// Its lines.
        lines: Vec<SoldLine>,
        /// Points that it earned.
        earned: u64,
        /// Points that were spent on it.
        spent: u64,
        /// When what it earned expires.
        expires_at: Option<Timestamp>,
    },
    /// A refund of a sale to the member.
    Refund {
        /// The sale.
        of: OrderId,
        /// What it came to.
        total: Money,
        /// What went back.
        parts: Vec<RefundPart>,
    },
    /// Points given or taken by hand.
    Adjusted {
        /// How many.
        points: i64,
        /// When they expire.
        expires_at: Option<Timestamp>,
    },
}

impl PointsFact {
    /// What a sale to a member says.
    pub fn of_sale(order: &Order) -> Self {
        let value = |line: &crate::order::OrderLine| {
            let in_points = line.discounts.iter().filter(|discount| discount.kind == DiscountKind::Points);
            in_points.map(|discount| discount.amount.minor()).fold(line.payable.minor(), i64::saturating_add)
        };
        Self::Sale {
            order: order.id,
            total: order.total,
            lines: order.lines.iter().map(|line| SoldLine { value: value(line), milli: line.quantity.milli() }).collect(),
            earned: order.points.map_or(0, |points| points.earned),
            spent: order.points.map_or(0, |points| points.spent),
            expires_at: order.points.and_then(|points| points.expires_at),
        }
    }

    /// What a refund of `of` says.
    pub fn of_refund(of: OrderId, order: &Order) -> Self {
        let part = |line: &crate::order::OrderLine| match line.of_line {
            Some(number) => RefundPart::Line { line: number, milli: line.quantity.milli() },
            None => RefundPart::Amount(line.payable.minor()),
        };
        Self::Refund { of, total: order.total, parts: order.lines.iter().map(part).collect() }
    }
}

/// Why points came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MovementKind {
    /// Earned by a sale.
    Earned,
    /// Spent on a sale.
    Spent,
    /// Too old.
    Expired,
    /// Taken back because their sale was given back.
    TakenBack,
    /// Given back because what they were spent on was given back.
    GivenBack,
    /// By hand.
    Adjusted,
}

/// Points that came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Movement {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub kind: MovementKind,
    /// How many; below zero: went.
    pub points: i64,
    /// The entry that says so; what it was that expired.
    pub entry: EntryRef,
}

/// A member's points at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Points {
    /// Every movement, in order.
    pub movements: Vec<Movement>,
    lots: Vec<Lot>,
    owed: u64,
}

/// Points that came together and are not yet gone.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Lot {
    from: EntryRef,
    sale: Option<OrderId>,
    left: u64,
    expires_at: Option<Timestamp>,
}

struct Sale {
    value: i64,
    lines: Vec<SoldLine>,
    earned: u64,
    spent: u64,
    expires_at: Option<Timestamp>,
    /// Given back so far: thousandths of each line, and amounts without a line.
    returned: Vec<i64>,
    amount: i64,
    /// Of these the points went back.
    taken: u64,
    given: u64,
}

impl Points {
    /// The points at `until`, from all entries that speak of the member, in any order and however often each.
    pub fn fold(events: impl IntoIterator<Item = PointsEvent>, until: Timestamp) -> Self {
        let once: BTreeMap<EntryRef, PointsEvent> = events.into_iter().map(|event| (event.entry, event)).collect();
        let mut events: Vec<PointsEvent> = once.into_values().filter(|event| event.at <= until).collect();
        events.sort_by_key(|event| (event.at, event.entry));
        let mut points = Self::default();
        let mut sales: HashMap<OrderId, Sale> = HashMap::new();
        // A refund whose terminal's clock is behind that of its sale.
        let mut early: HashMap<OrderId, Vec<(EntryRef, Vec<RefundPart>)>> = HashMap::new();
        for PointsEvent { entry, at, fact } in events {
            points.expire(at);
            match fact {
                PointsFact::Sale { order, lines, earned, spent, expires_at, .. } => {
                    points.take(at, MovementKind::Spent, spent, entry, None);
                    points.give(at, MovementKind::Earned, earned, entry, Some(order), expires_at);
                    let value = lines.iter().map(|line| line.value).fold(0, i64::saturating_add);
                    let returned = vec![0; lines.len()];
                    let mut sale = Sale { value, lines, earned, spent, expires_at, returned, amount: 0, taken: 0, given: 0 };
                    for (entry, parts) in early.remove(&order).unwrap_or_default() {
                        points.refund(at, entry, order, &mut sale, &parts);
                    }
                    sales.insert(order, sale);
                }
                PointsFact::Refund { of, parts, .. } => match sales.get_mut(&of) {
                    Some(sale) => points.refund(at, entry, of, sale, &parts),
                    None => early.entry(of).or_default().push((entry, parts)),
                },
                PointsFact::Adjusted { points: by, expires_at } if by >= 0 => {
                    points.give(at, MovementKind::Adjusted, by.unsigned_abs(), entry, None, expires_at);
                }
                PointsFact::Adjusted { points: by, .. } => {
                    points.take(at, MovementKind::Adjusted, by.unsigned_abs(), entry, None);
                }
            }
        }
        points.expire(until);
        points
    }

    /// What there is to spend; below zero when points were spent whose sale was given back since.
    pub fn balance(&self) -> i64 {
        let left = self.lots.iter().map(|lot| lot.left).fold(0, u64::saturating_add);
        signed(left).saturating_sub(signed(self.owed))
    }

    /// The next points to expire: how many, and when.
    pub fn next_to_expire(&self) -> Option<(u64, Timestamp)> {
        let at = self.lots.iter().filter(|lot| lot.left > 0).filter_map(|lot| lot.expires_at).min()?;
        Some((self.lots.iter().filter(|lot| lot.expires_at == Some(at)).map(|lot| lot.left).sum(), at))
    }

    fn expire(&mut self, now: Timestamp) {
        let mut gone: Vec<Lot> = Vec::new();
        self.lots.retain(|lot| {
            let old = lot.expires_at.is_some_and(|at| at <= now);
            if old && lot.left > 0 {
                gone.push(lot.clone());
            }
            !old && lot.left > 0
        });
        gone.sort_by_key(|lot| lot.expires_at);
        for lot in gone {
            let at = lot.expires_at.unwrap_or(now);
            self.moved(at, MovementKind::Expired, -signed(lot.left), lot.from);
        }
    }

    fn give(
        &mut self,
        at: Timestamp,
        kind: MovementKind,
        count: u64,
        entry: EntryRef,
        sale: Option<OrderId>,
        expires_at: Option<Timestamp>,
    ) {
        self.moved(at, kind, signed(count), entry);
        let pays = count.min(self.owed);
        self.owed -= pays;
        if count > pays {
            self.lots.push(Lot { from: entry, sale, left: count - pays, expires_at });
        }
        // What came first goes first; what expires sooner before what came with it.
        if let Some(expires_at) = expires_at
            && expires_at <= at
        {
            self.expire(at);
        }
    }

    /// Takes points out: of the sale that earned them first, then the oldest.
    fn take(&mut self, at: Timestamp, kind: MovementKind, count: u64, entry: EntryRef, first: Option<OrderId>) {
        self.moved(at, kind, -signed(count), entry);
        let mut rest = count;
        let own = self.lots.iter_mut().filter(|lot| first.is_some() && lot.sale == first);
        for lot in own {
            rest -= lot.take(rest);
        }
        for lot in &mut self.lots {
            rest -= lot.take(rest);
        }
        self.owed = self.owed.saturating_add(rest);
    }

    fn refund(&mut self, at: Timestamp, entry: EntryRef, of: OrderId, sale: &mut Sale, parts: &[RefundPart]) {
        sale.give_back(parts);
        let (taken, given) = (sale.share(sale.earned), sale.share(sale.spent));
        self.take(at, MovementKind::TakenBack, taken.saturating_sub(sale.taken), entry, Some(of));
        self.give(at, MovementKind::GivenBack, given.saturating_sub(sale.given), entry, None, sale.expires_at);
        sale.taken = sale.taken.max(taken);
        sale.given = sale.given.max(given);
    }

    fn moved(&mut self, at: Timestamp, kind: MovementKind, points: i64, entry: EntryRef) {
        if points != 0 {
            self.movements.push(Movement { at, kind, points, entry });
        }
    }
}

impl Lot {
    fn take(&mut self, wanted: u64) -> u64 {
        let taken = wanted.min(self.left);
        self.left -= taken;
        taken
    }
}

impl Sale {
    fn give_back(&mut self, parts: &[RefundPart]) {
        for part in parts {
            match part {
                RefundPart::Line { line, milli } => {
                    let returned = usize::try_from(*line).ok().and_then(|line| self.returned.get_mut(line));
                    if let Some(returned) = returned {
                        *returned = returned.saturating_add(milli.abs());
                    }
                }
                RefundPart::Amount(amount) => self.amount = self.amount.saturating_add(amount.abs()),
            }
        }
    }

    /// What of `points` belongs to what was given back so far: half up, never more than all.
    fn share(&self, points: u64) -> u64 {
        let of_line = |line: &SoldLine, returned: i64| {
            let returned = i128::from(returned.min(line.milli));
            if line.milli <= 0 {
                0
            } else {
                (i128::from(line.value) * returned * 2 + i128::from(line.milli)) / (i128::from(line.milli) * 2)
            }
        };
        let lines: i128 = self.lines.iter().zip(&self.returned).map(|(line, returned)| of_line(line, *returned)).sum();
        let whole = i128::from(self.value);
        if whole <= 0 {
            // A sale of nothing is given back whole with its goods.
            let all = self.lines.iter().zip(&self.returned).all(|(line, returned)| *returned >= line.milli);
            return if all { points } else { 0 };
        }
        let back = (lines + i128::from(self.amount)).clamp(0, whole);
        u64::try_from((i128::from(points) * back * 2 + whole) / (whole * 2)).unwrap_or(points)
    }
}

fn signed(points: u64) -> i64 {
    i64::try_from(points).unwrap_or(i64::MAX)
}

/// What a member has spent in `currency` since `since`, refunds taken off, minor units: what makes their level.
pub fn rolling_spend(events: &[PointsEvent], currency: crate::money::Currency, since: Timestamp, until: Timestamp) -> i64 {
    let once: BTreeMap<EntryRef, &PointsEvent> = events.iter().map(|event| (event.entry, event)).collect();
    let within = once.into_values().filter(|event| event.at > since && event.at <= until);
    let amount = within.map(|event| match &event.fact {
        PointsFact::Sale { total, .. } if total.currency() == currency => total.minor(),
        PointsFact::Refund { total, .. } if total.currency() == currency => -total.minor(),
        _ => 0,
    });
    amount.fold(0, i64::saturating_add)
}

//! Reports as a pure fold: every event says a handful of [`Fact`]s, a [`Tally`] adds them up. The same fold makes the X and
//! the Z report, the till's reports and the hub's running sums, so that they cannot come to different figures.
//!
//! A figure belongs to a [`Dimension`] and a key in it (a tender, a tax rate, an hour …) and has a count, a quantity and an
//! amount. Amounts of sales count up, amounts of refunds down, except where a dimension says otherwise. Nothing is ever taken
//! back out of a tally: what was wrong is corrected by a further event.

mod facts;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::event::Event;
use crate::ids::StaffId;
use crate::money::{Currency, Money, MoneyError};
use crate::quantity::StockDelta;

pub use facts::{UNKNOWN, facts};

macro_rules! dimensions {
    ($($(#[$doc:meta])* $variant:ident = $code:literal),* $(,)?) => {
        /// What a figure is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Dimension {
            $($(#[$doc])* $variant,)*
        }

        impl Dimension {
            /// All of them, in the order of a report.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name in databases, requests and files.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }

        impl FromStr for Dimension {
            type Err = UnknownDimension;
            fn from_str(text: &str) -> Result<Self, UnknownDimension> {
                match text {
                    $($code => Ok(Self::$variant),)*
                    _ => Err(UnknownDimension(text.to_owned())),
                }
            }
        }
    };
}

dimensions! {
    /// Sales, under one empty key: how many orders, how many goods, Σ totals.
    Sales = "sales",
    /// Refunds, by `receipt` or `no_receipt`. Amounts are above zero: what went back.
    Refunds = "refunds",
    /// Tenders by kind, without change; refunds count down. Counted by payment.
    Tender = "tender",
    /// What of [`Self::Tender`] went back to customers in refunds, above zero.
    TenderRefunded = "tender_refunded",
    /// Change handed out, by tender; part of no other figure.
    Change = "change",
    /// What cash rounding added, by one empty key.
    Rounding = "rounding",
    /// Tax by rate: the rate's code and the rate, as in `VAT 0.13`.
    Tax = "tax",
    /// The amounts without tax that [`Self::Tax`] was reckoned from, by the same keys; untaxed goods under an empty key. A line
    /// with several rates stands under each of them.
    TaxBase = "tax_base",
    /// What was taken off, by its kind or, where a promotion gave it, `promotion:…` or `coupon:…` with the promotion's id.
    Discount = "discount",
    /// Net sales by who was signed in; [`UNKNOWN`] where nobody was.
    Cashier = "cashier",
    /// What of [`Self::Cashier`] were refunds, above zero.
    CashierRefunded = "cashier_refunded",
    /// Net sales by the hour in the store's time zone, `00` to `23`.
    Hour = "hour",
    /// Goods by the id of the product: lines, quantity, what customers paid.
    Product = "product",
    /// What was rung up and taken out before it was paid, by `line` or `sale`: how much, and what it would have come to.
    Void = "void",
    /// Deposits of customers, above zero: `taken`, `returned`, and `charge`, what was kept of one. Their tenders count in
    /// [`Self::Tender`]; what a sale spends of them is its tender `deposit`.
    Deposit = "deposit",
    /// Cash that moved without a sale, by its way, above zero.
    CashMove = "cash_move",
    /// The drawer opened without a sale, by who was signed in; only counted.
    NoSale = "no_sale",
}

/// A name that no dimension of this version has.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("this version knows no figures of '{0}'")]
pub struct UnknownDimension(String);

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Dimension {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Dimension {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        code.parse().map_err(serde::de::Error::custom)
    }
}

/// Which figure.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FigureKey {
    /// What it is about.
    pub dimension: Dimension,
    /// The currency of its amount; none for what is only counted.
    pub currency: Option<Currency>,
    /// Which one within the dimension; may be empty where there is only one.
    pub key: String,
}

/// A figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// How many facts it was made of: orders, payments, lines, as its dimension says.
    pub count: u64,
    /// How much of goods went out, below zero: came back.
    pub quantity: StockDelta,
    /// How much money; none for what is only counted.
    pub amount: Option<Money>,
}

impl Figure {
    /// Nothing, in `currency`.
    pub fn nothing(currency: Option<Currency>) -> Self {
        Self { count: 0, quantity: StockDelta::from_milli(0), amount: currency.map(Money::zero) }
    }

    /// Both together.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        let amount = match (self.amount, other.amount) {
            (Some(own), Some(other)) => Some(own.plus(other)?),
            (own, other) => own.or(other),
        };
        let milli = self.quantity.milli().checked_add(other.quantity.milli()).ok_or(MoneyError::Overflow)?;
        let count = self.count.checked_add(other.count).ok_or(MoneyError::Overflow)?;
        Ok(Self { count, quantity: StockDelta::from_milli(milli), amount })
    }
}

/// What one event adds to one figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The figure.
    pub key: FigureKey,
    /// What is added to it.
    pub adds: Figure,
}

/// Figures added up. Two tallies of the same events are equal, whatever way the events were divided up and merged. Written as
/// a list of figures in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    figures: BTreeMap<FigureKey, Figure>,
}

impl Tally {
    /// Adds what `event` says, which happened while `staff` was signed in, in hour `local_hour` (0 to 23) of the store's day.
    /// An event whose amounts would not fit is refused and changes nothing.
    pub fn add(&mut self, event: &Event, staff: Option<&StaffId>, local_hour: u8) -> Result<(), MoneyError> {
        self.take(facts(event, staff, local_hour)?)
    }

    /// Adds facts, all of them or none.
    pub fn take(&mut self, facts: impl IntoIterator<Item = Fact>) -> Result<(), MoneyError> {
        let mut changed: BTreeMap<FigureKey, Figure> = BTreeMap::new();
        for Fact { key, adds } in facts {
            let before = changed.get(&key).or_else(|| self.figures.get(&key)).copied();
            let sum = before.unwrap_or_else(|| Figure::nothing(key.currency)).plus(adds)?;
            changed.insert(key, sum);
        }
        self.figures.extend(changed);
        Ok(())
    }

    /// Both together.
    pub fn merge(&mut self, other: &Self) -> Result<(), MoneyError> {
        self.take(other.iter().map(|(key, figure)| Fact { key: key.clone(), adds: *figure }))
    }

    /// True when nothing was added.
    pub fn is_empty(&self) -> bool {
        self.figures.is_empty()
    }

    /// All figures in order.
    pub fn iter(&self) -> impl Iterator<Item = (&FigureKey, &Figure)> {
        self.figures.iter()
    }

    /// The figures of a dimension, in order of currency and key.
    pub fn of(&self, dimension: Dimension) -> impl Iterator<Item = (&FigureKey, &Figure)> {
        self.figures.iter().filter(move |(key, _)| key.dimension == dimension)
    }

    /// One figure; nothing where no event said anything about it.
    pub fn figure(&self, dimension: Dimension, key: &str, currency: Option<Currency>) -> Figure {
        let key = FigureKey { dimension, currency, key: key.to_owned() };
        self.figures.get(&key).copied().unwrap_or_else(|| Figure::nothing(currency))
    }

    /// All keys of a dimension together, in one currency.
    pub fn total(&self, dimension: Dimension, currency: Currency) -> Result<Figure, MoneyError> {
        self.of(dimension)
            .filter(|(key, _)| key.currency == Some(currency))
            .try_fold(Figure::nothing(Some(currency)), |sum, (_, figure)| sum.plus(*figure))
    }

    /// Sales less refunds, in one currency.
    pub fn net(&self, currency: Currency) -> Result<Money, MoneyError> {
        let amount = |dimension| Ok(self.total(dimension, currency)?.amount.unwrap_or(Money::zero(currency)));
        amount(Dimension::Sales)?.minus(amount(Dimension::Refunds)?)
    }

    /// What an order of a sale comes to on average, half up; none without sales.
    pub fn average(&self, currency: Currency) -> Result<Option<Money>, MoneyError> {
        let sales = self.total(Dimension::Sales, currency)?;
        let (Some(amount), Ok(count)) = (sales.amount, i64::try_from(sales.count)) else { return Ok(None) };
        if count == 0 {
            return Ok(None);
        }
        let average = amount.to_decimal() / rust_decimal::Decimal::from(count);
        Money::from_decimal(average, currency, crate::money::Rounding::HalfUp).map(Some)
    }

    /// The currencies that amounts are in, in order.
    pub fn currencies(&self) -> Vec<Currency> {
        let all: std::collections::BTreeSet<Currency> = self.figures.keys().filter_map(|key| key.currency).collect();
        all.into_iter().collect()
    }

    /// The figures of some dimensions alone; a Z report carries no list of products.
    #[must_use]
    pub fn only(&self, dimensions: &[Dimension]) -> Self {
        let kept = self.figures.iter().filter(|(key, _)| dimensions.contains(&key.dimension));
        Self { figures: kept.map(|(key, figure)| (key.clone(), *figure)).collect() }
    }

    /// The keys whose figures are not the same in both.
    pub fn differences(&self, other: &Self) -> Vec<FigureKey> {
        let keys: std::collections::BTreeSet<&FigureKey> = self.figures.keys().chain(other.figures.keys()).collect();
        let differs = |key: &&FigureKey| self.figures.get(*key) != other.figures.get(*key);
        keys.into_iter().filter(differs).cloned().collect()
    }
}

/// A figure as it is written.
#[derive(Serialize, Deserialize)]
struct Written {
    dimension: Dimension,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    key: String,
    count: u64,
    quantity: StockDelta,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    amount: Option<Money>,
}

impl Serialize for Tally {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.figures.iter().map(|(key, figure)| Written {
            dimension: key.dimension,
            key: key.key.clone(),
            count: figure.count,
            quantity: figure.quantity,
            amount: figure.amount,
        }))
    }
}

impl<'de> Deserialize<'de> for Tally {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Vec::<Written>::deserialize(deserializer)?;
        let figures = written.into_iter().map(|figure| {
            let Written { dimension, key, count, quantity, amount } = figure;
            let currency = amount.map(Money::currency);
            (FigureKey { dimension, currency, key }, Figure { count, quantity, amount })
        });
        Ok(Self { figures: figures.collect() })
    }
}

#[cfg(test)]
mod tests;

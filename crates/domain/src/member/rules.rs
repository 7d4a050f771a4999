//! How a store gives and takes points, and what makes a level.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::catalogue::Name;
use crate::ids::LevelCode;
use crate::money::{Money, MoneyError};

/// A level of members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelRule {
    /// Its code.
    pub code: LevelCode,
    /// Its name.
    pub name: Name,
    /// Reached by spending this much within [`LoyaltyRules::level_months`].
    pub from_spend: Money,
    /// How many points it earns in percent of the usual: 150 gives half as many again.
    pub earn_percent: u32,
}

/// The rules of points and levels of a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoyaltyRules {
    /// One point is earned for each time this amount is paid.
    pub earn_per: Money,
    /// What one point takes off an order.
    pub point_value: Money,
    /// The fewest points that may be spent at once.
    pub minimum_spend: u64,
    /// Points expire this many months after the day they were earned, the oldest first; none: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_after_months: Option<u16>,
    /// The months whose spending makes the level.
    pub level_months: u16,
    /// The levels.
    #[serde(default)]
    pub levels: Vec<LevelRule>,
}

/// Why points cannot be spent.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SpendRefused {
    /// Fewer than the rules allow at once.
    #[error("at least {minimum} points are spent at once")]
    BelowMinimum {
        /// The fewest.
        minimum: u64,
    },
    /// More than the member has.
    #[error("only {available} points are there to be spent")]
    NotEnough {
        /// How many there are.
        available: u64,
    },
    /// Their worth cannot be computed.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl LoyaltyRules {
    /// The rule of level `code`.
    pub fn level(&self, code: Option<&LevelCode>) -> Option<&LevelRule> {
        self.levels.iter().find(|level| Some(&level.code) == code)
    }

    /// Points that `paid` earns at level `code`: the amount times the level's percentage through what earns one, cut to whole
    /// points. An amount in another currency earns nothing.
    pub fn earned(&self, paid: Money, code: Option<&LevelCode>) -> u64 {
        if paid.currency() != self.earn_per.currency() || self.earn_per.minor() <= 0 || paid.minor() <= 0 {
            return 0;
        }
        let percent = self.level(code).map_or(100, |level| level.earn_percent);
        let points = i128::from(paid.minor()) * i128::from(percent) / (i128::from(self.earn_per.minor()) * 100);
        u64::try_from(points).unwrap_or(u64::MAX)
    }

    /// What `points` take off an order.
    pub fn worth(&self, points: u64) -> Result<Money, MoneyError> {
        let minor = i64::try_from(points).ok().and_then(|points| points.checked_mul(self.point_value.minor()));
        minor.map(|minor| Money::from_minor(minor, self.point_value.currency())).ok_or(MoneyError::Overflow)
    }

    /// The most points that an order of `total` takes.
    pub fn most_for(&self, total: Money) -> u64 {
        if total.currency() != self.point_value.currency() || self.point_value.minor() <= 0 {
            return 0;
        }
        u64::try_from(total.minor() / self.point_value.minor()).unwrap_or(0)
    }

    /// Ok when somebody who has `available` points may spend `points`.
    pub fn may_spend(&self, points: u64, available: i64) -> Result<(), SpendRefused> {
        if points < self.minimum_spend.max(1) {
            return Err(SpendRefused::BelowMinimum { minimum: self.minimum_spend.max(1) });
        }
        let available = u64::try_from(available).unwrap_or(0);
        if points > available { Err(SpendRefused::NotEnough { available }) } else { Ok(()) }
    }

    /// From when on points earned at `at` are no longer worth anything: the midnight, in the store's time, after the same day
    /// of the month, or after its last day where it is shorter.
    pub fn expiry(&self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let day = at.to_zoned_datetime(zone.clone()).date();
        let last = day.checked_add(Span::new().months(self.expires_after_months?)).ok()?;
        zone.to_timestamp(last.tomorrow().ok()?.at(0, 0, 0, 0)).ok()
    }

    /// Since when spending counts for the level.
    pub fn level_since(&self, now: Timestamp, zone: &TimeZone) -> Timestamp {
        let months = Span::new().months(self.level_months);
        now.to_zoned_datetime(zone.clone()).checked_sub(months).map_or(Timestamp::MIN, |since| since.timestamp())
    }

    /// The highest level that `spend` minor units reach.
    pub fn level_for(&self, spend: i64) -> Option<&LevelRule> {
        self.levels.iter().filter(|level| level.from_spend.minor() <= spend).max_by_key(|level| level.from_spend.minor())
    }
}

//! When a rule holds, in the store's own time.

use jiff::civil::{DateTime, Time};
use serde::{Deserialize, Serialize};

/// A time of day, such as a happy hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// The first moment.
    pub from: Time,
    /// The first moment that no longer counts. Before `from`: on the next day.
    pub until: Time,
}

/// Dates, days of the week and hours; what is left out always holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Window {
    /// The first moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime>,
    /// The first moment that no longer counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime>,
    /// Days of the week, 1 for Monday to 7 for Sunday; none given: every day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<i8>,
    /// Hours of the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
}

impl Window {
    /// True when `now` lies in it. Hours that go over midnight belong to the day on which they begin.
    pub fn contains(&self, now: DateTime) -> bool {
        if self.from.is_some_and(|from| now < from) || self.until.is_some_and(|until| now >= until) {
            return false;
        }
        let mut day = now.date();
        if let Some(Hours { from, until }) = self.hours {
            let time = now.time();
            let after_midnight = from > until && time < until;
            let within = if from <= until { time >= from && time < until } else { time >= from || after_midnight };
            if !within {
                return false;
            }
            if after_midnight {
                day = day.yesterday().unwrap_or(day);
            }
        }
        self.weekdays.is_empty() || self.weekdays.contains(&day.weekday().to_monday_one_offset())
    }

    /// True when it has begun and will not hold again after `now`.
    pub fn is_over(&self, now: DateTime) -> bool {
        self.until.is_some_and(|until| now >= until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime {
        text.parse().expect("a date and time")
    }

    #[test]
    fn a_window_without_limits_always_holds() {
        assert!(Window::default().contains(at("2026-11-24T18:00:00")));
    }

    #[test]
    fn the_last_moment_no_longer_counts() {
        let window =
            Window { from: Some(at("2026-11-01T00:00:00")), until: Some(at("2026-12-01T00:00:00")), ..Window::default() };
        assert!(window.contains(at("2026-11-01T00:00:00")) && window.contains(at("2026-11-30T23:59:59")));
        assert!(!window.contains(at("2026-12-01T00:00:00")) && !window.contains(at("2026-10-31T23:59:59")));
        assert!(window.is_over(at("2026-12-01T00:00:00")));
    }

    #[test]
    fn a_night_belongs_to_the_day_on_which_it_begins() {
        let hours = Hours { from: "22:00:00".parse().expect("a time"), until: "02:00:00".parse().expect("a time") };
        // Friday.
        let window = Window { weekdays: vec![5], hours: Some(hours), ..Window::default() };
        assert!(window.contains(at("2026-11-27T23:00:00")) && window.contains(at("2026-11-28T01:59:59")));
        assert!(!window.contains(at("2026-11-27T01:00:00")) && !window.contains(at("2026-11-28T02:00:00")));
        assert!(!window.contains(at("2026-11-28T23:00:00")) && !window.contains(at("2026-11-27T12:00:00")));
    }
}

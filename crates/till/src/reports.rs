//! Reports of this terminal: the fold of `domain::report` over the journal's own entries. Nothing is kept of them but in
//! memory, so that a report cannot differ from the journal; a day that goes on is folded on from where it was.

mod behind;
mod days;
mod export;
mod layout;
mod paper;
mod prove;
mod words;

use domain::{Currency, Permission};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::api::{Problem, ProblemCode, ReportEntriesView, ReportView};
use crate::terminal::Terminal;

pub(crate) use days::{Days, Figures};

/// Days that one report covers at most.
const MOST_DAYS: i32 = 400;

/// The days of a report, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) from: Date,
    pub(crate) to: Date,
}

impl Period {
    /// Reads two dates, `2026-11-24`; both empty: today. The one that lies after the other is the last.
    fn parse(from: &str, to: &str, today: Date) -> Result<Self, Problem> {
        let read = |text: &str| match text.trim() {
            "" => Ok(today),
            text => text.parse::<Date>().map_err(|error| {
                let detail = format!("'{text}' is not a date ({error}): write it as 2026-11-24");
                Problem::new(ProblemCode::NotADate, detail).with("text", text)
            }),
        };
        let (one, other) = (read(from)?, read(to)?);
        let period = Self { from: one.min(other), to: one.max(other) };
        if period.days() > MOST_DAYS {
            let detail = format!("a report covers at most {MOST_DAYS} days: ask for fewer");
            return Err(Problem::new(ProblemCode::ReportTooLong, detail).with("days", MOST_DAYS));
        }
        Ok(period)
    }

    fn days(self) -> i32 {
        self.from.until(self.to).map_or(i32::MAX, |span| span.get_days().saturating_add(1))
    }

    /// The same number of days, `days` earlier.
    fn earlier(self, days: i32) -> Option<Self> {
        let back = |date: Date| date.checked_sub(days.days()).ok();
        Some(Self { from: back(self.from)?, to: back(self.to)? })
    }

    /// As many days right before.
    fn before(self) -> Option<Self> {
        self.earlier(self.days())
    }

    /// The same weekdays of the week before; none for more than a week.
    fn week_before(self) -> Option<Self> {
        if self.days() > 7 { None } else { self.earlier(7) }
    }
}

impl Terminal {
    /// Figures of the days `from` to `to`, both included, as they are now.
    pub(crate) fn report_of(&self, session: &str, from: &str, to: &str) -> Result<ReportView, Problem> {
        self.in_session(session, Permission::ReadReports, |_| self.report_view(self.period(from, to)?))
    }

    /// The entries behind a figure, newest first.
    pub(crate) fn entries_behind(
        &self,
        session: &str,
        period: (&str, &str),
        figure: (&str, &str, &str),
        page: (u32, u32),
    ) -> Result<ReportEntriesView, Problem> {
        self.in_session(session, Permission::ReadReports, |_| {
            let period = self.period(period.0, period.1)?;
            let wanted = behind::Wanted::parse(figure.0, figure.1, figure.2, self.shop().currency)?;
            self.behind(period, &wanted, page)
        })
    }

    pub(crate) fn period(&self, from: &str, to: &str) -> Result<Period, Problem> {
        Period::parse(from, to, self.today())
    }

    /// The business day of now.
    pub(crate) fn today(&self) -> Date {
        self.shop().business_date(self.clock.now())
    }

    fn report_view(&self, period: Period) -> Result<ReportView, Problem> {
        let now = self.figures(period)?;
        let before = period.before().map(|period| self.figures(period)).transpose()?;
        let week = period.week_before().map(|period| self.figures(period)).transpose()?;
        layout::view(self, period, &now, before.as_ref(), week.as_ref())
    }
}

fn parse_currency(code: &str, usual: Currency) -> Result<Currency, Problem> {
    if code.is_empty() { Ok(usual) } else { Ok(Currency::parse(code)?) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().expect("a date")
    }

    #[test]
    fn a_period_is_read_and_compared_with_the_right_days() {
        let today = date("2026-11-24");
        let period = Period::parse("", "", today).expect("today");
        assert_eq!(period, Period { from: today, to: today });
        assert_eq!(period.before().map(|before| before.from), Some(date("2026-11-23")));
        assert_eq!(period.week_before().map(|before| before.from), Some(date("2026-11-17")));

        let month = Period::parse("2026-10-31", "2026-10-01", today).expect("a month");
        assert_eq!((month.from, month.to), (date("2026-10-01"), date("2026-10-31")));
        assert_eq!(month.before(), Some(Period { from: date("2026-08-31"), to: date("2026-09-30") }));
        assert_eq!(month.week_before(), None);
    }

    #[test]
    fn what_is_no_date_and_what_is_too_long_is_refused() {
        let today = date("2026-11-24");
        let code = |from, to| Period::parse(from, to, today).expect_err("refused").code;
        assert_eq!(code("yesterday", ""), ProblemCode::NotADate);
        assert_eq!(code("2026-02-30", ""), ProblemCode::NotADate);
        assert_eq!(code("2020-01-01", ""), ProblemCode::ReportTooLong);
    }
}

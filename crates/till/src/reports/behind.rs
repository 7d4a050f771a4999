//! The entries behind a figure.

use std::collections::{BTreeSet, HashMap};

use domain::report::{Dimension, Figure, facts};
use domain::{Currency, Money};
use journal::Entry;

use super::days::{order_of, read};
use super::layout::{category_of, count};
use super::{Period, parse_currency};
use crate::api::{Problem, ProblemCode, ReportEntriesView, ReportEntryView};
use crate::present;
use crate::terminal::Terminal;

/// Entries on one page.
const PAGE: u32 = 200;

/// The figure that somebody asks after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) what: What,
    pub(super) currency: Currency,
}

/// What the figure is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// Sales less refunds.
    Net,
    /// All keys of a dimension.
    Whole(Dimension),
    /// One key of it.
    One(Dimension, String),
    /// The goods of a category.
    Category(String),
}

impl Wanted {
    /// `key` empty means all of the dimension, but for categories, where it means the goods without one.
    pub(super) fn parse(dimension: &str, key: &str, currency: &str, usual: Currency) -> Result<Self, Problem> {
        let what = match dimension {
            "net" => What::Net,
            "category" => What::Category(key.to_owned()),
            _ => {
                let dimension: Dimension = dimension.parse().map_err(|error: domain::report::UnknownDimension| {
                    Problem::new(ProblemCode::NoSuchFigure, error.to_string())
                })?;
                if key.is_empty() { What::Whole(dimension) } else { What::One(dimension, key.to_owned()) }
            }
        };
        Ok(Self { what, currency: parse_currency(currency, usual)? })
    }
}

/// What one entry adds to a figure.
pub(super) struct Adds {
    pub(super) figure: Figure,
    pub(super) entry: Entry,
}

/// Sums what entries add to one figure.
pub(super) struct Reckoner<'a> {
    terminal: &'a Terminal,
    wanted: &'a Wanted,
    categories: HashMap<String, String>,
    /// The keys that had a part in it.
    pub(super) keys: BTreeSet<String>,
}

impl<'a> Reckoner<'a> {
    pub(super) fn new(terminal: &'a Terminal, wanted: &'a Wanted) -> Self {
        Self { terminal, wanted, categories: HashMap::new(), keys: BTreeSet::new() }
    }

    /// What `entry` adds to the figure; none where it has no part in it.
    pub(super) fn of(&mut self, entry: &Entry) -> Result<Option<Figure>, Problem> {
        let mut sum: Option<Figure> = None;
        for fact in facts(&entry.event, entry.staff.as_ref(), self.terminal.local_hour(entry))? {
            if fact.key.currency.is_some_and(|currency| currency != self.wanted.currency) {
                continue;
            }
            let mut adds = fact.adds;
            match &self.wanted.what {
                What::Net if fact.key.dimension == Dimension::Sales => {}
                What::Net if fact.key.dimension == Dimension::Refunds => {
                    adds.amount = adds.amount.map(Money::negated).transpose()?;
                }
                What::Whole(dimension) if fact.key.dimension == *dimension => {}
                What::One(dimension, key) if fact.key.dimension == *dimension && fact.key.key == *key => {}
                What::Category(category)
                    if fact.key.dimension == Dimension::Product && self.category(&fact.key.key)? == *category => {}
                _ => continue,
            }
            let before = sum.unwrap_or_else(|| Figure::nothing(fact.key.currency));
            self.keys.insert(fact.key.key);
            sum = Some(before.plus(adds)?);
        }
        Ok(sum)
    }

    fn category(&mut self, product: &str) -> Result<String, Problem> {
        if let Some(known) = self.categories.get(product) {
            return Ok(known.clone());
        }
        let category = category_of(self.terminal, product)?;
        self.categories.insert(product.to_owned(), category.clone());
        Ok(category)
    }
}

impl Terminal {
    /// A page of the entries behind a figure, newest first, each with whether its signature holds.
    pub(super) fn behind(&self, period: Period, wanted: &Wanted, page: (u32, u32)) -> Result<ReportEntriesView, Problem> {
        let mut behind = Vec::new();
        let mut sum: Option<Figure> = None;
        let mut reckoner = Reckoner::new(self, wanted);
        for (first, last) in self.runs(period)? {
            self.store.each_entry_between::<Problem>(first, last, |seq, text| {
                let entry = read(seq, text)?;
                if let Some(figure) = reckoner.of(&entry)? {
                    let before = sum.unwrap_or_else(|| Figure::nothing(figure.amount.map(Money::currency)));
                    sum = Some(before.plus(figure)?);
                    behind.push(Adds { figure, entry });
                }
                Ok(())
            })?;
        }
        let (offset, limit) = (page.0 as usize, page.1.clamp(1, PAGE) as usize);
        let all = behind.len();
        let shown = behind.into_iter().rev().skip(offset).take(limit).map(|adds| self.entry_view(adds));
        let entries: Vec<ReportEntryView> = shown.collect();
        Ok(ReportEntriesView {
            more: offset + entries.len() < all,
            entries,
            all: count(all as u64),
            count: count(sum.map_or(0, |sum| sum.count)),
            amount: sum.and_then(|sum| sum.amount).map(present::money),
        })
    }

    fn entry_view(&self, adds: Adds) -> ReportEntryView {
        let Adds { figure, entry } = adds;
        let order = order_of(&entry.event);
        let signed = journal::verify_signature(&entry.text, &self.keys.journal.public(), self.id).is_ok();
        ReportEntryView {
            seq: count(entry.seq),
            kind: entry.event.kind().to_owned(),
            receipt: order.map(|order| order.receipt.to_string()).unwrap_or_default(),
            order: order.map(|order| order.id.to_string()).unwrap_or_default(),
            at: present::moment(entry.at, &self.shop()),
            staff: entry.staff.as_ref().map(|staff| self.staff_name(staff)).unwrap_or_default(),
            count: count(figure.count),
            quantity: if figure.quantity.milli() == 0 { String::new() } else { figure.quantity.to_string() },
            amount: figure.amount.map(present::money),
            hash: entry.hash.to_string(),
            signed,
        }
    }
}

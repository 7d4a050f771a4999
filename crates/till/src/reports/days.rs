//! Which entries belong to which business day, and the figures of days.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use domain::report::Tally;
use domain::{Event, MoneyError, Name, Order, Sku};
use jiff::civil::Date;
use journal::Entry;
use store::StoreError;

use super::Period;
use crate::api::Problem;
use crate::terminal::Terminal;

/// Days whose figures are kept in memory.
const KEPT_DAYS: usize = 800;

/// The days of the journal as far as it was read.
#[derive(Debug, Default)]
pub(crate) struct Days {
    /// The time zone that the days are of.
    zone: String,
    read_to: u64,
    days: BTreeMap<Date, Day>,
}

#[derive(Debug, Default)]
struct Day {
    /// First and last number of each run of entries. A clock that was put back makes more than one.
    runs: Vec<(u64, u64)>,
    figures: Figures,
}

/// What the entries of some days come to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Figures {
    pub(crate) tally: Tally,
    /// The names of products that were sold: code and name of their last sale.
    pub(crate) products: BTreeMap<String, (Sku, Name)>,
    /// The names of promotions, by id.
    pub(crate) promotions: BTreeMap<String, Name>,
    /// How many entries.
    pub(crate) entries: u64,
    /// The last entry that was folded.
    folded_to: u64,
}

impl Figures {
    /// Folds an entry that happened in hour `local_hour` of the store's day.
    fn fold(&mut self, entry: &Entry, local_hour: u8) -> Result<(), MoneyError> {
        self.tally.add(&entry.event, entry.staff.as_ref(), local_hour)?;
        if let Some(order) = order_of(&entry.event) {
            for line in &order.lines {
                self.products.insert(line.product.to_string(), (line.sku.clone(), line.name.clone()));
            }
            for promotion in &order.promotions {
                self.promotions.insert(promotion.id.to_string(), promotion.name.clone());
            }
        }
        self.entries += 1;
        self.folded_to = entry.seq;
        Ok(())
    }

    fn merge(&mut self, other: &Self) -> Result<(), MoneyError> {
        self.tally.merge(&other.tally)?;
        self.products.extend(other.products.iter().map(|(id, named)| (id.clone(), named.clone())));
        self.promotions.extend(other.promotions.iter().map(|(id, name)| (id.clone(), name.clone())));
        self.entries += other.entries;
        Ok(())
    }
}

/// The order that an event tells of.
pub(super) fn order_of(event: &Event) -> Option<&Order> {
    match event {
        Event::SaleCompleted(sale) => Some(&sale.order),
        Event::RefundCompleted(refund) => Some(&refund.order),
        _ => None,
    }
}

/// Reads entry `seq` from its text.
pub(super) fn read(seq: u64, text: &str) -> Result<Entry, StoreError> {
    Entry::read(text).map_err(|source| StoreError::Entry { seq, source })
}

impl Terminal {
    /// The figures of a period, up to the journal's end of now.
    pub(crate) fn figures(&self, period: Period) -> Result<Figures, Problem> {
        let mut days = self.days.lock().unwrap_or_else(PoisonError::into_inner);
        self.read_on(&mut days)?;
        if days.days.values().filter(|day| day.figures.folded_to > 0).count() > KEPT_DAYS {
            days.days.values_mut().for_each(|day| day.figures = Figures::default());
        }
        let mut sum = Figures::default();
        for day in days.days.range_mut(period.from..=period.to).map(|(_, day)| day) {
            self.fold_on(day)?;
            sum.merge(&day.figures)?;
        }
        Ok(sum)
    }

    /// The runs of entries of a period, in order of their numbers.
    pub(crate) fn runs(&self, period: Period) -> Result<Vec<(u64, u64)>, Problem> {
        let mut days = self.days.lock().unwrap_or_else(PoisonError::into_inner);
        self.read_on(&mut days)?;
        let mut runs: Vec<_> = days.days.range(period.from..=period.to).flat_map(|(_, day)| day.runs.clone()).collect();
        runs.sort_unstable();
        Ok(runs)
    }

    /// The hour of an entry in the store's day.
    pub(crate) fn local_hour(&self, entry: &Entry) -> u8 {
        u8::try_from(entry.at.to_zoned_datetime(self.shop().zone()).hour()).unwrap_or(0)
    }

    /// Finds the days of entries that were not read yet.
    fn read_on(&self, days: &mut Days) -> Result<(), Problem> {
        let shop = self.shop();
        if days.zone != shop.time_zone {
            *days = Days { zone: shop.time_zone.clone(), ..Days::default() };
        }
        let zone = shop.zone();
        for (seq, at) in self.store.times_after(days.read_to)? {
            let day = days.days.entry(at.to_zoned_datetime(zone.clone()).date()).or_default();
            match day.runs.last_mut() {
                Some((_, last)) if *last + 1 == seq => *last = seq,
                _ => day.runs.push((seq, seq)),
            }
            days.read_to = seq;
        }
        Ok(())
    }

    /// Folds the entries of a day that were not folded yet.
    fn fold_on(&self, day: &mut Day) -> Result<(), Problem> {
        let Day { runs, figures } = day;
        for &(first, last) in runs.iter() {
            if last <= figures.folded_to {
                continue;
            }
            self.store.each_entry_between::<Problem>(first.max(figures.folded_to + 1), last, |seq, text| {
                let entry = read(seq, text)?;
                figures.fold(&entry, self.local_hour(&entry))?;
                Ok(())
            })?;
        }
        Ok(())
    }
}

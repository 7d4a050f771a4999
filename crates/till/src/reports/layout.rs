//! From figures to what a report shows.

use std::collections::{BTreeMap, HashMap};

use domain::report::{Dimension, Figure, FigureKey, Tally};
use domain::{Currency, Money, MoneyError, Name, ProductId};
use rust_decimal::Decimal;

use super::{Figures, Period, words};
use crate::api::{NameView, Problem, ReportFigureView, ReportSectionView, ReportView};
use crate::present;
use crate::terminal::Terminal;

/// Products and other long lists show so many.
const LONGEST_LIST: usize = 100;

/// The key of goods whose product has no category, or is not known any more.
pub(super) const NO_CATEGORY: &str = "";

/// Dimensions that stand in another one's column or among the headline figures.
const BESIDE_OTHERS: [Dimension; 6] = [
    Dimension::Sales,
    Dimension::TaxBase,
    Dimension::TenderRefunded,
    Dimension::CashierRefunded,
    Dimension::Rounding,
    Dimension::Change,
];

/// The figures of a period with those that they are compared with.
struct Compared<'a> {
    now: &'a Tally,
    before: Option<&'a Tally>,
    week: Option<&'a Tally>,
}

pub(super) fn view(
    terminal: &Terminal,
    period: Period,
    now: &Figures,
    before: Option<&Figures>,
    week: Option<&Figures>,
) -> Result<ReportView, Problem> {
    let shop = terminal.shop();
    let currency = shop.currency;
    let categories = Categories::of(terminal, now)?;
    let compared = Compared { now: &now.tally, before: before.map(|it| &it.tally), week: week.map(|it| &it.tally) };
    let names = Names { terminal, figures: now };
    let mut sections = Vec::new();
    for dimension in Dimension::ALL.iter().filter(|dimension| !BESIDE_OTHERS.contains(dimension)) {
        if *dimension == Dimension::Product {
            sections.push(categories.section(&compared)?);
        }
        sections.push(section(&compared, *dimension, &names)?);
    }
    sections.retain(|section| !section.figures.is_empty());
    sections.sort_by_key(|section| place(&section.id));
    let perpetual = terminal.store.perpetual_totals()?.into_iter().find(|total| total.sales.currency() == currency);
    let perpetual = match perpetual {
        Some(total) => total.sales.minus(total.refunds)?,
        None => Money::zero(currency),
    };
    Ok(ReportView {
        from: period.from.to_string(),
        to: period.to.to_string(),
        live: period.to >= terminal.today(),
        at: present::moment(terminal.clock.now(), &shop),
        currency: currency.to_string(),
        entries: count(now.entries),
        headline: headline(&compared, currency)?,
        sections,
        perpetual: present::money(perpetual),
        other_currencies: now.tally.currencies().into_iter().filter(|it| *it != currency).map(|it| it.to_string()).collect(),
    })
}

/// The order in which people read.
fn place(section: &str) -> usize {
    const ORDER: [&str; 8] = ["hour", "tender", "tax", "category", "product", "discount", "cashier", "refunds"];
    ORDER.iter().position(|id| *id == section).unwrap_or(ORDER.len())
}

fn headline(compared: &Compared<'_>, currency: Currency) -> Result<Vec<ReportFigureView>, Problem> {
    let total = |tally: &Tally, dimension| tally.total(dimension, currency);
    let money = |tally: &Tally, id: &str| -> Result<Option<Money>, MoneyError> {
        Ok(match id {
            "net" => Some(tally.net(currency)?),
            "average" => tally.average(currency)?,
            "sales" => total(tally, Dimension::Sales)?.amount,
            "refunds" => total(tally, Dimension::Refunds)?.amount,
            "tax" => total(tally, Dimension::Tax)?.amount,
            "discount" => total(tally, Dimension::Discount)?.amount,
            "rounding" => total(tally, Dimension::Rounding)?.amount,
            _ => None,
        })
    };
    let mut figures = Vec::new();
    for id in ["net", "orders", "average", "sales", "refunds", "discount", "tax", "rounding"] {
        let now = money(compared.now, id)?;
        if id == "rounding" && now.is_none_or(Money::is_zero) {
            continue;
        }
        let number = |tally: &Tally| -> Result<u64, MoneyError> {
            let of = match id {
                "refunds" => Dimension::Refunds,
                "tax" => Dimension::Tax,
                "discount" => Dimension::Discount,
                "rounding" => Dimension::Rounding,
                "net" => return Ok(total(tally, Dimension::Sales)?.count + total(tally, Dimension::Refunds)?.count),
                _ => Dimension::Sales,
            };
            Ok(total(tally, of)?.count)
        };
        let text = |tally: &Tally| -> Result<(String, Option<Decimal>), MoneyError> {
            if id == "orders" {
                let count = number(tally)?;
                return Ok((count.to_string(), Some(count.into())));
            }
            let amount = money(tally, id)?;
            Ok((amount.map(present::money_text).unwrap_or_default(), amount.map(Money::to_decimal)))
        };
        let own = text(compared.now)?;
        let before = compared.before.map(&text).transpose()?;
        let week = compared.week.map(&text).transpose()?;
        figures.push(ReportFigureView {
            // Orders and their average are made of the sales.
            dimension: if matches!(id, "orders" | "average") { "sales" } else { id }.to_owned(),
            key: String::new(),
            currency: currency.to_string(),
            label: NameView::from(&words::title(id)),
            count: count(number(compared.now)?),
            quantity: String::new(),
            amount: now.map(present::money),
            second: None,
            change: change(own.1, before.as_ref()),
            before: before.map(|(text, _)| text).unwrap_or_default(),
            change_week: change(own.1, week.as_ref()),
            week: week.map(|(text, _)| text).unwrap_or_default(),
            share: 0,
        });
    }
    Ok(figures)
}

/// Names of keys.
struct Names<'a> {
    terminal: &'a Terminal,
    figures: &'a Figures,
}

impl Names<'_> {
    fn of(&self, dimension: Dimension, key: &str) -> Name {
        match dimension {
            Dimension::Product => match self.figures.products.get(key) {
                Some((_, name)) if !name.zh.is_empty() || !name.en.is_empty() => name.clone(),
                Some((sku, _)) => Name { zh: sku.to_string(), en: sku.to_string() },
                None => words::key(dimension, key),
            },
            Dimension::Cashier => {
                let staff = self.terminal.store.staff();
                let known = staff.iter().find(|staff| staff.id.as_str() == key);
                known.map_or_else(|| words::key(dimension, key), |staff| staff.name.clone())
            }
            Dimension::Discount => {
                let promotion = key.split_once(':').and_then(|(_, id)| self.figures.promotions.get(id));
                promotion.cloned().unwrap_or_else(|| words::key(dimension, key.split(':').next().unwrap_or(key)))
            }
            _ => words::key(dimension, key),
        }
    }
}

fn section(compared: &Compared<'_>, dimension: Dimension, names: &Names<'_>) -> Result<ReportSectionView, Problem> {
    let beside = match dimension {
        Dimension::Tax => Some(Dimension::TaxBase),
        Dimension::Tender => Some(Dimension::TenderRefunded),
        Dimension::Cashier => Some(Dimension::CashierRefunded),
        _ => None,
    };
    let rows = compared.now.of(dimension).map(|(key, figure)| {
        let second = beside.map(|beside| compared.now.figure(beside, &key.key, key.currency).amount);
        let compare = |tally: Option<&Tally>| tally.map(|tally| tally.figure(dimension, &key.key, key.currency));
        Row {
            key,
            label: names.of(dimension, &key.key),
            figure: *figure,
            second: second.flatten(),
            before: compare(compared.before),
            week: compare(compared.week),
        }
    });
    Ok(shown(dimension.code(), words::second(dimension), rows.collect(), dimension == Dimension::Product))
}

/// A figure before it is shown.
struct Row<'a> {
    key: &'a FigureKey,
    label: Name,
    figure: Figure,
    second: Option<Money>,
    before: Option<Figure>,
    week: Option<Figure>,
}

/// A list of figures; `ranked`: the largest first.
fn shown(id: &str, second: Option<Name>, mut rows: Vec<Row<'_>>, ranked: bool) -> ReportSectionView {
    let minor = |row: &Row<'_>| row.figure.amount.map_or(0, Money::minor);
    if ranked {
        rows.sort_by_key(|row| std::cmp::Reverse(minor(row)));
    }
    let more = rows.len().saturating_sub(LONGEST_LIST);
    rows.truncate(LONGEST_LIST);
    let largest = rows.iter().map(|row| minor(row).unsigned_abs()).max().unwrap_or(0).max(1);
    let figures = rows.iter().map(|row| {
        let value = |figure: Option<Figure>| figure.and_then(|figure| figure.amount);
        let text = |figure| value(figure).map(present::money_text).unwrap_or_default();
        let compare = |figure| {
            let other = value(figure).map(|amount| (String::new(), Some(amount.to_decimal())));
            change(row.figure.amount.map(Money::to_decimal), other.as_ref())
        };
        let share = u128::from(minor(row).unsigned_abs()) * 1_000 / u128::from(largest);
        ReportFigureView {
            dimension: id.to_owned(),
            key: row.key.key.clone(),
            currency: row.key.currency.map(|currency| currency.to_string()).unwrap_or_default(),
            label: NameView::from(&row.label),
            count: count(row.figure.count),
            quantity: if row.figure.quantity.milli() == 0 { String::new() } else { row.figure.quantity.to_string() },
            amount: row.figure.amount.map(present::money),
            second: row.second.map(present::money),
            change: compare(row.before),
            before: text(row.before),
            change_week: compare(row.week),
            week: text(row.week),
            share: u32::try_from(share).unwrap_or(1_000),
        }
    });
    ReportSectionView {
        id: id.to_owned(),
        title: NameView::from(&words::title(id)),
        second: second.as_ref().map(NameView::from),
        figures: figures.collect(),
        more: count(more as u64),
    }
}

/// By how much a value differs from an earlier one: `+12.3%`; empty where there is nothing to compare with.
fn change(now: Option<Decimal>, before: Option<&(String, Option<Decimal>)>) -> String {
    let (Some(now), Some(before)) = (now, before.and_then(|(_, value)| *value)) else { return String::new() };
    if before.is_zero() || before.is_sign_negative() {
        return String::new();
    }
    let percent = (now - before) / before * Decimal::ONE_HUNDRED;
    let rounded = domain::Rounding::HalfUp.round(percent, 1).normalize();
    if rounded.is_sign_negative() { format!("{rounded}%") } else { format!("+{rounded}%") }
}

/// Which category each product of a report is in now.
pub(super) struct Categories {
    of_product: HashMap<String, String>,
    names: BTreeMap<String, Name>,
}

impl Categories {
    pub(super) fn of(terminal: &Terminal, figures: &Figures) -> Result<Self, Problem> {
        let names = terminal.store.categories()?.into_iter().map(|(category, _)| (category.code.to_string(), category.name));
        let mut names: BTreeMap<String, Name> = names.collect();
        names.insert(NO_CATEGORY.to_owned(), words::uncategorised());
        let mut of_product = HashMap::new();
        for (key, _) in figures.tally.of(Dimension::Product) {
            of_product.insert(key.key.clone(), category_of(terminal, &key.key)?);
        }
        Ok(Self { of_product, names })
    }

    /// The tally with a category in the place of each product.
    fn regrouped(&self, tally: &Tally) -> Result<BTreeMap<FigureKey, Figure>, MoneyError> {
        let mut groups: BTreeMap<FigureKey, Figure> = BTreeMap::new();
        for (key, figure) in tally.of(Dimension::Product) {
            let category = self.of_product.get(&key.key).cloned().unwrap_or_default();
            let group = FigureKey { key: category, ..key.clone() };
            let before = groups.get(&group).copied().unwrap_or_else(|| Figure::nothing(key.currency));
            groups.insert(group, before.plus(*figure)?);
        }
        Ok(groups)
    }

    fn section(&self, compared: &Compared<'_>) -> Result<ReportSectionView, Problem> {
        let now = self.regrouped(compared.now)?;
        let before = compared.before.map(|tally| self.regrouped(tally)).transpose()?;
        let week = compared.week.map(|tally| self.regrouped(tally)).transpose()?;
        let compare = |groups: Option<&BTreeMap<FigureKey, Figure>>, key: &FigureKey| {
            groups.map(|groups| groups.get(key).copied().unwrap_or_else(|| Figure::nothing(key.currency)))
        };
        let rows = now.iter().map(|(key, figure)| Row {
            key,
            label: self.names.get(&key.key).cloned().unwrap_or_else(|| Name { zh: key.key.clone(), en: key.key.clone() }),
            figure: *figure,
            second: None,
            before: compare(before.as_ref(), key),
            week: compare(week.as_ref(), key),
        });
        Ok(shown("category", None, rows.collect(), true))
    }
}

/// The category that a product is in now.
pub(super) fn category_of(terminal: &Terminal, product: &str) -> Result<String, Problem> {
    let Ok(id) = product.parse::<ProductId>() else { return Ok(NO_CATEGORY.to_owned()) };
    let category = terminal.store.product(id)?.and_then(|product| product.category.clone());
    Ok(category.map_or_else(|| NO_CATEGORY.to_owned(), String::from))
}

pub(super) fn count(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

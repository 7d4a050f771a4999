//! Reading the sums.

use std::collections::{BTreeMap, BTreeSet};

use domain::report::{Dimension, Fact, Figure, FigureKey, Tally};
use domain::{Change, Currency, Money, Name, StockDelta, StoreCode};
use jiff::civil::Date;
use serde::Serialize;

use crate::database::{Row, Session, Value};
use crate::error::HubError;
use crate::hub::Hub;
use crate::store;

/// Names that are looked up in one go.
const NAMES_AT_ONCE: usize = 100;

/// Some days of a store, all its terminals together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayReport {
    /// The store's code.
    pub store: StoreCode,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// The currency of the store.
    pub currency: Currency,
    /// Sales less refunds, in it.
    pub net: Money,
    /// What a sale came to on average.
    pub average: Option<Money>,
    /// Every figure.
    pub figures: Vec<NamedFigure>,
}

/// A figure and what its key is called, where the hub knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamedFigure {
    /// What it is about.
    pub dimension: Dimension,
    /// Which one.
    pub key: String,
    /// What that is called: a product's or a person's name; empty where the key says it.
    #[serde(skip_serializing_if = "no_name")]
    pub name: Name,
    /// How many facts.
    pub count: u64,
    /// How much of goods.
    pub quantity: StockDelta,
    /// How much money; none for what is only counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
}

fn no_name(name: &Name) -> bool {
    name.zh.is_empty() && name.en.is_empty()
}

impl Hub {
    /// The figures of a store's days, from the running sums. `products`: with one figure a product.
    pub fn sums(&self, code: &StoreCode, from: Date, to: Date, products: bool) -> Result<Tally, HubError> {
        self.0.database.read(|session| {
            let store = store::by_code(session, code)?;
            of_store(session, store.number, from, to, products)
        })
    }

    /// The same with names: what `report day` and the managers' page show.
    pub fn report_day(&self, code: &StoreCode, from: Date, to: Date, products: bool) -> Result<DayReport, HubError> {
        self.0.database.read_at_once(|session| {
            let store = store::by_code(session, code)?;
            let tally = of_store(session, store.number, from, to, products)?;
            let names = names(session, store.number, &tally)?;
            let currency = store.shop.currency;
            let figures = tally.iter().map(|(key, figure)| NamedFigure {
                dimension: key.dimension,
                key: key.key.clone(),
                name: names.get(key).cloned().unwrap_or_default(),
                count: figure.count,
                quantity: figure.quantity,
                amount: figure.amount,
            });
            Ok(DayReport {
                store: code.clone(),
                from,
                to,
                currency,
                net: tally.net(currency)?,
                average: tally.average(currency)?,
                figures: figures.collect(),
            })
        })
    }
}

fn of_store(session: &mut Session<'_>, store: i64, from: Date, to: Date, products: bool) -> Result<Tally, HubError> {
    let dimensions: Vec<Dimension> =
        Dimension::ALL.iter().copied().filter(|dimension| products || *dimension != Dimension::Product).collect();
    sums(session, (store, None), from, to, &dimensions)
}

/// The sums of a store's days, of all its terminals or of one.
pub(super) fn sums(
    session: &mut Session<'_>,
    (store, terminal): (i64, Option<i64>),
    from: Date,
    to: Date,
    dimensions: &[Dimension],
) -> Result<Tally, HubError> {
    // Codes of this program's own; a list in the statement lets both databases go straight to each.
    let list: Vec<String> = dimensions.iter().map(|dimension| format!("'{dimension}'")).collect();
    let of_terminal = if terminal.is_some() { " AND terminal = $4" } else { "" };
    let sql = format!(
        "SELECT dimension, currency, key, CAST(SUM(counted) AS BIGINT), CAST(SUM(quantity) AS BIGINT), \
         CAST(SUM(amount) AS BIGINT) FROM report_sums WHERE store = $1 AND dimension IN ({}) \
         AND business_date >= $2 AND business_date <= $3{of_terminal} GROUP BY dimension, currency, key",
        list.join(", ")
    );
    let (from, to) = (from.to_string(), to.to_string());
    let mut values: Vec<Value<'_>> = vec![store.into(), (&from).into(), (&to).into()];
    values.extend(terminal.map(Value::from));
    let facts = session.query(&sql, &values, |row| read(row, 0))?;
    let mut tally = Tally::default();
    tally.take(facts)?;
    Ok(tally)
}

/// A figure from the column `first` on: dimension, currency, key, count, quantity, amount.
pub(super) fn read(row: &Row<'_>, first: usize) -> Result<Fact, HubError> {
    let unreadable = |detail: String| HubError::Unreadable { what: "report's sum", detail };
    let dimension = row.text(first)?.parse().map_err(|error: domain::report::UnknownDimension| unreadable(error.to_string()))?;
    let currency = match row.text(first + 1)?.as_str() {
        "" => None,
        code => Some(Currency::parse(code)?),
    };
    let minor = row.int(first + 5)?;
    Ok(Fact {
        key: FigureKey { dimension, currency, key: row.text(first + 2)? },
        adds: Figure {
            count: row.count(first + 3)?,
            quantity: StockDelta::from_milli(row.int(first + 4)?),
            amount: currency.map(|currency| Money::from_minor(minor, currency)),
        },
    })
}

/// What products and people are called in the store's feed.
fn names(session: &mut Session<'_>, store: i64, tally: &Tally) -> Result<BTreeMap<FigureKey, Name>, HubError> {
    let mut names = BTreeMap::new();
    let thing = |key: &FigureKey| match key.dimension {
        Dimension::Product => Some(format!("product:{}", key.key)),
        Dimension::Cashier | Dimension::CashierRefunded => Some(format!("staff:{}", key.key)),
        _ => None,
    };
    let wanted: BTreeSet<(String, &FigureKey)> =
        tally.iter().filter_map(|(key, _)| thing(key).map(|thing| (thing, key))).collect();
    let things: Vec<&String> = wanted.iter().map(|(thing, _)| thing).collect();
    let mut known = BTreeMap::new();
    for chunk in things.chunks(NAMES_AT_ONCE) {
        let places: Vec<String> = (2..chunk.len() + 2).map(|number| format!("${number}")).collect();
        let sql = format!("SELECT key, change FROM feed WHERE store = $1 AND key IN ({})", places.join(", "));
        let mut values: Vec<Value<'_>> = vec![store.into()];
        values.extend(chunk.iter().map(|thing| Value::from(*thing)));
        known.extend(session.query(&sql, &values, |row| Ok::<_, HubError>((row.text(0)?, row.text(1)?)))?);
    }
    for (thing, key) in wanted {
        // What another version wrote may have another form; the figure is shown by its key then.
        match known.get(&thing).map(|change| serde_json::from_str::<Change>(change)) {
            Some(Ok(Change::Product(product))) => names.insert(key.clone(), product.name),
            Some(Ok(Change::Staff(staff))) => names.insert(key.clone(), staff.name),
            _ => None,
        };
    }
    Ok(names)
}

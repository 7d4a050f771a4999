//! What a bench answers: a table for people, a list for programs.

use serde::Serialize;

/// Which side of a goal is the good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The value should be at most the goal.
    AtMost,
    /// The value should be at least the goal.
    AtLeast,
}

/// One measured figure.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// What was measured.
    pub name: String,
    /// The figure that the goal speaks of: a ratio to the floor, or a quantity in `unit`.
    pub value: f64,
    /// `x floor` for ratios, else `ms`, `MB` …
    pub unit: &'static str,
    /// What the floor that ran beside it took or reached, in `floor_unit`; none where the goal is absolute.
    pub floor: Option<f64>,
    /// Unit of `floor` and `measured`.
    pub floor_unit: Option<&'static str>,
    /// What we took or reached, in `floor_unit`.
    pub measured: Option<f64>,
    /// The goal for `value`.
    pub goal: f64,
    /// Which side of the goal is good.
    pub bound: Bound,
    /// Whether `value` reaches it.
    pub met: bool,
}

impl Row {
    /// A time against the floor's time: smaller is better.
    pub fn slower_than_floor(name: &str, measured: f64, floor: f64, floor_unit: &'static str, goal: f64) -> Self {
        Self::ratio(name, measured, floor, floor_unit, goal, Bound::AtMost)
    }

    /// A rate against the floor's rate: larger is better.
    pub fn share_of_floor(name: &str, measured: f64, floor: f64, floor_unit: &'static str, goal: f64) -> Self {
        Self::ratio(name, measured, floor, floor_unit, goal, Bound::AtLeast)
    }

    /// A quantity with an absolute upper goal.
    pub fn at_most(name: &str, value: f64, unit: &'static str, goal: f64) -> Self {
        let (floor, floor_unit, measured) = (None, None, None);
        Self { name: name.to_owned(), value, unit, floor, floor_unit, measured, goal, bound: Bound::AtMost, met: value <= goal }
    }

    fn ratio(name: &str, measured: f64, floor: f64, floor_unit: &'static str, goal: f64, bound: Bound) -> Self {
        let value = measured / floor;
        let met = match bound {
            Bound::AtMost => value <= goal,
            Bound::AtLeast => value >= goal,
        };
        Self {
            name: name.to_owned(),
            value,
            unit: "x floor",
            floor: Some(floor),
            floor_unit: Some(floor_unit),
            measured: Some(measured),
            goal,
            bound,
            met,
        }
    }
}

/// The table.
pub fn table(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
    let mut text = format!("{:width$}  {:>10} {:8} {:>22} {:>12}  met\n", "what", "value", "", "floor", "goal");
    for row in rows {
        let floor = match (row.floor, row.floor_unit) {
            (Some(floor), Some(unit)) => format!("{} {unit}", figure(floor)),
            _ => "-".to_owned(),
        };
        let sign = if row.bound == Bound::AtMost { "<=" } else { ">=" };
        let goal = format!("{sign} {}", figure(row.goal));
        let met = if row.met { "yes" } else { "NO" };
        let (name, value, unit) = (&row.name, figure(row.value), row.unit);
        text.extend([format!("{name:width$}  {value:>10} {unit:8} {floor:>22} {goal:>12}  {met}\n")]);
    }
    text
}

fn figure(value: f64) -> String {
    let decimals = match value.abs() {
        large if large >= 100.0 => 0,
        middle if middle >= 1.0 => 2,
        _ => 4,
    };
    format!("{value:.decimals$}")
}

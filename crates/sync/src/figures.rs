//! "Prove this number": a terminal asks the hub what it comes to for a figure of that terminal's own journal.
//!
//! `POST /v1/terminals/{id}/figures` [`FigureQuestion`] → [`FigureAnswer`]. Safe to repeat.

use domain::report::{Dimension, Figure};
use domain::{Currency, Money, StaffId, StockDelta};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a figure is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureOf {
    /// Sales less refunds.
    Net,
    /// Every key of a dimension.
    Whole(Dimension),
    /// Some keys of it: one, or the products of a category.
    Keys {
        /// The dimension.
        dimension: Dimension,
        /// The keys.
        keys: Vec<String>,
    },
}

impl FigureOf {
    /// The dimensions that it is made of.
    pub fn dimensions(&self) -> Vec<Dimension> {
        match self {
            Self::Net => vec![Dimension::Sales, Dimension::Refunds],
            Self::Whole(dimension) | Self::Keys { dimension, .. } => vec![*dimension],
        }
    }

    /// True for what is a part of it.
    pub fn has(&self, dimension: Dimension, key: &str) -> bool {
        match self {
            Self::Net => matches!(dimension, Dimension::Sales | Dimension::Refunds),
            Self::Whole(own) => dimension == *own,
            Self::Keys { dimension: own, keys } => dimension == *own && keys.iter().any(|known| known == key),
        }
    }
}

/// Count, quantity and amount as they travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureSum {
    /// How many facts.
    pub count: u64,
    /// How much of goods.
    pub quantity: StockDelta,
    /// How much money; none for what is only counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
}

impl From<Figure> for FigureSum {
    fn from(figure: Figure) -> Self {
        Self { count: figure.count, quantity: figure.quantity, amount: figure.amount }
    }
}

/// What a terminal comes to, over the entries that it knows the hub to hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureQuestion {
    /// The first business day.
    pub from: Date,
    /// The last business day.
    pub to: Date,
    /// Which figure.
    pub of: FigureOf,
    /// The currency of its amount.
    pub currency: Currency,
    /// The last entry that `own` covers.
    pub acked: u64,
    /// What the terminal comes to.
    pub own: FigureSum,
    /// The entries of these days, as first and last number of each run.
    pub runs: Vec<(u64, u64)>,
    /// Who asks.
    pub staff: StaffId,
}

/// What the hub comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureAnswer {
    /// The last entry that the hub holds. When it is not the one that was asked about, nothing was compared: ask again.
    pub acked: u64,
    /// By its running sums.
    pub kept: FigureSum,
    /// By folding the entries that it holds, once more.
    pub entries: FigureSum,
    /// How many of them had a part in it.
    pub entries_behind: u64,
    /// True: the three are not the same, and an incident was written down.
    pub differs: bool,
}

//! What a user interface shows of shifts.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::MoneyView;

views! {
    /// Coins or notes of one value as somebody counts them.
    pub struct PiecesEntry {
        /// What one is worth: `0.50`.
        value: String,
        /// How many, as typed; empty means none.
        pieces: String,
    }

    /// A count as somebody types it.
    pub struct CountEntry {
        /// By value.
        pieces: Vec<PiecesEntry>,
        /// Counted without pieces, as typed; empty means nothing.
        loose: String,
    }

    /// A count, added up.
    pub struct CountView {
        /// What the pieces of each value come to, in the order of the entry.
        worth: Vec<MoneyView>,
        /// All together.
        total: MoneyView,
    }

    /// An order that must be finished or cancelled before the shift is closed.
    pub struct UnfinishedView {
        /// For `cancel_unfinished`.
        id: String,
        /// `held`: put aside; `open`: being rung up or paid at a screen.
        kind: String,
        /// What it was called; may be empty.
        label: String,
        /// Who rang it up.
        staff: String,
        /// What it comes to.
        total: MoneyView,
        /// How many lines it has.
        lines: u32,
    }

    /// Cash that moved without a sale.
    pub struct CashMoveView {
        /// When.
        at: String,
        /// `pay_in`, `pay_out`, `safe_drop` or `bank_drop`.
        #[ts(type = "'pay_in' | 'pay_out' | 'safe_drop' | 'bank_drop'")]
        way: String,
        /// How much.
        amount: MoneyView,
        /// Why.
        reason: String,
        /// Who was signed in.
        staff: String,
    }

    /// A count to close the shift, with what it was held against.
    pub struct CountedView {
        /// What lay in the drawer.
        total: MoneyView,
        /// What had to lie in it.
        expected: MoneyView,
        /// By how much it was over or short, without sign.
        difference: MoneyView,
        /// Which of them.
        #[ts(type = "'even' | 'over' | 'short'")]
        verdict: String,
        /// Somebody with the right has to confirm the difference, with a reason.
        confirm: bool,
    }

    /// The shift of this terminal.
    pub struct ShiftView {
        /// Whether one is open.
        #[ts(type = "'closed' | 'open' | 'suspended'")]
        state: String,
        /// The number that its Z will bear.
        number: u32,
        /// Who answers for the drawer, by id; empty while closed.
        cashier: String,
        /// The same, as people call them.
        cashier_name: String,
        /// Since when; empty when it was not opened.
        opened_at: String,
        /// Selling needs an opened shift in this shop.
        required: bool,
        /// Coins and notes, ascending.
        coins: Vec<MoneyView>,
        /// Orders that stand in the way of closing.
        unfinished: Vec<UnfinishedView>,
        /// Cash that moved without a sale, oldest first.
        moves: Vec<CashMoveView>,
        /// How many sales.
        sales: u32,
        /// How many refunds.
        refunds: u32,
        /// How often the drawer was opened without a sale.
        no_sales: u32,
        /// How often the clock was set back.
        clock_back: u32,
        /// What must lie in the drawer; only for those who may know before it is counted.
        expected: Option<MoneyView>,
        /// The count to close it, as long as no cash moved since.
        counted: Option<CountedView>,
    }

    /// An X or a Z.
    pub struct ShiftReportView {
        /// The number: of a Z its own, of an X the one that the Z will bear.
        number: u32,
        /// As it is printed.
        text: String,
        /// `waiting`: queued for the printer; `none`: not printed.
        print: String,
    }

    /// A Z in a list.
    pub struct ZSummaryView {
        /// Its number.
        number: u32,
        /// When the shift was closed.
        at: String,
        /// The day that it belongs to.
        business_date: String,
        /// By whom.
        staff: String,
        /// Sales less refunds.
        net: MoneyView,
        /// By how much the drawer was over (below zero: short), hand-overs included.
        over_short: MoneyView,
        /// True once the hub holds it.
        synced: bool,
    }
}

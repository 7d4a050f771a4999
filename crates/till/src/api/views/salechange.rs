//! Refunds, exchanges and orders of customers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{MoneyView, NameView, PaymentView};

/// How much of a line of a sale is given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RefundLineArgs {
    /// The line, counted from 0.
    pub line: u32,
    /// How much, `2` or `0.355`.
    pub quantity: String,
}

views! {
    /// A sale that is to be given back, wherever it was made.
    pub struct RefundSaleView {
        /// The sale's order.
        sale: String,
        /// Its receipt number.
        receipt: String,
        /// When, in the store's time.
        at: String,
        /// The code of the store that made it; empty for this terminal's own.
        store: String,
        /// What it came to.
        total: MoneyView,
        /// What is left to give back.
        left: MoneyView,
        /// Its lines.
        lines: Vec<RefundableLineView>,
        /// What its tenders paid and have not given back.
        tenders: Vec<TenderLeftView>,
        /// False: the hub did not answer, so refunds at other tills are not known here.
        checked: bool,
    }

    /// A line of a sale with what is left of it.
    pub struct RefundableLineView {
        /// Its place in the sale, counted from 0.
        line: u32,
        /// Its code.
        sku: String,
        /// Its names.
        name: NameView,
        /// True: counted whole.
        whole: bool,
        /// How much was sold.
        sold: String,
        /// How much is left, `0` for nothing.
        left: String,
        /// Price of one unit.
        unit_price: MoneyView,
        /// What giving all of it back comes to.
        payable: MoneyView,
    }

    /// A tender with what it has not given back.
    pub struct TenderLeftView {
        /// `cash`, `card`, `exchange` or `deposit`.
        kind: String,
        /// The card slip's reference.
        reference: Option<String>,
        /// How much.
        left: MoneyView,
    }

    /// What a refund would come to.
    pub struct RefundPreviewView {
        /// What the lines come to.
        total: MoneyView,
        /// How it goes back.
        payments: Vec<PaymentView>,
        /// What goes back in all, with cash rounding.
        back: MoneyView,
    }

    /// An order of a customer.
    pub struct CustomerOrderView {
        /// Its id.
        order: String,
        /// What people call it.
        short: String,
        /// `quotation` or `presale`.
        kind: String,
        /// `quoted`, `placed`, `changed`, `completed`, `cancelled` or `expired`.
        state: String,
        /// The last day on which its prices hold, `2026-11-30`; may be empty.
        valid_until: String,
        /// True: that day has passed.
        overdue: bool,
        /// What is written on it.
        note: String,
        /// How many lines.
        lines: u32,
        /// What it comes to.
        total: MoneyView,
        /// What was paid on it.
        deposit: MoneyView,
        /// What is still to be paid.
        due: MoneyView,
        /// What the shop would keep of the deposit if it were cancelled.
        charge: MoneyView,
        /// What would go back then.
        returned: MoneyView,
        /// The order as printed, monospaced.
        text: String,
    }

    /// The open orders of customers.
    pub struct CustomerOrdersView {
        /// The orders, newest first.
        orders: Vec<CustomerOrderView>,
        /// False: the hub did not answer, so these are the ones of this till alone.
        complete: bool,
    }
}

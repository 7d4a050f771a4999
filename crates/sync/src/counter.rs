//! Questions about orders that a till asks its hub while somebody waits at the counter: JSON over signed POST requests.
//!
//! | request | answer |
//! | --- | --- |
//! | `POST /v1/refunds/check` [`RefundQuestion`] | [`RefundAnswer`] |
//! | `POST /v1/refunds/claim` [`RefundClaim`] | [`ClaimAnswer`] |
//! | `POST /v1/held/put` [`HeldPut`] | [`HeldDone`] |
//! | `POST /v1/held/list` [`HeldQuestion`] | [`HeldList`] |
//! | `POST /v1/held/take` [`HeldTake`] | [`HeldTaken`] |
//! | `POST /v1/orders/list` [`OrdersQuestion`] | [`OrdersAnswer`] |
//! | `POST /v1/orders/claim` [`OrderClaim`] | [`OrderClaimed`] |

use domain::customer_order::OrderFile;
use domain::{CustomerOrderId, Money, Order, OrderId, Quantity, StaffId, StoreCode, TerminalId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Which sale is to be given back?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundQuestion {
    /// Who asks.
    pub staff: StaffId,
    /// The number on the receipt or the order's id, of whatever store.
    pub sale: String,
}

/// The sale, where the hub holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundAnswer {
    /// None: no till has reported it yet.
    pub sale: Option<SaleAtHub>,
}

/// A sale with what was given back of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleAtHub {
    /// The sale.
    pub order: Order,
    /// When it was made.
    pub at: Timestamp,
    /// At which terminal.
    pub terminal: TerminalId,
    /// Of which store.
    pub store: StoreCode,
    /// The refunds that were reported.
    pub refunds: Vec<Order>,
    /// What other tills are about to give back.
    pub claimed: Vec<ClaimedLine>,
}

/// How much of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimedLine {
    /// The line, counted from 0.
    pub line: u32,
    /// How much.
    pub quantity: Quantity,
}

/// A till is about to give goods back. Repeating a claim replaces it; without lines it is given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundClaim {
    /// Who asks.
    pub staff: StaffId,
    /// The refund that will be made: its order's id.
    pub refund: OrderId,
    /// The sale.
    pub sale: OrderId,
    /// What of it.
    pub lines: Vec<ClaimedLine>,
}

/// Whether the goods may be given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimAnswer {
    /// True: nobody else will be granted the same for half an hour.
    pub granted: bool,
    /// What is left besides what others claim, in thousandths, a number for each line; empty when the hub does not hold the
    /// sale yet, which is granted.
    pub left: Vec<i64>,
}

/// An order that was put aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldPut {
    /// Who put it aside.
    pub staff: StaffId,
    /// Its id.
    pub id: String,
    /// What it was called.
    pub label: String,
    /// When.
    pub at: Timestamp,
    /// What it comes to.
    pub total: Money,
    /// How many lines it has.
    pub lines: u32,
    /// The order, as the till wrote it.
    pub body: String,
}

/// It is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldDone {
    /// False: somebody has taken it up already.
    pub held: bool,
}

/// Which orders are put aside in the store?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldQuestion {
    /// Who asks.
    pub staff: StaffId,
}

/// Orders put aside in the store, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldList {
    /// The orders.
    pub held: Vec<HeldElsewhere>,
}

/// An order put aside, without its contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldElsewhere {
    /// Its id.
    pub id: String,
    /// What it was called.
    pub label: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub staff: StaffId,
    /// At which terminal.
    pub terminal: TerminalId,
    /// What that terminal is called.
    pub terminal_name: String,
    /// What it comes to.
    pub total: Money,
    /// How many lines it has.
    pub lines: u32,
}

/// Take an order up. One till gets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldTake {
    /// Who asks.
    pub staff: StaffId,
    /// Which.
    pub id: String,
}

/// The order that was taken up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldTaken {
    /// The order, as the till that held it wrote it; none: another till has it.
    pub body: Option<String>,
    /// True: the hub knows of it, and another till has taken it.
    pub taken: bool,
}

/// Which orders of customers are open in the store?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrdersQuestion {
    /// Who asks.
    pub staff: StaffId,
}

/// Open orders of customers, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrdersAnswer {
    /// The orders.
    pub orders: Vec<OrderFile>,
}

/// A till is about to do something to an order: add to its deposit, change, complete or cancel it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderClaim {
    /// Who asks.
    pub staff: StaffId,
    /// Which order.
    pub order: CustomerOrderId,
}

/// The order as the hub knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderClaimed {
    /// None: no till has reported it yet.
    pub file: Option<OrderFile>,
    /// False: another till is at it.
    pub granted: bool,
}

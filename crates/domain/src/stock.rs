//! Goods that move without a sale: received, counted, sent to another store and taken in there. Each is an event of its own
//! and, like [`StockAdjustment`], a document with lines; [`document`] shows what all of them have in common.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::ids::{AdjustmentId, ProductId, Sku, StoreCode, StoreId};
use crate::money::UnitPrice;
use crate::order::{AdjustmentLine, StockAdjustment};
use crate::quantity::{Quantity, StockDelta};

/// One product that came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedLine {
    /// The product.
    pub product: ProductId,
    /// Its code.
    pub sku: Sku,
    /// How much came in.
    pub quantity: Quantity,
    /// What one unit cost, where it was taken down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<UnitPrice>,
    /// The lot on its label.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub lot: String,
    /// The last day it may be sold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<Date>,
}

/// Goods that came from a supplier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoodsReceived {
    /// Its id.
    pub id: AdjustmentId,
    /// From whom: a company, never a person.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub supplier: String,
    /// The delivery note's number, or a note.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// What.
    pub lines: Vec<ReceivedLine>,
}

/// One product that was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedLine {
    /// The product.
    pub product: ProductId,
    /// Its code.
    pub sku: Sku,
    /// What should have been there when it was counted; sales since then change both sides alike.
    pub expected: StockDelta,
    /// What was there.
    pub counted: StockDelta,
}

impl CountedLine {
    /// What stock changes by.
    pub fn difference(&self) -> StockDelta {
        StockDelta::from_milli(self.counted.milli().saturating_sub(self.expected.milli()))
    }
}

/// Stock that was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockCounted {
    /// Its id.
    pub id: AdjustmentId,
    /// Why, or which shelf.
    pub reason: String,
    /// Every product that was counted, also those without a difference.
    pub lines: Vec<CountedLine>,
}

/// One product on its way between two stores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentLine {
    /// The product.
    pub product: ProductId,
    /// Its code.
    pub sku: Sku,
    /// How much.
    pub quantity: Quantity,
}

/// Goods that left for another store; they are in transit until that store takes them in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferSent {
    /// The transfer's id; [`TransferReceived`] names it.
    pub id: AdjustmentId,
    /// Where to.
    pub to: StoreId,
    /// That store's code.
    pub to_code: StoreCode,
    /// A note.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// What.
    pub lines: Vec<SentLine>,
}

/// One product of a transfer that arrived, or did not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrivedLine {
    /// The product.
    pub product: ProductId,
    /// Its code.
    pub sku: Sku,
    /// What the other store sent; nothing for goods that were not announced.
    pub sent: StockDelta,
    /// What arrived; nothing for what is missing.
    pub arrived: StockDelta,
}

/// A transfer that arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferReceived {
    /// The transfer's id.
    pub id: AdjustmentId,
    /// Where from.
    pub from: StoreId,
    /// That store's code.
    pub from_code: StoreCode,
    /// A note.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// What.
    pub lines: Vec<ArrivedLine>,
}

impl TransferReceived {
    /// The lines where something else arrived than was sent.
    pub fn differences(&self) -> impl Iterator<Item = &ArrivedLine> {
        self.lines.iter().filter(|line| line.sent != line.arrived)
    }
}

/// What a stock document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// [`StockAdjustment`].
    Adjusted,
    /// [`GoodsReceived`].
    Received,
    /// [`StockCounted`].
    Counted,
    /// [`TransferSent`].
    TransferSent,
    /// [`TransferReceived`].
    TransferReceived,
}

impl DocumentKind {
    /// The name by which databases know the kind.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Adjusted => "adjusted",
            Self::Received => "received",
            Self::Counted => "counted",
            Self::TransferSent => "transfer_sent",
            Self::TransferReceived => "transfer_received",
        }
    }
}

/// What a document does to stock: one form for all kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockDocument {
    /// What it is.
    pub kind: DocumentKind,
    /// Its id, why, its lines and its name in another system.
    pub content: StockAdjustment,
}

/// The stock document that an event is; none for sales, refunds and everything else.
pub fn document(event: &Event) -> Option<StockDocument> {
    let line = |product: ProductId, sku: &Sku, milli: i64, note: String| AdjustmentLine {
        product,
        sku: sku.clone(),
        delta: StockDelta::from_milli(milli),
        note,
    };
    let (kind, id, reason, lines) = match event {
        Event::StockAdjusted(adjustment) => {
            return Some(StockDocument { kind: DocumentKind::Adjusted, content: adjustment.clone() });
        }
        Event::GoodsReceived(received) => {
            let lines = received.lines.iter();
            let lines = lines.map(|of| line(of.product, &of.sku, of.quantity.milli(), received_note(of))).collect();
            (DocumentKind::Received, received.id, joined(&received.supplier, &received.note), lines)
        }
        Event::StockCounted(count) => {
            let lines = count.lines.iter();
            let note = |of: &CountedLine| format!("{} → {}", of.expected, of.counted);
            let lines = lines.map(|of| line(of.product, &of.sku, of.difference().milli(), note(of))).collect();
            (DocumentKind::Counted, count.id, count.reason.clone(), lines)
        }
        Event::TransferSent(sent) => {
            let lines = sent.lines.iter().map(|of| line(of.product, &of.sku, -of.quantity.milli(), String::new())).collect();
            (DocumentKind::TransferSent, sent.id, joined(sent.to_code.as_str(), &sent.note), lines)
        }
        Event::TransferReceived(arrived) => {
            let note =
                |of: &ArrivedLine| if of.sent == of.arrived { String::new() } else { format!("{} → {}", of.sent, of.arrived) };
            let lines = arrived.lines.iter().map(|of| line(of.product, &of.sku, of.arrived.milli(), note(of))).collect();
            (DocumentKind::TransferReceived, arrived.id, joined(arrived.from_code.as_str(), &arrived.note), lines)
        }
        _ => return None,
    };
    Some(StockDocument { kind, content: StockAdjustment { id, reason, lines, external_reference: None } })
}

fn joined(first: &str, second: &str) -> String {
    [first, second].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn received_note(line: &ReceivedLine) -> String {
    let cost = line.cost.map(|cost| cost.to_string()).unwrap_or_default();
    let expiry = line.expiry.map(|date| date.to_string()).unwrap_or_default();
    joined(&joined(&cost, &line.lot), &expiry)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::example::quantity;

    fn sku() -> Sku {
        Sku::parse("A").expect("a code")
    }

    fn moved(event: &Event) -> Vec<i64> {
        let document = document(event).expect("a document");
        document.content.lines.iter().map(|line| line.delta.milli()).collect()
    }

    #[test]
    fn goods_come_in_leave_and_arrive_by_what_their_lines_say() {
        let (id, product, sku) = (AdjustmentId::generate(), ProductId::generate(), sku());
        let line =
            ReceivedLine { product, sku: sku.clone(), quantity: quantity("2.5"), cost: None, lot: String::new(), expiry: None };
        let received = GoodsReceived { id, supplier: "Dairy".to_owned(), note: "LS 7".to_owned(), lines: vec![line] };
        let event = Event::GoodsReceived(received);
        assert_eq!(moved(&event), [2_500]);
        assert_eq!(document(&event).expect("a document").content.reason, "Dairy · LS 7");
        let store = (StoreId::generate(), StoreCode::parse("S2").expect("a code"));
        let lines = vec![SentLine { product, sku: sku.clone(), quantity: quantity("3") }];
        let sent = TransferSent { id, to: store.0, to_code: store.1.clone(), note: String::new(), lines };
        assert_eq!(moved(&Event::TransferSent(sent)), [-3_000]);
        let lines =
            vec![ArrivedLine { product, sku, sent: StockDelta::from_milli(3_000), arrived: StockDelta::from_milli(2_000) }];
        let arrived = TransferReceived { id, from: store.0, from_code: store.1, note: String::new(), lines };
        assert_eq!(arrived.differences().count(), 1);
        assert_eq!(moved(&Event::TransferReceived(arrived)), [2_000]);
    }

    #[test]
    fn a_journal_tells_its_documents_again_as_they_were_written() {
        let count = StockCounted {
            id: AdjustmentId::generate(),
            reason: "shelf 3".to_owned(),
            lines: vec![CountedLine {
                product: ProductId::generate(),
                sku: sku(),
                expected: StockDelta::from_milli(-1_000),
                counted: StockDelta::from_milli(4_000),
            }],
        };
        let event = Event::StockCounted(count);
        assert_eq!(moved(&event), [5_000]);
        assert_eq!(Event::from_parts(event.kind(), &event.body_json().expect("JSON")).expect("read"), event);
    }

    proptest! {
        #[test]
        fn after_a_count_stock_is_what_was_counted(expected in -1_000_000_i64..1_000_000, counted in 0_i64..1_000_000, sold in 0_i64..1_000) {
            let line = CountedLine {
                product: ProductId::generate(),
                sku: sku(),
                expected: StockDelta::from_milli(expected),
                counted: StockDelta::from_milli(counted),
            };
            // Sales between the count and its booking stay taken off.
            prop_assert_eq!(expected - sold + line.difference().milli(), counted - sold);
        }
    }
}

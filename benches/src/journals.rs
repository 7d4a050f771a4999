//! Signed journals ready to be sent: what tills have in hand after a busy day.

use domain::event::SaleCompleted;
use domain::{Cart, Event, Order, OrderId, PaymentId, ReceiptNumber, StoreCode, TaxRounding, Tendering, TerminalId};
use jiff::Timestamp;
use journal::{Entry, Head, TerminalKeys};
use std::sync::Arc;

use crate::{Failure, goods};

/// Lines of each sale.
pub const LINES: u64 = 5;

/// A terminal of the bench and where its journal ends.
pub struct Journal {
    /// The terminal.
    pub terminal: TerminalId,
    /// Its keys.
    pub keys: Arc<TerminalKeys>,
    head: Head,
    store: StoreCode,
}

impl Journal {
    /// An empty one with new keys.
    pub fn new(store: &StoreCode) -> Result<Self, Failure> {
        Ok(Self {
            terminal: TerminalId::generate(),
            keys: Arc::new(TerminalKeys::generate()?),
            head: Head::START,
            store: store.clone(),
        })
    }

    /// The next `count` sales of five lines and two payments, signed and chained.
    pub fn sales(&mut self, count: usize) -> Result<Vec<String>, Failure> {
        (0..count).map(|_| self.sale()).collect()
    }

    fn sale(&mut self) -> Result<String, Failure> {
        let number = self.head.seq + 1;
        let (mut cart, class) = (Cart::new(goods::currency(), TaxRounding::PerLine), Arc::new(goods::tax_class()));
        for line in 0..LINES {
            cart.add(Arc::new(goods::product((number * 13 + line * 7) % 1_000)), Arc::clone(&class), domain::Quantity::ONE)?;
        }
        let priced = cart.priced()?;
        let mut tendering = Tendering::begin(priced.total, None);
        tendering.take_cash(PaymentId::generate(), domain::Money::from_minor(100, goods::currency()))?;
        let due = tendering.due()?;
        tendering.take_card(PaymentId::generate(), due, "SLIP 1")?;
        let settled = tendering.settle()?;
        let order = Order {
            id: OrderId::generate(),
            receipt: ReceiptNumber::compose(&self.store, 1, number),
            currency: goods::currency(),
            lines: priced.lines.into_iter().map(|priced| priced.line).collect(),
            total: priced.total,
            tax: priced.tax,
            rounding: settled.rounding,
            payments: settled.payments,
            external_reference: None,
            member: None,
            points: None,
            note: String::new(),
            promotions: Vec::new(),
            coupons: Vec::new(),
            acknowledged: None,
        };
        let event = Event::SaleCompleted(SaleCompleted { order });
        let entry = Entry::sign(&self.keys.journal, self.terminal, self.head, Timestamp::now(), None, event)?;
        self.head = entry.head();
        Ok(entry.text)
    }
}

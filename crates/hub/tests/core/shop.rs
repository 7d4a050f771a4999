//! A till that sells: a terminal with its keys and its journal, and orders that add up.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::event::{JournalOpened, ProductAdded, SaleCompleted};
use domain::{
    AdjustmentId, AdjustmentLine, Event, LineTax, Money, Name, Order, OrderId, OrderLine, Payment, PaymentId, Product, ProductId,
    Quantity, ReceiptNumber, Refund, Sku, StaffId, StockAdjustment, StockDelta, TaxCode, Tender, TerminalId, Unit, UnitPrice,
};
use hub::Refused;
use jiff::{SignedDuration, Timestamp};
use journal::{Entry, Head, RequestKey, SigningKey, TerminalKeys, entry_hash};
use sync::wire::{EnrolmentRequest, PushAnswer};

use crate::support::{TestHub, cny, now};

/// Keys take long to make, so tests share some; every terminal of one test has its own.
fn keys(number: usize) -> TerminalKeys {
    static MADE: OnceLock<Mutex<Vec<Arc<Vec<u8>>>>> = OnceLock::new();
    let mut made = MADE.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    while made.len() <= number {
        made.push(Arc::new(SigningKey::generate().unwrap().to_pkcs8_der().unwrap().to_vec()));
    }
    TerminalKeys { journal: SigningKey::from_pkcs8_der(&made[number]).unwrap(), request: RequestKey::generate().unwrap() }
}

/// A till: what it has signed, and how to sign more.
pub struct Till {
    pub id: TerminalId,
    pub keys: TerminalKeys,
    pub journal: Vec<String>,
    pub head: Head,
    pub at: Timestamp,
}

impl Till {
    /// One that has not joined. `number` picks its key.
    pub fn alone(number: usize) -> Self {
        let at = now() - SignedDuration::from_hours(1);
        Self { id: TerminalId::generate(), keys: keys(number), journal: Vec::new(), head: Head::START, at }
    }

    /// The first till of store S1.
    pub fn enrolled(hub: &TestHub) -> Self {
        Self::enrolled_as(hub, 0, "S1")
    }

    pub fn enrolled_as(hub: &TestHub, number: usize, store: &str) -> Self {
        let till = Self::alone(number);
        hub.hub.enrol(&till.request(&hub.enrolment_code(store).code), now()).unwrap();
        till
    }

    pub fn request(&self, code: &str) -> EnrolmentRequest {
        sync::compose_enrolment(code, self.id, &self.keys).unwrap()
    }

    /// Another machine with a copy of this till's folder.
    pub fn copy(&self) -> Self {
        let journal = SigningKey::from_pkcs8_der(&self.keys.journal.to_pkcs8_der().unwrap()).unwrap();
        let request = RequestKey::from_pkcs8_der(&self.keys.request.to_pkcs8_der().unwrap()).unwrap();
        Self { id: self.id, keys: TerminalKeys { journal, request }, journal: self.journal.clone(), head: self.head, at: self.at }
    }

    /// Signs an event into the journal.
    pub fn record(&mut self, event: Event) {
        let staff = StaffId::parse("anna").unwrap();
        let entry = Entry::sign(&self.keys.journal, self.id, self.head, self.at, Some(&staff), event).unwrap();
        self.head = entry.head();
        self.journal.push(entry.text);
        self.at += SignedDuration::from_secs(1);
    }

    pub fn sell(&mut self, order: Order) {
        self.record(Event::SaleCompleted(SaleCompleted { order }));
    }

    pub fn refund(&mut self, of: Option<OrderId>, order: Order) {
        self.record(Event::RefundCompleted(Refund {
            of,
            reason: "broken\0".to_owned(),
            approved_by: None,
            of_receipt: None,
            unchecked: false,
            exchange: None,
            order,
        }));
    }

    /// `count` sales of one piece each at 11.30, tax 13 % within.
    pub fn sell_some(&mut self, count: usize) {
        for _ in 0..count {
            self.sell(order(ProductId::generate(), 1, "11.30"));
        }
    }

    /// Signs a payload that no version of this program would write.
    pub fn record_raw(&mut self, kind: &str, body: &str) {
        let at = format!("{:.3}", self.at);
        let payload = format!(
            r#"{{"v":1,"terminal":"{}","seq":{},"prev":"{}","at":"{at}","staff":null,"kind":"{kind}","body":{body}}}"#,
            self.id,
            self.head.seq + 1,
            self.head.hash
        );
        let header = format!(r#"{{"alg":"RS256","kid":"{}"}}"#, self.keys.journal.kid());
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let signature = self.keys.journal.sign(signed.as_bytes()).unwrap();
        let text = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature));
        self.head = Head { seq: self.head.seq + 1, hash: entry_hash(&text) };
        self.journal.push(text);
    }

    /// Pushes the entries from number `from` on.
    pub fn push_from(&self, hub: &TestHub, from: usize) -> Result<PushAnswer, Refused> {
        self.push(hub, &self.journal[from - 1..])
    }

    pub fn push(&self, hub: &TestHub, entries: &[String]) -> Result<PushAnswer, Refused> {
        hub.hub.ingest(self.id, self.id, entries.to_vec(), now())
    }
}

/// `pieces` of `product` at `price`, tax 13 % within, half of it in cash and the rest by card.
pub fn order(product: ProductId, pieces: i64, price: &str) -> Order {
    let currency = cny();
    let unit_price = UnitPrice::parse(price, currency).unwrap();
    let quantity = Quantity::from_milli(pieces * 1_000).unwrap();
    let extended = unit_price.extend(quantity).unwrap();
    let tax = Money::from_minor(extended.minor() * 13 / 113, currency);
    let line = OrderLine {
        product,
        sku: Sku::parse("TEA").unwrap(),
        name: Name { zh: "茶".to_owned(), en: "Tea".to_owned() },
        quantity,
        unit: Unit::Piece,
        unit_price,
        list_price: None,
        extended,
        discounts: Vec::new(),
        tax_inclusive: true,
        taxes: vec![LineTax { code: "VAT".to_owned(), rate: rust_decimal::Decimal::new(13, 2), tax }],
        net: extended.minus(tax).unwrap(),
        payable: extended,
        of_line: None,
    };
    let cash = Money::from_minor(extended.minor() / 2, currency);
    let change = Money::from_minor(5, currency);
    let card = extended.minus(cash).unwrap();
    let payments = [
        Payment { id: PaymentId::generate(), amount: cash, tender: Tender::Cash { given: cash.plus(change).unwrap(), change } },
        Payment { id: PaymentId::generate(), amount: card, tender: Tender::Card { reference: "slip 7".to_owned() } },
    ];
    Order {
        id: OrderId::generate(),
        receipt: ReceiptNumber::parse("S1-1-000001").unwrap(),
        currency,
        lines: vec![line],
        total: extended,
        tax,
        rounding: Money::zero(currency),
        payments: payments.into_iter().filter(|payment| !payment.amount.is_zero()).collect(),
        external_reference: None,
        member: None,
        points: None,
        note: String::new(),
        promotions: Vec::new(),
        coupons: Vec::new(),
        acknowledged: None,
    }
}

pub fn adjustment(product: ProductId, delta: &str) -> Event {
    Event::StockAdjusted(StockAdjustment {
        id: AdjustmentId::generate(),
        reason: "counted\0".to_owned(),
        lines: vec![AdjustmentLine {
            product,
            sku: Sku::parse("TEA").unwrap(),
            delta: delta.parse::<StockDelta>().unwrap(),
            note: String::new(),
        }],
        external_reference: None,
    })
}

pub fn product(sku: &str) -> Product {
    Product {
        id: ProductId::generate(),
        sku: Sku::parse(sku).unwrap(),
        barcodes: Vec::new(),
        name: Name { zh: "茶".to_owned(), en: "Tea".to_owned() },
        category: None,
        price: UnitPrice::parse("11.30", cny()).unwrap(),
        unit: Unit::Piece,
        tax: TaxCode::parse("VAT13").unwrap(),
        picture: None,
        active: true,
        details: domain::ProductDetails::default(),
    }
}

pub fn product_added(product: &Product) -> Event {
    Event::ProductAdded(ProductAdded { product: product.clone() })
}

pub fn journal_opened() -> Event {
    Event::JournalOpened(JournalOpened { version: "1".to_owned(), training: false })
}

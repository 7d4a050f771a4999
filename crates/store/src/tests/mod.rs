//! The store as a whole, told as what happens to a shop.

mod auditing;
mod damage;
mod feeding;
mod history;
mod interruption;
mod opening;
mod practising;
mod proving;
mod recording;
mod searching;
mod waiting;

use std::path::Path;
use std::sync::LazyLock;

use domain::event::{ProductAdded, SaleCompleted};
use domain::{
    AdjustmentId, AdjustmentLine, Barcode, Category, CategoryCode, Change, Currency, Event, Money, Name, Order, OrderId,
    OrderLine, Payment, PaymentId, Product, ProductId, Quantity, ReceiptNumber, Refund, Sku, StaffId, StockAdjustment,
    StockDelta, TaxClass, TaxCode, Tender, TerminalId, Unit, UnitPrice,
};
use jiff::Timestamp;
use journal::{Entry, SigningKey};
use tempfile::TempDir;

use crate::{Store, StoreError};

static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate().expect("a key"));

/// A terminal that sells.
struct Till {
    folder: TempDir,
    store: Store,
    id: TerminalId,
}

impl Till {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let store = Store::open(folder.path()).expect("a new store");
        let id = TerminalId::generate();
        store.init_terminal(id).expect("an id");
        Self { folder, store, id }
    }

    fn dir(&self) -> &Path {
        self.folder.path()
    }

    /// Closes the store and opens it again.
    fn restart(self) -> Self {
        let Self { folder, store, id } = self;
        drop(store);
        let store = Store::open(folder.path()).expect("the store again");
        Self { folder, store, id }
    }

    /// Closes the store; its file lies complete in the folder.
    fn close(self) -> TempDir {
        drop(self.store);
        self.folder
    }

    fn record(&self, event: impl FnOnce(ReceiptNumber) -> Event) -> Result<Entry, StoreError> {
        let mut writer = self.store.writer()?;
        let event = event(writer.next_receipt_number());
        let entry = Entry::sign(&KEY, self.id, writer.head(), now(), Some(&cashier()), event).expect("signed");
        writer.record(&entry)?;
        Ok(entry)
    }

    fn sell(&self, products: &[&Product]) -> Result<Order, StoreError> {
        let entry = self.record(|receipt| sale(order(receipt, products)))?;
        Ok(order_in(entry.event))
    }

    fn give_back(&self, of: &Order, products: &[&Product]) -> Result<Order, StoreError> {
        let entry = self.record(|receipt| {
            let order = order(receipt, products);
            Event::RefundCompleted(Refund {
                of: Some(of.id),
                reason: String::new(),
                approved_by: None,
                of_receipt: None,
                unchecked: false,
                exchange: None,
                order,
            })
        })?;
        Ok(order_in(entry.event))
    }

    fn adjust(&self, product: &Product, delta: StockDelta, reference: Option<&str>) -> Result<Entry, StoreError> {
        self.record(|_| {
            let line = AdjustmentLine { product: product.id, sku: product.sku.clone(), delta, note: "broken".to_owned() };
            Event::StockAdjusted(StockAdjustment {
                id: AdjustmentId::generate(),
                reason: "damage".to_owned(),
                lines: vec![line],
                external_reference: reference.map(ToOwned::to_owned),
            })
        })
    }

    fn add(&self, product: &Product) -> Result<Entry, StoreError> {
        self.record(|_| Event::ProductAdded(ProductAdded { product: product.clone() }))
    }

    /// The hub acknowledges everything so far.
    fn acknowledge(&self) {
        self.store.set_acked(self.store.head().expect("a head"), "countersigned").expect("our own head");
    }

    fn assert_projections_equal_the_journal(&self) {
        let difference = self.store.verify_projections().expect("verified");
        assert!(difference.is_empty(), "{difference}");
    }
}

fn now() -> Timestamp {
    "2026-11-24T09:30:00.125Z".parse().expect("a time")
}

fn cashier() -> StaffId {
    StaffId::parse("wang").expect("an id")
}

fn cny() -> Currency {
    Currency::parse("CNY").expect("a currency")
}

fn yuan(text: &str) -> Money {
    Money::parse(text, cny()).expect("an amount")
}

fn on_hand(pieces: i64) -> StockDelta {
    StockDelta::from_milli(pieces * 1_000)
}

fn product(sku: &str, zh: &str, en: &str) -> Product {
    Product {
        id: ProductId::generate(),
        sku: Sku::parse(sku).expect("a SKU"),
        barcodes: Vec::new(),
        name: Name { zh: zh.to_owned(), en: en.to_owned() },
        category: None,
        price: UnitPrice::parse("12.90", cny()).expect("a price"),
        unit: Unit::Piece,
        tax: TaxCode::parse("standard").expect("a code"),
        picture: None,
        active: true,
        details: domain::ProductDetails::default(),
    }
}

fn with_barcode(mut product: Product, code: &str) -> Product {
    product.barcodes.push(Barcode::parse(code).expect("a barcode"));
    product
}

fn in_category(mut product: Product, code: &str) -> Product {
    product.category = Some(CategoryCode::parse(code).expect("a code"));
    product
}

fn category(code: &str, position: u32) -> Change {
    let code = CategoryCode::parse(code).expect("a code");
    Change::Category(Category { name: Name { zh: String::new(), en: code.to_string() }, code, position })
}

fn tax_class(code: &str) -> Change {
    let code = TaxCode::parse(code).expect("a code");
    Change::TaxClass(TaxClass { code, name: Name::default(), inclusive: true, rates: Vec::new() })
}

fn sale(order: Order) -> Event {
    Event::SaleCompleted(SaleCompleted { order })
}

fn order_in(event: Event) -> Order {
    match event {
        Event::SaleCompleted(sale) => sale.order,
        Event::RefundCompleted(refund) => refund.order,
        other => panic!("no order: {other:?}"),
    }
}

/// An order of one of each, paid half in cash and half by card.
fn order(receipt: ReceiptNumber, products: &[&Product]) -> Order {
    let lines: Vec<OrderLine> = products.iter().map(|product| line(product)).collect();
    let total = Money::sum(cny(), lines.iter().map(|line| line.payable)).expect("a sum");
    let half = Money::from_minor(total.minor() / 2, cny());
    let rest = total.minus(half).expect("a rest");
    let cash = Tender::Cash { given: half, change: Money::zero(cny()) };
    let card = Tender::Card { reference: "A17".to_owned() };
    Order {
        id: OrderId::generate(),
        receipt,
        currency: cny(),
        lines,
        total,
        tax: Money::zero(cny()),
        rounding: Money::zero(cny()),
        payments: vec![
            Payment { id: PaymentId::generate(), amount: half, tender: cash },
            Payment { id: PaymentId::generate(), amount: rest, tender: card },
        ],
        external_reference: None,
        member: None,
        points: None,
        note: String::new(),
        promotions: Vec::new(),
        coupons: Vec::new(),
        acknowledged: None,
    }
}

fn line(product: &Product) -> OrderLine {
    let extended = product.price.extend(Quantity::ONE).expect("a price");
    OrderLine {
        product: product.id,
        sku: product.sku.clone(),
        name: product.name.clone(),
        quantity: Quantity::ONE,
        unit: product.unit,
        unit_price: product.price,
        list_price: None,
        extended,
        discounts: Vec::new(),
        tax_inclusive: true,
        taxes: Vec::new(),
        net: extended,
        payable: extended,
        of_line: None,
    }
}

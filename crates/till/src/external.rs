//! Taking over what another system sold. The same way as a sale at the counter: compose, sign, record; the time is the one
//! it happened at. Each carries its name in the other system and is taken over once, however often it is asked for.

use std::sync::Arc;

use domain::event::{ProductAdded, SaleCompleted};
use domain::{
    AdjustmentId, AdjustmentLine, Cart, CartError, Event, Money, Name, Order, OrderId, PaymentId, Product, ProductId, Quantity,
    Refund, Sku, StockAdjustment, StockDelta, Tendering, Unit, UnitPrice,
};
use jiff::Timestamp;
use store::StoreError;

use crate::error::TillError;
use crate::local_shop::untaxed;
use crate::selling::ToRecord;
use crate::terminal::Terminal;

/// A product as another system names it. One that the catalogue does not hold (upper and lower case are the same) is added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalProduct {
    /// Its code.
    pub sku: Sku,
    /// Its name, for adding it.
    pub name: Name,
}

/// One line of an order of another system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalLine {
    /// The product.
    pub product: ExternalProduct,
    /// How much.
    pub quantity: Quantity,
    /// The price of one unit.
    pub price: UnitPrice,
}

/// A sale or refund of another system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalOrder {
    /// Its name there; each is taken over once.
    pub reference: String,
    /// When it happened.
    pub at: Timestamp,
    /// The lines, at least one.
    pub lines: Vec<ExternalLine>,
    /// Reference of the card payment that stands for how it was paid.
    pub payment_reference: String,
}

/// One line of a stock adjustment of another system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalAdjustmentLine {
    /// The product.
    pub product: ExternalProduct,
    /// By how much its stock changes.
    pub delta: StockDelta,
    /// A note, as taken down.
    pub note: String,
}

/// A stock adjustment of another system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalAdjustment {
    /// Its name there; each is taken over once.
    pub reference: String,
    /// When it happened.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// What.
    pub lines: Vec<ExternalAdjustmentLine>,
}

/// What became of something to be taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is in the journal now.
    Recorded,
    /// It was there before; nothing was done.
    AlreadyRecorded,
}

impl Terminal {
    /// Takes over a sale.
    pub fn sell_external(&self, sale: &ExternalOrder) -> Result<Outcome, TillError> {
        self.take_over(sale, |order| Event::SaleCompleted(SaleCompleted { order }))
    }

    /// Takes over a refund without a receipt.
    pub fn refund_external(&self, refund: &ExternalOrder) -> Result<Outcome, TillError> {
        let reason = refund.reference.clone();
        self.take_over(refund, |order| {
            Event::RefundCompleted(Refund {
                of: None,
                reason,
                approved_by: None,
                of_receipt: None,
                unchecked: false,
                exchange: None,
                order,
            })
        })
    }

    /// Takes over a stock adjustment.
    pub fn adjust_stock(&self, adjustment: &ExternalAdjustment) -> Result<Outcome, TillError> {
        if self.store.adjustment_by_external(&adjustment.reference)? {
            return Ok(Outcome::AlreadyRecorded);
        }
        let currency = self.shop().currency;
        let free = UnitPrice::parse("0", currency)?;
        let lines = adjustment.lines.iter().map(|line| {
            let product = self.product_of(&line.product, free, adjustment.at)?;
            let note = line.note.clone();
            Ok(AdjustmentLine { product: product.id, sku: product.sku.clone(), delta: line.delta, note })
        });
        let event = StockAdjustment {
            id: AdjustmentId::generate(),
            reason: adjustment.reason.clone(),
            lines: lines.collect::<Result<_, TillError>>()?,
            external_reference: Some(adjustment.reference.clone()),
        };
        once(self.record(Event::StockAdjusted(event), None, adjustment.at))
    }

    /// Adds a product to the catalogue from this terminal.
    pub fn add_product(&self, product: Product, at: Timestamp) -> Result<(), TillError> {
        let sku = product.sku.clone();
        self.record(Event::ProductAdded(ProductAdded { product }), None, at)?;
        tracing::debug!(%sku, "a product was added at this terminal");
        Ok(())
    }

    fn take_over(&self, order: &ExternalOrder, event: impl FnOnce(Order) -> Event) -> Result<Outcome, TillError> {
        if self.store.order_by_external(&order.reference)?.is_some() {
            return Ok(Outcome::AlreadyRecorded);
        }
        let shop = self.shop();
        let mut cart = Cart::new(shop.currency, shop.tax_rounding);
        for line in &order.lines {
            if line.price.currency() != shop.currency {
                let foreign = CartError::ForeignCurrency { product: line.price.currency(), order: shop.currency };
                return Err(foreign.into());
            }
            let product = self.product_of(&line.product, line.price, order.at)?;
            let tax = self.tax_of(&product)?;
            cart.add_line(product, tax, line.quantity, line.price)?;
        }
        let priced = cart.priced()?;
        let mut tendering = Tendering::begin(priced.total, None);
        if priced.total.compare(Money::zero(shop.currency))?.is_gt() {
            tendering.take_card(PaymentId::generate(), priced.total, &order.payment_reference)?;
        }
        let settled = tendering.settle()?;
        let external_reference = Some(order.reference.clone());
        let to_record =
            ToRecord { id: OrderId::generate(), priced, settled, external_reference, note: String::new(), member: None };
        once(self.record_order(to_record, event, None, order.at, None))
    }

    /// The catalogue's product, added where it holds none of that code. One that is no longer sold was sold then.
    fn product_of(&self, product: &ExternalProduct, price: UnitPrice, at: Timestamp) -> Result<Arc<Product>, TillError> {
        if let Some(known) = self.store.product_by_sku(product.sku.as_str())? {
            return Ok(known);
        }
        let added = Product {
            id: ProductId::generate(),
            sku: product.sku.clone(),
            barcodes: Vec::new(),
            name: product.name.clone(),
            category: None,
            price,
            unit: Unit::Piece,
            tax: untaxed().code,
            picture: None,
            active: true,
            details: domain::ProductDetails::default(),
        };
        self.add_product(added.clone(), at)?;
        Ok(Arc::new(added))
    }
}

/// Somebody else may have taken it over in the meantime.
fn once<T>(recorded: Result<T, TillError>) -> Result<Outcome, TillError> {
    match recorded {
        Ok(_) => Ok(Outcome::Recorded),
        Err(TillError::Store(StoreError::AlreadyRecorded { .. })) => Ok(Outcome::AlreadyRecorded),
        Err(error) => Err(error),
    }
}

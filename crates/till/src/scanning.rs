//! What a scanned code means at the counter: a product, a weighed or priced label, a GS1 code with lot and expiry.

use std::sync::Arc;

use domain::barcode::{self, BarcodeError, LabelError, LabelLine, label_line, spellings};
use domain::{Barcode, Cart, LineId, Money, Permission, Product, Quantity, Rounding, Scanned, Shop, Sku};
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::api::{CartView, Problem, ProblemCode, ScannedView};
use crate::present;
use crate::terminal::Terminal;
use crate::typed;

/// A label rung up more often than this in one go is a slip of the finger.
const MOST_LABELS: i64 = 99;

/// Goods that a code stands for.
pub(crate) struct FoundGoods {
    pub(crate) product: Arc<Product>,
    /// What the code says beside the product.
    pub(crate) label: Option<Label>,
}

/// What a label says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Label {
    pub(crate) weight: Option<Decimal>,
    pub(crate) price: Option<Decimal>,
    pub(crate) lot: String,
    pub(crate) serial: String,
    pub(crate) expiry: Option<Date>,
    pub(crate) best_before: Option<Date>,
}

impl Label {
    /// True where it says how much there is or what it costs.
    fn measures(&self) -> bool {
        self.weight.is_some() || self.price.is_some()
    }

    fn view(&self, product: &Product, disagrees: Option<Money>, today: Date) -> ScannedView {
        let currency = product.price.currency();
        let price = self.price.and_then(|price| Money::from_decimal(price, currency, Rounding::HalfUp).ok());
        let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        ScannedView {
            label_price: price.map(present::money),
            till_price: disagrees.map(present::money),
            lot: self.lot.clone(),
            serial: self.serial.clone(),
            expiry: day(self.expiry),
            best_before: day(self.best_before),
            past_best: self.best_before.is_some_and(|date| date < today),
        }
    }
}

impl Terminal {
    /// Rings up what a scanner read. A label is a line of its own and comes to what it says; goods past their last day are not
    /// sold.
    pub(crate) fn ring_up_code(&self, session: &str, code: &str, quantity: &str) -> Result<CartView, Problem> {
        if domain::MemberCode::looks_like(code) {
            return self.put_scanned_member_on_order(session, code);
        }
        if domain::promotion::looks_like_coupon(code) {
            return self.add_coupon_to_order(session, code);
        }
        let quantity = typed::quantity(quantity)?;
        let mut scanned = None;
        let mut view = self.change_cart(session, Permission::Sell, |cart, _| {
            let shop = self.shop();
            let today = shop.business_date(self.clock.now());
            let FoundGoods { product, label } = self.goods(code, &shop)?;
            let (product, tax) = self.product_to_sell(product)?;
            let Some(label) = label else { return Ok(Some(cart.add(product, tax, quantity)?)) };
            if let Some(expiry) = label.expiry.filter(|expiry| *expiry < today) {
                let detail = format!("'{}' may not be sold after {expiry}", product.sku);
                return Err(Problem::new(ProblemCode::GoodsExpired, detail).with("date", expiry).with("sku", &product.sku));
            }
            let line = label_line(label.weight, label.price, product.price, product.unit)?;
            scanned = Some(label.view(&product, line.disagrees, today));
            if label.measures() {
                add_labels(cart, &product, &tax, line, quantity)
            } else {
                Ok(Some(cart.add(product, tax, quantity)?))
            }
        })?;
        view.scanned = scanned;
        Ok(view)
    }

    /// The goods that `code` stands for.
    pub(crate) fn goods(&self, code: &str, shop: &Shop) -> Result<FoundGoods, Problem> {
        let today = shop.business_date(self.clock.now());
        match barcode::read(code, &shop.scale_layouts, today)? {
            Scanned::Plain { text, .. } => {
                let product = self.known_code(&text)?.ok_or_else(|| unknown(&text))?;
                Ok(FoundGoods { product, label: None })
            }
            Scanned::InStore(label) => {
                // A scale's label for what the catalogue holds as it stands: a fixed code of a maker that begins alike.
                if let Some(product) = self.product_of_barcode(code.trim())? {
                    return Ok(FoundGoods { product, label: None });
                }
                let mut product = None;
                for code in label.catalogue_codes() {
                    product = self.known_code(code)?;
                    if product.is_some() {
                        break;
                    }
                }
                let product = product.ok_or_else(|| unknown(code.trim()))?;
                let weight = label.weight.or(label.count.map(Decimal::from));
                Ok(FoundGoods { product, label: Some(Label { weight, price: label.price, ..Label::default() }) })
            }
            Scanned::Gs1(elements) => {
                let gtin = elements.gtin().ok_or_else(|| unreadable("it names no trade item".to_owned()))?;
                let product = self.known_code(&gtin.printed())?.ok_or_else(|| unknown(&gtin.printed()))?;
                let label = Label {
                    weight: elements.weight().or(elements.count().map(Decimal::from)),
                    price: elements.price(),
                    lot: elements.lot().unwrap_or_default().to_owned(),
                    serial: elements.serial().unwrap_or_default().to_owned(),
                    expiry: elements.expiry(),
                    best_before: elements.best_before(),
                };
                Ok(FoundGoods { product, label: Some(label) })
            }
        }
    }

    /// The product that the catalogue holds under this code in any of its spellings, else under it as the shop's own code.
    fn known_code(&self, code: &str) -> Result<Option<Arc<Product>>, Problem> {
        if let Some(product) = self.product_of_barcode(code)? {
            return Ok(Some(product));
        }
        match Sku::parse(code) {
            Ok(sku) => Ok(self.store.product_by_sku(sku.as_str())?),
            Err(_) => Ok(None),
        }
    }

    fn product_of_barcode(&self, code: &str) -> Result<Option<Arc<Product>>, Problem> {
        if Barcode::parse(code).is_err() {
            return Ok(None);
        }
        for text in spellings(code) {
            if let Some(product) = self.store.product_by_barcode(&text)? {
                return Ok(Some(product));
            }
        }
        Ok(None)
    }
}

/// Adds a label as a line of its own, as often as was typed before it.
fn add_labels(
    cart: &mut Cart,
    product: &Arc<Product>,
    tax: &Arc<domain::TaxClass>,
    line: LabelLine,
    times: Quantity,
) -> Result<Option<LineId>, Problem> {
    let times = times.of(domain::Unit::Piece)?.milli() / 1_000;
    if times > MOST_LABELS {
        return Err(
            Problem::new(ProblemCode::QuantityTooLarge, "a label is rung up at most 99 times in one go").with("quantity", times)
        );
    }
    let mut last = None;
    for _ in 0..times {
        last = Some(cart.add_line(Arc::clone(product), Arc::clone(tax), line.quantity, line.price)?);
    }
    Ok(last)
}

pub(crate) fn unknown(code: &str) -> Problem {
    Problem::new(ProblemCode::UnknownBarcode, format!("no product has the barcode {code}")).with("code", code)
}

fn unreadable(detail: String) -> Problem {
    Problem::new(ProblemCode::LabelUnreadable, detail.clone()).with("detail", detail)
}

impl From<BarcodeError> for Problem {
    fn from(error: BarcodeError) -> Self {
        unreadable(error.to_string())
    }
}

impl From<LabelError> for Problem {
    fn from(error: LabelError) -> Self {
        match error {
            LabelError::Quantity(error) => error.into(),
            LabelError::Money(error) => error.into(),
        }
    }
}

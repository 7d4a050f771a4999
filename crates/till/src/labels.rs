//! Labels of products: name, price and a code to scan, for the receipt printer or as a sheet for any other.

mod bars;
mod sheet;

use std::sync::Arc;

use domain::barcode::Gtin;
use domain::{Permission, Product};
use peripherals::{Align, Barcode, Block, Document, QrCode};

use crate::api::{LabelLine, LabelsView, Problem, ProblemCode};
use crate::present;
use crate::terminal::Terminal;

/// Labels that are made in one go.
const MOST: u32 = 1_000;

/// What is drawn on a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Symbol {
    /// Thirteen digits.
    Ean13(String),
    /// Anything printable.
    Code128(String),
    /// A square.
    Qr(String),
}

/// One label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) name: String,
    pub(crate) detail: String,
    pub(crate) price: String,
    pub(crate) symbol: Symbol,
}

impl Terminal {
    /// Makes labels.
    pub(crate) fn make_labels(&self, session: &str, to: &str, symbol: &str, lines: &[LabelLine]) -> Result<LabelsView, Problem> {
        self.in_session(session, Permission::Sell, |_| {
            let count: u32 = lines.iter().map(|line| line.copies).fold(0, u32::saturating_add);
            if count == 0 {
                return Err(Problem::new(ProblemCode::NothingEntered, "no labels were asked for"));
            }
            if count > MOST {
                return Err(Problem::new(ProblemCode::QuantityTooLarge, "at most 1000 labels in one go").with("quantity", count));
            }
            let mut labels = Vec::new();
            for line in lines {
                let label = Arc::new(self.label(&*self.product_named(&line.product)?, symbol == "qr"));
                labels.extend((0..line.copies).map(|_| Arc::clone(&label)));
            }
            if to == "sheet" {
                return Ok(LabelsView { sheet: sheet::html(&labels), count });
            }
            let printer = self.label_printer();
            self.has_printer(printer)?;
            for label in &labels {
                self.print_document(printer, &label.name, &label.document())?;
            }
            Ok(LabelsView { sheet: String::new(), count })
        })
    }

    fn label(&self, product: &Product, qr: bool) -> Label {
        let language = self.settings().language;
        let code = product.barcodes.first().map_or(product.sku.as_str(), |barcode| barcode.as_str());
        let symbol = match Gtin::parse(code) {
            _ if qr => Symbol::Qr(code.to_owned()),
            Ok(gtin) if gtin.printed().len() == 13 => Symbol::Ean13(gtin.printed()),
            _ if code.len() <= Barcode::MAX_CODE128 && code.bytes().all(|byte| (0x20..=0x7e).contains(&byte)) => {
                Symbol::Code128(code.to_owned())
            }
            // A code of other than ASCII characters fits no row of bars.
            _ => Symbol::Qr(code.to_owned()),
        };
        Label {
            name: product.name.in_language(language).to_owned(),
            detail: product.sku.to_string(),
            price: format!("{}{}", present::unit_price(product.price).text, per_unit(product.unit)),
            symbol,
        }
    }
}

fn per_unit(unit: domain::Unit) -> &'static str {
    match unit {
        domain::Unit::Piece => "",
        domain::Unit::Kilogram => " / kg",
        domain::Unit::Metre => " / m",
        domain::Unit::Litre => " / L",
    }
}

impl Label {
    /// For the receipt printer.
    fn document(&self) -> Document {
        let mut document = Document::new();
        document.push(Block::Text { text: self.name.clone(), align: Align::Center, bold: true });
        document.heading(self.price.clone());
        // A text that fits no symbol of its kind stands there as text alone.
        let symbol = match &self.symbol {
            Symbol::Ean13(text) => Barcode::ean13(text).map(Block::Barcode),
            Symbol::Code128(text) => Barcode::code128(text).map(Block::Barcode),
            Symbol::Qr(text) => QrCode::new(text.clone()).map(Block::Qr),
        };
        if let Ok(block) = symbol {
            document.push(block);
        }
        document.centered(self.detail.clone());
        document
    }
}

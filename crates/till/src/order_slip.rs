//! What is printed of a customer's order.

use domain::Language;
use domain::customer_order::{CustomerOrderKind, CustomerOrderState, OrderFile};
use peripherals::{Document, QrCode, render_text};
use store::Printer;

use crate::present::money_text;
use crate::terminal::Terminal;

impl Terminal {
    /// The order as it is printed, monospaced.
    pub(crate) fn file_text(&self, file: &OrderFile) -> String {
        render_text(&self.file_document(file), self.paper())
    }

    /// Puts the order into the print queue, where there is a printer. What fails does not touch the order.
    pub(crate) fn print_file(&self, file: &OrderFile) {
        if self.settings().printer_address.is_empty() {
            return;
        }
        if let Err(error) = self.print_document(Printer::Receipt, &file.order.short(), &self.file_document(file)) {
            tracing::error!(%error, order = %file.order.id, "the order could not be queued for printing");
        }
    }

    fn file_document(&self, file: &OrderFile) -> Document {
        let (shop, language, order) = (self.shop(), self.settings().language, &file.order);
        let say = |zh: &'static str, en: &'static str| if language == Language::Zh { zh } else { en };
        let mut slip = Document::new();
        slip.heading(shop.name.in_language(language));
        slip.heading(match (file.state, order.kind) {
            (CustomerOrderState::Cancelled | CustomerOrderState::Expired, _) => say("订单已取消", "ORDER CANCELLED"),
            (_, CustomerOrderKind::Quotation) => say("报价单", "QUOTATION"),
            (_, CustomerOrderKind::Presale) => say("预订单", "PRESALE"),
        });
        slip.columns(say("订单号", "Order"), order.short());
        if let Some(day) = order.valid_until {
            slip.columns(say("有效期至", "Valid until"), day.to_string());
        }
        slip.rule();
        for line in &order.lines {
            let name = line.name.in_language(language);
            let name = if name.is_empty() { line.sku.as_str() } else { name };
            slip.item(name, format!("{} x {}", line.quantity, line.unit_price.amount()), line.payable.amount());
        }
        slip.rule();
        slip.total(say("合计", "Total"), money_text(order.total));
        if order.kind == CustomerOrderKind::Presale && file.state.is_open() {
            slip.columns(say("已付定金", "Deposit paid"), money_text(file.deposit));
            if let Ok(due) = file.due() {
                slip.columns(say("尾款", "Still to pay"), money_text(due));
            }
        }
        if !order.note.is_empty() {
            slip.centered(&order.note);
        }
        slip.rule();
        if let Ok(code) = QrCode::new(&order.id.to_string()) {
            slip.qr(code);
        }
        slip
    }
}

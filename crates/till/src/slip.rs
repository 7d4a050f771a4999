//! What stands on a receipt, in the language of the terminal.

use domain::{DiscountKind, Language, LineTax, Money, MoneyError, Order, OrderLine, Shop, Tender, Unit};
use jiff::Timestamp;
use peripherals::{Align, Block, Document, QrCode};
use store::OrderKind;

use crate::present::{moment, money_text};
use crate::receipts::Finished;

/// Characters of a hash that a receipt shows; enough to find the entry and to see that it is another.
const SHORT_HASH: usize = 12;

/// A receipt to be set.
#[derive(Debug)]
pub(crate) struct Slip<'a> {
    pub(crate) shop: &'a Shop,
    pub(crate) language: Language,
    pub(crate) finished: &'a Finished,
    /// Who sold it, as people call them; may be empty.
    pub(crate) staff: &'a str,
    /// A receipt printed again.
    pub(crate) copy: bool,
}

impl Slip<'_> {
    fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        say(self.language, zh, en)
    }

    /// The receipt from the top.
    pub(crate) fn document(&self) -> Document {
        let order = &self.finished.order;
        let mut slip = Document::new();
        slip.heading(self.shop.name.in_language(self.language));
        if self.finished.kind == OrderKind::Refund {
            slip.heading(self.say("退货", "REFUND"));
        }
        if self.copy {
            slip.push(bold(self.say("*** 副本 ***", "*** COPY ***")));
        }
        slip.columns(order.receipt.as_str(), moment(self.finished.at, self.shop));
        if !self.staff.is_empty() {
            slip.columns(self.say("收银员", "Served by"), self.staff);
        }
        slip.rule();
        for line in &order.lines {
            self.line(&mut slip, order, line);
        }
        slip.rule();
        self.sums(&mut slip, order);
        slip.total(self.say("合计", "Total"), money_text(order.total));
        self.payments(&mut slip, order);
        self.included_taxes(&mut slip, order);
        if !order.note.is_empty() {
            slip.centered(&order.note);
        }
        if let Some(points) = order.points.filter(|_| self.finished.kind == OrderKind::Sale) {
            if points.spent > 0 {
                slip.columns(self.say("使用积分", "Points spent"), points.spent.to_string());
            }
            slip.columns(self.say("本次积分", "Points earned"), points.earned.to_string());
        }
        slip.rule();
        if let Some(head) = &order.acknowledged {
            let hash: String = head.hash.chars().take(SHORT_HASH).collect();
            slip.centered(format!("{} {} {hash}", self.say("账本存证", "Journal held to"), head.seq));
        }
        if let Ok(code) = QrCode::new(order.receipt.as_str()) {
            slip.qr(code);
        }
        if self.copy {
            slip.push(bold(self.say("*** 副本 ***", "*** COPY ***")));
        }
        slip
    }

    fn line(&self, slip: &mut Document, order: &Order, line: &OrderLine) {
        let name = line.name.in_language(self.language);
        let name = if name.is_empty() { line.sku.as_str() } else { name };
        let unit = match line.unit {
            Unit::Piece => "",
            Unit::Kilogram => " kg",
            Unit::Metre => " m",
            Unit::Litre => " L",
        };
        let detail = format!("{}{unit} x {}", line.quantity, line.unit_price.amount());
        slip.item(name, detail, line.extended.amount());
        let of_line = |kind| matches!(kind, DiscountKind::Line | DiscountKind::Promotion | DiscountKind::Coupon);
        for discount in line.discounts.iter().filter(|discount| of_line(discount.kind)) {
            let rule = order.promotions.iter().find(|promotion| Some(promotion.id) == discount.rule);
            let name = rule.map_or("", |rule| rule.name.in_language(self.language));
            let label = match (name, discount.kind) {
                ("", DiscountKind::Coupon) => self.say("优惠券", "Coupon"),
                ("", DiscountKind::Promotion) => self.say("促销", "Promotion"),
                ("", _) => self.say("优惠", "Discount"),
                (name, _) => name,
            };
            slip.columns(format!("  {label}"), format!("-{}", discount.amount.amount()));
        }
    }

    /// What lies between the lines and the total.
    fn sums(&self, slip: &mut Document, order: &Order) {
        let off = |kind| {
            let given = order.lines.iter().flat_map(|line| &line.discounts).filter(move |discount| discount.kind == kind);
            sum(order, given.map(|discount| discount.amount))
        };
        for (kind, label) in [
            (DiscountKind::Order, self.say("整单优惠", "Discount on order")),
            (DiscountKind::Points, self.say("积分抵扣", "Paid with points")),
            (DiscountKind::MoLing, self.say("抹零", "Rounded off")),
        ] {
            let amount = off(kind);
            if !amount.is_zero() {
                slip.columns(label, format!("-{}", amount.amount()));
            }
        }
        for (label, amount) in Self::taxes(order, false) {
            slip.columns(label, amount.amount());
        }
    }

    fn payments(&self, slip: &mut Document, order: &Order) {
        if !order.rounding.is_zero() {
            slip.columns(self.say("现金取整", "Cash rounding"), order.rounding.amount());
        }
        for payment in &order.payments {
            match &payment.tender {
                Tender::Cash { given, change } => {
                    let shown = if self.finished.kind == OrderKind::Refund { payment.amount } else { *given };
                    slip.columns(self.say("现金", "Cash"), shown.amount());
                    if !change.is_zero() {
                        let block =
                            Block::Columns { left: self.say("找零", "Change").to_owned(), right: change.amount(), bold: true };
                        slip.push(block);
                    }
                }
                Tender::Card { reference } => {
                    slip.columns(format!("{} {reference}", self.say("银行卡", "Card")), payment.amount.amount());
                }
                Tender::Exchange { .. } => {
                    slip.columns(self.say("换货抵扣", "Goods exchanged"), payment.amount.amount());
                }
                Tender::Deposit { order } => {
                    let short = domain::customer_order::short(*order);
                    slip.columns(format!("{} {short}", self.say("定金", "Deposit")), payment.amount.amount());
                }
            }
        }
    }

    fn included_taxes(&self, slip: &mut Document, order: &Order) {
        for (label, amount) in Self::taxes(order, true) {
            slip.columns(format!("{} {label}", self.say("其中", "of which")), amount.amount());
        }
    }

    /// The taxes by rate, in the order in which they first occur; those in the price or those added to it.
    fn taxes(order: &Order, inclusive: bool) -> Vec<(String, Money)> {
        let mut sums: Vec<(&LineTax, Money)> = Vec::new();
        let taxes = order.lines.iter().filter(|line| line.tax_inclusive == inclusive).flat_map(|line| &line.taxes);
        for tax in taxes {
            match sums.iter_mut().find(|(known, _)| known.code == tax.code && known.rate == tax.rate) {
                Some((_, amount)) => *amount = sum(order, [*amount, tax.tax]),
                None => sums.push((tax, tax.tax)),
            }
        }
        let label = |tax: &LineTax| {
            let percent = (tax.rate * rust_decimal::Decimal::ONE_HUNDRED).normalize();
            format!("{} {percent}%", tax.code)
        };
        sums.into_iter().map(|(tax, amount)| (label(tax), amount)).collect()
    }
}

/// A page that shows whether paper, characters and code come out right.
pub(crate) fn test_page(shop: &Shop, language: Language, now: Timestamp) -> Document {
    let mut page = Document::new();
    page.heading(shop.name.in_language(language))
        .centered(say(language, "打印测试", "Printer test"))
        .centered(moment(now, shop))
        .rule()
        .item("测试商品 Test item", "2 x 12.90", "25.80")
        .total(say(language, "合计", "Total"), money_text(Money::from_minor(2_580, shop.currency)));
    if let Ok(code) = QrCode::new(shop.code.as_str()) {
        page.qr(code);
    }
    page
}

/// What a test page is called in the queue.
pub(crate) fn test_title(language: Language) -> &'static str {
    say(language, "打印测试", "Printer test")
}

/// What the reports of a shift are called in the queue.
pub(crate) fn shift_title(language: Language) -> &'static str {
    say(language, "交班报告", "Shift report")
}

/// The note on top of a slip of which a part may have come out before.
pub(crate) fn printed_again(slip: &mut Document, language: Language) {
    slip.push(bold(say(language, "*** 重新打印 ***", "*** PRINTED AGAIN ***")));
    slip.push(bold(say(language, "前一张可能不完整，以本张为准", "The one before may be incomplete; this one counts")));
}

fn say(language: Language, zh: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}

fn bold(text: &str) -> Block {
    Block::Text { text: text.to_owned(), align: Align::Center, bold: true }
}

/// A sum of parts of one recorded order, which fitted when it was priced.
fn sum(order: &Order, amounts: impl IntoIterator<Item = Money>) -> Money {
    let sum: Result<Money, MoneyError> = Money::sum(order.currency, amounts);
    sum.unwrap_or(Money::zero(order.currency))
}

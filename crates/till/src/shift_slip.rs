//! What stands on an X or a Z, in the language of the terminal.

use domain::report::{Dimension, Figure, UNKNOWN};
use domain::shift::{Drawer, GrandTotals, ShiftClosed};
use domain::{Currency, Language, Money, Shop, Tally};
use jiff::Timestamp;
use peripherals::{Align, Block, Document};

use crate::present::{moment, money_text};

/// Characters of a hash that are printed; enough to find the entry and to see that it is another.
const SHORT_HASH: usize = 16;

/// Which report it is.
pub(crate) enum What<'a> {
    /// The live one.
    X {
        /// Tenders and cash are shown.
        knows: bool,
    },
    /// A Z.
    Z {
        /// What it says.
        z: &'a ShiftClosed,
        /// Printed again.
        copy: bool,
    },
}

/// A report to be set.
pub(crate) struct ShiftSlip<'a> {
    pub(crate) shop: &'a Shop,
    pub(crate) language: Language,
    /// The terminal's number within the store.
    pub(crate) terminal: u32,
    pub(crate) what: What<'a>,
    pub(crate) number: u64,
    pub(crate) at: Timestamp,
    /// Who printed or closed, as people call them.
    pub(crate) staff: &'a str,
    pub(crate) first: u64,
    pub(crate) last: u64,
    pub(crate) opened: bool,
    pub(crate) drawer: &'a Drawer,
    pub(crate) figures: &'a Tally,
    pub(crate) grand: GrandTotals,
    pub(crate) clock_back: u32,
    /// What people call somebody.
    pub(crate) name: &'a dyn Fn(&str) -> String,
}

impl ShiftSlip<'_> {
    fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    fn currency(&self) -> Currency {
        self.drawer.opening.currency()
    }

    /// The report from the top.
    pub(crate) fn document(&self) -> Document {
        let mut slip = Document::new();
        slip.heading(self.shop.name.in_language(self.language));
        match &self.what {
            What::X { .. } => slip.heading(self.say("X 报表（未结）", "X REPORT (LIVE)")),
            What::Z { .. } => slip.heading(format!("{} {}", self.say("Z 报表", "Z REPORT"), self.number)),
        };
        if let What::Z { copy: true, .. } = self.what {
            slip.push(bold(self.say("*** 副本 ***", "*** COPY ***")));
        }
        slip.columns(format!("{} {}", self.say("终端", "Terminal"), self.terminal), moment(self.at, self.shop));
        if let What::Z { z, .. } = self.what {
            slip.columns(self.say("营业日", "Business day"), z.business_date.to_string());
        }
        slip.columns(self.say("经手人", "By"), self.staff);
        slip.columns(self.say("流水", "Entries"), format!("{}–{}", self.first, self.last));
        if !self.opened {
            slip.push(bold(self.say("未开班：备用金未清点", "No shift opened: float not counted")));
        }
        if self.clock_back > 0 {
            slip.push(bold(&format!("{} {}×", self.say("时钟被调回", "Clock set back"), self.clock_back)));
        }
        self.turnover(&mut slip);
        if !matches!(self.what, What::X { knows: false }) {
            self.section(&mut slip, self.say("收款方式", "Tenders"), Dimension::Tender, &|key| self.tender(key));
        }
        self.taxes(&mut slip);
        self.section(&mut slip, self.say("优惠", "Discounts"), Dimension::Discount, &|key| self.discount(key));
        self.section(&mut slip, self.say("作废", "Voids"), Dimension::Void, &|key| match key {
            "line" => self.say("行", "Lines").to_owned(),
            _ => self.say("整单", "Orders").to_owned(),
        });
        self.section(&mut slip, self.say("定金", "Deposits"), Dimension::Deposit, &|key| match key {
            "taken" => self.say("收取", "Taken").to_owned(),
            "returned" => self.say("退还", "Returned").to_owned(),
            _ => self.say("没收", "Kept").to_owned(),
        });
        self.section(&mut slip, self.say("收银员", "Cashiers"), Dimension::Cashier, &|key| self.person(key));
        self.no_sales(&mut slip);
        if !matches!(self.what, What::X { knows: false }) {
            self.cash(&mut slip);
        }
        slip.rule();
        slip.line(self.say("累计（不清零）", "Since the beginning, never reset"));
        slip.columns(self.say("  销售", "  Sales"), money_text(self.grand.sales));
        slip.columns(self.say("  退货", "  Refunds"), money_text(self.grand.refunds));
        if let What::Z { z, copy } = self.what {
            let hash: String = z.head.chars().take(SHORT_HASH).collect();
            slip.rule();
            slip.columns(self.say("前一条", "Chain before"), format!("{} {hash}", z.last));
            if copy {
                slip.push(bold(self.say("*** 副本 ***", "*** COPY ***")));
            }
        }
        slip
    }

    fn turnover(&self, slip: &mut Document) {
        let sales = self.total(Dimension::Sales);
        let refunds = self.total(Dimension::Refunds);
        slip.rule();
        slip.columns(format!("{} ×{}", self.say("销售", "Sales"), sales.count), amount(sales));
        slip.columns(format!("{} ×{}", self.say("退货", "Refunds"), refunds.count), amount(refunds));
        let rounding = self.total(Dimension::Rounding);
        if rounding.amount.is_some_and(|amount| !amount.is_zero()) {
            slip.columns(self.say("现金取整", "Cash rounding"), amount(rounding));
        }
        if let Ok(net) = self.figures.net(self.currency()) {
            slip.total(self.say("净额", "Net"), money_text(net));
        }
    }

    fn total(&self, dimension: Dimension) -> Figure {
        let currency = self.currency();
        self.figures.total(dimension, currency).unwrap_or_else(|_| Figure::nothing(Some(currency)))
    }

    /// A line for each key of a dimension, none where it has nothing.
    fn section(&self, slip: &mut Document, title: &str, dimension: Dimension, label: &dyn Fn(&str) -> String) {
        let mut lines = self.figures.of(dimension).filter(|(key, _)| key.currency == Some(self.currency())).peekable();
        if lines.peek().is_none() {
            return;
        }
        slip.rule();
        slip.line(title);
        for (key, figure) in lines {
            slip.columns(format!("  {} ×{}", label(&key.key), figure.count), amount(*figure));
        }
    }

    fn taxes(&self, slip: &mut Document) {
        let mut bases = self.figures.of(Dimension::TaxBase).filter(|(key, _)| key.currency == Some(self.currency())).peekable();
        if bases.peek().is_none() {
            return;
        }
        slip.rule();
        slip.line(self.say("税率  净额 / 税额", "Tax rate  net / tax"));
        for (key, base) in bases {
            let tax = self.figures.figure(Dimension::Tax, &key.key, key.currency);
            let label = if key.key.is_empty() { self.say("免税", "Untaxed").to_owned() } else { rate(&key.key) };
            slip.columns(format!("  {label}"), format!("{} / {}", amount(*base), amount(tax)));
        }
    }

    fn no_sales(&self, slip: &mut Document) {
        let count: u64 = self.figures.of(Dimension::NoSale).map(|(_, figure)| figure.count).sum();
        slip.rule();
        slip.columns(self.say("无销售开箱", "Drawer opened, no sale"), count.to_string());
    }

    fn cash(&self, slip: &mut Document) {
        let drawer = self.drawer;
        slip.rule();
        slip.line(self.say("钱箱", "Drawer"));
        let parts = [
            (self.say("  上班留存", "  Left before"), drawer.opening, false),
            (self.say("  备用金增减", "  Float brought in"), drawer.brought_in, false),
            (self.say("  现金收入", "  Cash taken"), drawer.sales, false),
            (self.say("  现金退款", "  Cash given back"), drawer.refunds, true),
            (self.say("  存入", "  Paid in"), drawer.pay_in, false),
            (self.say("  支出", "  Paid out"), drawer.pay_out, true),
            (self.say("  转入保险箱", "  To the safe"), drawer.safe_drop, true),
            (self.say("  缴存银行", "  To the bank"), drawer.bank_drop, true),
            (self.say("  交接长短款", "  Over/short at hand-overs"), drawer.differences, false),
        ];
        for (label, part, out) in parts {
            if !part.is_zero() {
                let signed = if out { format!("-{}", part.amount()) } else { part.amount() };
                slip.columns(label, signed);
            }
        }
        if let Ok(expected) = drawer.expected() {
            slip.columns(self.say("  应有", "  Expected"), expected.amount());
        }
        let What::Z { z, .. } = self.what else { return };
        for pieces in &z.count.pieces {
            let worth = z.count.total.currency();
            let worth = Money::from_minor(pieces.value.minor().saturating_mul(i64::from(pieces.pieces)), worth);
            slip.columns(format!("    {} × {}", pieces.value.amount(), pieces.pieces), worth.amount());
        }
        if !z.count.loose.is_zero() {
            slip.columns(self.say("    零散", "    Loose"), z.count.loose.amount());
        }
        slip.columns(self.say("  实点", "  Counted"), z.count.total.amount());
        let verdict = match z.over_short.minor().signum() {
            0 => self.say("  长短款", "  Over/short"),
            1 => self.say("  长款", "  Over"),
            _ => self.say("  短款", "  Short"),
        };
        slip.push(Block::Columns { left: verdict.to_owned(), right: z.over_short.amount(), bold: true });
        if !z.reason.is_empty() {
            slip.line(format!("  {}: {}", self.say("原因", "Reason"), z.reason));
        }
        if let Some(by) = &z.approved_by {
            slip.columns(self.say("  确认人", "  Confirmed by"), (self.name)(by.as_str()));
        }
        slip.columns(self.say("  交入保险箱", "  Taken to the safe"), z.taken_out.amount());
        if let Ok(left) = z.left() {
            slip.columns(self.say("  留存", "  Left in the drawer"), left.amount());
        }
    }

    fn tender(&self, key: &str) -> String {
        match key {
            "cash" => self.say("现金", "Cash").to_owned(),
            "card" => self.say("银行卡", "Card").to_owned(),
            "exchange" => self.say("换货", "Exchange").to_owned(),
            "deposit" => self.say("定金", "Deposit").to_owned(),
            other => other.to_owned(),
        }
    }

    fn discount(&self, key: &str) -> String {
        match key.split_once(':').map_or(key, |(kind, _)| kind) {
            "line" => self.say("单品", "On lines"),
            "order" => self.say("整单", "On orders"),
            "mo_ling" => self.say("抹零", "Rounded off"),
            "promotion" => self.say("促销", "Promotion"),
            "coupon" => self.say("优惠券", "Coupon"),
            "points" => self.say("积分", "Points"),
            _ => return key.to_owned(),
        }
        .to_owned()
    }

    fn person(&self, key: &str) -> String {
        if key == UNKNOWN { self.say("无人登录", "Nobody").to_owned() } else { (self.name)(key) }
    }
}

/// `VAT 0.13` as `VAT 13%`.
fn rate(key: &str) -> String {
    let Some((code, rate)) = key.rsplit_once(' ') else { return key.to_owned() };
    match rust_decimal::Decimal::from_str_exact(rate) {
        Ok(rate) => format!("{code} {}%", (rate * rust_decimal::Decimal::ONE_HUNDRED).normalize()),
        Err(_) => key.to_owned(),
    }
}

fn amount(figure: Figure) -> String {
    figure.amount.map(Money::amount).unwrap_or_default()
}

fn bold(text: &str) -> Block {
    Block::Text { text: text.to_owned(), align: Align::Center, bold: true }
}

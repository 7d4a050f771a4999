//! What figures are called, in both languages: on the screen, on paper and in files the same.

use domain::report::{Dimension, UNKNOWN};
use domain::{Language, Name};

/// What a group of figures is called; of a dimension without words of its own, its code.
pub(super) fn title(dimension: &str) -> Name {
    let (zh, en) = match dimension {
        "net" => ("净销售额", "Net sales"),
        "sales" => ("销售额", "Sales"),
        "orders" => ("单数", "Orders"),
        "average" => ("客单价", "Average order"),
        "refunds" => ("退款", "Refunds"),
        "tender" => ("支付方式", "Tenders"),
        "tender_refunded" => ("已退支付", "Refunded by tender"),
        "change" => ("找零", "Change given"),
        "rounding" => ("现金取整", "Cash rounding"),
        "tax" => ("税额", "Tax"),
        "tax_base" => ("不含税金额", "Amount without tax"),
        "discount" => ("优惠", "Discounts"),
        "cashier" => ("收银员", "Cashiers"),
        "cashier_refunded" => ("收银员退款", "Refunds by cashier"),
        "hour" => ("时段", "Hours"),
        "category" => ("分类", "Categories"),
        "product" => ("商品", "Products"),
        other => (other, other),
    };
    name(zh, en)
}

/// What the second amount of a group of figures is.
pub(super) fn second(dimension: Dimension) -> Option<Name> {
    match dimension {
        Dimension::Tax => Some(name("不含税", "Without tax")),
        Dimension::Tender | Dimension::Cashier => Some(name("其中退款", "Of which refunded")),
        _ => None,
    }
}

/// What a key is called where that does not depend on the shop; the key itself where it has no words.
pub(super) fn key(dimension: Dimension, key: &str) -> Name {
    let (zh, en) = match (dimension, key) {
        (Dimension::Tender | Dimension::TenderRefunded | Dimension::Change, "cash") => ("现金", "Cash"),
        (Dimension::Tender | Dimension::TenderRefunded, "card") => ("银行卡", "Card"),
        (Dimension::Tender | Dimension::TenderRefunded, "deposit") => ("定金", "Deposit"),
        (Dimension::Refunds, "receipt") => ("凭小票退货", "With receipt"),
        (Dimension::Refunds, "no_receipt") => ("无小票退货", "Without receipt"),
        (Dimension::TaxBase, "") => ("免税", "Untaxed"),
        (Dimension::Discount, "line") => ("单品优惠", "On lines"),
        (Dimension::Discount, "order") => ("整单优惠", "On orders"),
        (Dimension::Discount, "mo_ling") => ("抹零", "Rounded off"),
        (Dimension::Discount, "promotion") => ("促销", "Promotion"),
        (Dimension::Discount, "coupon") => ("优惠券", "Coupon"),
        (_, UNKNOWN) => ("未登录", "Nobody signed in"),
        (Dimension::Hour, hour) => return hours(hour),
        (Dimension::Tax | Dimension::TaxBase, rate) => return rate_name(rate),
        (dimension, "") => return title(dimension.code()),
        (_, key) => (key, key),
    };
    name(zh, en)
}

/// Products without a category.
pub(super) fn uncategorised() -> Name {
    name("未分类", "No category")
}

fn hours(hour: &str) -> Name {
    let text = format!("{hour}:00–{hour}:59");
    Name { zh: text.clone(), en: text }
}

/// `VAT 0.13` reads `VAT 13%`.
fn rate_name(key: &str) -> Name {
    let percent = key.rsplit_once(' ').and_then(|(code, rate)| {
        let rate: rust_decimal::Decimal = rate.parse().ok()?;
        Some(format!("{code} {}%", (rate * rust_decimal::Decimal::ONE_HUNDRED).normalize()))
    });
    let text = percent.unwrap_or_else(|| key.to_owned());
    Name { zh: text.clone(), en: text }
}

fn name(zh: &str, en: &str) -> Name {
    Name { zh: zh.to_owned(), en: en.to_owned() }
}

/// The name in a language.
pub(super) fn say(language: Language, zh: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}

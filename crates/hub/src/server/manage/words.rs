//! The managers' pages in both languages.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use domain::report::{Dimension, UNKNOWN};
use domain::{Language, Name};
use serde::Deserialize;

use super::session::cookie;

/// Name of the cookie with the language.
pub(super) const LANGUAGE: &str = "tillbridge_language";

/// The language that a page is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Speech(pub(super) Language);

impl Speech {
    /// The one that was chosen; else the one that the browser asks for.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        match cookie(headers, LANGUAGE).as_deref() {
            Some("en") => return Self(Language::En),
            Some("zh") => return Self(Language::Zh),
            _ => {}
        }
        let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("zh");
        Self(if asked.trim_start().starts_with("zh") { Language::Zh } else { Language::En })
    }

    pub(super) fn say(self, zh: &'static str, en: &'static str) -> &'static str {
        match self.0 {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    pub(super) fn name(self, name: &Name) -> &str {
        name.in_language(self.0)
    }
}

/// A language chosen by `?language=`.
#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    language: Option<String>,
}

impl Chosen {
    pub(super) fn language(&self) -> Option<Language> {
        match self.language.as_deref()? {
            "en" => Some(Language::En),
            "zh" => Some(Language::Zh),
            _ => None,
        }
    }
}

/// Nobody with this store, id and PIN may enter; which of the three is wrong is not said.
pub(super) fn wrong(speech: Speech) -> String {
    speech.say("门店、工号或 PIN 不对，或不是店长", "Store, staff id or PIN is wrong, or this is no manager").to_owned()
}

pub(super) fn wait(speech: Speech, seconds: u64) -> String {
    match speech.0 {
        Language::Zh => format!("尝试过多，请在 {seconds} 秒后再试"),
        Language::En => format!("Too many tries: wait {seconds} seconds"),
    }
}

/// What a dimension is called; its code where it has no words here.
pub(super) fn dimension(speech: Speech, dimension: Dimension) -> String {
    let (zh, en) = match dimension {
        Dimension::Sales => ("销售额", "Sales"),
        Dimension::Refunds => ("退款", "Refunds"),
        Dimension::Tender => ("支付方式", "Tenders"),
        Dimension::Tax => ("税额", "Tax"),
        Dimension::Discount => ("优惠", "Discounts"),
        Dimension::Cashier => ("收银员", "Cashiers"),
        Dimension::Hour => ("时段", "Hours"),
        Dimension::Product => ("商品", "Products"),
        Dimension::Rounding => ("现金取整", "Cash rounding"),
        other => return other.code().to_owned(),
    };
    speech.say(zh, en).to_owned()
}

/// What a key is called.
pub(super) fn key(speech: Speech, dimension: Dimension, key: &str) -> String {
    let (zh, en) = match (dimension, key) {
        (Dimension::Tender, "cash") => ("现金", "Cash"),
        (Dimension::Tender, "card") => ("银行卡", "Card"),
        (Dimension::Discount, "line") => ("单品优惠", "On lines"),
        (Dimension::Discount, "order") => ("整单优惠", "On orders"),
        (Dimension::Discount, "mo_ling") => ("抹零", "Rounded off"),
        (Dimension::Refunds, "receipt") => ("凭小票", "With receipt"),
        (Dimension::Refunds, "no_receipt") => ("无小票", "Without receipt"),
        (_, UNKNOWN) => ("未登录", "Nobody signed in"),
        (_, "") => ("合计", "All"),
        (Dimension::Hour, hour) => return format!("{hour}:00"),
        (_, key) => return key.to_owned(),
    };
    speech.say(zh, en).to_owned()
}

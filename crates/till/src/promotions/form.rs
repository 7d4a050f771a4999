//! A promotion as it is typed, and back. What is typed is read strictly; a refusal names the field.

use domain::promotion::{
    CouponRule, Effect, Goods, Hours, OfflineCoupon, PromotionError, PromotionState, Stacking, Window, series_for,
};
use domain::{CategoryCode, Currency, Discount, LevelCode, Money, Name, ProductId, Promotion, PromotionId, UnitPrice};
use jiff::civil::{DateTime, Time};
use rust_decimal::Decimal;

use super::manage::kind;
use crate::api::{Problem, ProblemCode, PromotionForm};
use crate::terminal::Terminal;

/// Where a promotion without a wish stands.
const USUAL_PRIORITY: u32 = 100;

impl Terminal {
    /// The promotion that a form describes, as a draft.
    pub(super) fn promotion_of_form(&self, form: &PromotionForm) -> Result<Promotion, Problem> {
        let shop = self.shop();
        let typed = Typed { form, currency: shop.currency };
        let id = match form.id.trim() {
            "" => PromotionId::generate(),
            id => id.parse().map_err(|_| wrong("id", id))?,
        };
        let stacking = if form.stacks { Stacking::Stacks } else { Stacking::Exclusive { group: form.group.trim().to_owned() } };
        let offline = if form.offline_coupons { OfflineCoupon::Flag } else { OfflineCoupon::Refuse };
        let promotion = Promotion {
            id,
            name: Name { zh: form.name_zh.trim().to_owned(), en: form.name_en.trim().to_owned() },
            state: PromotionState::Draft,
            priority: typed.count("priority", &form.priority)?.unwrap_or(USUAL_PRIORITY),
            stacking,
            when: typed.window()?,
            stores: if form.all_stores { Vec::new() } else { vec![shop.id] },
            levels: typed.list("levels", &form.levels, |text| LevelCode::parse(text).ok())?,
            goods: Goods {
                products: self.products_typed("products", &form.products)?,
                categories: typed.list("categories", &form.categories.join(" "), |text| CategoryCode::parse(text).ok())?,
                except: self.products_typed("except", &form.except)?,
            },
            effect: typed.effect()?,
            per_order: typed.count("per_order", &form.per_order)?,
            coupon: form.coupons.then(|| CouponRule { series: series_for(id), offline }),
        };
        promotion.validate(shop.currency).map_err(|error| {
            let field = match &error {
                PromotionError::Name => "name",
                PromotionError::Window => "until",
                PromotionError::Weekday(_) => "weekdays",
                PromotionError::Limit => "per_order",
                PromotionError::Pieces(_) => "count",
                PromotionError::Series(_) => "coupons",
                PromotionError::Share(_) => "percent",
                PromotionError::Amount | PromotionError::Currency { .. } => "amount",
            };
            Problem::new(ProblemCode::PromotionField, error.to_string()).with("field", field).with("text", "")
        })?;
        Ok(promotion)
    }

    /// Products by SKU or barcode, with spaces or commas between.
    fn products_typed(&self, field: &'static str, text: &str) -> Result<Vec<ProductId>, Problem> {
        let mut found = Vec::new();
        for code in words(text) {
            let product = match self.store.product_by_sku(code)? {
                Some(product) => Some(product),
                None => self.store.product_by_barcode(code)?,
            };
            let id = product.ok_or_else(|| wrong(field, code))?.id;
            if !found.contains(&id) {
                found.push(id);
            }
        }
        Ok(found)
    }

    /// The form that describes a promotion.
    pub(super) fn form_of_promotion(&self, promotion: &Promotion) -> Result<PromotionForm, Problem> {
        let skus = |products: &[ProductId]| -> Result<String, Problem> {
            let mut skus = Vec::new();
            for id in products {
                skus.extend(self.store.product(*id)?.map(|product| product.sku.to_string()));
            }
            Ok(skus.join(" "))
        };
        let mut form = PromotionForm {
            id: promotion.id.to_string(),
            name_zh: promotion.name.zh.clone(),
            name_en: promotion.name.en.clone(),
            kind: kind(&promotion.effect).to_owned(),
            percent: String::new(),
            amount: String::new(),
            buy: String::new(),
            get: String::new(),
            count: String::new(),
            spend: String::new(),
            every: false,
            products: skus(&promotion.goods.products)?,
            except: skus(&promotion.goods.except)?,
            categories: promotion.goods.categories.iter().map(ToString::to_string).collect(),
            all_stores: promotion.stores.is_empty(),
            levels: promotion.levels.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            from: promotion.when.from.map(minute).unwrap_or_default(),
            until: promotion.when.until.map(minute).unwrap_or_default(),
            weekdays: promotion.when.weekdays.iter().filter_map(|day| u32::try_from(*day).ok()).collect(),
            hours_from: promotion.when.hours.map(|hours| clock(hours.from)).unwrap_or_default(),
            hours_until: promotion.when.hours.map(|hours| clock(hours.until)).unwrap_or_default(),
            priority: promotion.priority.to_string(),
            stacks: promotion.stacking == Stacking::Stacks,
            group: promotion.group().unwrap_or_default().to_owned(),
            per_order: promotion.per_order.map(|limit| limit.to_string()).unwrap_or_default(),
            coupons: promotion.coupon.is_some(),
            offline_coupons: promotion.coupon.as_ref().is_some_and(|rule| rule.offline == OfflineCoupon::Flag),
        };
        match &promotion.effect {
            Effect::Percent { share } => form.percent = percent(*share),
            Effect::Amount { off } => form.amount = off.amount(),
            Effect::FixedPrice { price } => form.amount = price.amount(),
            Effect::BuyGet { buy, get, share } => {
                (form.buy, form.get, form.percent) = (buy.to_string(), get.to_string(), percent(*share));
            }
            Effect::MixAndMatch { count, price } => (form.count, form.amount) = (count.to_string(), price.amount()),
            Effect::Threshold { spend, off, every } => {
                (form.spend, form.every) = (spend.amount(), *every);
                match off {
                    Discount::Percent(share) => form.percent = percent(*share),
                    Discount::Amount(amount) => form.amount = amount.amount(),
                }
            }
        }
        Ok(form)
    }
}

/// A form being read.
struct Typed<'a> {
    form: &'a PromotionForm,
    currency: Currency,
}

impl Typed<'_> {
    fn effect(&self) -> Result<Effect, Problem> {
        let form = self.form;
        Ok(match form.kind.as_str() {
            "percent" => Effect::Percent { share: self.share()? },
            "amount" => Effect::Amount { off: self.unit_price()? },
            "fixed_price" => Effect::FixedPrice { price: self.unit_price()? },
            "buy_get" => {
                Effect::BuyGet { buy: self.pieces("buy", &form.buy)?, get: self.pieces("get", &form.get)?, share: self.share()? }
            }
            "mix_and_match" => {
                Effect::MixAndMatch { count: self.pieces("count", &form.count)?, price: self.money("amount", &form.amount)? }
            }
            "threshold" => {
                let spend = if form.spend.trim().is_empty() { "0" } else { &form.spend };
                let off = match (form.percent.trim(), form.amount.trim()) {
                    ("", _) => Discount::Amount(self.money("amount", &form.amount)?),
                    (_, "") => Discount::Percent(self.share()?),
                    _ => return Err(wrong("percent", &form.percent)),
                };
                Effect::Threshold { spend: self.money("spend", spend)?, off, every: form.every }
            }
            other => return Err(wrong("kind", other)),
        })
    }

    fn share(&self) -> Result<Decimal, Problem> {
        match Discount::parse_percent(self.form.percent.trim().trim_end_matches('%')) {
            Ok(Discount::Percent(share)) if !share.is_zero() => Ok(share),
            _ => Err(wrong("percent", &self.form.percent)),
        }
    }

    fn unit_price(&self) -> Result<UnitPrice, Problem> {
        UnitPrice::parse(self.form.amount.trim(), self.currency).map_err(|_| wrong("amount", &self.form.amount))
    }

    fn money(&self, field: &'static str, text: &str) -> Result<Money, Problem> {
        Money::parse(text.trim(), self.currency).ok().filter(|amount| !amount.is_negative()).ok_or_else(|| wrong(field, text))
    }

    fn pieces(&self, field: &'static str, text: &str) -> Result<u32, Problem> {
        self.count(field, text)?.ok_or_else(|| wrong(field, text))
    }

    fn count(&self, field: &'static str, text: &str) -> Result<Option<u32>, Problem> {
        match text.trim() {
            "" => Ok(None),
            text if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().map(Some).map_err(|_| wrong(field, text)),
            text => Err(wrong(field, text)),
        }
    }

    fn list<T>(&self, field: &'static str, text: &str, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Problem> {
        words(text).map(|word| read(word).ok_or_else(|| wrong(field, word))).collect()
    }

    fn window(&self) -> Result<Window, Problem> {
        let form = self.form;
        let moment = |field: &'static str, text: &str| -> Result<Option<DateTime>, Problem> {
            let text = text.trim();
            if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| wrong(field, text)) }
        };
        let time =
            |field: &'static str, text: &str| -> Result<Time, Problem> { text.trim().parse().map_err(|_| wrong(field, text)) };
        let hours = match (form.hours_from.trim(), form.hours_until.trim()) {
            ("", "") => None,
            (from, until) => Some(Hours { from: time("hours_from", from)?, until: time("hours_until", until)? }),
        };
        let weekdays = form.weekdays.iter().map(|day| i8::try_from(*day).unwrap_or(0)).collect();
        Ok(Window { from: moment("from", &form.from)?, until: moment("until", &form.until)?, weekdays, hours })
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | ';' | '；' | '、')).filter(|word| !word.is_empty())
}

fn percent(share: Decimal) -> String {
    (share * Decimal::ONE_HUNDRED).normalize().to_string()
}

fn minute(at: DateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M").to_string()
}

fn clock(at: Time) -> String {
    at.strftime("%H:%M").to_string()
}

fn wrong(field: &'static str, text: &str) -> Problem {
    let detail = format!("'{text}' cannot be read in the field {field}");
    Problem::new(ProblemCode::PromotionField, detail).with("field", field).with("text", text)
}

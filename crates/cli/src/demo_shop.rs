//! The demo shop: its catalogue and staff, inside the binary, published at a hub on the first start.

use std::collections::BTreeMap;

use domain::{Category, Change, Currency, Name, Product, Role, Shop, StaffId, StockDelta, StoreCode, TaxClass};
use domain::{CouponCode, Promotion, PromotionId};
use hub::{AddTerminal, Hub, HubError, NewStaff, Refused};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use till::{ExternalAdjustment, ExternalAdjustmentLine, ExternalProduct, Terminal};

use crate::words::CliError;

macro_rules! file {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../assets/demo/", $name)))
    };
}

/// What the demo shop sells by; the hub gives it its id.
#[derive(Debug, Deserialize)]
struct ShopFile {
    code: StoreCode,
    name: Name,
    currency: Currency,
    time_zone: String,
    #[serde(default)]
    tax_rounding: domain::TaxRounding,
    #[serde(default)]
    cash_rounding: Option<domain::CashRounding>,
    #[serde(default)]
    mo_ling: Option<domain::MoLing>,
    #[serde(default)]
    denominations: Vec<u32>,
    #[serde(default)]
    scale_layouts: Vec<domain::ScaleLayout>,
}

/// How many of everything the shop opens with; kilograms of what is weighed.
const OPENING_STOCK: i64 = 48;

#[derive(Debug, Deserialize)]
struct StaffMember {
    id: StaffId,
    name: Name,
    role: Role,
    pin: String,
}

/// Promotions, and the coupons of those that need one.
#[derive(Debug, Deserialize)]
struct PromotionsFile {
    promotions: Vec<Promotion>,
    coupons: BTreeMap<PromotionId, Vec<CouponCode>>,
}

/// The demo shop.
#[derive(Debug)]
pub(crate) struct DemoShop {
    shop: ShopFile,
    tax_classes: Vec<TaxClass>,
    categories: Vec<Category>,
    products: Vec<Product>,
    staff: Vec<StaffMember>,
    loyalty: domain::LoyaltyRules,
    promotions: PromotionsFile,
}

impl DemoShop {
    /// Reads it from the binary.
    pub(crate) fn read() -> Result<Self, CliError> {
        Ok(Self {
            shop: parsed(file!("shop.json"))?,
            tax_classes: parsed(file!("tax_classes.json"))?,
            categories: parsed(file!("categories.json"))?,
            products: parsed(file!("products.json"))?,
            staff: parsed(file!("staff.json"))?,
            loyalty: parsed(file!("loyalty.json"))?,
            promotions: parsed(file!("promotions.json"))?,
        })
    }

    /// Who can sign in, as `name: pin`.
    pub(crate) fn sign_ins(&self) -> Vec<String> {
        self.staff
            .iter()
            .map(|member| {
                let Name { zh, en } = &member.name;
                format!("{}: {}", [zh.as_str(), en.as_str()].join(" ").trim(), member.pin)
            })
            .collect()
    }

    /// What lies on the shelves when the shop opens: an adjustment that the terminal takes over once.
    pub(crate) fn opening_stock(&self, at: Timestamp) -> ExternalAdjustment {
        let line = |product: &Product| ExternalAdjustmentLine {
            product: ExternalProduct { sku: product.sku.clone(), name: product.name.clone() },
            delta: StockDelta::from_milli(OPENING_STOCK * 1_000),
            note: String::new(),
        };
        ExternalAdjustment {
            reference: "demo-opening-stock".to_owned(),
            at,
            reason: "opening stock".to_owned(),
            lines: self.products.iter().map(line).collect(),
        }
    }

    /// True when `terminal` has the shop's products.
    pub(crate) fn is_known_to(&self, terminal: &Terminal) -> Result<bool, CliError> {
        let Some(last) = self.products.last() else { return Ok(false) };
        Ok(terminal.store().product(last.id)?.is_some())
    }

    /// Opens the shop at `hub`, or brings it up to date there, and gives a code by which one terminal may join it.
    pub(crate) fn open_at(&self, hub: &Hub) -> Result<String, CliError> {
        let failed = |error: String| CliError::system("演示商店建不起来", "the demo shop cannot be opened", error);
        let code = self.try_open_at(hub).map_err(|error| failed(error.to_string()))?;
        self.promote_at(hub).map_err(|refused| failed(refused.detail))?;
        Ok(code)
    }

    /// Promotions of this store alone, and their coupons.
    fn promote_at(&self, hub: &Hub) -> Result<(), Refused> {
        let (store, now) = (hub.store(&self.shop.code)?.id, Timestamp::now());
        for promotion in &self.promotions.promotions {
            hub.save_promotion(None, &Promotion { stores: vec![store], ..promotion.clone() }, now)?;
        }
        for (promotion, codes) in &self.promotions.coupons {
            hub.add_coupons(*promotion, codes, now)?;
        }
        Ok(())
    }

    fn try_open_at(&self, hub: &Hub) -> Result<String, HubError> {
        let ShopFile { code, name, currency, time_zone, .. } = &self.shop;
        let terminal = AddTerminal {
            store: code.clone(),
            name: "Demo till".to_owned(),
            currency: Some(*currency),
            time_zone: Some(time_zone.clone()),
            shop_name: Some(name.clone()),
        };
        let enrolment = hub.add_terminal(&terminal, Timestamp::now())?;
        let store = hub.store(code)?.id;
        hub.publish(store, &self.changes(store))?;
        for StaffMember { id, name, role, pin } in &self.staff {
            hub.add_staff(code, &NewStaff { id: id.clone(), name: name.clone(), role: *role, pin: pin.clone() })?;
        }
        Ok(enrolment.code)
    }

    fn changes(&self, id: domain::StoreId) -> Vec<Change> {
        let ShopFile { code, name, currency, time_zone, tax_rounding, cash_rounding, mo_ling, denominations, scale_layouts } =
            &self.shop;
        let shop = Shop {
            id,
            code: code.clone(),
            name: name.clone(),
            currency: *currency,
            time_zone: time_zone.clone(),
            tax_rounding: *tax_rounding,
            cash_rounding: *cash_rounding,
            mo_ling: *mo_ling,
            denominations: denominations.clone(),
            cancellation_percent: 0,
            require_shift: false,
            cash_tolerance: None,
            day_starts_at: 0,
            scale_layouts: scale_layouts.clone(),
        };
        std::iter::once(Change::Shop(shop))
            .chain(self.tax_classes.iter().cloned().map(Change::TaxClass))
            .chain(self.categories.iter().cloned().map(Change::Category))
            .chain(self.products.iter().cloned().map(Change::Product))
            .chain([Change::Loyalty(self.loyalty.clone())])
            .collect()
    }
}

fn parsed<T: DeserializeOwned>((name, content): (&str, &str)) -> Result<T, CliError> {
    serde_json::from_str(content).map_err(|error| {
        CliError::system("演示商店的数据读不了", "the demo shop's data cannot be read", format!("{name}: {error}"))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_demo_shop_is_whole() {
        let demo = DemoShop::read().expect("read");
        let categories: HashSet<_> = demo.categories.iter().map(|category| &category.code).collect();
        let classes: HashSet<_> = demo.tax_classes.iter().map(|class| &class.code).collect();
        let skus: HashSet<_> = demo.products.iter().map(|product| product.sku.as_str().to_lowercase()).collect();
        assert_eq!(skus.len(), demo.products.len(), "a code names one product");
        assert!(demo.products.len() >= 150);
        for product in &demo.products {
            assert!(classes.contains(&product.tax), "{}: unknown tax class", product.sku);
            assert!(product.category.as_ref().is_some_and(|code| categories.contains(code)), "{}: unknown category", product.sku);
            assert_eq!(product.price.currency(), demo.shop.currency, "{}", product.sku);
        }
        let coupons = demo.promotions.coupons.values().flatten();
        assert!(coupons.clone().all(|code| domain::promotion::recognise(code.as_str()).as_ref() == Ok(code)));
        assert!(demo.promotions.promotions.iter().all(|promotion| promotion.validate(demo.shop.currency).is_ok()));
        assert_eq!(demo.sign_ins().len(), 3);
    }
}

//! From what the core holds to what a user interface shows.

use domain::AppliedPromotion;
use domain::{
    Cart, Category, Currency, Discount, LineDiscount, Money, Payment, PricedCart, Product, Quantity, Shop, Staff, Tender,
    Tendering, Unit, UnitPrice,
};
use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::api::{
    CartLineView, CartView, CategoryView, DiscountView, MoneyView, NameView, PaymentView, PermissionsView, ProductView,
    StaffView, TenderingView,
};
use crate::quick_cash::quick_cash;

/// `¥33.80`; currencies without a sign of their own by code: `CHF 33.80`.
pub(crate) fn money_text(money: Money) -> String {
    with_sign(money.currency(), &money.amount())
}

pub(crate) fn money(money: Money) -> MoneyView {
    MoneyView { amount: money.amount(), text: money_text(money) }
}

pub(crate) fn unit_price(price: UnitPrice) -> MoneyView {
    MoneyView { amount: price.amount(), text: with_sign(price.currency(), &price.amount()) }
}

fn with_sign(currency: Currency, amount: &str) -> String {
    let (minus, digits) = amount.strip_prefix('-').map_or(("", amount), |digits| ("-", digits));
    let sign = match currency.code() {
        "CNY" | "JPY" => "¥",
        "GBP" => "£",
        "EUR" => "€",
        "USD" => "$",
        "HKD" => "HK$",
        "TWD" => "NT$",
        "AUD" => "A$",
        "CAD" => "C$",
        "SGD" => "S$",
        "KRW" => "₩",
        "INR" => "₹",
        "THB" => "฿",
        "VND" => "₫",
        code => return format!("{minus}{code}\u{a0}{digits}"),
    };
    format!("{minus}{sign}{digits}")
}

/// A moment in the store's time: `2026-11-24 18:32`.
pub(crate) fn moment(at: Timestamp, shop: &Shop) -> String {
    at.to_zoned_datetime(shop.zone()).strftime("%Y-%m-%d %H:%M").to_string()
}

pub(crate) fn staff(staff: &Staff) -> StaffView {
    StaffView { id: staff.id.to_string(), name: NameView::from(&staff.name), role: staff.role }
}

pub(crate) fn permissions(role: domain::Role) -> PermissionsView {
    use domain::Permission::{ChangeSettings, Discount, OverridePrice, Refund};
    let may = |permission| role.allow(permission).is_ok();
    let most = (0..=100).rev().find(|percent| may(Discount(Decimal::new(*percent, 2)))).unwrap_or(0);
    PermissionsView {
        max_discount_percent: most.to_string(),
        override_price: may(OverridePrice),
        refund: may(Refund),
        change_settings: may(ChangeSettings),
        may: domain::Permission::ALL.iter().filter(|permission| may(**permission)).map(ToString::to_string).collect(),
    }
}

pub(crate) fn category(category: &Category, products: u32) -> CategoryView {
    CategoryView { code: category.code.to_string(), name: NameView::from(&category.name), products }
}

pub(crate) fn product(product: &Product, on_hand: Option<String>) -> ProductView {
    ProductView {
        id: product.id.to_string(),
        sku: product.sku.to_string(),
        barcode: product.barcodes.first().map(ToString::to_string).unwrap_or_default(),
        name: NameView::from(&product.name),
        category: product.category.as_ref().map(ToString::to_string).unwrap_or_default(),
        price: unit_price(product.price),
        unit: product.unit,
        picture: product.picture.clone().unwrap_or_default(),
        on_hand,
        has_variants: product.details.is_parent(),
        minimum_age: product.details.minimum_age.map(u32::from),
    }
}

/// The order being rung up with its amounts.
pub(crate) fn cart(cart: &Cart, cart_price: &PricedCart, last_line: Option<domain::LineId>, shop: &Shop, held: u32) -> CartView {
    let lines = cart.lines().iter().zip(&cart_price.lines);
    CartView {
        lines: lines
            .map(|(line, priced)| CartLineView {
                id: line.id.0,
                product: product(&line.product, None),
                quantity: line.quantity.to_string(),
                unit_price: unit_price(priced.line.unit_price),
                list_price: priced.line.list_price.map(unit_price),
                extended: money(priced.line.extended),
                discounts: priced.line.discounts.iter().map(|given| discount(given, &cart_price.promotions)).collect(),
                payable: money(priced.line.payable),
            })
            .collect(),
        count: cart.lines().iter().map(|line| pieces(line.product.unit, line.quantity)).fold(0, u32::saturating_add),
        subtotal: money(cart_price.subtotal),
        discount: money(cart_price.discount),
        tax: money(cart_price.tax),
        tax_included: cart.lines().iter().all(|line| line.tax.inclusive),
        total: money(cart_price.total),
        order_discount: cart.discount().map(discount_as_typed).unwrap_or_default(),
        mo_ling_available: shop.mo_ling.is_some(),
        mo_ling: cart.mo_ling().is_some(),
        last_line: last_line.map(|id| id.0),
        scanned: None,
        held,
        note: String::new(),
        returned: None,
        deposit: None,
        customer_order: None,
        balance: None,
        member: None,
        coupons: Vec::new(),
    }
}

/// How many pieces a line counts; what is measured counts one.
fn pieces(unit: Unit, quantity: Quantity) -> u32 {
    if unit == Unit::Piece { u32::try_from(quantity.milli() / 1_000).unwrap_or(u32::MAX) } else { 1 }
}

fn discount(discount: &LineDiscount, promotions: &[AppliedPromotion]) -> DiscountView {
    let by = promotions.iter().find(|promotion| Some(promotion.id) == discount.rule);
    DiscountView { kind: discount.kind, amount: money(discount.amount), name: by.map(|by| NameView::from(&by.name)) }
}

fn discount_as_typed(discount: Discount) -> String {
    match discount {
        Discount::Percent(share) => format!("{}%", (share * Decimal::ONE_HUNDRED).normalize()),
        Discount::Amount(amount) => amount.amount(),
    }
}

/// An order being paid.
pub(crate) fn tendering(tendering: &Tendering, shop: &Shop) -> Result<TenderingView, domain::MoneyError> {
    let due_in_cash = tendering.due_in_cash()?;
    Ok(TenderingView {
        total: money(tendering.total()),
        due: money(tendering.due()?),
        due_in_cash: money(due_in_cash),
        change: money(tendering.change()?),
        payments: tendering.payments().iter().map(payment).collect(),
        quick_cash: quick_cash(due_in_cash, &shop.denominations).into_iter().map(money).collect(),
        settled: tendering.clone().settle().is_ok(),
    })
}

/// A payment.
pub(crate) fn payment(payment: &Payment) -> PaymentView {
    let id = payment.id.to_string();
    let amount = money(payment.amount);
    match &payment.tender {
        Tender::Cash { given, change } => PaymentView {
            id,
            kind: "cash".to_owned(),
            amount,
            given: Some(money(*given)),
            change: Some(money(*change)),
            reference: None,
        },
        Tender::Card { reference } => {
            PaymentView { id, kind: "card".to_owned(), amount, given: None, change: None, reference: Some(reference.clone()) }
        }
        other @ (Tender::Exchange { .. } | Tender::Deposit { .. }) => {
            PaymentView { id, kind: other.code().to_owned(), amount, given: None, change: None, reference: None }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(minor: i64, code: &str) -> String {
        money_text(Money::from_minor(minor, Currency::parse(code).expect("a currency")))
    }

    #[test]
    fn amounts_carry_the_sign_of_their_currency_and_its_decimals() {
        assert_eq!(text(3_380, "CNY"), "¥33.80");
        assert_eq!(text(-5, "GBP"), "-£0.05");
        assert_eq!(text(1_200, "JPY"), "¥1200");
        assert_eq!(text(1_205, "CHF"), "CHF\u{a0}12.05");
    }

    #[test]
    fn a_discount_reads_back_as_it_is_typed() {
        assert_eq!(discount_as_typed(Discount::parse_percent("12.5").expect("a share")), "12.5%");
        assert_eq!(discount_as_typed(Discount::parse_percent("100").expect("a share")), "100%");
    }

    #[test]
    fn what_a_role_may_take_off_is_what_the_rules_allow() {
        assert_eq!(permissions(domain::Role::Cashier).max_discount_percent, "10");
        assert_eq!(permissions(domain::Role::Supervisor).max_discount_percent, "50");
        assert_eq!(permissions(domain::Role::Owner).max_discount_percent, "100");
    }
}

//! An open order as text for the store. It is written after every change, so it is kept short: products are named by their
//! id and found in the catalogue again, at the price they were rung up at.

use std::sync::Arc;

use domain::Money;
use domain::customer_order::OrderFile;
use domain::{
    Cart, CartLine, Currency, Discount, LineId, MoLing, OrderId, PricedCart, Product, ProductId, Quantity, Shop, TaxClass,
    TaxRounding, Tendering, UnitPrice,
};
use domain::{CouponCode, PromotionId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::exchanging::Returns;
use crate::members::OnOrder;
use crate::promotions::Claim;
use crate::sessions::{OpenOrder, Paying, Phase};
use crate::tender_step::TenderStep;
use crate::terminal::Terminal;

#[derive(Debug, Serialize, Deserialize)]
enum Draft {
    /// Being rung up or paid.
    Open(DraftOrder),
    /// Finished, and nothing rung up since.
    Finished(OrderId),
}

#[derive(Debug, Serialize, Deserialize)]
struct DraftOrder {
    currency: Currency,
    tax_rounding: TaxRounding,
    lines: Vec<DraftLine>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    discount: Option<Discount>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mo_ling: Option<MoLing>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_line: Option<LineId>,
    /// Whom it is for, by id alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member: Option<OnOrder>,
    /// What their points take off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    points: Option<Money>,
    /// Its id, where something outside knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<OrderId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    coupons: Vec<DraftCoupon>,
    /// The order's id and how it is being paid, once there was a payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    paying: Option<(OrderId, Vec<TenderStep>)>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    note: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    returns: Option<Arc<Returns>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<Arc<OrderFile>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct DraftCoupon {
    code: CouponCode,
    promotion: PromotionId,
    /// Until when the hub keeps it; none: the hub was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
}

#[derive(Debug, Serialize, Deserialize)]
struct DraftLine {
    id: LineId,
    product: ProductId,
    quantity: Quantity,
    /// The catalogue's when it was rung up.
    price: UnitPrice,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    price_override: Option<UnitPrice>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    discount: Option<Discount>,
}

/// A cart as `domain` writes it; the one way to make one whose lines keep their numbers.
#[derive(Serialize)]
struct CartParts {
    currency: Currency,
    tax_rounding: TaxRounding,
    lines: Vec<CartLine>,
    discount: Option<Discount>,
    points: Option<Money>,
    mo_ling: Option<MoLing>,
    next_line: u32,
    coupons: Vec<(CouponCode, PromotionId)>,
}

impl OpenOrder {
    /// The order as text; `None` when there is nothing to keep.
    pub(crate) fn to_draft(&self) -> Option<String> {
        let draft = match &self.phase {
            Phase::Finished(order) => Draft::Finished(*order),
            Phase::Ringing | Phase::Paying(_) if self.is_blank() => return None,
            Phase::Ringing => Draft::Open(self.draft_order(None)),
            Phase::Paying(paying) => {
                let begun = !paying.steps.is_empty();
                Draft::Open(self.draft_order(begun.then(|| (paying.order, paying.steps.clone()))))
            }
        };
        Some(serde_json::to_string(&draft).expect("an order is made of what JSON can hold"))
    }

    /// True when nothing of it is worth keeping.
    fn is_blank(&self) -> bool {
        let nothing_asked = self.cart.is_empty() && self.cart.mo_ling().is_none() && self.note.is_empty();
        nothing_asked
            && self.returns.is_none()
            && self.file.is_none()
            && self.member.is_none()
            && self.cart.presented().is_empty()
    }

    fn draft_coupon(&self, (code, promotion): &(CouponCode, PromotionId)) -> DraftCoupon {
        let until = self.claims.iter().find(|claim| claim.code == *code).and_then(|claim| claim.until);
        DraftCoupon { code: code.clone(), promotion: *promotion, until }
    }

    fn draft_order(&self, paying: Option<(OrderId, Vec<TenderStep>)>) -> DraftOrder {
        let line = |line: &CartLine| DraftLine {
            id: line.id,
            product: line.product.id,
            quantity: line.quantity,
            price: line.product.price,
            price_override: line.price_override,
            discount: line.discount,
        };
        DraftOrder {
            currency: self.cart.currency(),
            tax_rounding: self.cart.tax_rounding(),
            lines: self.cart.lines().iter().map(line).collect(),
            discount: self.cart.discount(),
            mo_ling: self.cart.mo_ling(),
            last_line: self.last_line,
            member: self.member.clone(),
            points: self.cart.points(),
            id: self.id,
            coupons: self.cart.presented().iter().map(|coupon| self.draft_coupon(coupon)).collect(),
            paying,
            note: self.note.clone(),
            returns: self.returns.clone(),
            file: self.file.clone(),
        }
    }
}

impl Terminal {
    /// The order that `text` holds, if it still holds one. What was paid is gone through again by the same rules; where it no
    /// longer fits, the order is there to be paid anew.
    pub(crate) fn order_of_draft(&self, text: &str) -> Option<OpenOrder> {
        let draft: Draft = serde_json::from_str(text)
            .inspect_err(|error| tracing::error!(%error, "an open order could not be read back"))
            .ok()?;
        let shop = self.shop();
        let draft = match draft {
            Draft::Finished(order) => return Some(OpenOrder::after(order, &shop)),
            Draft::Open(draft) => draft,
        };
        let (paying, last_line) = (draft.paying.clone(), draft.last_line);
        let (note, returns, file) = (draft.note.clone(), draft.returns.clone(), draft.file.clone());
        let member = draft.member.clone();
        let id = draft.id;
        let claim = |coupon: &DraftCoupon| Claim { code: coupon.code.clone(), until: coupon.until };
        let claims = draft.coupons.iter().map(claim).collect();
        let cart = self.cart_of(draft)?;
        let mut open = OpenOrder { cart, last_line, phase: Phase::Ringing, id, claims, note, returns, file, member };
        let phase = match paying {
            None => Phase::Ringing,
            Some((order, steps)) => self
                .priced(&open)
                .ok()
                .and_then(|priced| resume(order, steps, priced, &shop))
                .map_or(Phase::Ringing, Phase::Paying),
        };
        open.phase = phase;
        Some(open)
    }

    fn cart_of(&self, draft: DraftOrder) -> Option<Cart> {
        let lines: Vec<CartLine> = draft.lines.into_iter().filter_map(|line| self.line_of(line)).collect();
        let next_line = lines.iter().map(|line| line.id.0).max().unwrap_or(0).saturating_add(1);
        let DraftOrder { currency, tax_rounding, discount, points, mo_ling, coupons, .. } = draft;
        let coupons = coupons.into_iter().map(|coupon| (coupon.code, coupon.promotion)).collect();
        let parts = CartParts { currency, tax_rounding, lines, discount, points, mo_ling, next_line, coupons };
        serde_json::to_value(parts)
            .and_then(serde_json::from_value)
            .inspect_err(|error| tracing::error!(%error, "an open order could not be put together again"))
            .ok()
    }

    fn line_of(&self, line: DraftLine) -> Option<CartLine> {
        let (product, tax) = self.product_of_draft(&line).or_else(|| {
            tracing::error!(product = %line.product, "an open order names a product that the catalogue no longer holds");
            None
        })?;
        let DraftLine { id, quantity, price_override, discount, .. } = line;
        Some(CartLine { id, product, tax, quantity, price_override, discount })
    }

    fn product_of_draft(&self, line: &DraftLine) -> Option<(Arc<Product>, Arc<TaxClass>)> {
        let product = self.store.product(line.product).ok()??;
        let tax = self.tax_of(&product).ok()?;
        let product =
            if product.price == line.price { product } else { Arc::new(Product { price: line.price, ..(*product).clone() }) };
        Some((product, tax))
    }
}

fn resume(order: OrderId, steps: Vec<TenderStep>, priced: PricedCart, shop: &Shop) -> Option<Paying> {
    let mut tendering = Tendering::begin(priced.total, shop.cash_rounding);
    let again = steps.iter().try_for_each(|step| step.take(&mut tendering));
    again.inspect_err(|error| tracing::error!(%order, %error, "the payments of an open order no longer fit it")).ok()?;
    Some(Paying { order, priced, tendering, steps })
}

//! Ringing up: scan, add, change lines, discounts, hold and recall.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use domain::{Cart, LineId, OrderId, Permission, PricedCart, Product, ProductId, Shop, TaxClass};

use store::HeldOrder;

use crate::api::{CartView, Problem, ProblemCode};
use crate::discount_limit;
use crate::error::TillError;
use crate::local_shop::untaxed;
use crate::present;
use crate::sessions::{OpenOrder, Phase, Session};
use crate::terminal::Terminal;
use crate::typed;

/// Characters that a held order's label may have.
const LONGEST_LABEL: usize = 60;

impl Terminal {
    /// Rings up a product that was picked on the screen.
    pub(crate) fn ring_up_product(&self, session: &str, product: &str, quantity: &str) -> Result<CartView, Problem> {
        let quantity = typed::quantity(quantity)?;
        self.change_cart(session, Permission::Sell, |cart, _| {
            let id: ProductId = product.parse().map_err(|_| unknown_product(product))?;
            let found = self.store.product(id)?.ok_or_else(|| unknown_product(product))?;
            let (product, tax) = self.product_to_sell(found)?;
            Ok(Some(cart.add(product, tax, quantity)?))
        })
    }

    /// The product with its tax, if it is still sold.
    pub(crate) fn product_to_sell(&self, product: Arc<Product>) -> Result<(Arc<Product>, Arc<TaxClass>), TillError> {
        if !product.active {
            return Err(unknown_product(product.sku.as_str()).into());
        }
        if product.details.is_parent() {
            return Err(choose_variant(&product).into());
        }
        let tax = self.tax_of(&product)?;
        Ok((product, tax))
    }

    /// How a product is taxed.
    pub(crate) fn tax_of(&self, product: &Product) -> Result<Arc<TaxClass>, TillError> {
        let untaxed = || Some(Arc::new(untaxed())).filter(|class| class.code == product.tax);
        let missing = || TillError::NoTaxClass { sku: product.sku.clone(), class: product.tax.clone() };
        self.store.tax_class(&product.tax).or_else(untaxed).ok_or_else(missing)
    }

    /// Sets the quantity of a line; a zero takes it out.
    pub(crate) fn change_quantity(&self, session: &str, line: u32, quantity: &str) -> Result<CartView, Problem> {
        if typed::is_zero(quantity) {
            return self.void_line(session, line, "");
        }
        if quantity.trim().is_empty() {
            return Err(Problem::new(ProblemCode::NotAQuantity, "a quantity is missing").with("text", ""));
        }
        let quantity = typed::quantity(quantity)?;
        self.change_cart(session, Permission::Sell, |cart, _| {
            cart.set_quantity(LineId(line), quantity)?;
            Ok(Some(LineId(line)))
        })
    }

    /// Sells a line at another price; empty: at the catalogue's again, which anyone may do.
    pub(crate) fn change_price(&self, session: &str, line: u32, price: &str) -> Result<CartView, Problem> {
        let needs = if price.trim().is_empty() { Permission::Sell } else { Permission::OverridePrice };
        self.change_cart(session, needs, |cart, _| {
            let price = typed::price(price, cart.currency())?;
            cart.override_price(LineId(line), price)?;
            Ok(Some(LineId(line)))
        })
    }

    /// Gives a discount on a line.
    pub(crate) fn change_line_discount(&self, session: &str, line: u32, discount: &str) -> Result<CartView, Problem> {
        self.change_cart(session, Permission::Sell, |cart, session| {
            let discount = typed::discount(discount, cart.currency())?;
            let found = cart.line(LineId(line))?;
            let amount = found.unit_price().extend(found.quantity)?;
            cart.discount_line(LineId(line), discount)?;
            if let Some(discount) = discount {
                discount_limit::allow(session, discount, amount)?;
            }
            Ok(Some(LineId(line)))
        })
    }

    /// Gives a discount on the order.
    pub(crate) fn change_order_discount(&self, session: &str, discount: &str) -> Result<CartView, Problem> {
        self.change_cart(session, Permission::Sell, |cart, session| {
            let discount = typed::discount(discount, cart.currency())?;
            if let Some(discount) = discount {
                if cart.is_empty() {
                    return Err(Problem::new(ProblemCode::CartEmpty, "there is nothing in the order to give a discount on"));
                }
                let mut full = cart.clone();
                full.discount_order(None)?;
                full.set_mo_ling(None)?;
                cart.discount_order(Some(discount))?;
                let before = full.priced()?;
                discount_limit::allow(session, discount, before.subtotal.minus(before.discount)?)?;
            } else {
                cart.discount_order(None)?;
            }
            Ok(None)
        })
    }

    /// 抹零 on or off.
    pub(crate) fn change_mo_ling(&self, session: &str, on: bool) -> Result<CartView, Problem> {
        let rule = self.shop().mo_ling;
        if on && rule.is_none() {
            return Err(Problem::new(ProblemCode::MoLingUnavailable, "抹零 is not set up in this shop"));
        }
        self.change_cart(session, Permission::Sell, |cart, _| {
            cart.set_mo_ling(rule.filter(|_| on))?;
            Ok(None)
        })
    }

    /// Puts the order aside.
    pub(crate) fn hold_order(&self, session: &str, label: &str) -> Result<CartView, Problem> {
        self.in_session(session, Permission::Sell, |session| {
            session.order.ringing()?;
            if session.order.cart.is_empty() {
                return Err(Problem::new(ProblemCode::CartEmpty, "there is nothing in the order to hold"));
            }
            self.put_aside(session, label)?;
            self.cart_view(&session.order)
        })
    }

    /// Takes a held order up; the order in progress is held in its place.
    pub(crate) fn recall_order(&self, session: &str, id: &str) -> Result<CartView, Problem> {
        self.in_session(session, Permission::Sell, |session| {
            self.pin_before_sale(session)?;
            session.order.ringing()?;
            let missing = || Problem::new(ProblemCode::NoSuchHeldOrder, "this held order has already been taken up");
            let Some(held) = self.store.held()?.into_iter().find(|held| held.id == id) else {
                let body = self.take_from_hub(session, id)?.ok_or_else(missing)?;
                let order = self.order_of_draft(&body).ok_or_else(missing)?;
                if !session.order.cart.is_empty() {
                    self.put_aside(session, "")?;
                }
                session.order = order;
                session.undo.clear();
                self.keep_draft(session);
                return self.cart_view(&session.order);
            };
            let order = self.order_of_draft(&held.body).ok_or_else(missing)?;
            self.take_own_at_hub(session, id)?;
            if !session.order.cart.is_empty() {
                self.put_aside(session, "")?;
            }
            self.store.take_held(id, &session.name, &held.body)?.ok_or_else(missing)?;
            self.held.fetch_sub(1, Ordering::Relaxed);
            session.order = order;
            session.undo.clear();
            self.cart_view(&session.order)
        })
    }

    /// Takes the last change of the order back. What nobody here may give now does not come back that way.
    pub(crate) fn undo_change(&self, session: &str) -> Result<CartView, Problem> {
        self.in_session(session, Permission::Sell, |session| {
            let now = session.order.ringing()?.priced()?;
            let nothing = || Problem::new(ProblemCode::NothingToUndo, "there is no change to take back");
            let before = session.undo.last().ok_or_else(nothing)?;
            discount_limit::allow_change(session, &now, &before.cart.priced()?)?;
            self.void_undone(session, before)?;
            if let Some(before) = session.undo.pop() {
                session.order = self.with_member_of_now(before, &session.order);
            }
            self.keep_draft(session);
            self.cart_view(&session.order)
        })
    }

    /// Holds the order of a session and leaves it with an empty one.
    fn put_aside(&self, session: &mut Session, label: &str) -> Result<(), Problem> {
        let order = &session.order;
        let held = HeldOrder {
            id: OrderId::generate().to_string(),
            label: label.trim().chars().filter(|c| !c.is_control()).take(LONGEST_LABEL).collect(),
            at: self.clock.now(),
            staff: session.staff.id.clone(),
            total: self.priced(order)?.total,
            lines: u32::try_from(order.cart.lines().len()).unwrap_or(u32::MAX),
            body: order.to_draft().unwrap_or_default(),
        };
        self.store.hold(&held, &session.name)?;
        self.held.fetch_add(1, Ordering::Relaxed);
        session.order = OpenOrder::new(&self.shop());
        session.undo.clear();
        if self.hub_answered_last() {
            self.share(session, &held);
        }
        Ok(())
    }

    /// Changes the cart by all the rules or not at all, keeps it as a draft and shows it.
    pub(crate) fn change_cart(
        &self,
        session: &str,
        permission: Permission,
        change: impl FnOnce(&mut Cart, &Session) -> Result<Option<LineId>, Problem>,
    ) -> Result<CartView, Problem> {
        self.change_cart_and(session, permission, change, |_| Ok(()))
    }

    /// As [`Terminal::change_cart`]; `then` is done once every rule has allowed the change, and stops it when it fails.
    pub(crate) fn change_cart_and(
        &self,
        session: &str,
        permission: Permission,
        change: impl FnOnce(&mut Cart, &Session) -> Result<Option<LineId>, Problem>,
        then: impl FnOnce(&Session) -> Result<(), Problem>,
    ) -> Result<CartView, Problem> {
        self.in_session(session, permission, |session| {
            let shop = self.shop();
            self.pin_before_sale(session)?;
            let before = session.order.ringing()?;
            let mut cart = if before.is_empty() { fresh(before, &shop)? } else { before.clone() };
            let (rules, context) = (self.rules_for(&session.order), self.pricing_context(&session.order));
            cart.price_by(Arc::clone(&rules), context.clone());
            let priced_before = cart.priced()?;
            let last_line = change(&mut cart, session)?;
            if cart.is_empty() {
                cart = fresh(&cart, &shop)?;
                cart.price_by(rules, context);
            }
            let priced = cart.priced()?;
            discount_limit::allow_change(session, &priced_before, &priced)?;
            then(session)?;
            session.change_to(OpenOrder { cart, last_line, phase: Phase::Ringing, ..session.order.clone() });
            self.let_go_what_no_longer_fits(&mut session.order);
            self.keep_draft(session);
            Ok(self.priced_view(&session.order, &priced))
        })
    }

    /// The order of a session as it stands.
    pub(crate) fn cart_view(&self, order: &OpenOrder) -> Result<CartView, Problem> {
        Ok(self.priced_view(order, &self.priced(order)?))
    }

    fn priced_view(&self, order: &OpenOrder, priced: &PricedCart) -> CartView {
        let mut view = present::cart(&order.cart, priced, order.last_line, &self.shop(), self.held.load(Ordering::Relaxed));
        order.show_changes(priced.total, &mut view);
        view.coupons = self.coupon_views(order, priced);
        CartView { member: self.member_on_cart(order, priced), ..view }
    }
}

/// The cart to change. An empty one follows the shop's settings of now; only what was asked of it stays.
fn fresh(before: &Cart, shop: &Shop) -> Result<Cart, Problem> {
    let mut cart = Cart::new(shop.currency, shop.tax_rounding);
    if before.mo_ling().is_some() {
        cart.set_mo_ling(shop.mo_ling)?;
    }
    for (code, promotion) in before.presented() {
        cart.present(code.clone(), *promotion, u32::MAX)?;
    }
    Ok(cart)
}

/// A product that is sold only as one of its variants.
fn choose_variant(product: &Product) -> Problem {
    let detail = format!("'{}' comes in variants: choose one", product.sku);
    Problem::new(ProblemCode::ChooseVariant, detail).with("product", product.id).with("sku", &product.sku)
}

fn unknown_product(what: &str) -> Problem {
    Problem::new(ProblemCode::UnknownProduct, format!("the product '{what}' is not sold"))
}

//! What an order costs by the rules of now, and why.

use std::sync::Arc;

use domain::promotion::{LineTrace, Lost, PriceSource, PromotionSet};
use domain::{CartError, LineId, Permission, PricedCart, PricingContext, PromotionId};

use crate::api::{NameView, PriceTraceView, Problem, TraceLostView, TraceStepView};
use crate::present;
use crate::sessions::OpenOrder;
use crate::terminal::Terminal;

impl Terminal {
    /// Where, when and for whom an order is priced.
    pub(crate) fn pricing_context(&self, order: &OpenOrder) -> PricingContext {
        let shop = self.shop();
        let now = self.clock.now().to_zoned_datetime(shop.zone()).datetime();
        PricingContext { now, member_level: self.level_of(order), store: shop.id }
    }

    /// The rules that an order is priced by. A customer's order that was taken up is at the prices it was placed at: what
    /// promotions took off then stands on its lines, and would come off a second time.
    pub(crate) fn rules_for(&self, order: &OpenOrder) -> Arc<PromotionSet> {
        if order.file.is_some() { Arc::default() } else { self.store.promotion_set() }
    }

    /// What an order costs by the rules of now.
    pub(crate) fn priced(&self, order: &OpenOrder) -> Result<PricedCart, CartError> {
        let mut cart = order.cart.clone();
        cart.price_by(self.rules_for(order), self.pricing_context(order));
        cart.priced()
    }

    /// Why a line costs what it costs.
    pub(crate) fn trace_price(&self, session: &str, line: u32) -> Result<PriceTraceView, Problem> {
        self.in_session(session, Permission::Sell, |session| {
            let order = &session.order;
            let mut cart = order.cart.clone();
            cart.price_by(self.rules_for(order), self.pricing_context(order));
            let found = cart.price_trace()?.lines.into_iter().find(|trace| trace.line == LineId(line));
            Ok(self.trace_view(found.ok_or(CartError::NoSuchLine)?))
        })
    }

    fn trace_view(&self, trace: LineTrace) -> PriceTraceView {
        let set = self.store.promotion_set();
        let name_of = |id: PromotionId| set.promotion(id).map(|promotion| NameView::from(&promotion.name));
        let (source, list) = match &trace.source {
            PriceSource::Catalogue => ("catalogue", None),
            PriceSource::List { name, .. } => ("list", Some(NameView::from(name))),
            PriceSource::Hand => ("hand", None),
        };
        let left = trace.given.last().map_or(trace.extended, |given| given.left);
        PriceTraceView {
            line: trace.line.0,
            catalogue: present::unit_price(trace.catalogue),
            price: present::unit_price(trace.price),
            source: source.to_owned(),
            list,
            extended: present::money(trace.extended),
            given: trace
                .given
                .iter()
                .map(|given| TraceStepView {
                    kind: given.discount.kind,
                    name: given.name.as_ref().map(NameView::from),
                    amount: present::money(given.discount.amount),
                    left: present::money(given.left),
                })
                .collect(),
            lost: trace
                .lost
                .iter()
                .map(|lost| {
                    let (why, by, missing) = match lost.why {
                        Lost::NotNow => ("not_now", None, None),
                        Lost::OtherStore => ("other_store", None, None),
                        Lost::OtherLevel => ("other_level", None, None),
                        Lost::PriceByHand => ("price_by_hand", None, None),
                        Lost::Beaten { by } => ("beaten", name_of(by), None),
                        Lost::LimitReached => ("limit_reached", None, None),
                        Lost::NoGain => ("no_gain", None, None),
                        Lost::TooFew => ("too_few", None, None),
                        Lost::SpendMore { missing } => ("spend_more", None, Some(present::money(missing))),
                    };
                    TraceLostView { name: NameView::from(&lost.name), why: why.to_owned(), by, missing }
                })
                .collect(),
            left: present::money(left),
        }
    }
}

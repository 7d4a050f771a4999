//! What user interfaces show of promotions, coupons and how a price came about.

use domain::DiscountKind;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{MoneyView, NameView};

views! {
    /// A coupon on the order.
    pub struct CouponView {
        /// Its code.
        code: String,
        /// Its promotion's name.
        name: NameView,
        /// True when it takes something off at present; else it is not spent.
        gives: bool,
        /// True when it was taken without asking the hub.
        unchecked: bool,
    }

    /// Something that was taken off a line.
    pub struct TraceStepView {
        /// Why.
        #[ts(type = "'line' | 'order' | 'mo_ling' | 'promotion' | 'coupon'")]
        kind: DiscountKind,
        /// The promotion's name; none for what a person gave.
        name: Option<NameView>,
        /// How much.
        amount: MoneyView,
        /// What was left then.
        left: MoneyView,
    }

    /// A promotion that gave nothing on a line.
    pub struct TraceLostView {
        /// Its name.
        name: NameView,
        /// `not_now`, `other_store`, `other_level`, `price_by_hand`, `beaten`, `limit_reached`, `no_gain`, `too_few` or
        /// `spend_more`.
        why: String,
        /// The one that beat it.
        by: Option<NameView>,
        /// What is missing to it.
        missing: Option<MoneyView>,
    }

    /// How a line's price came about.
    pub struct PriceTraceView {
        /// The line.
        line: u32,
        /// The catalogue's price of one unit.
        catalogue: MoneyView,
        /// The price of one unit.
        price: MoneyView,
        /// `catalogue`, `list` or `hand`.
        source: String,
        /// The price list's name.
        list: Option<NameView>,
        /// Quantity times price.
        extended: MoneyView,
        /// What was taken off, in order.
        given: Vec<TraceStepView>,
        /// What gave nothing.
        lost: Vec<TraceLostView>,
        /// What is left.
        left: MoneyView,
    }

    /// A promotion as it is typed.
    pub struct PromotionForm {
        /// Its id, empty for a new one.
        id: String,
        /// Chinese name.
        name_zh: String,
        /// English name.
        name_en: String,
        /// `percent`, `amount`, `fixed_price`, `buy_get`, `mix_and_match` or `threshold`.
        kind: String,
        /// `10` for 10 %.
        percent: String,
        /// An amount or price.
        amount: String,
        /// Pieces at their price.
        buy: String,
        /// Pieces with the discount.
        get: String,
        /// Pieces of a group.
        count: String,
        /// What must be spent.
        spend: String,
        /// For every full amount spent.
        every: bool,
        /// SKUs or barcodes, with spaces between.
        products: String,
        /// SKUs or barcodes that are left out.
        except: String,
        /// Codes of categories.
        categories: Vec<String>,
        /// In every store; else in this one.
        all_stores: bool,
        /// Levels of members, with spaces between.
        levels: String,
        /// `2026-12-01T00:00`, may be empty.
        from: String,
        /// The same.
        until: String,
        /// 1 for Monday to 7 for Sunday.
        weekdays: Vec<u32>,
        /// `17:00`, may be empty.
        hours_from: String,
        /// The same.
        hours_until: String,
        /// Lower comes first.
        priority: String,
        /// On top of every other.
        stacks: bool,
        /// The group that it is exclusive in.
        group: String,
        /// How often in one order at most.
        per_order: String,
        /// For coupons alone.
        coupons: bool,
        /// Coupons are taken while the hub cannot be asked.
        offline_coupons: bool,
    }

    /// A promotion in the manager's list.
    pub struct PromotionView {
        /// Its id.
        id: String,
        /// Its name.
        name: NameView,
        /// `draft`, `live` or `ended`.
        state: String,
        /// True when it gives something at this moment.
        holds_now: bool,
        /// True when it will not hold again.
        over: bool,
        /// What kind.
        kind: String,
        /// For the form.
        form: PromotionForm,
    }

    /// A promotion that a draft would have taken something from.
    pub struct ClashView {
        /// Its name.
        name: NameView,
        /// In how many baskets.
        baskets: u32,
        /// How much it would have given less.
        lost: MoneyView,
    }

    /// A draft tried over past sales.
    pub struct TrialView {
        /// `none`, `running` or `done`.
        state: String,
        /// Over how many days.
        days: u32,
        /// How much of them is done.
        percent: u32,
        /// Sales tried.
        baskets: u32,
        /// Sales on which it would have given something.
        touched: u32,
        /// What it would have given.
        given: MoneyView,
        /// What the shop would have taken less in all.
        cost: MoneyView,
        /// The same for each sale that it touched.
        average: MoneyView,
        /// What the touched sales came to.
        turnover: MoneyView,
        /// Promotions that would have given less.
        clashes: Vec<ClashView>,
    }
}

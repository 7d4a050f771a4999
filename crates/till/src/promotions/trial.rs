//! A draft tried over the last days of this till's journal, on a thread of its own; it can be watched and cancelled.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use domain::event::SaleCompleted;
use domain::promotion::{Trial, TrialResult};
use domain::{
    Cart, CartError, Discount, DiscountKind, Event, Money, Name, Order, OrderLine, Permission, PricingContext, Product,
    Promotion, Shop, TaxCode,
};
use jiff::{SignedDuration, Timestamp};
use journal::Entry;
use store::Store;

use crate::api::{ClashView, NameView, Problem, ProblemCode, PromotionForm, TrialView};
use crate::background::no_thread;
use crate::error::TillError;
use crate::local_shop::untaxed;
use crate::present;
use crate::terminal::Terminal;

/// Entries that are read in one go.
const BATCH: (usize, usize) = (200, 4 * 1024 * 1024);
/// The most days that are tried.
const MOST_DAYS: u32 = 366;

/// A trial at work, or what it found.
#[derive(Debug)]
pub(crate) struct TrialJob {
    days: u32,
    entries: u64,
    done: AtomicU64,
    cancelled: AtomicBool,
    finished: Mutex<Option<Result<TrialResult, Problem>>>,
}

impl TrialJob {
    fn finish(&self, result: Result<TrialResult, Problem>) {
        *self.finished.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    }
}

impl Terminal {
    /// Begins to try a draft; one that is under way is cancelled.
    pub(crate) fn begin_trial(&self, session: &str, form: &PromotionForm, days: u32) -> Result<TrialView, Problem> {
        self.in_session(session, Permission::ManagePromotions, |_| {
            let draft = self.promotion_of_form(form)?;
            let days = days.clamp(1, MOST_DAYS);
            let since = self.clock.now().saturating_sub(SignedDuration::from_hours(24 * i64::from(days)));
            let since = since.map_err(|error| Problem::new(ProblemCode::BadRequest, error.to_string()))?;
            let first = self.store.first_order_since(since)?;
            let last = self.store.head()?.seq;
            let job = Arc::new(TrialJob {
                days,
                entries: first.map_or(0, |first| last + 1 - first),
                done: AtomicU64::new(0),
                cancelled: AtomicBool::new(false),
                finished: Mutex::default(),
            });
            if let Some(before) = self.trial.lock().unwrap_or_else(PoisonError::into_inner).replace(Arc::clone(&job)) {
                before.cancelled.store(true, Ordering::Relaxed);
            }
            let (store, shop, worked) = (Arc::clone(&self.store), self.shop(), Arc::clone(&job));
            let thread = std::thread::Builder::new().name("promotion trial".into()).spawn(move || {
                let result = first.map_or_else(
                    || Ok(Trial::new(&store.promotion_set(), &draft, shop.currency).result().clone()),
                    |first| try_over(&store, &shop, &draft, first, since, &worked).map_err(TillError::problem),
                );
                worked.finish(result);
            });
            thread.map_err(|error| no_thread(&error))?;
            self.trial_view(&job)
        })
    }

    /// How far the trial is, or what it found.
    pub(crate) fn watch_trial(&self, session: &str) -> Result<TrialView, Problem> {
        self.in_session(session, Permission::ManagePromotions, |_| {
            let job = self.trial.lock().unwrap_or_else(PoisonError::into_inner).clone();
            match job {
                Some(job) => self.trial_view(&job),
                None => Ok(self.no_trial()),
            }
        })
    }

    /// Cancels the trial; nothing of it is left.
    pub(crate) fn end_trial(&self, session: &str) -> Result<TrialView, Problem> {
        self.in_session(session, Permission::ManagePromotions, |_| {
            if let Some(job) = self.trial.lock().unwrap_or_else(PoisonError::into_inner).take() {
                job.cancelled.store(true, Ordering::Relaxed);
            }
            Ok(self.no_trial())
        })
    }

    fn no_trial(&self) -> TrialView {
        let nothing = present::money(Money::zero(self.shop().currency));
        TrialView {
            state: "none".to_owned(),
            days: 0,
            percent: 0,
            baskets: 0,
            touched: 0,
            given: nothing.clone(),
            cost: nothing.clone(),
            average: nothing.clone(),
            turnover: nothing,
            clashes: Vec::new(),
        }
    }

    fn trial_view(&self, job: &TrialJob) -> Result<TrialView, Problem> {
        let finished = job.finished.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let done = job.done.load(Ordering::Relaxed).min(job.entries);
        let percent = if job.entries == 0 { 100 } else { u32::try_from(done * 100 / job.entries).unwrap_or(100) };
        let view = TrialView { days: job.days, ..self.no_trial() };
        let Some(result) = finished else { return Ok(TrialView { state: "running".to_owned(), percent, ..view }) };
        let found = result?;
        let set = self.store.promotion_set();
        let touched = i64::try_from(found.touched).unwrap_or(i64::MAX).max(1);
        let average = Money::from_minor(found.cost.minor() / touched, found.cost.currency());
        let clash = |(id, clash): (&domain::PromotionId, &domain::promotion::Clash)| ClashView {
            name: set.promotion(*id).map_or_else(|| NameView::from(&Name::default()), |known| NameView::from(&known.name)),
            baskets: short(clash.baskets),
            lost: present::money(clash.lost),
        };
        Ok(TrialView {
            state: "done".to_owned(),
            percent: 100,
            baskets: short(found.baskets),
            touched: short(found.touched),
            given: present::money(found.given),
            cost: present::money(found.cost),
            average: present::money(average),
            turnover: present::money(found.turnover),
            clashes: found.clashes.iter().map(clash).collect(),
            ..view
        })
    }
}

fn short(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn try_over(
    store: &Store,
    shop: &Shop,
    draft: &Promotion,
    first: u64,
    since: Timestamp,
    job: &TrialJob,
) -> Result<TrialResult, TillError> {
    let mut trial = Trial::new(&store.promotion_set(), draft, shop.currency);
    let mut seq = first - 1;
    loop {
        let texts = store.entries_after(seq, BATCH.0, BATCH.1)?;
        if texts.is_empty() || job.cancelled.load(Ordering::Relaxed) {
            return Ok(trial.result().clone());
        }
        for text in texts {
            seq += 1;
            job.done.fetch_add(1, Ordering::Relaxed);
            // What an older or newer version wrote and this one cannot read was no sale of these days.
            let Ok(entry) = Entry::read(&text) else { continue };
            let Event::SaleCompleted(SaleCompleted { order }) = entry.event else { continue };
            if entry.at < since || order.currency != shop.currency {
                continue;
            }
            // Which level a member had then is not in the journal; they are taken for one that the draft is for.
            let member_level = order.member.and(draft.levels.first().cloned());
            let now = entry.at.to_zoned_datetime(shop.zone()).datetime();
            let cart = basket(store, shop, &order)?;
            trial.basket(&cart, &PricingContext { now, member_level, store: shop.id })?;
        }
    }
}

/// The order as it was rung up, without what promotions gave.
fn basket(store: &Store, shop: &Shop, order: &Order) -> Result<Cart, TillError> {
    let mut cart = Cart::new(order.currency, shop.tax_rounding);
    let by_hand = |line: &OrderLine, kind: DiscountKind| {
        Money::sum(order.currency, line.discounts.iter().filter(|given| given.kind == kind).map(|given| given.amount))
    };
    let mut off = Money::zero(order.currency);
    for line in &order.lines {
        let listed = line.list_price.unwrap_or(line.unit_price);
        let product = match store.product(line.product)? {
            Some(known) if known.price == listed => known,
            Some(known) => Arc::new(Product { price: listed, ..(*known).clone() }),
            None => Arc::new(forgotten(line)?),
        };
        let tax = store.tax_class(&product.tax).unwrap_or_else(|| Arc::new(untaxed()));
        let id = cart.add_line(product, tax, line.quantity, line.unit_price)?;
        let of_line = by_hand(line, DiscountKind::Line)?;
        if !of_line.is_zero() {
            cart.discount_line(id, Some(Discount::Amount(of_line)))?;
        }
        off = off.plus(by_hand(line, DiscountKind::Order)?)?;
    }
    if !off.is_zero() {
        // What was given on the order may be more than is left without the promotions of then.
        let _ = cart.discount_order(Some(Discount::Amount(off)));
    }
    Ok(cart)
}

/// A product that the catalogue no longer holds.
fn forgotten(line: &OrderLine) -> Result<Product, CartError> {
    Ok(Product {
        id: line.product,
        sku: line.sku.clone(),
        barcodes: Vec::new(),
        name: line.name.clone(),
        category: None,
        price: line.list_price.unwrap_or(line.unit_price),
        unit: line.unit,
        tax: TaxCode::parse(untaxed().code.as_str()).unwrap_or(untaxed().code),
        picture: None,
        active: false,
        details: domain::ProductDetails::default(),
    })
}

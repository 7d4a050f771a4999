//! The stockroom: goods received, counted and adjusted, what is low, and the stock ledger of a product. All of it works
//! without the hub; the ledger then tells of this terminal alone and says so.

use std::sync::Arc;

use domain::stock::{CountedLine, GoodsReceived, ReceivedLine, StockCounted, document};
use domain::{
    AdjustmentId, AdjustmentLine, Event, Permission, Product, ProductId, Quantity, StaffId, StockAdjustment, StockDelta,
};
use jiff::civil::Date;
use sync::goods::{LedgerPage, LedgerQuestion, MAX_MOVEMENTS};

use crate::api::{
    AmountLine, CountLine, GoodsView, LowStockView, MovementView, Problem, ProblemCode, ProductView, ReceiveLine,
    StockDocumentView, StockLedgerView, StockLineView,
};
use crate::present;
use crate::terminal::Terminal;
use crate::typed;

/// Products that one list of scarce goods names.
const MOST_SCARCE: usize = 500;
/// Lines of one stock document.
const MOST_LINES: usize = 2_000;
/// Movements on a page.
const PAGE: u32 = 50;
/// Characters of a reason, a supplier, a note.
const LONGEST_TEXT: usize = 200;

impl Terminal {
    /// The variants of a product.
    pub(crate) fn variants_of(&self, session: &str, product: &str) -> Result<Vec<ProductView>, Problem> {
        self.in_session(session, Permission::Sell, |_| {
            let parent = self.product_named(product)?;
            self.store.variants(parent.id)?.iter().map(|product| self.with_stock(product)).collect()
        })
    }

    /// What a code stands for.
    pub(crate) fn goods_of_code(&self, session: &str, code: &str) -> Result<GoodsView, Problem> {
        self.in_session(session, Permission::MoveStock, |_| {
            let found = self.goods(code, &self.shop())?;
            let label = found.label.unwrap_or_default();
            let weight = label.weight.map(|weight| weight.normalize().to_string());
            let on_hand = self.store.stock(found.product.id)?.unwrap_or(StockDelta::from_milli(0));
            Ok(GoodsView {
                product: self.with_stock(&found.product)?,
                quantity: weight.unwrap_or_else(|| "1".to_owned()),
                lot: label.lot,
                expiry: label.expiry.map(|date| date.to_string()).unwrap_or_default(),
                on_hand: on_hand.to_string(),
            })
        })
    }

    /// What there is little of.
    pub(crate) fn scarce_goods(&self, session: &str) -> Result<Vec<LowStockView>, Problem> {
        self.in_session(session, Permission::Sell, |_| {
            let low = self.store.low_stock(MOST_SCARCE)?;
            let view = |(product, on_hand): (Product, StockDelta)| LowStockView {
                product: present::product(&product, Some(on_hand.to_string())),
                on_hand: on_hand.to_string(),
                reorder_at: product.details.reorder_at.map(|at| at.to_string()).unwrap_or_default(),
            };
            Ok(low.into_iter().map(view).collect())
        })
    }

    /// Takes goods in from a supplier.
    pub(crate) fn take_delivery(
        &self,
        session: &str,
        supplier: &str,
        note: &str,
        lines: &[ReceiveLine],
    ) -> Result<StockDocumentView, Problem> {
        self.in_session(session, Permission::MoveStock, |session| {
            let currency = self.shop().currency;
            let line = |line: &ReceiveLine| {
                let product = self.goods_to_move(&line.product)?;
                Ok(ReceivedLine {
                    product: product.id,
                    sku: product.sku.clone(),
                    quantity: moved_quantity(&line.quantity, &product)?,
                    cost: typed::price(&line.cost, currency)?,
                    lot: plain(&line.lot),
                    expiry: day(&line.expiry)?,
                })
            };
            let lines = filled(lines)?.iter().map(line).collect::<Result<_, Problem>>()?;
            let received = GoodsReceived { id: AdjustmentId::generate(), supplier: plain(supplier), note: plain(note), lines };
            self.book(Event::GoodsReceived(received), &session.staff.id)
        })
    }

    /// Books what was counted.
    pub(crate) fn book_count(&self, session: &str, reason: &str, lines: &[CountLine]) -> Result<StockDocumentView, Problem> {
        self.in_session(session, Permission::MoveStock, |session| {
            let line = |line: &CountLine| {
                let product = self.goods_to_move(&line.product)?;
                let expected = line.expected.parse().map_err(|_| not_a_quantity(&line.expected))?;
                Ok(CountedLine {
                    product: product.id,
                    sku: product.sku.clone(),
                    expected,
                    counted: counted(&line.counted, &product)?,
                })
            };
            let lines = filled(lines)?.iter().map(line).collect::<Result<_, Problem>>()?;
            let reason = self.reason(reason)?;
            self.book(Event::StockCounted(StockCounted { id: AdjustmentId::generate(), reason, lines }), &session.staff.id)
        })
    }

    /// Changes stock with a reason.
    pub(crate) fn book_adjustment(
        &self,
        session: &str,
        reason: &str,
        lines: &[AmountLine],
    ) -> Result<StockDocumentView, Problem> {
        self.in_session(session, Permission::MoveStock, |session| {
            let line = |line: &AmountLine| {
                let product = self.goods_to_move(&line.product)?;
                let gone = line.amount.trim().strip_prefix('-');
                let quantity = moved_quantity(gone.unwrap_or(&line.amount), &product)?;
                let milli = if gone.is_some() { -quantity.milli() } else { quantity.milli() };
                let delta = StockDelta::from_milli(milli);
                Ok(AdjustmentLine { product: product.id, sku: product.sku.clone(), delta, note: String::new() })
            };
            let lines = filled(lines)?.iter().map(line).collect::<Result<_, Problem>>()?;
            let reason = self.reason(reason)?;
            let adjusted = StockAdjustment { id: AdjustmentId::generate(), reason, lines, external_reference: None };
            self.book(Event::StockAdjusted(adjusted), &session.staff.id)
        })
    }

    /// The stock ledger of a product: the hub's for the whole store, else this terminal's own.
    pub(crate) fn ledger_of(&self, session: &str, product: &str, before: u32) -> Result<StockLedgerView, Problem> {
        self.in_session(session, Permission::Sell, |session| {
            let product = self.product_named(product)?;
            let before_number = (before > 0).then_some(u64::from(before));
            let question = LedgerQuestion {
                staff: session.staff.id.clone(),
                product: product.id,
                before: before_number,
                limit: PAGE.min(MAX_MOVEMENTS),
            };
            match self.ask_hub::<LedgerPage>("/v1/goods/ledger", &question) {
                Ok(page) => self.ledger_of_store(&product, page, before == 0),
                Err(problem) if matches!(problem.code, ProblemCode::HubUnreachable | ProblemCode::NotEnrolled) => {
                    self.ledger_of_terminal(&product, before)
                }
                Err(problem) => Err(problem),
            }
        })
    }

    /// The hub's page; on the first, what this terminal moved since the hub last counted comes before it.
    fn ledger_of_store(&self, product: &Product, page: LedgerPage, first: bool) -> Result<StockLedgerView, Problem> {
        let shop = self.shop();
        let own = self.store.terminal().map_or(0, |row| row.number);
        let mut balance = page.on_hand.milli();
        let mut movements = Vec::new();
        if first {
            let newer: Vec<_> = self
                .store
                .movements(product.id, 0, PAGE)?
                .into_iter()
                .take_while(|movement| movement.seq > page.folded)
                .collect();
            balance += self.store.moved_since(product.id, page.folded)?.milli();
            let mut after = balance;
            for movement in newer {
                movements.push(self.movement_view(own, &movement, after));
                after -= movement.delta.milli();
            }
        }
        let before = page.movements.last().map_or(0, |movement| u32::try_from(movement.number).unwrap_or(0));
        let of_hub = page.movements.into_iter().map(|movement| MovementView {
            terminal: movement.terminal,
            seq: u32::try_from(movement.seq).unwrap_or(u32::MAX),
            at: present::moment(movement.at, &shop),
            staff: movement.staff.map(|staff| self.staff_name(&staff)).unwrap_or_default(),
            kind: movement.kind,
            reference: movement.reference,
            note: movement.note,
            delta: movement.delta.to_string(),
            balance: movement.balance.to_string(),
        });
        movements.extend(of_hub);
        let on_hand = StockDelta::from_milli(balance).to_string();
        Ok(StockLedgerView { movements, on_hand, whole_store: true, before: if before > 1 { before } else { 0 } })
    }

    fn ledger_of_terminal(&self, product: &Product, before: u32) -> Result<StockLedgerView, Problem> {
        let own = self.store.terminal().map_or(0, |row| row.number);
        let on_hand = self.store.stock(product.id)?;
        let movements = self.store.movements(product.id, u64::from(before), PAGE)?;
        // What there is now, without what moved after the page.
        let newest = movements.first().map_or(0, |movement| movement.seq);
        let mut after = on_hand.map_or(0, StockDelta::milli) - self.store.moved_since(product.id, newest)?.milli();
        let mut views = Vec::with_capacity(movements.len());
        for movement in &movements {
            views.push(self.movement_view(own, movement, after));
            after -= movement.delta.milli();
        }
        let full = movements.len() >= usize::try_from(PAGE).unwrap_or(usize::MAX);
        let before = movements.last().filter(|_| full).map_or(0, |movement| u32::try_from(movement.seq).unwrap_or(0));
        let on_hand = on_hand.map(|on_hand| on_hand.to_string()).unwrap_or_default();
        Ok(StockLedgerView { movements: views, on_hand, whole_store: false, before })
    }

    fn movement_view(&self, terminal: u32, movement: &store::Movement, balance: i64) -> MovementView {
        let staff = movement.staff.as_deref().and_then(|staff| StaffId::parse(staff).ok());
        MovementView {
            terminal,
            seq: u32::try_from(movement.seq).unwrap_or(u32::MAX),
            at: present::moment(movement.at, &self.shop()),
            staff: staff.map(|staff| self.staff_name(&staff)).unwrap_or_default(),
            kind: movement.kind.clone(),
            reference: movement.reference.clone(),
            note: movement.note.clone(),
            delta: movement.delta.to_string(),
            balance: StockDelta::from_milli(balance).to_string(),
        }
    }

    /// Records a stock document.
    pub(crate) fn book(&self, event: Event, staff: &StaffId) -> Result<StockDocumentView, Problem> {
        let entry = self.record(event, Some(staff), self.clock.now())?;
        let document = document(&entry.event).ok_or_else(|| Problem::new(ProblemCode::Internal, "this is no stock document"))?;
        self.catalogue_changed();
        Ok(StockDocumentView {
            id: document.content.id.to_string(),
            seq: u32::try_from(entry.seq).unwrap_or(u32::MAX),
            lines: document
                .content
                .lines
                .into_iter()
                .map(|line| StockLineView { sku: line.sku.to_string(), delta: line.delta.to_string(), note: line.note })
                .collect(),
        })
    }

    /// The product with this id.
    pub(crate) fn product_named(&self, id: &str) -> Result<Arc<Product>, Problem> {
        let unknown = || Problem::new(ProblemCode::UnknownProduct, format!("there is no product '{id}'"));
        let id: ProductId = id.parse().map_err(|_| unknown())?;
        self.store.product(id)?.ok_or_else(unknown)
    }

    /// A product that can lie on a shelf: not one that comes only as its variants.
    pub(crate) fn goods_to_move(&self, id: &str) -> Result<Arc<Product>, Problem> {
        let product = self.product_named(id)?;
        if product.details.is_parent() {
            let detail = format!("'{}' comes in variants: choose one", product.sku);
            return Err(Problem::new(ProblemCode::ChooseVariant, detail).with("product", product.id).with("sku", &product.sku));
        }
        Ok(product)
    }

    /// A product with what is in stock.
    pub(crate) fn with_stock(&self, product: &Product) -> Result<ProductView, Problem> {
        Ok(present::product(product, self.store.stock(product.id)?.map(|stock| stock.to_string())))
    }

    fn reason(&self, text: &str) -> Result<String, Problem> {
        let reason = plain(text);
        if reason.is_empty() { Err(Problem::new(ProblemCode::ReasonMissing, "say why")) } else { Ok(reason) }
    }
}

/// The lines of a document: at least one, and no more than a person can look through.
pub(crate) fn filled<T>(lines: &[T]) -> Result<&[T], Problem> {
    match lines.len() {
        0 => Err(Problem::new(ProblemCode::NothingEntered, "nothing was entered")),
        1..=MOST_LINES => Ok(lines),
        _ => Err(Problem::new(ProblemCode::TooManyLines, "a stock document holds at most 2000 lines")),
    }
}

/// How much of a product moves.
pub(crate) fn moved_quantity(text: &str, product: &Product) -> Result<Quantity, Problem> {
    if text.trim().is_empty() {
        return Err(not_a_quantity(text));
    }
    Ok(typed::quantity(text)?.of(product.unit)?)
}

/// What was counted: nothing, or a quantity.
pub(crate) fn counted(text: &str, product: &Product) -> Result<StockDelta, Problem> {
    if typed::is_zero(text) {
        return Ok(StockDelta::from_milli(0));
    }
    Ok(StockDelta::from_milli(moved_quantity(text, product)?.milli()))
}

/// A text without control characters, cut to what a line holds.
pub(crate) fn plain(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(LONGEST_TEXT).collect()
}

fn day(text: &str) -> Result<Option<Date>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Problem::new(ProblemCode::BadRequest, format!("'{text}' is not a day such as 2026-11-24")))
}

fn not_a_quantity(text: &str) -> Problem {
    Problem::new(ProblemCode::NotAQuantity, format!("'{text}' is not a quantity")).with("text", text)
}

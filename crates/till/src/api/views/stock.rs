//! Labels, goods and the catalogue.

use domain::Unit;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{MoneyView, NameView, ProductView};

views! {
    /// What a scanned label says besides the product.
    pub struct ScannedView {
        /// The price on the label.
        label_price: Option<MoneyView>,
        /// What the till's price makes of the label's weight, where that is another; the label's stands.
        till_price: Option<MoneyView>,
        /// The lot, may be empty.
        lot: String,
        /// The serial number, may be empty.
        serial: String,
        /// The last day it may be sold, may be empty.
        expiry: String,
        /// Best before, may be empty.
        best_before: String,
        /// True when best before has passed.
        past_best: bool,
    }

    /// Goods found by a scanned code, for the stock screens.
    pub struct GoodsView {
        /// The product.
        product: ProductView,
        /// How much the code stands for.
        quantity: String,
        /// The lot, may be empty.
        lot: String,
        /// The last day it may be sold, may be empty.
        expiry: String,
        /// What should be in stock now.
        on_hand: String,
    }

    /// Everything of one product.
    pub struct ProductDetailView {
        /// As it is shown elsewhere.
        product: ProductView,
        /// All its barcodes.
        barcodes: Vec<String>,
        /// The code of its tax class.
        tax: String,
        /// False: no longer sold.
        active: bool,
        /// More should be ordered at this much or less, may be empty.
        reorder_at: String,
        /// What its variants are told apart by.
        options: Vec<NameView>,
        /// What it is in each option of the product it is a variant of.
        values: Vec<NameView>,
        /// The product that it is a variant of, empty for none.
        variant_of: String,
        /// Its variants.
        variants: Vec<ProductView>,
        /// The tax classes it may have.
        tax_classes: Vec<String>,
    }

    /// A product as it is to be.
    pub struct ProductForm {
        /// Its id; empty for a new one.
        id: String,
        /// The shop's own code.
        sku: String,
        /// Its names.
        name: NameView,
        /// The price of one unit as typed.
        price: String,
        /// What a scanner may read for it.
        barcodes: Vec<String>,
        /// Its category's code, may be empty.
        category: String,
        /// What one unit is.
        #[ts(type = "'piece' | 'kilogram' | 'metre' | 'litre'")]
        unit: Unit,
        /// The code of its tax class; empty: the store's only one.
        tax: String,
        /// Name of its picture, may be empty.
        picture: String,
        /// False: no longer sold.
        active: bool,
        /// Years that a customer must have reached, may be empty.
        minimum_age: String,
        /// More should be ordered at this much or less, may be empty.
        reorder_at: String,
        /// What its variants are told apart by.
        options: Vec<NameView>,
        /// What it is in each option of the product it is a variant of.
        values: Vec<NameView>,
        /// The product that it is a variant of, empty for none.
        variant_of: String,
    }

    /// One movement of a product.
    pub struct MovementView {
        /// The terminal's number.
        terminal: u32,
        /// The entry of its journal.
        seq: u32,
        /// When, in the store's time.
        at: String,
        /// Who, may be empty.
        staff: String,
        /// `sale`, `refund`, `adjusted`, `received`, `counted`, `transfer_sent` or `transfer_received`.
        kind: String,
        /// The receipt, or why.
        reference: String,
        /// A note of the line, may be empty.
        note: String,
        /// By how much.
        delta: String,
        /// What was there after it.
        balance: String,
    }

    /// The stock ledger of a product, newest first.
    pub struct StockLedgerView {
        /// The movements.
        movements: Vec<MovementView>,
        /// What should be in stock; empty where nobody has said.
        on_hand: String,
        /// True: of all terminals of the store, as the hub holds them. False: of this terminal alone, the hub is away.
        whole_store: bool,
        /// Ask for what comes before this; 0 when there is no more.
        before: u32,
    }

    /// One line of a delivery.
    pub struct ReceiveLine {
        /// The product's id.
        product: String,
        /// How much.
        quantity: String,
        /// What one unit cost, may be empty.
        cost: String,
        /// The lot, may be empty.
        lot: String,
        /// The last day it may be sold, `2026-11-24`, may be empty.
        expiry: String,
    }

    /// One product that was counted.
    pub struct CountLine {
        /// The product's id.
        product: String,
        /// What should have been there when it was counted: `on_hand` of [`GoodsView`].
        expected: String,
        /// What was there.
        counted: String,
    }

    /// One product with an amount.
    pub struct AmountLine {
        /// The product's id.
        product: String,
        /// How much; below zero for what is gone.
        amount: String,
    }

    /// A recorded stock document.
    pub struct StockDocumentView {
        /// Its id.
        id: String,
        /// The entry in the journal.
        seq: u32,
        /// What it changed.
        lines: Vec<StockLineView>,
    }

    /// One line of a stock document.
    pub struct StockLineView {
        /// The product's code.
        sku: String,
        /// By how much stock changed.
        delta: String,
        /// A note, may be empty.
        note: String,
    }

    /// A product of which there is little left.
    pub struct LowStockView {
        /// The product.
        product: ProductView,
        /// What is there.
        on_hand: String,
        /// More should be ordered at this much or less; empty: it is below zero.
        reorder_at: String,
    }

    /// A store to send goods to.
    pub struct StoreView {
        /// Its id.
        id: String,
        /// Its code.
        code: String,
        /// Its name.
        name: NameView,
    }

    /// Goods on their way.
    pub struct TransferView {
        /// Its id.
        id: String,
        /// True: to this store; false: from it.
        incoming: bool,
        /// The other store.
        store: StoreView,
        /// When they were sent, in the store's time.
        at: String,
        /// A note, may be empty.
        note: String,
        /// What.
        lines: Vec<TransferLineView>,
    }

    /// One product on its way.
    pub struct TransferLineView {
        /// The product's id.
        product: String,
        /// Its code.
        sku: String,
        /// Its names, empty where this store does not know it.
        name: NameView,
        /// How much was sent.
        quantity: String,
    }

    /// What is on its way to and from this store, and where it can go.
    pub struct TransfersView {
        /// On their way.
        open: Vec<TransferView>,
        /// The other stores.
        stores: Vec<StoreView>,
    }

    /// A file to be kept.
    pub struct FileView {
        /// Its name.
        name: String,
        /// Its media type.
        mime: String,
        /// Its content, base64.
        content: String,
    }

    /// Labels to be printed.
    pub struct LabelLine {
        /// The product's id.
        product: String,
        /// How many.
        copies: u32,
    }

    /// What became of labels.
    pub struct LabelsView {
        /// The sheet as HTML, empty where they went to the printer.
        sheet: String,
        /// How many labels.
        count: u32,
    }

    /// A column of a file and what it is taken for.
    pub struct ImportColumnView {
        /// Its heading in the file.
        heading: String,
        /// The column of the catalogue, empty: left out.
        column: String,
    }

    /// A cell that cannot be taken, or a row.
    pub struct ImportErrorView {
        /// The row as the spreadsheet numbers it.
        row: u32,
        /// The heading of its column, empty for the whole row.
        column: String,
        /// What stands there.
        value: String,
        /// A word for why: `price`, `doubled_sku` …
        reason: String,
        /// More about it, may be empty.
        detail: String,
    }

    /// An import on its way.
    pub struct ImportView {
        /// Its id.
        id: String,
        /// `uploading`, `checking`, `ready`, `wrong`, `writing`, `done` or `cancelled`.
        state: String,
        /// Bytes that the hub has.
        received: u32,
        /// Bytes of the file.
        size: u32,
        /// Rows gone through.
        rows: u32,
        /// Rows in all, as far as known.
        total: u32,
        /// Products that are new.
        created: u32,
        /// Products that change.
        updated: u32,
        /// Products that stay.
        unchanged: u32,
        /// The columns.
        columns: Vec<ImportColumnView>,
        /// The first rows as they stand there.
        sample: Vec<Vec<String>>,
        /// What is wrong; the first of them.
        errors: Vec<ImportErrorView>,
        /// How much is wrong.
        error_count: u32,
    }

}

//! What a user interface shows: plain data, texts ready to print, amounts as strings.

use domain::{DiscountKind, Language, Name, Role, Unit};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::problem::Problem;

macro_rules! views {
    ($($(#[$meta:meta])* pub struct $name:ident { $($(#[$fmeta:meta])* $field:ident: $type:ty),* $(,)? })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
        pub struct $name { $($(#[$fmeta])* pub $field: $type),* }
    )*};
}

mod reports;
mod roles;

pub use reports::*;
pub use roles::*;
mod shift;

pub use shift::{
    CashMoveView, CountEntry, CountView, CountedView, PiecesEntry, ShiftReportView, ShiftView, UnfinishedView, ZSummaryView,
};

views! {
    /// An amount: the number for programs, the text for people.
    pub struct MoneyView {
        /// `33.80`.
        amount: String,
        /// `¥33.80`.
        text: String,
    }

    /// Names in both languages; either may be empty.
    pub struct NameView {
        /// Simplified Chinese.
        zh: String,
        /// English.
        en: String,
    }

    /// Somebody who can sign in.
    pub struct StaffView {
        /// Their id.
        id: String,
        /// Their name.
        name: NameView,
        /// Their role.
        #[ts(type = "'cashier' | 'supervisor' | 'manager' | 'owner'")]
        role: Role,
    }

    /// What the signed-in role may do; for greying out, the core decides again.
    pub struct PermissionsView {
        /// The largest discount in percent.
        max_discount_percent: String,
        /// Sell at another price.
        override_price: bool,
        /// Give money back.
        refund: bool,
        /// Change settings of the terminal.
        change_settings: bool,
        /// Every other permission that the role holds, by name.
        may: Vec<String>,
    }

    /// Which terminal this is.
    pub struct TerminalView {
        /// The shop's name.
        shop_name: NameView,
        /// The store's code.
        store_code: String,
        /// The number within the store; 0 before enrolment.
        number: u32,
        /// The terminal's name.
        name: String,
        /// ISO 4217 code.
        currency: String,
        /// IANA name.
        time_zone: String,
        /// True once a hub knows it.
        enrolled: bool,
        /// The first characters of its journal key's fingerprint.
        key: String,
    }

    /// The state of the application as one user interface sees it.
    pub struct AppView {
        /// Version of the program.
        version: String,
        /// This terminal.
        terminal: TerminalView,
        /// Who can sign in.
        staff: Vec<StaffView>,
        /// Who is signed in here.
        signed_in: Option<SessionView>,
        /// Settings of this terminal.
        settings: SettingsView,
        /// For the demo shop: the PINs to try, as `name: pin`.
        demo_pins: Vec<String>,
        /// Set while somebody practises here.
        training: Option<TrainingView>,
    }

    /// A signed-in user interface and its order.
    pub struct SessionView {
        /// Who.
        staff: StaffView,
        /// What they may do.
        permissions: PermissionsView,
        /// The order being rung up.
        cart: CartView,
        /// Set while the order is being paid.
        tendering: Option<TenderingView>,
    }

    /// A category.
    pub struct CategoryView {
        /// Its code.
        code: String,
        /// Its names.
        name: NameView,
        /// How many products it has.
        products: u32,
    }

    /// A product as a tile or a search result.
    pub struct ProductView {
        /// Its id.
        id: String,
        /// The shop's own code.
        sku: String,
        /// First barcode, may be empty.
        barcode: String,
        /// Its names.
        name: NameView,
        /// Its category's code, may be empty.
        category: String,
        /// Price of one unit.
        price: MoneyView,
        /// What one unit is.
        #[ts(type = "'piece' | 'kilogram' | 'metre' | 'litre'")]
        unit: Unit,
        /// Name of its picture (`pictures/{name}.svg`), may be empty.
        picture: String,
        /// In stock, where known.
        on_hand: Option<String>,
        /// True: sold only as one of its variants.
        has_variants: bool,
        /// Years that a customer must have reached.
        minimum_age: Option<u32>,
    }

    /// A page of products.
    pub struct ProductPage {
        /// The products.
        products: Vec<ProductView>,
        /// True when more follow.
        more: bool,
        /// False while the catalogue is still being loaded: something may be missing.
        catalogue_complete: bool,
    }

    /// Something taken off.
    pub struct DiscountView {
        /// Why.
        #[ts(type = "'line' | 'order' | 'mo_ling'")]
        kind: DiscountKind,
        /// How much.
        amount: MoneyView,
    }

    /// A line of the order.
    pub struct CartLineView {
        /// Its number in the order.
        id: u32,
        /// The product.
        product: ProductView,
        /// How much, `2` or `0.355`.
        quantity: String,
        /// Price of one unit.
        unit_price: MoneyView,
        /// The catalogue's price where the line is sold at another.
        list_price: Option<MoneyView>,
        /// Quantity times price.
        extended: MoneyView,
        /// What was taken off.
        discounts: Vec<DiscountView>,
        /// What the customer pays.
        payable: MoneyView,
    }

    /// The order being rung up.
    pub struct CartView {
        /// Its lines.
        lines: Vec<CartLineView>,
        /// How many pieces (a weighed line counts one).
        count: u32,
        /// Σ quantity × price.
        subtotal: MoneyView,
        /// Σ taken off.
        discount: MoneyView,
        /// Σ tax.
        tax: MoneyView,
        /// True when all tax is contained in the prices.
        tax_included: bool,
        /// What the customer pays.
        total: MoneyView,
        /// The discount on the order as typed (`10%` or `5.00`), may be empty.
        order_discount: String,
        /// 抹零 is set up in this shop.
        mo_ling_available: bool,
        /// 抹零 is asked for.
        mo_ling: bool,
        /// The line that changed last, to be shown.
        last_line: Option<u32>,
        /// What the label said that was just scanned.
        scanned: Option<ScannedView>,
        /// How many orders are held.
        held: u32,
    }

    /// One payment of the order.
    pub struct PaymentView {
        /// Its id.
        id: String,
        /// `cash` or `card`.
        kind: String,
        /// What it contributes.
        amount: MoneyView,
        /// Cash handed over.
        given: Option<MoneyView>,
        /// Cash handed back.
        change: Option<MoneyView>,
        /// The card slip's reference.
        reference: Option<String>,
    }

    /// An order being paid.
    pub struct TenderingView {
        /// What it comes to.
        total: MoneyView,
        /// What is left, exact.
        due: MoneyView,
        /// What is left when paid in cash.
        due_in_cash: MoneyView,
        /// What goes back.
        change: MoneyView,
        /// What was taken so far.
        payments: Vec<PaymentView>,
        /// Likely cash amounts: the exact one first.
        quick_cash: Vec<MoneyView>,
        /// True when nothing is left and the sale can be finished.
        settled: bool,
    }

    /// A finished order.
    pub struct ReceiptView {
        /// Its id.
        order: String,
        /// Its number.
        receipt: String,
        /// `sale` or `refund`.
        kind: String,
        /// When, in the store's time.
        at: String,
        /// The receipt as printed, monospaced.
        text: String,
        /// What it came to.
        total: MoneyView,
        /// What went back to the customer.
        change: MoneyView,
        /// True once the hub holds it.
        synced: bool,
        /// `none`, `waiting`, `printed` or `failed`.
        print: String,
    }

    /// A finished order in a list.
    pub struct OrderSummaryView {
        /// Its id.
        order: String,
        /// Its number.
        receipt: String,
        /// `sale` or `refund`.
        kind: String,
        /// When, in the store's time.
        at: String,
        /// What it came to.
        total: MoneyView,
        /// How many lines.
        lines: u32,
        /// True once the hub holds it.
        synced: bool,
        /// Its place in the journal; for asking for the ones before it.
        seq: u32,
    }

    /// A held order.
    pub struct HeldView {
        /// Its id.
        id: String,
        /// What it was called.
        label: String,
        /// When it was held, in the store's time.
        at: String,
        /// What it comes to.
        total: MoneyView,
        /// How many lines.
        lines: u32,
        /// Who held it.
        staff: String,
    }

    /// Something wrong that a manager must look at.
    pub struct IncidentView {
        /// What kind.
        kind: String,
        /// In a sentence.
        detail: String,
        /// When, in the store's time.
        at: String,
    }

    /// Whether what was sold here has reached the hub.
    pub struct SyncView {
        /// `not_enrolled`, `synced`, `sending`, `offline` or `refused`.
        state: String,
        /// Entries that only this machine (and its mirror) holds.
        unsent: u32,
        /// When the hub last answered, in the store's time; empty before.
        last_at: String,
        /// What is wrong.
        problem: Option<Problem>,
        /// Open incidents of this store.
        incidents: Vec<IncidentView>,
        /// The hub's address, empty before enrolment.
        hub: String,
        /// The mirror folder, empty where none is set up.
        mirror_folder: String,
        /// `off`, `ok` or `failing`.
        mirror: String,
        /// Till clock minus hub clock.
        clock_drift_seconds: i32,
        /// False while the catalogue is still being loaded.
        catalogue_complete: bool,
        /// Print jobs waiting or failing.
        print_jobs: u32,
        /// Why the printer fails, if it does.
        print_problem: Option<Problem>,
    }

    /// Settings of this terminal.
    pub struct SettingsView {
        /// Language of the screen.
        #[ts(type = "'zh' | 'en'")]
        language: Language,
        /// `system`, `light` or `dark`.
        theme: String,
        /// `host` or `host:port`; empty: no printer.
        printer_address: String,
        /// Columns of the paper: 48 (80 mm) or 32 (58 mm).
        paper_columns: u32,
        /// Print each receipt by itself.
        print_always: bool,
        /// Open the drawer after a cash sale.
        open_drawer: bool,
        /// Folder of the second copy of unsent entries; empty: none.
        mirror_folder: String,
        /// What the scanner sends before a code; may be empty.
        scanner_prefix: String,
        /// Sounds.
        sound: bool,
        /// Minutes without anybody doing anything after which the till locks itself; 0: never.
        #[serde(default)]
        auto_lock_minutes: u32,
        /// Ask for a PIN before each sale.
        #[serde(default)]
        pin_each_sale: bool,
    }
}

impl From<&Name> for NameView {
    fn from(name: &Name) -> Self {
        Self { zh: name.zh.clone(), en: name.en.clone() }
    }
}

mod stock;

pub use stock::*;

/// What the terminal tells its user interfaces by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "few, and sent on at once")]
pub enum TillEvent {
    /// The state of sync, mirror or printer changed.
    Sync(SyncView),
    /// Products, prices, staff or settings changed: ask again for what is shown.
    Catalogue,
    /// The shift changed: ask again for it.
    Shift,
}

//! A terminal with a small shop, spoken to as a user interface does: by the name of a command and JSON.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::fs;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use domain::{
    Barcode, CashRounding, Category, CategoryCode, Change, Currency, MoLing, Name, Product, ProductId, Role, Rounding, Shop, Sku,
    Staff, StaffId, StockDelta, StoreCode, StoreId, TaxClass, TaxCode, TaxRate, TaxRounding, Unit, UnitPrice,
};
use journal::VaultKind;
use serde_json::{Value, json};
use tempfile::TempDir;
use till::api::{Problem, ProblemCode, dispatch};
use till::{SetClock, Terminal, TerminalOptions};

pub const MILK: &str = "6901234567892";
pub const BREAD: &str = "6909876543210";
pub const APPLES: &str = "2000000000015";
pub const GONE: &str = "6900000000007";
pub const WINDOW: &str = "window";

/// A terminal in a folder of its own, at 2026-11-24 10:00 UTC until its clock is moved.
pub struct Counter {
    pub folder: TempDir,
    pub clock: Arc<SetClock>,
    terminal: Option<Arc<Terminal>>,
}

impl Counter {
    /// A shop in CNY with 抹零 and no cash rounding.
    pub fn open() -> Self {
        Self::selling_by(shop())
    }

    /// A shop with these settings.
    pub fn selling_by(shop: Shop) -> Self {
        let counter = Self::in_folder(copy_of(template().path()));
        counter.terminal().store().apply_changes(&[Change::Shop(shop)], 2).expect("the shop's settings");
        counter
    }

    pub fn in_folder(folder: TempDir) -> Self {
        let clock = Arc::new(SetClock::at("2026-11-24T10:00:00Z".parse().expect("a time")));
        let terminal = Terminal::open(options(folder.path(), &clock)).expect("the terminal opens");
        Self { folder, clock, terminal: Some(terminal) }
    }

    pub fn terminal(&self) -> &Arc<Terminal> {
        self.terminal.as_ref().expect("the terminal is open")
    }

    /// Closes the program and opens it again.
    pub fn reopened(mut self) -> Self {
        self.terminal = None;
        self.terminal = Some(Terminal::open(options(self.folder.path(), &self.clock)).expect("the terminal opens again"));
        self
    }

    /// What a program finds that starts after this one was killed now: the files as they lie there.
    pub fn killed(&self) -> Self {
        let mut after = Self::in_folder(copy_of(self.folder.path()));
        after.clock = Arc::clone(&self.clock);
        after.reopened()
    }

    /// What the terminal answers.
    pub fn call(&self, name: &str, args: Value) -> Result<Value, Problem> {
        self.call_in(WINDOW, name, args)
    }

    pub fn call_in(&self, session: &str, name: &str, args: Value) -> Result<Value, Problem> {
        dispatch(self.terminal().as_ref(), session, name, args)
    }

    /// The answer of a command that must be done.
    #[track_caller]
    pub fn done(&self, name: &str, args: Value) -> Value {
        self.call(name, args).unwrap_or_else(|problem| panic!("{name} was refused: {problem:?}"))
    }

    /// Why a command is refused that must be.
    #[track_caller]
    pub fn refused(&self, name: &str, args: Value) -> Problem {
        match self.call(name, args) {
            Err(problem) => problem,
            Ok(answer) => panic!("{name} was done: {answer}"),
        }
    }

    #[track_caller]
    pub fn refused_as(&self, name: &str, args: Value) -> ProblemCode {
        self.refused(name, args).code
    }

    /// Signs `who` in at the window.
    #[track_caller]
    pub fn sign_in(&self, who: &str) -> Value {
        self.done("sign_in", json!({ "staff": who, "pin": pin(who) }))
    }

    #[track_caller]
    pub fn scan(&self, code: &str) -> Value {
        self.done("scan", json!({ "code": code, "quantity": "" }))
    }

    #[track_caller]
    pub fn scan_some(&self, code: &str, quantity: &str) -> Value {
        self.done("scan", json!({ "code": code, "quantity": quantity }))
    }

    /// Sells what is in the order for exact cash.
    #[track_caller]
    pub fn pay_exactly(&self) -> Value {
        let tendering = self.done("begin_payment", json!({}));
        if tendering["settled"] == false {
            self.done("tender_cash", json!({ "given": tendering["due_in_cash"]["amount"] }));
        }
        self.done("finish", json!({ "print": null }))
    }

    /// The order as the window sees it.
    pub fn cart(&self) -> Value {
        self.done("app", json!({}))["signed_in"]["cart"].clone()
    }

    /// Signatures, chain and projections, and the invariants of every order.
    #[track_caller]
    pub fn prove(&self) {
        let store = self.terminal().store();
        let texts = store.entries_after(0, usize::MAX, usize::MAX).expect("the journal");
        let key = journal::Vault::open(self.folder.path(), VaultKind::File)
            .and_then(|vault| vault.load(self.terminal().id()))
            .expect("the vault")
            .expect("the keys")
            .journal
            .public();
        let head = journal::verify_all(texts.iter().map(String::as_str), &key, self.terminal().id(), journal::Head::START);
        assert_eq!(head.expect("the journal verifies"), store.head().expect("the head"));
        let difference = store.verify_projections().expect("the projections");
        assert!(difference.is_empty(), "projections differ from the journal: {difference}");
        for z in store.z_reports(0, u32::MAX).expect("the Z reports") {
            store.check_z(z.seq).expect("a Z is the sum of its entries");
        }
    }
}

fn options(dir: &Path, clock: &Arc<SetClock>) -> TerminalOptions {
    let clock: Arc<SetClock> = Arc::clone(clock);
    // A power cut in a drill would end the tests too.
    TerminalOptions { vault: VaultKind::File, clock, cut_power: || {}, ..TerminalOptions::new(dir) }
}

/// A terminal of the shop, made once: an RSA key takes its time.
fn template() -> &'static TempDir {
    static TEMPLATE: OnceLock<TempDir> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let counter = Counter::in_folder(TempDir::new().expect("a folder"));
        counter.terminal().store().apply_changes(&catalogue(), 1).expect("the catalogue");
        let Counter { folder, terminal, .. } = counter;
        drop(terminal);
        folder
    })
}

/// A copy of a store's folder, without its lock.
pub fn copy_of(folder: &Path) -> TempDir {
    let copy = TempDir::new().expect("a folder");
    copy_folder(folder, copy.path());
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            fs::create_dir(&target).expect("a folder");
            let rights = entry.metadata().expect("rights").permissions();
            copy_folder(&entry.path(), &target);
            fs::set_permissions(&target, rights).expect("rights");
        } else if entry.file_name() != "till.sqlite-shm" {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

pub fn pin(who: &str) -> &'static str {
    match who {
        "ana" => "1111",
        "sam" => "2222",
        _ => "3333",
    }
}

pub fn cny() -> Currency {
    Currency::parse("CNY").expect("a currency")
}

/// 抹零 to the jiao, no cash rounding, tax by lines.
pub fn shop() -> Shop {
    Shop {
        id: "01940000-0000-7000-8000-000000000001".parse::<StoreId>().expect("an id"),
        code: StoreCode::parse("S1").expect("a code"),
        name: name("馨茶小馆", "Xin Tea House"),
        currency: cny(),
        time_zone: "Asia/Shanghai".to_owned(),
        tax_rounding: TaxRounding::PerLine,
        cash_rounding: None,
        mo_ling: Some(MoLing { step_minor: 10, cap_minor: 9 }),
        denominations: vec![10, 50, 100, 500, 1_000, 2_000, 5_000, 10_000],
        cancellation_percent: 0,
        require_shift: false,
        cash_tolerance: None,
        day_starts_at: 0,
        scale_layouts: Vec::new(),
    }
}

/// The same with cash rounded to the jiao.
pub fn shop_that_rounds_cash() -> Shop {
    Shop { cash_rounding: Some(CashRounding { step_minor: 10, mode: Rounding::HalfUp }), ..shop() }
}

pub fn name(zh: &str, en: &str) -> Name {
    Name { zh: zh.to_owned(), en: en.to_owned() }
}

pub fn product(number: u32, barcode: &str, name: Name, price: &str, unit: Unit, active: bool) -> Product {
    Product {
        id: format!("01940000-0000-7000-8000-0000000001{number:02}").parse::<ProductId>().expect("an id"),
        sku: Sku::parse(&format!("SKU-{number}")).expect("a code"),
        barcodes: vec![Barcode::parse(barcode).expect("a barcode")],
        name,
        category: Some(CategoryCode::parse("food").expect("a code")),
        price: UnitPrice::parse(price, cny()).expect("a price"),
        unit,
        tax: TaxCode::parse("VAT13").expect("a code"),
        picture: None,
        active,
        details: domain::ProductDetails::default(),
    }
}

fn staff(id: &str, role: Role, active: bool) -> Staff {
    let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).expect("parameters"));
    let pin_hash = cheap.hash_password(pin(id).as_bytes()).expect("a hash").to_string();
    Staff { id: StaffId::parse(id).expect("an id"), name: name("", id), role, pin_hash, active }
}

pub fn catalogue() -> Vec<Change> {
    let vat = TaxRate { code: "VAT".to_owned(), rate: "0.13".parse().expect("a rate") };
    let stock = |number, milli| Change::Stock {
        product: product(number, "1", name("", ""), "1", Unit::Piece, true).id,
        on_hand: StockDelta::from_milli(milli),
    };
    vec![
        Change::TaxClass(TaxClass {
            code: TaxCode::parse("VAT13").expect("a code"),
            name: name("增值税", "VAT"),
            inclusive: true,
            rates: vec![vat],
        }),
        Change::Category(Category {
            code: CategoryCode::parse("food").expect("a code"),
            name: name("食品", "Food"),
            position: 0,
        }),
        Change::Product(product(1, MILK, name("牛奶", "Milk 1L"), "12.90", Unit::Piece, true)),
        Change::Product(product(2, BREAD, name("面包", "Bread"), "8.50", Unit::Piece, true)),
        Change::Product(product(3, APPLES, name("苹果", "Apples"), "9.96", Unit::Kilogram, true)),
        Change::Product(product(4, GONE, name("旧货", "Gone"), "1.00", Unit::Piece, false)),
        stock(1, 50_000),
        stock(2, 20_000),
        Change::Staff(staff("ana", Role::Cashier, true)),
        Change::Staff(staff("sam", Role::Supervisor, true)),
        Change::Staff(staff("mei", Role::Manager, true)),
        Change::Staff(staff("tom", Role::Cashier, false)),
    ]
}

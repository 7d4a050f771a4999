//! A till that sells by the same commands as the window.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::Change;
use till::api::{
    BeginPaymentArgs, CancelPaymentArgs, ClearArgs, Commands, EnrolArgs, FinishArgs, ProblemCode, ReceiptView, ScanArgs,
    SignInArgs, SyncArgs, SyncNowArgs, SyncView, TenderCardArgs, TenderCashArgs,
};
use till::{Terminal, TerminalOptions};

use crate::goods::{PIN, manager, products};

/// A terminal with the manager signed in at the session `test`.
pub struct TillAt(pub Arc<Terminal>);

impl TillAt {
    /// Session name of every command.
    pub const SESSION: &'static str = "test";

    /// Opens the till in `dir` with its keys in a private file. A new till is given the shop's catalogue and staff as if a hub
    /// had sent them.
    pub fn open_local(dir: &Path) -> Self {
        let till = Self::open(dir);
        let store = till.0.store();
        if store.staff().is_empty() {
            let changes: Vec<Change> = crate::catalogue();
            store.apply_changes(&changes, 0).expect("the catalogue is taken");
        }
        till.sign_in()
    }

    /// Opens the till in `dir` as it is; nobody signed in.
    pub fn open(dir: &Path) -> Self {
        let options = TerminalOptions { vault: journal::VaultKind::File, ..TerminalOptions::new(dir) };
        Self(Terminal::open(options).expect("the terminal opens"))
    }

    /// Signs the manager in.
    #[must_use]
    pub fn sign_in(self) -> Self {
        let args = SignInArgs { staff: manager().to_string(), pin: PIN.to_owned() };
        self.0.sign_in(Self::SESSION, args).expect("the manager signs in");
        self
    }

    /// Joins the hub at `url`.
    pub fn enrol(&self, url: &str, code: &str) {
        let args = EnrolArgs { hub: url.to_owned(), code: code.to_owned() };
        Commands::enrol(&*self.0, Self::SESSION, args).expect("the terminal joins");
    }

    /// Asks for an attempt to reach the hub now.
    pub fn sync_now(&self) {
        Commands::sync_now(&*self.0, Self::SESSION, SyncNowArgs {}).expect("sync can be asked for");
    }

    /// Drops the order that an earlier run left open, wherever it was.
    pub fn begin_anew(&self) {
        match self.0.cancel_payment(Self::SESSION, CancelPaymentArgs {}) {
            Ok(_) => {}
            Err(problem) if problem.code == ProblemCode::NotPaying => {}
            Err(problem) => panic!("payment cannot be left: {problem}"),
        }
        self.0
            .clear(Self::SESSION, ClearArgs { reason: Some("left without paying".to_owned()) })
            .expect("an order can be emptied");
    }

    /// Rings up as many products as `choice` says, and finishes the sale with cash, card or both.
    pub fn sell(&self, choice: usize) -> ReceiptView {
        self.ring_up(choice);
        let due = self.0.begin_payment(Self::SESSION, BeginPaymentArgs {}).expect("payment begins").due.amount;
        match choice % 3 {
            0 => self.cash("500"),
            1 => self.card(&due),
            _ => {
                self.cash("0.01");
                self.card("");
            }
        }
        self.0.finish(Self::SESSION, FinishArgs { print: Some(false) }).expect("the sale finishes")
    }

    /// Scans one to four products.
    pub fn ring_up(&self, choice: usize) {
        let goods = products();
        for step in 0..=choice % 4 {
            let code = goods[(choice + step) % goods.len()].barcodes[0].to_string();
            let quantity = (1 + choice % 3).to_string();
            self.0.scan(Self::SESSION, ScanArgs { code, quantity }).expect("a known barcode");
        }
    }

    fn cash(&self, given: &str) {
        let given = given.to_owned();
        self.0.tender_cash(Self::SESSION, TenderCashArgs { given }).expect("cash is taken");
    }

    fn card(&self, amount: &str) {
        let args = TenderCardArgs { amount: amount.to_owned(), reference: "SLIP 4711".to_owned() };
        match self.0.tender_card(Self::SESSION, args) {
            Ok(_) => {}
            Err(problem) if problem.code == ProblemCode::AlreadyPaid => {}
            Err(problem) => panic!("the card is refused: {problem}"),
        }
    }

    /// What the till says of its sync.
    pub fn sync_view(&self) -> SyncView {
        Commands::sync(&*self.0, Self::SESSION, SyncArgs {}).expect("sync can be asked for")
    }
}

/// Waits until `done`, and fails with `what` after a minute.
pub fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(started.elapsed() < Duration::from_mins(1), "waited a minute in vain until {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

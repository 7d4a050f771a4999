//! What the customer sees, made behind the sale: a command only rings a bell, and only where somebody watches.
//!
//! A display belongs to one session and is told of that session's order alone. Nothing of staff or members is in it.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use domain::OrderId;
use peripherals::QrCode;

use crate::api::{CartView, CustomerLineView, CustomerView, NameView, Problem, QrView, SessionNews, TillEvent};
use crate::pole::Pole;
use crate::present;
use crate::sessions::{OpenOrder, Phase};
use crate::terminal::Terminal;

/// The most sessions with a display that are remembered.
const MOST_WATCHED: usize = 256;

/// The displays that watch, and what changed since they were last told.
#[derive(Debug, Default)]
pub(crate) struct Displays {
    /// False spares the sale even the lock.
    anybody: AtomicBool,
    watching: Mutex<Watching>,
    bell: Condvar,
}

#[derive(Debug, Default)]
struct Watching {
    sessions: HashSet<String>,
    /// A pole display shows the session that takes the scans.
    pole: bool,
    changed: HashSet<String>,
    closing: bool,
}

impl Displays {
    fn lock(&self) -> MutexGuard<'_, Watching> {
        self.watching.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watch(&self, session: &str) {
        let mut watching = self.lock();
        if watching.sessions.len() >= MOST_WATCHED {
            watching.sessions.clear();
        }
        watching.sessions.insert(session.to_owned());
        self.anybody.store(true, Ordering::Release);
    }

    /// Says whether there is a pole display.
    pub(crate) fn set_pole(&self, there: bool) {
        let mut watching = self.lock();
        watching.pole = there;
        if there {
            self.anybody.store(true, Ordering::Release);
        }
    }

    /// The session's order may have changed.
    pub(crate) fn touched(&self, session: &str) {
        if !self.anybody.load(Ordering::Acquire) {
            return;
        }
        let mut watching = self.lock();
        if watching.pole || watching.sessions.contains(session) {
            watching.changed.insert(session.to_owned());
            self.bell.notify_all();
        }
    }

    /// Settings that every display shows have changed.
    pub(crate) fn touch_all(&self) {
        let mut watching = self.lock();
        let all: Vec<String> = watching.sessions.iter().cloned().collect();
        watching.changed.extend(all);
        self.bell.notify_all();
    }

    /// Waits for changes; none when the terminal closes.
    fn wait(&self) -> Option<HashSet<String>> {
        let watching = self.lock();
        let idle = |watching: &mut Watching| watching.changed.is_empty() && !watching.closing;
        let mut watching = self.bell.wait_while(watching, idle).unwrap_or_else(PoisonError::into_inner);
        (!watching.closing).then(|| std::mem::take(&mut watching.changed))
    }

    fn watched(&self, session: &str) -> bool {
        self.lock().sessions.contains(session)
    }

    fn close(&self, closing: bool) {
        self.lock().closing = closing;
        self.bell.notify_all();
    }
}

/// The thread that tells the displays; it stops when this is dropped.
#[derive(Debug)]
pub(crate) struct CustomerTask {
    terminal: Arc<Terminal>,
    thread: Option<JoinHandle<()>>,
}

impl CustomerTask {
    /// Starts it.
    pub(crate) fn start(terminal: &Arc<Terminal>) -> std::io::Result<Self> {
        terminal.displays.close(false);
        let thread = std::thread::Builder::new().name("customer-display".into()).spawn({
            let terminal = Arc::clone(terminal);
            move || tell(&terminal)
        })?;
        Ok(Self { terminal: Arc::clone(terminal), thread: Some(thread) })
    }
}

impl Drop for CustomerTask {
    fn drop(&mut self) {
        self.terminal.displays.close(true);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the customer display's thread ended by a panic");
        }
    }
}

fn tell(terminal: &Terminal) {
    let mut told: HashMap<String, CustomerView> = HashMap::new();
    let mut pole = Pole::default();
    pole.follow(terminal);
    while let Some(changed) = terminal.displays.wait() {
        pole.follow(terminal);
        for session in changed {
            let view = terminal.customer_view(&session);
            pole.show(terminal, &session, &view);
            if !terminal.displays.watched(&session) || told.get(&session) == Some(&view) {
                continue;
            }
            if told.len() >= MOST_WATCHED {
                told.clear();
            }
            told.insert(session.clone(), view.clone());
            terminal.emit(TillEvent::Session { session, news: SessionNews::Customer { view } });
        }
    }
}

impl Terminal {
    /// What the customer of `session` sees; the session is told of changes from now on.
    pub(crate) fn watch_as_customer(&self, session: &str) -> CustomerView {
        self.displays.watch(session);
        self.customer_view(session)
    }

    pub(crate) fn customer_view(&self, session: &str) -> CustomerView {
        // What is sold in practice is nothing for a customer to see.
        let order = if self.practised.is_some() { None } else { self.sessions.look(session, |session| session.order.clone()) };
        let seen = order.map(|order| self.by_customer(&order)).transpose().unwrap_or_else(|problem| {
            tracing::warn!(%problem, "the customer display cannot be told of the order");
            None
        });
        seen.unwrap_or_else(|| self.nothing_to_see("idle"))
    }

    fn nothing_to_see(&self, state: &str) -> CustomerView {
        let settings = self.settings();
        CustomerView {
            state: state.to_owned(),
            shop: NameView::from(&self.shop().name),
            language: settings.devices.display_language,
            theme: settings.theme.clone(),
            lines: Vec::new(),
            last_line: None,
            discount: None,
            total: None,
            due: None,
            change: None,
            qr: None,
        }
    }

    fn by_customer(&self, order: &OpenOrder) -> Result<CustomerView, Problem> {
        match &order.phase {
            Phase::Finished(id) => self.thanks(*id),
            Phase::Ringing if order.cart.is_empty() => Ok(self.nothing_to_see("idle")),
            Phase::Ringing => Ok(self.order_seen("ringing", self.cart_view(order)?)),
            Phase::Paying(_) => {
                let tendering = self.tendering_view(order)?;
                let (due, change) = tendering.map(|tendering| (tendering.due, tendering.change)).unzip();
                Ok(CustomerView { due, change, ..self.order_seen("paying", self.cart_view(order)?) })
            }
        }
    }

    fn order_seen(&self, state: &str, cart: CartView) -> CustomerView {
        let something = |amount: &crate::api::MoneyView| amount.amount.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
        let lines = cart.lines.into_iter().map(|line| CustomerLineView {
            id: line.id,
            name: line.product.name,
            detail: format!("{} × {}", line.quantity, line.unit_price.text),
            discounts: line.discounts.into_iter().map(|discount| discount.amount).collect(),
            payable: line.payable,
        });
        CustomerView {
            lines: lines.collect(),
            last_line: cart.last_line,
            discount: Some(cart.discount).filter(something),
            total: Some(cart.total),
            ..self.nothing_to_see(state)
        }
    }

    fn thanks(&self, order: OrderId) -> Result<CustomerView, Problem> {
        let Some(stored) = self.store.order(order)? else { return Ok(self.nothing_to_see("idle")) };
        let receipt = stored.order.receipt.to_string();
        Ok(CustomerView {
            total: Some(present::money(stored.order.total)),
            change: Some(present::money(crate::receipts::change(&stored.order))),
            qr: QrCode::new(receipt).ok().map(|code| qr_view(&code)),
            ..self.nothing_to_see("done")
        })
    }
}

fn qr_view(code: &QrCode) -> QrView {
    let side = 0..code.modules();
    let row = |y: usize| side.clone().map(|x| if code.is_dark(x, y) { '1' } else { '0' }).collect();
    QrView { text: code.text().to_owned(), rows: side.clone().map(row).collect() }
}

//! Sessions: one user interface each, with who is signed in and the order being rung up. The order is kept as a draft in
//! the store after every change, so neither a reload nor a crash loses what was typed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::customer_order::OrderFile;
use domain::{Cart, LineId, OrderId, Permission, PricedCart, Shop, Staff, Tendering};

use jiff::Timestamp;

use crate::api::{Problem, ProblemCode};
use crate::authority::Authority;
use crate::exchanging::Returns;
use crate::members::OnOrder;
use crate::promotions::Claim;
use crate::tender_step::TenderStep;
use crate::terminal::Terminal;

/// The sessions with somebody signed in, by name.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    open: Mutex<HashMap<String, Arc<Mutex<Session>>>>,
}

/// One user interface.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) name: String,
    pub(crate) staff: Staff,
    pub(crate) order: OpenOrder,
    /// What another person has allowed here, and what was refused last.
    pub(crate) authority: Authority,
    /// When somebody last did something here.
    pub(crate) last_at: Timestamp,
    /// A sale was finished since the PIN was given.
    pub(crate) sold: bool,
    /// Earlier states of the order, the newest last.
    pub(crate) undo: Vec<OpenOrder>,
    /// The sale that was looked up to be given back.
    pub(crate) refunding: Option<crate::refunding::Refunding>,
}

/// Steps that can be undone.
const UNDO: usize = 30;

/// The order of a session.
#[derive(Debug, Clone)]
pub(crate) struct OpenOrder {
    pub(crate) cart: Cart,
    /// The line that changed last.
    pub(crate) last_line: Option<LineId>,
    pub(crate) phase: Phase,
    /// What is written on it.
    pub(crate) note: String,
    /// Goods that were brought back in exchange for it.
    pub(crate) returns: Option<Arc<Returns>>,
    /// The customer's order that it completes or changes.
    pub(crate) file: Option<Arc<OrderFile>>,
    /// The member it is for.
    pub(crate) member: Option<OnOrder>,
    /// The order's id, once something outside knows it: a coupon is kept for it.
    pub(crate) id: Option<OrderId>,
    /// How its coupons came to be on it.
    pub(crate) claims: Vec<Claim>,
}

/// How far an order is.
#[derive(Debug, Clone)]
pub(crate) enum Phase {
    /// Being rung up.
    Ringing,
    /// Being paid.
    Paying(Paying),
    /// The one before was finished and nothing was rung up since; finishing again answers with it.
    Finished(OrderId),
}

/// An order being paid. Its id is given at the start, so that it cannot be recorded twice whatever is repeated.
#[derive(Debug, Clone)]
pub(crate) struct Paying {
    pub(crate) order: OrderId,
    pub(crate) priced: PricedCart,
    pub(crate) tendering: Tendering,
    /// How `tendering` came to be.
    pub(crate) steps: Vec<TenderStep>,
}

impl OpenOrder {
    /// An order with nothing in it.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self {
            cart: Cart::new(shop.currency, shop.tax_rounding),
            last_line: None,
            phase: Phase::Ringing,
            note: String::new(),
            returns: None,
            file: None,
            member: None,
            id: None,
            claims: Vec::new(),
        }
    }

    /// What is left after `order` was finished.
    pub(crate) fn after(order: OrderId, shop: &Shop) -> Self {
        Self { phase: Phase::Finished(order), ..Self::new(shop) }
    }

    /// Leaves behind that the order before was finished.
    pub(crate) fn begin_again(&mut self) {
        if matches!(self.phase, Phase::Finished(_)) {
            self.phase = Phase::Ringing;
        }
    }

    /// A cart that may be changed.
    pub(crate) fn ringing(&self) -> Result<&Cart, Problem> {
        match self.phase {
            Phase::Paying(_) => {
                Err(Problem::new(ProblemCode::PayingAlready, "the order is being paid: go back before changing it"))
            }
            Phase::Ringing | Phase::Finished(_) => Ok(&self.cart),
        }
    }

    /// The payment in progress.
    pub(crate) fn paying(&mut self) -> Result<&mut Paying, Problem> {
        match &mut self.phase {
            Phase::Paying(paying) => Ok(paying),
            Phase::Ringing | Phase::Finished(_) => Err(Problem::new(ProblemCode::NotPaying, "payment has not begun")),
        }
    }
}

impl Session {
    /// A session that begins at `at`.
    pub(crate) fn new(name: &str, staff: Staff, order: OpenOrder, authority: Authority, at: Timestamp) -> Self {
        Self { name: name.to_owned(), staff, order, authority, last_at: at, sold: false, undo: Vec::new(), refunding: None }
    }

    /// The order becomes `order`; the one before can be had back.
    pub(crate) fn change_to(&mut self, order: OpenOrder) {
        let before = std::mem::replace(&mut self.order, order);
        if matches!(before.phase, Phase::Ringing) {
            if self.undo.len() == UNDO {
                self.undo.remove(0);
            }
            self.undo.push(before);
        }
    }

    /// Ok when who is signed in here may do it, or somebody who may has allowed it once.
    pub(crate) fn allow(&self, permission: Permission) -> Result<(), Problem> {
        self.authority.allow(self.staff.role, permission)
    }
}

impl Sessions {
    fn find(&self, name: &str) -> Option<Arc<Mutex<Session>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// The names of the sessions with somebody signed in, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.open.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect();
        names.sort();
        names
    }

    /// As [`Sessions::look`], but does not wait for a session that is busy; for one that is looked at from within another.
    pub(crate) fn try_look<T>(&self, name: &str, work: impl FnOnce(&mut Session) -> T) -> Option<T> {
        let session = self.find(name)?;
        let mut session = match session.try_lock() {
            Ok(session) => session,
            Err(std::sync::TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(std::sync::TryLockError::WouldBlock) => return None,
        };
        Some(work(&mut session))
    }

    /// Lets `session` begin.
    pub(crate) fn begin(&self, session: Session) {
        let name = session.name.clone();
        self.open.lock().unwrap_or_else(PoisonError::into_inner).insert(name, Arc::new(Mutex::new(session)));
    }

    /// Ends a session; its order stays as a draft.
    pub(crate) fn end(&self, name: &str) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }

    /// Does `work` in the session `name`, if somebody is signed in there.
    pub(crate) fn look<T>(&self, name: &str, work: impl FnOnce(&mut Session) -> T) -> Option<T> {
        let session = self.find(name)?;
        let mut session = session.lock().unwrap_or_else(PoisonError::into_inner);
        Some(work(&mut session))
    }
}

impl Terminal {
    /// Does `work` in the session `name`, if somebody is signed in there who still works here. Their role is the one of now.
    pub(crate) fn session<T>(&self, name: &str, work: impl FnOnce(&mut Session) -> T) -> Option<T> {
        self.lock_when_idle(name);
        self.sessions.look(name, |session| {
            session.staff = self.staff_member(&session.staff.id).filter(|staff| staff.active)?;
            Some(work(session))
        })?
    }

    /// Does `work` in the session `name`; commands of one session come one after another.
    pub(crate) fn in_session<T>(
        &self,
        name: &str,
        permission: Permission,
        work: impl FnOnce(&mut Session) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let nobody = || Problem::new(ProblemCode::NotSignedIn, "nobody is signed in: sign in first");
        let answer = self.session(name, |session| {
            session.last_at = self.clock.now();
            session.authority.begin(session.last_at);
            let done = session.allow(permission).and_then(|()| work(session));
            session.authority.end(done.is_ok());
            done
        });
        self.displays.touched(name);
        answer.ok_or_else(nobody)?
    }

    /// Keeps the session's order in the store. A store that cannot take it now does not stop the sale: the order is still in
    /// memory, and finishing it says what is wrong.
    pub(crate) fn keep_draft(&self, session: &Session) {
        let kept = match session.order.to_draft() {
            Some(draft) => self.store.save_draft(&session.name, &draft),
            None => self.store.delete_draft(&session.name),
        };
        if let Err(error) = kept {
            tracing::warn!(session = session.name, %error, "the open order could not be kept as a draft");
        }
    }
}

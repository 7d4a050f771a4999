//! Held orders that other tills of the store can take up. The hub keeps a copy while it can be reached; taking it up asks the
//! hub first, so that one till gets it. Without the hub a till has its own held orders alone.

use std::sync::atomic::Ordering;

use domain::Permission;
use store::HeldOrder;
use sync::counter::{HeldDone, HeldElsewhere, HeldList, HeldPut, HeldQuestion, HeldTake, HeldTaken};

use crate::api::{HeldView, Problem, ProblemCode};
use crate::present;
use crate::refunding::did_not_answer;
use crate::sessions::Session;
use crate::terminal::Terminal;

impl Terminal {
    /// The held orders of this terminal and, where the hub answers, of the store's other tills; newest first.
    pub(crate) fn held_orders(&self, session: &str) -> Result<Vec<HeldView>, Problem> {
        self.in_session(session, Permission::Sell, |session| {
            let shop = self.shop();
            let elsewhere = self.held_elsewhere(session);
            let mut views: Vec<(jiff::Timestamp, HeldView)> = Vec::new();
            for held in self.store.held()? {
                let view = HeldView {
                    id: held.id,
                    label: held.label,
                    at: present::moment(held.at, &shop),
                    total: present::money(held.total),
                    lines: held.lines,
                    staff: self.staff_name(&held.staff),
                    till: String::new(),
                };
                views.push((held.at, view));
            }
            for held in elsewhere {
                let view = HeldView {
                    id: held.id,
                    label: held.label,
                    at: present::moment(held.at, &shop),
                    total: present::money(held.total),
                    lines: held.lines,
                    staff: self.staff_name(&held.staff),
                    till: held.terminal_name,
                };
                views.push((held.at, view));
            }
            views.sort_by(|one, other| other.0.cmp(&one.0));
            Ok(views.into_iter().map(|(_, view)| view).collect())
        })
    }

    /// What other tills hold. On the way the hub gets what is held here, and what was taken up elsewhere is held no longer.
    fn held_elsewhere(&self, session: &Session) -> Vec<HeldElsewhere> {
        if self.hub().is_none() {
            return Vec::new();
        }
        let question = HeldQuestion { staff: session.staff.id.clone() };
        let listed = match self.ask_hub::<HeldList>("/v1/held/list", &question) {
            Ok(HeldList { held }) => held,
            Err(problem) => {
                tracing::debug!(%problem, "what other tills hold is not known now");
                return Vec::new();
            }
        };
        for held in self.store.held().unwrap_or_default() {
            if !listed.iter().any(|known| known.id == held.id) {
                self.share(session, &held);
            }
        }
        listed.into_iter().filter(|held| held.terminal != self.id).collect()
    }

    /// Gives the hub a copy of a held order; one that another till has taken up is forgotten here.
    pub(crate) fn share(&self, session: &Session, held: &HeldOrder) {
        if self.hub().is_none() {
            return;
        }
        let put = HeldPut {
            staff: session.staff.id.clone(),
            id: held.id.clone(),
            label: held.label.clone(),
            at: held.at,
            total: held.total,
            lines: held.lines,
            body: held.body.clone(),
        };
        match self.ask_hub::<HeldDone>("/v1/held/put", &put) {
            Ok(HeldDone { held: true }) => {}
            Ok(HeldDone { held: false }) => self.forget_held(&held.id),
            Err(problem) => tracing::debug!(%problem, "a held order stays at this till for now"),
        }
    }

    /// The body of an order that another till holds; taken for this one.
    pub(crate) fn take_from_hub(&self, session: &Session, id: &str) -> Result<Option<String>, Problem> {
        if self.hub().is_none() {
            return Ok(None);
        }
        let take = HeldTake { staff: session.staff.id.clone(), id: id.to_owned() };
        Ok(self.ask_hub::<HeldTaken>("/v1/held/take", &take)?.body)
    }

    /// Ok when no other till has taken up an order that is held here. Without an answer of the hub it is taken up here.
    pub(crate) fn take_own_at_hub(&self, session: &Session, id: &str) -> Result<(), Problem> {
        if self.hub().is_none() {
            return Ok(());
        }
        let take = HeldTake { staff: session.staff.id.clone(), id: id.to_owned() };
        match self.ask_hub::<HeldTaken>("/v1/held/take", &take) {
            Ok(HeldTaken { taken: true, .. }) => {
                self.forget_held(id);
                Err(Problem::new(ProblemCode::HeldElsewhere, "this held order was taken up at another till"))
            }
            Ok(_) => Ok(()),
            Err(problem) if did_not_answer(&problem) => Ok(()),
            Err(problem) => Err(problem),
        }
    }

    /// True when the hub answered when it was asked last: a held order is offered to the other tills at once then, and else when
    /// somebody looks at what is held.
    pub(crate) fn hub_answered_last(&self) -> bool {
        matches!(self.status.lock().sync.state, sync::State::Synced | sync::State::Sending)
    }

    fn forget_held(&self, id: &str) {
        match self.store.drop_held(id) {
            Ok(true) => {
                self.held.fetch_sub(1, Ordering::Relaxed);
            }
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "a held order that was taken up elsewhere could not be removed"),
        }
    }
}

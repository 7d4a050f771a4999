//! The state of everything, as a user interface asks for it when it starts.

use std::sync::Arc;

use domain::{Permission, Shop};

use crate::api::{AppView, NameView, Problem, TerminalView};
use crate::present;
use crate::terminal::Terminal;

/// Characters of the key's fingerprint that are shown.
const SHORT_KEY: usize = 8;

impl Terminal {
    /// The settings of the shop that this terminal sells by.
    pub(crate) fn shop(&self) -> Arc<Shop> {
        self.store.shop()
    }

    /// Everything a user interface needs to begin with.
    pub(crate) fn app_view(&self, session: &str) -> Result<AppView, Problem> {
        let staff = self.store.staff();
        Ok(AppView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            terminal: self.terminal_view(),
            staff: staff.iter().filter(|staff| staff.active).map(present::staff).collect(),
            signed_in: self.session(session, |session| self.session_view(session)).transpose()?,
            settings: (*self.settings()).clone(),
            demo_pins: self.demo_pins.clone(),
            training: self.training_view(),
        })
    }

    fn terminal_view(&self) -> TerminalView {
        let shop = self.shop();
        let row = self.store.terminal();
        let enrolled = row.as_ref().is_some_and(|row| row.hub.is_some());
        let (number, name) = row.map_or((0, String::new()), |row| (row.number, row.name));
        TerminalView {
            shop_name: NameView::from(&shop.name),
            store_code: shop.code.to_string(),
            number,
            name,
            currency: shop.currency.to_string(),
            time_zone: shop.time_zone.clone(),
            enrolled,
            key: self.keys.journal.kid().chars().take(SHORT_KEY).collect(),
        }
    }

    /// Joins a hub. Where nobody can sign in yet, anyone who has a code may; else it takes the permission.
    pub(crate) fn enrol_by_code(&self, session: &str, hub: &str, code: &str) -> Result<AppView, Problem> {
        if self.store.staff().iter().any(|staff| staff.active) {
            self.in_session(session, Permission::ChangeSettings, |_| Ok(()))?;
        }
        Terminal::enrol(self, hub.trim(), code.trim())?;
        self.app_view(session)
    }
}

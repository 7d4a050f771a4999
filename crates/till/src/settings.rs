//! Settings of this terminal: kept in the store as one JSON text, checked before they are taken.

use std::path::Path;
use std::sync::{Arc, PoisonError};

use domain::{Language, Permission};
use peripherals::{Paper, PrinterAddress};
use store::Store;

use crate::api::DeviceSettingsView;
use crate::api::{Problem, ProblemCode, SettingsView, TillEvent};
use crate::terminal::Terminal;

const KEY: &str = "terminal";
/// Minutes after which a quiet till locks itself at the latest, where it does.
const LONGEST_LOCK: u32 = 12 * 60;

/// The settings that `store` holds, else those of a new terminal.
pub(crate) fn load(store: &Store) -> SettingsView {
    let kept = store.setting(KEY).and_then(|text| {
        serde_json::from_str(&text).inspect_err(|error| tracing::error!(%error, "the settings cannot be read")).ok()
    });
    kept.unwrap_or_else(defaults)
}

fn defaults() -> SettingsView {
    SettingsView {
        language: Language::default(),
        theme: "system".to_owned(),
        printer_address: String::new(),
        paper_columns: 48,
        print_always: true,
        open_drawer: true,
        mirror_folder: String::new(),
        scanner_prefix: String::new(),
        sound: true,
        auto_lock_minutes: 0,
        pin_each_sale: false,
        devices: DeviceSettingsView::default(),
    }
}

impl Terminal {
    /// Changes the settings. Language and theme are anyone's, also with nobody signed in; the rest needs the permission.
    pub(crate) fn change_settings(&self, session: &str, asked: SettingsView) -> Result<SettingsView, Problem> {
        let before = self.settings();
        let asked = checked(asked, &before)?;
        let own = SettingsView { language: asked.language, theme: asked.theme.clone(), ..(*before).clone() };
        if own != asked {
            self.in_session(session, Permission::ChangeSettings, |_| Ok(()))?;
        }
        self.keep_settings(asked)
    }

    pub(crate) fn keep_settings(&self, settings: SettingsView) -> Result<SettingsView, Problem> {
        let text = serde_json::to_string(&settings).expect("settings are made of what JSON can hold");
        self.store.set_setting(KEY, &text)?;
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings.clone());
        self.after_commit.ring();
        self.displays.touch_all();
        self.emit(TillEvent::Catalogue);
        Ok(settings)
    }
}

/// The settings with what is typed brought into form; what was not changed is not checked again, so that a stick that is
/// away does not stand in the way of the rest.
fn checked(mut settings: SettingsView, before: &SettingsView) -> Result<SettingsView, Problem> {
    let form = |what: &str| Problem::new(ProblemCode::BadRequest, format!("there is no such {what}"));
    if !["system", "light", "dark"].contains(&settings.theme.as_str()) {
        return Err(form("theme"));
    }
    if Paper::with_columns(settings.paper_columns).is_none() {
        return Err(form("paper"));
    }
    if settings.auto_lock_minutes > LONGEST_LOCK {
        return Err(form("time until the till locks itself"));
    }
    settings.printer_address = settings.printer_address.trim().to_owned();
    settings.mirror_folder = settings.mirror_folder.trim().to_owned();
    if settings.printer_address != before.printer_address && !settings.printer_address.is_empty() {
        let address = &settings.printer_address;
        PrinterAddress::parse(address)
            .map_err(|error| Problem::new(ProblemCode::PrinterAddressWrong, error.to_string()).with("address", address))?;
    }
    crate::device_settings::check(&mut settings.devices, &before.devices)?;
    if settings.mirror_folder != before.mirror_folder && !settings.mirror_folder.is_empty() {
        writable(Path::new(&settings.mirror_folder)).map_err(|error| {
            let folder = &settings.mirror_folder;
            Problem::new(ProblemCode::MirrorUnwritable, format!("the folder {folder} cannot be written: {error}"))
                .with("folder", folder)
        })?;
    }
    Ok(settings)
}

/// Ok when a file can be made in `folder`. A folder that is missing is not made: it may be a stick that is not plugged in.
fn writable(folder: &Path) -> std::io::Result<()> {
    if !folder.is_absolute() {
        return Err(std::io::Error::other("write its whole path"));
    }
    let probe = folder.join(".tillbridge-write-test");
    std::fs::write(&probe, b"may be deleted")?;
    std::fs::remove_file(&probe)
}

//! Settings of the devices: checked when they are taken, and as what the printers need.

use peripherals::{BarcodePrinting, CharacterSet, Cut, Paper, PrinterAddress, Profile, QrPrinting, SerialAddress};
use store::Printer;

use crate::api::{
    CharactersView, CodesView, CutView, DeviceSettingsView, PrinterProfileView, Problem, ProblemCode, SettingsView, SuffixView,
};
use crate::terminal::Terminal;

/// Milliseconds between the keys of a scanner that may be set.
const GAPS: std::ops::RangeInclusive<u32> = 5..=100;
/// The longest suffix.
const LONGEST_SUFFIX: usize = 8;

/// Brings what is typed into form; what was not changed is not checked again.
pub(crate) fn check(asked: &mut DeviceSettingsView, before: &DeviceSettingsView) -> Result<(), Problem> {
    let form = |what: &str| Problem::new(ProblemCode::BadRequest, format!("there is no such {what}"));
    for text in [&mut asked.label_address, &mut asked.pole, &mut asked.scanner_port] {
        *text = text.trim().to_owned();
    }
    if Paper::with_columns(asked.label_columns).is_none() {
        return Err(form("paper"));
    }
    if asked.label_address != before.label_address && !asked.label_address.is_empty() {
        printer_address(&asked.label_address)?;
    }
    for (text, kept) in [(&asked.pole, &before.pole), (&asked.scanner_port, &before.scanner_port)] {
        if text != kept && !text.is_empty() {
            serial_address(text)?;
        }
    }
    let text = &asked.scanner_suffix_text;
    let typed = !text.is_empty() && text.len() <= LONGEST_SUFFIX && text.bytes().all(|byte| byte.is_ascii_graphic());
    if asked.scanner_suffix == SuffixView::Text && !typed {
        return Err(form("scanner suffix"));
    }
    if !GAPS.contains(&asked.scanner_gap_ms) {
        return Err(form("time between a scanner's keys"));
    }
    Ok(())
}

/// The address of a printer as it was typed.
pub(crate) fn printer_address(text: &str) -> Result<PrinterAddress, Problem> {
    PrinterAddress::parse(text)
        .map_err(|error| Problem::new(ProblemCode::PrinterAddressWrong, error.to_string()).with("address", text))
}

/// The address of a serial line as it was typed.
pub(crate) fn serial_address(text: &str) -> Result<SerialAddress, Problem> {
    SerialAddress::parse(text)
        .map_err(|error| Problem::new(ProblemCode::SerialAddressWrong, error.to_string()).with("address", text))
}

/// What must be known of `printer`.
pub(crate) fn profile(settings: &SettingsView, printer: Printer) -> Profile {
    let (columns, PrinterProfileView { characters, qr, barcodes, cut }) = match printer {
        Printer::Receipt => (settings.paper_columns, &settings.devices.receipt),
        Printer::Label => (settings.devices.label_columns, &settings.devices.label),
    };
    Profile {
        paper: Paper::with_columns(columns).unwrap_or_default(),
        characters: match characters {
            CharactersView::Gbk => CharacterSet::Gbk,
            CharactersView::Gb18030 => CharacterSet::Gb18030,
        },
        qr: match qr {
            CodesView::Native => QrPrinting::Native,
            CodesView::Raster => QrPrinting::Raster,
        },
        barcodes: match barcodes {
            CodesView::Native => BarcodePrinting::Native,
            CodesView::Raster => BarcodePrinting::Raster,
        },
        cut: match cut {
            CutView::Partial => Cut::Partial,
            CutView::Full => Cut::Full,
            CutView::None => Cut::None,
        },
    }
}

impl Terminal {
    /// Where `printer` is, as it was typed; empty: none is set up.
    pub(crate) fn printer_address(&self, printer: Printer) -> String {
        let settings = self.settings();
        match printer {
            Printer::Receipt => settings.printer_address.clone(),
            Printer::Label => settings.devices.label_address.clone(),
        }
    }
}
